import { useSyncExternalStore } from 'react'

/** The station's clock, as its answers tell it: a browser whose own clock is wrong must not schedule at the wrong minute. */

// Answers carry whole seconds and travel for a while, so a smaller difference says nothing.
const TOLERANCE_MS = 2500

let skew = 0

/** Takes the `Date` of an answer. */
export function heardDate(date: string | null): void {
  const told = date === null ? Number.NaN : Date.parse(date)
  if (Number.isNaN(told)) return
  const difference = told - Date.now()
  skew = Math.abs(difference) > TOLERANCE_MS ? difference : 0
}

export function stationNow(): number {
  return Date.now() + skew
}

let second = 0
const listeners = new Set<() => void>()
let ticking: ReturnType<typeof setInterval> | undefined

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  ticking ??= setInterval(() => {
    const now = Math.floor(stationNow() / 1000)
    if (now === second) return
    second = now
    for (const each of listeners) each()
  }, 250)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(ticking)
    ticking = undefined
  }
}

/** The station's time in whole seconds as milliseconds, told anew each second. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => second || (second = Math.floor(stationNow() / 1000))) * 1000
}
