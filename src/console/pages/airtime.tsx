import { DownloadOutlined } from '@ant-design/icons'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Button, DatePicker, Segmented, Skeleton, Tabs } from 'antd'
import dayjs from 'dayjs'
import { lazy, Suspense, useMemo, useState } from 'react'
import { answer, api } from '../client.ts'
import { useNow } from '../clock.ts'
import { useFilters } from '../filters.ts'
import { civilText } from '../moments.ts'
import { AreaSelect } from '../parts/area-select.tsx'
import { Listing } from '../parts/listing.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { Page } from '../parts/page.tsx'
import { Place } from '../parts/place.tsx'
import { TerminalDeliveries } from '../parts/terminal-deliveries.tsx'
import { Tally } from '../parts/tally.tsx'
import { hoursText, shareText } from '../quantities.ts'
import { useWords } from '../screen.tsx'
import { useMe } from '../session.tsx'
import { voiceWords } from '../voices.ts'

const Chart = lazy(() => import('../parts/chart.tsx'))

const GROUPINGS = ['day', 'area', 'bulletin', 'class', 'voice'] as const
const DAYS = 7
const BARS_LIMIT = 31
const PAGE = 100

type Span = { area?: string; from: string; to: string }

async function fetchReport(query: Span & { by: (typeof GROUPINGS)[number] }) {
  return answer(api.airtime.$get({ query }))
}

type Row = Awaited<ReturnType<typeof fetchReport>>['rows'][number]

/** How long what was on air: what was planned beside what loudspeakers reported. */
export default function Airtime() {
  const { t } = useWords()
  const me = useMe()
  const { filters, set } = useFilters(['area', 'from', 'to', 'by', 'view'])
  const today = civilText(new Date(useNow()).toISOString(), me.zone, 'YYYY-MM-DD')
  const to = filters.to || today
  const from =
    filters.from ||
    dayjs(to)
      .subtract(DAYS - 1, 'day')
      .format('YYYY-MM-DD')
  const span: Span = { ...(filters.area ? { area: filters.area } : {}), from, to }
  return (
    <Page title={t('airtime')} about={t('airtime.about')}>
      <div className="filters">
        <AreaSelect
          allowClear
          value={filters.area || undefined}
          onChange={(area?: string) => set({ area: area ?? '' })}
        />
        <DatePicker.RangePicker
          aria-label={t('airtime.days')}
          allowClear={false}
          value={[dayjs(from), dayjs(to)]}
          onChange={(faces) =>
            set({ from: faces?.[0]?.format('YYYY-MM-DD') ?? '', to: faces?.[1]?.format('YYYY-MM-DD') ?? '' })
          }
        />
      </div>
      <Tabs
        activeKey={filters.view === 'terminals' ? 'terminals' : 'report'}
        onChange={(view) => set({ view: view === 'report' ? '' : view })}
        items={[
          {
            key: 'report',
            label: t('airtime.report'),
            children: (
              <Report
                span={span}
                by={GROUPINGS.find((each) => each === filters.by) ?? 'day'}
                onBy={(by) => set({ by })}
              />
            ),
          },
          { key: 'terminals', label: t('airtime.terminals'), children: <Terminals span={span} /> },
        ]}
      />
    </Page>
  )
}

function Report({ span, by, onBy }: { span: Span; by: (typeof GROUPINGS)[number]; onBy: (by: string) => void }) {
  const { t } = useWords()
  const query = useQuery({ queryKey: ['airtime', span, by], queryFn: () => fetchReport({ ...span, by }) })
  const names = useNames(by)
  const rows = query.data?.rows
  const bars = useMemo(
    () => ({
      names: (rows ?? []).slice(-BARS_LIMIT).map(names),
      unit: t('airtime.hours-unit'),
      series: [
        {
          name: t('airtime.planned'),
          values: (rows ?? []).slice(-BARS_LIMIT).map((row) => hours(row.plannedSpeakerSeconds)),
        },
        {
          name: t('airtime.sounded'),
          values: (rows ?? []).slice(-BARS_LIMIT).map((row) => hours(row.reportedSeconds)),
        },
      ],
    }),
    // The words change with the language alone, and rows come anew then.
    // oxlint-disable-next-line react/exhaustive-deps
    [rows, by],
  )
  return (
    <div className="stack">
      <div className="row spread">
        <Segmented
          aria-label={t('airtime.by')}
          value={by}
          onChange={onBy}
          options={GROUPINGS.map((each) => ({ value: each, label: t(`airtime.by.${each}`) }))}
        />
        <Button icon={<DownloadOutlined />} href={`/api/airtime.csv?${new URLSearchParams({ ...span, by })}`} download>
          CSV
        </Button>
      </div>
      <Loaded query={query}>
        {({ total, drills }) => (
          <>
            <div className="tallies">
              <Tally
                label={t('airtime.airings')}
                value={total.airings}
                about={t('airtime.finished', { count: total.finished })}
              />
              <Tally
                label={t('airtime.reported')}
                value={hoursText(total.reportedSeconds)}
                about={t('airtime.of-planned', {
                  planned: hoursText(total.plannedSpeakerSeconds),
                  share: shareText(total.reportedSeconds, total.plannedSpeakerSeconds),
                })}
              />
              <Tally
                label={t('airtime.heard')}
                value={shareText(total.heard, total.deliveries)}
                about={t('airtime.heard-of', { heard: total.heard, of: total.deliveries })}
              />
              <Tally label={t('state.pre-empted')} value={total.preempted} />
              <Tally label={t('state.failed')} value={total.failed} tone={total.failed > 0 ? 'bad' : 'calm'} />
              <Tally label={t('airtime.drills')} value={drills.airings} about={t('airtime.drills-about')} />
            </div>
            <section className="sheet padded">
              <Suspense fallback={<Skeleton active />}>
                <Chart bars={bars} label={t('airtime.chart')} />
              </Suspense>
            </section>
          </>
        )}
      </Loaded>
      <Listing
        query={{ ...query, data: rows?.toReversed() }}
        rowKey={(row) => row.key}
        empty={t('airtime.none')}
        fields={[
          { key: 'name', title: t(`airtime.by.${by}`), place: 'head', render: names },
          figure('airings', t('airtime.airings')),
          figure('finished', t('airtime.aired')),
          figure('preempted', t('state.pre-empted')),
          figure('failed', t('state.failed')),
          {
            key: 'planned',
            title: t('airtime.planned-hours'),
            align: 'right' as const,
            render: (row: Row) => <span className="figures">{hoursText(row.plannedSpeakerSeconds)}</span>,
          },
          {
            key: 'reported',
            title: t('airtime.reported-hours'),
            align: 'right' as const,
            render: (row: Row) => <span className="figures">{hoursText(row.reportedSeconds)}</span>,
          },
          {
            key: 'share',
            title: t('airtime.share'),
            align: 'right' as const,
            render: (row: Row) => (
              <span className="figures">{shareText(row.reportedSeconds, row.plannedSpeakerSeconds)}</span>
            ),
          },
        ]}
      />
    </div>
  )
}

function figure(key: 'airings' | 'finished' | 'preempted' | 'failed', title: string) {
  return { key, title, align: 'right' as const, render: (row: Row) => <span className="figures">{row[key]}</span> }
}

/** A row's name: the station names areas and bulletins; classes and voices have their words here. */
function useNames(by: (typeof GROUPINGS)[number]): (row: Row) => string {
  const { t } = useWords()
  return (row) => {
    if (by === 'class' && isClass(row.key)) return t(`class.${row.key}`)
    if (by === 'voice') return row.key === '' ? t('airtime.no-voice') : voiceWords(row.key, t)
    return row.name || row.key
  }
}

function isClass(key: string): key is 'alert' | 'drill' | 'notice' | 'daily' {
  return ['alert', 'drill', 'notice', 'daily'].includes(key)
}

function hours(seconds: number): number {
  return Math.round(seconds / 36) / 100
}

function Terminals({ span }: { span: Span }) {
  const { t } = useWords()
  const [open, setOpen] = useState<string | null>(null)
  const query = useInfiniteQuery({
    queryKey: ['airtime', 'terminals', span],
    queryFn: async ({ pageParam }) =>
      (
        await answer(
          api.airtime.terminals.$get({
            query: { ...span, limit: String(PAGE), ...(pageParam ? { after: pageParam } : {}) },
          }),
        )
      ).terminals,
    initialPageParam: '',
    getNextPageParam: (last) => (last.length < PAGE ? undefined : last.at(-1)?.terminalId),
  })
  return (
    <>
      <Listing
        query={{ ...query, data: query.data?.pages.flat() }}
        rowKey={(row) => row.terminalId}
        empty={t('airtime.none')}
        onOpen={(row) => setOpen(row.terminalId)}
        pageSize={Infinity}
        fields={[
          { key: 'name', title: t('loudspeakers'), place: 'head', render: (row) => row.name },
          { key: 'area', title: t('area'), render: (row) => <Place code={row.areaCode} /> },
          ...(['deliveries', 'heard', 'finished', 'preempted', 'failed', 'missed'] as const).map((key) => ({
            key,
            title: t(`terminal.count.${key}`),
            align: 'right' as const,
            render: (row: Record<typeof key, number>) => <span className="figures">{row[key]}</span>,
          })),
          {
            key: 'hours',
            title: t('airtime.reported-hours'),
            align: 'right',
            render: (row) => <span className="figures">{hoursText(row.reportedSeconds)}</span>,
          },
        ]}
        footer={
          query.hasNextPage && (
            <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
              {t('more')}
            </Button>
          )
        }
      />
      <TerminalDeliveries id={open} span={{ from: span.from, to: span.to }} onClose={() => setOpen(null)} />
    </>
  )
}
