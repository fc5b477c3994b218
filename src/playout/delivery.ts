import type { Receipt } from '../codecs/speaker-link.ts'
import type { Instant } from '../instant.ts'

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

/**
 * The delivery after one more receipt. Receipts come late, out of order and from clocks that are off, so nothing here depends on their
 * order: a state is only ever left for one further along `deliveryStates`, the first instant of each kind is kept (the last, for
 * the end), seconds and plays add up. The caller lets each receipt in once, by its id.
 */
export function deliveryAfter(delivery: Delivery, receipt: Receipt): Delivery {
  const advance = placeOf(receipt.kind) - placeOf(delivery.state)
  const after: Delivery = {
    ...delivery,
    state: advance > 0 ? receipt.kind : delivery.state,
    reason: advance > 0 ? receipt.reason : advance < 0 ? delivery.reason : first(delivery.reason, receipt.reason),
    playedSeconds: toMilliseconds(delivery.playedSeconds + toMilliseconds(receipt.playedSeconds ?? 0)),
  }
  if (receipt.kind === 'fetched') return { ...after, fetchedAt: first(delivery.fetchedAt, receipt.at) }
  if (receipt.kind === 'started') return { ...after, startedAt: first(delivery.startedAt, receipt.at) }
  if (receipt.kind !== 'finished') return after
  return { ...after, finishedAt: last(delivery.finishedAt, receipt.at), plays: delivery.plays + 1 }
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
