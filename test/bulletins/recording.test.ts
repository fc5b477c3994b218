import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loudnessOf, truePeakOf } from '../../src/bulletins/loudness.ts'
import {
  createStudio,
  framingOf,
  urgencyOf,
  type RecordingOptions,
  type Studio,
} from '../../src/bulletins/recording.ts'
import { scriptOf } from '../../src/bulletins/script.ts'
import { fromPcm16, mp3Seconds, type Sound } from '../../src/bulletins/sound.ts'
import { loadSounds, type Sounds } from '../../src/bulletins/sounds.ts'
import { createVoices } from '../../src/bulletins/voices.ts'
import { ffmpegEncoder, pcmJob } from '../../src/equipment/encoder.ts'
import { espeakVoice } from '../../src/equipment/voice-espeak.ts'
import { wavOf, type Voice } from '../../src/equipment/voice.ts'
import { START } from '../support/station.ts'
import { burstVoice, lightEncoder } from '../support/voice.ts'

const encoder = ffmpegEncoder()
const never = new AbortController().signal
const notice: RecordingOptions = { class: 'notice', severity: null, voice: 'best', repeatCount: 2 }

async function decoded(file: Uint8Array): Promise<Sound> {
  return { samples: fromPcm16(await encoder.run(pcmJob(file, 44_100))), sampleRate: 44_100 }
}

/** A network voice whose audio is always this. */
function sending(audio: Uint8Array): Voice {
  return { ...burstVoice('edge'), speak: () => Promise.resolve({ audio, mediaType: 'audio/wav' }) }
}

describe('recordings, by the offline voice and the real encoder', () => {
  let sounds: Sounds
  let studio: Studio
  const espeak = espeakVoice()
  beforeAll(async () => {
    sounds = await loadSounds()
    studio = createStudio({ voices: createVoices([espeak]), encoder, sounds })
  })
  afterAll(async () => {
    await studio.close()
    await espeak.close()
  })

  const text = '各位村民请注意，定于2026年11月23日8:00-17:00停电，服务热线：95598。'
  it.each([
    ['a notice, twice', notice, text],
    ['an emergency of level 1', { ...notice, class: 'emergency', severity: 1, repeatCount: 1 }, text],
    ['three words', { ...notice, class: 'daily', repeatCount: 1 }, '停水了'],
  ] as const)('%s: -16 LUFS, no true peak above -1.5 dBTP, 64 kbit/s', async (_, options, words) => {
    const made = await studio.record(scriptOf(words), options, START, never)
    const sound = await decoded(made.file)
    expect(Math.abs(loudnessOf(sound) + 16)).toBeLessThan(0.7)
    expect(truePeakOf(sound)).toBeLessThan(-1.5)
    expect(Math.abs(made.loudness - loudnessOf(sound))).toBeLessThan(0.3)
    expect(made).toMatchObject({ voice: 'espeak', reason: null })
    expect(Math.abs(mp3Seconds(made.file) - made.seconds)).toBeLessThan(0.1)
    expect((made.file.length * 8) / mp3Seconds(made.file) / 1000).toBeCloseTo(64, 0)
  })
})

describe('the studio', () => {
  let sounds: Sounds
  beforeAll(async () => {
    sounds = await loadSounds()
  })

  it('the key of a recording changes with everything that shapes its sound, and with nothing else', () => {
    const { keyOf } = createStudio({ voices: createVoices([]), encoder, sounds })
    const other: Sounds = { ...sounds, 'chime-open': { ...sounds['chime-open'], file: new Uint8Array([1]) } }
    const { keyOf: elsewhere } = createStudio({ voices: createVoices([]), encoder, sounds: other })
    const key = keyOf('停水。', notice)
    expect(keyOf('停水。', { ...notice, severity: 3 })).toBe(key)
    const different = [
      keyOf('停电。', notice),
      keyOf('停水。', { ...notice, voice: 'fastest' }),
      keyOf('停水。', { ...notice, repeatCount: 1 }),
      keyOf('停水。', { ...notice, class: 'emergency', severity: 1 }),
      keyOf('停水。', { ...notice, class: 'emergency', severity: 2 }),
      elsewhere('停水。', notice),
    ]
    expect(new Set([key, ...different]).size).toBe(different.length + 1)
  })

  it('an alert has the tone of its severity, a drill its own, a bulletin its chimes', () => {
    expect(framingOf({ ...notice, class: 'emergency', severity: 2 })).toEqual({ before: 'siren-2', after: null })
    expect(framingOf({ ...notice, class: 'drill', severity: 2 }).before).toBe('drill')
    expect(framingOf(notice)).toEqual({ before: 'chime-open', after: 'chime-close' })
    expect((['emergency', 'drill', 'notice', 'daily'] as const).map(urgencyOf)).toEqual([0, 1, 1, 2])
  })

  it('a voice that sends silence, or stops in the middle, or no audio at all, is passed over', async () => {
    const script = scriptOf('各位村民请注意，明天停水，请提前储水，互相转告。')
    for (const [audio, reason] of [
      [wavOf(new Uint8Array(200_000), 22_050), 'only silence came'],
      [wavOf(new Uint8Array(4000).fill(40), 22_050), 'it stopped in the middle'],
      [new Uint8Array(100), 'not a WAV file'],
    ] as const) {
      const voices = createVoices([sending(audio), burstVoice('espeak')])
      const studio = createStudio({ voices, encoder: lightEncoder(), sounds })
      const made = await studio.record(script, notice, START, never)
      expect(made).toMatchObject({ voice: 'espeak', reason: `edge: ${reason}` })
      await studio.close()
    }
  })

  it('a stop ends the mixing too', async () => {
    const controller = new AbortController()
    const encoder = lightEncoder()
    const stopping = {
      ...encoder,
      run: (...given: Parameters<typeof encoder.run>) => {
        controller.abort(new Error('the station closes'))
        return encoder.run(...given)
      },
    }
    const studio = createStudio({ voices: createVoices([burstVoice()]), encoder: stopping, sounds })
    await expect(studio.record('停水。', notice, START, controller.signal)).rejects.toThrow('the station closes')
    await studio.close()
  })
})
