import { periodAt } from '../content/period.ts'
import { addDays, civil, instantAt, type Instant, type LocalDate } from '../instant.ts'

/** The civil days that the demo county's year is written on: it ends at `now`, and nothing in it lies after. */
export type Calendar = {
  now: Instant
  zone: string
  today: LocalDate
  /** The twelve months before this one, oldest first, as `2026-09`. */
  months: string[]
  /** The four quarters before this one, oldest first, as `2026-Q3`. */
  quarters: string[]
  /** The newest year that is over and whose yearly lists, due at the end of January, are all out. */
  lastYear: string
  /** An instant of a civil day; never later than `now`. */
  at: (date: LocalDate, time: string) => Instant
  daysAgo: (days: number) => LocalDate
}

export function calendarOf(now: Instant, zone: string): Calendar {
  const today = civil(now, zone).date
  const months = Array.from({ length: 12 }, (_, back) => monthBefore(today.slice(0, 7), 12 - back))
  const quarters = Array.from({ length: 4 }, (_, back) =>
    periodAt(`${monthBefore(today.slice(0, 7), 3 * (4 - back))}-01`, 'quarter'),
  )
  return {
    now,
    zone,
    today,
    months,
    quarters,
    lastYear: String(Number(today.slice(0, 4)) - (today.slice(5) < '02-01' ? 2 : 1)),
    at: (date, time) => {
      const at = instantAt(date, time, zone)
      return at < now ? at : now
    },
    daysAgo: (days) => addDays(today, -days),
  }
}

/** `monthBefore('2026-02', 3)` is `2025-11`. */
export function monthBefore(month: string, count: number): string {
  const index = Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1 - count
  return `${Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`
}

export function dayOf(month: string, day: number): LocalDate {
  return `${month}-${String(day).padStart(2, '0')}`
}

/** `2026年9月`, `2026年第三季度` or `2026年`. */
export function periodInWords(period: string): string {
  const year = period.slice(0, 4)
  if (period.includes('Q')) return `${year}年第${'一二三四'[Number(period[6]) - 1]}季度`
  return period.length === 4 ? `${year}年` : `${year}年${Number(period.slice(5, 7))}月`
}

/** `9月8日`. */
export function dayInWords(date: LocalDate): string {
  return `${Number(date.slice(5, 7))}月${Number(date.slice(8, 10))}日`
}

/** `2026年9月8日`. */
export function dateInWords(date: LocalDate): string {
  return `${date.slice(0, 4)}年${dayInWords(date)}`
}
