import { AutoComplete, Collapse, Form, Input, Select, type FormInstance } from 'antd'
import { useNow } from '../clock.ts'
import { useColumns, type Kind } from '../columns.tsx'
import { emptyContent, kinds, type Draft } from '../items.ts'
import { civilText } from '../moments.ts'
import { recentPeriods } from '../periods.ts'
import { useWords } from '../screen.tsx'
import { useMe } from '../session.tsx'
import { AreaSelect } from './area-select.tsx'
import { InstantPicker } from './instant-picker.tsx'
import { LedgerEditor } from './ledger-editor.tsx'
import { LinesInput } from './lines-input.tsx'
import { PicturesInput } from './pictures-input.tsx'
import { VideoInput } from './video-input.tsx'

const PERIODS_SHOWN = 12
const PICTURES_LIMIT = 20

type Props = { id: string; form: FormInstance<Draft>; initial: Partial<Draft>; onFinish: (values: Draft) => void }

/** Where an item stands, what it says, and the standard elements of disclosure. */
export function ItemForm({ id, form, initial, onFinish }: Props) {
  const { t } = useWords()
  const { options, byId } = useColumns()
  const columnId = Form.useWatch('columnId', form)
  const kind = Form.useWatch('kind', form)
  const column = columnId === undefined ? undefined : byId.get(columnId)
  const required = [{ required: true, message: t('required') }]
  const become = (next: Kind): void => {
    form.setFieldValue('kind', next)
    form.setFieldValue('content', emptyContent(next))
  }
  return (
    <Form
      id={id}
      form={form}
      layout="vertical"
      initialValues={initial}
      onFinish={() => onFinish(form.getFieldsValue(true))}
    >
      <section className="sheet padded form-grid">
        <Form.Item name="columnId" label={t('content.column')} rules={required}>
          <Select
            showSearch={{ optionFilterProp: 'label' }}
            options={options}
            onChange={(picked: string) => {
              const allowed = byId.get(picked)?.kinds
              if (allowed?.[0] && !(kind && allowed.includes(kind))) become(allowed[0])
            }}
          />
        </Form.Item>
        <Form.Item name="kind" label={t('content.kind')} rules={required}>
          <Select
            options={(column?.kinds ?? kinds).map((each) => ({ value: each, label: t(`kind.${each}`) }))}
            onChange={become}
          />
        </Form.Item>
        <Form.Item
          name="areaCode"
          label={t('area')}
          rules={required}
          {...(column ? { extra: t(`content.level.${column.sectionId}`) } : {})}
        >
          <AreaSelect />
        </Form.Item>
        <Form.Item name="period" label={t('content.period')} extra={t('content.period-rule')}>
          <PeriodInput length={column?.period ?? null} />
        </Form.Item>
        {column?.sectionId === 'household' && (
          <Form.Item name="householdId" label={t('content.household')} rules={required} className="span">
            <Input />
          </Form.Item>
        )}
        <Form.Item name="title" label={t('content.title')} rules={required} className="span">
          <Input maxLength={80} showCount />
        </Form.Item>
        <Form.Item name="summary" label={t('content.summary')} className="span">
          <Input.TextArea maxLength={300} autoSize={{ minRows: 1, maxRows: 4 }} />
        </Form.Item>
      </section>
      <section className="sheet padded">{kind && <Body kind={kind} form={form} />}</section>
      <Collapse
        className="elements"
        items={[
          {
            key: 'elements',
            label: t('content.elements'),
            forceRender: true,
            children: (
              <div className="form-grid">
                {(['matter', 'basis', 'timeLimit', 'publisher', 'audience'] as const).map((field) => (
                  <Form.Item key={field} name={field} label={t(`content.${field}`)}>
                    <Input maxLength={field === 'basis' ? 300 : 100} />
                  </Form.Item>
                ))}
                <Form.Item name="validFrom" label={t('content.valid-from')}>
                  <InstantPicker />
                </Form.Item>
                <Form.Item name="validTo" label={t('content.valid-to')}>
                  <InstantPicker />
                </Form.Item>
              </div>
            ),
          },
        ]}
      />
    </Form>
  )
}

function Body({ kind, form }: { kind: Kind; form: FormInstance<Draft> }) {
  const { t } = useWords()
  if (kind === 'article' || kind === 'notice') {
    return (
      <>
        <Form.Item name={['content', 'paragraphs']} label={t('content.text')} extra={t('content.paragraph-rule')}>
          <LinesInput rows={8} />
        </Form.Item>
        <Form.Item name={['content', 'pictures']} label={t('content.pictures')}>
          <PicturesInput limit={PICTURES_LIMIT} label={t('content.pictures')} />
        </Form.Item>
      </>
    )
  }
  if (kind === 'ledger') {
    return <LedgerEditor />
  }
  if (kind === 'guide') {
    return (
      <div className="form-grid">
        <Form.Item name={['content', 'steps']} label={t('guide.steps')} className="span" extra={t('guide.lines-rule')}>
          <LinesInput rows={4} />
        </Form.Item>
        <Form.Item name={['content', 'materials']} label={t('guide.materials')} className="span">
          <LinesInput rows={3} />
        </Form.Item>
        {(['place', 'telephone', 'hours', 'fee'] as const).map((field) => (
          <Form.Item key={field} name={['content', field]} label={t(`guide.${field}`)}>
            <Input maxLength={100} />
          </Form.Item>
        ))}
      </div>
    )
  }
  return (
    <>
      <Form.Item name={['content', 'videoHash']} label={t('kind.video')} extra={t('video.rule')}>
        <VideoInput
          onPick={({ posterHash, seconds }) => {
            form.setFieldValue(['content', 'posterHash'], posterHash)
            form.setFieldValue(['content', 'seconds'], seconds ?? 0)
          }}
        />
      </Form.Item>
      <Form.Item name={['content', 'description']} label={t('video.description')}>
        <Input.TextArea autoSize={{ minRows: 3 }} maxLength={2000} />
      </Form.Item>
    </>
  )
}

function PeriodInput(props: {
  id?: string
  value?: string
  onChange?: (period: string) => void
  length: 'month' | 'quarter' | 'year' | null
}) {
  const { zone } = useMe()
  const today = civilText(new Date(useNow()).toISOString(), zone, 'YYYY-MM-DD')
  const { length, ...rest } = props
  const options = length === null ? [] : recentPeriods(today, length, PERIODS_SHOWN).map((value) => ({ value }))
  return (
    <AutoComplete {...rest} options={options} placeholder={length === 'quarter' ? '2026-Q3' : '2026-09'} allowClear />
  )
}
