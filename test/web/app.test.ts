import { beforeAll, describe, expect, it } from 'vitest'
import { JSON_BODY_LIMIT_BYTES } from '../../src/web/app.ts'
import { testStation, VILLAGE, type TestStation } from '../support/station.ts'

describe('the doors', () => {
  let test: TestStation
  let token: string
  beforeAll(async () => {
    test = await testStation()
    token = await test.token('admin')
  })

  const person = { username: 'qian', name: '钱', role: 'clerk', areaCode: VILLAGE, password: 'a-long-password' }

  it.each([
    ['malformed JSON', '{"username": ', 400, 'invalid'],
    ['JSON that is not an object', '[]', 400, 'invalid'],
    ['a null', 'null', 400, 'invalid'],
    ['an unknown role', JSON.stringify({ ...person, role: 'king' }), 400, 'invalid'],
    ['a short code', JSON.stringify({ ...person, areaCode: '3707' }), 400, 'invalid'],
    ['a code of letters', JSON.stringify({ ...person, areaCode: 'x'.repeat(12) }), 400, 'invalid'],
  ])('refuse %s, and nothing changes', async (_, body, status, fault) => {
    const before = await test.call('GET', '/api/people', { token })
    const answer = await test.call('POST', '/api/people', { token, body })
    expect([answer.status, answer.body.fault]).toEqual([status, fault])
    expect((await test.call('GET', '/api/people', { token })).body).toEqual(before.body)
  })

  it('name the field, in the language that was asked for', async () => {
    const body = { ...person, areaCode: '3707' }
    const chinese = await test.call('POST', '/api/people', { token, body })
    expect(chinese.body.details).toEqual([{ field: 'areaCode', message: '应为 12 位数字的区划代码' }])
    const english = await test.call('POST', '/api/people', { token, body, headers: { 'accept-language': 'en-GB' } })
    expect(english.body.details).toEqual([{ field: 'areaCode', message: 'must be a division code of 12 digits' }])
  })

  it.each([
    [{ ...person, username: 5 }, 'username', '应为文字', 'must be text'],
    [{ ...person, username: undefined }, 'username', '必填', 'is required'],
    [{ ...person, name: '' }, 'name', '不能为空', 'must not be empty'],
    [{ ...person, password: 'short' }, 'password', '至少 8 个字', 'has at least 8 characters'],
    [{ ...person, name: '长'.repeat(41) }, 'name', '最多 40 个字', 'has at most 40 characters'],
  ])('say in plain words what would be right: %j', async (body, field, zh, en) => {
    const ask = (language: string) =>
      test.call('POST', '/api/people', { token, body, headers: { 'accept-language': language } })
    expect((await ask('zh')).body.details).toEqual([{ field, message: zh }])
    expect((await ask('en')).body.details).toEqual([{ field, message: en }])
  })

  it('name every choice there is', async () => {
    const { body } = await test.call('POST', '/api/people', { token, body: { ...person, role: 'king' } })
    expect(body.details).toEqual([
      { field: 'role', message: '应为其中之一：admin、clerk、operator、official、supervisor' },
    ])
  })

  it('refuse a body one byte over the limit, and take one at it', async () => {
    const sized = (bytes: number): string => {
      const text = JSON.stringify({ ...person, name: '' })
      return text.replace('"name":""', `"name":"${'a'.repeat(bytes - text.length)}"`)
    }
    const at = await test.call('POST', '/api/people', { token, body: sized(JSON_BODY_LIMIT_BYTES) })
    expect(at.status).toBe(400)
    const over = await test.call('POST', '/api/people', { token, body: sized(JSON_BODY_LIMIT_BYTES + 1) })
    expect([over.status, over.body.message]).toEqual([413, '提交的内容超过 1024 KB'])
  })

  it('answer an address that nothing stands at', async () => {
    expect((await test.call('GET', '/api/nothing')).body).toMatchObject({ fault: 'not-found' })
  })

  it.each(['', 'Bearer', 'Bearer x', `Bearer ${'a'.repeat(5000)}`, 'Basic YWRtaW46YWRtaW4=', 'Bearer s_00\u00e9'])(
    'take no token of the form %j',
    async (authorization) => {
      const answer = await test.call('GET', '/api/people', { headers: authorization ? { authorization } : {} })
      expect(answer.status).toBe(401)
    },
  )

  it('a failure of our own is answered without its inside, and journalled with it', async () => {
    const broken = await testStation({ clock: () => 'never' })
    const answer = await broken.call('POST', '/api/session', { body: { username: 'a', password: 'b' } })
    expect(answer.body).toEqual({ fault: 'internal', message: '平台内部出错，已记录', details: [] })
    expect(broken.notes.at(-1)).toMatchObject({ level: 'error', message: 'a request failed by our own fault' })
  })
})

describe('documents', () => {
  let test: TestStation
  beforeAll(async () => {
    test = await testStation()
  })

  it('the station says that it lives, that it is ready, and how it does', async () => {
    expect((await test.call('GET', '/healthz')).body).toEqual({ status: 'alive' })
    expect((await test.call('GET', '/readyz')).body).toEqual({ status: 'ready' })
    await test.station.beat()
    const metrics = await (await test.call('GET', '/metrics')).response.text()
    expect(metrics).toContain('process_cpu_user_seconds_total')
    expect(metrics).toMatch(/xiangyin_beat_seconds_count 1/)
    expect(metrics).toMatch(/xiangyin_loudspeakers\{state="online"\} 0/)
  })

  it('a station whose database is gone is alive and not ready', async () => {
    const gone = await testStation()
    await gone.station.close()
    expect((await gone.call('GET', '/healthz')).status).toBe(200)
    expect((await gone.call('GET', '/readyz')).status).toBe(503)
  })

  it('the API document describes every route, and its page loads nothing from elsewhere', async () => {
    const { body } = await test.call('GET', '/openapi.json')
    expect(body.openapi).toBe('3.1.0')
    for (const [path, methods] of Object.entries(body.paths as Record<string, Record<string, { summary?: string }>>)) {
      for (const [method, route] of Object.entries(methods))
        expect([method, path, route.summary]).toEqual([method, path, expect.any(String)])
    }
    const page = await (await test.call('GET', '/docs')).response.text()
    const addresses = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1]!)
    expect(addresses.length).toBeGreaterThan(1)
    for (const address of addresses) {
      expect(address).toMatch(/^\/docs\//)
      expect((await test.call('GET', address)).status).toBe(200)
    }
    expect((await test.call('GET', '/docs/package.json')).status).toBe(404)
  })
})
