import { describe, expect, it } from 'vitest'
import { createTemplates } from '../../src/equipment/templates.ts'
import { addSeconds } from '../../src/instant.ts'
import { COMING_LIMIT, createListening, type Coming, type Playing } from '../../src/television/listening.ts'
import { TEMPLATES, TEST_AREAS } from '../support/portal.ts'
import { START, VILLAGE } from '../support/station.ts'

const playing: Playing = {
  airingId: 'n1',
  title: '早间新闻',
  class: 'daily',
  hash: 'a'.repeat(64),
  seconds: 60,
  positionSeconds: 12.5,
}

const coming = (id: string, seconds: number): Coming => ({
  airingId: id,
  title: id,
  class: 'daily',
  dueAt: addSeconds(START, seconds),
  seconds: 30,
})

function listeningTo(now: Playing | null, next: Coming[], name = '柳树庄村') {
  return createListening({
    directory: TEMPLATES,
    zone: 'Asia/Shanghai',
    template: createTemplates({ directory: TEMPLATES, escape: 'html' }).file,
    areas: {
      find: async (code) => TEST_AREAS.map((area) => ({ ...area, name })).find((area) => area.code === code),
      chain: async () => [],
    },
    nowPlaying: async () => now,
    comingUp: async () => next,
  })
}

describe('listening', () => {
  it('says what plays and how far into it', async () => {
    expect((await listeningTo(playing, []).now(VILLAGE, START)).now).toEqual(playing)
  })

  it('says what comes within a day in civil time, tomorrow marked as tomorrow', async () => {
    const next = [coming('past', -60), coming('noon', 5 * 3600), coming('dawn', 23 * 3600), coming('later', 25 * 3600)]
    const { next: shown } = await listeningTo(null, next).now(VILLAGE, START)
    expect(shown.map(({ airingId, timeText }) => [airingId, timeText])).toEqual([
      ['noon', '12:00'],
      ['dawn', '明天 06:00'],
    ])
  })

  it('lists no more than fits a phone', async () => {
    const many = Array.from({ length: 50 }, (_, index) => coming(`c${index}`, 60 + index))
    expect((await listeningTo(null, many).now(VILLAGE, START)).next).toHaveLength(COMING_LIMIT)
  })

  it('a hostile name is shown as it is typed', async () => {
    const html = await listeningTo(null, [], '<script>alert(1)</script>').page(VILLAGE)
    expect(html.match(/<script/g)).toHaveLength(1)
    expect(html).toContain('&lt;script&gt;')
  })
})
