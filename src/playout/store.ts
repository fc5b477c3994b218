import { sql, type ExpressionBuilder } from 'kysely'
import { chainOf, contains } from '../areas/division.ts'
import { inside } from '../areas/store.ts'
import type { Receipt } from '../codecs/speaker-link.ts'
import type { Database } from '../database/connect.ts'
import type { AiringRow, BulletinRow, ScheduleRow, Schema } from '../database/schema.ts'
import type { Text } from '../errors.ts'
import type { Instant, LocalDate } from '../instant.ts'
import type { LiveAiring, Move } from './decide.ts'
import {
  boundsOf,
  deliveryAfter,
  isHeard,
  planned,
  receiptLimit,
  type Delivery,
  type DeliveryState,
} from './delivery.ts'
import type { Rule } from './recurrence.ts'

/** Rows a statement may hold: SQLite allows 32,766 bound values. */
const BATCH = 1000
const AIRINGS_LIMIT = 5000

// Schedules

export type Schedule = Omit<ScheduleRow, 'targetsJson' | 'ruleJson'> & { targets: string[]; rule: Rule }

/** A schedule with what planning needs to know of its bulletin. */
export type PlannedSchedule = Schedule & {
  bulletin: {
    class: 'notice' | 'daily' | 'emergency'
    afterPreemption: 'resume' | 'restart' | 'drop'
    recordingKey: string | null
  }
}

export async function addSchedule(db: Database, schedule: Schedule): Promise<void> {
  const { targets, rule, ...columns } = schedule
  await db
    .insertInto('schedules')
    .values({ ...columns, targetsJson: JSON.stringify(targets), ruleJson: JSON.stringify(rule) })
    .execute()
}

export async function saveSchedule(db: Database, schedule: Schedule): Promise<void> {
  const { id, targets, rule, ...columns } = schedule
  await db
    .updateTable('schedules')
    .set({ ...columns, targetsJson: JSON.stringify(targets), ruleJson: JSON.stringify(rule) })
    .where('id', '=', id)
    .execute()
}

/** Ends schedules of which no airing is due, on the air or waiting to return to it. */
export async function endSchedules(db: Database, ids: string[], now: Instant): Promise<void> {
  for (let start = 0; start < ids.length; start += BATCH) {
    await db
      .updateTable('schedules')
      .set({ state: 'ended', updatedAt: now })
      .where('id', 'in', ids.slice(start, start + BATCH))
      .where('state', '=', 'active')
      .where((expression) =>
        expression.not(
          expression.exists(
            expression
              .selectFrom('airings')
              .select('airings.id')
              .whereRef('airings.scheduleId', '=', 'schedules.id')
              .where('airings.endedAt', 'is', null),
          ),
        ),
      )
      .execute()
  }
}

export async function scheduleOf(db: Database, id: string): Promise<Schedule | undefined> {
  const row = await db.selectFrom('schedules').selectAll().where('id', '=', id).executeTakeFirst()
  return row && scheduleFrom(row)
}

/** Schedules made for an area or inside it, newest first. */
export async function schedulesInside(
  db: Database,
  areaCode: string,
  page: { limit: number; after?: string | undefined; state?: ScheduleRow['state'] | undefined },
): Promise<(Schedule & { bulletinTitle: string })[]> {
  let query = db
    .selectFrom('schedules')
    .innerJoin('bulletins', 'bulletins.id', 'schedules.bulletinId')
    .selectAll('schedules')
    .select('bulletins.title as bulletinTitle')
    .where(inside('schedules.areaCode', areaCode))
  if (page.after) query = query.where('schedules.id', '<', page.after)
  if (page.state) query = query.where('schedules.state', '=', page.state)
  const rows = await query.orderBy('schedules.id', 'desc').limit(page.limit).execute()
  return rows.map(({ bulletinTitle, ...row }) => ({ ...scheduleFrom(row), bulletinTitle }))
}

/** Active schedules in the order they were made. One whose rule can't be read comes as `undefined` under its id. */
export async function activeSchedules(db: Database): Promise<Map<string, PlannedSchedule | undefined>> {
  const rows = await db
    .selectFrom('schedules')
    .innerJoin('bulletins', 'bulletins.id', 'schedules.bulletinId')
    .selectAll('schedules')
    .select([
      'bulletins.class as bulletinClass',
      'bulletins.afterPreemption as afterPreemption',
      'bulletins.recordingKey as recordingKey',
    ])
    .where('schedules.state', '=', 'active')
    .where('bulletins.state', '!=', 'retired')
    .orderBy('schedules.id')
    .execute()
  return new Map(
    rows.map(({ bulletinClass, afterPreemption, recordingKey, ...row }) => {
      try {
        return [
          row.id,
          { ...scheduleFrom(row), bulletin: { class: bulletinClass, afterPreemption, recordingKey } },
        ] as const
      } catch {
        return [row.id, undefined] as const
      }
    }),
  )
}

function scheduleFrom({ targetsJson, ruleJson, ...row }: ScheduleRow): Schedule {
  return { ...row, targets: JSON.parse(targetsJson) as string[], rule: JSON.parse(ruleJson) as Rule }
}

export async function bulletinOf(
  db: Database,
  id: string,
): Promise<Pick<BulletinRow, 'id' | 'title' | 'class' | 'state' | 'areaCode'> | undefined> {
  return db
    .selectFrom('bulletins')
    .select(['id', 'title', 'class', 'state', 'areaCode'])
    .where('id', '=', id)
    .executeTakeFirst()
}

// Airings

export type NewAiring = Pick<
  AiringRow,
  | 'id'
  | 'scheduleId'
  | 'alertId'
  | 'bulletinId'
  | 'areaCode'
  | 'localDate'
  | 'slot'
  | 'class'
  | 'title'
  | 'precedence'
  | 'dueAt'
  | 'untilAt'
  | 'recordingKey'
  | 'plannedSeconds'
  | 'repeatEverySeconds'
  | 'afterPreemption'
>

/** Adds airings that are not there yet; answers the ids of those that were new. */
export async function addAirings(db: Database, airings: NewAiring[]): Promise<Set<string>> {
  const added = new Set<string>()
  for (let start = 0; start < airings.length; start += BATCH) {
    const rows = await db
      .insertInto('airings')
      .values(
        airings.slice(start, start + BATCH).map((airing) => ({
          ...airing,
          state: 'due' as const,
          startedAt: null,
          endedAt: null,
          playedSeconds: 0,
          onAirSince: null,
          preemptedAt: null,
          preemptedBy: null,
          sentAt: null,
          deliveryCount: 0,
          heardCount: 0,
          reportedSeconds: 0,
          reason: null,
        })),
      )
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .execute()
    for (const { id } of rows) added.add(id)
  }
  return added
}

const LIVE = [
  'airings.id',
  'airings.areaCode',
  'airings.title',
  'airings.precedence',
  'airings.dueAt',
  'airings.untilAt',
  'airings.state',
  'airings.plannedSeconds',
  'airings.repeatEverySeconds',
  'airings.afterPreemption',
  'airings.playedSeconds',
  'airings.onAirSince',
  'airings.sentAt',
] as const

/** What else a loudspeaker, a listener and a screen need to know of an airing that is not over. */
export type CurrentAiring = LiveAiring & {
  alertId: string | null
  bulletinId: string | null
  class: AiringRow['class']
  startedAt: Instant | null
  /** The recording, when it is ready. */
  hash: string | null
  recordingReadyAt: Instant | null
  /** 1 to 4, of an alert. */
  severity: number | null
}

/** Airings that are not over and due by an instant, with their obstacles. */
export async function currentAirings(
  db: Database,
  dueBy: Instant,
  filter: { areaCodes?: string[]; alertId?: string; scheduleId?: string } = {},
): Promise<CurrentAiring[]> {
  let query = current(db)
    .where('airings.endedAt', 'is', null)
    // A clock that was set back leaves on air what had begun.
    .where((expression) =>
      expression.or([expression('airings.dueAt', '<=', dueBy), expression('airings.state', '!=', 'due')]),
    )
  if (filter.areaCodes) query = query.where('airings.areaCode', 'in', filter.areaCodes)
  if (filter.alertId) query = query.where('airings.alertId', '=', filter.alertId)
  if (filter.scheduleId) query = query.where('airings.scheduleId', '=', filter.scheduleId)
  return (await query.orderBy('airings.dueAt').orderBy('airings.id').execute()).map(currentFrom)
}

/** Airings that ended regularly, but that a loudspeaker which was taken by something else may still return to. */
export async function returnableAirings(db: Database, dueFrom: Instant): Promise<CurrentAiring[]> {
  const rows = await current(db)
    .where('airings.state', '=', 'aired')
    .where('airings.dueAt', '>=', dueFrom)
    .where('airings.alertId', 'is', null)
    .orderBy('airings.dueAt')
    .orderBy('airings.id')
    .execute()
  return rows.map(currentFrom)
}

export async function currentAiring(db: Database, id: string): Promise<CurrentAiring | undefined> {
  const row = await current(db).where('airings.id', '=', id).where('airings.endedAt', 'is', null).executeTakeFirst()
  return row && currentFrom(row)
}

function current(db: Database) {
  return db
    .selectFrom('airings')
    .leftJoin('recordings', 'recordings.key', 'airings.recordingKey')
    .leftJoin('alerts', 'alerts.id', 'airings.alertId')
    .select(LIVE)
    .select([
      'airings.alertId',
      'airings.bulletinId',
      'airings.class',
      'airings.startedAt',
      'recordings.state as recordingState',
      'recordings.hash as hash',
      'recordings.reason as recordingReason',
      'recordings.finishedAt as recordingReadyAt',
      'alerts.severity as severity',
    ])
}

type CurrentRow = Omit<CurrentAiring, 'state' | 'obstacle'> & {
  state: AiringRow['state']
  recordingState: 'pending' | 'ready' | 'failed' | null
  recordingReason: string | null
}

function currentFrom({ recordingState, recordingReason, ...row }: CurrentRow): CurrentAiring {
  const isReady = recordingState === 'ready' && row.hash !== null
  return {
    ...row,
    state: row.state as LiveAiring['state'],
    hash: isReady ? row.hash : null,
    recordingReadyAt: isReady ? row.recordingReadyAt : null,
    // An alert never waits for its words: its siren is always there.
    obstacle: isReady || row.alertId !== null ? null : obstacleOf(recordingState, recordingReason),
  }
}

function obstacleOf(state: CurrentRow['recordingState'], reason: string | null): Text {
  if (state === 'failed') {
    return {
      zh: `录音合成失败：${reason ?? '原因不明'}`,
      en: `The recording failed: ${reason ?? 'for no known reason'}`,
    }
  }
  return state === 'pending'
    ? { zh: '录音尚未合成', en: 'The recording was not made yet' }
    : { zh: '广播稿没有录音', en: 'The bulletin has no recording' }
}

/** Makes a move, if the airing is still where the move leads from; answers whether it was. */
export async function recordMove(db: Database, move: Move): Promise<boolean> {
  const from = {
    start: ['due'],
    resume: ['pre-empted'],
    restart: ['pre-empted'],
    'pre-empt': ['on-air'],
    finish: ['on-air'],
    expire: ['due', 'pre-empted'],
    cancel: ['due', 'on-air', 'pre-empted'],
  } as const satisfies Record<Move['kind'], readonly AiringRow['state'][]>
  const result = await db
    .updateTable('airings')
    .set(columnsOf(move))
    .where('id', '=', move.airingId)
    .where('state', 'in', [...from[move.kind]])
    .where('endedAt', 'is', null)
    .executeTakeFirst()
  return Number(result.numUpdatedRows) > 0
}

function columnsOf(move: Move): Partial<AiringRow> {
  const { at } = move
  const end = { endedAt: at, onAirSince: null }
  switch (move.kind) {
    case 'start':
      return { state: 'on-air', startedAt: at, onAirSince: at }
    case 'resume':
      return { state: 'on-air', onAirSince: at, playedSeconds: move.playedSeconds, preemptedBy: null }
    case 'restart':
      return { state: 'on-air', onAirSince: at, playedSeconds: 0, preemptedBy: null }
    case 'pre-empt':
      return {
        state: 'pre-empted',
        onAirSince: null,
        playedSeconds: move.playedSeconds,
        preemptedAt: at,
        preemptedBy: move.by,
        reason: JSON.stringify(move.reason),
        ...(move.isFinal ? { endedAt: at } : {}),
      }
    case 'finish':
      return { ...end, state: 'aired', playedSeconds: move.playedSeconds, reason: null }
    case 'expire':
      return { ...end, state: move.state, reason: JSON.stringify(move.reason) }
    case 'cancel':
      break
  }
  return {
    ...end,
    state: 'cancelled',
    playedSeconds: move.playedSeconds,
    reason: JSON.stringify(move.reason),
  }
}

/**
 * Gives airings that haven't begun the recording that their bulletin has now (none while it is being rewritten), and alerts the length of
 * their words; answers how many changed.
 */
export async function refreshRecordings(db: Database): Promise<number> {
  const key = sql<string | null>`case when "airings"."bulletinId" is null then "airings"."recordingKey"
    else "bulletins"."recordingKey" end`
  const stale = await db
    .selectFrom('airings')
    .leftJoin('bulletins', 'bulletins.id', 'airings.bulletinId')
    .leftJoin('recordings', (join) => join.on('recordings.key', '=', key))
    .select(['airings.id', 'airings.plannedSeconds', 'recordings.seconds', 'recordings.state', key.as('key')])
    .where('airings.endedAt', 'is', null)
    .where((expression) =>
      expression.or([expression('airings.state', '=', 'due'), expression('airings.alertId', 'is not', null)]),
    )
    .where((expression) =>
      expression.or([
        expression('airings.recordingKey', 'is distinct from', key),
        expression.and([
          expression('recordings.state', '=', 'ready'),
          expression('airings.plannedSeconds', '!=', expression.ref('recordings.seconds')),
        ]),
      ]),
    )
    .limit(AIRINGS_LIMIT)
    .execute()
  for (const { id, key, seconds, state, plannedSeconds } of stale) {
    const length = state === 'ready' ? (seconds ?? plannedSeconds) : plannedSeconds
    await db.updateTable('airings').set({ recordingKey: key, plannedSeconds: length }).where('id', '=', id).execute()
  }
  return stale.length
}

/** Airings that have not begun, of bulletins that were taken out of use. */
export async function airingsOfRetired(db: Database): Promise<CurrentAiring[]> {
  const rows = await current(db)
    .innerJoin('bulletins', 'bulletins.id', 'airings.bulletinId')
    .where('airings.endedAt', 'is', null)
    .where('airings.state', '=', 'due')
    .where('bulletins.state', '=', 'retired')
    .limit(AIRINGS_LIMIT)
    .execute()
  return rows.map(currentFrom)
}

/** The coming airings of a schedule that have not begun. */
export async function comingOf(
  db: Database,
  scheduleId: string,
  after: Instant,
): Promise<Pick<AiringRow, 'id' | 'areaCode' | 'localDate' | 'slot'>[]> {
  return db
    .selectFrom('airings')
    .select(['id', 'areaCode', 'localDate', 'slot'])
    .where('scheduleId', '=', scheduleId)
    .where('endedAt', 'is', null)
    .where('state', '=', 'due')
    .where('dueAt', '>', after)
    .execute()
}

/** Gives the coming airings of a schedule the title it has now. */
export async function renameComing(db: Database, scheduleId: string, title: string): Promise<void> {
  await db
    .updateTable('airings')
    .set({ title })
    .where('scheduleId', '=', scheduleId)
    .where('endedAt', 'is', null)
    .where('state', '=', 'due')
    .execute()
}

/** Takes back the plan of airings that have not begun, so that the same firing can be planned again. */
export async function unplan(db: Database, airingIds: string[]): Promise<void> {
  for (let start = 0; start < airingIds.length; start += BATCH) {
    const ids = airingIds.slice(start, start + BATCH)
    await db.deleteFrom('deliveries').where('airingId', 'in', ids).execute()
    await db.deleteFrom('airings').where('id', 'in', ids).where('state', '=', 'due').execute()
  }
}

export type Airing = AiringRow & { areaName: string }

export async function airingOf(db: Database, id: string): Promise<Airing | undefined> {
  return airingsWithNames(db).where('airings.id', '=', id).executeTakeFirst()
}

/** The airings of a civil day that sound in an area: its own and those of the areas that contain it, and with `inside` those inside. */
export async function airingsOfDay(
  db: Database,
  areaCode: string,
  date: LocalDate,
  options: { inside: boolean; limit: number },
): Promise<Airing[]> {
  return airingsWithNames(db)
    .where('airings.localDate', '=', date)
    .where(heardIn(areaCode, options.inside))
    .orderBy('airings.dueAt')
    .orderBy('airings.precedence')
    .limit(options.limit)
    .execute()
}

export type DaySums = {
  airings: number
  finished: number
  plannedSeconds: number
  reportedSeconds: number
  /** Airings that are not due yet, and in no other figure. */
  coming: number
}

/**
 * The programme of a civil day in an area, those that contain it and those inside, as far as it is due: how much was planned for the
 * loudspeakers of this area, and what they reported of it.
 */
export async function sumsOfDay(db: Database, areaCode: string, date: LocalDate, now: Instant): Promise<DaySums> {
  const ofDay = db
    .selectFrom('airings')
    .where('airings.localDate', '=', date)
    .where('airings.class', '!=', 'drill')
    .where('airings.state', '!=', 'cancelled')
  const due = ofDay.where('airings.dueAt', '<=', now)
  const longest = sql<number>`case when "airings"."playedSeconds" > "airings"."plannedSeconds"
    then "airings"."playedSeconds" else "airings"."plannedSeconds" end`
  const counts = await ofDay
    .where(heardIn(areaCode, true))
    .select(({ fn }) => [
      fn.countAll<number>().filterWhere('airings.dueAt', '<=', now).as('airings'),
      fn.countAll<number>().filterWhere('airings.dueAt', '<=', now).filterWhere('state', '=', 'aired').as('finished'),
      fn.countAll<number>().filterWhere('airings.dueAt', '>', now).as('coming'),
    ])
    .executeTakeFirstOrThrow()
  const own = await due
    .where(inside('airings.areaCode', areaCode))
    .select([
      sql<number>`coalesce(sum((${longest}) * "airings"."deliveryCount"), 0)`.as('planned'),
      sql<number>`coalesce(sum("airings"."reportedSeconds"), 0)`.as('reported'),
    ])
    .executeTakeFirstOrThrow()
  const above = chainOf(areaCode).slice(1)
  if (above.length === 0) return { ...counts, plannedSeconds: own.planned, reportedSeconds: own.reported }
  const shared = await due
    .where('airings.areaCode', 'in', above)
    .innerJoin('deliveries', 'deliveries.airingId', 'airings.id')
    .innerJoin('terminals', 'terminals.id', 'deliveries.terminalId')
    .where(inside('terminals.areaCode', areaCode))
    .select([
      sql<number>`coalesce(sum(${longest}), 0)`.as('planned'),
      sql<number>`coalesce(sum("deliveries"."playedSeconds"), 0)`.as('reported'),
    ])
    .executeTakeFirstOrThrow()
  return {
    ...counts,
    plannedSeconds: own.planned + shared.planned,
    reportedSeconds: own.reported + shared.reported,
  }
}

/** Airings that sound in an area: its own and those of the areas that contain it, and those inside where they are wanted. */
function heardIn(areaCode: string, withInside: boolean) {
  return (expression: ExpressionBuilder<Schema, 'airings'>) =>
    expression.or([
      expression('airings.areaCode', 'in', chainOf(areaCode)),
      ...(withInside ? [inside('airings.areaCode', areaCode)] : []),
    ])
}

function airingsWithNames(db: Database) {
  return db
    .selectFrom('airings')
    .leftJoin('areas', 'areas.code', 'airings.areaCode')
    .selectAll('airings')
    .select((expression) => expression.fn.coalesce('areas.name', 'airings.areaCode').as('areaName'))
}

/** How many loudspeakers an area has, and how many of them are not online. */
export async function loudspeakersInside(
  db: Database,
  areaCode: string,
): Promise<{ loudspeakers: number; silent: number }> {
  return db
    .selectFrom('terminals')
    .select((expression) => [
      expression.fn.countAll<number>().as('loudspeakers'),
      expression.fn.countAll<number>().filterWhere('state', '!=', 'online').as('silent'),
    ])
    .where('kind', '=', 'loudspeaker')
    .where('revokedAt', 'is', null)
    .where(inside('areaCode', areaCode))
    .executeTakeFirstOrThrow()
}

// Deliveries

/** Plans the airing for every loudspeaker of its area that it isn't planned for yet; answers how many. */
export async function planDeliveries(
  db: Database,
  airing: { id: string; areaCode: string },
  now: Instant,
): Promise<number> {
  const result = await db
    .insertInto('deliveries')
    .columns(['airingId', 'terminalId', 'state', 'plannedAt', 'playedSeconds', 'plays'])
    .expression((expression) =>
      expression
        .selectFrom('terminals')
        .select([
          sql<string>`${airing.id}`.as('airingId'),
          'terminals.id as terminalId',
          sql<'planned'>`'planned'`.as('state'),
          sql<string>`${now}`.as('plannedAt'),
          sql<number>`0`.as('playedSeconds'),
          sql<number>`0`.as('plays'),
        ])
        .where('kind', '=', 'loudspeaker')
        .where('revokedAt', 'is', null)
        .where(inside('areaCode', airing.areaCode)),
    )
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  const count = Number(result.numInsertedOrUpdatedRows ?? 0)
  if (count > 0) {
    await db
      .updateTable('airings')
      .set((expression) => ({ deliveryCount: expression('deliveryCount', '+', count) }))
      .where('id', '=', airing.id)
      .execute()
  }
  return count
}

/** Notes that what these airings need has gone out to their loudspeakers. */
export async function markSent(db: Database, airingIds: string[], now: Instant): Promise<void> {
  for (let start = 0; start < airingIds.length; start += BATCH) {
    const ids = airingIds.slice(start, start + BATCH)
    await db
      .updateTable('deliveries')
      .set((expression) => ({
        sentAt: now,
        state: expression
          .case()
          .when('state', '=', 'planned')
          .then<DeliveryState>('sent')
          .else(expression.ref('state'))
          .end(),
      }))
      .where('airingId', 'in', ids)
      .where('sentAt', 'is', null)
      .execute()
    await db.updateTable('airings').set({ sentAt: now }).where('id', 'in', ids).where('sentAt', 'is', null).execute()
  }
}

/** Of airings that ended between two instants, what was never heard of again is missed, until a receipt says otherwise. */
export async function markMissed(db: Database, endedFrom: Instant, endedTo: Instant, dueFrom: Instant): Promise<void> {
  const ended = await db
    .selectFrom('airings')
    .select('id')
    .where('state', 'in', ['aired', 'pre-empted', 'expired', 'failed'])
    .where('dueAt', '>=', dueFrom)
    .where('endedAt', '>', endedFrom)
    .where('endedAt', '<=', endedTo)
    .execute()
  for (const { id } of ended) {
    await db
      .updateTable('deliveries')
      .set({ state: 'missed' })
      .where('airingId', '=', id)
      .where('state', 'in', ['planned', 'sent'])
      .execute()
  }
}

export type ReceivedReceipt = Receipt & { terminalId: string; receivedAt: Instant }

/**
 * Keeps receipts and brings their deliveries up to date, each receipt once however often it comes. Only those are kept that can be true: of
 * an airing that is there (a plan that was taken back has none), by a loudspeaker that it was planned for or that stands in its area,
 * and no more of them than one can have to tell.
 */
export async function applyReceipts(db: Database, received: ReceivedReceipt[]): Promise<void> {
  const airings = await reportedAirings(db, [...new Set(received.map((receipt) => receipt.airingId))])
  const known = received.filter((receipt) => airings.has(receipt.airingId))
  const before = await deliveriesOf(db, known)
  const own = await withoutStrangers(db, known, airings, before)
  const fresh = await addReceipts(db, withinLimit(own, airings, before))
  if (fresh.length === 0) return
  const after = new Map<string, Delivery>()
  for (const receipt of fresh) {
    const key = deliveryKey(receipt)
    const delivery = after.get(key) ?? before.get(key)?.delivery ?? planned
    after.set(key, deliveryAfter(delivery, receipt, boundsOf(airings.get(receipt.airingId)!)))
  }
  await saveDeliveries(db, fresh, after)
  for (const [airingId, { state }] of airings) {
    await addToSums(db, airingId, fresh, before, after)
    // The loudspeakers played what they held while the station was away: theirs is the better knowledge.
    if (state === 'expired' || state === 'failed') await markHeard(db, airingId, fresh)
  }
}

/** Receipts of loudspeakers that the airing was planned for, or that stand in its area (they came after the plan). */
async function withoutStrangers(
  db: Database,
  receipts: ReceivedReceipt[],
  airings: Map<string, ReportedAiring>,
  before: Map<string, KnownDelivery>,
): Promise<ReceivedReceipt[]> {
  const unplanned = receipts.filter((receipt) => !before.has(deliveryKey(receipt)))
  const ids = [...new Set(unplanned.map((receipt) => receipt.terminalId))]
  const areas = new Map<string, string>()
  for (let start = 0; start < ids.length; start += BATCH) {
    const rows = await db
      .selectFrom('terminals')
      .select(['id', 'areaCode'])
      .where('id', 'in', ids.slice(start, start + BATCH))
      .where('kind', '=', 'loudspeaker')
      .where('revokedAt', 'is', null)
      .execute()
    for (const row of rows) areas.set(row.id, row.areaCode)
  }
  return receipts.filter((receipt) => {
    if (before.has(deliveryKey(receipt))) return true
    const place = areas.get(receipt.terminalId)
    return place !== undefined && contains(airings.get(receipt.airingId)!.areaCode, place)
  })
}

function withinLimit(
  receipts: ReceivedReceipt[],
  airings: Map<string, ReportedAiring>,
  before: Map<string, KnownDelivery>,
): ReceivedReceipt[] {
  const counts = new Map<string, number>()
  return receipts.filter((receipt) => {
    const key = deliveryKey(receipt)
    const count = counts.get(key) ?? before.get(key)?.receiptCount ?? 0
    counts.set(key, count + 1)
    return count < receiptLimit(boundsOf(airings.get(receipt.airingId)!))
  })
}

function deliveryKey(of: { airingId: string; terminalId: string }): string {
  return `${of.airingId} ${of.terminalId}`
}

async function addReceipts(db: Database, received: ReceivedReceipt[]): Promise<ReceivedReceipt[]> {
  const unique = new Map(received.map((receipt) => [`${receipt.terminalId} ${receipt.receiptId}`, receipt]))
  const all = [...unique.values()]
  const fresh: ReceivedReceipt[] = []
  for (let start = 0; start < all.length; start += BATCH) {
    const rows = await db
      .insertInto('receipts')
      .values(all.slice(start, start + BATCH))
      .onConflict((conflict) => conflict.doNothing())
      .returning(['terminalId', 'receiptId'])
      .execute()
    fresh.push(...rows.map((row) => unique.get(`${row.terminalId} ${row.receiptId}`)!))
  }
  return fresh
}

type ReportedAiring = Pick<
  AiringRow,
  'id' | 'areaCode' | 'state' | 'plannedSeconds' | 'repeatEverySeconds' | 'afterPreemption' | 'dueAt' | 'untilAt'
>

async function reportedAirings(db: Database, ids: string[]): Promise<Map<string, ReportedAiring>> {
  const airings = new Map<string, ReportedAiring>()
  for (let start = 0; start < ids.length; start += BATCH) {
    const rows = await db
      .selectFrom('airings')
      .select([
        'id',
        'areaCode',
        'state',
        'plannedSeconds',
        'repeatEverySeconds',
        'afterPreemption',
        'dueAt',
        'untilAt',
      ])
      .where('id', 'in', ids.slice(start, start + BATCH))
      .execute()
    for (const row of rows) airings.set(row.id, row)
  }
  return airings
}

type KnownDelivery = { delivery: Delivery; receiptCount: number }

async function deliveriesOf(db: Database, receipts: ReceivedReceipt[]): Promise<Map<string, KnownDelivery>> {
  const found = new Map<string, KnownDelivery>()
  const byAiring = Map.groupBy(receipts, (receipt) => receipt.airingId)
  for (const [airingId, own] of byAiring) {
    const terminals = [...new Set(own.map((receipt) => receipt.terminalId))]
    for (let start = 0; start < terminals.length; start += BATCH) {
      const rows = await db
        .selectFrom('deliveries')
        .select(['terminalId', 'state', 'fetchedAt', 'startedAt', 'finishedAt', 'playedSeconds', 'plays', 'reason'])
        .select((expression) =>
          expression
            .selectFrom('receipts')
            .select(({ fn }) => fn.countAll<number>().as('count'))
            .where('receipts.airingId', '=', airingId)
            .whereRef('receipts.terminalId', '=', 'deliveries.terminalId')
            .$asScalar()
            .$notNull()
            .as('receiptCount'),
        )
        .where('airingId', '=', airingId)
        .where('terminalId', 'in', terminals.slice(start, start + BATCH))
        .execute()
      for (const { terminalId, receiptCount, ...delivery } of rows) {
        found.set(deliveryKey({ airingId, terminalId }), { delivery, receiptCount })
      }
    }
  }
  return found
}

async function saveDeliveries(db: Database, receipts: ReceivedReceipt[], after: Map<string, Delivery>): Promise<void> {
  const rows = [...new Map(receipts.map((receipt) => [deliveryKey(receipt), receipt])).entries()].map(
    ([key, { airingId, terminalId, receivedAt }]) => ({
      airingId,
      terminalId,
      plannedAt: receivedAt,
      ...after.get(key)!,
    }),
  )
  for (let start = 0; start < rows.length; start += BATCH) {
    await db
      .insertInto('deliveries')
      .values(rows.slice(start, start + BATCH))
      .onConflict((conflict) =>
        conflict.columns(['airingId', 'terminalId']).doUpdateSet((row) => ({
          state: row.ref('excluded.state'),
          fetchedAt: row.ref('excluded.fetchedAt'),
          startedAt: row.ref('excluded.startedAt'),
          finishedAt: row.ref('excluded.finishedAt'),
          playedSeconds: row.ref('excluded.playedSeconds'),
          plays: row.ref('excluded.plays'),
          reason: row.ref('excluded.reason'),
        })),
      )
      .execute()
  }
}

async function addToSums(
  db: Database,
  airingId: string,
  receipts: ReceivedReceipt[],
  before: Map<string, KnownDelivery>,
  after: Map<string, Delivery>,
): Promise<void> {
  const keys = new Set(receipts.filter((receipt) => receipt.airingId === airingId).map(deliveryKey))
  let [deliveries, heard, seconds] = [0, 0, 0]
  for (const key of keys) {
    const [was, is] = [before.get(key)?.delivery, after.get(key)!]
    if (!was) deliveries += 1
    if (isHeard(is) && !(was && isHeard(was))) heard += 1
    seconds += is.playedSeconds - (was?.playedSeconds ?? 0)
  }
  if (deliveries === 0 && heard === 0 && seconds === 0) return
  await db
    .updateTable('airings')
    .set((expression) => ({
      deliveryCount: expression('deliveryCount', '+', deliveries),
      heardCount: expression('heardCount', '+', heard),
      reportedSeconds: expression('reportedSeconds', '+', seconds),
    }))
    .where('id', '=', airingId)
    .execute()
}

async function markHeard(db: Database, airingId: string, receipts: ReceivedReceipt[]): Promise<void> {
  const starts = receipts
    .filter((receipt) => receipt.airingId === airingId && receipt.kind === 'started')
    .map((receipt) => receipt.at)
    .sort()
  if (starts.length === 0) return
  const reason: Text = {
    zh: '平台未运行期间由终端按节目单播出',
    en: 'Played by the loudspeakers from their rundown while the station was away',
  }
  await db
    .updateTable('airings')
    .set({ state: 'aired', startedAt: starts[0]!, reason: JSON.stringify(reason) })
    .where('id', '=', airingId)
    .where('state', 'in', ['expired', 'failed'])
    .execute()
}

export type DeliveryReport = Delivery & {
  terminalId: string
  terminalName: string
  areaCode: string
  plannedAt: Instant
  sentAt: Instant | null
  receipts: Omit<ReceivedReceipt, 'airingId'>[]
}

const RECEIPTS_LIMIT = 10_000

/** A page of the deliveries of an airing to loudspeakers inside an area, each with its receipts, by terminal id. */
export async function deliveriesPage(
  db: Database,
  airingId: string,
  areaCode: string,
  page: { limit: number; after?: string | undefined; state?: DeliveryState | undefined },
): Promise<DeliveryReport[]> {
  let query = db
    .selectFrom('deliveries')
    .innerJoin('terminals', 'terminals.id', 'deliveries.terminalId')
    .select([
      'deliveries.terminalId',
      'deliveries.state',
      'deliveries.plannedAt',
      'deliveries.sentAt',
      'deliveries.fetchedAt',
      'deliveries.startedAt',
      'deliveries.finishedAt',
      'deliveries.playedSeconds',
      'deliveries.plays',
      'deliveries.reason',
      'terminals.name as terminalName',
      'terminals.areaCode',
    ])
    .where('deliveries.airingId', '=', airingId)
    .where(inside('terminals.areaCode', areaCode))
  if (page.after) query = query.where('deliveries.terminalId', '>', page.after)
  if (page.state) query = query.where('deliveries.state', '=', page.state)
  const rows = await query.orderBy('deliveries.terminalId').limit(page.limit).execute()
  if (rows.length === 0) return []
  const receipts = await db
    .selectFrom('receipts')
    .select(['terminalId', 'receiptId', 'kind', 'at', 'playedSeconds', 'reason', 'receivedAt'])
    .where('airingId', '=', airingId)
    .where(
      'terminalId',
      'in',
      rows.map((row) => row.terminalId),
    )
    .orderBy('at')
    .orderBy('receiptId')
    .limit(RECEIPTS_LIMIT)
    .execute()
  const byTerminal = Map.groupBy(receipts, (receipt) => receipt.terminalId)
  return rows.map((row) => ({
    ...row,
    receipts: byTerminal.get(row.terminalId) ?? [],
  }))
}

/** How many deliveries of an airing stand in each state, to loudspeakers inside an area. */
export async function deliveryCounts(
  db: Database,
  airingId: string,
  areaCode: string,
): Promise<Partial<Record<DeliveryState, number>>> {
  const rows = await db
    .selectFrom('deliveries')
    .innerJoin('terminals', 'terminals.id', 'deliveries.terminalId')
    .select((expression) => ['deliveries.state', expression.fn.countAll<number>().as('count')])
    .where('deliveries.airingId', '=', airingId)
    .where(inside('terminals.areaCode', areaCode))
    .groupBy('deliveries.state')
    .execute()
  return Object.fromEntries(rows.map((row) => [row.state, row.count]))
}

/** Over all airings of an alert: loudspeakers, and how many were sent it, began it, heard it whole, failed, or were never heard of. */
export async function alertCoverage(db: Database, alertId: string) {
  return db
    .selectFrom('deliveries')
    .innerJoin('airings', 'airings.id', 'deliveries.airingId')
    .where('airings.alertId', '=', alertId)
    .select(({ fn }) => [
      fn.countAll<number>().as('loudspeakers'),
      fn.countAll<number>().filterWhere('deliveries.sentAt', 'is not', null).as('sent'),
      fn.countAll<number>().filterWhere('deliveries.startedAt', 'is not', null).as('heard'),
      fn.countAll<number>().filterWhere('deliveries.plays', '>', 0).as('finished'),
      fn.countAll<number>().filterWhere('deliveries.state', '=', 'failed').as('failed'),
      fn.countAll<number>().filterWhere('deliveries.state', '=', 'missed').as('missed'),
    ])
    .executeTakeFirstOrThrow()
}
