import { fork, type ChildProcess } from 'node:child_process'

/**
 * A program of ours that does one job after another in a process of its own: what it does cannot hold up the station, its faults
 * end only itself, and its licence stays its own. Started at the first job, started again when it died or was ended for
 * hanging.
 */
export type Worker = {
  /** Sends a job and returns the answer. Rejects when the child says `fault`, dies, or is ended because the signal was given. */
  ask: (job: Record<string, unknown>, signal: AbortSignal) => Promise<Record<string, unknown>>
  /** The process id while it runs. */
  pid: () => number | undefined
  close: () => Promise<void>
}

export function childWorker(program: URL, settings: string[] = []): Worker {
  let child: ChildProcess | undefined
  let turn: Promise<unknown> = Promise.resolve()

  const started = (): ChildProcess => {
    if (child) return child
    const fresh = fork(program, settings, {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      // Flags of the parent (a debugger's, a test runner's) are not the child's.
      execArgv: [],
    })
    fresh.once('exit', () => {
      if (child === fresh) child = undefined
    })
    // An idle voice must not keep the station from ending.
    fresh.unref()
    fresh.channel?.unref()
    child = fresh
    return fresh
  }

  const once = (job: Record<string, unknown>, signal: AbortSignal): Promise<Record<string, unknown>> =>
    new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(new Error('stopped before it began'))
        return
      }
      const worker = started()
      worker.ref()
      worker.channel?.ref()
      const settle = (end: () => void): void => {
        worker.off('message', onMessage)
        worker.off('exit', onExit)
        worker.off('error', onError)
        signal.removeEventListener('abort', onAbort)
        worker.unref()
        worker.channel?.unref()
        end()
      }
      const onMessage = (answer: unknown): void => {
        const { fault, ...rest } = answer as { fault?: string }
        settle(() => (fault === undefined ? resolve(rest) : reject(new Error(fault))))
      }
      const onExit = (code: number | null, killed: string | null): void =>
        settle(() => reject(new Error(`its process ended (${killed ?? `code ${code}`})`)))
      const onError = (error: Error): void => settle(() => reject(error))
      const onAbort = (): void => {
        // A child that hangs in a computation hears no message: it is ended, and the next job starts another.
        worker.kill('SIGKILL')
        if (child === worker) child = undefined
        settle(() => reject(signal.reason instanceof Error ? signal.reason : new Error('stopped')))
      }
      worker.on('message', onMessage)
      worker.once('exit', onExit)
      worker.once('error', onError)
      signal.addEventListener('abort', onAbort, { once: true })
      worker.send(job, (error) => {
        if (error) onError(error)
      })
    })

  return {
    ask: (job, signal) => {
      const mine = turn.then(() => once(job, signal))
      turn = mine.catch(() => {})
      return mine
    },
    pid: () => child?.pid,
    close: async () => {
      const last = child
      child = undefined
      if (!last || last.exitCode !== null || last.signalCode !== null) return
      const gone = new Promise((resolve) => last.once('exit', resolve))
      last.ref()
      last.kill('SIGKILL')
      await gone
    },
  }
}
