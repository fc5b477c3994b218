import type { Sound } from './sound.ts'

/**
 * Loudness after ITU-R BS.1770-4 (K-weighting, 400 ms blocks overlapping by three quarters, gates at -70 LUFS and 10 LU below
 * the mean), true peak after its Annex 2 (four times oversampled), and a limiter that looks ahead. In our own process and
 * memory, so that a finished recording costs one pass of an encoder.
 */

const ABSOLUTE_GATE = -70
const RELATIVE_GATE = -10
const BLOCK_STEPS = 4
const STEP_SECONDS = 0.1

type Biquad = { b0: number; b1: number; b2: number; a1: number; a2: number }

/** The two filters of the K-weighting, from their analogue prototypes, so that any sample rate is weighted alike. */
function kWeighting(sampleRate: number): [shelf: Biquad, highPass: Biquad] {
  const shelfGain = 10 ** (3.999843853973347 / 20)
  const shelfBand = shelfGain ** 0.4996667741545416
  let k = Math.tan((Math.PI * 1681.974450955533) / sampleRate)
  let q = 0.7071752369554196
  let a0 = 1 + k / q + k * k
  const shelf = {
    b0: (shelfGain + (shelfBand * k) / q + k * k) / a0,
    b1: (2 * (k * k - shelfGain)) / a0,
    b2: (shelfGain - (shelfBand * k) / q + k * k) / a0,
    a1: (2 * (k * k - 1)) / a0,
    a2: (1 - k / q + k * k) / a0,
  }
  k = Math.tan((Math.PI * 38.13547087602444) / sampleRate)
  q = 0.5003270373238773
  a0 = 1 + k / q + k * k
  return [shelf, { b0: 1, b1: -2, b2: 1, a1: (2 * (k * k - 1)) / a0, a2: (1 - k / q + k * k) / a0 }]
}

/** The integrated loudness in LUFS; -Infinity when everything lies below the absolute gate or is shorter than 400 ms. */
export function loudnessOf(sound: Sound): number {
  const energies = stepEnergies(sound)
  const blocks: number[] = []
  for (let index = 0; index + BLOCK_STEPS <= energies.length; index += 1) {
    let sum = 0
    for (let step = 0; step < BLOCK_STEPS; step += 1) sum += energies[index + step]!
    blocks.push(sum / BLOCK_STEPS)
  }
  const audible = blocks.filter((energy) => loudness(energy) > ABSOLUTE_GATE)
  if (audible.length === 0) return -Infinity
  const gate = loudness(mean(audible)) + RELATIVE_GATE
  return loudness(mean(audible.filter((energy) => loudness(energy) > gate)))
}

function loudness(energy: number): number {
  return -0.691 + 10 * Math.log10(energy)
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** The mean square of the weighted sound in each full tenth of a second. */
function stepEnergies(sound: Sound): number[] {
  const { samples, sampleRate } = sound
  const [shelf, high] = kWeighting(sampleRate)
  const step = Math.round(sampleRate * STEP_SECONDS)
  const energies: number[] = []
  let [s1, s2, h1, h2, sum, filled] = [0, 0, 0, 0, 0, 0]
  for (let index = 0; index < samples.length; index += 1) {
    // Transposed direct form II: two states for each filter.
    const input = samples[index]!
    const shelved = shelf.b0 * input + s1
    s1 = shelf.b1 * input - shelf.a1 * shelved + s2
    s2 = shelf.b2 * input - shelf.a2 * shelved
    const weighted = high.b0 * shelved + h1
    h1 = high.b1 * shelved - high.a1 * weighted + h2
    h2 = high.b2 * shelved - high.a2 * weighted
    sum += weighted * weighted
    filled += 1
    if (filled === step) {
      energies.push(sum / step)
      sum = 0
      filled = 0
    }
  }
  return energies
}

const OVERSAMPLING = 4
const HALF_TAPS = 6

/** The coefficients that give the signal at 1/4, 2/4 and 3/4 between two samples, one after another. */
const between = Float64Array.from({ length: 3 * 2 * HALF_TAPS }, (_, index) => {
  const phase = Math.floor(index / (2 * HALF_TAPS)) + 1
  const distance = (index % (2 * HALF_TAPS)) - HALF_TAPS + 1 - phase / OVERSAMPLING
  const window = 0.5 + 0.5 * Math.cos((Math.PI * distance) / HALF_TAPS)
  return (window * Math.sin(Math.PI * distance)) / (Math.PI * distance)
})

/** The largest magnitude at a sample and in the gap after it. `padded` has `HALF_TAPS` zeros before and after the samples. */
function peakAfter(padded: Float32Array, index: number): number {
  let peak = Math.abs(padded[index + HALF_TAPS]!)
  for (let phase = 0; phase < between.length; phase += 2 * HALF_TAPS) {
    let sum = 0
    for (let tap = 0; tap < 2 * HALF_TAPS; tap += 1) sum += padded[index + tap + 1]! * between[phase + tap]!
    if (sum > peak) peak = sum
    else if (-sum > peak) peak = -sum
  }
  return peak
}

/**
 * The larger magnitude of each sample and the gap after it. Between two samples of speech or tones the signal rises to less
 * than twice the larger of them; gaps that cannot reach `floor` that way are not computed.
 */
function peaksOf(samples: Float32Array, floor: number): Float32Array {
  const padded = new Float32Array(samples.length + 2 * HALF_TAPS)
  padded.set(samples, HALF_TAPS)
  const peaks = new Float32Array(samples.length)
  for (let index = 0; index < samples.length; index += 1) {
    const here = Math.abs(padded[index + HALF_TAPS]!)
    const isHigh = here * 2 > floor || Math.abs(padded[index + HALF_TAPS + 1]!) * 2 > floor
    peaks[index] = isHigh ? peakAfter(padded, index) : here
  }
  return peaks
}

/** The true peak in dBTP; -Infinity for silence. */
export function truePeakOf(sound: Sound): number {
  return 20 * Math.log10(highest(peaksOf(sound.samples, highest(sound.samples))))
}

function highest(samples: Float32Array): number {
  let most = 0
  for (const sample of samples) most = Math.max(most, Math.abs(sample))
  return most
}

const LOOK_AHEAD_SECONDS = 0.004
const RELEASE_SECONDS = 0.06

/** The sound times `gain`, its peaks held below `top` by turning it down smoothly around each. */
function limited(sound: Sound, peaks: Float32Array, gain: number, top: number): Sound {
  const { samples, sampleRate } = sound
  const reach = Math.max(1, Math.round(LOOK_AHEAD_SECONDS * sampleRate))
  const release = Math.exp(-1 / (RELEASE_SECONDS * sampleRate))
  const output = new Float32Array(samples.length)
  const wanted = new Float32Array(samples.length + 2 * reach).fill(1)
  for (let index = 0; index < samples.length; index += 1) {
    const peak = peaks[index]! * gain
    if (peak > top) {
      wanted[index] = Math.min(wanted[index]!, top / peak)
      wanted[index + 1] = top / peak
    }
  }
  // The smallest gain wanted within reach on either side, rising slowly, then averaged over the reach: never above what any
  // peak inside wants, since every value of the average already was at or below it.
  const lowest = slidingMinimum(wanted, 2 * reach + 1)
  let held = 1
  let sum = reach
  const recent = new Float32Array(reach).fill(1)
  for (let index = 0; index < samples.length + reach; index += 1) {
    const low = lowest[index]!
    held = low < held ? low : low + (held - low) * release
    sum += held - recent[index % reach]!
    recent[index % reach] = held
    if (index >= reach) output[index - reach] = samples[index - reach]! * gain * (sum / reach)
  }
  return { samples: output, sampleRate }
}

/** For each place the minimum of the `width` values that end there. */
function slidingMinimum(values: Float32Array, width: number): Float32Array {
  const result = new Float32Array(values.length)
  const queue = new Int32Array(values.length)
  let head = 0
  let tail = 0
  for (let index = 0; index < values.length; index += 1) {
    while (tail > head && values[queue[tail - 1]!]! >= values[index]!) tail -= 1
    queue[tail] = index
    tail += 1
    if (queue[head]! <= index - width) head += 1
    result[index] = values[queue[head]!]!
  }
  return result
}

const ROUND_LIMIT = 6
const CLOSE_ENOUGH = 0.05
// Limiting costs loudness, and turning up costs more of it; a little more than what is missing is added each round.
const EAGERNESS = 1.2
const CORRECTION_LIMIT_DECIBELS = 4

/**
 * The sound at a loudness (LUFS) with no true peak above the ceiling (dBTP). Limiting takes loudness away, so it is measured
 * again and corrected until it is right. Silence stays silence.
 */
export function levelled(sound: Sound, target: number, ceiling: number): Sound {
  const before = loudnessOf(sound)
  if (before === -Infinity) return sound
  const top = inAmplitude(ceiling)
  let decibels = target - before
  const mostDecibels = decibels + CORRECTION_LIMIT_DECIBELS
  const peaks = peaksOf(sound.samples, top / inAmplitude(mostDecibels))
  let output = sound
  for (let round = 0; round < ROUND_LIMIT; round += 1) {
    output = limited(sound, peaks, inAmplitude(decibels), top)
    const missing = target - loudnessOf(output)
    if (Math.abs(missing) < CLOSE_ENOUGH) break
    decibels = Math.min(mostDecibels, decibels + missing * EAGERNESS)
  }
  return output
}

function inAmplitude(decibels: number): number {
  return 10 ** (decibels / 20)
}
