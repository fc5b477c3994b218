import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { levelOf } from '../../src/areas/division.ts'
import { addSeconds } from '../../src/instant.ts'
import type { PageName } from '../../src/television/address.ts'
import { sealOf } from '../../src/television/shelves.ts'
import type { Box } from '../../src/television/television.ts'
import { HOUSEHOLD, makeFeed, makeItem } from '../support/feed.ts'
import { rain, TEST_AREAS, testPortal } from '../support/portal.ts'
import { COUNTY, OTHER_VILLAGE, START, STREET, VILLAGE } from '../support/station.ts'

type Cell = {
  id: string
  href: string
  digit: string
  up: string
  down: string
  left: string
  right: string
  box: number[]
}

type Drawn = { status: number; html: string; back: string; focus: string; cells: Map<string, Cell>; text: string }

const plain = (text: string): string =>
  text
    .replaceAll(/<style>[\s\S]*?<\/style>|<[^>]*>/g, ' ')
    .replaceAll('&amp;', '&')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll(/&#34;|&quot;/g, '"')
    .replaceAll(/\s+/g, ' ')

const unescape = (text: string): string => text.replaceAll('&amp;', '&')

const attribute = (tag: string, name: string): string =>
  unescape(new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? '')

/** What a box sees of a page: its cells with their neighbours, and its words. */
function readPage(status: number, html: string): Drawn {
  const body = /<body[^>]*>/.exec(html)![0]
  const cells = [...html.matchAll(/<a class="cell[^>]*>/g)].map(([tag]): Cell => {
    const of = (name: string): string => attribute(tag, name)
    const neighbours = { up: of('data-up'), down: of('data-down'), left: of('data-left'), right: of('data-right') }
    return {
      id: of('id'),
      href: of('href'),
      digit: of('data-digit'),
      ...neighbours,
      box: [...of('style').matchAll(/(\d+)px/g)].map(([, number]) => Number(number)),
    }
  })
  return {
    status,
    html,
    back: attribute(body, 'data-back'),
    focus: attribute(body, 'data-focus'),
    cells: new Map(cells.map((cell) => [cell.id, cell])),
    text: plain(html),
  }
}

const portal = testPortal()

/** Opens a relative address as a box would, from anywhere in the portal. */
async function open(
  address: string,
  options: { box?: Box; hiddenKeys?: string[]; of?: typeof portal } = {},
): Promise<Drawn> {
  const url = new URL(address, 'http://box/tv/')
  const request = {
    page: url.pathname.slice('/tv/'.length) as PageName,
    values: Object.fromEntries(url.searchParams),
    box: options.box,
    hiddenKeys: options.hiddenKeys ?? [],
  }
  const { status, html } = await (options.of ?? portal).television.page(request, START)
  return readPage(status, html)
}

const HOME = `./?area=${VILLAGE}`
const OWN_BOX: Box = { areaCode: VILLAGE, householdId: HOUSEHOLD }

/** Every page that can be reached from one by any key, by address. */
async function crawl(from: string, box?: Box): Promise<Map<string, Drawn>> {
  const pages = new Map<string, Drawn>()
  const ahead = [from]
  for (let address = ahead.pop(); address !== undefined; address = ahead.pop()) {
    const bare = address.replace(/&?focus=[^&]*/, '')
    if (pages.has(bare)) continue
    const page = await open(address, box ? { box } : {})
    pages.set(bare, page)
    const cells = [...page.cells.values()]
    for (const to of [
      page.back,
      ...cells.flatMap(({ href, up, down, left, right }) => [href, up, down, left, right]),
    ]) {
      if (to !== '' && !to.startsWith('#') && !to.startsWith('../')) ahead.push(to)
    }
  }
  return pages
}

describe('portal', () => {
  it('a section’s seal is of the place, however the register writes its name', () => {
    const names = [
      '青禾区',
      '青禾街道',
      '青禾街道办事处',
      '柳树庄村',
      '柳树庄村委会',
      '柳树庄村民委员会',
      '和平居委会',
      '和平社区',
    ]
    const seals = names.map((areaName) => sealOf({ id: 'any', areaName }))
    expect(seals.join('')).toBe('区街街村村村居社')
  })

  it('home shows the four sections with the newest of each, the village, the date and the time', async () => {
    const home = await open(HOME)
    expect(home.status).toBe(200)
    expect([...home.cells.keys()]).toEqual(['s-county', 's-street', 's-community', 's-household'])
    expect(home.text).toContain('柳树庄村')
    expect(home.text).toContain('2026年11月22日 星期日')
    expect(home.text).toContain('07:00')
    expect(home.text).toContain('关于村东灌溉渠清淤硬化工程的公告')
  })

  it('three digits lead from home to an invoice of the newest ledger', async () => {
    const press = async (page: Drawn, digit: string): Promise<Drawn> =>
      open([...page.cells.values()].find((cell) => cell.digit === digit)!.href)
    const section = await press(await open(HOME), '3')
    const ledger = await press(section, '3')
    expect(ledger.text).toContain('期初结余')
    expect(ledger.text).toContain('150,712.85')
    const voucher = await press(ledger, '1')
    expect(voucher.html).toMatch(/<img class="voucher" [^>]*src="\.\.\/pictures\/[0-9a-f]{64}\/tv"/)
    expect(voucher.text).toContain('4,860.00 元')
  })

  it('Back is one level up, and the focus is where it was', async () => {
    const voucher = await open(`voucher?area=${VILLAGE}&item=l2026-10&line=7&voucher=1`)
    const ledger = await open(voucher.back)
    expect(ledger.focus).toBe('l-7')
    const column = await open(ledger.back)
    expect(column.focus).toBe('i-l2026-10')
    const section = await open(column.back)
    expect(section.focus).toBe('c-finance')
    const home = await open(section.back)
    expect(home.focus).toBe('s-community')
  })

  it('Back from an item finds the page of the list that it stands on', async () => {
    const item = await open(`item?area=${VILLAGE}&item=va7`)
    const column = await open(item.back)
    expect(column.focus).toBe('i-va7')
    expect(column.text).toContain('第 2 / 2 页')
  })

  it('a list turns its page at its edges, down to the first row and up to the last', async () => {
    const first = await open(`column?area=${VILLAGE}&column=village-affairs`)
    const rows = [...first.cells.values()]
    expect(rows).toHaveLength(6)
    expect(rows.map(({ digit }) => digit)).toEqual(['1', '2', '3', '4', '5', '6'])
    const second = await open(rows.at(-1)!.down)
    expect(second.focus).toBe('i-va6')
    const again = await open(second.cells.get('i-va6')!.up)
    expect(again.focus).toBe('i-va5')
  })

  it('invoices follow each other through the whole ledger, and fill the screen on OK', async () => {
    let page = await open(`voucher?area=${VILLAGE}&item=l2026-10&line=1`)
    const seen = [page.text.match(/票据 (\d+) \/ 8/)![1]]
    while (page.cells.get('zoom')!.right !== '') {
      page = await open(page.cells.get('zoom')!.right)
      seen.push(page.text.match(/票据 (\d+) \/ 8/)![1])
    }
    expect(seen).toEqual(['1', '2', '3', '4', '5', '6', '7', '8'])
    const full = await open(page.cells.get('zoom')!.href)
    expect(full.html).toContain('class="voucher full"')
    expect(full.back).toContain('line=7')
  })

  it('a line without an invoice says so and leads to none', async () => {
    const ledger = await open(`item?area=${VILLAGE}&item=l2026-10`)
    const [shown, bare] = [ledger.cells.get('l-1')!, ledger.cells.get('l-4')!]
    expect([shown.href !== '', shown.digit]).toEqual([true, '1'])
    expect([bare.href, bare.digit]).toEqual(['', ''])
    expect(ledger.text).toContain('无票据')
    expect(ledger.html).toMatch(/id="ok-hint"[^>]*><span class="keycap">确定<\/span>看票据/)
    const onBare = await open(`item?area=${VILLAGE}&item=l2026-10&focus=l-4`)
    expect(onBare.focus).toBe('l-4')
    expect(onBare.html).toContain('id="ok-hint" style="visibility:hidden"')
  })

  it('a line without an invoice still says who handled it', async () => {
    const page = await open(`voucher?area=${VILLAGE}&item=l2026-10&line=4`)
    expect(page.status).toBe(200)
    expect(page.text).toContain('这笔账没有附票据图片')
    expect(page.text).toContain('经手：李春梅')
  })

  it('every page of a village can be left, every place on it reached, and its focus is there', async () => {
    const pages = await crawl(HOME, OWN_BOX)
    expect(pages.size).toBeGreaterThan(70)
    for (const [address, page] of pages) {
      expect([address, page.status]).toEqual([address, 200])
      expect([address, page.cells.has(page.focus)]).toEqual([address, true])
      if (address !== HOME) expect([address, page.back]).not.toEqual([address, ''])
      const reached = new Set([page.focus])
      for (const id of reached) {
        const { up, down, left, right } = page.cells.get(id)!
        for (const to of [up, down, left, right]) if (to.startsWith('#')) reached.add(to.slice(1))
      }
      expect([address, reached.size]).toEqual([address, page.cells.size])
    }
  })

  it('every place lies inside the part of the screen that no television cuts off, 72 pixels high or more', async () => {
    for (const [address, page] of [...(await crawl(HOME, OWN_BOX)), ...(await crawl(`./?inside=${STREET}`))]) {
      for (const { box } of page.cells.values()) {
        const [left = 0, top = 0, width = 0, height = 0] = box
        const isInside = left >= 64 && top >= 36 && left + width <= 1216 && top + height <= 684
        expect([address, box, isInside]).toEqual([address, box, true])
        expect([address, height >= 72]).toEqual([address, true])
      }
    }
  })

  it('pages name no other host, and only relative addresses, so that they work below any prefix', async () => {
    for (const page of (await crawl(HOME, OWN_BOX)).values()) {
      expect(page.html).not.toMatch(/https?:|\/\//)
      expect(page.html).not.toMatch(/(?:href|src)="\//)
    }
  })

  it('a household’s items show on its own box alone', async () => {
    const own = await crawl(HOME, OWN_BOX)
    expect([...own.values()].some(({ text }) => text.includes('我家 2026 年补贴'))).toBe(true)
    const strangers: (Box | undefined)[] = [
      undefined,
      { areaCode: VILLAGE, householdId: null },
      { areaCode: OTHER_VILLAGE, householdId: HOUSEHOLD },
    ]
    for (const box of strangers) {
      for (const page of (await crawl(HOME, box)).values()) {
        expect(page.text).not.toContain('我家 2026 年补贴')
        expect(page.text).not.toContain('687.50')
      }
      for (const address of [`item?area=${VILLAGE}&item=private1`, `voucher?area=${VILLAGE}&item=private1&line=1`]) {
        expect((await open(address, box ? { box } : {})).status).toBe(404)
      }
      const section = await open(`section?area=${VILLAGE}&section=household`, box ? { box } : {})
      expect(section.status).toBe(200)
      expect(section.text).toContain('把机顶盒绑定到您家')
    }
  })

  it('what is not there is a page that says so and leads back', async () => {
    const nowhere = [
      `section?area=${VILLAGE}&section=nothing`,
      `column?area=${VILLAGE}&column=nothing`,
      `item?area=${VILLAGE}&item=nothing`,
      `item?area=${VILLAGE}`,
      `voucher?area=${VILLAGE}&item=l2026-10&line=99`,
      `voucher?area=${VILLAGE}&item=l2026-10&line=1&voucher=9`,
      `voucher?area=${VILLAGE}&item=va0&line=1`,
      './?area=999999999999',
      './?area=1%27%20or%201',
      'section?section=county',
      './?inside=370799009000',
    ]
    for (const address of nowhere) {
      const page = await open(address)
      expect([address, page.status]).toEqual([address, 404])
      expect([address, page.back]).not.toEqual([address, ''])
      expect([address, page.cells.has('back')]).toEqual([address, true])
    }
  })

  it('no address, however strange, is answered by anything but a page', async () => {
    const values = fc.dictionary(
      fc.constantFrom('area', 'section', 'column', 'item', 'line', 'voucher', 'page', 'focus', 'inside', 'full'),
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.constantFrom(VILLAGE, COUNTY, 'finance', 'l2026-10', '-1', '1e9', '__proto__'),
      ),
    )
    const pages = fc.constantFrom<PageName>('', 'section', 'column', 'item', 'voucher')
    await fc.assert(
      fc.asyncProperty(pages, values, async (page, values) => {
        const { status, html } = await portal.television.page({ page, values, box: undefined, hiddenKeys: [] }, START)
        expect([200, 404]).toContain(status)
        expect(readPage(status, html).cells.size).toBeGreaterThan(0)
      }),
      { numRuns: 150 },
    )
    expect(portal.notes).toEqual([])
  })

  it('a hostile title is shown as it is typed and runs nowhere', async () => {
    const hostile = '"><script>alert(1)</script>{{ 7 | times: 7 }}&lt;'
    const bad = testPortal()
    const feed = makeFeed()
    feed.sections[2]!.areaName = hostile
    feed.sections[2]!.columns[0]!.items.unshift(
      makeItem(
        'party',
        'article',
        { paragraphs: [hostile], pictures: ['"><img src=x onerror=alert(1)>'] },
        { id: 'bad1', title: hostile, publisher: hostile, matter: hostile, publishedAt: addSeconds(START, -1) },
      ),
    )
    bad.feeds.set('', feed)
    bad.alerts.push({ ...rain, title: hostile, text: hostile, senderName: hostile })
    const pages = [
      'section?section=community&',
      'column?column=party&',
      'item?item=bad1&',
      'item?item=bad1&page=2&',
      './?',
    ]
    for (const address of pages) {
      const page = await open(`${address}area=${VILLAGE}`, { of: bad })
      expect(page.status).toBe(200)
      expect(page.html.match(/<script/g)).toHaveLength(1)
      expect(page.html).not.toContain('<img src=x')
      expect(page.text).not.toContain('49')
    }
    expect((await open(`item?item=bad1&area=${VILLAGE}`, { of: bad })).text).toContain('"><script>alert(1)</script>')
  })

  it('a fault of our own is a page too, and is recorded', async () => {
    const broken = testPortal({ feed: () => Promise.reject(new Error('the disk is gone')) })
    const page = await open(HOME, { of: broken })
    expect(page.status).toBe(500)
    expect(page.text).toContain('这个页面暂时打不开')
    expect(page.back).toBe('./')
    expect(broken.notes).toEqual(['a television page failed by our own fault'])
  })
})

describe('choosing a village', () => {
  it('without a village the streets come first, then their villages, and Back leads up again', async () => {
    const streets = await open('./')
    expect(streets.text).toContain('请选择您所在的街道')
    expect([...streets.cells.keys()]).toEqual(['a-370799001000', 'a-370799002000'])
    const villages = await open(streets.cells.get(`a-${STREET}`)!.href)
    expect(villages.text).toContain('东河村')
    expect((await open(villages.back)).focus).toBe(`a-${STREET}`)
    const home = await open(villages.cells.get(`a-${VILLAGE}`)!.href)
    expect(home.cells.has('s-community')).toBe(true)
    expect((await open(home.back)).focus).toBe(`a-${VILLAGE}`)
  })

  it('a box knows where it stands, and its home is the top', async () => {
    const home = await open('./', { box: OWN_BOX })
    expect(home.cells.has('s-household')).toBe(true)
    expect(home.back).toBe('')
  })

  it('a street of 84 villages is turned page by page, each village on one page', async () => {
    const villages = Array.from({ length: 84 }, (_, index) => {
      const code = `370799001${String(200 + index)}`
      return {
        code,
        name: `第${index + 1}村`,
        parentCode: STREET,
        level: levelOf(code),
        validFrom: null,
        validTo: null,
      }
    })
    const large = testPortal({}, [...TEST_AREAS.filter(({ level }) => level !== 'village'), ...villages])
    const seen: string[] = []
    let address = `./?inside=${STREET}`
    while (address !== '') {
      const page = await open(address, { of: large })
      seen.push(...page.cells.keys())
      address = [...page.cells.values()].at(-1)!.down
    }
    expect(seen).toEqual(villages.map(({ code }) => `a-${code}`))
  })

  it('a station without areas says so', async () => {
    const empty = testPortal({}, [])
    expect((await open('./', { of: empty })).status).toBe(404)
  })
})

describe('alerts over the portal', () => {
  it('a page that is opened while an alert is in force already shows it', async () => {
    const alarmed = testPortal()
    expect((await open(HOME, { of: alarmed })).text).not.toContain('应急广播 ')
    alarmed.alerts.push(rain)
    const page = await open(`column?area=${VILLAGE}&column=party`, { of: alarmed })
    expect(page.html).toContain('id="overlay" data-key=')
    for (const words of ['红色 · 特别重大', '暴雨红色预警', '青禾区应急管理局', '有效至 11月22日 12:00']) {
      expect(page.text).toContain(words)
    }
  })

  it('what was hidden with OK stays as a strip, until its words change', async () => {
    const alarmed = testPortal()
    alarmed.alerts.push(rain)
    const { key } = (await alarmed.television.alerts(VILLAGE, START)).alerts[0]!
    const hidden = await open(HOME, { of: alarmed, hiddenKeys: [key] })
    expect(hidden.html).not.toContain('class="alert red"')
    expect(hidden.html).toContain('class="strip red"')
    alarmed.alerts[0] = { ...rain, text: '雨势增强，请立即转移。' }
    expect((await open(HOME, { of: alarmed, hiddenKeys: [key] })).html).toContain('class="alert red"')
  })

  it('a drill is marked as one wherever it shows', async () => {
    const alarmed = testPortal()
    alarmed.alerts.push({ ...rain, purpose: 'drill' })
    const { alerts } = await alarmed.television.alerts(VILLAGE, START)
    expect(plain(alerts[0]!.overlay)).toContain('这不是真实的紧急情况')
    expect(plain(alerts[0]!.strip)).toContain('演练')
  })

  it('the tag changes exactly when the alerts do', async () => {
    const alarmed = testPortal()
    const tag = async (): Promise<string> => (await alarmed.television.alerts(VILLAGE, START)).etag
    const silent = await tag()
    alarmed.alerts.push(rain)
    const alarm = await tag()
    expect(alarm).not.toBe(silent)
    expect(await tag()).toBe(alarm)
    alarmed.alerts.length = 0
    expect(await tag()).toBe(silent)
  })
})
