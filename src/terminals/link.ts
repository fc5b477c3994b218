import { setImmediate } from 'node:timers/promises'
import { audit } from '../accounts/audit.ts'
import { requireArea } from '../areas/division.ts'
import {
  ACKNOWLEDGE_LIMIT,
  proofOf,
  receiptsFrom,
  seal,
  stateFrom,
  STARTS_APART,
  topicOf,
  topics,
  type AlertsInForce,
  type Command,
  type Introduction,
  type Receipt,
  type Rundown,
  type TerminalState,
} from '../codecs/speaker-link.ts'
import type { Database } from '../database/connect.ts'
import type { Broker, Message } from '../equipment/broker.ts'
import type { Clock } from '../equipment/clock.ts'
import type { Dice } from '../equipment/dice.ts'
import type { Journal } from '../equipment/journal.ts'
import type { Signer } from '../equipment/signer.ts'
import { conflict, notFound } from '../errors.ts'
import { addSeconds, secondsBetween, type Instant } from '../instant.ts'
import type { Person } from '../web/guard.ts'
import { createGatherer } from './gatherer.ts'
import { countStart, loudspeakersOf, markSilent, noteState, terminalById } from './store.ts'
import { SILENT_AFTER_SECONDS, subscriptionsOf, type Terminal } from './terminal.ts'

/** A rundown holds for two days, so that a loudspeaker that comes back after one still believes it. */
const RUNDOWN_SECONDS = 48 * 3600
const CLEARED_SECONDS = 7 * 86_400
const COMMAND_SECONDS = 120
/** A retained message is signed anew when less than this part of its life is left. */
const RENEW_AT = 0.5
/** Receipts and states are gathered for this long, and kept together in one transaction. */
const GATHER_MILLISECONDS = 20
/** Acknowledgements wait until the wave of receipts is kept, and are then sent a few at a time: nothing depends on their haste. */
const ACKNOWLEDGE_MILLISECONDS = 500
const ACKNOWLEDGE_TOGETHER = 50
const GATHER_BATCH = 1000
const GATHER_LIMIT = 50_000
/** In receipts, since a message carries up to a hundred: a batch holds the event loop for some 40 ms. */
const RECEIPT_BATCH = 1000
const RECEIPTS_WAITING_LIMIT = 200_000
const SILENCE_CHECK_SECONDS = 10
/** What the broker has not taken by then counts as not sent. */
const PUBLISH_DEADLINE_MILLISECONDS = 3000
/** Refusals that the journal takes in a minute; the rest of them are counted. */
const NOTES_PER_MINUTE = 30

/** The receipts that one terminal sent together. */
export type ReceiptBatch = { terminalId: string; receipts: Receipt[] }

/** Commits receipts, all or none. The link acknowledges them when it resolves; a receipt that comes again must count once. */
export type Receive = (batches: ReceiptBatch[], now: Instant) => Promise<void>

type Retained = { body: string; payload: Buffer; issuedAt: Instant; expiresAt: Instant; isSent: boolean }

export type Link = Awaited<ReturnType<typeof createLink>>

/** The station's end of the speaker link: publishes what is signed, takes what terminals say, and acknowledges what is kept. */
export async function createLink(parts: {
  db: Database
  broker: Broker
  signer: Signer
  dice: Dice
  clock: Clock
  journal: Journal
  receive: Receive
  /** How long the broker may take for a message; 3 s unless told. */
  publishDeadlineMilliseconds?: number
}) {
  const { db, broker, signer, dice, clock, journal, receive } = parts
  const deadlineMilliseconds = parts.publishDeadlineMilliseconds ?? PUBLISH_DEADLINE_MILLISECONDS
  // Sequences must grow through restarts and through clocks that are set back, so each start begins a block of its own.
  const base = (await countStart(db)) * STARTS_APART
  let count = 0
  const retained = new Map<string, Retained>()
  const refused = createRefusals(journal)
  let lastSilenceCheck: Instant | undefined

  const sealed = (topic: string, body: Rundown | AlertsInForce | Command, now: Instant, expiresAt: Instant): Buffer => {
    const sequence = base + ++count
    return seal({ id: sequence.toString(36), topic, sequence, issuedAt: now, expiresAt, body }, signer.sign)
  }

  /** Rejects at the deadline too: a broker that is connected and never answers must not stop the heart. */
  const publish = async (topic: string, payload: Buffer, options: { isRetained: boolean }): Promise<void> => {
    const { promise: late, reject } = Promise.withResolvers<never>()
    const timer = setTimeout(() => reject(new Error('the broker did not answer in time')), deadlineMilliseconds)
    try {
      await Promise.race([broker.publish(topic, payload, options), late])
    } finally {
      clearTimeout(timer)
    }
  }

  const send = async (topic: string, message: Retained): Promise<boolean> => {
    try {
      await publish(topic, message.payload, { isRetained: true })
      message.isSent = true
    } catch (error) {
      message.isSent = false
      refused('station', `could not publish: ${(error as Error).message}`, clock())
    }
    return message.isSent
  }

  /** Signs and publishes; what has been said already and still holds is not said again. */
  const retain = async (
    topic: string,
    body: Rundown | AlertsInForce,
    now: Instant,
    expiresAt: Instant,
  ): Promise<boolean> => {
    const text = JSON.stringify(body)
    const known = retained.get(topic)
    if (known?.body === text && known.expiresAt > now) return known.isSent || send(topic, known)
    const message = {
      body: text,
      payload: sealed(topic, body, now, expiresAt),
      issuedAt: now,
      expiresAt,
      isSent: false,
    }
    retained.set(topic, message)
    return send(topic, message)
  }

  const command = async (terminalId: string, command: Command, now: Instant): Promise<boolean> => {
    const topic = topics.command(terminalId)
    try {
      const payload = sealed(topic, command, now, addSeconds(now, COMMAND_SECONDS))
      await publish(topic, payload, { isRetained: false })
      return true
    } catch (error) {
      refused(terminalId, `could not command: ${(error as Error).message}`, now)
      return false
    }
  }

  const receipts = createGatherer<ReceiptBatch>({
    milliseconds: GATHER_MILLISECONDS,
    batch: RECEIPT_BATCH,
    limit: RECEIPTS_WAITING_LIMIT,
    weigh: (each) => Math.max(1, each.receipts.length),
    take: async (gathered) => {
      const now = clock()
      const known = await loudspeakersOf(db, [...new Set(gathered.map((each) => each.terminalId))])
      const batches = mergeByTerminal(gathered.filter((each) => known.has(each.terminalId)))
      if (batches.length === 0) return
      await receive(batches, now)
      for (const batch of batches) acknowledgements.add(batch)
    },
    // Not acknowledged, so the terminals say it again.
    failed: (error) => journal.error('receipts were not kept', { reason: String(error) }),
  })

  const acknowledgements = createGatherer<ReceiptBatch>({
    milliseconds: ACKNOWLEDGE_MILLISECONDS,
    batch: GATHER_LIMIT,
    limit: GATHER_LIMIT,
    take: async (gathered) => {
      const batches = mergeByTerminal(gathered)
      for (let start = 0; start < batches.length; start += ACKNOWLEDGE_TOGETHER) {
        for (const { terminalId, receipts } of batches.slice(start, start + ACKNOWLEDGE_TOGETHER)) {
          const ids = receipts.map((each) => each.receiptId)
          for (let first = 0; first < ids.length; first += ACKNOWLEDGE_LIMIT) {
            const receiptIds = ids.slice(first, first + ACKNOWLEDGE_LIMIT)
            // A broker that doesn't take one takes none. The terminals say again what is not acknowledged.
            if (!(await command(terminalId, { kind: 'acknowledge', receiptIds }, clock()))) return
          }
        }
        await setImmediate()
      }
    },
    failed: (error) => journal.error('receipts were not acknowledged', { reason: String(error) }),
  })

  const states = createGatherer<{ terminalId: string; state: TerminalState; at: Instant }>({
    milliseconds: GATHER_MILLISECONDS,
    batch: GATHER_BATCH,
    limit: GATHER_LIMIT,
    take: (gathered) =>
      db.transaction().execute(async (db) => {
        const latest = new Map(gathered.map((each) => [each.terminalId, each]))
        for (const group of Map.groupBy(latest.values(), (each) => JSON.stringify(each.state)).values()) {
          await noteState(
            db,
            group.map((each) => each.terminalId),
            group[0]!.state,
            group.at(-1)!.at,
          )
        }
      }),
    failed: (error) => journal.error('states of terminals were not kept', { reason: String(error) }),
  })

  /** Hands over what a terminal said. Whatever is wrong with it changes nothing. */
  const hear =
    (kind: 'state' | 'receipt') =>
    ({ topic, payload, isRetained }: Message): void => {
      const now = clock()
      const place = topicOf(topic)
      if (place?.kind !== kind) return refused(topic.slice(0, 100), 'not a topic of the link', now)
      try {
        const isTaken =
          kind === 'receipt'
            ? receipts.add({ terminalId: place.terminalId, receipts: receiptsFrom(payload) })
            : hearState(place.terminalId, payload, isRetained, now)
        if (!isTaken) refused(place.terminalId, 'more messages than can be kept', now)
      } catch (error) {
        refused(place.terminalId, (error as Error).message, now)
      }
    }

  const hearState = (terminalId: string, payload: Buffer, isRetained: boolean, now: Instant): boolean => {
    const state = stateFrom(payload)
    // What an external broker kept from before says who was there, not who is; the next heartbeat will.
    return isRetained && state.state === 'online' ? true : states.add({ terminalId, state, at: now })
  }

  await broker.subscribe(topics.everyState, hear('state'))
  await broker.subscribe(topics.everyReceipt, hear('receipt'))
  broker.onConnect(() => {
    // An external broker may have lost everything. What it doesn't take now, the next beats send.
    for (const message of retained.values()) message.isSent = false
    void (async () => {
      for (const [topic, message] of retained) {
        if (message.expiresAt > clock() && !(await send(topic, message))) return
      }
    })()
  })

  return {
    /** Replaces an area's rundown. Answers whether the broker has it; what it hasn't is sent when it is back. */
    publishRundown: (rundown: Rundown, now: Instant): Promise<boolean> =>
      retain(topics.rundown(rundown.areaCode), rundown, now, addSeconds(now, RUNDOWN_SECONDS)),

    /** Replaces the alerts in force in an area; none clears them. */
    publishAlerts: (alerts: AlertsInForce, now: Instant): Promise<boolean> => {
      const ends = alerts.entries.map((entry) => entry.untilAt).sort()
      const expiresAt = ends.at(-1) ?? addSeconds(now, CLEARED_SECONDS)
      return retain(topics.alert(alerts.areaCode), alerts, now, expiresAt)
    },

    command,

    /**
     * Commands a loudspeaker in a person's name. Throws `not-found`, `forbidden` outside the person's area, `conflict` when it isn't there
     * to hear it.
     */
    order: async (by: Person, id: string, order: Command, now: Instant): Promise<Terminal> => {
      const terminal = await terminalById(db, id)
      if (!terminal) throw notFound('没有这个终端', 'There is no such terminal')
      requireArea(by, terminal.areaCode)
      if (terminal.kind !== 'loudspeaker' || terminal.revokedAt) {
        throw conflict('只能指挥在用的大喇叭', 'Only a loudspeaker in use can be commanded')
      }
      if (terminal.state !== 'online') throw conflict('大喇叭不在线', 'The loudspeaker is not online')
      await db.transaction().execute((db) =>
        audit(db, {
          id: dice.id(),
          at: now,
          by,
          action: `terminal.${order.kind}`,
          subject: 'terminal',
          subjectId: id,
          areaCode: terminal.areaCode,
          after: order,
        }),
      )
      if (!(await command(id, order, now))) throw conflict('消息服务器不可用', 'The broker is not available')
      return terminal
    },

    /** What a loudspeaker needs to begin. `host` is the name by which it reached the station. */
    introduction: (
      terminal: { id: string; areaCodes: string[]; secretHash: string },
      nonce: string,
      host: string,
      now: Instant,
    ): Introduction & { proof: string } => {
      const address = broker.address()
      const introduction = {
        terminalId: terminal.id,
        areaCodes: terminal.areaCodes,
        subscribe: subscriptionsOf(terminal.id, terminal.areaCodes),
        mqttUrl: 'url' in address ? address.url : `mqtt://${host}:${address.port}`,
        publicKey: signer.publicKey,
        sequence: base + count,
        now,
      }
      return { ...introduction, proof: proofOf(terminal.secretHash, nonce, introduction) }
    },

    /** Marks who has fallen silent, sends what the broker has missed, and signs anew what would expire. Part of every beat. */
    tick: async (now: Instant): Promise<void> => {
      if (!lastSilenceCheck || Math.abs(secondsBetween(lastSilenceCheck, now)) >= SILENCE_CHECK_SECONDS) {
        lastSilenceCheck = now
        const silent = await markSilent(db, addSeconds(now, -SILENT_AFTER_SECONDS))
        if (silent.length > 0) {
          journal.warn('loudspeakers fell silent', { count: silent.length, ids: silent.slice(0, 20) })
        }
      }
      // A broker that doesn't take one is asked again by the next beat, not for every topic in this one.
      let isTaking = broker.isConnected()
      for (const [topic, message] of retained) {
        const life = secondsBetween(message.issuedAt, message.expiresAt)
        const place = topicOf(topic)
        if (message.expiresAt <= now && place?.kind === 'alert') retained.delete(topic)
        else if (!isTaking) continue
        else if (place?.kind === 'rundown' && secondsBetween(now, message.expiresAt) < life * RENEW_AT) {
          retained.delete(topic)
          const body = JSON.parse(message.body) as Rundown
          isTaking = await retain(topic, body, now, addSeconds(now, RUNDOWN_SECONDS))
        } else if (!message.isSent) isTaking = await send(topic, message)
      }
    },

    /** Resolves when all that has come is kept and acknowledged. */
    settle: async (): Promise<void> => {
      await receipts.settle()
      await acknowledgements.settle()
      await states.settle()
    },

    /** Notes in the journal what was refused to whom, within the limit. */
    refused: (name: string, reason: string): void => refused(name, reason, clock()),
  }
}

function mergeByTerminal(gathered: ReceiptBatch[]): ReceiptBatch[] {
  return [...Map.groupBy(gathered, (each) => each.terminalId)].map(([terminalId, batches]) => ({
    terminalId,
    receipts: batches.flatMap((batch) => batch.receipts),
  }))
}

/** Notes refusals in the journal, a limited number a minute: a broken or hostile device must not fill the disk. */
function createRefusals(journal: Journal): (name: string, reason: string, now: Instant) => void {
  let minute = ''
  let noted = 0
  return (name, reason, now) => {
    if (now.slice(0, 16) !== minute) {
      if (noted > NOTES_PER_MINUTE)
        journal.warn('more was refused on the speaker link', { count: noted - NOTES_PER_MINUTE })
      minute = now.slice(0, 16)
      noted = 0
    }
    if (++noted <= NOTES_PER_MINUTE) journal.warn('refused on the speaker link', { name, reason: reason.slice(0, 200) })
  }
}
