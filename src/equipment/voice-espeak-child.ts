import createEspeak from '@echogarden/espeak-ng-emscripten'

/**
 * The offline voice: eSpeak NG (GPL-3.0) as WebAssembly, in a process of its own. Takes `{clauses: [{text, pauseSeconds}],
 * wordsPerMinute}` and answers `{pcm, sampleRate}` (16-bit), or takes `{phonemes: text}` and answers `{ipa}`.
 */
type Job = { clauses?: { text: string; pauseSeconds: number }[]; wordsPerMinute?: number; phonemes?: string }

const SUCCESS = 0
const QUIET = 164

const module = await createEspeak()
const espeak = new module.eSpeakNGWorker()
if (espeak.set_voice('cmn', '', 0, 0, 0) !== SUCCESS) throw new Error('the Mandarin voice is missing')

function spoken(text: string): Int16Array {
  const parts: Int16Array[] = []
  espeak.synthesize(text, (part) => {
    if (part.length > 0) parts.push(part)
    return false
  })
  return joined(parts)
}

function joined(parts: Int16Array[]): Int16Array {
  const whole = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0))
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.length
  }
  return whole
}

/** The zero-terminated text at a place of the module's memory. */
function textAt(place: number): string {
  const memory: Uint8Array = module.HEAPU8
  return Buffer.from(memory.subarray(place, memory.indexOf(0, place))).toString('utf8')
}

/** eSpeak ends each text with a pause of its own; ours replaces it. */
function withPause(part: Int16Array, pauseSeconds: number): Int16Array[] {
  const last = part.findLastIndex((sample) => Math.abs(sample) > QUIET)
  return [part.subarray(0, last + 1), new Int16Array(Math.round(pauseSeconds * espeak.samplerate))]
}

function answer(job: Job): Record<string, unknown> {
  if (job.phonemes !== undefined) return { ipa: textAt(espeak.convert_to_phonemes(job.phonemes, true).ptr) }
  espeak.rate = job.wordsPerMinute ?? 150
  const pcm = joined((job.clauses ?? []).flatMap(({ text, pauseSeconds }) => withPause(spoken(text), pauseSeconds)))
  return { pcm: new Uint8Array(pcm.buffer, pcm.byteOffset, pcm.byteLength), sampleRate: espeak.samplerate }
}

process.on('message', (job: Job) => {
  try {
    process.send!(answer(job))
  } catch (error) {
    process.send!({ fault: error instanceof Error ? error.message : String(error) })
  }
})
process.on('disconnect', () => process.exit(0))
