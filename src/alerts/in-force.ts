import { secondsBetween, type Instant } from '../instant.ts'
import { byGravity, isInForce, type Alert } from './alert.ts'

/**
 * How old the memory of what is in force may be. A box asks every 3.3 s at most and a cache before the station keeps an answer for
 * a second, so that an alert which another node issued is on every screen within 5 s.
 */
export const MEMORY_SECONDS = 0.5

export type InForce = {
  /** The alerts in force in an area at this very instant, the gravest first. */
  at: (areaCode: string, now: Instant) => Promise<Alert[]>
  /** Called after a change has been committed: the next who asks is told of it. */
  forget: () => void
}

/**
 * What is in force, read once for everyone who asks within half a second: every box of the county asks every 3 s, and alerts are few.
 * `read` answers all alerts that are issued and not over; whether one has begun or ended is decided anew at each question.
 */
export function rememberInForce(read: (now: Instant) => Promise<Alert[]>): InForce {
  let memory: { readAt: Instant; alerts: Promise<Alert[]> } | undefined

  const remembered = (now: Instant): Promise<Alert[]> => {
    if (memory && isFresh(memory.readAt, now)) return memory.alerts
    // Those who ask while it is being read wait for the same answer; what could not be read is not remembered.
    const made = { readAt: now, alerts: read(now) }
    memory = made
    made.alerts.catch(() => {
      if (memory === made) memory = undefined
    })
    return made.alerts
  }

  return {
    at: async (areaCode, now) => {
      const alerts = await remembered(now)
      return alerts.length === 0 ? [] : alerts.filter((alert) => isInForce(alert, areaCode, now)).sort(byGravity)
    },
    forget: () => {
      memory = undefined
    },
  }
}

/** A clock that was set back makes no memory last longer. */
function isFresh(readAt: Instant, now: Instant): boolean {
  const age = secondsBetween(readAt, now)
  return age >= 0 && age < MEMORY_SECONDS
}
