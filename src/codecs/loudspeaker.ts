import { addSeconds, type Instant } from '../instant.ts'
import type { RundownEntry } from './speaker-link.ts'

/** What a loudspeaker remembers of an airing it began. */
export type Played = {
  state: 'playing' | 'interrupted' | 'finished'
  /** The latest beginning from the first second, from which the next repetition counts. */
  startedAt: Instant
  /** How far the latest play came, in seconds of the recording. */
  positionSeconds: number
  /** The recording that was played: an alert's siren gives way to its words without waiting for the next repetition. */
  hash: string
}

export type History = ReadonlyMap<string, Played>

/** What is to sound now: an entry from a second of its recording, or an entry that holds the air in silence between two repetitions. */
export type Choice = { entry: RundownEntry; does: 'sound'; fromSeconds: number } | { entry: RundownEntry; does: 'hold' }

/**
 * The rule of every loudspeaker: of the entries whose time it is, the one with the smallest precedence has the air. An alert has it
 * from its beginning to its end, in the pauses between repetitions too, so that nothing less slips in between.
 */
export function entryToPlay(entries: readonly RundownEntry[], now: Instant, history: History): Choice | undefined {
  let best: RundownEntry | undefined
  for (const entry of entries) {
    if (isOpen(entry, now, history.get(entry.airingId)) && (!best || isBefore(entry, best))) best = entry
  }
  return best && choiceOf(best, now, history.get(best.airingId))
}

/** Whether the first has the air before the second: by precedence, then by id, so that there is always one answer. */
export function isBefore(one: RundownEntry, other: RundownEntry): boolean {
  return one.precedence === other.precedence ? one.airingId < other.airingId : one.precedence < other.precedence
}

/** Whether an entry wants the air now: its window is open, and what it has to say isn't said. */
export function isOpen(entry: RundownEntry, now: Instant, played: Played | undefined): boolean {
  // An alert is published when it begins: a loudspeaker whose clock runs behind must not wait for its own.
  if (entry.repeatEverySeconds !== null) return now < entry.untilAt
  if (now < entry.dueAt) return false
  // What began in its window is said to the end; the window limits beginnings and resumptions.
  if (played?.state === 'playing') return true
  const isSaid = played?.state === 'finished' || (played?.state === 'interrupted' && entry.afterPreemption === 'drop')
  return !isSaid && now < entry.untilAt
}

function choiceOf(entry: RundownEntry, now: Instant, played: Played | undefined): Choice {
  const sound = (fromSeconds: number): Choice => ({ entry, does: 'sound', fromSeconds })
  if (!played) return sound(0)
  if (played.state === 'playing') return sound(played.positionSeconds)
  if (played.state === 'interrupted' && entry.afterPreemption !== 'drop') {
    const isSame = played.hash === entry.hash && played.positionSeconds < entry.seconds
    return sound(entry.afterPreemption === 'resume' && isSame ? played.positionSeconds : 0)
  }
  if (played.hash !== entry.hash) return sound(0)
  return now >= addSeconds(played.startedAt, entry.repeatEverySeconds ?? 0) ? sound(0) : { entry, does: 'hold' }
}
