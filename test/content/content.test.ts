import { beforeAll, describe, expect, it } from 'vitest'
import { moves, type Move } from '../../src/content/lifecycle.ts'
import type { Item, ItemState } from '../../src/content/item.ts'
import { replaceItem } from '../../src/content/store.ts'
import { addHousehold, draftOf, ledgerDraft, ledgerLine, publish } from '../support/content.ts'
import {
  COUNTY,
  FAR_VILLAGE,
  OTHER_VILLAGE,
  STREET,
  testStation,
  VILLAGE,
  type TestStation,
} from '../support/station.ts'

const fieldsOf = ({ body }: { body: any }): string[] => body.details.map(({ field }: { field: string }) => field)

describe('items', () => {
  let test: TestStation
  let clerk: ReturnType<TestStation['as']>
  beforeAll(async () => {
    test = await testStation()
    clerk = test.as('clerk', VILLAGE)
    await addHousehold(test, 'ours')
    await addHousehold(test, 'far', FAR_VILLAGE)
  })

  const audited = async (id: string): Promise<{ action: string; before: Item; after: Item }[]> =>
    (await test.as('admin')('GET', `/api/audit?subject=item&subjectId=${id}`)).body.entries

  const ask = (id: string, move: Move, version: number) => {
    const item = draftOf('article', { title: '又一版' })
    if (move === 'change') return clerk('PUT', `/api/items/${id}`, { version, item })
    return clerk(
      'POST',
      `/api/items/${id}/${move}`,
      move === 'correct' ? { version, reason: '更正', item } : { reason: '缘由' },
    )
  }

  it('a video without its film is kept as a draft, and not published', async () => {
    const made = await clerk('POST', '/api/items', draftOf('video', { columnId: 'decisions' }))
    expect(made.status).toBe(201)
    const { status, body } = await clerk('POST', `/api/items/${made.body.id}/publish`, {})
    expect([status, body.details]).toMatchObject([400, [{ field: 'content.videoHash', message: '没有视频，不能公开' }]])
    expect((await clerk('GET', `/api/items/${made.body.id}`)).body).toMatchObject({ state: 'draft', version: 1 })
    expect((await clerk('POST', `/api/items/${made.body.id}/archive`, {})).status).toBe(200)
  })

  it('goes from draft to published to withdrawn to archived, and every step is told', async () => {
    const made = await clerk('POST', '/api/items', draftOf('article'))
    expect(made).toMatchObject({ status: 201, body: { state: 'draft', version: 1, publishedAt: null } })
    const path = `/api/items/${made.body.id}`
    const changed = await clerk('PUT', path, { version: 1, item: draftOf('article', { title: '改过的标题' }) })
    expect(changed.body).toMatchObject({ state: 'draft', version: 2, title: '改过的标题' })
    test.clock.push(60)
    const published = await clerk('POST', `${path}/publish`, { version: 2 })
    expect(published.body).toMatchObject({ state: 'published', version: 3, publishedAt: test.clock.now() })
    const withdrawn = await clerk('POST', `${path}/withdraw`, { reason: '内容有误' })
    expect(withdrawn.body).toMatchObject({ state: 'withdrawn', version: 4 })
    expect((await clerk('POST', `${path}/archive`, {})).body).toMatchObject({ state: 'archived', version: 5 })

    const { versions } = (await clerk('GET', `${path}/versions`)).body
    expect(versions.map(({ version }: { version: number }) => version)).toEqual([5, 4, 3, 2, 1])
    expect(versions[1]).toMatchObject({ reason: '内容有误', item: { state: 'withdrawn', content: made.body.content } })
    const trail = await audited(made.body.id)
    expect(trail.map(({ action }) => action)).toEqual([
      'item.archived',
      'item.withdrawn',
      'item.published',
      'item.changed',
      'item.created',
    ])
    expect(trail[1]).toMatchObject({
      before: { state: 'published' },
      after: { state: 'withdrawn', reason: '内容有误' },
    })
  })

  it('allows no other step, and a refused one changes nothing', async () => {
    const reach: Record<ItemState, Move[]> = {
      draft: [],
      published: ['publish'],
      withdrawn: ['publish', 'withdraw'],
      archived: ['publish', 'withdraw', 'archive'],
    }
    for (const [state, way] of Object.entries(reach) as [ItemState, Move[]][]) {
      for (const move of Object.keys(moves) as Move[]) {
        const { id } = (await clerk('POST', '/api/items', draftOf('article'))).body
        for (const step of way) await ask(id, step, 0)
        const before = (await clerk('GET', `/api/items/${id}`)).body
        expect(before.state).toBe(state)
        const { status } = await ask(id, move, before.version)
        const after = (await clerk('GET', `/api/items/${id}`)).body
        const isAllowed = (moves[move].from as readonly ItemState[]).includes(state)
        expect([state, move, status]).toEqual([state, move, isAllowed ? 200 : 409])
        if (isAllowed) expect(after).toMatchObject({ state: moves[move].to, version: before.version + 1 })
        else expect(after).toEqual(before)
      }
    }
  })

  it('a correction keeps its place while published, and is news when it comes back', async () => {
    const item = await publish(test, draftOf('article', { title: '原文' }))
    const correct = (version: number) =>
      clerk('POST', `/api/items/${item.id}/correct`, {
        version,
        reason: '数字有误',
        item: draftOf('article', { title: '更正后' }),
      })
    test.clock.push(60)
    expect((await correct(item.version)).body).toMatchObject({ title: '更正后', publishedAt: item.publishedAt })
    await clerk('POST', `/api/items/${item.id}/withdraw`, { reason: '再核对' })
    test.clock.push(60)
    expect((await correct(item.version + 2)).body).toMatchObject({ state: 'published', publishedAt: test.clock.now() })
    const nameless = { version: item.version + 3, reason: ' ', item: draftOf('article') }
    expect(fieldsOf(await clerk('POST', `/api/items/${item.id}/correct`, nameless))).toEqual(['reason'])
    const elsewhere = { version: item.version + 3, reason: '换栏目', item: draftOf('article', { columnId: 'party' }) }
    expect(fieldsOf(await clerk('POST', `/api/items/${item.id}/correct`, elsewhere))).toEqual(['columnId'])
  })

  it('two who write at once: the second is told, and loses nothing', async () => {
    const { id } = (await clerk('POST', '/api/items', draftOf('article'))).body
    const write = (title: string) =>
      clerk('PUT', `/api/items/${id}`, { version: 1, item: draftOf('article', { title }) })
    const answers = await Promise.all([write('甲'), write('乙')])
    expect(answers.map(({ status }) => status).sort((one, other) => one - other)).toEqual([200, 409])
    const kept = answers.find(({ status }) => status === 200)!.body.title
    const now = (await clerk('GET', `/api/items/${id}`)).body
    expect(now).toMatchObject({ version: 2, title: kept })
    // The database itself has the last word, where two transactions run at once.
    const by = { author: { personId: null, personName: '平台' }, reason: '', at: test.clock.now() }
    expect(await replaceItem(test.station.db, { ...now, version: 2 }, by)).toBe(false)
  })

  it('lies in a column of its area’s level, and of its kind', async () => {
    const county = test.as('clerk', COUNTY)
    const cases: [Parameters<typeof draftOf>[0], Parameters<typeof draftOf>[1], string[]][] = [
      ['article', { columnId: 'headlines' }, ['areaCode']],
      ['article', { columnId: 'street-news' }, ['areaCode']],
      ['article', { areaCode: COUNTY }, ['areaCode']],
      ['article', { areaCode: '370799001999' }, ['areaCode']],
      ['guide', {}, ['kind']],
      ['article', { columnId: 'nothing' }, ['columnId']],
      ['notice', { columnId: 'my-messages' }, ['householdId']],
      ['notice', { columnId: 'my-messages', householdId: 'far' }, ['householdId']],
      ['notice', { columnId: 'my-messages', householdId: 'nobody' }, ['householdId']],
      ['article', { householdId: 'ours' }, ['householdId']],
      ['ledger', { columnId: 'finance' }, ['period']],
      ['article', { title: ' ' }, ['title']],
      ['article', { title: '长'.repeat(81), summary: '长'.repeat(301) }, ['title', 'summary']],
      ['article', { title: '坏\u0007字' }, ['title']],
      ['article', { period: '2026-Q7' }, ['period']],
      ['article', { validFrom: '2026-11-23T00:00:00Z', validTo: '2026-11-23T00:00:00Z' }, ['validTo']],
      ['article', { content: { paragraphs: [], pictures: [] } }, ['content.paragraphs']],
      ['article', { content: { paragraphs: ['字'], pictures: ['0'.repeat(64)] } }, ['content.pictures']],
    ]
    const count = async (): Promise<number> => (await county('GET', '/api/items?limit=200')).body.items.length
    const before = await count()
    for (const [kind, change, fields] of cases) {
      const refused = await county('POST', '/api/items', draftOf(kind, change))
      expect([kind, change, refused.status, fieldsOf(refused)]).toEqual([kind, change, 400, fields])
    }
    expect(await count()).toBe(before)
  })

  it('a ledger that does not add up is refused with the line or the sum', async () => {
    const wrongSum = ledgerDraft({ content: { openingCents: 0, lines: [ledgerLine()], closingCents: 0 } })
    const refused = await clerk('POST', '/api/items', wrongSum)
    expect(fieldsOf(refused)).toEqual(['content.closingCents'])
    expect(refused.body.details[0].message).toContain('相差 1.00 元')
    const wrongLine = { openingCents: 0, lines: [ledgerLine(), ledgerLine({ date: '2026-11-01' })], closingCents: -200 }
    expect(fieldsOf(await clerk('POST', '/api/items', ledgerDraft({ content: wrongLine })))).toEqual([
      'content.lines.1.date',
    ])
    const made = await clerk('POST', '/api/items', ledgerDraft())
    expect(made.body.content.lines[0]).toMatchObject({ line: 1, amountCents: 30_050 })
  })

  it('what is no JSON, of another shape, or too large is refused, and changes nothing', async () => {
    const token = await test.token('clerk', VILLAGE)
    const draft = draftOf('article')
    const bodies: [unknown, number, string?][] = [
      ['{"kind":', 400],
      ['[]', 400],
      ['null', 400],
      [{ ...draft, kind: 'poem' }, 400, 'kind'],
      [{ ...draft, areaCode: '3707' }, 400, 'areaCode'],
      [{ ...draft, areaCode: '000000000000' }, 400, 'areaCode'],
      [{ ...draft, validFrom: '2026-02-30T00:00:00Z' }, 400, 'validFrom'],
      [{ ...draft, validFrom: '明天' }, 400, 'validFrom'],
      [{ ...draft, content: { paragraphs: 'text', pictures: [] } }, 400, 'content.paragraphs'],
      [{ ...draft, content: { paragraphs: ['字'], pictures: ['../../etc/passwd'] } }, 400, 'content.pictures.0'],
      [{ ...draft, summary: '长'.repeat(400_000) }, 413],
    ]
    for (const [body, status, field] of bodies) {
      const refused = await test.call('POST', '/api/items', { token, body })
      expect(refused.status).toBe(status)
      if (field) expect(fieldsOf(refused)).toContain(field)
    }
    const plain = await test.call('POST', '/api/items', { token, body: 'x', headers: { 'content-type': 'text/plain' } })
    expect(plain.status).toBe(415)
    expect((await clerk('GET', '/api/items/nothing')).status).toBe(404)
    expect((await clerk('POST', '/api/items/nothing/publish', {})).status).toBe(404)
  })

  it('is found by words, column, state and area, newest first and in pages', async () => {
    const odd = draftOf('article', { title: '百分之100%_的\\消息', columnId: 'notices', areaCode: OTHER_VILLAGE })
    const item = await publish(test, odd)
    const street = test.as('supervisor', STREET)
    const search = async (query: string): Promise<string[]> =>
      (await street('GET', `/api/items?${query}`)).body.items.map(({ id }: Item) => id)
    expect(await search(`text=${encodeURIComponent('100%_的\\')}`)).toEqual([item.id])
    expect(await search(`text=${encodeURIComponent('1__%')}`)).toEqual([])
    expect(await search(`area=${OTHER_VILLAGE}&column=notices&state=published`)).toEqual([item.id])
    expect(await search(`area=${OTHER_VILLAGE}&state=draft`)).toEqual([])
    const all = await search('limit=200')
    expect(all).toEqual(all.toSorted().toReversed())
    expect([...(await search('limit=2')), ...(await search(`limit=2&after=${all[1]}`))]).toEqual(all.slice(0, 4))
    expect((await street('GET', `/api/items?area=${FAR_VILLAGE}`)).status).toBe(403)
    expect((await street('GET', '/api/items?limit=201')).status).toBe(400)
  })

  it('a household’s items are there only for those who may see households', async () => {
    const item = await publish(test, draftOf('notice', { columnId: 'my-messages', householdId: 'ours', title: '私信' }))
    for (const role of ['operator', 'official'] as const) {
      const other = test.as(role, VILLAGE)
      expect((await other('GET', `/api/items/${item.id}`)).status).toBe(404)
      expect((await other('GET', `/api/items/${item.id}/versions`)).status).toBe(404)
      expect((await other('GET', `/api/items?text=${encodeURIComponent('私信')}`)).body.items).toEqual([])
    }
    expect((await test.as('supervisor', VILLAGE)('GET', `/api/items/${item.id}`)).body.title).toBe('私信')
  })

  it('a pin puts an item first until it is loosened', async () => {
    const item = await publish(test, draftOf('article', { title: '要紧', columnId: 'decisions' }))
    test.clock.push(60)
    await publish(test, draftOf('article', { title: '新的', columnId: 'decisions' }))
    const first = async (): Promise<string> => {
      const { body } = await test.call('GET', `/feeds/${VILLAGE}`)
      return body.sections[2].columns.find(({ id }: { id: string }) => id === 'decisions').items[0].title
    }
    expect(await first()).toBe('新的')
    expect((await clerk('POST', `/api/items/${item.id}/pin`, { isPinned: true })).body.pinnedAt).toBe(test.clock.now())
    expect(await first()).toBe('要紧')
    await clerk('POST', `/api/items/${item.id}/pin`, { isPinned: false })
    expect(await first()).toBe('新的')
    await clerk('POST', `/api/items/${item.id}/withdraw`, { reason: '过时' })
    expect((await clerk('POST', `/api/items/${item.id}/pin`, { isPinned: true })).status).toBe(409)
  })
})

describe('what is owed', () => {
  let test: TestStation
  beforeAll(async () => {
    test = await testStation()
  })

  const statesOf = async (query: string): Promise<Record<string, string>> => {
    const { body } = await test.as('supervisor')('GET', `/api/disclosure?${query}`)
    return Object.fromEntries(
      body.duties
        .filter(({ columnId }: { columnId: string }) => columnId === 'finance')
        .map((duty: { areaCode: string; state: string }) => [duty.areaCode, duty.state]),
    )
  }

  it('says of every village whether it disclosed in time, late, or not at all', async () => {
    // It is 22 November in Shanghai: October’s finances fell due on the 15th, November’s are not due yet.
    await publish(test, ledgerDraft())
    expect(await statesOf('')).toEqual({ [VILLAGE]: 'late', [OTHER_VILLAGE]: 'missing', [FAR_VILLAGE]: 'missing' })
    const november = { period: '2026-11', content: { openingCents: 0, lines: [], closingCents: 0 } }
    const early = await publish(test, ledgerDraft({ areaCode: OTHER_VILLAGE, title: '十一月财务', ...november }))
    expect(await statesOf('period=2026-11')).toEqual({
      [VILLAGE]: 'pending',
      [OTHER_VILLAGE]: 'in-time',
      [FAR_VILLAGE]: 'pending',
    })
    await test.as('clerk')('POST', `/api/items/${early.id}/withdraw`, { reason: '有误' })
    expect(await statesOf('period=2026-11&state=in-time')).toEqual({})
    // The 15th of December, to its last second; then the day after.
    test.clock.push(23 * 86_400 + 16 * 3600 + 3599)
    expect(await statesOf('period=2026-11')).toMatchObject({ [OTHER_VILLAGE]: 'pending' })
    await publish(test, ledgerDraft({ title: '十一月财务', ...november }))
    test.clock.push(3600)
    expect(await statesOf('period=2026-11')).toMatchObject({ [VILLAGE]: 'in-time' })
    expect(await statesOf('period=2026-11')).toMatchObject({ [OTHER_VILLAGE]: 'missing' })
    expect(await statesOf(`period=2026-11&area=${FAR_VILLAGE}`)).toEqual({ [FAR_VILLAGE]: 'missing' })
  })

  it('asks each column for periods of its own length', async () => {
    const columns = async (query: string): Promise<string[]> => {
      const { body } = await test.as('supervisor')('GET', `/api/disclosure?${query}`)
      return [...new Set<string>(body.duties.map(({ columnId }: { columnId: string }) => columnId))]
    }
    expect(await columns('period=2026')).toEqual(['small-powers'])
    expect(await columns('period=2026-09')).toEqual(['finance'])
    expect(await columns('period=2026-Q3')).toContain('subsidies')
    const { status, body } = await test.as('supervisor')('GET', '/api/disclosure?period=2026-14')
    expect([status, body.details[0].field]).toEqual([400, 'period'])
  })

  it('counts all of it, whichever part is shown', async () => {
    const { counts, duties } = (await test.as('supervisor')('GET', '/api/disclosure?period=2026-10&state=late')).body
    expect(counts).toEqual({ 'in-time': 0, late: 1, missing: 2, pending: 0 })
    expect(duties).toMatchObject([{ areaCode: VILLAGE, dueDate: '2026-11-15', columnId: 'finance' }])
  })
})
