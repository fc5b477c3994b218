import { childWorker } from './child.ts'
import type { Dialect, Speech, Voice } from './voice.ts'

/** Where the service is reached; tests stand in a server of their own with its certificate. */
export type EdgeAddress = { host: string; port: number; certificate: string }

const SPEAKERS: Record<Dialect, string> = {
  mandarin: 'zh-CN-XiaoxiaoNeural',
  northeastern: 'zh-CN-liaoning-XiaobeiNeural',
  shaanxi: 'zh-CN-shaanxi-XiaoniNeural',
  cantonese: 'zh-HK-HiuGaaiNeural',
  taiwan: 'zh-TW-HsiaoChenNeural',
}

/** Its own pace is about 250 characters a minute; outdoors that is too fast. */
const PACE = 0.8

/**
 * The neural voice on the network (msedge-tts), in a process of its own: the package answers malformed messages with exceptions that
 * nothing could catch here.
 */
export function edgeVoice(address?: EdgeAddress): Voice {
  const worker = childWorker(
    new URL('./voice-edge-child.ts', import.meta.url),
    address === undefined ? [] : [JSON.stringify(address)],
  )
  return {
    name: 'edge',
    speak: async (script, options, signal): Promise<Speech> => {
      const job = { script, speaker: SPEAKERS[options.dialect ?? 'mandarin'], rate: PACE * (options.rate ?? 1) }
      const { audio } = (await worker.ask(job, signal)) as { audio: Uint8Array }
      if (audio.length === 0) throw new Error('it said nothing')
      return { audio, mediaType: 'audio/mpeg' }
    },
    inspect: async () => {
      try {
        await worker.ask({ script: '好', speaker: SPEAKERS.mandarin, rate: 1 }, AbortSignal.timeout(10_000))
        return null
      } catch (error) {
        return `the network voice does not answer (${(error as Error).message})`
      }
    },
    close: worker.close,
  }
}
