import type { Encoder } from '../../src/equipment/encoder.ts'
import { wavOf, type Voice, type VoiceName } from '../../src/equipment/voice.ts'
import { mp3Seconds, toPcm16 } from '../../src/bulletins/sound.ts'

const SAMPLE_RATE = 22_050
const CHARACTER_SECONDS = 0.3

/** Bursts of a tone, one for each character of speech, its pitch the character's: the same words always sound the same. */
export function burstsFor(script: string): { samples: Float32Array; sampleRate: number } {
  const characters = Array.from(script).filter((character) => /\p{Script=Han}/u.test(character))
  const burst = Math.round(CHARACTER_SECONDS * SAMPLE_RATE)
  const samples = new Float32Array(Math.max(1, characters.length) * burst)
  for (const [place, character] of characters.entries()) {
    const hertz = 200 + (character.codePointAt(0)! % 400)
    for (let index = 0; index < burst * 0.8; index += 1) {
      samples[place * burst + index] = 0.4 * Math.sin((2 * Math.PI * hertz * index) / SAMPLE_RATE)
    }
  }
  return { samples, sampleRate: SAMPLE_RATE }
}

export type RememberingVoice = Voice & { spoken: string[] }

/** A voice that speaks in bursts at once, and remembers what it was given. */
export function burstVoice(name: VoiceName = 'espeak'): RememberingVoice {
  const spoken: string[] = []
  return {
    name,
    spoken,
    speak: async (script) => {
      spoken.push(script)
      const { samples, sampleRate } = burstsFor(script)
      return { audio: wavOf(toPcm16(samples), sampleRate), mediaType: 'audio/wav' }
    },
    inspect: () => Promise.resolve(null),
    close: () => Promise.resolve(),
  }
}

/** A voice that never answers, and lets go only when it is told to stop. */
export function hungVoice(name: VoiceName): Voice {
  return {
    name,
    speak: (_script, _options, signal) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(new Error('let go')), { once: true })
      }),
    inspect: () => Promise.resolve('hangs'),
    close: () => Promise.resolve(),
  }
}

/** A voice that always fails with the same reason. */
export function brokenVoice(name: VoiceName, reason: string): Voice {
  return {
    name,
    speak: () => Promise.reject(new Error(reason)),
    inspect: () => Promise.resolve(reason),
    close: () => Promise.resolve(),
  }
}

/**
 * An encoder without ffmpeg: "encodes" PCM to as many bytes as MP3 at 64 kbit/s has, and "decodes" a shipped sound to a tone of its
 * length. For tests in which only that a recording exists and differs matters.
 */
export function lightEncoder(): Encoder {
  return {
    run: async (job) => {
      const source = job.inputs[0]!.source
      if (typeof source === 'string') throw new Error('the light encoder reads no files')
      if (job.options.includes('libmp3lame')) {
        const rate = Number(job.inputs[0]!.options![3])
        return Uint8Array.from({ length: Math.ceil((source.length / 2 / rate) * 8000) }, (_, index) => {
          return source[Math.min(source.length - 1, Math.floor((index * rate) / 8000) * 2 + 1)]!
        })
      }
      const rate = Number(job.options[job.options.indexOf('-ar') + 1])
      const samples = Float32Array.from({ length: Math.round(mp3Seconds(source) * rate) }, (_, index) => {
        return 0.3 * Math.sin((2 * Math.PI * 660 * index) / rate)
      })
      return toPcm16(samples)
    },
    probe: () => Promise.reject(new Error('the light encoder reads no films')),
    inspect: () => Promise.resolve({ path: 'none', origin: 'package', version: 'light', filters: [], fault: null }),
  }
}
