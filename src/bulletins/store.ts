import { inside } from '../areas/store.ts'
import type { Database } from '../database/connect.ts'
import type { BulletinRow, RecordingRow } from '../database/schema.ts'
import type { Instant } from '../instant.ts'
import type { RecordingOptions } from './recording.ts'

export type Bulletin = Omit<BulletinRow, 'valuesJson'> & { values: Record<string, string> }

/** A recording as the other slices see it. */
export type Recording = {
  key: string
  state: 'pending' | 'ready' | 'failed'
  /** SHA-256 of the file and its address (`/recordings/<hash>.mp3`), once it is ready. */
  hash: string | null
  seconds: number | null
  bytes: number | null
  voice: string | null
  /** Why it failed, or why better voices did not speak. */
  reason: string | null
  attempts: number
  nextAttemptAt: Instant | null
}

export type Waiting = { key: string; script: string; options: RecordingOptions; urgency: number; attempts: number }

const RECORDING = [
  'key',
  'state',
  'hash',
  'seconds',
  'bytes',
  'voice',
  'reason',
  'attempts',
  'nextAttemptAt',
] as const satisfies (keyof RecordingRow)[]

/** Values a statement may hold beside others: SQLite allows 32,766. */
const BATCH = 5000

export async function addBulletin(db: Database, bulletin: Bulletin): Promise<void> {
  const { values, ...row } = bulletin
  await db
    .insertInto('bulletins')
    .values({ ...row, valuesJson: JSON.stringify(values) })
    .execute()
}

export async function changeBulletin(
  db: Database,
  id: string,
  change: Partial<Omit<Bulletin, 'id' | 'createdAt' | 'createdBy'>>,
): Promise<void> {
  const { values, ...columns } = change
  const json = values === undefined ? {} : { valuesJson: JSON.stringify(values) }
  await db
    .updateTable('bulletins')
    .set({ ...columns, ...json })
    .where('id', '=', id)
    .execute()
}

export async function bulletinById(db: Database, id: string): Promise<Bulletin | undefined> {
  const row = await db.selectFrom('bulletins').selectAll().where('id', '=', id).executeTakeFirst()
  return row && fromRow(row)
}

export async function bulletinsByIds(db: Database, ids: string[]): Promise<Map<string, Bulletin>> {
  const found = new Map<string, Bulletin>()
  for (let start = 0; start < ids.length; start += BATCH) {
    const rows = await db
      .selectFrom('bulletins')
      .selectAll()
      .where('id', 'in', ids.slice(start, start + BATCH))
      .execute()
    for (const row of rows) found.set(row.id, fromRow(row))
  }
  return found
}

/** Bulletins of an area and everything inside it, the newest first; `after` is the id that the last page ended with. */
export async function bulletinsInside(
  db: Database,
  areaCode: string,
  filter: { limit: number; after?: string | undefined; state?: Bulletin['state'] | undefined },
): Promise<Bulletin[]> {
  let query = db.selectFrom('bulletins').selectAll().where(inside('areaCode', areaCode))
  if (filter.after) query = query.where('id', '<', filter.after)
  if (filter.state) query = query.where('state', '=', filter.state)
  const rows = await query.orderBy('id', 'desc').limit(filter.limit).execute()
  return rows.map(fromRow)
}

function fromRow({ valuesJson, ...row }: BulletinRow): Bulletin {
  return { ...row, values: JSON.parse(valuesJson) as Record<string, string> }
}

/**
 * A recording to be made, unless the same one is there. One that was given up is tried again, and one that waits becomes as
 * urgent as its most urgent use.
 */
export async function wantRecording(
  db: Database,
  wanted: { key: string; script: string; options: RecordingOptions; urgency: number },
  now: Instant,
): Promise<void> {
  const { key, script, options, urgency } = wanted
  await db
    .insertInto('recordings')
    .values({
      key,
      script,
      optionsJson: JSON.stringify(options),
      urgency,
      state: 'pending',
      hash: null,
      voice: null,
      seconds: null,
      bytes: null,
      loudness: null,
      truePeak: null,
      attempts: 0,
      nextAttemptAt: now,
      reason: null,
      createdAt: now,
      finishedAt: null,
    })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute()
  await db
    .updateTable('recordings')
    .set({ urgency })
    .where('key', '=', key)
    .where('state', '!=', 'ready')
    .where('urgency', '>', urgency)
    .execute()
  await db
    .updateTable('recordings')
    .set({ state: 'pending', attempts: 0, nextAttemptAt: now })
    .where('key', '=', key)
    .where('state', '=', 'failed')
    .where('nextAttemptAt', 'is', null)
    .execute()
}

/** The most urgent recording whose turn it is, the longest-waiting first. */
export async function nextWaiting(db: Database, now: Instant): Promise<Waiting | undefined> {
  const row = await db
    .selectFrom('recordings')
    .select(['key', 'script', 'optionsJson', 'urgency', 'attempts'])
    .where('state', 'in', ['pending', 'failed'])
    .where('nextAttemptAt', '<=', now)
    .orderBy('urgency')
    .orderBy('createdAt')
    .orderBy('key')
    .limit(1)
    .executeTakeFirst()
  if (!row) return undefined
  const { optionsJson, ...waiting } = row
  return { ...waiting, options: JSON.parse(optionsJson) as RecordingOptions }
}

export async function noteRecording(
  db: Database,
  key: string,
  change: Partial<Omit<RecordingRow, 'key' | 'script' | 'optionsJson' | 'createdAt'>>,
): Promise<void> {
  await db.updateTable('recordings').set(change).where('key', '=', key).execute()
}

export async function recordingsByKeys(db: Database, keys: string[]): Promise<Map<string, Recording>> {
  const found = new Map<string, Recording>()
  for (let start = 0; start < keys.length; start += BATCH) {
    const rows = await db
      .selectFrom('recordings')
      .select(RECORDING)
      .where('key', 'in', keys.slice(start, start + BATCH))
      .execute()
    for (const row of rows) found.set(row.key, row)
  }
  return found
}

export async function isRecordingHash(db: Database, hash: string): Promise<boolean> {
  const row = await db.selectFrom('recordings').select('key').where('hash', '=', hash).limit(1).executeTakeFirst()
  return row !== undefined
}

/** How many recordings wait, and how many were given up: for the measurements. */
export async function countRecordings(db: Database): Promise<Record<RecordingRow['state'], number>> {
  const rows = await db
    .selectFrom('recordings')
    .select((e) => ['state', e.fn.countAll<number>().as('count')])
    .groupBy('state')
    .execute()
  const counts = { pending: 0, ready: 0, failed: 0 }
  for (const row of rows) counts[row.state] = row.count
  return counts
}
