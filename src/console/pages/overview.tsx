import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import type { ReactNode } from 'react'
import { alertsInForce } from '../alerts.ts'
import { answer, api } from '../client.ts'
import { useNow } from '../clock.ts'
import { useFilters } from '../filters.ts'
import { secondsUntil } from '../moments.ts'
import { AlertCard } from '../parts/alert-card.tsx'
import { AreaSelect } from '../parts/area-select.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { Moment } from '../parts/moment.tsx'
import { Page } from '../parts/page.tsx'
import { Place } from '../parts/place.tsx'
import { StateTag } from '../parts/state-tag.tsx'
import { Tally } from '../parts/tally.tsx'
import { durationText, hoursText, shareText } from '../quantities.ts'
import { useColumns } from '../columns.tsx'
import { useWords } from '../screen.tsx'
import { useMe } from '../session.tsx'

const LIVE_MS = 3000
const SLOW_MS = 60_000
const SHOWN = 8

async function fetchOverview(area: string) {
  return answer(api.overview.$get({ query: area ? { area } : {} }))
}

type Brief = Awaited<ReturnType<typeof fetchOverview>>['onAir'][number]

/** The state of the station in one look: on air, next, silent, in force, owed. */
export default function Overview() {
  const { t } = useWords()
  const me = useMe()
  const { filters, set } = useFilters(['area'])
  const area = filters.area
  const query = useQuery({
    queryKey: ['overview', area],
    queryFn: () => fetchOverview(area),
    refetchInterval: LIVE_MS,
  })
  return (
    <Page
      title={t('overview')}
      about={t('overview.hello', { name: me.name, role: t(`role.${me.role}`) })}
      actions={
        <AreaSelect
          allowClear
          value={area || undefined}
          onChange={(code?: string) => set({ area: code ?? '' })}
          className="overview-area"
        />
      }
    >
      <Loaded query={query}>
        {(overview) => {
          const { today, loudspeakers, silent, onAir, next } = overview
          const online = loudspeakers - silent
          return (
            <>
              <div className="tallies">
                <Tally
                  label={t('state.on-air')}
                  value={onAir.length}
                  tone={onAir.length > 0 ? 'air' : 'calm'}
                  about={t('overview.now')}
                />
                <Tally
                  label={t('overview.today')}
                  value={`${today.finished}/${today.airings}`}
                  about={t('overview.today-about')}
                />
                <Tally
                  label={t('overview.hours')}
                  value={hoursText(today.reportedSeconds)}
                  about={t('overview.hours-about', {
                    planned: hoursText(today.plannedSeconds),
                    share: shareText(today.reportedSeconds, today.plannedSeconds),
                  })}
                />
                <Tally
                  label={t('overview.loudspeakers')}
                  value={`${online}/${loudspeakers}`}
                  tone={silent > 0 ? 'bad' : 'good'}
                  about={silent > 0 ? t('overview.silent', { count: silent }) : t('overview.all-there')}
                />
              </div>
              <div className="overview-grid">
                <div className="stack">
                  <InForce />
                  <Panel title={t('overview.on-air')} more={<Link to="/rundown">{t('rundown')}</Link>}>
                    {onAir.length === 0 ? (
                      <p className="faint quiet">{t('overview.nothing-on-air')}</p>
                    ) : (
                      <ul className="briefs">
                        {onAir.slice(0, SHOWN).map((brief) => (
                          <OnAir key={brief.airingId} brief={brief} />
                        ))}
                      </ul>
                    )}
                  </Panel>
                  <Panel title={t('overview.next')} more={<Link to="/schedules">{t('schedules')}</Link>}>
                    {next.length === 0 ? (
                      <p className="faint quiet">{t('overview.nothing-next')}</p>
                    ) : (
                      <ul className="briefs">
                        {next.slice(0, SHOWN).map((brief) => (
                          <Next key={brief.airingId} brief={brief} />
                        ))}
                      </ul>
                    )}
                  </Panel>
                </div>
                <div className="stack">
                  {me.may('terminals.read') && <Silent area={area} />}
                  <Owed area={area} />
                </div>
              </div>
            </>
          )
        }}
      </Loaded>
    </Page>
  )
}

function Panel({ title, more, children }: { title: string; more?: ReactNode; children: ReactNode }) {
  return (
    <section className="sheet panel">
      <header className="row spread">
        <h2>{title}</h2>
        {more}
      </header>
      {children}
    </section>
  )
}

function InForce() {
  const { data } = useQuery(alertsInForce)
  return data?.map((alert) => <AlertCard key={alert.id} alert={alert} />)
}

function OnAir({ brief }: { brief: Brief }) {
  const { t, language } = useWords()
  const now = useNow()
  const since = brief.startedAt === null ? 0 : Math.max(0, -secondsUntil(brief.startedAt, now))
  const isAlert = brief.alertId !== null
  return (
    <li>
      <div className="brief-what">
        <Link to={`/deliveries/${brief.airingId}`}>{brief.title}</Link>
        <span className="faint">
          {t(`class.${brief.class}`)} · <Place code={brief.areaCode} />
        </span>
      </div>
      <div className="brief-when">
        {!isAlert && (
          <span className="coverage-bar" aria-hidden="true">
            <i
              className="on-air-bar"
              style={{ width: `${Math.min(100, (since / Math.max(1, brief.seconds)) * 100)}%` }}
            />
          </span>
        )}
        <span className="figures">
          {isAlert
            ? t('overview.since', { duration: durationText(since, language) })
            : `${durationText(Math.min(since, brief.seconds), language)} / ${durationText(brief.seconds, language)}`}
        </span>
      </div>
    </li>
  )
}

function Next({ brief }: { brief: Brief }) {
  const { t, language } = useWords()
  const now = useNow()
  const left = secondsUntil(brief.dueAt, now)
  return (
    <li>
      <strong className="brief-time">
        <Moment at={brief.dueAt} format="HH:mm" />
      </strong>
      <div className="brief-what">
        <span>{brief.title}</span>
        <span className="faint">
          {t(`class.${brief.class}`)} · <Place code={brief.areaCode} />
          {brief.seconds > 0 && ` · ${durationText(brief.seconds, language)}`}
        </span>
      </div>
      <span className="figures faint">
        {left > 0 ? t('overview.in', { duration: durationText(left, language) }) : t('overview.due')}
      </span>
    </li>
  )
}

function Silent({ area }: { area: string }) {
  const { t } = useWords()
  const query = useQuery({
    queryKey: ['terminals', 'silent', area],
    queryFn: async () =>
      (
        await answer(
          api.terminals.$get({
            query: { kind: 'loudspeaker', state: 'offline', limit: String(SHOWN), ...(area ? { area } : {}) },
          }),
        )
      ).terminals,
    refetchInterval: SLOW_MS,
  })
  return (
    <Panel title={t('overview.silent-title')} more={<Link to="/loudspeakers?state=offline">{t('overview.all')}</Link>}>
      <Loaded query={query}>
        {(terminals) =>
          terminals.length === 0 ? (
            <p className="faint quiet">{t('overview.none-silent')}</p>
          ) : (
            <ul className="briefs">
              {terminals.map((terminal) => (
                <li key={terminal.id}>
                  <div className="brief-what">
                    <Link to={`/loudspeakers?open=${terminal.id}`}>{terminal.name}</Link>
                    <span className="faint">
                      <Place code={terminal.areaCode} />
                    </span>
                  </div>
                  <span className="faint">
                    <Moment at={terminal.lastSeenAt} />
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Panel>
  )
}

function Owed({ area }: { area: string }) {
  const { t } = useWords()
  const { nameOf } = useColumns()
  const query = useQuery({
    queryKey: ['disclosure', 'missing', area],
    queryFn: () => answer(api.disclosure.$get({ query: { state: 'missing', ...(area ? { area } : {}) } })),
    refetchInterval: SLOW_MS,
  })
  return (
    <Panel title={t('overview.owed')} more={<Link to="/duties">{t('duties')}</Link>}>
      <Loaded query={query}>
        {({ counts, duties }) => {
          const total = Object.values(counts).reduce((sum, count) => sum + count, 0)
          const done = (counts['in-time'] ?? 0) + (counts.late ?? 0)
          return (
            <>
              <div className="owed-bar" role="img" aria-label={t('overview.owed-share', { done, total })}>
                {(['in-time', 'late', 'pending', 'missing'] as const).map((state) => (
                  <i key={state} className={`owed-${state}`} style={{ flexGrow: counts[state] ?? 0 }} />
                ))}
              </div>
              <p className="faint quiet">{t('overview.owed-share', { done, total })}</p>
              <ul className="briefs">
                {duties.slice(0, SHOWN).map((duty) => (
                  <li key={`${duty.areaCode} ${duty.columnId} ${duty.period}`}>
                    <div className="brief-what">
                      <span>
                        <Place code={duty.areaCode} />
                      </span>
                      <span className="faint">
                        {nameOf(duty.columnId)} · {duty.period} · {t('overview.was-due', { date: duty.dueDate })}
                      </span>
                    </div>
                    <StateTag state={duty.state} />
                  </li>
                ))}
              </ul>
            </>
          )
        }}
      </Loaded>
    </Panel>
  )
}
