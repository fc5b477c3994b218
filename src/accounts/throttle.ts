import { addSeconds, secondsBetween, type Instant } from '../instant.ts'

/** How many attempts a name has from one address before it waits. */
export const FREE_ATTEMPTS = 5
/** The same for an address, which a whole office may share. */
export const ADDRESS_FREE_ATTEMPTS = 50
/** The same for a name from all addresses together: high, or a stranger could lock an official out by guessing. */
export const NAME_FREE_ATTEMPTS = 500
export const FIRST_WAIT_SECONDS = 30
export const WAIT_LIMIT_SECONDS = 3600
const KEY_LIMIT = 10_000

type Attempts = { count: number; until: Instant; lastAt: Instant }

export type Throttle = {
  /** Seconds to wait before another attempt; 0 when one is allowed now. */
  waitSeconds: (key: string, now: Instant) => number
  /** Counts an attempt before it is looked at, so that many at once are not all looked at. */
  tried: (key: string, freeAttempts: number, now: Instant) => void
  succeeded: (key: string) => void
}

/** Waits double with each further attempt that fails, and are forgotten an hour after the last. Kept in memory: a restart forgives. */
export function createThrottle(): Throttle {
  const attempts = new Map<string, Attempts>()
  return {
    waitSeconds: (key, now) => {
      const known = attempts.get(key)
      return known ? Math.max(0, secondsBetween(now, known.until)) : 0
    },
    tried: (key, freeAttempts, now) => {
      const known = attempts.get(key)
      const isFresh = !known || secondsBetween(known.lastAt, now) > WAIT_LIMIT_SECONDS
      const count = isFresh ? 1 : known.count + 1
      const over = count - freeAttempts
      const wait = over < 0 ? 0 : Math.min(WAIT_LIMIT_SECONDS, FIRST_WAIT_SECONDS * 2 ** over)
      attempts.delete(key)
      // The oldest name is forgotten first, so that a flood of invented names cannot fill the memory.
      if (attempts.size >= KEY_LIMIT) attempts.delete(attempts.keys().next().value!)
      attempts.set(key, { count, until: addSeconds(now, wait), lastAt: now })
    },
    succeeded: (key) => void attempts.delete(key),
  }
}
