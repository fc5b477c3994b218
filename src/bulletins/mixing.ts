import { levelled, loudnessOf, truePeakOf } from './loudness.ts'
import { joined, resampled, secondsOf, silence, toPcm16, trimmed, type Sound } from './sound.ts'

export const TARGET_LUFS = -16
export const CEILING_DBTP = -1.5
export const SAMPLE_RATE = 44_100

/** After the opening tone, an amplifier that slept needs this long before words may begin. */
const WAKE_SECONDS = 0.6
const REPEAT_GAP_SECONDS = 2
const CLOSING_GAP_SECONDS = 0.6
/** LAME turns what it is given down to 0.95 at 64 kbit/s, and its peaks come out up to this much higher than they went in. */
const ENCODER_LOSS_DECIBELS = 0.446
const ENCODER_OVERSHOOT_DECIBELS = 0.7

const AUDIBLE_DECIBELS = 0.25

/** Words as a voice gave them, and the tones around them as `toneAtLevel` made them. */
export type MixJob = { speech: Sound; before: Sound; after: Sound | null; repeatCount: number }

export type Mix = {
  /** 16-bit samples at 44.1 kHz, ready for the encoder. */
  pcm: Uint8Array
  seconds: number
  /** Integrated loudness in LUFS and true peak in dBTP, as they come out of the encoder. */
  loudness: number
  truePeak: number
}

/** Opening tone, wake-up pad, words as often as asked, closing tone: all at one loudness. */
export function mixed(job: MixJob): Mix {
  // Levelled at the voice's own rate, which is half as much work; the true peak does not depend on the rate.
  const speech = resampled(atLevel(job.speech), SAMPLE_RATE)
  const after = job.after === null ? [] : [gap(CLOSING_GAP_SECONDS), job.after]
  const again = Array.from({ length: job.repeatCount - 1 }, () => [gap(REPEAT_GAP_SECONDS), speech]).flat()
  const whole = evened(joined([job.before, gap(WAKE_SECONDS), speech, ...again, ...after]))
  return {
    pcm: toPcm16(whole.samples),
    seconds: secondsOf(whole),
    loudness: loudnessOf(whole) - ENCODER_LOSS_DECIBELS,
    truePeak: truePeakOf(whole) - ENCODER_LOSS_DECIBELS,
  }
}

/** A tone as a mix wants it: without silence around it, at the loudness and the rate of every recording. */
export function toneAtLevel(tone: Sound): Sound {
  return atLevel(resampled(trimmed(tone), SAMPLE_RATE))
}

/** At the loudness and below the peak that come out right on the other side of the encoder. */
export function atLevel(sound: Sound): Sound {
  return levelled(
    sound,
    TARGET_LUFS + ENCODER_LOSS_DECIBELS,
    CEILING_DBTP + ENCODER_LOSS_DECIBELS - ENCODER_OVERSHOOT_DECIBELS,
  )
}

/** Parts at one loudness make a whole that is off by the tails of its tones; where that can be heard it is levelled once more. */
function evened(whole: Sound): Sound {
  return Math.abs(loudnessOf(whole) - ENCODER_LOSS_DECIBELS - TARGET_LUFS) > AUDIBLE_DECIBELS ? atLevel(whole) : whole
}

function gap(seconds: number): Sound {
  return silence(seconds, SAMPLE_RATE)
}
