/**
 * Gathers what arrives one by one and hands it on together: after a few milliseconds, or as soon as a batch is full. Batches are taken one
 * after the other.
 */
export type Gatherer<T> = {
  /** Answers whether there was room for it. */
  add: (item: T) => boolean
  /** Resolves when nothing waits and nothing is being taken. */
  settle: () => Promise<void>
}

export function createGatherer<T>(options: {
  milliseconds: number
  batch: number
  limit: number
  take: (items: T[]) => Promise<void>
  failed: (error: unknown) => void
}): Gatherer<T> {
  const { milliseconds, batch, limit, take, failed } = options
  let waiting: T[] = []
  let timer: NodeJS.Timeout | undefined
  let taking: Promise<void> | undefined

  const run = async (): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    while (waiting.length > 0) {
      const items = waiting.slice(0, batch)
      waiting = waiting.slice(batch)
      try {
        await take(items)
      } catch (error) {
        failed(error)
      }
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
      if (waiting.length >= limit) return false
      waiting.push(item)
      if (waiting.length >= batch) void begin()
      else if (!taking) timer ??= setTimeout(() => void begin(), milliseconds)
      return true
    },
    settle: async () => {
      do await begin()
      while (waiting.length > 0)
    },
  }
}
