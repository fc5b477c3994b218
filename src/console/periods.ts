/** The civil periods that a column discloses: `2026`, `2026-Q3`, `2026-09`. */

export type PeriodLength = 'month' | 'quarter' | 'year'

/** The latest periods of a length, the one of the date first. */
export function recentPeriods(date: string, length: PeriodLength, count: number): string[] {
  const year = Number(date.slice(0, 4))
  const month = Number(date.slice(5, 7)) - 1
  return Array.from({ length: count }, (_each, back) => {
    if (length === 'year') return String(year - back)
    const months = year * 12 + month
    if (length === 'month') {
      const then = months - back
      return `${Math.floor(then / 12)}-${String((then % 12) + 1).padStart(2, '0')}`
    }
    const quarter = Math.floor(months / 3) - back
    return `${Math.floor(quarter / 4)}-Q${(quarter % 4) + 1}`
  })
}
