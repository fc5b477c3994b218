import fc from 'fast-check'
import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { levelled, loudnessOf, truePeakOf } from '../../src/bulletins/loudness.ts'
import { mixed, toneAtLevel } from '../../src/bulletins/mixing.ts'
import {
  fromPcm16,
  fromWav,
  joined,
  mp3Seconds,
  resampled,
  secondsOf,
  silence,
  toPcm16,
  trimmed,
  type Sound,
} from '../../src/bulletins/sound.ts'
import { tones } from '../../src/bulletins/tones.ts'
import { ffmpegEncoder } from '../../src/equipment/encoder.ts'
import { wavOf } from '../../src/equipment/voice.ts'
import { burstsFor } from '../support/voice.ts'

function sine(hertz: number, seconds: number, level: number, sampleRate = 48_000, phase = 0): Sound {
  const samples = Float32Array.from({ length: Math.round(seconds * sampleRate) }, (_, index) => {
    return level * Math.sin((2 * Math.PI * hertz * index) / sampleRate + phase)
  })
  return { samples, sampleRate }
}

function noise(seconds: number, level: number, sampleRate: number): Sound {
  let state = 1
  const samples = Float32Array.from({ length: Math.round(seconds * sampleRate) }, (_, index) => {
    state = (state * 48_271) % 2_147_483_647
    // Louder and softer, with pauses, as speech is.
    const swell = Math.max(0, Math.sin((2 * Math.PI * index) / sampleRate / 1.7))
    return level * swell * (state / 1_073_741_823 - 1)
  })
  return { samples, sampleRate }
}

/** What ffmpeg's EBU R128 scanner says of a sound: LUFS and dBTP. */
async function byFfmpeg(sound: Sound): Promise<{ loudness: number; truePeak: number }> {
  const { path } = await ffmpegEncoder().inspect()
  const { stderr } = spawnSync(path, ['-hide_banner', '-i', '-', '-af', 'ebur128=peak=true', '-f', 'null', '-'], {
    input: wavOf(toPcm16(sound.samples), sound.sampleRate),
    encoding: 'utf8',
  })
  const last = (pattern: RegExp): number => Number([...stderr.matchAll(pattern)].at(-1)![1])
  return { loudness: last(/I:\s+(-?[\d.]+) LUFS/g), truePeak: last(/Peak:\s+(-?[\d.]+) dBFS/g) }
}

describe('loudness', () => {
  it('a full-scale sine of 997 Hz in one channel is -3.01 LUFS (ITU-R BS.1770-4), at any sample rate', () => {
    for (const sampleRate of [16_000, 22_050, 24_000, 44_100, 48_000]) {
      expect(loudnessOf(sine(997, 3, 1, sampleRate))).toBeCloseTo(-3.01, 1)
    }
  })

  it('agrees with the EBU R128 scanner of ffmpeg on tones, noise and pauses', async () => {
    const clips = [
      sine(440, 4, 0.2),
      resampled(noise(5, 0.5, 22_050), 44_100),
      resampled(joined([noise(3, 0.02, 24_000), silence(2, 24_000), noise(4, 0.4, 24_000)]), 48_000),
    ]
    for (const clip of clips) {
      const theirs = await byFfmpeg(clip)
      expect(Math.abs(loudnessOf(clip) - theirs.loudness)).toBeLessThan(0.15)
      expect(Math.abs(truePeakOf(clip) - theirs.truePeak)).toBeLessThan(0.4)
    }
  })

  it('silence has none, and does not pull the speech between it down', () => {
    const speech = noise(5, 0.3, 48_000)
    expect(loudnessOf(silence(3, 48_000))).toBe(-Infinity)
    expect(loudnessOf(sine(440, 0.2, 1))).toBe(-Infinity)
    expect(Math.abs(loudnessOf(joined([speech, silence(20, 48_000)])) - loudnessOf(speech))).toBeLessThan(0.3)
  })

  it('sees the peak between two samples', () => {
    // A quarter of the sample rate, an eighth off: every sample lies at 0.707 of the peak.
    const sound = sine(12_000, 1, 1, 48_000, Math.PI / 4)
    expect(Math.max(...sound.samples)).toBeCloseTo(Math.SQRT1_2, 2)
    expect(truePeakOf(sound)).toBeCloseTo(0, 0)
  })

  it('brings any sound to the loudness asked for, with no true peak above the ceiling', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 1, noNaN: true }), fc.constantFrom(22_050, 44_100), (level, rate) => {
        const result = levelled(noise(4, level, rate), -16, -2)
        expect(Math.abs(loudnessOf(result) + 16)).toBeLessThan(0.2)
        expect(truePeakOf(result)).toBeLessThan(-1.7)
      }),
      { numRuns: 6 },
    )
  })

  it('leaves silence silent', () => {
    expect(levelled(silence(1, 8000), -16, -2).samples.every((sample) => sample === 0)).toBe(true)
  })
})

describe('sound', () => {
  it('resampling keeps a tone: its pitch, its level, its length', () => {
    const from = sine(1000, 1, 0.5, 22_050)
    const to = resampled(from, 44_100)
    expect(secondsOf(to)).toBeCloseTo(1, 3)
    const expected = sine(1000, 1, 0.5, 44_100)
    const worst = to.samples
      .subarray(1000, 43_000)
      .reduce((most, sample, index) => Math.max(most, Math.abs(sample - expected.samples[index + 1000]!)), 0)
    expect(worst).toBeLessThan(0.002)
    expect(resampled(sine(1000, 1, 0.5, 24_000), 44_100).samples.length).toBe(44_100)
  })

  it('WAV goes out and comes back; what is no WAV is refused by name', () => {
    const samples = sine(300, 0.1, 0.9).samples
    const back = fromWav(wavOf(toPcm16(samples), 48_000))
    expect(back.sampleRate).toBe(48_000)
    expect(back.samples.every((sample, index) => Math.abs(sample - samples[index]!) < 0.0001)).toBe(true)
    expect(() => fromWav(new Uint8Array(3))).toThrow('not a WAV file')
    expect(() => fromWav(new TextEncoder().encode('RIFF....WAVEdata    '))).toThrow('names no format')
    expect(() => fromWav(wavOf(new Uint8Array(0), 8000).subarray(0, 36))).toThrow('no samples')
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          fromWav(bytes)
        } catch (error) {
          expect((error as Error).message).toMatch(/WAV/)
        }
        expect(mp3Seconds(bytes)).toBeGreaterThanOrEqual(0)
      }),
    )
  })

  it('samples survive as integers, and what is too loud is cut, not wrapped', () => {
    expect(fromPcm16(toPcm16(Float32Array.of(2, -2, 0.5)))).toEqual(
      Float32Array.of(1, Math.fround(-32_768 / 32_767), Math.fround(16_384 / 32_767)),
    )
  })

  it('silence around speech is trimmed, speech is not', () => {
    const sound = joined([silence(1, 48_000), sine(500, 1, 0.5), silence(2, 48_000)])
    expect(secondsOf(trimmed(sound))).toBeGreaterThan(1)
    expect(secondsOf(trimmed(sound))).toBeLessThan(1.15)
    expect(trimmed(silence(1, 48_000)).samples.length).toBe(0)
  })

  it('the tones differ from each other: the graver the longer', () => {
    const seconds = [1, 2, 3, 4].map((level) => secondsOf(tones[`siren-${level as 1 | 2 | 3 | 4}`]()))
    expect(seconds).toEqual([10, 8, 4, 4])
  })

  it('a mix says the words as often as asked, between its tones', () => {
    const speech = trimmed(burstsFor('请注意停水通知'))
    const before = toneAtLevel(tones['chime-open']())
    const once = mixed({ speech, before, after: null, repeatCount: 1 })
    const thrice = mixed({ speech, before, after: before, repeatCount: 3 })
    expect(once.seconds).toBeCloseTo(secondsOf(before) + 0.6 + secondsOf(speech), 1)
    expect(thrice.seconds).toBeCloseTo(once.seconds + 2 * (secondsOf(speech) + 2) + 0.6 + secondsOf(before), 1)
    expect(thrice.pcm.length / 2 / 44_100).toBeCloseTo(thrice.seconds, 3)
    expect(Math.abs(thrice.loudness + 16)).toBeLessThan(0.3)
  })
})
