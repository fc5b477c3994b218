import { join } from 'node:path'
import type { GeneratedSpeech } from 'sherpa-onnx-node'
import type { SherpaModel } from './voice-sherpa.ts'

/** Speaks with a model of the county's: takes `{model, script, speed}`, answers `{pcm, sampleRate}` (16-bit). */
type Job = { model: SherpaModel; script: string; speed: number }

type Speaker = { generate: (request: { text: string; sid: number; speed: number }) => GeneratedSpeech }

const directory = process.argv[2]!
let speaker: Speaker | undefined

/** The paths of one name or several, separated by commas. */
function inside(names: string): string {
  return names
    .split(',')
    .map((name) => join(directory, name))
    .join(',')
}

async function load({ kind, files, rules }: SherpaModel): Promise<Speaker> {
  // The package is optional: where its binary does not exist, the answer is the reason and the station goes on.
  const { OfflineTts } = (await import('sherpa-onnx-node')).default
  return new OfflineTts({
    model: {
      [kind]: Object.fromEntries(Object.entries(files).map(([name, file]) => [name, inside(file)])),
      numThreads: 1,
      provider: 'cpu',
    },
    maxNumSentences: 1,
    ruleFsts: rules.map(inside).join(','),
  })
}

async function spoken(job: Job): Promise<{ pcm: Uint8Array; sampleRate: number }> {
  speaker ??= await load(job.model)
  const { samples, sampleRate } = speaker.generate({ text: job.script, sid: 0, speed: job.speed })
  const pcm = Int16Array.from(samples, (sample) => Math.max(-1, Math.min(1, sample)) * 32_767)
  return { pcm: new Uint8Array(pcm.buffer), sampleRate }
}

process.on('message', (job: Job) => {
  spoken(job).then(
    (answer) => process.send!(answer),
    (error: unknown) => process.send!({ fault: error instanceof Error ? error.message : String(error) }),
  )
})
process.on('disconnect', () => process.exit(0))
