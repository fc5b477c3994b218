import { inside } from '../areas/store.ts'
import { sql, type SelectQueryBuilder } from 'kysely'
import type { Database } from '../database/connect.ts'
import type { ImportRow, ItemRow, PictureRow, Schema, VideoRow } from '../database/schema.ts'
import type { Detail } from '../errors.ts'
import type { Instant } from '../instant.ts'
import type { Item, ItemState } from './item.ts'
import { lastMonthOf } from './period.ts'
import type { VideoFault } from './video-jobs.ts'

/** Rows a statement may hold: an item has 24 columns, and SQLite allows 32,766 bound values. */
const BATCH = 1000

/** Who a version is by. */
export type Author = { personId: string | null; personName: string }

/** The scope whose revision counts what shows in a household's own section; an area's scope is its code. */
export function householdScope(householdId: string): string {
  return `household:${householdId}`
}

export function scopeOf(item: Pick<Item, 'areaCode' | 'householdId'>): string {
  return item.householdId === null ? item.areaCode : householdScope(item.householdId)
}

/**
 * Adds whole items with their first versions, and counts one change for each feed scope that a published one shows in. An item whose
 * import key is there already is passed over. Answers the ids of those added.
 */
export async function addItems(
  db: Database,
  items: Item[],
  by: { author: Author; reason: string; at: Instant; importKeys?: Map<string, string> },
): Promise<Set<string>> {
  const added = new Set<string>()
  for (let start = 0; start < items.length; start += BATCH) {
    const batch = items.slice(start, start + BATCH)
    const rows = await db
      .insertInto('items')
      .values(batch.map((item) => ({ ...rowOf(item), importKey: by.importKeys?.get(item.id) ?? null })))
      .onConflict((conflict) => conflict.column('importKey').doNothing())
      .returning('id')
      .execute()
    for (const { id } of rows) added.add(id)
    const fresh = batch.filter(({ id }) => added.has(id))
    if (fresh.length > 0) {
      await db
        .insertInto('itemVersions')
        .values(fresh.map((item) => versionOf(item, by)))
        .execute()
    }
  }
  const shown = items.filter(({ id, state }) => state === 'published' && added.has(id))
  await countChanges(db, shown.map(scopeOf))
  return added
}

/** Replaces an item by its next version; answers false when another change came first. */
export async function replaceItem(
  db: Database,
  item: Item,
  by: { author: Author; reason: string; at: Instant },
): Promise<boolean> {
  const { id, createdAt: _createdAt, ...columns } = rowOf(item)
  const changed = await db
    .updateTable('items')
    .set(columns)
    .where('id', '=', id)
    .where('version', '=', item.version - 1)
    .executeTakeFirst()
  if (Number(changed.numUpdatedRows) === 0) return false
  await db.insertInto('itemVersions').values(versionOf(item, by)).execute()
  return true
}

/** Counts a change of every scope, so that the feeds which show it are composed anew. Scopes are locked in one order. */
export async function countChanges(db: Database, scopes: string[]): Promise<void> {
  const distinct = [...new Set(scopes)].sort()
  for (let start = 0; start < distinct.length; start += BATCH) {
    await db
      .insertInto('feedRevisions')
      .values(distinct.slice(start, start + BATCH).map((scope) => ({ scope, revision: 1 })))
      .onConflict((conflict) =>
        conflict.column('scope').doUpdateSet((row) => ({ revision: row('feedRevisions.revision', '+', 1) })),
      )
      .execute()
  }
}

export async function itemOf(db: Database, id: string): Promise<Item | undefined> {
  const row = await db.selectFrom('items').select(ITEM).where('id', '=', id).executeTakeFirst()
  return row && itemFrom(row)
}

export type ItemFilter = {
  /** The area, with everything inside it, as a code's prefix. */
  areaCode: string
  /** Private items of households are only found by who may see households. */
  withHouseholds: boolean
  columnId?: string | undefined
  state?: ItemState | undefined
  /** Words in the title, the summary or the matter. */
  text?: string | undefined
  limit: number
  after?: string | undefined
}

/** Items, newest first, without their content. */
export async function searchItems(db: Database, filter: ItemFilter): Promise<Omit<Item, 'content'>[]> {
  let query = db.selectFrom('items').select(ITEM_HEAD).where(inside('areaCode', filter.areaCode))
  if (!filter.withHouseholds) query = query.where('householdId', 'is', null)
  if (filter.columnId) query = query.where('columnId', '=', filter.columnId)
  if (filter.state) query = query.where('state', '=', filter.state)
  if (filter.after) query = query.where('id', '<', filter.after)
  if (filter.text) {
    // SQLite's `like` knows no case of Latin letters, PostgreSQL's does.
    const pattern = `%${filter.text.replace(/[\\%_]/g, '\\$&')}%`
    query = query.where((eb) =>
      eb.or(
        (['title', 'summary', 'matter'] as const).map(
          (name) => sql<boolean>`lower(${eb.ref(name)}) like lower(${pattern}) escape '\\'`,
        ),
      ),
    )
  }
  const rows = await query.orderBy('id', 'desc').limit(filter.limit).execute()
  return rows.map(({ periodEnd: _periodEnd, ...head }) => head)
}

export type ItemVersion = { version: number; at: Instant; personName: string; reason: string; item: Item }

/** Every version of an item, newest first. */
export async function versionsOf(db: Database, itemId: string, limit: number): Promise<ItemVersion[]> {
  const rows = await db
    .selectFrom('itemVersions')
    .select(['version', 'at', 'personName', 'reason', 'itemJson'])
    .where('itemId', '=', itemId)
    .orderBy('version', 'desc')
    .limit(limit)
    .execute()
  return rows.map(({ itemJson, ...version }) => ({ ...version, item: JSON.parse(itemJson) as Item }))
}

export type ShelfQuery = {
  /** The area's public items, or one household's private ones. */
  shelf: { areaCode: string } | { householdId: string }
  columnIds: string[]
  /** Those of the columns that are ordered by period rather than by publication. */
  byPeriodIds: string[]
  /** The most items wanted of each column. */
  limit: number
}

/** The published items that are valid now, of each column the first `limit` in the order that feeds show them. */
export async function itemsOnShelf(db: Database, query: ShelfQuery, now: Instant): Promise<Item[]> {
  if (query.columnIds.length === 0) return []
  const placed = onShelf(db, query)
    .where((eb) => eb.or([eb('validFrom', 'is', null), eb('validFrom', '<=', now)]))
    .where((eb) => eb.or([eb('validTo', 'is', null), eb('validTo', '>', now)]))
    .select((eb) => [
      'id',
      eb.fn
        .agg<number>('row_number')
        .over((over) => {
          const pinsFirst = over
            .partitionBy('columnId')
            .orderBy(eb.case().when('pinnedAt', 'is', null).then(1).else(0).end())
          const byPeriod = eb.case().when('columnId', 'in', query.byPeriodIds).then(eb.ref('periodEnd')).else('').end()
          const inOrder = query.byPeriodIds.length === 0 ? pinsFirst : pinsFirst.orderBy(byPeriod, 'desc')
          return inOrder.orderBy('publishedAt', 'desc').orderBy('id', 'desc')
        })
        .as('place'),
    ])
  const rows = await db
    .selectFrom('items')
    .select(ITEM)
    .where('id', 'in', (eb) => eb.selectFrom(placed.as('placed')).select('id').where('place', '<=', query.limit))
    .execute()
  return rows.map(itemFrom)
}

/** When a published item of the shelf that is not valid yet becomes so; null when none waits. */
export async function nextOpening(db: Database, query: ShelfQuery, now: Instant): Promise<Instant | null> {
  if (query.columnIds.length === 0) return null
  const row = await onShelf(db, query)
    .where('validFrom', '>', now)
    .select((eb) => eb.fn.min('validFrom').as('opensAt'))
    .executeTakeFirst()
  return row?.opensAt ?? null
}

function onShelf(db: Database, { shelf, columnIds }: ShelfQuery): SelectQueryBuilder<Schema, 'items', object> {
  const query = db.selectFrom('items').where('columnId', 'in', columnIds).where('state', '=', 'published')
  return 'householdId' in shelf
    ? query.where('householdId', '=', shelf.householdId)
    : query.where('areaCode', '=', shelf.areaCode).where('householdId', 'is', null)
}

export type Disclosed = { areaCode: string; columnId: string; period: string; publishedAt: Instant }

/** When each area first published, in each column, something of each period that still stands. */
export async function disclosedIn(
  db: Database,
  query: { areaCode: string; columnIds: string[]; periods: string[] },
): Promise<Disclosed[]> {
  if (query.columnIds.length === 0 || query.periods.length === 0) return []
  const rows = await db
    .selectFrom('items')
    .select(['areaCode', 'columnId', 'period'])
    .select((eb) => eb.fn.min('publishedAt').as('publishedAt'))
    .where('columnId', 'in', query.columnIds)
    .where('state', '=', 'published')
    .where('period', 'in', query.periods)
    .where(inside('areaCode', query.areaCode))
    .groupBy(['areaCode', 'columnId', 'period'])
    .execute()
  return rows.map((row) => ({ ...row, publishedAt: row.publishedAt! }))
}

/** Which of the ledgers' areas and periods hold a ledger already, drafts included; by `<areaCode> <period>`. */
export async function ledgersIn(
  db: Database,
  query: { columnId: string; areaCodes: string[]; periods: string[] },
): Promise<Map<string, { id: string; importKey: string | null }>> {
  if (query.areaCodes.length === 0) return new Map()
  const rows = await db
    .selectFrom('items')
    .select(['id', 'areaCode', 'period', 'importKey'])
    .where('columnId', '=', query.columnId)
    .where('kind', '=', 'ledger')
    .where('areaCode', 'in', query.areaCodes)
    .where('period', 'in', query.periods)
    .where('state', 'in', ['draft', 'published'])
    .execute()
  return new Map(rows.map(({ areaCode, period, ...row }) => [`${areaCode} ${period}`, row]))
}

export type Picture = PictureRow

export async function addPictures(db: Database, pictures: Picture[]): Promise<void> {
  for (let start = 0; start < pictures.length; start += BATCH) {
    await db
      .insertInto('pictures')
      .values(pictures.slice(start, start + BATCH))
      .onConflict((conflict) => conflict.column('hash').doNothing())
      .execute()
  }
}

export async function pictureOf(db: Database, hash: string): Promise<Picture | undefined> {
  return db.selectFrom('pictures').selectAll().where('hash', '=', hash).executeTakeFirst()
}

/** Those of the hashes that a picture has. */
export async function knownPictures(db: Database, hashes: string[]): Promise<Set<string>> {
  const known = new Set<string>()
  for (let start = 0; start < hashes.length; start += BATCH) {
    const part = hashes.slice(start, start + BATCH)
    const rows = await db.selectFrom('pictures').select('hash').where('hash', 'in', part).execute()
    for (const { hash } of rows) known.add(hash)
  }
  return known
}

export async function setPictureSize(
  db: Database,
  hash: string,
  size: { tvHash: string } | { thumbHash: string },
): Promise<void> {
  await db.updateTable('pictures').set(size).where('hash', '=', hash).execute()
}

export type Video = Omit<VideoRow, 'fault'> & { fault: VideoFault | null }

export async function addVideo(db: Database, video: Video): Promise<void> {
  await db.insertInto('videos').values(video).execute()
}

export async function videoById(db: Database, id: string): Promise<Video | undefined> {
  const row = await db.selectFrom('videos').selectAll().where('id', '=', id).executeTakeFirst()
  return row && videoFrom(row)
}

/** The video that waits longest to be made. */
export async function pendingVideo(db: Database): Promise<Video | undefined> {
  const query = db.selectFrom('videos').selectAll().where('state', '=', 'pending').orderBy('id').limit(1)
  const row = await query.executeTakeFirst()
  return row && videoFrom(row)
}

export async function pendingVideoIds(db: Database): Promise<string[]> {
  const rows = await db.selectFrom('videos').select('id').where('state', '=', 'pending').execute()
  return rows.map(({ id }) => id)
}

/** Videos of an area and everything inside it that stand in a state, newest first. */
export async function videosInside(
  db: Database,
  areaCode: string,
  page: { limit: number; after?: string | undefined; state?: Video['state'] | undefined },
): Promise<Video[]> {
  let query = db.selectFrom('videos').selectAll().where(inside('areaCode', areaCode))
  if (page.after) query = query.where('id', '<', page.after)
  if (page.state) query = query.where('state', '=', page.state)
  const rows = await query.orderBy('id', 'desc').limit(page.limit).execute()
  return rows.map(videoFrom)
}

/** Whether a finished video has the hash. */
export async function isVideo(db: Database, hash: string): Promise<boolean> {
  const query = db.selectFrom('videos').select('id').where('videoHash', '=', hash).limit(1)
  return (await query.executeTakeFirst()) !== undefined
}

export async function setVideo(db: Database, id: string, change: Partial<Omit<Video, 'id'>>): Promise<void> {
  await db.updateTable('videos').set(change).where('id', '=', id).execute()
}

function videoFrom({ fault, ...row }: VideoRow): Video {
  return { ...row, fault: fault as VideoFault | null }
}

export type ImportRecord = Omit<ImportRow, 'faultsJson' | 'kind'> & { kind: 'items' | 'ledger'; faults: Detail[] }

export async function addImport(db: Database, record: ImportRecord): Promise<void> {
  const { faults, ...row } = record
  await db
    .insertInto('imports')
    .values({ ...row, faultsJson: JSON.stringify(faults) })
    .execute()
}

export async function setImport(
  db: Database,
  id: string,
  progress: Partial<Pick<ImportRecord, 'state' | 'accepted' | 'repeated' | 'rejected' | 'faults' | 'finishedAt'>>,
): Promise<void> {
  const { faults, ...columns } = progress
  await db
    .updateTable('imports')
    .set({ ...columns, ...(faults ? { faultsJson: JSON.stringify(faults) } : {}) })
    .where('id', '=', id)
    .execute()
}

export async function importOf(db: Database, id: string): Promise<ImportRecord | undefined> {
  const row = await db.selectFrom('imports').selectAll().where('id', '=', id).executeTakeFirst()
  return row && importFrom(row)
}

/** Imports into an area and everything inside it, newest first. */
export async function importsInside(
  db: Database,
  areaCode: string,
  page: { limit: number; after?: string | undefined },
): Promise<ImportRecord[]> {
  let query = db.selectFrom('imports').selectAll().where(inside('areaCode', areaCode))
  if (page.after) query = query.where('id', '<', page.after)
  const rows = await query.orderBy('id', 'desc').limit(page.limit).execute()
  return rows.map(importFrom)
}

function importFrom({ faultsJson, kind, ...row }: ImportRow): ImportRecord {
  return { ...row, kind: kind as ImportRecord['kind'], faults: JSON.parse(faultsJson) as Detail[] }
}

const ITEM_HEAD = [
  'id',
  'version',
  'kind',
  'columnId',
  'areaCode',
  'householdId',
  'title',
  'summary',
  'matter',
  'basis',
  'timeLimit',
  'publisher',
  'audience',
  'period',
  'periodEnd',
  'state',
  'validFrom',
  'validTo',
  'pinnedAt',
  'publishedAt',
  'createdAt',
  'updatedAt',
] as const
const ITEM = [...ITEM_HEAD, 'contentJson'] as const

function rowOf({ content, ...head }: Item): Omit<ItemRow, 'importKey'> {
  return { ...head, periodEnd: lastMonthOf(head.period), contentJson: JSON.stringify(content) }
}

function itemFrom({ contentJson, periodEnd: _periodEnd, ...head }: Omit<ItemRow, 'importKey'>): Item {
  return { ...head, content: JSON.parse(contentJson) as Item['content'] } as Item
}

function versionOf(item: Item, by: { author: Author; reason: string; at: Instant }): Schema['itemVersions'] {
  return {
    itemId: item.id,
    version: item.version,
    at: by.at,
    ...by.author,
    reason: by.reason,
    itemJson: JSON.stringify(item),
  }
}
