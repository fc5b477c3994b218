import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Browser, type Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createListening, type Playing } from '../../src/television/listening.ts'
import { televisionPages, televisionRoutes } from '../../src/television/routes.ts'
import { createTemplates } from '../../src/equipment/templates.ts'
import { createApp } from '../../src/web/app.ts'
import { listen } from '../../src/web/listen.ts'
import { HOUSEHOLD } from '../support/feed.ts'
import { rain, TEMPLATES, TEST_AREAS, testPortal, type TestPortal } from '../support/portal.ts'
import { START, STREET, VILLAGE } from '../support/station.ts'

/** The portal in a real browser, by the keys of a remote control alone. */

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium'
if (!existsSync(CHROMIUM)) console.warn(`no browser at ${CHROMIUM}: the portal's browser tests are skipped`)

const BOX_TOKEN = 'b_test'

const quiet = (): undefined => undefined

const identify = async (token: string) =>
  token === BOX_TOKEN
    ? ({ kind: 'terminal', id: 'b', terminalKind: 'box', areaCode: VILLAGE, householdId: HOUSEHOLD } as const)
    : undefined

/** What runs in the page is text, since the station is checked without a browser's types. */
const inspectPage = readFileSync(join(import.meta.dirname, 'inspect-page.js'), 'utf8')

/** The arrow keys that lead from one place of the page to another, by the neighbours that the page itself names. */
const wayTo = `function ([from, to]) {
  const ways = new Map([[from, []]])
  for (const [at, way] of ways) {
    for (const arrow of ['Up', 'Down', 'Left', 'Right']) {
      const next = document.getElementById(at).getAttribute('data-' + arrow.toLowerCase())
      if (next.startsWith('#') && !ways.has(next.slice(1))) ways.set(next.slice(1), [...way, 'Arrow' + arrow])
    }
  }
  return ways.get(to)
}`

describe.skipIf(!existsSync(CHROMIUM))('portal in a browser', () => {
  let portal: TestPortal
  let server: Awaited<ReturnType<typeof listen>>
  let browser: Browser
  let page: Page
  let now: Playing | null = null
  let origin = ''
  const requests: string[] = []
  const faults: string[] = []

  beforeAll(async () => {
    portal = testPortal()
    const listening = createListening({
      directory: TEMPLATES,
      zone: 'Asia/Shanghai',
      template: createTemplates({ directory: TEMPLATES, escape: 'html' }).file,
      areas: { find: async (code) => TEST_AREAS.find((area) => area.code === code), chain: async () => [] },
      nowPlaying: async () => now,
      comingUp: async () => [],
    })
    const app = createApp({ clock: () => START, journal: { info: quiet, warn: quiet, error: quiet }, identify })
    app.route('/', televisionRoutes({ television: portal.television, listening }))
    app.route('/', televisionPages({ television: portal.television, listening, identify, isSecure: false }))
    const picture = await sharp({ create: { width: 900, height: 600, channels: 3, background: '#fdf8ea' } })
      .jpeg()
      .toBuffer()
    app.get('/pictures/:hash/tv', (c) => c.body(new Uint8Array(picture), 200, { 'content-type': 'image/jpeg' }))
    app.get('/favicon.ico', (c) => c.body(null, 204))
    server = await listen(app.fetch, 0, '127.0.0.1')
    origin = `http://127.0.0.1:${server.port}`
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--autoplay-policy=no-user-gesture-required'],
    })
    page = await browser.newPage({ viewport: { width: 1280, height: 720 } })
    page.on('request', (request) => void requests.push(request.url()))
    page.on('pageerror', (error) => void faults.push(error.message))
  })

  afterAll(async () => {
    await browser?.close()
    await server?.close()
  })

  const visit = (path: string): Promise<unknown> => page.goto(`${origin}${path}`)
  const focused = (): Promise<string> => page.locator('.cell.focus').getAttribute('id') as Promise<string>

  /** Presses a key that stays on the page. The portal takes no key twice within 100 ms. */
  const press = async (key: string): Promise<void> => {
    await page.keyboard.press(key)
    await page.waitForTimeout(110)
  }
  /** Presses a key that leads to another page. */
  const turn = async (key: string): Promise<void> => {
    await Promise.all([page.waitForEvent('load'), page.keyboard.press(key)])
  }
  /** Moves the focus with arrows to a place that can be reached on this page, by the neighbours that the page names. */
  const moveTo = async (id: string): Promise<void> => {
    const keys = await page.evaluate<string[] | undefined>(`(${wayTo})(${JSON.stringify([await focused(), id])})`)
    expect([id, keys]).not.toEqual([id, undefined])
    for (const direction of keys!) await press(direction)
    expect(await focused()).toBe(id)
  }

  it('arrows and OK alone lead from the choice of a village to the picture of an invoice, and Back leads out again', async () => {
    await visit('/tv/')
    const way = ['a-370799001000', `a-${VILLAGE}`, 's-community', 'c-finance', 'l-3']
    for (const id of way) {
      await moveTo(id)
      await turn('Enter')
    }
    expect(await page.evaluate("document.querySelector('img.voucher').naturalWidth")).toBe(900)
    await turn('ArrowRight')
    expect(await page.locator('.slip-count').textContent()).toBe('票据 5 / 8')
    await turn('ArrowLeft')
    await turn('Enter')
    expect(await page.locator('img.voucher.full').count()).toBe(1)

    const focuses: string[] = []
    for (const key of ['Escape', 'Backspace', 'Escape', 'Escape', 'Escape', 'Escape', 'Escape']) {
      await turn(key)
      focuses.push(await focused())
    }
    expect(focuses).toEqual(['zoom', 'l-3', 'i-l2026-10', 'c-finance', 's-community', `a-${VILLAGE}`, 'a-370799001000'])
  })

  it('digits open what they are printed on', async () => {
    await visit(`/tv/?area=${VILLAGE}`)
    for (const digit of ['3', '3', '1']) await turn(digit)
    expect(await page.locator('img.voucher').count()).toBe(1)
  })

  it('where a page counts beyond nine, two digits open a place; one opens its own after a moment, or with OK at once', async () => {
    const villages = Array.from({ length: 14 }, (_, index) => ({
      ...TEST_AREAS.find(({ code }) => code === VILLAGE)!,
      code: `3707990013${String(index).padStart(2, '0')}`,
    }))
    const crowded = testPortal({}, [...TEST_AREAS.filter(({ level }) => level !== 'village'), ...villages])
    const request = { page: '' as const, values: { inside: STREET }, box: undefined, hiddenKeys: [] }
    const { html } = await crowded.television.page(request, START)
    await page.route('**/tv/crowded', (route) => route.fulfill({ body: html, contentType: 'text/html' }))
    for (const [keys, village] of [
      [['1', '2'], 11],
      [['1', 'Enter'], 0],
      [['1'], 0],
      [['7'], 6],
      [['1', 'ArrowRight', '2'], 1],
    ] as const) {
      await visit('/tv/crowded')
      for (const key of keys.slice(0, -1)) await press(key)
      await turn(keys.at(-1)!)
      expect([keys, new URL(page.url()).searchParams.get('area')]).toEqual([keys, villages[village]!.code])
    }
  })

  it('the strip of an alert covers no button', async () => {
    portal.alerts.push(rain)
    for (const path of [
      'voucher?area=A&item=l2026-10&line=1',
      'voucher?area=A&item=l2026-10&line=1&full=1',
      'column?area=A&column=party',
    ]) {
      await visit(`/tv/${path.replace('area=A', `area=${VILLAGE}`)}`)
      if (await page.locator('#overlay').isVisible()) await press('Enter')
      const strip = (await page.locator('#strip').boundingBox())!
      for (const cell of await page.locator('.cell').all()) {
        const box = (await cell.boundingBox())!
        const isClear = box.y + box.height <= strip.y || strip.y + strip.height <= box.y
        expect([path, await cell.getAttribute('id'), isClear]).toEqual([path, expect.any(String), true])
      }
    }
    portal.alerts.length = 0
    await page.context().clearCookies()
  })

  it('the browser’s own Back restores the focus as well', async () => {
    await visit(`/tv/section?area=${VILLAGE}&section=community`)
    await moveTo('c-decisions')
    await turn('Enter')
    await page.goBack()
    expect(await focused()).toBe('c-decisions')
  })

  const look = (selector: string): Promise<{ ring: number; colour: string; fill: string }> => {
    const style = `getComputedStyle(document.querySelector('${selector}'))`
    return page.evaluate(
      `({ ring: parseInt(${style}.borderTopWidth, 10), colour: ${style}.borderTopColor, fill: ${style}.backgroundColor })`,
    )
  }

  it('the focus is a ring of four pixels or more and another fill', async () => {
    await visit(`/tv/?area=${VILLAGE}`)
    const [on, off] = [await look('.cell.focus'), await look('.cell:not(.focus)')]
    expect(on.ring).toBeGreaterThanOrEqual(4)
    expect(on.fill).not.toBe(off.fill)
    expect(on.colour).not.toBe(off.colour)
  })

  it('every page of the village fits its screen, in letters of 28 pixels or more with a contrast of 7 to 1, from one host', async () => {
    requests.length = 0
    await visit(`/tv/?token=${BOX_TOKEN}`)
    const open = [page.url()]
    const seen = new Set<string>()
    while (open.length > 0) {
      const address = open.pop()!
      const bare = address.replace(/&?focus=[^&]*/, '')
      if (seen.has(bare)) continue
      seen.add(bare)
      const answer = await page.goto(address, { waitUntil: 'domcontentloaded' })
      expect([bare, answer!.status()]).toEqual([bare, 200])
      const found = await page.evaluate<{ faults: string[]; leads: string[] }>(inspectPage)
      expect([bare, found.faults]).toEqual([bare, []])
      for (const to of found.leads) open.push(new URL(to, address).href)
    }
    expect(seen.size).toBeGreaterThan(70)
    expect(requests.filter((url) => !url.startsWith(origin) && !url.startsWith('data:'))).toEqual([])
    expect(faults).toEqual([])
  })

  it('an alert lies over the page within five seconds without a key, hides on OK, comes back when its words change, and goes when it is cancelled', async () => {
    portal.alerts.length = 0
    await visit(`/tv/column?area=${VILLAGE}&column=party`)
    const overlay = page.locator('#overlay')
    const strip = page.locator('#strip')
    expect(await overlay.isVisible()).toBe(false)
    portal.alerts.push(rain)
    await overlay.waitFor({ state: 'visible', timeout: 5000 })
    expect(await overlay.textContent()).toContain('暴雨红色预警')

    await press('Enter')
    expect([await overlay.isVisible(), await strip.isVisible()]).toEqual([false, true])
    await turn('Escape')
    expect([await overlay.isVisible(), await strip.isVisible()]).toEqual([false, true])

    portal.alerts[0] = { ...rain, text: '雨势增强，请立即转移。' }
    await overlay.waitFor({ state: 'visible', timeout: 5000 })
    expect(await overlay.textContent()).toContain('雨势增强')
    expect(await strip.isVisible()).toBe(false)

    portal.alerts.length = 0
    await overlay.waitFor({ state: 'hidden', timeout: 5000 })
    expect(await strip.isVisible()).toBe(false)
    expect(faults).toEqual([])
  })

  it('a larger screen is filled, a smaller one shows the whole page', async () => {
    for (const [width, height, scale] of [
      [1920, 1080, 1.5],
      [640, 360, 0.5],
    ] as const) {
      await page.setViewportSize({ width, height })
      await visit(`/tv/?area=${VILLAGE}`)
      const box = await page.locator('#stage').boundingBox()
      expect(box).toMatchObject({ x: 0, y: 0, width: 1280 * scale, height: 720 * scale })
    }
    await page.setViewportSize({ width: 1280, height: 720 })
  })

  it('the listening page plays what is on the air from where it is, and switches at a takeover', async () => {
    const phone = await browser.newPage({ viewport: { width: 390, height: 844 } })
    const asked: string[] = []
    phone.on('request', (request) => void asked.push(new URL(request.url()).pathname))
    now = { airingId: 'n', title: '早间新闻', class: 'daily', hash: 'a'.repeat(64), seconds: 90, positionSeconds: 40 }
    await phone.goto(`${origin}/listen/${VILLAGE}`)
    await phone.getByText('早间新闻').waitFor({ timeout: 5000 })
    await phone.locator('#play').click()
    await expect.poll(() => asked.includes(`/recordings/${'a'.repeat(64)}.mp3`)).toBe(true)
    now = { ...now, airingId: 'e', title: '暴雨红色预警', class: 'alert', hash: 'e'.repeat(64), positionSeconds: 0 }
    await phone.locator('.deck.alert').waitFor({ timeout: 5000 })
    await expect.poll(() => asked.includes(`/recordings/${'e'.repeat(64)}.mp3`)).toBe(true)
    expect(await phone.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390)
    await phone.close()
  })
})
