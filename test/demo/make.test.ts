import { beforeAll, describe, expect, it } from 'vitest'
import { signIns } from '../../src/demo/people.ts'
import { demoMark } from '../../src/demo/store.ts'
import { hashOf } from '../../src/equipment/store.ts'
import { demoCounty } from '../../src/demo/county.ts'
import { demoBox } from '../../src/demo/make.ts'
import { madeCounty } from '../support/county.ts'
import { testStation, VILLAGE, type TestStation } from '../support/station.ts'

const TABLES = [
  'areas',
  'households',
  'items',
  'bulletins',
  'schedules',
  'airings',
  'deliveries',
  'receipts',
  'alerts',
  'terminals',
] as const

async function contentsOf({ station }: TestStation): Promise<string> {
  const rows = await Promise.all(TABLES.map((table) => station.db.selectFrom(table).selectAll().execute()))
  return hashOf(JSON.stringify(rows.map((table) => table.map((row) => JSON.stringify(row)).sort())))
}

describe('making the demo county', () => {
  let test: TestStation
  beforeAll(async () => {
    ;({ test } = await madeCounty({ signIns: true }))
  })

  it('makes the same rows again in another place', async () => {
    const { test: other } = await madeCounty()
    expect(await contentsOf(other)).toBe(await contentsOf(test))
  })

  it('opens to each of its five sign-ins, with their role and area', async () => {
    for (const role of ['admin', 'clerk', 'operator', 'official', 'supervisor']) {
      const signedIn = await test.call('POST', '/api/session', { body: { username: role, password: `demo-${role}` } })
      expect(signedIn.status, role).toBe(200)
      const me = await test.call('GET', '/api/session', { token: signedIn.body.token })
      expect(me.body).toMatchObject({ role, areaCode: role === 'clerk' ? VILLAGE : '370799000000' })
    }
  })

  it('gives a station that is no demo none of them, and no mark', async () => {
    const real = await testStation()
    expect(await demoMark(real.station.db)).toBeUndefined()
    for (const { username, password } of signIns(demoCounty())) {
      const refused = await real.call('POST', '/api/session', { body: { username, password } })
      expect(refused.status, username).toBe(401)
    }
  })

  it('lets nobody in as the staff of streets and villages, whose passwords nobody set', async () => {
    const people = await test.as('admin')('GET', '/api/people')
    expect(people.status, JSON.stringify([people.body, test.notes.at(-1)])).toBe(200)
    const clerk = people.body.people.find((person: { username: string }) => person.username.startsWith('clerk-'))
    for (const password of ['none', '', 'demo-clerk', `demo-${clerk.username}`]) {
      const refused = await test.call('POST', '/api/session', { body: { username: clerk.username, password } })
      expect(refused.status).not.toBe(200)
    }
  })

  it('shows a village its county, street and own section, and a household its own besides', async () => {
    const open = await test.call('GET', `/feeds/${VILLAGE}`)
    expect(open.status).toBe(200)
    const columns = open.body.sections.flatMap((section: { columns: { items: unknown[] }[] }) => section.columns)
    expect(columns).toHaveLength(21)
    expect(columns.every((column: { items: unknown[] }) => column.items.length > 0)).toBe(true)
    const own = await test.call('GET', '/feeds/household', { token: demoBox().token })
    expect(own.status).toBe(200)
    expect(own.body.sections).toHaveLength(4)
    expect(own.body.sections[3].columns.every((column: { items: unknown[] }) => column.items.length > 0)).toBe(true)
  })

  it('has every voucher of its ledgers in the register of pictures', async () => {
    const known = new Set(
      (await test.station.db.selectFrom('pictures').select('hash').execute()).map(({ hash }) => hash),
    )
    const ledgers = await test.station.db
      .selectFrom('items')
      .select('contentJson')
      .where('columnId', '=', 'finance')
      .execute()
    expect(ledgers.length).toBeGreaterThan(30)
    const vouchers = ledgers.flatMap(({ contentJson }) =>
      JSON.parse(contentJson).lines.flatMap((line: { direction: string; vouchers: string[] }) =>
        line.direction === 'expense' ? (line.vouchers.length > 0 ? line.vouchers : ['missing']) : [],
      ),
    )
    expect(vouchers.filter((hash: string) => !known.has(hash))).toEqual([])
  })

  it('leaves a past that adds up: an airing reports what its loudspeakers did', async () => {
    const airings = await test.station.db.selectFrom('airings').selectAll().where('endedAt', 'is not', null).execute()
    expect(airings.length).toBeGreaterThan(60)
    expect(airings.every((airing) => airing.dueAt < test.clock.now() && airing.endedAt! <= test.clock.now())).toBe(true)
    const sums = await test.station.db
      .selectFrom('deliveries')
      .select((expression) => ['airingId', expression.fn.sum<number>('playedSeconds').as('seconds')])
      .groupBy('airingId')
      .execute()
    const seconds = new Map(sums.map((row) => [row.airingId, row.seconds]))
    for (const airing of airings) expect(airing.reportedSeconds).toBeCloseTo(seconds.get(airing.id) ?? 0, 6)
    expect(airings.some((airing) => airing.class === 'drill')).toBe(true)
  })

  it('plans the days to come by its own beat, and never again what lies behind', async () => {
    const before = await test.station.db.selectFrom('airings').select('id').execute()
    const { faults } = await test.station.beat()
    expect(faults).toEqual([])
    const coming = await test.station.db.selectFrom('airings').selectAll().where('endedAt', 'is', null).execute()
    expect(coming.length).toBeGreaterThan(2)
    expect(coming.every((airing) => airing.dueAt >= test.clock.now())).toBe(true)
    expect((await test.station.db.selectFrom('airings').select('id').execute()).length).toBe(
      before.length + coming.length,
    )
  })

  it('refuses to stand beside a county that people made', async () => {
    await expect(madeCounty({}, test)).rejects.toThrow()
    expect((await demoMark(test.station.db))?.villages).toBe(3)
  })
})
