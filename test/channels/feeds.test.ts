import { gunzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { addItems, itemsOnShelf } from '../../src/content/store.ts'
import { createChannels } from '../../src/channels/channels.ts'
import { compose } from '../../src/channels/compose.ts'
import type { Item } from '../../src/content/item.ts'
import { addSeconds } from '../../src/instant.ts'
import { addHousehold, draftOf, itemWith, ledgerDraft, photo, publish } from '../support/content.ts'
import {
  COUNTY,
  FAR_VILLAGE,
  OTHER_VILLAGE,
  START,
  STREET,
  testStation,
  VILLAGE,
  type TestStation,
} from '../support/station.ts'

const titlesIn = (body: { sections: { columns: { items: { title: string }[] }[] }[] }): string[] =>
  body.sections.flatMap(({ columns }) => columns.flatMap(({ items }) => items.map(({ title }) => title)))

const box = (householdId: string | null) => ({
  line: 1,
  kind: 'box' as const,
  name: '机顶盒',
  areaCode: VILLAGE,
  ...(householdId === null ? {} : { householdId }),
})

describe('feeds', () => {
  let test: TestStation
  let boxes: { ours: string; theirs: string; homeless: string }
  const feed = (code: string, headers: Record<string, string> = {}) => test.call('GET', `/feeds/${code}`, { headers })

  const ids = async (code: string): Promise<string[]> =>
    (await feed(code)).body.sections.map(({ id }: { id: string }) => id)

  beforeAll(async () => {
    test = await testStation()
    await addHousehold(test, 'ours')
    await addHousehold(test, 'theirs')
    const terminals = [box('ours'), box('theirs'), box(null)]
    const made = await test.station.terminals.import('station', { terminals, faults: [] }, test.clock.now())
    const [ours, theirs, homeless] = made.credentials.map(({ token }) => token)
    boxes = { ours: ours!, theirs: theirs!, homeless: homeless! }
  })

  it('anyone may read the columns, and the public sections as far as an area’s level has them', async () => {
    const { body } = await test.call('GET', '/api/channels')
    expect(body.sections.flatMap((section: { columns: unknown[] }) => section.columns)).toHaveLength(25)
    expect(await ids(VILLAGE)).toEqual(['county', 'street', 'community'])
    expect(await ids(STREET)).toEqual(['county', 'street'])
    expect(await ids(COUNTY)).toEqual(['county'])
  })

  it('a changed item shows at the next request in every feed it belongs to, and in no other', async () => {
    const codes = [COUNTY, STREET, VILLAGE, OTHER_VILLAGE, FAR_VILLAGE]
    const tags = async (): Promise<(string | null)[]> =>
      Promise.all(codes.map(async (code) => (await feed(code)).response.headers.get('etag')))
    const changes = async (change: () => Promise<unknown>): Promise<string[]> => {
      const before = await tags()
      await change()
      const after = await tags()
      return codes.filter((_, index) => before[index] !== after[index])
    }
    const draft = draftOf('notice', { columnId: 'headlines', areaCode: COUNTY, title: '全区停水' })
    const item: { now?: Item } = {}
    expect(await changes(async () => (item.now = await publish(test, draft)))).toEqual(codes)
    const inStreet = draftOf('notice', { columnId: 'street-news', areaCode: STREET, title: '街道通知' })
    expect(await changes(() => publish(test, inStreet))).toEqual([STREET, VILLAGE, OTHER_VILLAGE])
    expect(await changes(() => publish(test, draftOf('article', { title: '本村低保' })))).toEqual([VILLAGE])
    expect(await changes(() => test.as('clerk')('POST', '/api/items', draft))).toEqual([])

    const clerk = test.as('clerk')
    const correction = { version: item.now!.version, reason: '时间有误', item: { ...draft, title: '全区停水（更正）' } }
    expect(await changes(() => clerk('POST', `/api/items/${item.now!.id}/correct`, correction))).toEqual(codes)
    expect(titlesIn((await feed(FAR_VILLAGE)).body)).toContain('全区停水（更正）')
    const withdrawal = { reason: '已恢复供水' }
    expect(await changes(() => clerk('POST', `/api/items/${item.now!.id}/withdraw`, withdrawal))).toEqual(codes)
    expect(titlesIn((await feed(VILLAGE)).body)).not.toContain('全区停水（更正）')
  })

  it('an unchanged feed answers 304, packed or plain, and a changed one does not', async () => {
    const first = await feed(VILLAGE)
    const etag = first.response.headers.get('etag')!
    expect(first.response.headers.get('cache-control')).toBe('public, max-age=5')
    const same = await feed(VILLAGE, { 'if-none-match': etag })
    expect([same.status, await same.response.text()]).toEqual([304, ''])
    expect((await feed(VILLAGE, { 'if-none-match': `"x", ${etag}`, 'accept-encoding': 'gzip' })).status).toBe(304)
    expect((await feed(VILLAGE, { 'if-none-match': '"x"' })).status).toBe(200)

    const packed = await test.station.fetch(
      new Request(`http://station.test/feeds/${VILLAGE}`, { headers: { 'accept-encoding': 'br, gzip' } }),
    )
    expect(packed.headers.get('content-encoding')).toBe('gzip')
    expect(packed.headers.get('vary')).toContain('accept-encoding')
    expect(JSON.parse(gunzipSync(await packed.bytes()).toString())).toEqual(first.body)
  })

  it('a window opens and closes by itself, to the second, and no cache is told to keep past it', async () => {
    const now = test.clock.now()
    const [validFrom, validTo] = [addSeconds(now, 3), addSeconds(now, 10)]
    await publish(test, draftOf('notice', { columnId: 'notices', title: '限时通知', validFrom, validTo }))
    const isShown = async (): Promise<boolean> => titlesIn((await feed(VILLAGE)).body).includes('限时通知')
    expect(await isShown()).toBe(false)
    expect((await feed(VILLAGE)).response.headers.get('cache-control')).toBe('public, max-age=3')
    test.clock.push(2.999)
    expect(await isShown()).toBe(false)
    test.clock.push(0.001)
    expect(await isShown()).toBe(true)
    test.clock.push(6.999)
    expect(await isShown()).toBe(true)
    test.clock.push(0.001)
    expect(await isShown()).toBe(false)
  })

  it('a household’s own section reaches its own boxes and no one else', async () => {
    const draft = draftOf('notice', { columnId: 'my-messages', householdId: 'ours', title: '您家的补贴到账' })
    const before = (await feed(VILLAGE)).response.headers.get('etag')
    await publish(test, draft)
    expect((await feed(VILLAGE)).response.headers.get('etag')).toBe(before)
    const ours = await test.call('GET', '/feeds/household', { token: boxes.ours })
    expect(ours.status).toBe(200)
    expect(ours.response.headers.get('cache-control')).toBe('private, no-store')
    expect(ours.body.sections.map(({ id }: { id: string }) => id)).toEqual([
      'county',
      'street',
      'community',
      'household',
    ])
    expect(titlesIn(ours.body)).toEqual(expect.arrayContaining(['您家的补贴到账', '本村低保']))
    await publish(test, { ...draft, title: '又到一笔' })
    expect(titlesIn((await test.call('GET', '/feeds/household', { token: boxes.ours })).body)).toContain('又到一笔')
    const theirs = await test.call('GET', '/feeds/household', { token: boxes.theirs })
    expect(JSON.stringify(theirs.body)).not.toContain('您家的补贴到账')
    expect((await test.call('GET', '/feeds/household', { token: boxes.homeless })).status).toBe(403)
    expect((await test.call('GET', '/feeds/household')).status).toBe(401)
    expect((await test.as('admin')('GET', '/feeds/household')).status).toBe(403)
  })

  it('pictures travel as addresses below the station’s own', async () => {
    const picture = await test.station.pictures.add('station', VILLAGE, await photo(64, 48), test.clock.now())
    const draft = ledgerDraft()
    if (draft.kind !== 'ledger') throw new Error('a ledger')
    draft.content = {
      ...draft.content,
      lines: draft.content.lines.map((line) => ({ ...line, vouchers: [picture.hash] })),
    }
    await publish(test, draft)
    const { body } = await feed(VILLAGE)
    const ledger = body.sections[2].columns.find(({ id }: { id: string }) => id === 'finance').items[0]
    expect(ledger.content.lines[0].vouchers).toEqual([`/pictures/${picture.hash}`])
    const answer = await test.call('GET', `${ledger.content.lines[0].vouchers[0]}/thumb`)
    expect(answer.response.headers.get('content-type')).toBe('image/jpeg')
  })

  it('a renamed area is renamed in its feed at once', async () => {
    const area = await test.station.areas.area(FAR_VILLAGE)
    await feed(FAR_VILLAGE)
    await test.station.areas.import('station', { areas: [{ ...area, name: '石桥新村' }], faults: [] }, test.clock.now())
    expect((await feed(FAR_VILLAGE)).body.areaName).toBe('石桥新村')
  })

  it('unknown areas and bad codes are refused by name', async () => {
    expect((await feed('370799009999')).status).toBe(404)
    for (const code of ['37079900120', 'household2', '37079900120x', '%00', '370799001200000']) {
      expect([code, (await feed(code)).status]).toEqual([code, 400])
    }
  })

  it('stations that share a database show the same at once', async () => {
    const { sections, columns } = test.station.channels
    const other = createChannels({ reader: test.station.db, sections, columns })
    const now = test.clock.now()
    expect(await other.feed(OTHER_VILLAGE, now)).toEqual(await test.station.channels.feed(OTHER_VILLAGE, now))
    await publish(test, draftOf('article', { areaCode: OTHER_VILLAGE, title: '东河村新事' }))
    const [mine, theirs] = [await test.station.channels.feed(OTHER_VILLAGE, now), await other.feed(OTHER_VILLAGE, now)]
    expect(titlesIn(theirs)).toContain('东河村新事')
    expect(theirs).toEqual(mine)
  })

  it('what the database picks of a full column is what composing everything would', async () => {
    const { sections } = test.station.channels
    const at = test.clock.now()
    const items = Array.from({ length: 300 }, (_, index) => {
      const columnId = index % 2 ? 'finance' : 'party'
      const month = 1 + (index % 12)
      return itemWith({
        id: `full${String(index).padStart(3, '0')}`,
        columnId,
        areaCode: FAR_VILLAGE,
        period: index % 3 ? `2025-${String(month).padStart(2, '0')}` : index % 5 ? `2025-Q${1 + (index % 4)}` : '',
        pinnedAt: index % 29 ? null : at,
        publishedAt: addSeconds(at, -(index * 7919) % 1000),
        validFrom: index % 11 ? null : addSeconds(at, (index % 3) * 100 - 100),
        validTo: index % 13 ? null : addSeconds(at, (index % 5) * 100 - 100),
        state: index % 17 ? 'published' : 'withdrawn',
      })
    })
    const by = { author: { personId: null, personName: '平台' }, reason: '', at }
    await test.station.db.transaction().execute((db) => addItems(db, items, by))
    const chain = await test.station.areas.chain(FAR_VILLAGE)
    const only = (all: Awaited<ReturnType<typeof test.station.channels.feed>>) =>
      all.sections.find(({ id }) => id === 'community')!.columns.map((column) => column.items.map(({ id }) => id))
    for (const later of [0, 99.999, 100, 250, 1000]) {
      const now = addSeconds(at, later)
      expect(only(await test.station.channels.feed(FAR_VILLAGE, now))).toEqual(
        only(compose(sections, items, chain, null, now)),
      )
    }
    const shelf = { shelf: { areaCode: FAR_VILLAGE }, columnIds: ['party'], byPeriodIds: [], limit: 5 }
    expect(await itemsOnShelf(test.station.db, shelf, START)).toHaveLength(5)
  })
})
