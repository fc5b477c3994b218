import { schedule } from 'node-cron'

/** Wakes the station once a second, and schedules nothing else. */
export type Heartbeat = (beat: () => Promise<void>) => { stop: () => Promise<void> }

export const cronHeartbeat: Heartbeat = (beat) => {
  let running: Promise<void> | undefined
  const task = schedule(
    '* * * * * *',
    () => {
      // A beat that takes longer than a second is not overtaken: the next one sees all that fell due meanwhile.
      running ??= beat().finally(() => (running = undefined))
    },
    { noOverlap: true },
  )
  return {
    stop: async () => {
      await task.destroy()
      await running
    },
  }
}
