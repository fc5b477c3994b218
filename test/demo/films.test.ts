import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { addFilms, filmScripts, hasFilms, makeFilms } from '../../src/demo/films.ts'
import { ffmpegEncoder } from '../../src/equipment/encoder.ts'
import { fileStore } from '../../src/equipment/store.ts'
import { COUNTY, testStation, VILLAGE } from '../support/station.ts'
import { brokenVoice, burstVoice } from '../support/voice.ts'

const draw = async () => {
  const blank = sharp({ create: { width: 1280, height: 720, channels: 3, background: '#0d3d44' } })
  return { jpeg: await blank.jpeg().toBuffer(), width: 1280, height: 720 }
}

describe('the demo county’s films', () => {
  it('are made, published in their columns, and play on television', async () => {
    const test = await testStation()
    const { db } = test.station
    const store = fileStore(`${test.directory}/store`)
    const parts = { encoder: ffmpegEncoder(), voice: burstVoice(), draw, store, directory: test.directory }
    expect(await hasFilms(db)).toBe(false)
    const films = await makeFilms(parts)
    await addFilms(db, films, 'Asia/Shanghai', test.clock.now())
    expect(await hasFilms(db)).toBe(true)

    const feed = (await test.call('GET', `/feeds/${VILLAGE}`)).body
    const county = feed.sections.find(({ id }: { id: string }) => id === 'county')
    for (const { columnId, title } of filmScripts) {
      const { items } = county.columns.find(({ id }: { id: string }) => id === columnId)
      const item = items.find((each: { title: string }) => each.title === title)
      expect(item.areaCode ?? COUNTY).toBe(COUNTY)
      const page = await (await test.call('GET', `/tv/item?area=${VILLAGE}&item=${item.id}`)).response.text()
      const video =
        /<video id="video"[^>]* src="\.\.(\/videos\/[0-9a-f]{64}\.mp4)" poster="\.\.(\/pictures\/[^"]+)"/.exec(page)!
      const { seconds } = films.find(({ script }) => script.title === title)!
      expect(seconds).toBeGreaterThan(8)
      expect((await test.call('GET', video[1]!, { headers: { range: 'bytes=4-7' } })).status).toBe(206)
      expect((await test.call('GET', video[2]!)).response.headers.get('content-type')).toBe('image/jpeg')
    }
  })

  it('without a voice there are none, and nothing is left behind', async () => {
    const test = await testStation()
    const store = fileStore(`${test.directory}/store`)
    const voice = brokenVoice('espeak', 'no voice here')
    const parts = { encoder: ffmpegEncoder(), voice, draw, store, directory: test.directory }
    await expect(makeFilms(parts)).rejects.toThrow('no voice here')
    expect(await hasFilms(test.station.db)).toBe(false)
  })
})
