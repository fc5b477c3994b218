import { createHash, createHmac, createPublicKey, timingSafeEqual, verify, type KeyObject } from 'node:crypto'
import { invalid, StationError } from '../errors.ts'
import { addSeconds, parseInstant, type Instant } from '../instant.ts'

/**
 * The speaker link, version 1: what station and loudspeakers say to each other over MQTT. Topics stand under `xiangyin/v1/`:
 * `area/<code>/rundown` and `area/<code>/alert` (station, retained), `terminal/<id>/command` (station),
 * `terminal/<id>/state` (terminal, retained, also its last will), `terminal/<id>/receipt` (terminal, QoS 1).
 *
 * What the station says is signed: the Ed25519 signature in base64 (88 characters), a line feed, and the JSON of an envelope. The
 * signature covers the bytes after the line feed exactly as they were sent; nothing is written anew before it is verified.
 * What a terminal says is plain JSON: the broker lets only the terminal itself write its topics.
 */

/** One airing as a loudspeaker needs it. Of the entries whose time it is, it plays the one with the smallest `precedence`. */
export type RundownEntry = {
  airingId: string
  areaCode: string
  title: string
  class: 'alert' | 'drill' | 'notice' | 'daily'
  /** Sorts as text: the smallest wins. */
  precedence: string
  dueAt: Instant
  /** No start or resumption after this; an alert ends then. */
  untilAt: Instant
  /** SHA-256 of the recording: its address (`/recordings/<hash>.mp3`) and its check. */
  hash: string
  seconds: number
  /** Seconds from one start to the next; null plays once. */
  repeatEverySeconds: number | null
  afterPreemption: 'resume' | 'restart' | 'drop'
  /** 0–100. */
  volume: number
}

/** The coming 24 hours of an area. Replaces the one before it. */
export type Rundown = {
  areaCode: string
  entries: RundownEntry[]
  /** Recordings to hold ready beside those of the entries. */
  holdHashes: string[]
}

/** The alerts in force in an area; empty when there is none. */
export type AlertsInForce = { areaCode: string; entries: RundownEntry[] }

export type Command =
  | { kind: 'volume'; volume: number }
  | { kind: 'test' }
  | { kind: 'reboot' }
  /** These receipts stand in the station's database: the loudspeaker need not keep them any longer. */
  | { kind: 'acknowledge'; receiptIds: string[] }

/** What a loudspeaker says of itself. */
export type TerminalState = {
  state: 'online' | 'offline'
  /** The airing that sounds now. */
  playing: string | null
  volume: number
  version: string
  freeBytes: number | null
}

/** What happened to an airing at a terminal. `receiptId` is the terminal's own, so that a repeated receipt counts once. */
export type Receipt = {
  receiptId: string
  airingId: string
  kind: 'fetched' | 'started' | 'finished' | 'pre-empted' | 'failed'
  at: Instant
  /** Seconds that sounded, for `finished`, `pre-empted` and `failed`. */
  playedSeconds: number | null
  reason: string | null
}

/** Around every message of the station. `topic` stands inside, so that a message cannot be replayed to another village. */
export type Envelope<Body> = {
  id: string
  topic: string
  /** Grows with every message of the station, through restarts. */
  sequence: number
  issuedAt: Instant
  expiresAt: Instant
  body: Body
}

export const STATION_MESSAGE_LIMIT_BYTES = 512 * 1024
export const TERMINAL_MESSAGE_LIMIT_BYTES = 64 * 1024
export const ENTRY_LIMIT = 500
export const HOLD_LIMIT = 100
export const RECEIPT_LIMIT = 100
export const ACKNOWLEDGE_LIMIT = 1000
const NAME_LIMIT = 200
const SECONDS_LIMIT = 24 * 3600
/** A message may be this much ahead of the loudspeaker's clock; a board without a battery runs behind until it is told the time. */
const AHEAD_LIMIT_SECONDS = 300
const SIGNATURE_CHARACTERS = 88
/** Each start of the station begins a block of sequences of its own, this far after the last. */
export const STARTS_APART = 1_000_000_000

const ROOT = 'xiangyin/v1'

export const topics = {
  rundown: (areaCode: string) => `${ROOT}/area/${areaCode}/rundown`,
  alert: (areaCode: string) => `${ROOT}/area/${areaCode}/alert`,
  command: (terminalId: string) => `${ROOT}/terminal/${terminalId}/command`,
  state: (terminalId: string) => `${ROOT}/terminal/${terminalId}/state`,
  receipt: (terminalId: string) => `${ROOT}/terminal/${terminalId}/receipt`,
  everyState: `${ROOT}/terminal/+/state`,
  everyReceipt: `${ROOT}/terminal/+/receipt`,
}

export type Topic =
  | { kind: 'rundown' | 'alert'; areaCode: string }
  | { kind: 'command' | 'state' | 'receipt'; terminalId: string }

/** What a topic is about, or `undefined` when it is none of the link's. */
export function topicOf(topic: string): Topic | undefined {
  const [, place, id, kind] = /^xiangyin\/v1\/(area|terminal)\/([\w-]{1,64})\/(\w+)$/.exec(topic) ?? []
  if (!id) return undefined
  if (place === 'area' && (kind === 'rundown' || kind === 'alert')) return { kind, areaCode: id }
  if (place === 'terminal' && (kind === 'command' || kind === 'state' || kind === 'receipt')) {
    return { kind, terminalId: id }
  }
  return undefined
}

// Credentials. A terminal's secret is shown once, when it is made, and never travels again: the station keeps only its hash, both sides
// derive from that what they say to each other, and who overhears one of these cannot make the other.

/** What the station stores of a secret: 64 hexadecimal characters. */
export function secretHashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

/** The password of a terminal at the broker, and the last part of its HTTP token `t_<id>_<password>`. */
export function passwordOf(secretHash: string): string {
  return createHmac('sha256', secretHash).update('xiangyin terminal password').digest('base64url')
}

export function tokenOf(terminalId: string, secret: string): string {
  return `t_${terminalId}_${passwordOf(secretHashOf(secret))}`
}

/** Whether what a terminal gave is its secret, or the password derived from it. */
export function isCredential(given: string, secretHash: string): boolean {
  return isSame(secretHashOf(given), secretHash) || isSame(given, passwordOf(secretHash))
}

/** What a station says of itself to a terminal, over HTTP, before anything signed can be believed. */
export type Introduction = {
  terminalId: string
  areaCodes: string[]
  subscribe: string[]
  mqttUrl: string
  /** Ed25519, SPKI DER in base64. */
  publicKey: string
  /** The last sequence in use: a loudspeaker that has seen a higher one learns that the station was restored from a backup. */
  sequence: number
  now: Instant
}

/**
 * Proves to a terminal that its own station says all of this: made for its own nonce, with a key that only the two of them have. The text is
 * the JSON of a list in a fixed order, so that no field can be altered or be taken for another.
 */
export function proofOf(secretHash: string, nonce: string, introduction: Introduction): string {
  const { terminalId, areaCodes, subscribe, mqttUrl, publicKey, sequence, now } = introduction
  const fields = [nonce, terminalId, areaCodes, subscribe, mqttUrl, publicKey, sequence, now]
  const text = JSON.stringify(['xiangyin introduction', ...fields])
  return createHmac('sha256', secretHash).update(text).digest('base64url')
}

export function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}

/** Reads a station's public key (SPKI DER in base64). Throws `invalid`. */
export function publicKeyFrom(text: string): KeyObject {
  try {
    const key = createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' })
    if (key.asymmetricKeyType === 'ed25519') return key
  } catch {
    // Whatever is wrong with it, the answer is the same.
  }
  throw invalid('publicKey', '不是 Ed25519 公钥', 'is not an Ed25519 public key')
}

/** The bytes of a signed message. `sign` makes an Ed25519 signature of 64 bytes. */
export function seal(envelope: Envelope<Rundown | AlertsInForce | Command>, sign: (bytes: Buffer) => Buffer): Buffer {
  const bytes = Buffer.from(JSON.stringify(envelope))
  return Buffer.concat([Buffer.from(`${sign(bytes).toString('base64')}\n`), bytes])
}

/**
 * Opens a message that came on a topic. Throws `invalid` naming what is wrong with it: `size`, `signature`, `topic`, `sequence` (older than the
 * last one obeyed), `expiresAt`, `issuedAt`, or a field of the envelope. Answers `undefined` when it is the very message last obeyed:
 * a retained one comes again at every reconnect.
 */
export function open(
  payload: Buffer,
  expected: { topic: string; publicKey: KeyObject; lastSequence: number; now: Instant },
): Envelope<unknown> | undefined {
  if (payload.length > STATION_MESSAGE_LIMIT_BYTES) throw tooLong(STATION_MESSAGE_LIMIT_BYTES)
  const bytes = payload.subarray(SIGNATURE_CHARACTERS + 1)
  const signature = Buffer.from(payload.subarray(0, SIGNATURE_CHARACTERS).toString('latin1'), 'base64')
  const isSealed = payload[SIGNATURE_CHARACTERS] === 0x0a && signature.length === 64
  if (!isSealed || !verify(null, bytes, expected.publicKey, signature)) {
    throw invalid('signature', '签名不对，不是本平台发出的', 'The signature is wrong: not from this station')
  }
  const read = fieldsOf(parseJson(bytes))
  const envelope = {
    id: read.text('id', NAME_LIMIT),
    topic: read.text('topic', NAME_LIMIT),
    sequence: read.whole('sequence', 1, Number.MAX_SAFE_INTEGER),
    issuedAt: read.instant('issuedAt'),
    expiresAt: read.instant('expiresAt'),
    body: read.value('body'),
  }
  if (envelope.topic !== expected.topic) {
    throw invalid('topic', `这条消息属于 ${envelope.topic}`, `This message belongs to ${envelope.topic}`)
  }
  if (envelope.sequence === expected.lastSequence) return undefined
  if (envelope.sequence < expected.lastSequence) {
    throw invalid('sequence', '这条消息早于已执行的消息', 'This message is older than the last one obeyed')
  }
  if (envelope.expiresAt <= expected.now) {
    throw invalid('expiresAt', `已于 ${envelope.expiresAt} 过期`, `Expired at ${envelope.expiresAt}`)
  }
  if (envelope.issuedAt > addSeconds(expected.now, AHEAD_LIMIT_SECONDS)) {
    throw invalid('issuedAt', '签发时刻在未来，请校时', 'Issued in the future; set the clock')
  }
  return envelope
}

/** Throws `invalid` naming the field. */
export function rundownFrom(body: unknown): Rundown {
  const read = fieldsOf(body)
  return {
    areaCode: read.match('areaCode', AREA_CODE),
    entries: read.list('entries', ENTRY_LIMIT).map((entry, index) => entryFrom(entry, `entries.${index}`)),
    holdHashes: read.list('holdHashes', HOLD_LIMIT).map((hash) => {
      if (typeof hash !== 'string' || !HASH.test(hash)) throw wrong('holdHashes')
      return hash
    }),
  }
}

/** Throws `invalid` naming the field. */
export function alertsFrom(body: unknown): AlertsInForce {
  const read = fieldsOf(body)
  return {
    areaCode: read.match('areaCode', AREA_CODE),
    entries: read.list('entries', ENTRY_LIMIT).map((entry, index) => entryFrom(entry, `entries.${index}`)),
  }
}

/** Throws `invalid` naming the field. */
export function commandFrom(body: unknown): Command {
  const read = fieldsOf(body)
  const kind = read.oneOf('kind', ['volume', 'test', 'reboot', 'acknowledge'])
  if (kind === 'volume') return { kind, volume: read.whole('volume', 0, 100) }
  if (kind !== 'acknowledge') return { kind }
  return { kind, receiptIds: read.list('receiptIds', ACKNOWLEDGE_LIMIT).map((id) => idFrom(id, 'receiptIds')) }
}

/** Reads what a terminal says of itself. Throws `invalid` naming the field. */
export function stateFrom(payload: Buffer): TerminalState {
  const read = fieldsOf(parseLimited(payload))
  return {
    state: read.oneOf('state', ['online', 'offline']),
    playing: read.optional('playing', () => read.match('playing', ID)),
    volume: read.whole('volume', 0, 100),
    version: read.text('version', 40),
    freeBytes: read.optional('freeBytes', () => read.whole('freeBytes', 0, Number.MAX_SAFE_INTEGER)),
  }
}

/** Reads a batch of receipts (`{ receipts: [...] }`, at most 100). Throws `invalid` naming the field. */
export function receiptsFrom(payload: Buffer): Receipt[] {
  const list = fieldsOf(parseLimited(payload)).list('receipts', RECEIPT_LIMIT)
  return list.map((each, index) => {
    const read = fieldsOf(each, `receipts.${index}`)
    return {
      receiptId: read.match('receiptId', ID),
      airingId: read.match('airingId', ID),
      kind: read.oneOf('kind', ['fetched', 'started', 'finished', 'pre-empted', 'failed']),
      at: read.instant('at'),
      playedSeconds: read.optional('playedSeconds', () => read.number('playedSeconds', 0, SECONDS_LIMIT)),
      reason: read.optional('reason', () => read.text('reason', NAME_LIMIT)),
    }
  })
}

const AREA_CODE = /^\d{12}$/
const HASH = /^[0-9a-f]{64}$/
const ID = /^[\w-]{1,64}$/

function entryFrom(value: unknown, place: string): RundownEntry {
  const read = fieldsOf(value, place)
  const entry: RundownEntry = {
    airingId: read.match('airingId', ID),
    areaCode: read.match('areaCode', AREA_CODE),
    title: read.text('title', NAME_LIMIT),
    class: read.oneOf('class', ['alert', 'drill', 'notice', 'daily']),
    precedence: read.text('precedence', NAME_LIMIT),
    dueAt: read.instant('dueAt'),
    untilAt: read.instant('untilAt'),
    hash: read.match('hash', HASH),
    seconds: read.number('seconds', 0, SECONDS_LIMIT),
    repeatEverySeconds: read.optional('repeatEverySeconds', () => read.number('repeatEverySeconds', 1, SECONDS_LIMIT)),
    afterPreemption: read.oneOf('afterPreemption', ['resume', 'restart', 'drop']),
    volume: read.whole('volume', 0, 100),
  }
  if (entry.untilAt < entry.dueAt) {
    throw invalid(`${place}.untilAt`, '结束早于开始', 'ends before it begins')
  }
  return entry
}

type Fields = {
  value: (name: string) => unknown
  text: (name: string, limit: number) => string
  match: (name: string, pattern: RegExp) => string
  number: (name: string, from: number, to: number) => number
  whole: (name: string, from: number, to: number) => number
  instant: (name: string) => Instant
  oneOf: <const Word extends string>(name: string, words: readonly Word[]) => Word
  list: (name: string, limit: number) => unknown[]
  optional: <T>(name: string, read: () => T) => T | null
}

/** Reads the fields of a JSON object one by one; fields it isn't asked for are left alone, so that a newer station can add some. */
function fieldsOf(value: unknown, place = ''): Fields {
  const at = (name: string): string => (place === '' ? name : `${place}.${name}`)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(place || 'message')
  const fields = new Map<string, unknown>(Object.entries(value))
  const read: Fields = {
    value: (name) => fields.get(name),
    text: (name, limit) => {
      const text = fields.get(name)
      if (typeof text !== 'string' || text.length > limit) throw wrong(at(name))
      return text
    },
    match: (name, pattern) => {
      const text = fields.get(name)
      if (typeof text !== 'string' || !pattern.test(text)) throw wrong(at(name))
      return text
    },
    number: (name, from, to) => {
      const number = fields.get(name)
      if (typeof number !== 'number' || !(number >= from && number <= to)) throw wrong(at(name))
      return number
    },
    whole: (name, from, to) => {
      const number = read.number(name, from, to)
      if (!Number.isInteger(number)) throw wrong(at(name))
      return number
    },
    instant: (name) => {
      const text = fields.get(name)
      const instant = typeof text === 'string' ? parseInstant(text) : undefined
      if (instant === undefined) throw wrong(at(name))
      return instant
    },
    oneOf: (name, words) => {
      const word = words.find((each) => each === fields.get(name))
      if (word === undefined) throw wrong(at(name))
      return word
    },
    list: (name, limit) => {
      const list: unknown = fields.get(name)
      if (!Array.isArray(list) || list.length > limit) throw wrong(at(name))
      return list as unknown[]
    },
    optional: (name, read) => (fields.get(name) === null || fields.get(name) === undefined ? null : read()),
  }
  return read
}

function idFrom(value: unknown, field: string): string {
  if (typeof value !== 'string' || !ID.test(value)) throw wrong(field)
  return value
}

function parseLimited(payload: Buffer): unknown {
  if (payload.length > TERMINAL_MESSAGE_LIMIT_BYTES) throw tooLong(TERMINAL_MESSAGE_LIMIT_BYTES)
  return parseJson(payload)
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    throw wrong('message')
  }
}

function wrong(field: string): StationError {
  return invalid(field, `消息的 ${field} 缺失或不合格式`, `The message's ${field} is missing or malformed`)
}

function tooLong(limitBytes: number): StationError {
  const kilobytes = limitBytes / 1024
  return invalid('size', `消息超过 ${kilobytes} KB`, `The message is larger than ${kilobytes} KB`)
}
