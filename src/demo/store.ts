import { sql } from 'kysely'
import { inside } from '../areas/store.ts'
import type { Database } from '../database/connect.ts'
import type { AiringRow } from '../database/schema.ts'
import type { Instant } from '../instant.ts'

/** Rows a statement may hold: SQLite allows 32,766 bound values. */
const BATCH = 1000

const MARK = 'demo'

/** What a demo county says of itself, so that its passwords are never mistaken for a real station's. */
export type DemoMark = { madeAt: Instant; villages: number; households: number; loudspeakers: number }

export async function demoMark(db: Database): Promise<DemoMark | undefined> {
  const row = await db.selectFrom('settings').select('valueJson').where('name', '=', MARK).executeTakeFirst()
  return row && (JSON.parse(row.valueJson) as DemoMark)
}

export async function markDemo(db: Database, mark: DemoMark): Promise<void> {
  await db
    .insertInto('settings')
    .values({ name: MARK, valueJson: JSON.stringify(mark) })
    .execute()
}

/** Whether anything but the demo stands in the database: a county that people made is never written over. */
export async function holdsCounty(db: Database): Promise<boolean> {
  return (await db.selectFrom('areas').select('code').limit(1).executeTakeFirst()) !== undefined
}

/** Airings as they ended. Their sums are set when their deliveries are added. */
export async function addPastAirings(db: Database, airings: AiringRow[]): Promise<void> {
  for (let start = 0; start < airings.length; start += BATCH) {
    await db
      .insertInto('airings')
      .values(airings.slice(start, start + BATCH))
      .execute()
  }
}

export type PastDelivery = {
  airingId: string
  areaCode: string
  sentAt: Instant
  fetchedAt: Instant
  startedAt: Instant
  finishedAt: Instant
  playedSeconds: number
  plays: number
  /** Loudspeakers that were silent that day. */
  missedBy: string[]
  /** Whether each receipt is written too, or only what they came to. */
  withReceipts: boolean
}

/** Writes an airing's deliveries to every loudspeaker of its area in a few statements, however many there are. */
export async function addPastDeliveries(db: Database, past: PastDelivery): Promise<void> {
  const { airingId, sentAt, fetchedAt, startedAt, finishedAt, playedSeconds, plays } = past
  await db
    .insertInto('deliveries')
    .columns([
      'airingId',
      'terminalId',
      'state',
      'plannedAt',
      'sentAt',
      'fetchedAt',
      'startedAt',
      'finishedAt',
      'playedSeconds',
      'plays',
    ])
    .expression((expression) =>
      expression
        .selectFrom('terminals')
        .select([
          sql<string>`${airingId}`.as('airingId'),
          'id as terminalId',
          sql<'finished'>`'finished'`.as('state'),
          sql<string>`${sentAt}`.as('plannedAt'),
          sql<string>`${sentAt}`.as('sentAt'),
          sql<string>`${fetchedAt}`.as('fetchedAt'),
          sql<string>`${startedAt}`.as('startedAt'),
          sql<string>`${finishedAt}`.as('finishedAt'),
          sql<number>`cast(${playedSeconds} as double precision)`.as('playedSeconds'),
          sql<number>`cast(${plays} as integer)`.as('plays'),
        ])
        .where('kind', '=', 'loudspeaker')
        .where(inside('areaCode', past.areaCode)),
    )
    .execute()
  if (past.missedBy.length > 0) {
    await db
      .updateTable('deliveries')
      .set({ state: 'missed', fetchedAt: null, startedAt: null, finishedAt: null, playedSeconds: 0, plays: 0 })
      .where('airingId', '=', airingId)
      .where('terminalId', 'in', past.missedBy)
      .execute()
  }
  if (past.withReceipts) {
    await addReceipts(db, airingId, 'fetched', fetchedAt, null)
    await addReceipts(db, airingId, 'started', startedAt, null)
    await addReceipts(db, airingId, 'finished', finishedAt, playedSeconds)
  }
  const sums = await db
    .selectFrom('deliveries')
    .select((expression) => [
      expression.fn.countAll<number>().as('deliveryCount'),
      expression.fn.countAll<number>().filterWhere('state', '=', 'finished').as('heardCount'),
      expression.fn.sum<number>('playedSeconds').as('reportedSeconds'),
    ])
    .where('airingId', '=', airingId)
    .executeTakeFirstOrThrow()
  await db
    .updateTable('airings')
    .set({
      deliveryCount: sums.deliveryCount,
      heardCount: sums.heardCount,
      reportedSeconds: sums.reportedSeconds ?? 0,
    })
    .where('id', '=', airingId)
    .execute()
}

async function addReceipts(
  db: Database,
  airingId: string,
  kind: 'fetched' | 'started' | 'finished',
  at: Instant,
  playedSeconds: number | null,
): Promise<void> {
  await db
    .insertInto('receipts')
    .columns(['terminalId', 'receiptId', 'airingId', 'kind', 'at', 'playedSeconds', 'receivedAt'])
    .expression((expression) =>
      expression
        .selectFrom('deliveries')
        .select([
          'terminalId',
          sql<string>`${`${airingId}-${kind}`}`.as('receiptId'),
          'airingId',
          sql<typeof kind>`${kind}`.as('kind'),
          sql<string>`${at}`.as('at'),
          sql<number | null>`cast(${playedSeconds} as double precision)`.as('playedSeconds'),
          sql<string>`${at}`.as('receivedAt'),
        ])
        .where('airingId', '=', airingId)
        .where('state', '=', 'finished'),
    )
    .execute()
}
