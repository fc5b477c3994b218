import type { Database } from '../database/connect.ts'
import type { Journal } from '../equipment/journal.ts'
import type { Store } from '../equipment/store.ts'
import { addSeconds, type Instant } from '../instant.ts'
import type { Studio } from './recording.ts'
import { nextWaiting, noteRecording, type Waiting } from './store.ts'

/** The waits between attempts double from the first to the longest; after the last attempt someone has to look. */
export const ATTEMPT_LIMIT = 8
export const FIRST_RETRY_SECONDS = 15
export const RETRY_LIMIT_SECONDS = 1800
/** One call renders at most this many: a longer queue goes on at the next beat, where `now` is fresh. */
export const RENDER_LIMIT = 20

export type Renderer = ReturnType<typeof createRenderer>

/** Makes the recordings that wait, one at a time, the most urgent first, beside the beat and never inside it. */
export function createRenderer(parts: { db: Database; store: Store; studio: Studio; journal: Journal }) {
  const { db, store, studio, journal } = parts
  let running: Promise<number> | undefined
  let current: { urgency: number; controller: AbortController } | undefined
  let latest: Instant = ''
  let isClosed = false

  const renderOne = async (waiting: Waiting, now: Instant): Promise<void> => {
    const controller = new AbortController()
    current = { urgency: waiting.urgency, controller }
    try {
      const { file, ...recorded } = await studio.record(waiting.script, waiting.options, now, controller.signal)
      const hash = await store.put(file)
      await noteRecording(db, waiting.key, {
        ...recorded,
        state: 'ready',
        hash,
        bytes: file.length,
        attempts: waiting.attempts + 1,
        nextAttemptAt: null,
        finishedAt: now,
      })
    } catch (error) {
      // Stopped by us, for something more urgent or because the station closes: nothing has failed, it waits on as before.
      if (controller.signal.aborted) return
      const attempts = waiting.attempts + 1
      const isLast = attempts >= ATTEMPT_LIMIT
      const reason = (error as Error).message.slice(0, 500)
      const wait = Math.min(RETRY_LIMIT_SECONDS, FIRST_RETRY_SECONDS * 2 ** (attempts - 1))
      journal.warn('a recording failed', { key: waiting.key, attempts, reason })
      await noteRecording(db, waiting.key, {
        state: 'failed',
        reason,
        attempts,
        nextAttemptAt: isLast ? null : addSeconds(now, wait),
      })
    } finally {
      current = undefined
    }
  }

  const renderAll = async (): Promise<number> => {
    for (let count = 0; count < RENDER_LIMIT; count += 1) {
      // What began to wait after this call began is seen as well: an emergency does not wait for the next call.
      const waiting = isClosed ? undefined : await nextWaiting(db, latest)
      if (!waiting) return count
      await renderOne(waiting, latest)
    }
    return RENDER_LIMIT
  }

  return {
    /** Renders what waits and answers how many it took up. A call while another runs is that other. */
    render: (now: Instant): Promise<number> => {
      if (now > latest) latest = now
      running ??= renderAll()
        .catch((error: unknown) => {
          journal.error('the renderer failed by our own fault', { error: String(error) })
          return 0
        })
        .finally(() => (running = undefined))
      return running
    },

    /** Something of this urgency now waits: what is less urgent steps aside and waits again. */
    hurry: (urgency: number, now: Instant): void => {
      if (now > latest) latest = now
      if (current && urgency < current.urgency) current.controller.abort(new Error('something more urgent waits'))
    },

    close: async (): Promise<void> => {
      isClosed = true
      current?.controller.abort(new Error('the station closes'))
      await running
    },
  }
}
