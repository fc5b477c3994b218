import { Parser } from 'acorn'
import { beforeAll, describe, expect, it } from 'vitest'
import { addSeconds } from '../../src/instant.ts'
import { addHousehold, draftOf, publish } from '../support/content.ts'
import { OTHER_VILLAGE, testStation, VILLAGE, type TestStation } from '../support/station.ts'

describe('television on the station', () => {
  let test: TestStation
  let boxes: { ours: string; theirs: string }
  const page = async (path: string, headers: Record<string, string> = {}) => {
    const { status, response } = await test.call('GET', path, { headers })
    return { status, headers: response.headers, html: await response.text() }
  }

  beforeAll(async () => {
    test = await testStation()
    await addHousehold(test, 'ours')
    await addHousehold(test, 'theirs')
    const terminals = ['ours', 'theirs'].map((householdId, index) => ({
      line: index + 1,
      kind: 'box' as const,
      name: '机顶盒',
      areaCode: VILLAGE,
      householdId,
    }))
    const made = await test.station.terminals.import('station', { terminals, faults: [] }, test.clock.now())
    const [ours, theirs] = made.credentials.map(({ token }) => token)
    boxes = { ours: ours!, theirs: theirs! }
    await publish(test, draftOf('notice', { columnId: 'my-messages', householdId: 'ours', title: '您家的补贴到账' }))
    await publish(test, draftOf('article', { title: '本村低保名单公示' }))
  })

  it('a village’s home shows what its feed holds', async () => {
    const { status, html, headers } = await page(`/tv/?area=${VILLAGE}`)
    expect(status).toBe(200)
    expect(headers.get('content-type')).toContain('text/html')
    expect(html).toContain('本村低保名单公示')
    expect((await page(`/tv/?area=${OTHER_VILLAGE}`)).html).not.toContain('本村低保名单公示')
  })

  it('a box hands its credential over once, keeps it as a cookie, and is at home from then on', async () => {
    const first = await page(`/tv/?token=${boxes.ours}&area=${VILLAGE}`)
    expect(first.status).toBe(302)
    expect(first.headers.get('location')).toBe(`./?area=${VILLAGE}`)
    const cookie = /xiangyin_box=[^;]+/.exec(first.headers.get('set-cookie') ?? '')![0]
    expect(first.headers.get('set-cookie')).toMatch(/HttpOnly/)
    const home = await page('/tv/', { cookie })
    expect(home.html).toContain('您家的补贴到账')
    expect(home.headers.get('set-cookie')).toContain('Max-Age=34560000')
    expect((await page('/tv/?token=b_wrong')).headers.get('set-cookie')).toBeNull()
  })

  it('the cookie of a box travels by HTTPS alone where the station is reached by it', async () => {
    const secure = await testStation({}, { PUBLIC_URL: 'https://station.test' })
    const row = { line: 1, kind: 'box' as const, name: '机顶盒', areaCode: VILLAGE }
    const made = await secure.station.terminals.import('station', { terminals: [row], faults: [] }, secure.clock.now())
    const { response } = await secure.call('GET', `/tv/?token=${made.credentials[0]!.token}`)
    expect(response.headers.get('set-cookie')).toContain('Secure')
  })

  it('a household’s items reach its own box, whoever else is signed in there, and no other', async () => {
    const section = `/tv/section?area=${VILLAGE}&section=household`
    const staff = `xiangyin_session=${await test.token('admin')}`
    expect((await page(section, { cookie: `xiangyin_box=${boxes.ours}` })).html).toContain('您家的补贴到账')
    expect((await page(section, { cookie: `${staff}; xiangyin_box=${boxes.ours}` })).html).toContain('您家的补贴到账')
    for (const cookie of [`xiangyin_box=${boxes.theirs}`, staff, 'xiangyin_box=nonsense', '']) {
      const { status, html } = await page(section, { cookie })
      expect(status).toBe(200)
      expect(html).not.toContain('您家的补贴到账')
    }
  })

  it('what is not there is a page of the television with status 404', async () => {
    for (const path of [
      '/tv/?area=1',
      `/tv/item?area=${VILLAGE}&item=x`,
      '/tv/column',
      `/tv/section?area=${VILLAGE}`,
    ]) {
      const { status, html } = await page(path)
      expect([path, status]).toEqual([path, 404])
      expect(html).toContain('id="stage"')
    }
  })

  it('pages are never kept, may load nothing from elsewhere, and the script is kept for ever', async () => {
    const { html, headers } = await page(`/tv/?area=${VILLAGE}`)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    const script = await page(`/tv/${/src="(portal\.js\?v=[0-9a-f]+)"/.exec(html)![1]}`)
    expect(script.headers.get('cache-control')).toContain('immutable')
    expect(script.headers.get('content-type')).toContain('javascript')
  })

  it('the script is one that the oldest engine can read', async () => {
    const script = (await page('/tv/portal.js')).html
    expect(Parser.parse(script, { ecmaVersion: 5 }).type).toBe('Program')
    expect(() => Parser.parse(`${script}; const a = () => 1`, { ecmaVersion: 5 })).toThrow()
    expect(script).toContain('"461":"back"')
    expect(script).not.toMatch(/\bfetch\(|addEventListener|querySelector|classList|dataset/)
  })

  it('alerts are answered with a tag, and with 304 while nothing changed', async () => {
    const silent = await test.call('GET', `/tv/alerts?area=${VILLAGE}`)
    expect(silent.body).toEqual({ alerts: [] })
    const etag = silent.response.headers.get('etag')!
    const again = await test.call('GET', `/tv/alerts?area=${VILLAGE}`, { headers: { 'if-none-match': etag } })
    expect(again.status).toBe(304)
    expect(silent.response.headers.get('cache-control')).toBe('public, max-age=1')
  })

  it('an area that is no area code is refused by name, and not answered as if all were calm', async () => {
    for (const query of ['?area=zz', '?area=', '']) {
      const { status, body } = await test.call('GET', `/tv/alerts${query}`)
      expect([query, status, body.fault]).toEqual([query, 400, 'invalid'])
      expect(body.details[0].field).toBe('area')
    }
  })

  it('an alert is answered at once when it is issued, and gone at once when it is cancelled', async () => {
    const official = test.as('official')
    const asked = async () => (await test.call('GET', `/tv/alerts?area=${VILLAGE}`)).body.alerts.length
    expect(await asked()).toBe(0)
    const endsAt = addSeconds(test.clock.now(), 600)
    const { body } = await official('POST', '/api/alerts', {
      severity: 1,
      title: '暴雨',
      text: '请转移。',
      targets: [VILLAGE],
      endsAt,
    })
    expect(await asked()).toBe(1)
    await official('POST', `/api/alerts/${body.id}/cancel`, {})
    expect(await asked()).toBe(0)
  })

  it('the address without its slash leads to the portal, below any prefix', async () => {
    const { status, headers } = await page('/tv')
    expect([status, headers.get('location')]).toEqual([308, 'tv/'])
  })

  it('the listening page names its village, and says what plays and what comes', async () => {
    const { status, html } = await page(`/listen/${VILLAGE}`)
    expect(status).toBe(200)
    expect(html).toContain('柳树庄村')
    expect(html).toContain('青禾区 · 青禾街道')
    expect(html).not.toMatch(/https?:/)
    const { body } = await test.call('GET', `/listen/${VILLAGE}/now`)
    expect(body).toEqual({ now: null, next: [] })
    expect((await page('/listen/listen.js')).headers.get('cache-control')).toContain('immutable')
  })

  it('a village that does not exist has no listening page and plays nothing', async () => {
    const { status, html } = await page('/listen/370799009999')
    expect(status).toBe(404)
    expect(html).toContain('没有找到这个村')
    expect((await test.call('GET', '/listen/370799009999/now')).body.fault).toBe('not-found')
    expect((await test.call('GET', '/listen/%3Cscript%3E/now')).status).toBe(404)
  })
})
