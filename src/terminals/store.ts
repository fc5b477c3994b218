import { sql } from 'kysely'
import { inside } from '../areas/store.ts'
import type { TerminalState } from '../codecs/speaker-link.ts'
import type { Database } from '../database/connect.ts'
import type { TerminalRow } from '../database/schema.ts'
import type { Instant } from '../instant.ts'
import type { Terminal, TerminalKind } from './terminal.ts'

/** Rows a statement may hold: SQLite allows 32,766 bound values. */
const BATCH = 1000

const TERMINAL = [
  'id',
  'kind',
  'areaCode',
  'householdId',
  'name',
  'state',
  'version',
  'volume',
  'freeBytes',
  'playing',
  'lastSeenAt',
  'createdAt',
  'revokedAt',
] as const

export type NewTerminalRow = Pick<
  TerminalRow,
  'id' | 'kind' | 'areaCode' | 'householdId' | 'name' | 'secretHash' | 'createdAt'
>

/** Adds terminals; answers the ids that were free. */
export async function addTerminals(db: Database, terminals: NewTerminalRow[]): Promise<Set<string>> {
  const added = new Set<string>()
  for (let start = 0; start < terminals.length; start += BATCH) {
    const rows = await db
      .insertInto('terminals')
      .values(
        terminals.slice(start, start + BATCH).map((terminal) => ({
          ...terminal,
          state: 'new' as const,
          version: null,
          volume: null,
          freeBytes: null,
          playing: null,
          lastSeenAt: null,
          revokedAt: null,
        })),
      )
      .onConflict((conflict) => conflict.column('id').doNothing())
      .returning('id')
      .execute()
    for (const row of rows) added.add(row.id)
  }
  return added
}

export async function terminalById(db: Database, id: string): Promise<Terminal | undefined> {
  return db.selectFrom('terminals').select(TERMINAL).where('id', '=', id).executeTakeFirst()
}

/** A terminal that is not revoked, with what its credential is checked against. */
export async function credentialOf(
  db: Database,
  id: string,
): Promise<Pick<TerminalRow, 'id' | 'kind' | 'areaCode' | 'householdId' | 'secretHash'> | undefined> {
  return db
    .selectFrom('terminals')
    .select(['id', 'kind', 'areaCode', 'householdId', 'secretHash'])
    .where('id', '=', id)
    .where('revokedAt', 'is', null)
    .executeTakeFirst()
}

export type TerminalFilter = {
  areaCode: string
  kind?: TerminalKind | undefined
  state?: Terminal['state'] | 'revoked' | undefined
  /** Part of a name or an id. */
  text?: string | undefined
  limit: number
  after?: string | undefined
}

export async function terminalsInside(db: Database, filter: TerminalFilter): Promise<Terminal[]> {
  let query = db.selectFrom('terminals').select(TERMINAL).where(inside('areaCode', filter.areaCode))
  if (filter.kind) query = query.where('kind', '=', filter.kind)
  if (filter.state === 'revoked') query = query.where('revokedAt', 'is not', null)
  else query = query.where('revokedAt', 'is', null)
  if (filter.state && filter.state !== 'revoked') query = query.where('state', '=', filter.state)
  if (filter.text) {
    const pattern = `%${filter.text.replaceAll(/[%_\\]/g, '')}%`
    // SQLite's `like` knows no case of Latin letters, PostgreSQL's does.
    query = query.where((eb) =>
      eb.or((['name', 'id'] as const).map((name) => sql<boolean>`lower(${eb.ref(name)}) like lower(${pattern})`)),
    )
  }
  if (filter.after) query = query.where('id', '>', filter.after)
  return query.orderBy('id').limit(filter.limit).execute()
}

/** How many terminals of a kind stand in each state, revoked ones apart. */
export async function terminalCounts(
  db: Database,
  areaCode: string | undefined,
  kind: TerminalKind,
): Promise<{ state: Terminal['state']; count: number }[]> {
  const query = db
    .selectFrom('terminals')
    .select(({ fn }) => ['state', fn.countAll<number>().as('count')])
    .where('kind', '=', kind)
    .where('revokedAt', 'is', null)
    .groupBy('state')
  return (areaCode === undefined ? query : query.where(inside('areaCode', areaCode))).execute()
}

/** The loudspeakers in the area that are not revoked, by id. */
export async function loudspeakersInside(
  db: Database,
  areaCode: string,
  limit: number,
): Promise<{ id: string; areaCode: string }[]> {
  return db
    .selectFrom('terminals')
    .select(['id', 'areaCode'])
    .where(inside('areaCode', areaCode))
    .where('kind', '=', 'loudspeaker')
    .where('revokedAt', 'is', null)
    .orderBy('id')
    .limit(limit)
    .execute()
}

/** Those of the ids that are loudspeakers and not revoked. */
export async function loudspeakersOf(db: Database, ids: string[]): Promise<Set<string>> {
  const known = new Set<string>()
  for (let start = 0; start < ids.length; start += BATCH) {
    const rows = await db
      .selectFrom('terminals')
      .select('id')
      .where('id', 'in', ids.slice(start, start + BATCH))
      .where('kind', '=', 'loudspeaker')
      .where('revokedAt', 'is', null)
      .execute()
    for (const row of rows) known.add(row.id)
  }
  return known
}

export async function changeTerminal(
  db: Database,
  id: string,
  change: Partial<Pick<TerminalRow, 'name' | 'areaCode' | 'householdId' | 'secretHash' | 'revokedAt' | 'state'>>,
): Promise<void> {
  await db.updateTable('terminals').set(change).where('id', '=', id).execute()
}

/** Notes that these terminals said the same of themselves at the instant. */
export async function noteState(db: Database, ids: string[], state: TerminalState, at: Instant): Promise<void> {
  const { playing, volume, version, freeBytes } = state
  for (let start = 0; start < ids.length; start += BATCH) {
    await db
      .updateTable('terminals')
      .set(
        // A last will was written when the connection began: of what it says only that the terminal is gone is news.
        state.state === 'offline'
          ? { state: 'offline', playing: null }
          : { state: 'online', playing, volume, version, freeBytes, lastSeenAt: at },
      )
      .where('id', 'in', ids.slice(start, start + BATCH))
      .where('kind', '=', 'loudspeaker')
      .execute()
  }
}

/** Marks those that were online and have not been heard of since the instant; answers their ids. */
export async function markSilent(db: Database, since: Instant): Promise<string[]> {
  const rows = await db
    .updateTable('terminals')
    .set({ state: 'offline', playing: null })
    .where('state', '=', 'online')
    .where('kind', '=', 'loudspeaker')
    .where('lastSeenAt', '<', since)
    .returning('id')
    .execute()
  return rows.map((row) => row.id)
}

const STARTS = 'speakerLinkStarts'

/** Counts this start of the link, and answers how many there have been. */
export async function countStart(db: Database): Promise<number> {
  const row = await db.selectFrom('settings').select('valueJson').where('name', '=', STARTS).executeTakeFirst()
  const starts = (row ? Number(JSON.parse(row.valueJson)) : 0) + 1
  const valueJson = JSON.stringify(starts)
  await db
    .insertInto('settings')
    .values({ name: STARTS, valueJson })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ valueJson }))
    .execute()
  return starts
}
