import { useQuery } from '@tanstack/react-query'
import { Alert as Notice, Button, Form, Input, Radio, Segmented, Select } from 'antd'
import { useState } from 'react'
import { requestKey, severities, type Alert, type Severity } from '../alerts.ts'
import { villagesWithin } from '../area-tree.ts'
import { useAreas } from '../areas.tsx'
import { answer, api } from '../client.ts'
import { stationNow } from '../clock.ts'
import { civilText } from '../moments.ts'
import { durationText } from '../quantities.ts'
import { loudspeakersWithin } from '../reach.ts'
import { useSaving } from '../saving.ts'
import { useWords } from '../screen.tsx'
import { useMe } from '../session.tsx'
import { AreasSelect } from './area-select.tsx'
import { FormFaults } from './form-faults.tsx'
import { HoldButton } from './hold-button.tsx'
import { SeverityMark } from './severity.tsx'
import { Sheet } from './sheet.tsx'

const TEXT_LIMIT = 300
const MINUTES = [10, 30, 60, 120, 360, 720, 1440] as const
const REPEATS = [60, 120, 180, 300, 600] as const

type Values = {
  purpose: 'actual' | 'drill'
  severity: Severity
  title: string
  text: string
  targets: string[]
  senderName?: string
  minutes: number
  repeatEverySeconds: number
}

type Props = { writing: Alert | 'new' | null; onClose: () => void }

/** Writes an alert, shows it once more with its level and areas, and issues it when the button is held. */
export function AlertSheet({ writing, onClose }: Props) {
  const { t } = useWords()
  const [checked, setChecked] = useState<Values | null>(null)
  const alert = writing === 'new' ? null : writing
  const close = (): void => {
    setChecked(null)
    onClose()
  }
  return (
    <Sheet title={alert ? t('emergency.update') : t('emergency.issue')} open={writing !== null} onClose={close}>
      {writing !== null && <Writing alert={alert} checked={checked} onChecked={setChecked} onDone={close} />}
    </Sheet>
  )
}

type WritingProps = {
  alert: Alert | null
  checked: Values | null
  onChecked: (values: Values | null) => void
  onDone: () => void
}

function Writing({ alert, checked, onChecked, onDone }: WritingProps) {
  const { t, language } = useWords()
  const me = useMe()
  const { areas, nameOf } = useAreas()
  const [form] = Form.useForm<Values>()
  const [key] = useState(requestKey)
  const targets = checked?.targets ?? []
  const villages = villagesWithin(targets, areas)
  const { data: loudspeakers = null } = useQuery({
    queryKey: ['loudspeakers-within', targets],
    queryFn: () => loudspeakersWithin(targets),
    enabled: checked !== null,
  })
  const severity = Form.useWatch('severity', form)
  const { save, isSaving, above } = useSaving({
    send: ({ minutes, purpose, senderName, ...rest }: Values): Promise<Alert> => {
      const json = {
        ...rest,
        endsAt: new Date(stationNow() + minutes * 60_000).toISOString(),
        ...(senderName ? { senderName } : {}),
      }
      return alert
        ? answer(api.alerts[':id'].update.$post({ param: { id: alert.id }, json }))
        : answer(api.alerts.$post({ json: { purpose, ...json }, header: { 'idempotency-key': key } }))
    },
    form: {
      instance: form,
      fields: ['purpose', 'severity', 'title', 'text', 'targets', 'senderName', 'repeatEverySeconds'],
    },
    refreshes: ['alerts', 'overview', 'rundown'],
    done: t('emergency.is-issued'),
    onDone,
  })
  const required = [{ required: true, whitespace: true, message: t('required') }]
  const initial: Values = alert
    ? {
        purpose: alert.purpose,
        severity: alert.severity as Severity,
        title: alert.title,
        text: alert.text,
        targets: alert.targets,
        senderName: alert.senderName,
        minutes: 60,
        repeatEverySeconds: alert.repeatEverySeconds,
      }
    : {
        purpose: 'actual',
        severity: 2,
        title: '',
        text: '',
        targets: [],
        minutes: 60,
        repeatEverySeconds: 180,
      }
  return (
    <>
      <FormFaults above={above} />
      <div hidden={checked !== null}>
        <Form
          id="alert"
          form={form}
          layout="vertical"
          initialValues={initial}
          onFinish={() => onChecked(form.getFieldsValue(true) as Values)}
        >
          <Form.Item name="purpose" label={t('emergency.purpose')} extra={t('emergency.purpose-rule')}>
            <Radio.Group
              disabled={alert !== null}
              optionType="button"
              options={[
                { value: 'actual', label: t('emergency.actual') },
                { value: 'drill', label: t('emergency.drill') },
              ]}
            />
          </Form.Item>
          <Form.Item name="severity" label={t('severity')} extra={severity && t(`severity.${severity}`)}>
            <Segmented
              block
              options={severities.map((each) => ({
                value: each,
                label: <span className={`severity-choice severity-${each}`}>{t(`severity.short.${each}`)}</span>,
              }))}
            />
          </Form.Item>
          <Form.Item
            name="targets"
            label={t('area.targets')}
            rules={[{ required: true, type: 'array', min: 1, message: t('required') }]}
          >
            <AreasSelect />
          </Form.Item>
          <Form.Item name="title" label={t('content.title')} rules={required}>
            <Input maxLength={80} placeholder={t('emergency.title-example')} />
          </Form.Item>
          <Form.Item
            name="text"
            label={t('emergency.text')}
            rules={required}
            extra={t('emergency.text-rule')}
            className="counted"
          >
            <Input.TextArea
              autoSize={{ minRows: 4 }}
              maxLength={TEXT_LIMIT}
              showCount
              placeholder={t('emergency.text-example')}
            />
          </Form.Item>
          <div className="form-grid">
            <Form.Item name="minutes" label={t('emergency.lasts')}>
              <Select
                options={MINUTES.map((minutes) => ({ value: minutes, label: durationText(minutes * 60, language) }))}
              />
            </Form.Item>
            <Form.Item name="repeatEverySeconds" label={t('emergency.repeats')}>
              <Select
                options={[...new Set<number>([...REPEATS, initial.repeatEverySeconds])].map((seconds) => ({
                  value: seconds,
                  label: durationText(seconds, language),
                }))}
              />
            </Form.Item>
          </div>
          <Form.Item name="senderName" label={t('emergency.sender')} extra={t('emergency.sender-rule')}>
            <Input maxLength={60} />
          </Form.Item>
          <Button type="primary" htmlType="submit" size="large" block>
            {t('emergency.check')}
          </Button>
        </Form>
      </div>
      {checked && (
        <div className="stack">
          <Notice
            type={checked.purpose === 'drill' ? 'info' : 'error'}
            showIcon
            title={checked.purpose === 'drill' ? t('emergency.about-to-drill') : t('emergency.about-to')}
            description={t('emergency.takes-over')}
          />
          <SeverityMark severity={checked.severity} isDrill={checked.purpose === 'drill'} />
          <h3>{checked.title}</h3>
          <p className="alert-text">{checked.text}</p>
          <div className="check-areas">
            <p className="faint">{t('area.targets')}</p>
            <ul>
              {checked.targets.map((code) => (
                <li key={code}>{nameOf(code)}</li>
              ))}
            </ul>
            <p>
              {loudspeakers === null ? t('area.villages', { villages }) : t('area.reach', { villages, loudspeakers })}
            </p>
          </div>
          <p>
            {t('emergency.until', {
              time: civilText(new Date(stationNow() + checked.minutes * 60_000).toISOString(), me.zone, 'MM-DD HH:mm'),
              every: durationText(checked.repeatEverySeconds, language),
            })}
          </p>
          <HoldButton
            label={t('emergency.send', { severity: t(`severity.${checked.severity}`), count: checked.targets.length })}
            isBusy={isSaving}
            calm={checked.purpose === 'drill'}
            onHeld={() => save(checked)}
          />
          <Button block onClick={() => onChecked(null)}>
            {t('emergency.back')}
          </Button>
        </div>
      )}
    </>
  )
}
