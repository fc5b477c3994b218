import { parentPort } from 'node:worker_threads'
import { mixed, type MixJob } from './mixing.ts'

/** Mixes in a thread of its own: a minute of speech is half a second of arithmetic, which no alarm may wait for. */
parentPort!.on('message', (job: MixJob) => {
  try {
    const answer = mixed(job)
    parentPort!.postMessage({ answer }, [answer.pcm.buffer as ArrayBuffer])
  } catch (error) {
    parentPort!.postMessage({ fault: error instanceof Error ? error.message : String(error) }, [])
  }
})
