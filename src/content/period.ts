import { addDays, type LocalDate } from '../instant.ts'

/** The civil periods that are disclosed: `2026`, `2026-Q3`, `2026-09`. */

export const periodLengths = ['month', 'quarter', 'year'] as const
export type PeriodLength = (typeof periodLengths)[number]

/** How long the period is, or `undefined` when the text is none. */
export function periodLengthOf(period: string): PeriodLength | undefined {
  if (/^[12]\d{3}$/.test(period)) return 'year'
  if (/^[12]\d{3}-Q[1-4]$/.test(period)) return 'quarter'
  if (/^[12]\d{3}-(0[1-9]|1[0-2])$/.test(period)) return 'month'
  return undefined
}

/** The last month of the period (`2026-Q3` → `2026-09`), by which periods of any length sort; empty for no period. */
export function lastMonthOf(period: string): string {
  const length = periodLengthOf(period)
  if (length === undefined) return ''
  if (length === 'month') return period
  const month = length === 'year' ? 12 : Number(period[6]) * 3
  return `${period.slice(0, 4)}-${twoDigits(month)}`
}

/** The period of that length which a civil date lies in. */
export function periodAt(date: LocalDate, length: PeriodLength): string {
  const year = date.slice(0, 4)
  if (length === 'year') return year
  if (length === 'month') return date.slice(0, 7)
  return `${year}-Q${Math.ceil(Number(date.slice(5, 7)) / 3)}`
}

/** The civil day after the period's last. */
export function endOf(period: string): LocalDate {
  const [year, month] = lastMonthOf(period).split('-').map(Number) as [number, number]
  return month === 12 ? `${year + 1}-01-01` : `${year}-${twoDigits(month + 1)}-01`
}

/** The last day on which the period is disclosed in time: the `dueDay`-th of the period that follows. */
export function dueDate(period: string, dueDay: number): LocalDate {
  return addDays(endOf(period), dueDay - 1)
}

/** Whether a civil date lies in the period. */
export function isInside(date: LocalDate, period: string): boolean {
  const length = periodLengthOf(period)
  return length !== undefined && periodAt(date, length) === period
}

/** The newest period of that length whose due day is over at the date: the one a supervisor asks after. */
export function latestDue(date: LocalDate, length: PeriodLength, dueDay: number): string {
  let period = periodAt(date, length)
  while (dueDate(period, dueDay) >= date) period = before(period)
  return period
}

function before(period: string): string {
  const length = periodLengthOf(period)!
  const first = length === 'year' ? 12 : length === 'quarter' ? 3 : 1
  const [year, month] = lastMonthOf(period).split('-').map(Number) as [number, number]
  const start = `${year}-${twoDigits(month - first + 1)}-01`
  return periodAt(addDays(start, -1), length)
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0')
}
