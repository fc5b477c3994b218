import { useInfiniteQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { useParams } from 'react-router'
import { stateOf } from '../airings.ts'
import { answer, api } from '../client.ts'
import { useFilters } from '../filters.ts'
import { Facts } from '../parts/facts.tsx'
import { Listing } from '../parts/listing.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { Moment } from '../parts/moment.tsx'
import { Page } from '../parts/page.tsx'
import { Place } from '../parts/place.tsx'
import { Receipts } from '../parts/receipts.tsx'
import { Sheet } from '../parts/sheet.tsx'
import { StateTag } from '../parts/state-tag.tsx'
import { Tally } from '../parts/tally.tsx'
import { durationText } from '../quantities.ts'
import { reasonWords } from '../receipt-reason.ts'
import { useWords } from '../screen.tsx'

const PAGE = 100
const LIVE_MS = 3000
const STATES = ['planned', 'sent', 'fetched', 'started', 'finished', 'pre-empted', 'failed', 'missed'] as const

async function fetchDeliveries(id: string, query: { limit: string; state?: (typeof STATES)[number]; after?: string }) {
  return answer(api.airings[':id'].deliveries.$get({ param: { id }, query }))
}

type Delivery = Awaited<ReturnType<typeof fetchDeliveries>>['deliveries'][number]

/** One airing with its delivery to every loudspeaker, and each receipt. */
export function AiringPage() {
  const { id = '' } = useParams()
  const { t, language } = useWords()
  const { filters, set } = useFilters(['state'])
  const [open, setOpen] = useState<Delivery | null>(null)
  const state = STATES.find((each) => each === filters.state)
  const query = useInfiniteQuery({
    queryKey: ['deliveries', id, state],
    queryFn: ({ pageParam }) =>
      fetchDeliveries(id, {
        limit: String(PAGE),
        ...(state ? { state } : {}),
        ...(pageParam ? { after: pageParam } : {}),
      }),
    initialPageParam: '',
    getNextPageParam: ({ deliveries }) => (deliveries.length < PAGE ? undefined : deliveries.at(-1)?.terminalId),
    refetchInterval: LIVE_MS,
  })
  return (
    <Loaded query={{ ...query, data: query.data?.pages[0] }}>
      {({ airing, counts }) => (
        <Page
          title={airing.title}
          about={
            <span className="row">
              <StateTag state={stateOf(airing)} />
              <span>{t(`class.${airing.class}`)}</span>
              <Place code={airing.areaCode} />
            </span>
          }
        >
          <Facts
            facts={[
              [t('airing.due'), <Moment key="due" at={airing.dueAt} format="YYYY-MM-DD HH:mm:ss" />],
              [t('airing.started'), <Moment key="started" at={airing.startedAt} format="HH:mm:ss" />],
              [t('airing.ended'), <Moment key="ended" at={airing.endedAt} format="HH:mm:ss" />],
              [t('airing.planned'), durationText(airing.plannedSeconds, language)],
              [t('airing.reported'), durationText(airing.reportedSeconds, language)],
              [t('airing.after'), t(`after.${airing.afterPreemption}`)],
              ...(airing.reason ? [[t('reason'), airing.reason] as [string, string]] : []),
            ]}
          />
          <div className="tallies tallies-small">
            {STATES.map(
              (each) =>
                ((counts[each] ?? 0) > 0 || state === each) && (
                  <Tally
                    key={each}
                    label={t(`state.${each}`)}
                    value={counts[each] ?? 0}
                    tone={each === 'failed' || each === 'missed' ? 'bad' : each === 'finished' ? 'good' : 'calm'}
                    isOn={state === each}
                    onPick={() => set({ state: state === each ? '' : each })}
                  />
                ),
            )}
          </div>
          <Listing
            query={{ ...query, data: query.data?.pages.flatMap((page) => page.deliveries) }}
            rowKey={(delivery) => delivery.terminalId}
            empty={t('deliveries.none')}
            onOpen={setOpen}
            pageSize={Infinity}
            fields={[
              { key: 'name', title: t('loudspeakers'), place: 'head', render: (delivery) => delivery.terminalName },
              {
                key: 'state',
                title: t('state'),
                place: 'aside',
                render: (delivery) => <StateTag state={delivery.state} />,
              },
              { key: 'area', title: t('area'), render: (delivery) => <Place code={delivery.areaCode} /> },
              {
                key: 'fetched',
                title: t('state.fetched'),
                render: (delivery) => <Moment at={delivery.fetchedAt} format="HH:mm:ss" />,
              },
              {
                key: 'started',
                title: t('airing.started'),
                render: (delivery) => <Moment at={delivery.startedAt} format="HH:mm:ss" />,
              },
              {
                key: 'finished',
                title: t('airing.ended'),
                render: (delivery) => <Moment at={delivery.finishedAt} format="HH:mm:ss" />,
              },
              {
                key: 'seconds',
                title: t('deliveries.seconds'),
                align: 'right',
                render: (delivery) => <span className="figures">{delivery.playedSeconds.toFixed(1)}</span>,
              },
              {
                key: 'reason',
                title: t('reason'),
                render: (delivery) => (delivery.reason ? reasonWords(delivery.reason, t) : '—'),
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
          <Sheet title={open?.terminalName} open={open !== null} onClose={() => setOpen(null)}>
            {open && <Receipts receipts={open.receipts} />}
          </Sheet>
        </Page>
      )}
    </Loaded>
  )
}
