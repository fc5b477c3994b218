import { randomBytes, type KeyObject } from 'node:crypto'
import { entryToPlay, isOpen, type Choice, type Played } from '../codecs/loudspeaker.ts'
import {
  alertsFrom,
  commandFrom,
  ENTRY_LIMIT,
  open,
  publicKeyFrom,
  RECEIPT_LIMIT,
  rundownFrom,
  STARTS_APART,
  topicOf,
  topics,
  type Command,
  type Receipt,
  type RundownEntry,
  type TerminalState,
} from '../codecs/speaker-link.ts'
import { StationError } from '../errors.ts'
import { addSeconds, instantFrom, milliseconds, secondsBetween, type Instant } from '../instant.ts'
import type { Memory, Remembered } from './memory.ts'
import type { Introduced } from './station.ts'
import { failedPlayback, type Ended, type Playback, type Sink, type Sound } from './sinks.ts'

export type Clock = () => Instant

/** How the loudspeaker speaks to the station, while it can. */
export type Voice = (topic: string, payload: Buffer, isRetained: boolean) => Promise<void>

export const VERSION = '1.0.0'
/** A recording that is nearly over when its entry leaves the rundown is heard to its end: the station thinks it has ended. */
const TAIL_SECONDS = 10
const FETCHES_AT_ONCE = 3
const FETCH_WAIT_FIRST_SECONDS = 1
const FETCH_WAIT_LIMIT_SECONDS = 60
const REPEAT_RECEIPT_SECONDS = 20
const RECEIPTS_KEPT_LIMIT = 10_000
const HEARTBEAT_SECONDS = 50
const POSITION_EVERY_SECONDS = 5
const FORGET_AFTER_SECONDS = 3 * 86_400
const CLEAN_EVERY_SECONDS = 3600
const SAVE_AGAIN_SECONDS = 10
/** A recording that ends earlier than the station said by more than this may have rotted. */
const SHORT_SECONDS = 1
const ASK_ANEW_SECONDS = 10
/** Clocks that are no further apart than this agree. */
const CLOCK_AGREES_MILLISECONDS = 1000
/** Faults of a message that is our station's, as its signature shows: either it is old, or what we hold of the station is. */
const DOUBTFUL = new Set(['sequence', 'issuedAt', 'expiresAt'])
const TEST_AIRING = 'test'

/** What makes the loudspeaker sound right now. */
type Current = {
  airingId: string
  entry: RundownEntry
  fromSeconds: number
  playback: Playback
  /** When its position was last written down. */
  savedAt: Instant
}

export type Loudspeaker = ReturnType<typeof createLoudspeaker>

/**
 * The loudspeaker itself: keeps what the station said on its disk, fetches recordings ahead, plays by the rule whether or not
 * the station can be reached, and keeps every receipt until the station has it. Nothing here waits: `beat` is called ten times a
 * second with the time.
 */
export function createLoudspeaker(parts: {
  id: string
  memory: Memory
  sink: Sink
  clock: Clock
  /** The bytes of a recording; rejects when the station can't be reached or has none. */
  fetchRecording: (hash: string) => Promise<Buffer>
  /** A short recording that ships with the program. */
  testSound: string
  reboot: () => void
  /** Asks the station to introduce itself anew, and hands its answer to `introduce`. Called again until it does. */
  askAnew: () => void
  tell: (line: string) => void
}) {
  const { id, memory, sink, clock, fetchRecording, tell } = parts
  const { kept } = memory
  let publicKey: KeyObject | undefined = kept.publicKey ? publicKeyFrom(kept.publicKey) : undefined
  let voice: Voice | undefined
  let current: Current | undefined
  let testing: Playback | undefined
  let isChanged = false
  let saidState = ''
  let saidStateAt: Instant | undefined
  let cleanedAt: Instant | undefined
  let notSavedAt: Instant | undefined
  let faultTold = ''
  let isDoubting = false
  let askedAnewAt: Instant | undefined
  const sentAt = new Map<string, Instant>()
  const fetching = new Map<string, { attempts: number; nextAt: Instant; isUnderWay: boolean }>()

  const remembered = (airingId: string): Remembered =>
    (kept.airings[airingId] ??= { entry: null, played: null, fromSeconds: 0, isFetched: false, isOver: false })

  const change = (): void => void (isChanged = true)

  /** Every entry of every area that the station last spoke of, alerts first. */
  const entriesKnown = (): RundownEntry[] => [
    ...Object.values(kept.alerts).flat(),
    ...Object.values(kept.rundowns).flatMap((rundown) => rundown.entries),
  ]

  const receipt = (kind: Receipt['kind'], airingId: string, at: Instant, more: Partial<Receipt> = {}): void => {
    if (kept.receipts.length >= RECEIPTS_KEPT_LIMIT) kept.receipts.shift()
    const receiptId = randomBytes(9).toString('base64url')
    kept.receipts.push({ receiptId, airingId, kind, at, playedSeconds: null, reason: null, ...more })
    change()
  }

  // A power cut in the middle of a play: it counts as interrupted where it was last written down.
  for (const [airingId, known] of Object.entries(kept.airings)) {
    if (known.played?.state !== 'playing') continue
    known.played = { ...known.played, state: 'interrupted' }
    const playedSeconds = inMilliseconds(known.played.positionSeconds - known.fromSeconds)
    receipt('pre-empted', airingId, clock(), { playedSeconds, reason: 'the power was cut' })
  }

  /** What can sound: the entries whose recording is here. Until an alert's words are, its siren stands for them. */
  const playable = (known: RundownEntry[]): RundownEntry[] => {
    const entries: RundownEntry[] = []
    for (const entry of known) {
      const memories = remembered(entry.airingId)
      if (memory.has(entry.hash)) memories.entry = entry
      if (memories.isOver && entry.repeatEverySeconds === null) continue
      const { entry: latest } = memories
      if (latest && memory.has(latest.hash)) entries.push({ ...entry, hash: latest.hash, seconds: latest.seconds })
    }
    const isGone = current && !known.some((entry) => entry.airingId === current?.airingId)
    if (current && isGone && current.entry.repeatEverySeconds === null) {
      const left = current.entry.seconds - current.fromSeconds - current.playback.playedSeconds()
      if (left <= TAIL_SECONDS) entries.push(current.entry)
    }
    return entries
  }

  const begin = (entry: RundownEntry, fromSeconds: number, now: Instant): void => {
    const { airingId, title, hash } = entry
    const memories = remembered(airingId)
    const startedAt = fromSeconds > 0 && memories.played ? memories.played.startedAt : now
    memories.played = { state: 'playing', startedAt, positionSeconds: fromSeconds, hash }
    memories.fromSeconds = fromSeconds
    receipt('started', airingId, now)
    // On the disk before it sounds: after a power cut nothing is begun a second time by mistake. A full disk silences nothing.
    save(now)
    testing?.stop()
    testing = undefined
    const isEmergency = entry.class === 'alert'
    const volume = isEmergency ? entry.volume : Math.round((entry.volume * kept.volume) / 100)
    const playback = sounding({ airingId, title, hash, file: memory.fileOf(hash), fromSeconds, volume })
    const playing: Current = { airingId, entry, fromSeconds, playback, savedAt: now }
    current = playing
    void playback.ended.then((ended) => finish(playing, ended))
    tell(`playing "${title}"${fromSeconds > 0 ? ` from second ${fromSeconds.toFixed(1)}` : ''} (${entry.class})`)
  }

  const sounding = (sound: Sound): Playback => {
    try {
      return sink.play(sound)
    } catch (error) {
      return failedPlayback((error as Error).message)
    }
  }

  const finish = (playing: Current, ended: Ended): void => {
    if (current !== playing) return
    const now = clock()
    const { airingId, entry, fromSeconds } = playing
    const memories = remembered(airingId)
    current = undefined
    const positionSeconds = fromSeconds + ended.playedSeconds
    const playedSeconds = inMilliseconds(ended.playedSeconds)
    const isSuspect = ended.fault !== null || positionSeconds < entry.seconds - SHORT_SECONDS
    if (isSuspect && !memory.isIntact(entry.hash)) {
      // As if it had not begun: it is fetched again, and begins where this play began.
      memories.played =
        fromSeconds > 0 ? { ...memories.played!, state: 'interrupted', positionSeconds: fromSeconds } : null
      if (memories.entry?.hash === entry.hash) memories.entry = null
      receipt('failed', airingId, now, { playedSeconds, reason: 'the recording has rotted on the disk' })
      tell(`the recording of "${entry.title}" has rotted on the disk; fetching it again`)
      beat(now)
      return
    }
    memories.played = { ...memories.played!, state: 'finished', positionSeconds }
    memories.isOver = entry.repeatEverySeconds === null
    if (ended.fault === null) {
      receipt('finished', airingId, now, { playedSeconds })
      tell(`finished "${entry.title}" after ${ended.playedSeconds.toFixed(1)} s`)
    } else {
      receipt('failed', airingId, now, { playedSeconds, reason: ended.fault.slice(0, 200) })
      tell(`failed to play "${entry.title}": ${ended.fault}`)
    }
    beat(now)
  }

  const interrupt = (known: RundownEntry[], next: Choice | undefined, now: Instant): void => {
    const { airingId, entry, fromSeconds, playback } = current!
    current = undefined
    const playedSeconds = inMilliseconds(playback.stop())
    const memories = remembered(airingId)
    const isDue = isOpen(entry, now, memories.played ?? undefined)
    memories.played = { ...memories.played!, state: 'interrupted', positionSeconds: fromSeconds + playedSeconds }
    const isKnown = known.some((each) => each.airingId === airingId)
    const winner = isKnown && isDue ? next?.entry : undefined
    const reason = winner ? `by ${winner.airingId}` : isKnown ? 'its end' : 'withdrawn'
    receipt('pre-empted', airingId, now, { playedSeconds, reason })
    tell(`cut "${entry.title}" after ${playedSeconds.toFixed(1)} s: ${winner ? `for "${winner.title}"` : reason}`)
  }

  /** Says of what can no longer be heard that it was not, and why. */
  const closeWindows = (known: RundownEntry[], choice: Choice | undefined, now: Instant): void => {
    for (const entry of known) {
      if (entry.untilAt > now || entry.airingId === current?.airingId) continue
      const memories = remembered(entry.airingId)
      if (memories.isOver) continue
      memories.isOver = true
      change()
      if (memories.played) continue
      if (!memory.has(entry.hash) && !memories.entry) {
        receipt('failed', entry.airingId, now, { reason: 'the recording could not be fetched in time' })
      } else if (choice) {
        receipt('pre-empted', entry.airingId, now, { playedSeconds: 0, reason: `by ${choice.entry.airingId}` })
      } else {
        receipt('failed', entry.airingId, now, { reason: 'the loudspeaker was not running at its time' })
      }
    }
  }

  const play = (now: Instant): void => {
    const known = entriesKnown()
    const history = new Map<string, Played>()
    for (const [airingId, { played }] of Object.entries(kept.airings)) if (played) history.set(airingId, played)
    const choice = entryToPlay(playable(known), now, history)
    const next = choice?.does === 'sound' ? choice : undefined
    if (current && next?.entry.airingId !== current.airingId) interrupt(known, choice, now)
    if (!current && next) begin(next.entry, next.fromSeconds, now)
    if (current && secondsBetween(current.savedAt, now) >= POSITION_EVERY_SECONDS) {
      const memories = remembered(current.airingId)
      memories.played = { ...memories.played!, positionSeconds: current.fromSeconds + current.playback.playedSeconds() }
      current.savedAt = now
      change()
    }
    closeWindows(known, choice, now)
  }

  /** Recordings wanted, the most urgent first. */
  const hashesWanted = (now: Instant): string[] => {
    const open = entriesKnown().filter((entry) => entry.untilAt > now)
    const hold = Object.values(kept.rundowns).flatMap((rundown) => rundown.holdHashes)
    const alerts = open.filter((entry) => entry.repeatEverySeconds !== null)
    const others = open
      .filter((entry) => entry.repeatEverySeconds === null)
      .sort((one, other) => (one.dueAt < other.dueAt ? -1 : 1))
    return [...new Set([...alerts.map((entry) => entry.hash), ...hold, ...others.map((entry) => entry.hash)])]
  }

  const noteFetched = (now: Instant): void => {
    for (const entry of entriesKnown()) {
      const memories = remembered(entry.airingId)
      if (memories.isFetched || memories.isOver || !memory.has(entry.hash)) continue
      memories.isFetched = true
      receipt('fetched', entry.airingId, now)
    }
  }

  const fetchAhead = (now: Instant): void => {
    // An alert's recording never waits behind a day's bulletins.
    const urgent = new Set(Object.values(kept.alerts).flatMap((entries) => entries.map((entry) => entry.hash)))
    for (const hash of hashesWanted(now)) {
      if (memory.has(hash)) continue
      const state = fetching.get(hash) ?? { attempts: 0, nextAt: now, isUnderWay: false }
      const underWay = [...fetching.values()].filter((each) => each.isUnderWay).length
      if (state.isUnderWay || state.nextAt > now || (underWay >= FETCHES_AT_ONCE && !urgent.has(hash))) continue
      fetching.set(hash, { ...state, isUnderWay: true })
      void fetchOne(hash, state.attempts + 1)
    }
  }

  const fetchOne = async (hash: string, attempts: number): Promise<void> => {
    let fault: string | undefined
    try {
      const bytes = await fetchRecording(hash)
      if (!memory.keep(hash, bytes)) fault = 'its bytes do not have its hash'
    } catch (error) {
      fault = (error as Error).message
    }
    if (fault === undefined) {
      fetching.delete(hash)
      beat(clock())
      return
    }
    const wait = Math.min(FETCH_WAIT_LIMIT_SECONDS, FETCH_WAIT_FIRST_SECONDS * 2 ** (attempts - 1))
    fetching.set(hash, { attempts, nextAt: addSeconds(clock(), wait * (0.5 + Math.random() / 2)), isUnderWay: false })
    if (attempts === 1) tell(`could not fetch recording ${hash.slice(0, 8)}: ${fault}; trying again`)
  }

  const sendReceipts = (now: Instant): void => {
    if (!voice || kept.receipts.length === 0) return
    const waiting = kept.receipts.filter(({ receiptId }) => {
      const at = sentAt.get(receiptId)
      return at === undefined || secondsBetween(at, now) >= REPEAT_RECEIPT_SECONDS || at > now
    })
    for (let start = 0; start < waiting.length; start += RECEIPT_LIMIT) {
      const receipts = waiting.slice(start, start + RECEIPT_LIMIT)
      for (const { receiptId } of receipts) sentAt.set(receiptId, now)
      say(topics.receipt(id), { receipts }, false)
    }
  }

  const say = (topic: string, message: object, isRetained: boolean): void => {
    // What could not be sent is said again: receipts after a while, the state at the next connection.
    voice?.(topic, Buffer.from(JSON.stringify(message)), isRetained).catch(() => undefined)
  }

  const sayState = (now: Instant): void => {
    if (!voice) return
    const state: TerminalState = {
      state: 'online',
      playing: current?.airingId ?? null,
      volume: kept.volume,
      version: VERSION,
      freeBytes: null,
    }
    const text = JSON.stringify(state)
    if (saidState === text && saidStateAt && Math.abs(secondsBetween(saidStateAt, now)) < HEARTBEAT_SECONDS) return
    saidState = text
    saidStateAt = now
    say(topics.state(id), { ...state, freeBytes: memory.freeBytes() }, true)
  }

  /** Forgets what is long over, and the recordings that nobody will ask for again. */
  const clean = (now: Instant): void => {
    if (cleanedAt && Math.abs(secondsBetween(cleanedAt, now)) < CLEAN_EVERY_SECONDS) return
    cleanedAt = now
    const known = entriesKnown()
    const stillKnown = new Set(known.map((entry) => entry.airingId))
    for (const [airingId, { entry, played }] of Object.entries(kept.airings)) {
      const last = entry?.untilAt ?? played?.startedAt
      if (stillKnown.has(airingId) || (last && secondsBetween(last, now) < FORGET_AFTER_SECONDS)) continue
      delete kept.airings[airingId]
      change()
    }
    const wanted = new Set([
      ...known.map((entry) => entry.hash),
      ...Object.values(kept.rundowns).flatMap((rundown) => rundown.holdHashes),
      ...Object.values(kept.airings).flatMap(({ entry }) => (entry ? [entry.hash] : [])),
    ])
    memory.keepOnly(wanted)
  }

  /** What the disk doesn't take is kept in mind, and tried again. */
  const save = (now: Instant): void => {
    try {
      memory.save()
      isChanged = false
      notSavedAt = undefined
    } catch (error) {
      if (!notSavedAt) tell(`could not write to the disk: ${(error as Error).message}; trying again`)
      isChanged = true
      notSavedAt = now
    }
  }

  const saveChanges = (now: Instant): void => {
    const isWaiting = notSavedAt && Math.abs(secondsBetween(notSavedAt, now)) < SAVE_AGAIN_SECONDS
    if (isChanged && !isWaiting) save(now)
  }

  const askIfDoubting = (now: Instant): void => {
    if (!isDoubting || (askedAnewAt && Math.abs(secondsBetween(askedAnewAt, now)) < ASK_ANEW_SECONDS)) return
    askedAnewAt = now
    parts.askAnew()
  }

  /** Whatever goes wrong in one part of it, the others still happen, and the next beat tries them all again. */
  const beat = (now: Instant): void => {
    for (const part of [noteFetched, play, fetchAhead, clean, saveChanges, sendReceipts, sayState, askIfDoubting]) {
      try {
        part(now)
      } catch (error) {
        const { message } = error as Error
        if (message !== faultTold) tell(`in trouble: ${message}`)
        faultTold = message
      }
    }
  }

  const obey = (command: Command): void => {
    switch (command.kind) {
      case 'acknowledge': {
        const done = new Set(command.receiptIds)
        kept.receipts = kept.receipts.filter(({ receiptId }) => !done.has(receiptId))
        for (const receiptId of done) sentAt.delete(receiptId)
        break
      }
      case 'volume':
        kept.volume = command.volume
        tell(`volume ${command.volume}`)
        break
      case 'test':
        if (current || testing) tell('not testing: something is on the air')
        else test()
        break
      case 'reboot':
        tell('starting anew by order of the station')
        parts.reboot()
        break
    }
    change()
  }

  const test = (): void => {
    tell('playing the test sound by order of the station')
    const sound = { airingId: TEST_AIRING, title: 'test', hash: '', file: parts.testSound, fromSeconds: 0 }
    testing = sounding({ ...sound, volume: kept.volume })
    void testing.ended.then(() => (testing = undefined))
  }

  return {
    beat,

    /** Takes a message of the station. What isn't signed, has expired or was obeyed before changes nothing. */
    hear: (topic: string, payload: Buffer, now: Instant): void => {
      const place = topicOf(topic)
      if (!publicKey || !place) return
      try {
        const lastSequence = kept.sequences[topic] ?? 0
        const envelope = open(payload, { topic, publicKey, lastSequence, now })
        if (!envelope) return
        if (place.kind === 'alert') kept.alerts[place.areaCode] = alertsFrom(envelope.body).entries
        else if (place.kind === 'rundown') kept.rundowns[place.areaCode] = rundownFrom(envelope.body)
        else if (place.kind === 'command') obey(commandFrom(envelope.body))
        kept.sequences[topic] = envelope.sequence
        change()
      } catch (error) {
        tell(`refused a message on ${topic}: ${(error as Error).message}`)
        if (error instanceof StationError && DOUBTFUL.has(error.details[0]?.field ?? '')) isDoubting = true
      }
      beat(now)
    },

    /**
     * Takes what the station has proved of itself. Areas that are no longer this loudspeaker's are forgotten. Answers whether the retained
     * messages must be asked for again: topics were added, or what was refused may be believed now.
     */
    introduce: (station: Introduced): boolean => {
      const { areaCodes, subscribe, mqttUrl, sequence, clock: asked } = station
      publicKey = publicKeyFrom(station.publicKey)
      // Another key, or sequences that run behind ours: the station was set up anew or restored, and has proved that it is ours.
      const isRestored = Object.values(kept.sequences).some((seen) => seen > sequence)
      const isAnother = kept.publicKey !== station.publicKey || isRestored
      // It has said anew all that holds since it started: what it signed before that is not believed a second time.
      const start = sequence - (sequence % STARTS_APART)
      if (isAnother) kept.sequences = Object.fromEntries(subscribe.map((topic) => [topic, start]))
      const hasMoreTopics = subscribe.some((topic) => !kept.subscribe.includes(topic))
      const offset = asked ? clockOffset(asked.askedAt, asked.answeredAt, asked.now) : kept.clockOffsetMilliseconds
      const isClockSet = Math.abs(offset - kept.clockOffsetMilliseconds) > CLOCK_AGREES_MILLISECONDS
      kept.clockOffsetMilliseconds = offset
      // An answer that took too long to set the clock by settles nothing but the sequences.
      if (asked || isAnother) isDoubting = false
      Object.assign(kept, { publicKey: station.publicKey, areaCodes, subscribe, mqttUrl })
      for (const code of Object.keys(kept.rundowns)) if (!areaCodes.includes(code)) delete kept.rundowns[code]
      for (const code of Object.keys(kept.alerts)) if (!areaCodes.includes(code)) delete kept.alerts[code]
      change()
      return isAnother || isClockSet || hasMoreTopics
    },

    connected: (speak: Voice, now: Instant): void => {
      voice = speak
      // Nobody knows what of the last connection arrived: all that is not acknowledged is said again.
      sentAt.clear()
      saidState = ''
      beat(now)
    },

    disconnected: (): void => void (voice = undefined),

    /** What the broker tells the station when this loudspeaker vanishes. */
    lastWill: (): { topic: string; payload: Buffer } => {
      const state: TerminalState = {
        state: 'offline',
        playing: null,
        volume: kept.volume,
        version: VERSION,
        freeBytes: null,
      }
      return { topic: topics.state(id), payload: Buffer.from(JSON.stringify(state)) }
    },

    /** Falls silent and writes everything down. */
    stop: (): void => {
      testing?.stop()
      const now = clock()
      if (current) {
        const { airingId, fromSeconds, playback } = current
        const playedSeconds = inMilliseconds(playback.stop())
        const memories = remembered(airingId)
        memories.played = { ...memories.played!, state: 'interrupted', positionSeconds: fromSeconds + playedSeconds }
        receipt('pre-empted', airingId, now, { playedSeconds, reason: 'the loudspeaker was switched off' })
        current = undefined
      }
      save(now)
    },

    /** For the first lines on the console. */
    summary: (): string => {
      const entries = entriesKnown()
      const held = entries.filter((entry) => memory.has(entry.hash)).length
      return `${entries.length} of at most ${ENTRY_LIMIT} entries known, ${held} recordings held, ${kept.receipts.length} receipts to send`
    },
  }
}

function inMilliseconds(seconds: number): number {
  return Math.round(seconds * 1000) / 1000
}

/** The system's clock, set right by what the station said. */
export function correctedClock(memory: Memory, system: () => number = Date.now): Clock {
  return () => instantFrom(system() + memory.kept.clockOffsetMilliseconds)
}

/** How far the system's clock is behind the station's, from a question asked and answered at these moments. */
export function clockOffset(askedAt: number, answeredAt: number, stationNow: Instant): number {
  return Math.round(milliseconds(stationNow) - (askedAt + answeredAt) / 2)
}
