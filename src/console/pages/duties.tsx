import { PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Select } from 'antd'
import { useNavigate } from 'react-router'
import { answer, api } from '../client.ts'
import { useNow } from '../clock.ts'
import { useColumns } from '../columns.tsx'
import { useFilters } from '../filters.ts'
import { civilText } from '../moments.ts'
import { AreaSelect } from '../parts/area-select.tsx'
import { Listing } from '../parts/listing.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { Moment } from '../parts/moment.tsx'
import { Page } from '../parts/page.tsx'
import { Place } from '../parts/place.tsx'
import { StateTag } from '../parts/state-tag.tsx'
import { Tally } from '../parts/tally.tsx'
import { recentPeriods } from '../periods.ts'
import { useWords } from '../screen.tsx'
import { useMe } from '../session.tsx'

const STATES = ['missing', 'late', 'pending', 'in-time'] as const
const PERIODS_SHOWN = 8

/** What each area had to disclose, by when, and whether it did. */
export default function Duties() {
  const { t } = useWords()
  const me = useMe()
  const navigate = useNavigate()
  const { nameOf } = useColumns()
  const { filters, set } = useFilters(['area', 'period', 'state'])
  const today = civilText(new Date(useNow()).toISOString(), me.zone, 'YYYY-MM-DD')
  const query = useQuery({
    queryKey: ['disclosure', filters.area, filters.period],
    queryFn: () =>
      answer(
        api.disclosure.$get({
          query: {
            ...(filters.area ? { area: filters.area } : {}),
            ...(filters.period ? { period: filters.period } : {}),
          },
        }),
      ),
  })
  const state = STATES.find((each) => each === filters.state)
  // What is owed stands first; within a state the station's order stays.
  const duties = query.data?.duties
    .filter((duty) => state === undefined || duty.state === state)
    .sort((one, other) => STATES.indexOf(one.state) - STATES.indexOf(other.state))
  return (
    <Page title={t('duties')} about={t('duties.about')}>
      <Loaded query={query}>
        {({ counts }) => (
          <div className="tallies">
            {STATES.map((each) => (
              <Tally
                key={each}
                label={t(`state.${each}`)}
                value={counts[each] ?? 0}
                tone={each === 'missing' && (counts.missing ?? 0) > 0 ? 'bad' : each === 'in-time' ? 'good' : 'calm'}
                isOn={state === each}
                onPick={() => set({ state: state === each ? '' : each })}
              />
            ))}
          </div>
        )}
      </Loaded>
      <div className="filters">
        <AreaSelect
          allowClear
          value={filters.area || undefined}
          onChange={(area?: string) => set({ area: area ?? '' })}
        />
        <Select
          aria-label={t('content.period')}
          allowClear
          placeholder={t('duties.latest')}
          value={filters.period || undefined}
          onChange={(period?: string) => set({ period: period ?? '' })}
          options={(['month', 'quarter', 'year'] as const).map((length) => ({
            label: t(`duties.${length}`),
            title: length,
            options: recentPeriods(today, length, length === 'year' ? 2 : PERIODS_SHOWN).map((value) => ({
              value,
              label: value,
            })),
          }))}
        />
      </div>
      <Listing
        query={{ ...query, data: duties }}
        rowKey={(duty) => `${duty.areaCode} ${duty.columnId} ${duty.period}`}
        empty={state === undefined ? t('duties.none') : t('nothing-matches')}
        fields={[
          { key: 'area', title: t('area'), place: 'head', render: (duty) => <Place code={duty.areaCode} /> },
          { key: 'state', title: t('state'), place: 'aside', render: (duty) => <StateTag state={duty.state} /> },
          { key: 'column', title: t('content.column'), render: (duty) => nameOf(duty.columnId) },
          { key: 'period', title: t('content.period'), render: (duty) => duty.period },
          { key: 'due', title: t('duties.due'), render: (duty) => <span className="figures">{duty.dueDate}</span> },
          {
            key: 'published',
            title: t('content.published'),
            render: (duty) => <Moment at={duty.publishedAt} format="YYYY-MM-DD HH:mm" />,
          },
          {
            key: 'write',
            title: '',
            place: 'foot',
            render: (duty) =>
              me.may('content.write') &&
              (duty.state === 'missing' || duty.state === 'pending') && (
                <Button
                  size="small"
                  icon={<PlusOutlined />}
                  onClick={() =>
                    void navigate(`/content/new?column=${duty.columnId}&area=${duty.areaCode}&period=${duty.period}`)
                  }
                >
                  {t('duties.write')}
                </Button>
              ),
          },
        ]}
      />
    </Page>
  )
}
