import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { addPerson, addSession } from '../../src/accounts/store.ts'
import type { Area } from '../../src/areas/division.ts'
import { levelOf } from '../../src/areas/division.ts'
import { readConfig } from '../../src/config.ts'
import { systemDice } from '../../src/equipment/dice.ts'
import type { Journal } from '../../src/equipment/journal.ts'
import { sharpPictures } from '../../src/equipment/pictures.ts'
import { passingSigner } from '../../src/equipment/signer.ts'
import { burstVoice, lightEncoder } from './voice.ts'
import { fileStore, hashOf } from '../../src/equipment/store.ts'
import { addSeconds, type Instant } from '../../src/instant.ts'
import { createStation, type Equipment, type Station } from '../../src/station.ts'
import type { Role } from '../../src/web/guard.ts'
import { rememberingBroker, type RememberingBroker } from './broker.ts'

/** 2026-11-22 07:00 in Shanghai: the instant that every test station starts at. */
export const START: Instant = '2026-11-21T23:00:00.000Z'

export const COUNTY = '370799000000'
export const STREET = '370799001000'
export const VILLAGE = '370799001200'
export const OTHER_VILLAGE = '370799001201'
export const OTHER_STREET = '370799002000'
export const FAR_VILLAGE = '370799002200'

const TEST_AREAS: [string, string][] = [
  [COUNTY, '青禾区'],
  [STREET, '青禾街道'],
  [VILLAGE, '柳树庄村'],
  [OTHER_VILLAGE, '东河村'],
  [OTHER_STREET, '南塘街道'],
  [FAR_VILLAGE, '石桥村'],
]

export type TestClock = { now: () => Instant; push: (seconds: number) => Instant }

export type Note = { level: 'info' | 'warn' | 'error'; message: string; fields: Record<string, unknown> }

export type TestStation = {
  station: Station
  clock: TestClock
  notes: Note[]
  broker: RememberingBroker
  directory: string
  /** A request as nobody, or with a token. JSON bodies are objects. */
  call: (
    method: string,
    path: string,
    options?: CallOptions,
  ) => Promise<{ status: number; body: any; response: Response }>
  /** The token of a person of that role and area; the person is made at the first call. */
  token: (role: Role, areaCode?: string) => Promise<string>
  as: (
    role: Role,
    areaCode?: string,
  ) => (method: string, path: string, body?: unknown) => Promise<{ status: number; body: any }>
  close: () => Promise<void>
}

export type CallOptions = { token?: string; body?: unknown; headers?: Record<string, string>; form?: FormData }

const TOKEN_SECONDS = 400 * 86_400

/** A whole station with a clock that is pushed, fair dice from a seed, and a journal that remembers. Closed after the file's tests. */
export async function testStation(
  overrides: Partial<Equipment> = {},
  environment: Record<string, string> = {},
): Promise<TestStation> {
  const directory = mkdtempSync(join(tmpdir(), 'xiangyin-'))
  let at = START
  const clock: TestClock = { now: () => at, push: (seconds) => (at = addSeconds(at, seconds)) }
  const notes: Note[] = []
  const broker = rememberingBroker()
  const journal: Journal = {
    info: (message, fields = {}) => void notes.push({ level: 'info', message, fields }),
    warn: (message, fields = {}) => void notes.push({ level: 'warn', message, fields }),
    error: (message, fields = {}) => void notes.push({ level: 'error', message, fields }),
  }
  const config = readConfig({
    DATA_DIR: directory,
    TZ: 'Asia/Shanghai',
    PORT: '0',
    MQTT_PORT: '0',
    NETWORK_VOICE: 'off',
    ...databaseOf(environment.DATA_DIR ?? directory),
    ...environment,
  })
  const station = await createStation(config, {
    clock: clock.now,
    dice: systemDice(clock.now),
    journal,
    heartbeat: () => ({ stop: () => Promise.resolve() }),
    store: fileStore(join(directory, 'store')),
    pictures: sharpPictures(),
    broker: broker.make,
    signer: passingSigner(),
    encoder: lightEncoder(),
    voices: [burstVoice()],
    ...overrides,
  })
  await station.areas.import('station', { areas: TEST_AREAS.map(([code, name]) => area(code, name)), faults: [] }, at)

  const call: TestStation['call'] = async (method, path, options = {}) => {
    const headers: Record<string, string> = { ...options.headers }
    if (options.token) headers.authorization = `Bearer ${options.token}`
    if (options.body !== undefined) headers['content-type'] ??= 'application/json'
    const body =
      options.form ??
      (options.body === undefined
        ? undefined
        : typeof options.body === 'string'
          ? options.body
          : JSON.stringify(options.body))
    const response = await station.fetch(
      new Request(`http://station.test${path}`, { method, headers, ...(body === undefined ? {} : { body }) }),
    )
    const text = response.headers.get('content-type')?.includes('json') ? await response.clone().text() : ''
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text), response }
  }

  const tokens = new Map<string, Promise<string>>()
  const token: TestStation['token'] = (role, areaCode = COUNTY) => {
    const key = `${role}-${areaCode}`
    let known = tokens.get(key)
    if (!known) {
      known = (async () => {
        // Hashing a password takes a fifth of a second by design; the rows are written as a sign-in would leave them.
        const person = { id: key, username: key, name: key, role, areaCode, telephone: null, createdAt: at }
        await addPerson(station.db, { ...person, disabledAt: null, passwordHash: 'none' })
        const secret = `s_${key}`
        const session = { id: key, tokenHash: hashOf(secret), personId: key, createdAt: at }
        await addSession(station.db, { ...session, expiresAt: addSeconds(at, TOKEN_SECONDS), client: 'test' })
        return secret
      })()
      tokens.set(key, known)
    }
    return known
  }

  let isOpen = true
  const close = async (): Promise<void> => {
    if (!isOpen) return
    isOpen = false
    await station.close()
    rmSync(directory, { recursive: true, force: true })
  }
  afterAll(close)
  return {
    station,
    clock,
    notes,
    broker,
    directory,
    call,
    token,
    as: (role, areaCode) => async (method, path, body) =>
      call(method, path, { token: await token(role, areaCode), ...(body === undefined ? {} : { body }) }),
    close,
  }
}

function area(code: string, name: string): Area {
  const parentCode = code === COUNTY ? null : code.endsWith('000') ? COUNTY : `${code.slice(0, 9)}000`
  return { code, name, parentCode, level: levelOf(code), validFrom: null, validTo: null }
}

/**
 * SQLite in the test's own directory, or a schema of its own in PostgreSQL when TEST_DATABASE_URL names a server: the same
 * tests run on both. A second station on the same directory finds the same rows.
 */
function databaseOf(directory: string): Record<string, string> {
  const server = process.env.TEST_DATABASE_URL
  return server ? { DATABASE_URL: `${server}?schema=t_${hashOf(directory).slice(0, 16)}` } : {}
}
