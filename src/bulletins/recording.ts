import { mp3Job, pcmJob, type Encoder } from '../equipment/encoder.ts'
import { hashOf } from '../equipment/store.ts'
import { thread } from '../equipment/thread.ts'
import type { Speech, VoiceName } from '../equipment/voice.ts'
import type { Instant } from '../instant.ts'
import type { MixingAnswer, MixingJob } from './mixing-thread.ts'
import { SAMPLE_RATE, type Mix } from './mixing.ts'
import { fromPcm16, fromWav, secondsOf, trimmed, type Sound } from './sound.ts'
import { sirenOf, type SoundName, type Sounds } from './sounds.ts'
import { inWords, type VoiceChoice, type Voices } from './voices.ts'

export type BulletinClass = 'emergency' | 'drill' | 'notice' | 'daily'

/** Everything beside the words that shapes the sound. */
export type RecordingOptions = {
  class: BulletinClass
  /** 1 red to 4 blue, for an emergency: it decides the attention tone. */
  severity: number | null
  voice: VoiceChoice
  /** How often the words are spoken, 1 to 3. */
  repeatCount: number
}

export const REPEAT_LIMIT = 3
/** Raised when the sound of the same words would change: it makes every key new. */
const PIPELINE_VERSION = 1

/** Speech this much shorter than its characters can be spoken is a voice that stopped in the middle. */
const SHORTEST_SECONDS_PER_CHARACTER = 0.04
const SPEECH_SECONDS_LIMIT = 900

/** 0 emergency, 1 notice and drill, 2 daily: the smallest is rendered first. */
export function urgencyOf(kind: BulletinClass): number {
  return kind === 'emergency' ? 0 : kind === 'daily' ? 2 : 1
}

/** The tones before and after the words. */
export function framingOf(options: RecordingOptions): { before: SoundName; after: SoundName | null } {
  if (options.class === 'emergency') return { before: sirenOf(options.severity ?? 1), after: null }
  if (options.class === 'drill') return { before: 'drill', after: 'chime-close' }
  return { before: 'chime-open', after: 'chime-close' }
}

export type Recorded = {
  file: Uint8Array
  voice: VoiceName
  seconds: number
  /** Integrated loudness in LUFS and true peak in dBTP. */
  loudness: number
  truePeak: number
  /** Why better voices did not speak; null when the first one asked did. */
  reason: string | null
}

export type Studio = ReturnType<typeof createStudio>

/** Where a script becomes a recording: the voices, the encoder and the shipped tones together. */
export function createStudio(parts: { voices: Voices; encoder: Encoder; sounds: Sounds }) {
  const { voices, encoder, sounds } = parts
  const mixer = thread<MixingJob, MixingAnswer>(new URL('./mixing-thread.ts', import.meta.url))
  const tones = new Map<SoundName, Sound>()

  const decoded = async (audio: Uint8Array, signal: AbortSignal): Promise<Sound> => ({
    samples: fromPcm16(await encoder.run(pcmJob(audio, SAMPLE_RATE), signal)),
    sampleRate: SAMPLE_RATE,
  })

  const tone = async (name: SoundName, signal: AbortSignal): Promise<Sound> => {
    const known = tones.get(name)
    if (known) return known
    const answer = await mixer.ask({ kind: 'tone', tone: await decoded(sounds[name].file, signal) }, signal)
    if (!('tone' in answer)) throw new Error('the mixer answered something else')
    tones.set(name, answer.tone)
    return answer.tone
  }

  /** The words in a voice's audio, or why it is no speech of the script: then the next voice is asked. */
  const accept = async (script: string, speech: Speech, signal: AbortSignal): Promise<Sound> => {
    const sound = trimmed(
      speech.mediaType === 'audio/wav' ? fromWav(speech.audio) : await decoded(speech.audio, signal),
    )
    const seconds = secondsOf(sound)
    if (seconds === 0) throw new Error('only silence came')
    if (seconds < script.length * SHORTEST_SECONDS_PER_CHARACTER) throw new Error('it stopped in the middle')
    if (seconds > SPEECH_SECONDS_LIMIT) throw new Error(`it spoke for longer than ${SPEECH_SECONDS_LIMIT} s`)
    return sound
  }

  const mix = async (speech: Sound, options: RecordingOptions, signal: AbortSignal): Promise<Mix> => {
    const framing = framingOf(options)
    const before = await tone(framing.before, signal)
    const after = framing.after === null ? null : await tone(framing.after, signal)
    const { repeatCount } = options
    const answer = await mixer.ask({ kind: 'mix', speech, before, after, repeatCount }, signal)
    if (!('mix' in answer)) throw new Error('the mixer answered something else')
    return answer.mix
  }

  return {
    /** Hashes everything that shapes the sound, so that the same words and voice are rendered once. */
    keyOf: (script: string, options: RecordingOptions): string => {
      const { before, after } = framingOf(options)
      const framing = [before, after].map((name) => (name === null ? null : hashOf(sounds[name].file)))
      return hashOf(JSON.stringify([PIPELINE_VERSION, script, options.voice, options.repeatCount, framing])).slice(
        0,
        40,
      )
    },

    /**
     * Speaks, frames with tones, levels to -16 LUFS with true peaks below -1.5 dBTP, and encodes as MP3: one run of the encoder
     * where the voice gives samples. Throws an `Error` that says what failed.
     */
    record: async (script: string, options: RecordingOptions, now: Instant, signal: AbortSignal): Promise<Recorded> => {
      const { voice, made, passedOver } = await voices.speak(
        script,
        options.voice,
        (speech, signal) => accept(script, speech, signal),
        now,
        signal,
      )
      const { pcm, seconds, loudness, truePeak } = await mix(made, options, signal)
      return {
        file: await encoder.run(mp3Job(pcm, SAMPLE_RATE), signal),
        voice,
        seconds: rounded(seconds),
        loudness: rounded(loudness),
        truePeak: rounded(truePeak),
        reason: passedOver.length === 0 ? null : inWords(passedOver),
      }
    },

    close: () => mixer.close(),
  }
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100
}
