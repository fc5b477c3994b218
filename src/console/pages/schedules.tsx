import { PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Popconfirm, Segmented } from 'antd'
import { useState } from 'react'
import { answer, api } from '../client.ts'
import { useFilters } from '../filters.ts'
import { AreaSelect } from '../parts/area-select.tsx'
import { Listing } from '../parts/listing.tsx'
import { Moment } from '../parts/moment.tsx'
import { Page } from '../parts/page.tsx'
import { Places } from '../parts/place.tsx'
import { ScheduleSheet, type Schedule } from '../parts/schedule-sheet.tsx'
import { StateTag } from '../parts/state-tag.tsx'
import { ruleWords } from '../schedule-rule.ts'
import { useSaving } from '../saving.ts'
import { useWords } from '../screen.tsx'
import { useMe } from '../session.tsx'

const STATES = ['active', 'paused', 'ended'] as const
const SHOWN = '200'

/** When and where bulletins are to air. */
export default function Schedules() {
  const { t } = useWords()
  const me = useMe()
  const { filters, set } = useFilters(['area', 'state', 'bulletin'])
  const [editing, setEditing] = useState<Schedule | 'new' | null>(null)
  const state = STATES.find((each) => each === filters.state)
  const query = useQuery({
    queryKey: ['schedules', filters.area, state],
    queryFn: async () =>
      (
        await answer(
          api.schedules.$get({
            query: { limit: SHOWN, ...(filters.area ? { area: filters.area } : {}), ...(state ? { state } : {}) },
          }),
        )
      ).schedules,
  })
  const mayWrite = me.may('playout.write')
  const add = (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setEditing('new')}>
      {t('schedules.new')}
    </Button>
  )
  return (
    <Page title={t('schedules')} about={t('schedules.about')} actions={mayWrite && add}>
      <div className="filters">
        <AreaSelect
          allowClear
          value={filters.area || undefined}
          onChange={(area?: string) => set({ area: area ?? '' })}
        />
        <Segmented
          aria-label={t('state')}
          value={state ?? ''}
          onChange={(value) => set({ state: value })}
          options={[
            { value: '', label: t('all') },
            ...STATES.map((each) => ({ value: each as string, label: t(`state.${each}`) })),
          ]}
        />
      </div>
      <Listing
        query={query}
        rowKey={(schedule) => schedule.id}
        empty={state ? t('nothing-matches') : t('schedules.none')}
        emptyAction={mayWrite && !state && add}
        onOpen={mayWrite ? setEditing : undefined}
        fields={[
          { key: 'title', title: t('content.title'), place: 'head', render: (schedule) => schedule.title },
          {
            key: 'state',
            title: t('state'),
            place: 'aside',
            render: (schedule) => <StateTag state={schedule.state} />,
          },
          { key: 'rule', title: t('schedules.when'), render: (schedule) => ruleWords(schedule.rule, t) },
          { key: 'targets', title: t('area.targets'), render: (schedule) => <Places codes={schedule.targets} /> },
          { key: 'next', title: t('schedules.next'), render: (schedule) => <Moment at={schedule.nextAt} /> },
          {
            key: 'do',
            title: '',
            place: 'foot',
            render: (schedule) => mayWrite && <Switches schedule={schedule} />,
          },
        ]}
      />
      <ScheduleSheet
        key={editing === 'new' || editing === null ? (filters.bulletin ?? 'new') : editing.id}
        editing={editing ?? (filters.bulletin && mayWrite ? 'new' : null)}
        bulletinId={filters.bulletin}
        onClose={() => {
          setEditing(null)
          set({ bulletin: '' })
        }}
      />
    </Page>
  )
}

function Switches({ schedule }: { schedule: Schedule }) {
  const { t } = useWords()
  const { save, isSaving } = useSaving({
    send: (state: Schedule['state']) =>
      answer(api.schedules[':id'].$patch({ param: { id: schedule.id }, json: { state } })),
    refreshes: ['schedules', 'rundown', 'overview'],
    done: t('saved'),
  })
  if (schedule.state === 'ended') return null
  return (
    <span className="row">
      <Button size="small" loading={isSaving} onClick={() => save(schedule.state === 'active' ? 'paused' : 'active')}>
        {schedule.state === 'active' ? t('schedules.pause') : t('schedules.resume')}
      </Button>
      <Popconfirm title={t('schedules.end-sure')} onConfirm={() => save('ended')}>
        <Button size="small" danger type="text">
          {t('schedules.end')}
        </Button>
      </Popconfirm>
    </span>
  )
}
