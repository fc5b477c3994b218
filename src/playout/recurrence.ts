import { addDays, addSeconds, civil, instantAt, instantFrom, milliseconds, weekdayOf, zoneOffset } from '../instant.ts'
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
  const [begin, end] = [milliseconds(from), milliseconds(to)]
  const slots = [...new Set(rule.times)].sort().map((slot) => ({ slot, after: millisecondsOf(slot) }))
  const firings: Firing[] = []
  // A skipped time may slip over midnight, so the day before the window is looked at too.
  const first = addDays(civil(from, zone).date, -1)
  for (const day of daysOf(rule, first, civil(to, zone).date, zone)) {
    for (const { slot, after } of slots) {
      const due =
        day.offset === undefined ? milliseconds(instantAt(day.date, slot, zone)) : day.midnight + after - day.offset
      if (due >= begin && due < end) firings.push({ localDate: day.date, slot, dueAt: instantFrom(due) })
    }
  }
  // Only where clocks change can a later slot be due earlier.
  return firings.sort((one, other) => (one.dueAt < other.dueAt ? -1 : one.dueAt > other.dueAt ? 1 : 0))
}

/** The next firing at or after an instant, looked for within a year. */
export function nextFiring(rule: Rule, from: Instant, zone: string): Firing | undefined {
  // Most rules fire within a week: the year is only looked through when they don't.
  const horizon = (days: number): Instant => addSeconds(from, days * 86_400)
  return expand(rule, from, horizon(8), zone)[0] ?? expand(rule, from, horizon(366), zone)[0]
}

/** Whether a rule never fires again. */
export function isSpent(rule: Rule, now: Instant, zone: string): boolean {
  const last = rule.kind === 'dates' ? [...rule.dates].sort().at(-1) : rule.until
  // The last day of the week that a rule names lies at most six days before its end.
  if (!last || last > addDays(civil(now, zone).date, 7)) return false
  return expand(rule, now, instantAt(addDays(last, 2), '00:00', zone), zone).length === 0
}

function daysOf(rule: Rule, first: LocalDate, last: LocalDate, zone: string): Day[] {
  if (rule.kind === 'dates') {
    const dates = [...new Set(rule.dates)].filter((date) => date >= first && date <= last).sort()
    return dates.map((date) => dayOf(numberOf(date), zone))
  }
  const begin = numberOf(rule.from > first ? rule.from : first)
  const end = numberOf(rule.until !== null && rule.until < last ? rule.until : last)
  const days: Day[] = []
  for (let number = begin; number <= end; number += 1) {
    const day = dayOf(number, zone)
    if (rule.kind === 'daily' || rule.weekdays.includes(day.weekday)) days.push(day)
  }
  return days
}

/** A civil day. `offset` is what its clocks show beside UTC, in milliseconds; `undefined` near a change of the clocks. */
type Day = { date: LocalDate; weekday: number; midnight: number; offset: number | undefined }

// Hundreds of rules meet on the same days; each day is worked out once.
const known = new Map<string, Map<number, Day>>()
const DAYS_LIMIT = 5000
const DAY = 86_400_000

function dayOf(number: number, zone: string): Day {
  let days = known.get(zone)
  if (!days || days.size >= DAYS_LIMIT) known.set(zone, (days = new Map<number, Day>()))
  let day = days.get(number)
  if (!day) {
    const midnight = number * DAY
    const date = instantFrom(midnight).slice(0, 10)
    const around = [-1, 0, 1, 2].map((step) => zoneOffset(midnight + step * DAY, zone))
    const offset = around.every((each) => each === around[0]) ? around[0] : undefined
    day = { date, weekday: weekdayOf(date), midnight, offset }
    days.set(number, day)
  }
  return day
}

/** Days since 1970. */
function numberOf(date: LocalDate): number {
  return Date.parse(`${date}T00:00:00Z`) / DAY
}

function millisecondsOf(time: LocalTime): number {
  const [hours = 0, minutes = 0, seconds = 0] = time.split(':').map(Number)
  return ((hours * 60 + minutes) * 60 + seconds) * 1000
}
