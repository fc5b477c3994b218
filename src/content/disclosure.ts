import type { Area } from '../areas/division.ts'
import { addDays, civil, type Instant, type LocalDate } from '../instant.ts'
import { sectionLevels, type ColumnRule } from './draft.ts'
import { dueDate, latestDue, periodLengthOf } from './period.ts'
import type { Disclosed } from './store.ts'

/** Something an area has to disclose: in a column, for a period, by a day. */
export type Duty = {
  areaCode: string
  areaName: string
  columnId: string
  period: string
  /** The last day on which it is in time. */
  dueDate: LocalDate
  publishedAt: Instant | null
  /** `pending` is not published and not yet due. */
  state: 'in-time' | 'late' | 'missing' | 'pending'
}

/** The periods that are asked about: one for all columns of its length, or of each column the newest that has fallen due. */
export function periodsAsked(
  columns: readonly ColumnRule[],
  period: string | undefined,
  today: LocalDate,
): { column: ColumnRule; period: string; dueDate: LocalDate }[] {
  return columns.flatMap((column) => {
    if (column.period === null || column.dueDay === null) return []
    if (period !== undefined && periodLengthOf(period) !== column.period) return []
    const asked = period ?? latestDue(today, column.period, column.dueDay)
    return [{ column, period: asked, dueDate: dueDate(asked, column.dueDay) }]
  })
}

/** Every duty of the areas, each with how it was met. Areas that are not valid on the due day owe nothing. */
export function dutiesOf(parts: {
  areas: Area[]
  asked: ReturnType<typeof periodsAsked>
  disclosed: Disclosed[]
  today: LocalDate
  zone: string
}): Duty[] {
  const published = new Map(
    parts.disclosed.map((each) => [`${each.areaCode} ${each.columnId} ${each.period}`, each.publishedAt]),
  )
  return parts.asked.flatMap(({ column, period, dueDate }) =>
    parts.areas
      .filter((area) => area.level === sectionLevels[column.sectionId] && isValid(area, dueDate))
      .map((area): Duty => {
        const publishedAt = published.get(`${area.code} ${column.id} ${period}`) ?? null
        return {
          areaCode: area.code,
          areaName: area.name,
          columnId: column.id,
          period,
          dueDate,
          publishedAt,
          state: stateOf(publishedAt, dueDate, parts.today, parts.zone),
        }
      }),
  )
}

function stateOf(publishedAt: Instant | null, dueDate: LocalDate, today: LocalDate, zone: string): Duty['state'] {
  if (publishedAt === null) return today > dueDate ? 'missing' : 'pending'
  return civil(publishedAt, zone).date > dueDate ? 'late' : 'in-time'
}

function isValid(area: Area, date: LocalDate): boolean {
  return (
    (area.validFrom === null || area.validFrom <= date) && (area.validTo === null || addDays(area.validTo, 1) > date)
  )
}
