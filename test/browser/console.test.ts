import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/equipment/clock.ts'
import { cronHeartbeat } from '../../src/equipment/heartbeat.ts'
import type { Role } from '../../src/web/guard.ts'
import { listen } from '../../src/web/listen.ts'
import { COUNTY, testStation, VILLAGE, type TestStation } from '../support/station.ts'

/** The console in a real browser, against a whole station that keeps the real time. */

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium'
if (!existsSync(CHROMIUM)) console.warn(`no browser at ${CHROMIUM}: the console's browser tests are skipped`)

const ROOT = join(import.meta.dirname, '../..')
const VITE = join(ROOT, 'node_modules/vite/bin/vite.js')
const CONFIG = join(ROOT, 'src/console/vite.config.ts')

const DESK = { width: 1440, height: 900 }
const PHONE = { width: 390, height: 844 }
const PASSWORD = 'a-long-password'
const HOLD_MS = 1700

/** A browser reports refusals by itself: nobody signed in (401), and the form that is filled in wrongly on purpose (400). */
const EXPECTED = /status of 40[01]/

describe.skipIf(!existsSync(CHROMIUM))('console in a browser', () => {
  let test: TestStation
  let server: Awaited<ReturnType<typeof listen>>
  let running: { stop: () => Promise<void> }
  let browser: Browser
  let origin = ''
  const contexts: BrowserContext[] = []
  const requests: string[] = []
  const faults: string[] = []

  beforeAll(async () => {
    // As `npm run build` makes it: the test runner's own environment would give React's development build.
    const { NODE_ENV: _tests, ...environment } = process.env
    await promisify(execFile)(process.execPath, [VITE, 'build', '--config', CONFIG, '--logLevel', 'error'], {
      env: environment,
    })
    test = await testStation({ clock: systemClock, heartbeat: cronHeartbeat })
    for (const role of ['admin', 'operator', 'official', 'clerk'] satisfies Role[]) {
      const person = { username: role, name: `一位${role}`, role, areaCode: COUNTY, password: PASSWORD }
      await test.station.accounts.addPerson('station', person, systemClock())
    }
    await test.as('operator')('POST', '/api/terminals', { kind: 'loudspeaker', name: '村委会屋顶', areaCode: VILLAGE })
    server = await listen(test.station.fetch, 0, '127.0.0.1')
    running = await test.station.start()
    origin = `http://127.0.0.1:${server.port}`
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
    })
  })

  afterAll(async () => {
    for (const context of contexts) await context.close()
    await browser?.close()
    await running?.stop()
    await server?.close()
  })

  const open = async (viewport: { width: number; height: number }, path = ''): Promise<Page> => {
    const context = await browser.newContext({ viewport, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' })
    contexts.push(context)
    const page = await context.newPage()
    page.setDefaultTimeout(20_000)
    page.on('request', (request) => void requests.push(request.url()))
    page.on('pageerror', (error) => void faults.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error' && !EXPECTED.test(message.text())) faults.push(message.text())
    })
    await page.goto(`${origin}/console/${path}`)
    return page
  }

  const enter = async (page: Page, username: Role): Promise<void> => {
    await page.locator('#username').fill(username)
    await page.locator('#password').fill(PASSWORD)
    await page.keyboard.press('Enter')
    await page.locator('.shell-top').waitFor()
  }

  const signedIn = async (role: Role, path = '', viewport = DESK): Promise<Page> => {
    const page = await open(viewport, path)
    await enter(page, role)
    return page
  }

  /** Forms begin aimed at nothing: whoever speaks to a county says so. */
  const aim = async (page: Page, areaName: string): Promise<void> => {
    await page.locator('#targets').click()
    await page
      .locator('.ant-select-tree-checkbox + .ant-select-tree-node-content-wrapper', { hasText: areaName })
      .first()
      .click()
    await page.keyboard.press('Escape')
  }

  const hold = async (page: Page): Promise<void> => {
    const button = page.locator('.hold')
    await button.focus()
    await page.keyboard.down('Enter')
    await page.waitForTimeout(HOLD_MS)
    await page.keyboard.up('Enter')
  }

  it('a wrong password is said; the right one leads to the page that was asked for, and signing out back', async () => {
    const page = await open(DESK, 'people')
    await page.locator('#username').fill('admin')
    await page.locator('#password').fill('not-the-password')
    await page.keyboard.press('Enter')
    await page.getByText('用户名或密码不对').waitFor()
    await page.locator('#password').fill(PASSWORD)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: '人员' }).waitFor()
    expect(page.url()).toBe(`${origin}/console/people`)
    await page.getByRole('button', { name: '一位admin的菜单' }).click()
    await page.getByText('退出登录').click()
    await page.locator('#username').waitFor()
  })

  it('a bulletin is written, read as it will be said, heard, scheduled, and stands in the rundown', async () => {
    const page = await signedIn('operator', 'bulletins/new')
    await page.locator('#title').fill('停水通知')
    await page.locator('#text').fill('11月25日8:30停水，电话0536-8765432。')
    await page.locator('.script', { hasText: '十一月二十五日八点三十分' }).waitFor()
    await page.locator('.preview button').click()
    await page.locator('audio').waitFor()
    await page.getByRole('button', { name: '定稿' }).click()
    await page.getByRole('button', { name: '编排播出' }).click()
    await page.locator('form#schedule').waitFor()
    await aim(page, '青禾区')
    await page.locator('.ant-drawer-footer button[type=submit]').click()
    await page.locator('.ant-modal-confirm-btns button').last().click()
    await page.locator('form#schedule').waitFor({ state: 'detached' })
    await page.goto(`${origin}/console/rundown`)
    const row = page.locator('.airing', { hasText: '停水通知' })
    await row.waitFor()
    expect(await row.innerText()).toContain('待播')
    expect(await page.locator('.strip-airing').count()).toBe(1)
  })

  it('an alert is issued by holding the button alone, covers every page, and is cancelled', async () => {
    const page = await signedIn('official', 'emergency')
    await page.getByRole('button', { name: '发布应急消息' }).click()
    await page.locator('#title').fill('暴雨红色预警')
    await page.locator('#text').fill('请沿河村民立即转移。')
    await aim(page, '青禾区')
    await page.getByRole('button', { name: '核对后发布' }).click()
    await page.locator('.hold').waitFor()
    expect(await page.locator('.check-areas').innerText()).toContain('青禾区')
    await page.locator('.hold').focus()
    await page.keyboard.press('Enter')
    expect((await test.as('official')('GET', '/api/alerts')).body.alerts).toEqual([])
    await hold(page)
    await page.locator('.alert-card', { hasText: '暴雨红色预警' }).waitFor()
    const other = await signedIn('clerk', 'content')
    await other.locator('.alert-banner', { hasText: '暴雨红色预警' }).waitFor()
    await page.locator('.alert-card').getByRole('button', { name: '取消应急消息' }).click()
    await page.locator('.ant-modal .hold').waitFor()
    await hold(page)
    await page.locator('.alert-card').waitFor({ state: 'detached' })
    const { alerts } = (await test.as('official')('GET', '/api/alerts')).body
    expect(alerts.map((alert: { state: string }) => alert.state)).toEqual(['cancelled'])
  })

  it('what the station refuses stands at the field it belongs to', async () => {
    const page = await signedIn('admin', 'people')
    await page.getByRole('button', { name: '新增人员' }).click()
    await page.locator('form#person #username').fill('X')
    await page.locator('form#person #name').fill('某人')
    await page.locator('form#person #password').fill(PASSWORD)
    await page.locator('form#person #areaCode').click()
    await page.locator('.ant-select-tree-title', { hasText: '青禾区' }).click()
    await page.locator('.ant-drawer-footer button[type=submit]').click()
    await page.locator('.ant-form-item-explain-error', { hasText: '小写字母开头' }).waitFor()
  })

  it('the whole console speaks English, and remembers', async () => {
    const page = await signedIn('admin', 'areas')
    await page.getByRole('button', { name: '切换到英文' }).click()
    await page.getByRole('heading', { name: 'Areas and households' }).waitFor()
    await page.reload()
    await page.getByRole('heading', { name: 'Areas and households' }).waitFor()
    expect(await page.getAttribute('html', 'lang')).toBe('en')
  })

  it('no page is wider than a phone, nor than a desk', async () => {
    for (const viewport of [PHONE, DESK]) {
      const page = await signedIn('admin', '', viewport)
      if (viewport === PHONE) await page.getByRole('button', { name: '主菜单' }).click()
      await page.locator('.side a').first().waitFor()
      const links = await page.evaluate<string[]>(
        "[...document.querySelectorAll('.side a')].map((link) => link.pathname)",
      )
      expect(links).toHaveLength(14)
      for (const path of [...links, '/console/bulletins/new', '/console/content/new', '/console/account']) {
        await page.goto(`${origin}${path}`)
        await page.locator('.page-head h1').waitFor()
        await page.waitForTimeout(300)
        const over = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
        expect([path, viewport.width, over]).toEqual([path, viewport.width, 0])
        expect(await page.locator('.failure').count(), path).toBe(0)
      }
    }
  })

  it('a role is offered what it may do, and told so where it may not', async () => {
    const page = await signedIn('clerk', 'people')
    await page.getByText('没有权限').waitFor()
    expect(await page.locator('.side').innerText()).not.toContain('审计记录')
  })

  it('nothing was asked of another host, and nothing failed', () => {
    expect(requests.filter((url) => !url.startsWith(origin) && !/^(data|blob):/.test(url))).toEqual([])
    expect(faults).toEqual([])
    expect(requests.length).toBeGreaterThan(100)
  })
})
