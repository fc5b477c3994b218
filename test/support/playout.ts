import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { createAlerts, type Alerts } from '../../src/alerts/alerts.ts'
import { createAreas } from '../../src/areas/areas.ts'
import { levelOf } from '../../src/areas/division.ts'
import { saveAreas } from '../../src/areas/store.ts'
import type { Receipt, RundownEntry } from '../../src/codecs/speaker-link.ts'
import { connect, type Database, type DatabaseAddress, type Databases } from '../../src/database/connect.ts'
import { migrate } from '../../src/database/migrate.ts'
import type { AiringRow, BulletinRow } from '../../src/database/schema.ts'
import { systemDice } from '../../src/equipment/dice.ts'
import { hashOf } from '../../src/equipment/store.ts'
import { addSeconds, type Instant } from '../../src/instant.ts'
import { createPlayout, type NewSchedule, type Playout, type SpeakerLink } from '../../src/playout/playout.ts'
import { precedenceBy } from '../../src/playout/precedence.ts'
import type { Person } from '../../src/web/guard.ts'
import { COUNTY, FAR_VILLAGE, OTHER_STREET, OTHER_VILLAGE, START, STREET, VILLAGE } from './station.ts'

export const ZONE = 'Asia/Shanghai'
const AREAS = [COUNTY, STREET, VILLAGE, OTHER_VILLAGE, OTHER_STREET, FAR_VILLAGE]
const SIREN_SECONDS = 9

/** Stands where the speaker link stands: remembers what each area was told last, and refuses when it is told to. */
export type RememberingLink = SpeakerLink & {
  rundowns: Map<string, RundownEntry[]>
  alerts: Map<string, RundownEntry[]>
  /** How many messages were published. */
  count: () => number
  setDown: (isDown: boolean) => void
}

export function rememberingLink(): RememberingLink {
  const rundowns = new Map<string, RundownEntry[]>()
  const alerts = new Map<string, RundownEntry[]>()
  let count = 0
  let isDown = false
  const publish = (into: Map<string, RundownEntry[]>) => (of: { areaCode: string; entries: RundownEntry[] }) => {
    if (isDown) return Promise.resolve(false)
    count += 1
    into.set(of.areaCode, of.entries)
    return Promise.resolve(true)
  }
  return {
    rundowns,
    alerts,
    publishRundown: publish(rundowns),
    publishAlerts: publish(alerts),
    count: () => count,
    setDown: (down) => (isDown = down),
  }
}

export function person(areaCode = COUNTY, role: Person['role'] = 'operator'): Person {
  const id = `${role}-${areaCode}`
  return { kind: 'person', id, username: id, name: '王', role, areaCode, sessionId: id }
}

export type TestPlayout = {
  /** Replaced by `restart`. */
  playout: Playout
  alerts: Alerts
  /** Unwrapped: a test reads and prepares without being refused. */
  db: Database
  link: RememberingLink
  clock: { now: () => Instant; push: (seconds: number) => Instant }
  beat: (seconds?: number) => ReturnType<Playout['beat']>
  /** The station dies and comes back over the same database and the same broker. */
  restart: () => Promise<void>
  /** A bulletin whose recording is ready, of so many seconds; null has no recording yet. */
  bulletin: (seconds: number | null, change?: Partial<BulletinRow>) => Promise<string>
  /** A recording is finished. */
  record: (key: string, seconds: number) => Promise<void>
  schedule: (made: Omit<NewSchedule, 'targets'> & { targets?: string[] }, by?: Person) => Promise<string>
  /** Schedules a new bulletin once, so many seconds from now, in one area; answers the schedule's id. */
  once: (inSeconds: number, seconds: number, areaCode?: string, change?: Partial<BulletinRow>) => Promise<string>
  airings: (scheduleId?: string) => Promise<AiringRow[]>
  receipt: (
    airingId: string,
    kind: Receipt['kind'],
    playedSeconds?: number | null,
    terminalId?: string,
  ) => Promise<void>
  directory: string
  close: () => Promise<void>
}

/** Playout and alerts over a database of their own, with two loudspeakers in each village, a clock that is pushed, and a link that remembers. */
export async function testPlayout(
  options: { link?: RememberingLink; wrap?: (db: Database) => Database } = {},
): Promise<TestPlayout> {
  const directory = mkdtempSync(join(tmpdir(), 'xiangyin-playout-'))
  const server = process.env.TEST_DATABASE_URL
  const address: DatabaseAddress = server
    ? { kind: 'postgres', url: server, schema: `t_${hashOf(directory).slice(0, 16)}` }
    : { kind: 'sqlite', file: join(directory, 'station.sqlite') }
  const link = options.link ?? rememberingLink()
  let at = START
  const clock = { now: () => at, push: (seconds: number) => (at = addSeconds(at, seconds)) }
  const dice = systemDice(() => at)
  let databases: Databases

  const start = async (): Promise<void> => {
    databases = connect(address)
    await migrate(databases.writer, databases.schema)
    const db = options.wrap?.(databases.writer) ?? databases.writer
    const playout = createPlayout({
      db,
      reader: databases.reader,
      dice,
      journal: { info: () => {}, warn: () => {}, error: () => {} },
      zone: ZONE,
      link,
      precedenceOf: precedenceBy(),
      siren: ({ severity, class: kind }) => ({ hash: hashOf(`${kind} ${severity}`), seconds: SIREN_SECONDS }),
      sirenHashes: [1, 2, 3, 4].map((severity) => hashOf(`alert ${severity}`)),
    })
    test.playout = playout
    test.db = databases.writer
    test.alerts = createAlerts({
      db,
      reader: databases.reader,
      dice,
      zone: ZONE,
      areas: createAreas({ db: databases.writer, dice }),
      playout,
      speak: async (db, { text }, now) => {
        const key = hashOf(text)
        await addRecording(db, key, null, now)
        return { key }
      },
    })
  }

  const record = async (db: Database, key: string, seconds: number): Promise<void> => {
    await db
      .updateTable('recordings')
      .set({ state: 'ready', hash: hashOf(`recording ${key}`), seconds, voice: 'espeak', finishedAt: at })
      .where('key', '=', key)
      .execute()
  }

  let receipts = 0
  const test = {
    link,
    clock,
    directory,
    beat: (seconds = 0) => test.playout.beat(clock.push(seconds)),
    restart: async () => {
      await databases.close()
      await start()
    },
    record: (key, seconds) => record(test.db, key, seconds),
    bulletin: async (seconds, change = {}) => {
      const id = dice.id()
      const key = `recording-${id}`
      await addRecording(test.db, key, seconds, at)
      await test.db
        .insertInto('bulletins')
        .values({
          id,
          areaCode: COUNTY,
          title: `广播 ${id}`,
          class: 'notice',
          templateId: null,
          valuesJson: '{}',
          text: '今天停水。',
          voice: null,
          repeatCount: 1,
          afterPreemption: 'resume',
          recordingKey: key,
          state: 'ready',
          createdBy: 'operator',
          createdAt: at,
          updatedAt: at,
          ...change,
        })
        .execute()
      return id
    },
    schedule: async ({ targets = [COUNTY], ...made }, by = person()) =>
      (await test.playout.addSchedule(by, { ...made, targets }, at)).id,
    once: async (inSeconds, seconds, areaCode = COUNTY, change = {}) => {
      const due = new Date(Date.parse(addSeconds(at, inSeconds)) + 8 * 3_600_000).toISOString()
      const rule = { kind: 'dates' as const, dates: [due.slice(0, 10)], times: [due.slice(11, 19)] }
      return test.schedule({ bulletinId: await test.bulletin(seconds, change), targets: [areaCode], rule })
    },
    airings: async (scheduleId) => {
      const query = test.db.selectFrom('airings').selectAll().orderBy('dueAt').orderBy('id')
      return (scheduleId ? query.where('scheduleId', '=', scheduleId) : query).execute()
    },
    receipt: async (airingId, kind, playedSeconds = null, terminalId = `${VILLAGE}-1`) => {
      receipts += 1
      const receipt = { receiptId: `r${receipts}`, airingId, kind, at, playedSeconds, reason: null }
      await test.playout.receive([{ terminalId, receipts: [receipt] }], at)
    },
    close: async () => {
      await databases.close()
      rmSync(directory, { recursive: true, force: true })
    },
  } as TestPlayout

  await start()
  const open = databases!.writer
  await saveAreas(
    open,
    AREAS.map((code) => ({
      code,
      name: `区划${code}`,
      parentCode: null,
      level: levelOf(code),
      validFrom: null,
      validTo: null,
    })),
  )
  await open.insertInto('terminals').values([VILLAGE, OTHER_VILLAGE, FAR_VILLAGE].flatMap(loudspeakers)).execute()
  afterAll(test.close)
  return test
}

function loudspeakers(areaCode: string) {
  return [1, 2].map((number) => ({
    id: `${areaCode}-${number}`,
    kind: 'loudspeaker' as const,
    areaCode,
    householdId: null,
    name: `喇叭${number}`,
    secretHash: 'none',
    state: 'online' as const,
    version: null,
    volume: null,
    freeBytes: null,
    playing: null,
    lastSeenAt: null,
    createdAt: START,
    revokedAt: null,
  }))
}

async function addRecording(db: Database, key: string, seconds: number | null, now: Instant): Promise<void> {
  await db
    .insertInto('recordings')
    .values({
      key,
      script: '今天停水。',
      optionsJson: '{}',
      urgency: 1,
      state: seconds === null ? 'pending' : 'ready',
      hash: seconds === null ? null : hashOf(`recording ${key}`),
      voice: seconds === null ? null : 'espeak',
      seconds,
      bytes: null,
      loudness: null,
      truePeak: null,
      attempts: 0,
      nextAttemptAt: null,
      reason: null,
      createdAt: now,
      finishedAt: seconds === null ? null : now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
