import { parentPort } from 'node:worker_threads'
import { mixed, toneAtLevel, type Mix, type MixJob } from './mixing.ts'
import type { Sound } from './sound.ts'

export type MixingJob = { kind: 'tone'; tone: Sound } | ({ kind: 'mix' } & MixJob)
export type MixingAnswer = { tone: Sound } | { mix: Mix }

/** Mixes in a thread of its own: a minute of speech is half a second of arithmetic, which no alarm may wait for. */
function answered(job: MixingJob): MixingAnswer {
  return job.kind === 'tone' ? { tone: toneAtLevel(job.tone) } : { mix: mixed(job) }
}

parentPort?.on('message', (job: MixingJob) => {
  try {
    parentPort!.postMessage({ answer: answered(job) }, [])
  } catch (error) {
    parentPort!.postMessage({ fault: error instanceof Error ? error.message : String(error) }, [])
  }
})
