import { addSeconds, secondsBetween, type Instant } from '../instant.ts'

/** How many wrong passwords a name may be given before it waits. */
export const FREE_ATTEMPTS = 5
/** The same for an address, which a whole office may share behind one proxy. */
export const ADDRESS_FREE_ATTEMPTS = 50
export const FIRST_WAIT_SECONDS = 30
export const WAIT_LIMIT_SECONDS = 3600
const KEY_LIMIT = 10_000

type Failures = { count: number; until: Instant; lastAt: Instant }

export type Throttle = {
  /** Seconds to wait before another attempt; 0 when one is allowed now. */
  waitSeconds: (key: string, now: Instant) => number
  failed: (key: string, freeAttempts: number, now: Instant) => void
  succeeded: (key: string) => void
}

/** Waits double with each further failure, and are forgotten an hour after the last. Kept in memory: a restart forgives. */
export function createThrottle(): Throttle {
  const failures = new Map<string, Failures>()
  return {
    waitSeconds: (key, now) => {
      const known = failures.get(key)
      return known ? Math.max(0, secondsBetween(now, known.until)) : 0
    },
    failed: (key, freeAttempts, now) => {
      const known = failures.get(key)
      const isFresh = !known || secondsBetween(known.lastAt, now) > WAIT_LIMIT_SECONDS
      const count = isFresh ? 1 : known.count + 1
      const over = count - freeAttempts
      const wait = over < 0 ? 0 : Math.min(WAIT_LIMIT_SECONDS, FIRST_WAIT_SECONDS * 2 ** over)
      failures.delete(key)
      // The oldest name is forgotten first, so that a flood of invented names cannot fill the memory.
      if (failures.size >= KEY_LIMIT) failures.delete(failures.keys().next().value!)
      failures.set(key, { count, until: addSeconds(now, wait), lastAt: now })
    },
    succeeded: (key) => void failures.delete(key),
  }
}
