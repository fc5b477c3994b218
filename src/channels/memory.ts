/** What was used last, up to a limit; the longest unused is forgotten first. */
export type Memory<V> = {
  get: (key: string) => V | undefined
  set: (key: string, value: V) => void
  forget: (key: string) => void
}

export function createMemory<V>(limit: number): Memory<V> {
  const kept = new Map<string, V>()
  return {
    get: (key) => {
      const value = kept.get(key)
      if (value === undefined) return undefined
      // A map keeps the order of insertion: put back, it is the newest.
      kept.delete(key)
      kept.set(key, value)
      return value
    },
    set: (key, value) => {
      kept.delete(key)
      kept.set(key, value)
      if (kept.size > limit) kept.delete(kept.keys().next().value!)
    },
    forget: (key) => void kept.delete(key),
  }
}
