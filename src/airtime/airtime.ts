import { requireArea } from '../areas/division.ts'
import type { Database } from '../database/connect.ts'
import { notFound } from '../errors.ts'
import type { Instant } from '../instant.ts'
import type { Person } from '../web/guard.ts'
import { DELIVERY_DAYS_LIMIT, merged, REPORT_DAYS_LIMIT, requireDays, totalOf } from './report.ts'
import type { Grouping, Report } from './report.ts'
import {
  airingsAbove,
  airingsInside,
  deliveriesOf,
  terminalPlace,
  terminalsInside,
  type Days,
  type Part,
  type Span,
  type TerminalDelivery,
  type TerminalFigures,
} from './store.ts'

export const DELIVERIES_LIMIT = 1000
const FOREVER: Instant = '9999-12-31T23:59:59.999Z'

export type Airtime = ReturnType<typeof createAirtime>

/** What was on air, where, for how long, and what the loudspeakers said of it. Reads through a handle that cannot write. */
export function createAirtime(parts: { reader: Database; zone: string }) {
  const { reader, zone } = parts

  const rowsOf = async (span: Span, by: Grouping, part: Part) =>
    merged([...(await airingsInside(reader, span, by, part)), ...(await airingsAbove(reader, span, by, part, zone))])

  return {
    /**
     * Airings of an area from one civil day to another, both included, with those of the areas that contain it as far as its own
     * loudspeakers are concerned. Drills stand apart and in no sum, and so does what is not due by `now`; without `now` everything is due. Throws `forbidden`, `invalid` over 397 days.
     */
    report: async (by: Person, span: Span, grouping: Grouping, now: Instant = FOREVER): Promise<Report> => {
      requireArea(by, span.areaCode)
      requireDays(span.from, span.to, REPORT_DAYS_LIMIT)
      const rows = await rowsOf(span, grouping, { of: 'due', now })
      const drills = totalOf(await rowsOf(span, 'class', { of: 'drills', now }))
      const coming = totalOf(await rowsOf(span, 'class', { of: 'coming', now }))
      return { rows, total: totalOf(rows), drills, coming }
    },

    /** Each loudspeaker of an area with what came of its deliveries. Throws `forbidden`, `invalid` over 31 days. */
    terminals: async (
      by: Person,
      span: Span,
      page: { limit: number; after?: string | undefined },
      now: Instant = FOREVER,
    ): Promise<TerminalFigures[]> => {
      requireArea(by, span.areaCode)
      requireDays(span.from, span.to, DELIVERY_DAYS_LIMIT)
      return terminalsInside(reader, span, page, now, zone)
    },

    /** The deliveries of one loudspeaker, newest first, with every receipt. Throws `not-found`, `forbidden`, `invalid` over 31 days. */
    terminal: async (
      by: Person,
      id: string,
      days: Days,
    ): Promise<{ name: string; areaCode: string; deliveries: TerminalDelivery[] }> => {
      const terminal = await terminalPlace(reader, id)
      if (!terminal) throw notFound('没有这个终端', 'There is no such terminal')
      requireArea(by, terminal.areaCode)
      requireDays(days.from, days.to, DELIVERY_DAYS_LIMIT)
      const deliveries = await deliveriesOf(reader, id, days, DELIVERIES_LIMIT, zone)
      return { name: terminal.name, areaCode: terminal.areaCode, deliveries }
    },
  }
}
