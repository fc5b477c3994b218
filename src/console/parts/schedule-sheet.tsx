import { useQuery } from '@tanstack/react-query'
import { App, Checkbox, DatePicker, Form, Input, Segmented, Select } from 'antd'
import dayjs, { type Dayjs } from 'dayjs'
import { useState } from 'react'
import { villagesWithin } from '../area-tree.ts'
import { useAreas } from '../areas.tsx'
import { fetchBulletins } from '../bulletins.ts'
import { answer, api } from '../client.ts'
import { stationNow } from '../clock.ts'
import { civilText } from '../moments.ts'
import { loudspeakersWithin } from '../reach.ts'
import { useSaving } from '../saving.ts'
import { ruleOf, weekdayName, whenOf, type When } from '../schedule-rule.ts'
import { useWords } from '../screen.tsx'
import { useMe } from '../session.tsx'
import { AreasSelect } from './area-select.tsx'
import { FormFaults } from './form-faults.tsx'
import { Sheet } from './sheet.tsx'
import { TimesInput } from './times-input.tsx'

const SOON_SECONDS = 60
const GRACES = [60, 300, 900, 1800, 3600] as const

async function fetchSchedule(id: string) {
  return answer(api.schedules[':id'].$get({ param: { id } }))
}

export type Schedule = Awaited<ReturnType<typeof fetchSchedule>>

type Values = When & { bulletinId: string; title?: string; targets: string[]; graceSeconds: number }

type Props = { editing: Schedule | 'new' | null; bulletinId: string; onClose: () => void }

/** Schedules a bulletin: in a minute, on a date, each day, or on weekdays; for which areas; how late it may still begin. */
export function ScheduleSheet({ editing, bulletinId, onClose }: Props) {
  const { t } = useWords()
  const me = useMe()
  const [form] = Form.useForm<Values>()
  const { modal } = App.useApp()
  const { areas } = useAreas()
  const [isAsking, setIsAsking] = useState(false)
  const kind = Form.useWatch('kind', form)
  const schedule = editing === 'new' ? null : editing
  const bulletins = useQuery({
    queryKey: ['bulletins', '', 'ready'],
    queryFn: () => fetchBulletins({ state: 'ready' }),
    enabled: editing !== null,
  })
  const today = civilText(new Date(stationNow()).toISOString(), me.zone, 'YYYY-MM-DD')
  const { save, isSaving, above } = useSaving({
    send: (values: Values) => {
      const soonAt = new Date(stationNow() + SOON_SECONDS * 1000).toISOString()
      const soon = { date: civilText(soonAt, me.zone, 'YYYY-MM-DD'), time: civilText(soonAt, me.zone, 'HH:mm:ss') }
      const given = {
        targets: values.targets,
        rule: ruleOf(values, soon),
        graceSeconds: values.graceSeconds,
        ...(values.title ? { title: values.title } : {}),
      }
      return schedule
        ? answer(api.schedules[':id'].$patch({ param: { id: schedule.id }, json: given }))
        : answer(api.schedules.$post({ json: { bulletinId: values.bulletinId, ...given } }))
    },
    form: {
      instance: form,
      fields: ['bulletinId', 'title', 'targets', 'graceSeconds'],
    },
    refreshes: ['schedules', 'rundown', 'overview'],
    done: t('saved'),
    onDone: onClose,
  })
  /** A slip of the finger must not sound in a whole county: more than one village is asked about once more. */
  const check = async (values: Values): Promise<void> => {
    const villages = villagesWithin(values.targets, areas)
    if (villages === 1) return save(values)
    setIsAsking(true)
    const loudspeakers = await loudspeakersWithin(values.targets)
    setIsAsking(false)
    modal.confirm({
      title: t('schedules.many'),
      content: loudspeakers === null ? t('area.villages', { villages }) : t('area.reach', { villages, loudspeakers }),
      okText: t('save'),
      cancelText: t('cancel'),
      onOk: () => save(values),
    })
  }
  const required = [{ required: true, message: t('required') }]
  const many = [{ required: true, type: 'array' as const, min: 1, message: t('required') }]
  const initial: Values = schedule
    ? { ...schedule, ...whenOf(schedule.rule, today) }
    : {
        bulletinId,
        kind: 'soon',
        targets: [],
        graceSeconds: 900,
        dates: [today],
        weekdays: [1, 2, 3, 4, 5],
        times: ['07:30'],
        from: today,
        until: null,
      }
  return (
    <Sheet
      title={schedule ? t('schedules.change') : t('schedules.new')}
      open={editing !== null}
      onClose={onClose}
      submits={{ form: 'schedule', label: t('save'), isBusy: isSaving || isAsking }}
    >
      <FormFaults above={above} />
      <Form
        id="schedule"
        form={form}
        layout="vertical"
        initialValues={initial}
        onFinish={() => void check(form.getFieldsValue(true) as Values)}
      >
        <Form.Item name="bulletinId" label={t('bulletin')} rules={required} extra={t('schedules.ready-only')}>
          <Select
            disabled={schedule !== null}
            loading={bulletins.isPending}
            showSearch={{ optionFilterProp: 'label' }}
            options={[
              ...(schedule ? [{ value: schedule.bulletinId, label: schedule.bulletinTitle ?? schedule.title }] : []),
              ...(bulletins.data ?? [])
                .filter((each) => each.id !== schedule?.bulletinId)
                .map((each) => ({ value: each.id, label: each.title })),
            ]}
          />
        </Form.Item>
        <Form.Item name="targets" label={t('area.targets')} rules={many} extra={t('schedules.targets-rule')}>
          <AreasSelect />
        </Form.Item>
        <Form.Item name="kind" label={t('schedules.when')}>
          <Segmented
            block
            options={(schedule
              ? (['dates', 'daily', 'weekdays'] as const)
              : (['soon', 'dates', 'daily', 'weekdays'] as const)
            ).map((each) => ({ value: each, label: t(`when.${each}`) }))}
          />
        </Form.Item>
        {kind === 'soon' && <p className="faint hint">{t('when.soon-about')}</p>}
        {kind === 'dates' && (
          <Form.Item name="dates" label={t('schedules.dates')} rules={many}>
            <DatesInput />
          </Form.Item>
        )}
        {kind === 'weekdays' && (
          <Form.Item name="weekdays" label={t('schedules.weekdays')} rules={many}>
            <Checkbox.Group
              options={[1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ value: weekday, label: weekdayName(weekday, t) }))}
            />
          </Form.Item>
        )}
        {kind !== 'soon' && (
          <Form.Item name="times" label={t('schedules.times')} rules={many}>
            <TimesInput />
          </Form.Item>
        )}
        {(kind === 'daily' || kind === 'weekdays') && (
          <div className="form-grid">
            <Form.Item name="from" label={t('schedules.from')} rules={required}>
              <DateInput />
            </Form.Item>
            <Form.Item name="until" label={t('schedules.until')} extra={t('schedules.until-rule')}>
              <DateInput isOptional />
            </Form.Item>
          </div>
        )}
        <Form.Item name="graceSeconds" label={t('schedules.grace')} extra={t('schedules.grace-rule')}>
          <Select
            options={[...new Set<number>([...GRACES, initial.graceSeconds])]
              .sort((one, other) => one - other)
              .map((seconds) => ({ value: seconds, label: t('minutes', { minutes: Math.round(seconds / 60) }) }))}
          />
        </Form.Item>
        <Form.Item name="title" label={t('schedules.title')} extra={t('schedules.title-rule')}>
          <Input maxLength={80} />
        </Form.Item>
      </Form>
    </Sheet>
  )
}

function DateInput(props: {
  id?: string
  value?: string | null
  onChange?: (date: string | null) => void
  isOptional?: boolean
}) {
  return (
    <DatePicker
      {...(props.id === undefined ? {} : { id: props.id })}
      className="wide"
      allowClear={props.isOptional ?? false}
      value={props.value ? dayjs(props.value) : null}
      onChange={(face) => props.onChange?.(face ? face.format('YYYY-MM-DD') : null)}
    />
  )
}

function DatesInput(props: { id?: string; value?: string[]; onChange?: (dates: string[]) => void }) {
  return (
    <DatePicker
      {...(props.id === undefined ? {} : { id: props.id })}
      className="wide"
      multiple
      maxTagCount="responsive"
      value={(props.value ?? []).map((date) => dayjs(date))}
      onChange={(faces: Dayjs[] | null) => props.onChange?.((faces ?? []).map((face) => face.format('YYYY-MM-DD')))}
    />
  )
}
