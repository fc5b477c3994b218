import { chainOf } from '../areas/division.ts'
import type { Text } from '../errors.ts'
import { addSeconds, secondsBetween, type Instant } from '../instant.ts'

/** An airing that may still sound. */
export type LiveAiring = {
  id: string
  areaCode: string
  title: string
  precedence: string
  dueAt: Instant
  /** No start or resumption from then on; an alert ends then. */
  untilAt: Instant
  state: 'due' | 'on-air' | 'pre-empted'
  plannedSeconds: number
  /** An alert holds the air from its beginning to its end, through the silence between two repetitions. */
  repeatEverySeconds: number | null
  afterPreemption: 'resume' | 'restart' | 'drop'
  /** Seconds that sounded before the latest start or resumption. */
  playedSeconds: number
  onAirSince: Instant | null
  /** When it first reached the loudspeakers; they begin by themselves what they hold. */
  sentAt: Instant | null
  /** Why it can't sound yet (its recording isn't there); null when it can. */
  obstacle: Text | null
}

/** A change of an airing's state, with the reason where a person will ask for one. */
export type Move = { airingId: string; at: Instant } & (
  | { kind: 'start' }
  | { kind: 'resume'; playedSeconds: number }
  | { kind: 'restart' }
  | { kind: 'pre-empt'; by: string; playedSeconds: number; isFinal: boolean; reason: Text }
  | { kind: 'finish'; playedSeconds: number }
  /** Its window closed: before it began (`expired`), with something in its way (`failed`), or while it waited to return (`pre-empted`). */
  | { kind: 'expire'; state: 'expired' | 'failed' | 'pre-empted'; reason: Text }
  | { kind: 'cancel'; playedSeconds: number; reason: Text }
)

/**
 * What must happen now. An airing has the air of its area when no airing of the same or a containing area, whose time it is too, goes
 * before it: the rule of every loudspeaker. One that takes only a village inside leaves the rest of the area as it is; the deliveries of
 * that village tell. Deciding again after the moves are made answers nothing.
 *
 * `lastBeatAt` is when this was last decided: airings that the loudspeakers hold and that fell due since then began on time.
 */
export function decide(airings: readonly LiveAiring[], now: Instant, lastBeatAt: Instant | null = null): Move[] {
  const moves: Move[] = []
  const waiting: LiveAiring[] = []
  /** By area, who has its air: the first comes first, since airings are looked at in order of precedence. */
  const holders = new Map<string, LiveAiring>()
  /** By area, until when something that ended meanwhile had its air. */
  const freeAt = new Map<string, Instant>()
  const free = (areaCode: string, at: Instant): void => {
    if ((freeAt.get(areaCode) ?? '') < at) freeAt.set(areaCode, at)
  }

  for (const airing of airings) {
    const endsAt = airing.state === 'on-air' ? endOf(airing) : undefined
    if (endsAt !== undefined && endsAt <= now) {
      moves.push({ kind: 'finish', airingId: airing.id, at: endsAt, playedSeconds: soundedSeconds(airing, endsAt) })
      free(airing.areaCode, endsAt)
    } else if (airing.state !== 'on-air' && airing.untilAt <= now) {
      moves.push(expiry(airing))
    } else if (airing.state === 'on-air' || (airing.dueAt <= now && airing.obstacle === null)) {
      waiting.push(airing)
    }
  }

  for (const airing of waiting.sort(byPrecedence)) {
    const holder = chainOf(airing.areaCode)
      .flatMap((code) => holders.get(code) ?? [])
      .sort(byPrecedence)[0]
    if (holder) {
      if (airing.state === 'on-air') moves.push(preemption(airing, holder, now))
      continue
    }
    if (airing.state === 'due') {
      const at = beginningOf(airing, now, lastBeatAt, freeAt)
      moves.push({ kind: 'start', airingId: airing.id, at })
      const endsAt = endOf({ ...airing, state: 'on-air', onAirSince: at })
      if (endsAt <= now) {
        moves.push({ kind: 'finish', airingId: airing.id, at: endsAt, playedSeconds: airing.plannedSeconds })
        free(airing.areaCode, endsAt)
        continue
      }
    } else if (airing.state === 'pre-empted') {
      moves.push(
        airing.afterPreemption === 'resume'
          ? { kind: 'resume', airingId: airing.id, at: now, playedSeconds: airing.playedSeconds }
          : { kind: 'restart', airingId: airing.id, at: now },
      )
    }
    holders.set(airing.areaCode, airing)
  }
  return moves
}

/** What an airing of the area's own or a containing area sounds there now; the same rule, asked of one place. */
export function soundingIn<Airing extends LiveAiring>(
  areaCode: string,
  airings: readonly Airing[],
): Airing | undefined {
  const chain = new Set(chainOf(areaCode))
  return airings.filter((airing) => airing.state === 'on-air' && chain.has(airing.areaCode)).sort(byPrecedence)[0]
}

/** Takes an airing off the rundown, or off the air, for good. */
export function cancellation(airing: LiveAiring, reason: Text, now: Instant): Move {
  return { kind: 'cancel', airingId: airing.id, at: now, playedSeconds: soundedSeconds(airing, now), reason }
}

/** Seconds of an airing that have sounded by an instant: of an alert, those of all its repetitions. */
export function soundedSeconds(airing: LiveAiring, at: Instant): number {
  const before = airing.playedSeconds
  if (airing.state !== 'on-air' || airing.onAirSince === null) return before
  // A clock that was set back does not make the past unheard.
  const elapsed = Math.max(0, secondsBetween(airing.onAirSince, at))
  if (airing.repeatEverySeconds === null) return rounded(Math.min(airing.plannedSeconds, before + elapsed))
  const plays = Math.floor(elapsed / airing.repeatEverySeconds)
  const latest = Math.min(airing.plannedSeconds, elapsed - plays * airing.repeatEverySeconds)
  return rounded(before + plays * Math.min(airing.plannedSeconds, airing.repeatEverySeconds) + latest)
}

/** When an airing that is on air ends, if nothing goes before it. */
export function endOf(airing: LiveAiring): Instant {
  if (airing.repeatEverySeconds !== null || airing.onAirSince === null) return airing.untilAt
  return addSeconds(airing.onAirSince, Math.max(0, airing.plannedSeconds - airing.playedSeconds))
}

function byPrecedence(one: LiveAiring, other: LiveAiring): number {
  if (one.precedence !== other.precedence) return one.precedence < other.precedence ? -1 : 1
  return one.id < other.id ? -1 : one.id > other.id ? 1 : 0
}

/** Loudspeakers begin on time what they hold: a beat that comes late, or after a restart, sets the beginning back to then. */
function beginningOf(
  airing: LiveAiring,
  now: Instant,
  lastBeatAt: Instant | null,
  freeAt: Map<string, Instant>,
): Instant {
  if (airing.sentAt === null || airing.sentAt > airing.dueAt) return now
  const freed = chainOf(airing.areaCode).flatMap((code) => freeAt.get(code) ?? [])
  const fellDueSince = lastBeatAt === null || airing.dueAt > lastBeatAt
  const earliest = [...(fellDueSince ? [airing.dueAt] : []), ...freed].sort().at(-1) ?? now
  return earliest < now ? earliest : now
}

function preemption(airing: LiveAiring, holder: LiveAiring, now: Instant): Move {
  return {
    kind: 'pre-empt',
    airingId: airing.id,
    at: now,
    by: holder.id,
    playedSeconds: airing.afterPreemption === 'restart' ? 0 : soundedSeconds(airing, now),
    // Past its window there is no way back.
    isFinal: airing.afterPreemption === 'drop' || airing.untilAt <= now,
    reason: { zh: `被「${holder.title}」抢占`, en: `Pre-empted by "${holder.title}"` },
  }
}

function expiry(airing: LiveAiring): Move {
  const move = { kind: 'expire', airingId: airing.id, at: airing.untilAt } as const
  if (airing.state === 'pre-empted') {
    const reason = {
      zh: '抢占结束时已过可恢复的时限',
      en: 'Its window had closed before the air was free again',
    }
    return { ...move, state: 'pre-empted', reason }
  }
  if (airing.obstacle) return { ...move, state: 'failed', reason: airing.obstacle }
  const reason = {
    zh: '在允许的时限内没有轮到播出，或平台当时未运行',
    en: 'The air was not free within its window, or the station was not running',
  }
  return { ...move, state: 'expired', reason }
}

function rounded(seconds: number): number {
  return Math.round(seconds * 1000) / 1000
}
