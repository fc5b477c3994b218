import { CopyOutlined, DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, DatePicker, Form, Input, Segmented } from 'antd'
import dayjs from 'dayjs'
import { sumsOf, type WrittenLine } from '../ledger-sums.ts'
import { yuanText } from '../quantities.ts'
import { useWords } from '../screen.tsx'
import { AmountInput } from './amount-input.tsx'
import { PicturesInput } from './pictures-input.tsx'

const VOUCHERS_LIMIT = 10

/** The lines of a ledger with their vouchers, and the sums as they grow; the closing must be what the lines come to. */
export function LedgerEditor() {
  const { t } = useWords()
  return (
    <>
      <Form.Item name={['content', 'openingCents']} label={t('ledger.opening')}>
        <AmountInput />
      </Form.Item>
      <Form.List name={['content', 'lines']}>
        {(fields, { add, remove }) => (
          <div className="stack">
            {fields.map((field, index) => (
              <fieldset key={field.key} className="ledger-line">
                <legend>{t('ledger.line', { number: index + 1 })}</legend>
                <Form.Item name={[field.name, 'direction']} noStyle>
                  <DirectionInput />
                </Form.Item>
                <Form.Item name={[field.name, 'date']} label={t('ledger.date')}>
                  <DateInput />
                </Form.Item>
                <Form.Item name={[field.name, 'amountCents']} label={t('ledger.amount')}>
                  <AmountInput />
                </Form.Item>
                <Form.Item name={[field.name, 'purpose']} label={t('ledger.purpose')}>
                  <Input maxLength={100} />
                </Form.Item>
                <Form.Item name={[field.name, 'payee']} label={t('ledger.payee')}>
                  <Input maxLength={100} />
                </Form.Item>
                <Form.Item name={[field.name, 'handler']} label={t('ledger.handler')}>
                  <Input maxLength={100} />
                </Form.Item>
                <Form.Item name={[field.name, 'vouchers']} label={t('ledger.vouchers')} className="ledger-vouchers">
                  <PicturesInput limit={VOUCHERS_LIMIT} label={t('ledger.vouchers')} />
                </Form.Item>
                <Button
                  type="text"
                  danger
                  icon={<DeleteOutlined />}
                  aria-label={t('ledger.remove', { number: index + 1 })}
                  onClick={() => remove(field.name)}
                />
              </fieldset>
            ))}
            <Button
              icon={<PlusOutlined />}
              type="dashed"
              block
              onClick={() => add({ direction: 'expense', vouchers: [] })}
            >
              {t('ledger.add')}
            </Button>
          </div>
        )}
      </Form.List>
      <Sums />
    </>
  )
}

function Sums() {
  const { t } = useWords()
  const form = Form.useFormInstance()
  const opening = Form.useWatch<number | null>(['content', 'openingCents'])
  const closing = Form.useWatch<number | null>(['content', 'closingCents'])
  const lines = Form.useWatch<(WrittenLine | undefined)[] | undefined>(['content', 'lines'])
  const sums = sumsOf(opening, lines ?? [])
  const difference = (closing ?? 0) - sums.closingCents
  return (
    <div className="ledger-sums" aria-live="polite">
      <dl>
        <div>
          <dt>{t('ledger.income')}</dt>
          <dd className="figures">{yuanText(sums.incomeCents)}</dd>
        </div>
        <div>
          <dt>{t('ledger.expense')}</dt>
          <dd className="figures">{yuanText(sums.expenseCents)}</dd>
        </div>
        <div>
          <dt>{t('ledger.comes-to')}</dt>
          <dd className="figures">{yuanText(sums.closingCents)}</dd>
        </div>
      </dl>
      <Form.Item
        name={['content', 'closingCents']}
        label={t('ledger.closing')}
        {...(difference === 0
          ? {}
          : { validateStatus: 'warning' as const, help: t('ledger.differs', { amount: yuanText(difference) }) })}
      >
        <AmountInput />
      </Form.Item>
      {difference !== 0 && (
        <Button
          icon={<CopyOutlined />}
          onClick={() => form.setFieldValue(['content', 'closingCents'], sums.closingCents)}
        >
          {t('ledger.take')}
        </Button>
      )}
    </div>
  )
}

function DirectionInput({
  value,
  onChange,
}: {
  value?: 'income' | 'expense'
  onChange?: (direction: 'income' | 'expense') => void
}) {
  const { t } = useWords()
  return (
    <Segmented<'income' | 'expense'>
      aria-label={t('ledger.direction')}
      value={value ?? 'expense'}
      onChange={(direction) => onChange?.(direction)}
      options={[
        { value: 'expense', label: t('ledger.expense') },
        { value: 'income', label: t('ledger.income') },
      ]}
    />
  )
}

/** A civil date as text (`2026-09-03`). */
function DateInput({ id, value, onChange }: { id?: string; value?: string; onChange?: (date: string) => void }) {
  return (
    <DatePicker
      {...(id === undefined ? {} : { id })}
      className="wide"
      value={value ? dayjs(value) : null}
      onChange={(face) => onChange?.(face ? face.format('YYYY-MM-DD') : '')}
    />
  )
}
