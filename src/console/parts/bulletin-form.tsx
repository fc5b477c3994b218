import { DatePicker, Form, Input, InputNumber, Select, TimePicker, type FormInstance } from 'antd'
import dayjs from 'dayjs'
import { afterwards, bulletinClasses, type Template, type Written } from '../bulletins.ts'
import { useWords } from '../screen.tsx'
import { REPEATS_LIMIT, voices, voiceWords } from '../voices.ts'
import { AreaSelect } from './area-select.tsx'

type Props = {
  form: FormInstance<Written>
  templates: Template[]
  initial: Written
  isNew: boolean
  disabled: boolean
  onChange: (written: Written) => void
}

/** The words of a bulletin: free, or a template with its blanks; who speaks them, how often, and what happens after an interruption. */
export function BulletinForm({ form, templates, initial, isNew, disabled, onChange }: Props) {
  const { t, language } = useWords()
  const templateId = Form.useWatch('templateId', form)
  const kind = Form.useWatch('class', form)
  const template = templates.find((each) => each.id === templateId)
  const required = [{ required: true, message: t('required') }]
  const take = (id: string): void => {
    const taken = templates.find((each) => each.id === id)
    if (taken) form.setFieldsValue({ class: taken.class, values: {} })
    if (taken && !form.getFieldValue('title')) form.setFieldValue('title', taken.name.zh)
    onChange(form.getFieldsValue(true) as Written)
  }
  return (
    <Form
      form={form}
      layout="vertical"
      disabled={disabled}
      initialValues={initial}
      className="sheet padded"
      onValuesChange={() => onChange(form.getFieldsValue(true) as Written)}
    >
      <div className="form-grid">
        <Form.Item name="templateId" label={t('bulletins.template')} className="span">
          <Select
            onChange={take}
            showSearch={{ optionFilterProp: 'label' }}
            options={[
              { value: '', label: t('bulletins.free') },
              ...templates.map((each) => ({ value: each.id, label: each.name[language] })),
            ]}
          />
        </Form.Item>
        <Form.Item name="title" label={t('content.title')} rules={required} className="span">
          <Input maxLength={80} />
        </Form.Item>
        <Form.Item name="areaCode" label={t('area')} rules={required} extra={t('bulletins.area-rule')}>
          <AreaSelect disabled={!isNew || disabled} />
        </Form.Item>
        <Form.Item name="class" label={t('class')} rules={required}>
          <Select options={bulletinClasses.map((each) => ({ value: each, label: t(`class.${each}`) }))} />
        </Form.Item>
        {template ? (
          template.values.map((value) => (
            <Form.Item
              key={`${template.id} ${value.name}`}
              name={['values', value.name]}
              valuePropName="text"
              label={value.label[language]}
              rules={value.isOptional ? [] : required}
              {...(value.kind === 'text' && value.limit > 40 ? { className: 'span' } : {})}
            >
              <Blank blank={value} />
            </Form.Item>
          ))
        ) : (
          <Form.Item
            name="text"
            label={t('bulletins.text')}
            rules={required}
            className="span counted"
            extra={t('bulletins.text-rule')}
          >
            <Input.TextArea
              autoSize={{ minRows: 7, maxRows: 20 }}
              maxLength={kind === 'emergency' ? 300 : 2000}
              showCount
            />
          </Form.Item>
        )}
        <Form.Item name="voice" label={t('bulletins.voice')}>
          <Select options={voices.map((each) => ({ value: each, label: voiceWords(each, t) }))} />
        </Form.Item>
        <Form.Item name="repeatCount" label={t('bulletins.repeats')} extra={t('bulletins.repeats-rule')}>
          <InputNumber min={1} max={REPEATS_LIMIT} precision={0} className="wide" />
        </Form.Item>
        <Form.Item name="afterPreemption" label={t('bulletins.after')} className="span">
          <Select options={afterwards.map((each) => ({ value: each, label: t(`after.${each}`) }))} />
        </Form.Item>
      </div>
    </Form>
  )
}

type BlankProps = {
  blank: Template['values'][number]
  id?: string
  text?: string
  onChange?: (text: string) => void
}

/** The blank of a template, by what belongs in it. Its content is always text, as the template will say it. */
function Blank({ blank, id, text, onChange }: BlankProps) {
  const own = id === undefined ? {} : { id }
  if (blank.kind === 'choice') {
    return (
      <Select
        {...own}
        value={text ?? null}
        onChange={(picked: string | null) => onChange?.(picked ?? '')}
        options={blank.choices.map((choice) => ({ value: choice, label: choice }))}
      />
    )
  }
  if (blank.kind === 'date') {
    return (
      <DatePicker
        {...own}
        className="wide"
        value={text ? dayjs(text) : null}
        onChange={(face) => onChange?.(face ? face.format('YYYY-MM-DD') : '')}
      />
    )
  }
  if (blank.kind === 'time') {
    return (
      <TimePicker
        {...own}
        className="wide"
        format="HH:mm"
        value={text ? dayjs(`2000-01-01T${text}`) : null}
        onChange={(face) => onChange?.(face ? face.format('HH:mm') : '')}
      />
    )
  }
  const isLong = blank.kind === 'text' && blank.limit > 40
  return isLong ? (
    <Input.TextArea
      {...own}
      autoSize={{ minRows: 2 }}
      maxLength={blank.limit}
      placeholder={blank.example}
      value={text ?? ''}
      onChange={(event) => onChange?.(event.target.value)}
    />
  ) : (
    <Input
      {...own}
      maxLength={blank.limit}
      placeholder={blank.example}
      inputMode={
        blank.kind === 'number' || blank.kind === 'money' ? 'decimal' : blank.kind === 'telephone' ? 'tel' : 'text'
      }
      value={text ?? ''}
      onChange={(event) => onChange?.(event.target.value)}
    />
  )
}
