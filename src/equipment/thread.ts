import { Worker } from 'node:worker_threads'

/**
 * A program of ours that computes in a thread of its own, one job after another, so that the station's own thread answers meanwhile.
 * Started at the first job; ended and started anew when a job is stopped.
 */
export type Thread<Job, Answer> = {
  /** Rejects with the program's fault, when the thread dies, or because the signal was given. */
  ask: (job: Job, signal: AbortSignal) => Promise<Answer>
  close: () => Promise<void>
}

/** The program answers each job with one message, `{answer}` or `{fault}`. */
export function thread<Job, Answer>(program: URL): Thread<Job, Answer> {
  let worker: Worker | undefined
  let turn: Promise<unknown> = Promise.resolve()

  const once = (job: Job, signal: AbortSignal): Promise<Answer> => {
    signal.throwIfAborted()
    worker ??= new Worker(program, { execArgv: [] })
    const current = worker
    current.ref()
    const forget = (): void => {
      if (worker === current) worker = undefined
    }
    const outcome = Promise.withResolvers<Answer>()
    const onMessage = (message: { answer: Answer } | { fault: string }): void => {
      if ('fault' in message) outcome.reject(new Error(message.fault))
      else outcome.resolve(message.answer)
    }
    const onEnd = (cause: unknown): void => {
      forget()
      outcome.reject(cause instanceof Error ? cause : new Error('its thread ended'))
    }
    const onAbort = (): void => {
      onEnd(signal.reason)
      void current.terminate()
    }
    current.on('message', onMessage)
    current.on('error', onEnd)
    current.on('exit', onEnd)
    signal.addEventListener('abort', onAbort, { once: true })
    current.postMessage(job, [])
    return outcome.promise.finally(() => {
      current.off('message', onMessage)
      current.off('error', onEnd)
      current.off('exit', onEnd)
      signal.removeEventListener('abort', onAbort)
      // An idle thread must not keep the station from ending.
      current.unref()
    })
  }

  return {
    ask: (job, signal) => {
      const mine = turn.then(() => once(job, signal))
      turn = mine.catch(() => {})
      return mine
    },
    close: async () => {
      await worker?.terminate()
      worker = undefined
    },
  }
}
