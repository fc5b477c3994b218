import type { Receipt } from '../codecs/speaker-link.ts'
import type { AiringRow } from '../database/schema.ts'
import { secondsBetween, type Instant } from '../instant.ts'

export const deliveryStates = [
  'planned',
  'sent',
  'missed',
  'fetched',
  'started',
  'failed',
  'pre-empted',
  'finished',
] as const
export type DeliveryState = (typeof deliveryStates)[number]

/** What one loudspeaker did with one airing, as its receipts tell. */
export type Delivery = {
  state: DeliveryState
  fetchedAt: Instant | null
  startedAt: Instant | null
  finishedAt: Instant | null
  playedSeconds: number
  /** How often it was heard to its end: an alert repeats. */
  plays: number
  reason: string | null
}

export const planned: Delivery = {
  state: 'planned',
  fetchedAt: null,
  startedAt: null,
  finishedAt: null,
  playedSeconds: 0,
  plays: 0,
  reason: null,
}

/** What one loudspeaker can truly report of an airing: how long a play takes, and how many there can be. */
export type Bounds = { playSeconds: number; plays: number }

/** A sink begins and ends a little beside the recording. */
const TOLERANCE_SECONDS = 1
/** Plays beyond those foreseen: after a pre-emption from the beginning, or a change from the siren to the words. */
const RESTART_LIMIT = 5
/** Beside three receipts a play (begun, cut, ended): fetched, failed, missed windows, interruptions. */
const RECEIPTS_BESIDE = 20

export function boundsOf(
  airing: Pick<AiringRow, 'plannedSeconds' | 'repeatEverySeconds' | 'afterPreemption' | 'dueAt' | 'untilAt'>,
): Bounds {
  const { repeatEverySeconds, dueAt, untilAt } = airing
  const repetitions = repeatEverySeconds === null ? 0 : Math.floor(secondsBetween(dueAt, untilAt) / repeatEverySeconds)
  const restarts = airing.afterPreemption === 'restart' ? RESTART_LIMIT : 0
  return { playSeconds: airing.plannedSeconds + TOLERANCE_SECONDS, plays: 1 + repetitions + restarts }
}

/** Receipts of one loudspeaker that are kept of one airing. */
export function receiptLimit(bounds: Bounds): number {
  return 3 * bounds.plays + RECEIPTS_BESIDE
}

/**
 * The delivery after one more receipt. Receipts come late, out of order and from clocks that are off, so nothing here depends on their
 * order: a state is only ever left for one further along `deliveryStates`, the first instant of each kind is kept (the last, for
 * the end), seconds and plays add up, as far as they can be true. The caller lets each receipt in once, by its id.
 */
export function deliveryAfter(delivery: Delivery, receipt: Receipt, { playSeconds, plays }: Bounds): Delivery {
  const advance = placeOf(receipt.kind) - placeOf(delivery.state)
  const played = toMilliseconds(Math.min(receipt.playedSeconds ?? 0, playSeconds))
  const after: Delivery = {
    ...delivery,
    state: advance > 0 ? receipt.kind : delivery.state,
    reason: advance > 0 ? receipt.reason : advance < 0 ? delivery.reason : first(delivery.reason, receipt.reason),
    playedSeconds: toMilliseconds(Math.min(delivery.playedSeconds + played, plays * playSeconds)),
  }
  if (receipt.kind === 'fetched') return { ...after, fetchedAt: first(delivery.fetchedAt, receipt.at) }
  if (receipt.kind === 'started') return { ...after, startedAt: first(delivery.startedAt, receipt.at) }
  if (receipt.kind !== 'finished') return after
  return { ...after, finishedAt: last(delivery.finishedAt, receipt.at), plays: Math.min(delivery.plays + 1, plays) }
}

/** Whether anything of it was heard. */
export function isHeard(delivery: Delivery): boolean {
  return delivery.startedAt !== null || delivery.plays > 0 || delivery.playedSeconds > 0
}

function placeOf(state: DeliveryState): number {
  return deliveryStates.indexOf(state)
}

// Of several reasons, and of several instants, the one that sorts first: any order of receipts then gives the same answer.
function first(one: string | null, other: string | null): string | null {
  if (one === null || other === null) return one ?? other
  return one < other ? one : other
}

function last(one: string | null, other: string): string {
  return one !== null && one > other ? one : other
}

/** Whole milliseconds add up the same in any order; fractions of seconds don't. */
function toMilliseconds(seconds: number): number {
  return Math.round(seconds * 1000) / 1000
}
