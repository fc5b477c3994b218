import { readdirSync } from 'node:fs'
import { childWorker } from './child.ts'
import { wavOf, type Speech, type Voice } from './voice.ts'

/** A model as sherpa-onnx wants it described, with paths inside the model directory. */
export type SherpaModel = { kind: 'vits' | 'matcha' | 'kokoro'; files: Record<string, string>; rules: string[] }

/**
 * What kind of model the files of a directory make, or what is missing. Kinds: Kokoro (`voices.bin` and a model), Matcha (an
 * acoustic model and a vocoder), VITS (a model, tokens, and a lexicon or `espeak-ng-data`).
 */
export function sherpaModelOf(files: string[]): SherpaModel | { missing: string[] } {
  const find = (pattern: RegExp): string | undefined => files.filter((name) => pattern.test(name)).sort()[0]
  const tokens = find(/^tokens\.txt$/)
  const lexicon = files.filter((name) => /^lexicon.*\.txt$/.test(name)).sort()
  const data = find(/^espeak-ng-data$/)
  const vocoder = find(/^(vocos|hifigan).*\.onnx$/)
  const model = find(/^(?!vocos|hifigan).*\.onnx$/)
  const voices = find(/^voices\.bin$/)

  const missing = [
    ...(model ? [] : ['*.onnx']),
    ...(tokens ? [] : ['tokens.txt']),
    ...(lexicon.length > 0 || data ? [] : ['lexicon.txt']),
    ...(model?.startsWith('model-steps') && !vocoder ? ['vocos*.onnx'] : []),
  ]
  if (!model || !tokens || missing.length > 0) return { missing }
  const shared = {
    tokens,
    ...(lexicon.length > 0 ? { lexicon: lexicon.join(',') } : {}),
    ...(data ? { dataDir: data } : {}),
  }
  const rules = files.filter((name) => name.endsWith('.fst')).sort()
  if (voices) return { kind: 'kokoro', files: { model, voices, ...shared }, rules }
  if (vocoder) return { kind: 'matcha', files: { acousticModel: model, vocoder, ...shared }, rules }
  return { kind: 'vits', files: { model, ...shared }, rules }
}

/** The county's own neural voice, by sherpa-onnx with the model that lies in a directory; loaded in a process of its own. */
export function sherpaVoice(directory: string): Voice {
  const worker = childWorker(new URL('./voice-sherpa-child.ts', import.meta.url), [directory])
  const model = (): SherpaModel => {
    let files: string[]
    try {
      files = readdirSync(directory)
    } catch (error) {
      throw new Error(`the model directory cannot be read: ${(error as Error).message}`, { cause: error })
    }
    const found = sherpaModelOf(files)
    if ('missing' in found) throw new Error(`the model directory lacks ${found.missing.join(', ')}`)
    return found
  }
  return {
    name: 'sherpa',
    speak: async (script, options, signal): Promise<Speech> => {
      const job = { model: model(), script, speed: options.rate ?? 1 }
      const { pcm, sampleRate } = (await worker.ask(job, signal)) as { pcm: Uint8Array; sampleRate: number }
      if (pcm.length === 0) throw new Error('it said nothing')
      return { audio: wavOf(pcm, sampleRate), mediaType: 'audio/wav' }
    },
    inspect: async () => {
      try {
        await worker.ask({ model: model(), script: '好', speed: 1 }, AbortSignal.timeout(60_000))
        return null
      } catch (error) {
        return (error as Error).message
      }
    },
    close: worker.close,
  }
}
