import { addDays, civil, instantAt, instantFrom, weekdayOf, zoneOffset } from '../instant.ts'
import type { Instant, LocalDate, LocalTime } from '../instant.ts'

/** When a schedule fires. Times are civil times of the station's zone; `from` and `until` are civil dates, both included. */
export type Rule =
  | { kind: 'daily'; times: LocalTime[]; from: LocalDate; until: LocalDate | null }
  /** 1 is Monday, 7 is Sunday. */
  | { kind: 'weekdays'; weekdays: number[]; times: LocalTime[]; from: LocalDate; until: LocalDate | null }
  | { kind: 'dates'; dates: LocalDate[]; times: LocalTime[] }

export const TIMES_LIMIT = 24
export const DATES_LIMIT = 366

/** One firing of a rule. `slot` is the rule's own civil time, so date and slot name it for ever, whatever the clocks do. */
export type Firing = { localDate: LocalDate; slot: string; dueAt: Instant }

/**
 * The firings due from `from` on and before `to`, in order. Where clocks change, a time that is skipped fires later by the gap (a daily
 * 02:30 at 03:30 on that day) and one that happens twice fires the first time only.
 */
export function expand(rule: Rule, from: Instant, to: Instant, zone: string): Firing[] {
  if (to <= from) return []
  const firings: Firing[] = []
  // A skipped time may slip over midnight, so the day before the window is looked at too.
  const first = addDays(civil(from, zone).date, -1)
  const last = civil(to, zone).date
  const times = [...new Set(rule.times)].sort()
  for (const localDate of datesOf(rule, first, last)) {
    const offset = steadyOffset(localDate, zone)
    const midnight = Date.parse(`${localDate}T00:00:00Z`)
    for (const slot of times) {
      const dueAt =
        offset === undefined ? instantAt(localDate, slot, zone) : instantFrom(midnight + millisecondsOf(slot) - offset)
      if (dueAt >= from && dueAt < to) firings.push({ localDate, slot, dueAt })
    }
  }
  return firings.sort((one, other) => (one.dueAt < other.dueAt ? -1 : one.dueAt > other.dueAt ? 1 : 0))
}

/** The next firing at or after an instant, looked for within a year. */
export function nextFiring(rule: Rule, from: Instant, zone: string): Firing | undefined {
  // Most rules fire within a week: the year is only looked through when they don't.
  const horizon = (days: number): Instant => instantFrom(Date.parse(from) + days * 86_400_000)
  return expand(rule, from, horizon(8), zone)[0] ?? expand(rule, from, horizon(366), zone)[0]
}

function datesOf(rule: Rule, first: LocalDate, last: LocalDate): LocalDate[] {
  if (rule.kind === 'dates') return [...new Set(rule.dates)].filter((date) => date >= first && date <= last).sort()
  const begin = rule.from > first ? rule.from : first
  const end = rule.until !== null && rule.until < last ? rule.until : last
  const dates: LocalDate[] = []
  for (let date = begin; date <= end; date = addDays(date, 1)) {
    if (rule.kind === 'daily' || rule.weekdays.includes(weekdayOf(date))) dates.push(date)
  }
  return dates
}

function millisecondsOf(time: LocalTime): number {
  const [hours = 0, minutes = 0, seconds = 0] = time.split(':').map(Number)
  return ((hours * 60 + minutes) * 60 + seconds) * 1000
}

// Hundreds of rules meet on the same days; what a day's clocks do is worked out once.
const days = new Map<string, number | undefined>()
const DAYS_LIMIT = 5000

/** The zone's offset throughout the day, or `undefined` on a day near which it changes. */
function steadyOffset(date: LocalDate, zone: string): number | undefined {
  const key = `${date} ${zone}`
  if (days.has(key)) return days.get(key)
  const midnight = Date.parse(`${date}T00:00:00Z`)
  const around = [-1, 0, 1, 2].map((day) => zoneOffset(midnight + day * 86_400_000, zone))
  const offset = around.every((each) => each === around[0]) ? around[0] : undefined
  if (days.size >= DAYS_LIMIT) days.clear()
  days.set(key, offset)
  return offset
}
