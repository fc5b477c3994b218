import { afterAll, describe, expect, it } from 'vitest'
import { clausesOf, espeakVoice } from '../../src/equipment/voice-espeak.ts'

const voice = espeakVoice()
afterAll(() => voice.close())

const soon = (): AbortSignal => AbortSignal.timeout(20_000)

/** The sounds of a text without stress marks and joints: tone numbers as eSpeak writes them (5 falls or is level, 2 dips, ɜ rises). */
async function sounds(text: string): Promise<string> {
  return (await voice.phonemes(text, soon())).replaceAll(/[_ˈˌ\s-]/g, '')
}

/** Every character of GB 2312, level 1 and 2: what a county writes with. */
function gb2312(): string[] {
  const decoder = new TextDecoder('gb18030')
  const characters: string[] = []
  for (let high = 0xb0; high <= 0xf7; high += 1) {
    for (let low = 0xa1; low <= 0xfe; low += 1) {
      const character = decoder.decode(Uint8Array.of(high, low))
      if (/^\p{Script=Han}$/u.test(character)) characters.push(character)
    }
  }
  return characters
}

describe('the offline voice', () => {
  it.each([
    ['重庆', 'ts.honɡɜtɕhi5ŋ'],
    ['重要', 'ts.onɡ5jɑu5'],
    ['银行', 'jiɜnχɑɜŋ'],
    ['行走', 'ɕiɜŋtsou2'],
    ['长大', 'ts.ɑ2ŋtɑ5'],
    ['长度', 'ts.hɑɜŋtu5'],
    ['供给', 'konɡ5tɕi2'],
    ['会计', 'khuai5tɕi5'],
    ['开会', 'khai5χuei5'],
    ['调解', 'thjɑuɜtɕiɛ2'],
    ['调查', 'tjɑu5ts.hɑɜ'],
    ['音乐', 'ji5njyɛ5'],
    ['参加', 'tsha5ntɕiɑ5'],
    ['人参', 'ʐəɜns.ə5n'],
    ['还款', 'χuaɜnkhwa2n'],
    ['归还', 'kuei5χuaɜn'],
    ['还有', 'χaiɜjiou2'],
    ['支行', 'ts.i.5χɑɜŋ'],
    ['乡长', 'ɕiɑ5ŋts.ɑ2ŋ'],
    ['长势', 'ts.ɑ2ŋs.i.5'],
    ['散养', 'sa2njiɑ2ŋ'],
    ['英雄', 'ji5ŋɕonɡɜ'],
    ['兄弟', 'ɕonɡ5ti5'],
    ['贫穷', 'phiɜntɕhonɡɜ'],
  ])('reads %s by its word', async (word, expected) => {
    expect(await sounds(word)).toBe(expected)
  })

  it('knows every character of GB 2312: none is spelled out or read as English', async () => {
    const characters = gb2312()
    expect(characters.length).toBe(6763)
    // A full stop after each, so that none is read as part of a word.
    const readings = (await voice.phonemes(characters.join('。'), soon())).split('|')
    expect(readings.length).toBe(characters.length)
    expect(readings.filter((reading) => reading.includes('(') || reading.trim() === '')).toEqual([])
  })

  it('speaks 160 to 200 characters a minute, pauses included', async () => {
    const script =
      '各位村民请注意，明天上午八点到下午五点，东河村因线路检修停电，请大家提前做好准备。请大家互相转告，关好家用电器。'
    const { audio, mediaType } = await voice.speak(script, {}, soon())
    expect(mediaType).toBe('audio/wav')
    const seconds = (audio.length - 44) / 2 / 22_050
    const characters = script.replaceAll(/[^\p{Script=Han}]/gu, '').length
    const perMinute = (characters / seconds) * 60
    expect(perMinute).toBeGreaterThan(160)
    expect(perMinute).toBeLessThan(200)
  })

  it('a stop ends a computation at once, and the next script is spoken by a new process', async () => {
    await voice.speak('好', {}, soon())
    const before = voice.pid()
    const controller = new AbortController()
    const long = voice.speak('各位村民请注意。'.repeat(1500), {}, controller.signal)
    setImmediate(() => controller.abort(new Error('enough')))
    await expect(long).rejects.toThrow('enough')
    await expect(voice.speak('好', {}, soon())).resolves.toMatchObject({ mediaType: 'audio/wav' })
    expect(voice.pid()).not.toBe(before)
  })

  it('a process that died is replaced', async () => {
    await voice.speak('好', {}, soon())
    const pid = voice.pid()!
    const next = voice.speak('请注意。'.repeat(500), {}, soon())
    process.kill(pid, 'SIGKILL')
    await expect(next).rejects.toThrow(/process ended/)
    await expect(voice.speak('好', {}, soon())).resolves.toBeDefined()
  })

  it('parts a script at its pauses, the longest where a sentence ends', () => {
    expect(clausesOf('请注意，明天停水。好')).toEqual([
      { text: '请注意', pauseSeconds: 0.45 },
      { text: '明天停水', pauseSeconds: 0.9 },
      { text: '好', pauseSeconds: 0 },
    ])
  })
})
