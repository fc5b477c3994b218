import { beforeAll, describe, expect, it } from 'vitest'
import { addPerson } from '../../src/accounts/store.ts'
import { audit } from '../../src/accounts/audit.ts'
import { FREE_ATTEMPTS } from '../../src/accounts/throttle.ts'
import { COUNTY, STREET, testStation, VILLAGE, type TestStation } from '../support/station.ts'

// Of `a-long-password`, at next to no cost: for who signs in again and again.
const CHEAP_HASH = 'scrypt$2$1$1$c2FsdA$yqPTAOqytzHbLZzc5e3Hqq_OTzLBBUzs1_7xJPbg7S8'

describe('accounts', () => {
  let test: TestStation
  beforeAll(async () => {
    test = await testStation()
  })

  it('nobody passes without signing in, and is told so in their language', async () => {
    const refused = await test.call('GET', '/api/people', { headers: { 'accept-language': 'en' } })
    expect(refused.status).toBe(401)
    expect(refused.body).toMatchObject({ fault: 'unauthorized', message: expect.stringContaining('Sign in') })
  })

  it('a session opens, says who it is, and ends', async () => {
    const person = {
      username: 'chen',
      name: '陈',
      role: 'clerk',
      areaCode: VILLAGE,
      password: 'a-long-password',
    } as const
    await test.station.accounts.addPerson('station', person, test.clock.now())
    const opened = await test.call('POST', '/api/session', { body: { username: 'chen', password: 'a-long-password' } })
    expect(opened.status).toBe(200)
    const { token } = opened.body
    expect(opened.response.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Strict/)
    const me = await test.call('GET', '/api/session', { token })
    expect(me.body).toMatchObject({ role: 'clerk', areaCode: VILLAGE })
    expect((await test.call('DELETE', '/api/session', { token })).status).toBe(204)
    expect((await test.call('GET', '/api/session', { token })).status).toBe(401)
  })

  it('a cookie alone changes nothing when the request comes from another site', async () => {
    const token = await test.token('admin')
    const cookie = { cookie: `xiangyin_session=${token}` }
    const body = { username: 'fang', name: '方', role: 'clerk', areaCode: VILLAGE, password: 'a-long-password' }
    expect((await test.call('POST', '/api/people', { headers: cookie, body })).status).toBe(403)
    expect(
      (await test.call('POST', '/api/people', { headers: { ...cookie, 'sec-fetch-site': 'cross-site' }, body })).status,
    ).toBe(403)
    expect(
      (await test.call('POST', '/api/people', { headers: { ...cookie, 'sec-fetch-site': 'same-origin' }, body }))
        .status,
    ).toBe(201)
  })

  it('a person outside the area, a taken name and an unknown area are refused by name', async () => {
    const street = test.as('admin', STREET)
    const person = {
      username: 'liang',
      name: '梁',
      role: 'clerk',
      areaCode: '370799002200',
      password: 'a-long-password',
    }
    expect((await street('POST', '/api/people', person)).status).toBe(403)
    const county = test.as('admin')
    expect((await county('POST', '/api/people', { ...person, areaCode: '370799009999' })).body.details[0].field).toBe(
      'areaCode',
    )
    expect((await county('POST', '/api/people', person)).status).toBe(201)
    expect((await county('POST', '/api/people', person)).status).toBe(409)
    const bad = await county('POST', '/api/people', { ...person, username: 'X', password: 'short' })
    expect(bad.status).toBe(400)
    expect(bad.body.details.map((detail: { field: string }) => detail.field)).toEqual(['username', 'password'])
  })

  it('disabling a person ends their sessions, and the trail says who did it', async () => {
    const admin = test.as('admin')
    const added = await admin('POST', '/api/people', {
      username: 'zhou',
      name: '周',
      role: 'clerk',
      areaCode: VILLAGE,
      password: 'a-long-password',
    })
    const { token } = (
      await test.call('POST', '/api/session', { body: { username: 'zhou', password: 'a-long-password' } })
    ).body
    expect((await test.call('GET', '/api/session', { token })).status).toBe(200)
    expect((await admin('PATCH', `/api/people/${added.body.id}`, { isDisabled: true })).status).toBe(200)
    expect((await test.call('GET', '/api/session', { token })).status).toBe(401)
    const { entries } = (await admin('GET', `/api/audit?subject=person&subjectId=${added.body.id}`)).body
    expect(entries.map((entry: { action: string }) => entry.action)).toEqual(['person.changed', 'person.added'])
    expect(entries[0]).toMatchObject({ role: 'admin', before: { disabledAt: null } })
    expect(JSON.stringify(entries)).not.toContain('scrypt')
  })

  it('a person changes their own password, and their other sessions end', async () => {
    const person = {
      username: 'sun',
      name: '孙',
      role: 'clerk',
      areaCode: VILLAGE,
      password: 'a-long-password',
    } as const
    await test.station.accounts.addPerson('station', person, test.clock.now())
    const signIn = (password: string) => test.call('POST', '/api/session', { body: { username: 'sun', password } })
    const here = (await signIn('a-long-password')).body.token
    const elsewhere = (await signIn('a-long-password')).body.token
    const change = (body: unknown) => test.call('PUT', '/api/session/password', { token: here, body })
    expect((await change({ current: 'wrong', next: 'another-password' })).status).toBe(403)
    expect((await change({ current: 'a-long-password', next: 'short' })).status).toBe(400)
    expect((await change({ current: 'a-long-password', next: 'another-password' })).status).toBe(204)
    expect((await test.call('GET', '/api/session', { token: elsewhere })).status).toBe(401)
    expect((await signIn('a-long-password')).status).toBe(401)
    const again = (await signIn('another-password')).body.token
    const { sessions } = (await test.call('GET', '/api/sessions', { token: here })).body
    expect(sessions).toHaveLength(2)
    const other = sessions.find((session: { isThis: boolean }) => !session.isThis)
    expect((await test.call('DELETE', `/api/sessions/${other.id}`, { token: here })).status).toBe(204)
    expect((await test.call('DELETE', `/api/sessions/${other.id}`, { token: here })).status).toBe(404)
    expect((await test.call('GET', '/api/session', { token: again })).status).toBe(401)
  })

  it('the trail of one county is not shown to another, and what belongs to no area only to whom nobody stands above', async () => {
    const row = {
      at: test.clock.now(),
      by: 'station',
      action: 'item.published',
      subject: 'trail',
      subjectId: 'x',
    } as const
    await audit(test.station.db, { ...row, id: 'trail-mine', areaCode: VILLAGE })
    await audit(test.station.db, { ...row, id: 'trail-other-county', areaCode: '370798000000' })
    await audit(test.station.db, { ...row, id: 'trail-no-area', areaCode: null })
    const seen = async (areaCode: string): Promise<string[]> => {
      const { entries } = (await test.as('supervisor', areaCode)('GET', '/api/audit?subject=trail')).body
      return entries.map((entry: { id: string }) => entry.id)
    }
    expect(await seen(COUNTY)).toEqual(['trail-no-area', 'trail-mine'])
    expect(await seen(STREET)).toEqual(['trail-mine'])
  })

  it('guessing is throttled, and waiting helps', async () => {
    const guess = (password: string) => test.call('POST', '/api/session', { body: { username: 'chen', password } })
    for (let attempt = 0; attempt < FREE_ATTEMPTS; attempt++) expect((await guess('wrong-password')).status).toBe(401)
    const refused = await guess('a-long-password')
    expect(refused.status).toBe(429)
    expect(Number(refused.response.headers.get('retry-after'))).toBeGreaterThan(0)
    test.clock.push(61)
    expect((await guess('a-long-password')).status).toBe(200)
  })

  it('of many guesses at once no more are looked at than of guesses one by one', async () => {
    const guess = () => test.call('POST', '/api/session', { body: { username: 'nobody', password: 'wrong' } })
    const answers = await Promise.all(Array.from({ length: 30 }, guess))
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(FREE_ATTEMPTS)
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(30 - FREE_ATTEMPTS)
  })
})

describe('behind a proxy', () => {
  const clerks = Array.from({ length: 24 }, (_, index) => `clerk${index}`)
  let test: TestStation
  beforeAll(async () => {
    test = await testStation({}, { TRUSTED_PROXIES: '1', PUBLIC_URL: 'https://station.test' })
    const person = {
      role: 'clerk',
      areaCode: VILLAGE,
      passwordHash: CHEAP_HASH,
      telephone: null,
      disabledAt: null,
    } as const
    for (const username of ['chen', ...clerks]) {
      await addPerson(test.station.db, { ...person, id: username, username, name: '员', createdAt: test.clock.now() })
    }
  })
  const signIn = (password: string, forwarded: string, username = 'chen') =>
    test.call('POST', '/api/session', { body: { username, password }, headers: { 'x-forwarded-for': forwarded } })

  it('a stranger who guesses locks himself out and not the official, whatever he writes before his address', async () => {
    for (let attempt = 0; attempt < FREE_ATTEMPTS; attempt++) {
      expect((await signIn('wrong', `10.0.0.${attempt}, 203.0.113.9`)).status).toBe(401)
    }
    expect((await signIn('a-long-password', '10.0.0.99, 203.0.113.9')).status).toBe(429)
    expect((await signIn('a-long-password', '198.51.100.7')).status).toBe(200)
  })

  it('an office that mistypes now and then is forgiven whenever one of them signs in, and waits when none does', async () => {
    const office = '198.51.100.8'
    const mistype = async (from: number, to: number): Promise<void> => {
      for (const clerk of clerks.slice(from, to)) {
        for (let attempt = 1; attempt < FREE_ATTEMPTS; attempt++) await signIn('typo', office, clerk)
      }
    }
    await mistype(0, 12)
    expect((await signIn('a-long-password', office)).status).toBe(200)
    await mistype(12, 24)
    expect((await signIn('typo', office)).status).toBe(401)
    expect((await signIn('typo', office, 'somebody')).status).toBe(401)
    expect((await signIn('a-long-password', office)).status).toBe(429)
  })

  it('the cookie of a station that is reached by HTTPS travels by nothing else', async () => {
    const { response } = await signIn('a-long-password', '198.51.100.7')
    expect(response.headers.get('set-cookie')).toContain('Secure')
  })
})
