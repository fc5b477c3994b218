import { mp3Job, pcmJob, type Encoder } from '../equipment/encoder.ts'
import { hashOf } from '../equipment/store.ts'
import type { Speech, VoiceName } from '../equipment/voice.ts'
import type { Instant } from '../instant.ts'
import { levelled, loudnessOf, truePeakOf } from './loudness.ts'
import { fromPcm16, fromWav, joined, resampled, secondsOf, silence, toPcm16, trimmed, type Sound } from './sound.ts'
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
export const TARGET_LUFS = -16
export const CEILING_DBTP = -1.5

/** Raised when the sound of the same words would change: it makes every key new. */
const PIPELINE_VERSION = 1

const SAMPLE_RATE = 44_100
/** After the opening tone, an amplifier that slept needs this long before words may begin. */
const WAKE_SECONDS = 0.6
const REPEAT_GAP_SECONDS = 2
const CLOSING_GAP_SECONDS = 0.6
/** LAME turns what it is given down to 0.95 at 64 kbit/s, and its peaks come out up to this much higher than they went in. */
const ENCODER_LOSS_DECIBELS = 0.446
const ENCODER_OVERSHOOT_DECIBELS = 0.9
/** Speech this much shorter than its characters can be spoken is a voice that stopped in the middle. */
const SHORTEST_SECONDS_PER_CHARACTER = 0.04
const LONGEST_SECONDS = 600

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
  const tones = new Map<SoundName, Sound>()

  const decoded = async (audio: Uint8Array, signal: AbortSignal): Promise<Sound> => ({
    samples: fromPcm16(await encoder.run(pcmJob(audio, SAMPLE_RATE), signal)),
    sampleRate: SAMPLE_RATE,
  })

  const tone = async (name: SoundName, signal: AbortSignal): Promise<Sound> => {
    let sound = tones.get(name)
    if (!sound) {
      sound = atLevel(await decoded(sounds[name].file, signal))
      tones.set(name, sound)
    }
    return sound
  }

  const accept =
    (script: string) =>
    async (speech: Speech, signal: AbortSignal): Promise<Sound> => {
      const raw = speech.mediaType === 'audio/wav' ? fromWav(speech.audio) : await decoded(speech.audio, signal)
      const sound = trimmed(resampled(raw, SAMPLE_RATE))
      if (sound.samples.length === 0) throw new Error('only silence came')
      if (secondsOf(sound) < script.length * SHORTEST_SECONDS_PER_CHARACTER) throw new Error('it stopped in the middle')
      if (secondsOf(sound) > LONGEST_SECONDS) throw new Error(`it spoke for longer than ${LONGEST_SECONDS} s`)
      return atLevel(sound)
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
      const { voice, sound, passedOver } = await voices.speak(script, options.voice, accept(script), now, signal)
      const { before, after } = framingOf(options)
      const again = [silence(REPEAT_GAP_SECONDS, SAMPLE_RATE), sound]
      const whole = joined([
        await tone(before, signal),
        silence(WAKE_SECONDS, SAMPLE_RATE),
        sound,
        ...Array.from({ length: options.repeatCount - 1 }, () => again).flat(),
        ...(after === null ? [] : [silence(CLOSING_GAP_SECONDS, SAMPLE_RATE), await tone(after, signal)]),
      ])
      const file = await encoder.run(mp3Job(toPcm16(whole.samples), SAMPLE_RATE), signal)
      return {
        file,
        voice,
        seconds: rounded(secondsOf(whole)),
        loudness: rounded(loudnessOf(whole) - ENCODER_LOSS_DECIBELS),
        truePeak: rounded(truePeakOf(whole) - ENCODER_LOSS_DECIBELS),
        reason: passedOver.length === 0 ? null : inWords(passedOver),
      }
    },
  }
}

/** At the loudness and below the peak that come out right on the other side of the encoder. */
export function atLevel(sound: Sound): Sound {
  return levelled(
    sound,
    TARGET_LUFS + ENCODER_LOSS_DECIBELS,
    CEILING_DBTP + ENCODER_LOSS_DECIBELS - ENCODER_OVERSHOOT_DECIBELS,
  )
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100
}
