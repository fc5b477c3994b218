/** Sound in memory: one channel, samples from -1 to 1. */
export type Sound = { samples: Float32Array; sampleRate: number }

export function secondsOf(sound: Sound): number {
  return sound.samples.length / sound.sampleRate
}

export function silence(seconds: number, sampleRate: number): Sound {
  return { samples: new Float32Array(Math.round(seconds * sampleRate)), sampleRate }
}

/** One after another. All must have the sample rate of the first. */
export function joined(sounds: Sound[]): Sound {
  const sampleRate = sounds[0]!.sampleRate
  const samples = new Float32Array(sounds.reduce((sum, sound) => sum + sound.samples.length, 0))
  let offset = 0
  for (const sound of sounds) {
    if (sound.sampleRate !== sampleRate) throw new Error('only sounds of one sample rate can be joined')
    samples.set(sound.samples, offset)
    offset += sound.samples.length
  }
  return { samples, sampleRate }
}

const TRIM_LEVEL = 10 ** (-50 / 20)
const TRIM_KEEP_SECONDS = 0.05

/** Without the silence (below -50 dBFS) before and after; empty when there is nothing else. */
export function trimmed(sound: Sound): Sound {
  const { samples, sampleRate } = sound
  const first = samples.findIndex((sample) => Math.abs(sample) > TRIM_LEVEL)
  if (first < 0) return { samples: new Float32Array(0), sampleRate }
  const last = samples.findLastIndex((sample) => Math.abs(sample) > TRIM_LEVEL)
  const keep = Math.round(TRIM_KEEP_SECONDS * sampleRate)
  return { samples: samples.subarray(Math.max(0, first - keep), Math.min(samples.length, last + keep + 1)), sampleRate }
}

const SINC_ZEROES = 12

/**
 * The same sound at another rate: a Blackman-windowed sinc of 12 zero crossings on each side, cut below the lower of the two
 * half rates. One table of coefficients serves every sample that falls at the same phase.
 */
export function resampled(sound: Sound, sampleRate: number): Sound {
  if (sound.sampleRate === sampleRate) return sound
  const { samples } = sound
  const divisor = greatestCommonDivisor(sound.sampleRate, sampleRate)
  const phases = sampleRate / divisor
  const step = sound.sampleRate / divisor
  const cutoff = 0.94 * Math.min(1, sampleRate / sound.sampleRate)
  const reach = Math.ceil(SINC_ZEROES / cutoff)
  const taps = 2 * reach
  const table = new Float32Array(phases * taps)
  for (let phase = 0; phase < phases; phase += 1) {
    for (let tap = 0; tap < taps; tap += 1) {
      const distance = tap - reach + 1 - phase / phases
      table[phase * taps + tap] = cutoff * sinc(cutoff * distance) * blackman(distance / reach)
    }
  }
  const output = new Float32Array(Math.floor((samples.length * phases) / step))
  for (let index = 0; index < output.length; index += 1) {
    const position = index * step
    const phase = position % phases
    const begin = (position - phase) / phases - reach + 1
    const from = Math.max(0, -begin)
    const to = Math.min(taps, samples.length - begin)
    let sum = 0
    for (let tap = from; tap < to; tap += 1) sum += samples[begin + tap]! * table[phase * taps + tap]!
    output[index] = sum
  }
  return { samples: output, sampleRate }
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x)
}

/** The window at `x` of its half width, 0 outside. */
function blackman(x: number): number {
  return Math.abs(x) >= 1 ? 0 : 0.42 + 0.5 * Math.cos(Math.PI * x) + 0.08 * Math.cos(2 * Math.PI * x)
}

/** Samples as 16-bit little-endian integers, as encoders take them; what lies outside -1…1 is cut. */
export function toPcm16(samples: Float32Array): Uint8Array {
  const integers = new Int16Array(samples.length)
  for (let index = 0; index < samples.length; index += 1) {
    integers[index] = Math.max(-32_768, Math.min(32_767, Math.round(samples[index]! * 32_767)))
  }
  return new Uint8Array(integers.buffer)
}

export function fromPcm16(bytes: Uint8Array): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const samples = new Float32Array(Math.floor(bytes.byteLength / 2))
  for (let index = 0; index < samples.length; index += 1) samples[index] = view.getInt16(index * 2, true) / 32_767
  return samples
}

/** Reads a WAV file of 16-bit PCM; of several channels the mean. Throws an `Error` that names what is not as expected. */
export function fromWav(file: Uint8Array): Sound {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const word = (offset: number): string => Buffer.from(file.subarray(offset, offset + 4)).toString('latin1')
  if (file.length < 12 || word(0) !== 'RIFF' || word(8) !== 'WAVE') throw new Error('not a WAV file')
  let format: { channels: number; sampleRate: number } | undefined
  for (let offset = 12; offset + 8 <= file.length;) {
    const size = view.getUint32(offset + 4, true)
    if (word(offset) === 'fmt ' && offset + 24 <= file.length) {
      const isPcm16 = [1, 0xfffe].includes(view.getUint16(offset + 8, true)) && view.getUint16(offset + 22, true) === 16
      if (!isPcm16) throw new Error('the WAV file does not hold 16-bit PCM')
      format = { channels: view.getUint16(offset + 10, true), sampleRate: view.getUint32(offset + 12, true) }
    }
    if (word(offset) === 'data') {
      if (!format || format.channels === 0 || format.sampleRate === 0) throw new Error('the WAV file names no format')
      const all = fromPcm16(file.subarray(offset + 8, Math.min(file.length, offset + 8 + size)))
      return { samples: mixed(all, format.channels), sampleRate: format.sampleRate }
    }
    offset += 8 + size + (size % 2)
  }
  throw new Error('the WAV file holds no samples')
}

function mixed(samples: Float32Array, channels: number): Float32Array {
  if (channels === 1) return samples
  const mono = new Float32Array(Math.floor(samples.length / channels))
  for (let index = 0; index < mono.length; index += 1) {
    for (let channel = 0; channel < channels; channel += 1) {
      mono[index] = mono[index]! + samples[index * channels + channel]! / channels
    }
  }
  return mono
}

const MP3_RATES = [44_100, 48_000, 32_000]
const MP3_KBPS = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]

/** The length of an MP3 file (MPEG-1 layer III, ISO/IEC 11172-3) by its frames; 0 when it holds none. */
export function mp3Seconds(file: Uint8Array): number {
  let seconds = 0
  let offset = 0
  if (Buffer.from(file.subarray(0, 3)).toString('latin1') === 'ID3' && file.length > 10) {
    offset = 10 + ((file[6]! << 21) | (file[7]! << 14) | (file[8]! << 7) | file[9]!)
  }
  while (offset + 4 <= file.length) {
    const isFrame = file[offset] === 0xff && (file[offset + 1]! & 0xfe) === 0xfa
    const kbps = MP3_KBPS[file[offset + 2]! >> 4]
    const rate = MP3_RATES[(file[offset + 2]! >> 2) & 3]
    if (!isFrame || !kbps || !rate) {
      offset += 1
      continue
    }
    seconds += 1152 / rate
    offset += Math.floor((144_000 * kbps) / rate) + ((file[offset + 2]! >> 1) & 1)
  }
  return seconds
}
