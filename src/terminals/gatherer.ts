import { setImmediate } from 'node:timers/promises'

/**
 * Gathers what arrives one by one and hands it on together: after a few milliseconds, or as soon as a batch is full. Batches are taken one
 * after the other, and the event loop turns between them.
 */
export type Gatherer<T> = {
  /** Answers whether there was room for it. */
  add: (item: T) => boolean
  /** Resolves when nothing waits and nothing is being taken. */
  settle: () => Promise<void>
}

/** `batch` and `limit` are sums of weights; a batch that is full takes nothing more, but what fills it may be heavier than what was left. */
export function createGatherer<T>(options: {
  milliseconds: number
  batch: number
  limit: number
  /** How much work an item is; 1 unless told. */
  weigh?: (item: T) => number
  take: (items: T[]) => Promise<void>
  failed: (error: unknown) => void
}): Gatherer<T> {
  const { milliseconds, batch, limit, weigh = () => 1, take, failed } = options
  const waiting: T[] = []
  let weight = 0
  let timer: NodeJS.Timeout | undefined
  let taking: Promise<void> | undefined

  const nextBatch = (): T[] => {
    let taken = 0
    let count = 0
    while (count < waiting.length && taken < batch) taken += weigh(waiting[count++]!)
    weight -= taken
    return waiting.splice(0, count)
  }

  const run = async (): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    while (waiting.length > 0) {
      try {
        await take(nextBatch())
      } catch (error) {
        failed(error)
      }
      await setImmediate()
    }
  }
  const begin = (): Promise<void> =>
    (taking ??= run().finally(() => {
      taking = undefined
      // What came between the last look and now.
      if (waiting.length > 0) void begin()
    }))

  return {
    add: (item) => {
      if (weight >= limit) return false
      waiting.push(item)
      weight += weigh(item)
      if (weight >= batch) void begin()
      else if (!taking) timer ??= setTimeout(() => void begin(), milliseconds)
      return true
    },
    settle: async () => {
      do await begin()
      while (waiting.length > 0)
    },
  }
}
