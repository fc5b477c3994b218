import { requireArea } from '../areas/division.ts'
import type { Database } from '../database/connect.ts'
import { notFound } from '../errors.ts'
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
  type Span,
  type TerminalDelivery,
  type TerminalFigures,
} from './store.ts'

export const DELIVERIES_LIMIT = 1000

export type Airtime = ReturnType<typeof createAirtime>

/** What was on air, where, for how long, and what the loudspeakers said of it. Reads through a handle that cannot write. */
export function createAirtime(parts: { reader: Database; zone: string }) {
  const { reader, zone } = parts

  const rowsOf = async (span: Span, by: Grouping, isDrill: boolean) =>
    merged([
      ...(await airingsInside(reader, span, by, isDrill)),
      ...(await airingsAbove(reader, span, by, isDrill, zone)),
    ])

  return {
    /**
     * Airings of an area from one civil day to another, both included, with those of the areas that contain it as far as its own
     * loudspeakers are concerned. Drills stand apart and in no sum. Throws `forbidden`, `invalid` over 397 days.
     */
    report: async (by: Person, span: Span, grouping: Grouping): Promise<Report> => {
      requireArea(by, span.areaCode)
      requireDays(span.from, span.to, REPORT_DAYS_LIMIT)
      const rows = await rowsOf(span, grouping, false)
      return { rows, total: totalOf(rows), drills: totalOf(await rowsOf(span, 'class', true)) }
    },

    /** Each loudspeaker of an area with what came of its deliveries. Throws `forbidden`, `invalid` over 31 days. */
    terminals: async (
      by: Person,
      span: Span,
      page: { limit: number; after?: string | undefined },
    ): Promise<TerminalFigures[]> => {
      requireArea(by, span.areaCode)
      requireDays(span.from, span.to, DELIVERY_DAYS_LIMIT)
      return terminalsInside(reader, span, page, zone)
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
