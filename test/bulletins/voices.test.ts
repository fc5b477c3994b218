import { describe, expect, it } from 'vitest'
import { createVoices, FIRST_REST_SECONDS, type Deadlines } from '../../src/bulletins/voices.ts'
import type { Speech } from '../../src/equipment/voice.ts'
import { addSeconds } from '../../src/instant.ts'
import { START } from '../support/station.ts'
import { brokenVoice, burstVoice, hungVoice } from '../support/voice.ts'

const moment = { seconds: 0.02, secondsPerCharacter: 0 }
const brief: Deadlines = { edge: moment, sherpa: moment, espeak: { seconds: 5, secondsPerCharacter: 0 } }
const never = new AbortController().signal
const asBytes = (speech: Speech): Promise<number> => Promise.resolve(speech.audio.length)

describe('voices', () => {
  it('the best one speaks, and nobody else is asked', async () => {
    const [edge, espeak] = [burstVoice('edge'), burstVoice('espeak')]
    const voices = createVoices([edge, espeak], brief)
    const spoken = await voices.speak('停水', 'best', asBytes, START, never)
    expect(spoken).toMatchObject({ voice: 'edge', passedOver: [] })
    expect(espeak.spoken).toEqual([])
  })

  it('one that hangs is passed over by its deadline, one that fails at once; the row will say why', async () => {
    const voices = createVoices([hungVoice('edge'), brokenVoice('sherpa', 'no model'), burstVoice('espeak')], brief)
    expect(await voices.speak('停水', 'best', asBytes, START, never)).toMatchObject({
      voice: 'espeak',
      passedOver: [
        { voice: 'edge', reason: 'not finished after 0.0 s' },
        { voice: 'sherpa', reason: 'no model' },
      ],
    })
  })

  it('one that failed is asked last for a while, longer each time, and first again after that', async () => {
    let isDown = true
    const edge = { ...burstVoice('edge') }
    const speak = edge.speak
    edge.speak = (...given) => (isDown ? Promise.reject(new Error('down')) : speak(...given))
    const voices = createVoices([edge, burstVoice('espeak')], brief)
    const ask = async (seconds: number): Promise<string> => {
      const { voice, passedOver } = await voices.speak('停水', 'best', asBytes, addSeconds(START, seconds), never)
      return `${voice}${passedOver.length}`
    }
    expect(await ask(0)).toBe('espeak1')
    expect(await ask(FIRST_REST_SECONDS - 1)).toBe('espeak0')
    expect(await ask(FIRST_REST_SECONDS + 1)).toBe('espeak1')
    expect(await ask(FIRST_REST_SECONDS * 2)).toBe('espeak0')
    isDown = false
    expect(await ask(FIRST_REST_SECONDS * 3 + 2)).toBe('edge0')
    expect(await ask(FIRST_REST_SECONDS * 3 + 3)).toBe('edge0')
  })

  it('a voice at rest is still better than silence', async () => {
    const edge = { ...burstVoice('edge') }
    const speak = edge.speak
    let failures = 1
    edge.speak = (...given) => (failures-- > 0 ? Promise.reject(new Error('down')) : speak(...given))
    const voices = createVoices([edge], brief)
    await expect(voices.speak('停水', 'best', asBytes, START, never)).rejects.toThrow('edge: down')
    expect(await voices.speak('停水', 'best', asBytes, START, never)).toMatchObject({ voice: 'edge' })
  })

  it('an emergency asks the voice that is always there first; a chosen voice or dialect goes before the order', async () => {
    const all = [burstVoice('edge'), burstVoice('sherpa'), burstVoice('espeak')]
    const voices = createVoices(all, brief)
    const asked = async (choice: Parameters<typeof voices.speak>[1]): Promise<string> =>
      (await voices.speak('停水', choice, asBytes, START, never)).voice
    expect([await asked('fastest'), await asked('sherpa'), await asked('best'), await asked('shaanxi')]).toEqual([
      'espeak',
      'sherpa',
      'edge',
      'edge',
    ])
  })

  it('audio that turns out to be none is a failure of its voice', async () => {
    const voices = createVoices([burstVoice('edge'), burstVoice('espeak')], brief)
    let first = true
    const accept = (speech: Speech): Promise<number> => {
      if (!first) return asBytes(speech)
      first = false
      return Promise.reject(new Error('only silence came'))
    }
    expect(await voices.speak('停水', 'best', accept, START, never)).toMatchObject({
      voice: 'espeak',
      passedOver: [{ reason: 'only silence came' }],
    })
  })

  it('a stop is no failure: nobody else is asked and nobody is put to rest', async () => {
    const espeak = burstVoice('espeak')
    const voices = createVoices([hungVoice('edge'), espeak], {
      ...brief,
      edge: { seconds: 60, secondsPerCharacter: 0 },
    })
    const controller = new AbortController()
    const speaking = voices.speak('停水', 'best', asBytes, START, controller.signal)
    controller.abort(new Error('overtaken'))
    await expect(speaking).rejects.toThrow('overtaken')
    expect(espeak.spoken).toEqual([])
  })

  it('without any voice it says so', async () => {
    await expect(createVoices([]).speak('停水', 'best', asBytes, START, never)).rejects.toThrow('there is no voice')
  })
})
