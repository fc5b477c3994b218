import { sql } from 'kysely'
import { chainOf } from '../areas/division.ts'
import { inside } from '../areas/store.ts'
import type { Database } from '../database/connect.ts'
import { addDays, instantAt, type Instant, type LocalDate } from '../instant.ts'
import type { Grouping, ReportRow } from './report.ts'

/** Civil days, both included. */
export type Days = { from: LocalDate; to: LocalDate }
export type Span = Days & { areaCode: string }

/** Which airings are counted: the programme that is due by now, the drills that are, or the programme still to come. */
export type Part = { of: 'due' | 'drills' | 'coming'; now: Instant }

/** The airings of an area and everything inside it, counted. One pass over the airings: their sums over deliveries stand on them. */
export async function airingsInside(db: Database, span: Span, by: Grouping, part: Part): Promise<ReportRow[]> {
  return counted(db, by, part)
    .where('airings.localDate', '>=', span.from)
    .where('airings.localDate', '<=', span.to)
    .where(inside('airings.areaCode', span.areaCode))
    .select((expression) => [
      expression.fn.sum<number>('airings.deliveryCount').as('deliveries'),
      expression.fn.sum<number>('airings.heardCount').as('heard'),
      sql<number>`sum(${PLANNED} * "airings"."deliveryCount")`.as('plannedSpeakerSeconds'),
      expression.fn.sum<number>('airings.reportedSeconds').as('reportedSeconds'),
    ])
    .execute()
}

/** The airings of the areas that contain an area, counted with the deliveries to its own loudspeakers alone. */
export async function airingsAbove(
  db: Database,
  span: Span,
  by: Grouping,
  part: Part,
  zone: string,
): Promise<ReportRow[]> {
  const above = chainOf(span.areaCode).slice(1)
  if (above.length === 0) return []
  const [plannedFrom, plannedTo] = plannedWithin(span, zone)
  const own = db
    .selectFrom('terminals')
    .innerJoin('deliveries', 'deliveries.terminalId', 'terminals.id')
    .select((expression) => [
      'deliveries.airingId as airingId',
      expression.fn.countAll<number>().as('deliveries'),
      expression.fn.countAll<number>().filterWhere('deliveries.startedAt', 'is not', null).as('heard'),
      expression.fn.sum<number>('deliveries.playedSeconds').as('reportedSeconds'),
    ])
    .where(inside('terminals.areaCode', span.areaCode))
    .where('deliveries.plannedAt', '>=', plannedFrom)
    .where('deliveries.plannedAt', '<', plannedTo)
    .groupBy('deliveries.airingId')
  return counted(db, by, part)
    .leftJoin(own.as('own'), 'own.airingId', 'airings.id')
    .where('airings.localDate', '>=', span.from)
    .where('airings.localDate', '<=', span.to)
    .where('airings.areaCode', 'in', above)
    .select([
      sql<number>`coalesce(sum(cast("own"."deliveries" as double precision)), 0)`.as('deliveries'),
      sql<number>`coalesce(sum(cast("own"."heard" as double precision)), 0)`.as('heard'),
      sql<number>`coalesce(sum(${PLANNED} * "own"."deliveries"), 0)`.as('plannedSpeakerSeconds'),
      sql<number>`coalesce(sum("own"."reportedSeconds"), 0)`.as('reportedSeconds'),
    ])
    .execute()
}

/**
 * When the deliveries of these days' airings can have been planned: by the index on it they are found, by the airing's day they are told.
 * A plan is made a day ahead, and at the latest when a station that was away for a week comes back.
 */
function plannedWithin(days: Days, zone: string): [Instant, Instant] {
  return [instantAt(addDays(days.from, -3), '00:00', zone), instantAt(addDays(days.to, 9), '00:00', zone)]
}

/** An alert repeats until it ends: what was planned is what was on air, once that is more than its words said once. */
const PLANNED = sql<number>`case when "airings"."playedSeconds" > "airings"."plannedSeconds"
  then "airings"."playedSeconds" else "airings"."plannedSeconds" end`

const KEYS = {
  area: sql<string>`"airings"."areaCode"`,
  day: sql<string>`"airings"."localDate"`,
  bulletin: sql<string>`coalesce("airings"."bulletinId", "airings"."alertId", '')`,
  class: sql<string>`"airings"."class"`,
  voice: sql<string>`coalesce("recordings"."voice", '')`,
} as const satisfies Record<Grouping, unknown>

const NAMES = {
  area: sql<string>`coalesce(max("areas"."name"), '')`,
  day: sql<string>`max("airings"."localDate")`,
  bulletin: sql<string>`max("airings"."title")`,
  class: sql<string>`max("airings"."class")`,
  voice: sql<string>`coalesce(max("recordings"."voice"), '')`,
} as const satisfies Record<Grouping, unknown>

function counted(db: Database, by: Grouping, { of, now }: Part) {
  return db
    .selectFrom('airings')
    .leftJoin('areas', 'areas.code', 'airings.areaCode')
    .leftJoin('recordings', 'recordings.key', 'airings.recordingKey')
    .where('airings.class', of === 'drills' ? '=' : '!=', 'drill')
    .where('airings.dueAt', of === 'coming' ? '>' : '<=', now)
    .select(({ fn }) => [
      KEYS[by].as('key'),
      NAMES[by].as('name'),
      fn.countAll<number>().as('airings'),
      fn.countAll<number>().filterWhere('airings.startedAt', 'is not', null).as('onAir'),
      fn.countAll<number>().filterWhere('airings.state', '=', 'aired').as('finished'),
      fn.countAll<number>().filterWhere('airings.state', '=', 'pre-empted').as('preempted'),
      fn.countAll<number>().filterWhere('airings.state', 'in', ['failed', 'expired']).as('failed'),
      fn.countAll<number>().filterWhere('airings.state', '=', 'cancelled').as('cancelled'),
      sql<number>`sum(${PLANNED})`.as('plannedSeconds'),
      fn.sum<number>('airings.playedSeconds').as('airedSeconds'),
    ])
    .groupBy(KEYS[by])
}

export type TerminalFigures = {
  terminalId: string
  name: string
  areaCode: string
  deliveries: number
  heard: number
  finished: number
  preempted: number
  failed: number
  missed: number
  reportedSeconds: number
}

/** Each loudspeaker of an area with what came of its deliveries of some civil days' airings that are due; drills are not counted. */
export async function terminalsInside(
  db: Database,
  span: Span,
  page: { limit: number; after?: string | undefined },
  now: Instant,
  zone: string,
): Promise<TerminalFigures[]> {
  const [plannedFrom, plannedTo] = plannedWithin(span, zone)
  let terminals = db
    .selectFrom('terminals')
    .select(['id', 'name', 'areaCode'])
    .where('kind', '=', 'loudspeaker')
    .where(inside('areaCode', span.areaCode))
  if (page.after) terminals = terminals.where('id', '>', page.after)
  return db
    .selectFrom(terminals.orderBy('id').limit(page.limit).as('terminals'))
    .leftJoin('deliveries', (join) =>
      join
        .onRef('deliveries.terminalId', '=', 'terminals.id')
        .on('deliveries.plannedAt', '>=', plannedFrom)
        .on('deliveries.plannedAt', '<', plannedTo),
    )
    .leftJoin('airings', (join) =>
      join
        .onRef('airings.id', '=', 'deliveries.airingId')
        .on('airings.class', '!=', 'drill')
        .on('airings.dueAt', '<=', now)
        .on('airings.localDate', '>=', span.from)
        .on('airings.localDate', '<=', span.to),
    )
    .select(({ fn }) => [
      'terminals.id as terminalId',
      'terminals.name',
      'terminals.areaCode',
      fn.count<number>('airings.id').as('deliveries'),
      fn.count<number>('airings.id').filterWhere('deliveries.startedAt', 'is not', null).as('heard'),
      fn.count<number>('airings.id').filterWhere('deliveries.state', '=', 'finished').as('finished'),
      fn.count<number>('airings.id').filterWhere('deliveries.state', '=', 'pre-empted').as('preempted'),
      fn.count<number>('airings.id').filterWhere('deliveries.state', '=', 'failed').as('failed'),
      fn.count<number>('airings.id').filterWhere('deliveries.state', '=', 'missed').as('missed'),
      sql<number>`coalesce(sum(case when "airings"."id" is not null then "deliveries"."playedSeconds" end), 0)`.as(
        'reportedSeconds',
      ),
    ])
    .groupBy(['terminals.id', 'terminals.name', 'terminals.areaCode'])
    .orderBy('terminals.id')
    .execute()
}

export async function terminalPlace(
  db: Database,
  id: string,
): Promise<{ id: string; name: string; areaCode: string } | undefined> {
  return db.selectFrom('terminals').select(['id', 'name', 'areaCode']).where('id', '=', id).executeTakeFirst()
}

export type TerminalDelivery = {
  airingId: string
  title: string
  class: 'alert' | 'drill' | 'notice' | 'daily'
  dueAt: Instant
  state: string
  sentAt: Instant | null
  fetchedAt: Instant | null
  startedAt: Instant | null
  finishedAt: Instant | null
  playedSeconds: number
  plays: number
  reason: string | null
  receipts: {
    airingId: string
    receiptId: string
    kind: string
    at: Instant
    playedSeconds: number | null
    reason: string | null
    receivedAt: Instant
  }[]
}

/** The deliveries of some civil days' airings to a loudspeaker, newest first, each with its receipts. */
export async function deliveriesOf(
  db: Database,
  terminalId: string,
  days: Days,
  limit: number,
  zone: string,
): Promise<TerminalDelivery[]> {
  const [plannedFrom, plannedTo] = plannedWithin(days, zone)
  const rows = await db
    .selectFrom('deliveries')
    .innerJoin('airings', 'airings.id', 'deliveries.airingId')
    .select([
      'deliveries.airingId',
      'airings.title',
      'airings.class',
      'airings.dueAt',
      'deliveries.state',
      'deliveries.sentAt',
      'deliveries.fetchedAt',
      'deliveries.startedAt',
      'deliveries.finishedAt',
      'deliveries.playedSeconds',
      'deliveries.plays',
      'deliveries.reason',
    ])
    .where('deliveries.terminalId', '=', terminalId)
    .where('deliveries.plannedAt', '>=', plannedFrom)
    .where('deliveries.plannedAt', '<', plannedTo)
    .where('airings.localDate', '>=', days.from)
    .where('airings.localDate', '<=', days.to)
    .orderBy('airings.dueAt', 'desc')
    .orderBy('deliveries.airingId', 'desc')
    .limit(limit)
    .execute()
  if (rows.length === 0) return []
  const receipts = await db
    .selectFrom('receipts')
    .select(['airingId', 'receiptId', 'kind', 'at', 'playedSeconds', 'reason', 'receivedAt'])
    .where('terminalId', '=', terminalId)
    .where(
      'airingId',
      'in',
      rows.map((row) => row.airingId),
    )
    .orderBy('at')
    .orderBy('receiptId')
    .execute()
  const byAiring = Map.groupBy(receipts, (receipt) => receipt.airingId)
  return rows.map((row) => ({ ...row, receipts: byAiring.get(row.airingId) ?? [] }))
}
