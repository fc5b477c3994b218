import { joined, silence, type Sound } from './sound.ts'
import type { SoundName } from './sounds.ts'

/**
 * The station's own sounds, made from sines: chimes around a bulletin, and the attention tones of alerts. `media/make.ts` writes
 * them to files once; a county may put others in their place.
 */

export const CHIME_RATE = 44_100

type Note = { hertz: number; seconds: number }

/** A struck bell: a tone and two partials that die away. */
function bell(note: Note, ringSeconds: number): Float32Array {
  const samples = new Float32Array(Math.round((note.seconds + ringSeconds) * CHIME_RATE))
  const partials = [
    { multiple: 1, level: 1, decay: 2.2 },
    { multiple: 2, level: 0.35, decay: 4 },
    { multiple: 3.01, level: 0.12, decay: 7 },
  ]
  for (let index = 0; index < samples.length; index += 1) {
    const time = index / CHIME_RATE
    const attack = Math.min(1, time / 0.008)
    for (const { multiple, level, decay } of partials) {
      samples[index]! += level * attack * Math.exp(-decay * time) * Math.sin(2 * Math.PI * note.hertz * multiple * time)
    }
  }
  return faded(samples, 0.08)
}

/** Bells one after another, each still ringing under the next. */
function chime(notes: Note[], ringSeconds: number): Sound {
  const total = notes.reduce((sum, note) => sum + note.seconds, 0) + ringSeconds
  const samples = new Float32Array(Math.round(total * CHIME_RATE))
  let start = 0
  for (const note of notes) {
    const rung = bell(note, ringSeconds)
    const offset = Math.round(start * CHIME_RATE)
    for (let index = 0; index < rung.length && offset + index < samples.length; index += 1) {
      samples[offset + index]! += rung[index]! * 0.3
    }
    start += note.seconds
  }
  return { samples: faded(samples, 0.1), sampleRate: CHIME_RATE }
}

/** A tone whose pitch follows `hertz(time)`, with a third harmonic, which carries further from a horn than a bare sine. */
function sweep(seconds: number, hertz: (time: number) => number): Sound {
  const samples = new Float32Array(Math.round(seconds * CHIME_RATE))
  let phase = 0
  for (let index = 0; index < samples.length; index += 1) {
    phase += (2 * Math.PI * hertz(index / CHIME_RATE)) / CHIME_RATE
    samples[index] = 0.3 * Math.sin(phase) + 0.06 * Math.sin(3 * phase)
  }
  return { samples: faded(samples, 0.02), sampleRate: CHIME_RATE }
}

function faded(samples: Float32Array, seconds: number): Float32Array {
  const length = Math.min(samples.length, Math.round(seconds * CHIME_RATE))
  for (let index = 0; index < length; index += 1) {
    const place = samples.length - 1 - index
    samples[place] = (samples[place]! * index) / length
  }
  const attack = Math.min(length, Math.round(0.01 * CHIME_RATE))
  for (let index = 0; index < attack; index += 1) samples[index] = (samples[index]! * index) / attack
  return samples
}

function repeated(sound: Sound, count: number, gapSeconds: number): Sound {
  const gap = silence(gapSeconds, sound.sampleRate)
  return joined(Array.from({ length: count }, (_, index) => (index === 0 ? [sound] : [gap, sound])).flat())
}

const [C5, E5, G5, C6] = [523.25, 659.25, 783.99, 1046.5]

/** Rising and falling between two pitches `perSecond` times a second. */
function wail(low: number, high: number, perSecond: number): (time: number) => number {
  return (time) => low + ((high - low) * (1 - Math.cos(2 * Math.PI * perSecond * time))) / 2
}

/** Every tone by its name. Higher levels are longer, faster and higher, so that they differ even where words are not heard. */
export const tones: Record<SoundName, () => Sound> = {
  'chime-open': () =>
    chime(
      [C5, E5, G5, C6].map((hertz) => ({ hertz, seconds: 0.32 })),
      0.72,
    ),
  'chime-close': () =>
    chime(
      [C6, G5, E5, C5].map((hertz) => ({ hertz, seconds: 0.32 })),
      0.72,
    ),
  // Red: 10 s, a fast wail. Orange: 8 s, a slower one. GD/J 082-2018 levels; lengths as the field's practice.
  'siren-1': () => sweep(10, wail(650, 1450, 1)),
  'siren-2': () => sweep(8, wail(500, 1100, 0.5)),
  // Yellow: two alternating pitches for 4 s. Blue: four calm beats in 4 s.
  'siren-3': () => sweep(4, (time) => (Math.floor(time * 2) % 2 === 0 ? 880 : 660)),
  'siren-4': () =>
    repeated(
      sweep(0.7, () => 660),
      4,
      0.4,
    ),
  // A drill never sounds like an alert: three pairs of short high beats.
  drill: () =>
    repeated(
      repeated(
        sweep(0.25, () => 1000),
        2,
        0.15,
      ),
      3,
      0.6,
    ),
  // The all-clear is one long steady tone that sinks at its end.
  'all-clear': () => sweep(6, (time) => (time < 4.5 ? 600 : 600 - (time - 4.5) * 150)),
  // A loudspeaker's test: short enough to bother nobody.
  test: () =>
    chime(
      [G5, C6].map((hertz) => ({ hertz, seconds: 0.3 })),
      0.6,
    ),
}
