import { spanOf, stateOf, type Airing } from '../airings.ts'
import { useNow } from '../clock.ts'
import { civilText, instantOf } from '../moments.ts'
import { lanesOf, stripOf } from '../rundown-lanes.ts'
import { useWords } from '../screen.tsx'
import { useMe } from '../session.tsx'
import dayjs from 'dayjs'
import { useEffect, useRef } from 'react'
import { isStateWord, toneOf } from './state-tag.tsx'

const HOUR = 3_600_000
const HOURS_SHOWN = 8
/** A minute of a day is too narrow to read or touch; this share of the strip is not. Its left edge is when it begins. */
const LEAST = 0.085
const LANE_REM = 1.75

type Props = { airings: Airing[]; date: string; picked: string | null; onPick: (id: string) => void }

/** The day as a strip: what is planned, on air, aired, pre-empted and missed, and where the day stands now. */
export function RundownStrip({ airings, date, picked, onPick }: Props) {
  const { t } = useWords()
  const { zone } = useMe()
  const now = useNow()
  const midnight = Date.parse(instantOf(dayjs(`${date}T00:00:00`), zone))
  const strip = stripOf(airings.map(spanOf), midnight, HOURS_SHOWN)
  const laid = lanesOf(airings, spanOf, strip, LEAST)
  const lanes = Math.max(1, ...laid.map((each) => each.lane + 1))
  const hours = Array.from({ length: (strip.endsAt - strip.startsAt) / HOUR + 1 }, (_each, index) => index)
  const length = strip.endsAt - strip.startsAt
  const nowShare = (now - strip.startsAt) / length
  const scroll = useRef<HTMLDivElement>(null)
  // Where the strip is wider than the screen, it opens at the present.
  useEffect(() => {
    const { current } = scroll
    if (current && nowShare > 0 && nowShare < 1)
      current.scrollLeft = nowShare * current.scrollWidth - current.clientWidth / 2
    // Once for each day: it must not move under the operator's hand.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [date])
  return (
    <div ref={scroll} className="strip-scroll sheet" role="group" aria-label={t('rundown.strip')}>
      <div className="strip" style={{ height: `${lanes * LANE_REM + 2.6}rem` }}>
        {hours.map((hour) => (
          <span
            key={hour}
            className="strip-hour figures"
            style={{ left: at((hour * HOUR) / length) }}
            aria-hidden="true"
          >
            {civilText(new Date(strip.startsAt + hour * HOUR).toISOString(), zone, 'HH:mm')}
          </span>
        ))}
        {laid.map(({ of: airing, from, to, lane }) => {
          const state = stateOf(airing)
          const time = civilText(airing.dueAt, zone, 'HH:mm')
          return (
            <button
              key={airing.id}
              type="button"
              className={`strip-airing tone-${toneOf(state)} class-${airing.class}`}
              style={{ left: at(from), width: at(to - from), top: `${lane * LANE_REM + 2}rem` }}
              aria-pressed={picked === airing.id}
              aria-label={`${time} ${airing.title} ${isStateWord(state) ? t(`state.${state}`) : state}`}
              title={`${time} ${airing.title}`}
              onClick={() => onPick(airing.id)}
            >
              <span>{airing.title}</span>
            </button>
          )
        })}
        {nowShare >= 0 && nowShare <= 1 && (
          <span className="strip-now" style={{ left: at(nowShare) }}>
            <i className="figures">{civilText(new Date(now).toISOString(), zone, 'HH:mm')}</i>
          </span>
        )}
      </div>
    </div>
  )
}

function at(share: number): string {
  return `${(share * 100).toFixed(3)}%`
}
