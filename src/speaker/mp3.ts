/** The frames of an MP3 file (MPEG-1, 2 and 2.5, Layer III), so that playing can begin and end at any of them. */
export type Mp3 = {
  bytes: Buffer
  /** Where each frame begins; one more stands for the end of the last. */
  starts: number[]
  frameSeconds: number
  seconds: number
}

const BITRATES = {
  one: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  two: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
}
const SAMPLE_RATES: Record<number, number[]> = {
  3: [44_100, 48_000, 32_000],
  2: [22_050, 24_000, 16_000],
  0: [11_025, 12_000, 8000],
}

type Frame = { length: number; seconds: number }

/** Reads the frames. Answers `undefined` when there is none. A first frame that only describes the file is left out. */
export function readMp3(bytes: Buffer): Mp3 | undefined {
  const starts: number[] = []
  let frameSeconds = 0
  let end = 0
  for (let at = afterTag(bytes); at + 4 <= bytes.length;) {
    const frame = frameAt(bytes, at)
    // What is no frame (a tag at the end, a damaged byte) is passed over until the next one.
    if (!frame || at + frame.length > bytes.length) {
      at++
      continue
    }
    if (starts.length > 0 || !isDescription(bytes.subarray(at, at + frame.length))) {
      starts.push(at)
      frameSeconds = frame.seconds
      end = at + frame.length
    }
    at += frame.length
  }
  if (starts.length === 0) return undefined
  return { bytes, starts: [...starts, end], frameSeconds, seconds: starts.length * frameSeconds }
}

/** The bytes of the frames that begin in a span of time. */
export function framesBetween(mp3: Mp3, fromSeconds: number, toSeconds: number): Buffer {
  return mp3.bytes.subarray(mp3.starts[frameAfter(mp3, fromSeconds)], mp3.starts[frameAfter(mp3, toSeconds)])
}

/** The first frame that begins at that second or after it. */
function frameAfter(mp3: Mp3, seconds: number): number {
  // A thousandth of a frame is forgiven: seconds went through decimal text.
  return Math.min(mp3.starts.length - 1, Math.max(0, Math.ceil(seconds / mp3.frameSeconds - 0.001)))
}

function frameAt(bytes: Buffer, at: number): Frame | undefined {
  if (bytes[at] !== 0xff || (bytes[at + 1]! & 0xe6) !== 0xe2) return undefined
  const version = (bytes[at + 1]! >> 3) & 3
  const kilobits = (version === 3 ? BITRATES.one : BITRATES.two)[bytes[at + 2]! >> 4]
  const rate = SAMPLE_RATES[version]?.[(bytes[at + 2]! >> 2) & 3]
  if (!kilobits || !rate) return undefined
  const samples = version === 3 ? 1152 : 576
  const padding = (bytes[at + 2]! >> 1) & 1
  return { length: Math.floor(((samples / 8) * kilobits * 1000) / rate) + padding, seconds: samples / rate }
}

function isDescription(frame: Buffer): boolean {
  return ['Xing', 'Info', 'VBRI'].some((mark) => frame.subarray(0, 64).includes(mark))
}

/** Past an ID3v2 tag, whose length stands in seven bits a byte. */
function afterTag(bytes: Buffer): number {
  if (bytes.subarray(0, 3).toString('latin1') !== 'ID3' || bytes.length < 10) return 0
  return 10 + ((bytes[6]! << 21) | (bytes[7]! << 14) | (bytes[8]! << 7) | bytes[9]!)
}
