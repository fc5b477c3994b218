import type { KeyObject } from 'node:crypto'
import { entryToPlay, type Played } from '../codecs/loudspeaker.ts'
import {
  alertsFrom,
  commandFrom,
  open,
  RECEIPT_LIMIT,
  rundownFrom,
  topicOf,
  topics,
  type Receipt,
  type RundownEntry,
  type TerminalState,
} from '../codecs/speaker-link.ts'
import { secondsBetween, type Instant } from '../instant.ts'
import type { Connection } from './connection.ts'

/** Something that happened at one light loudspeaker, for the swarm's report. */
export type Happening =
  | { kind: 'rundown'; issuedAt: Instant }
  | { kind: 'alerts'; issuedAt: Instant; airingIds: string[] }
  /** The receipt of its beginning stands in the station's database. */
  | { kind: 'acknowledged'; airingId: string }
  | { kind: 'refused'; reason: string }

/** What one message says, read once for all loudspeakers of the process that get the same bytes. */
type Heard = { sequence: number; issuedAt: Instant; entries: RundownEntry[] }

export type Library = ReturnType<typeof createLibrary>

/**
 * Reads what areas are told. Thousands of loudspeakers are thousands of processors; here one processor stands for all of them, so the same bytes
 * are verified once. What is said to one terminal alone is verified for each.
 */
export function createLibrary(publicKey: KeyObject) {
  const known = new Map<string, { payload: Buffer; heard: Heard }>()
  return {
    publicKey,
    read: (topic: string, payload: Buffer, now: Instant): Heard => {
      const latest = known.get(topic)
      if (latest?.payload.equals(payload)) return latest.heard
      const envelope = open(payload, { topic, publicKey, lastSequence: 0, now })!
      const body = topicOf(topic)?.kind === 'alert' ? alertsFrom(envelope.body) : rundownFrom(envelope.body)
      const heard = { sequence: envelope.sequence, issuedAt: envelope.issuedAt, entries: body.entries }
      known.set(topic, { payload, heard })
      return heard
    },
  }
}

const HEARTBEAT_SECONDS = 50
const REPEAT_RECEIPT_SECONDS = 20
const REMEMBERED_LIMIT = 500

export type Light = ReturnType<typeof createLight>

/**
 * A loudspeaker without a disk and without a sound: it obeys the same messages by the same rule and sends the same receipts, and takes every recording
 * to be at hand. `isMute` leaves out the receipts.
 */
export function createLight(parts: {
  id: string
  library: Library
  isMute: boolean
  happened: (happening: Happening) => void
}) {
  const { id, library, isMute, happened } = parts
  const heard = new Map<string, Heard>()
  const history = new Map<string, Played>()
  const pending = new Map<string, { receipt: Receipt; sentAt: Instant | undefined }>()
  let connection: Connection | undefined
  let current: { entry: RundownEntry; since: Instant; fromSeconds: number } | undefined
  let count = 0
  let saidStateAt: Instant | undefined
  let commandSequence = 0

  const receipt = (kind: Receipt['kind'], airingId: string, at: Instant, playedSeconds: number | null = null): void => {
    if (isMute) return
    const receiptId = `${Date.parse(at).toString(36)}-${++count}`
    const made = { receiptId, airingId, kind, at, playedSeconds, reason: null }
    pending.set(receiptId, { receipt: made, sentAt: undefined })
  }

  const rest = (state: 'finished' | 'interrupted', now: Instant): void => {
    const { entry, since, fromSeconds } = current!
    const playedSeconds = Math.min(entry.seconds - fromSeconds, secondsBetween(since, now))
    const positionSeconds = fromSeconds + playedSeconds
    history.set(entry.airingId, { ...history.get(entry.airingId)!, state, positionSeconds })
    receipt(state === 'finished' ? 'finished' : 'pre-empted', entry.airingId, now, Math.max(0, playedSeconds))
    current = undefined
  }

  const play = (now: Instant): void => {
    if (current && secondsBetween(current.since, now) >= current.entry.seconds - current.fromSeconds)
      rest('finished', now)
    const entries = [...heard.values()].flatMap((each) => each.entries)
    const choice = entryToPlay(entries, now, history)
    const next = choice?.does === 'sound' ? choice : undefined
    if (current && next?.entry.airingId !== current.entry.airingId) rest('interrupted', now)
    if (!next || current) return
    const { entry, fromSeconds } = next
    const startedAt = fromSeconds > 0 ? (history.get(entry.airingId)?.startedAt ?? now) : now
    if (history.size >= REMEMBERED_LIMIT) history.delete(history.keys().next().value!)
    history.set(entry.airingId, { state: 'playing', startedAt, positionSeconds: fromSeconds, hash: entry.hash })
    current = { entry, since: now, fromSeconds }
    receipt('started', entry.airingId, now)
  }

  const send = (now: Instant): void => {
    if (!connection || pending.size === 0) return
    const receipts: Receipt[] = []
    for (const each of pending.values()) {
      if (receipts.length >= RECEIPT_LIMIT) break
      if (each.sentAt !== undefined && secondsBetween(each.sentAt, now) < REPEAT_RECEIPT_SECONDS) continue
      each.sentAt = now
      receipts.push(each.receipt)
    }
    if (receipts.length > 0) say(topics.receipt(id), { receipts }, false)
  }

  const say = (topic: string, message: object, isRetained: boolean): void =>
    void connection?.publish(topic, Buffer.from(JSON.stringify(message)), isRetained).catch(() => undefined)

  const beat = (now: Instant): void => {
    play(now)
    send(now)
    if (connection && (!saidStateAt || secondsBetween(saidStateAt, now) >= HEARTBEAT_SECONDS)) {
      saidStateAt = now
      say(topics.state(id), stateMessage('online'), true)
    }
  }

  const obey = (topic: string, payload: Buffer, now: Instant): void => {
    const envelope = open(payload, { topic, publicKey: library.publicKey, lastSequence: commandSequence, now })
    if (!envelope) return
    commandSequence = envelope.sequence
    const command = commandFrom(envelope.body)
    if (command.kind !== 'acknowledge') return
    for (const receiptId of command.receiptIds) {
      const known = pending.get(receiptId)
      pending.delete(receiptId)
      if (known?.receipt.kind === 'started') happened({ kind: 'acknowledged', airingId: known.receipt.airingId })
    }
  }

  return {
    id,
    beat,
    pendingCount: () => pending.size,
    lastWill: () => ({ topic: topics.state(id), payload: Buffer.from(JSON.stringify(stateMessage('offline'))) }),

    hear: (topic: string, payload: Buffer, now: Instant): void => {
      const kind = topicOf(topic)?.kind
      try {
        if (kind === 'command') return obey(topic, payload, now)
        const message = library.read(topic, payload, now)
        if (message.sequence <= (heard.get(topic)?.sequence ?? 0)) return
        heard.set(topic, message)
        const { issuedAt, entries } = message
        if (kind === 'alert') happened({ kind: 'alerts', issuedAt, airingIds: entries.map((entry) => entry.airingId) })
        else happened({ kind: 'rundown', issuedAt })
        beat(now)
      } catch (error) {
        happened({ kind: 'refused', reason: (error as Error).message })
      }
    },

    connected: (made: Connection, now: Instant): void => {
      connection = made
      saidStateAt = undefined
      for (const each of pending.values()) each.sentAt = undefined
      beat(now)
    },

    disconnected: (): void => void (connection = undefined),
  }
}

function stateMessage(state: TerminalState['state']): TerminalState {
  return { state, playing: null, volume: 80, version: 'swarm', freeBytes: null }
}
