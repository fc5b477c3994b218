import { beforeAll, describe, expect, it } from 'vitest'
import { addSeconds } from '../../src/instant.ts'
import { createAirtime } from '../../src/airtime/airtime.ts'
import { groupings, totalOf } from '../../src/airtime/report.ts'
import { readCsv } from '../../src/equipment/csv.ts'
import { person, testPlayout, ZONE, type TestPlayout } from '../support/playout.ts'
import { COUNTY, FAR_VILLAGE, OTHER_VILLAGE, START, STREET, testStation, VILLAGE } from '../support/station.ts'

const DAY = { from: '2026-11-22', to: '2026-11-22' }

describe('airtime', () => {
  let test: TestPlayout
  let airtime: ReturnType<typeof createAirtime>
  beforeAll(async () => {
    test = await testPlayout()
    airtime = createAirtime({ reader: test.db, zone: ZONE })
    await test.once(10, 60, COUNTY, { class: 'daily' })
    const village = await test.once(100, 30, VILLAGE)
    const skipped = await test.once(200, 30, FAR_VILLAGE)
    const official = person(COUNTY, 'official')
    await test.beat()
    const [county] = await test.airings()
    await test.beat(10)
    for (const [terminal, seconds] of [
      [`${VILLAGE}-1`, 60],
      [`${OTHER_VILLAGE}-1`, 45.5],
    ] as const) {
      await test.receipt(county!.id, 'started', null, terminal)
      await test.receipt(county!.id, 'finished', seconds, terminal)
    }
    await test.beat(90)
    await test.receipt((await test.airings(village))[0]!.id, 'started')
    await test.receipt((await test.airings(village))[0]!.id, 'finished', 30)
    await test.playout.cancelAiring(person(), (await test.airings(skipped))[0]!.id, test.clock.now())
    await test.beat(60)
    const made = { severity: 2, title: '演练', text: '演练。', targets: [COUNTY], purpose: 'drill' } as const
    const endsAt = addSeconds(test.clock.now(), 60)
    const { alert } = await test.alerts.issue(official, { ...made, targets: [COUNTY], endsAt }, null, test.clock.now())
    const drill = (await test.airings()).find((airing) => airing.alertId === alert.id)!
    await test.receipt(drill.id, 'finished', 9)
    await test.beat(61)
  })

  it('counts what was planned beside what was reported, drills apart', async () => {
    const { total, drills } = await airtime.report(person(), { areaCode: COUNTY, ...DAY }, 'day')
    expect(total).toEqual({
      airings: 3,
      onAir: 2,
      finished: 2,
      preempted: 0,
      failed: 0,
      cancelled: 1,
      plannedSeconds: 120,
      airedSeconds: 90,
      deliveries: 10,
      heard: 3,
      plannedSpeakerSeconds: 60 * 6 + 30 * 2 + 30 * 2,
      reportedSeconds: 135.5,
    })
    expect(drills).toMatchObject({ airings: 1, heard: 1, reportedSeconds: 9 })
  })

  it.each(groupings)('by %s, the rows add up to the same', async (by) => {
    const report = await airtime.report(person(), { areaCode: COUNTY, ...DAY }, by)
    const byDay = await airtime.report(person(), { areaCode: COUNTY, ...DAY }, 'day')
    expect(report.total).toEqual(byDay.total)
    expect(totalOf(report.rows)).toEqual(report.total)
    expect(new Set(report.rows.map((row) => row.key)).size).toBe(report.rows.length)
  })

  it('a village sees its own, and of what the county aired, its own loudspeakers alone', async () => {
    const { rows } = await airtime.report(person(VILLAGE), { areaCode: VILLAGE, ...DAY }, 'area')
    expect(rows).toMatchObject([
      { key: COUNTY, airings: 1, deliveries: 2, heard: 1, plannedSpeakerSeconds: 120, reportedSeconds: 60 },
      { key: VILLAGE, airings: 1, deliveries: 2, heard: 1, reportedSeconds: 30 },
    ])
    const street = await airtime.report(person(), { areaCode: STREET, ...DAY }, 'day')
    expect(street.total).toMatchObject({ airings: 2, deliveries: 6, reportedSeconds: 135.5 })
  })

  it('each loudspeaker answers for itself, with every receipt', async () => {
    const terminals = await airtime.terminals(person(), { areaCode: COUNTY, ...DAY }, { limit: 10 })
    expect(terminals).toHaveLength(6)
    expect(terminals.find((each) => each.terminalId === `${VILLAGE}-1`)).toMatchObject({
      deliveries: 2,
      heard: 2,
      finished: 2,
      reportedSeconds: 90,
    })
    expect(
      await airtime.terminals(person(), { areaCode: COUNTY, ...DAY }, { limit: 2, after: terminals[3]!.terminalId }),
    ).toEqual(terminals.slice(4))
    const { deliveries } = await airtime.terminal(person(VILLAGE), `${VILLAGE}-1`, DAY)
    expect(deliveries.map((each) => [each.class, each.receipts.map((receipt) => receipt.kind)])).toEqual(
      expect.arrayContaining([
        ['daily', ['started', 'finished']],
        ['notice', ['started', 'finished']],
        ['drill', ['finished']],
      ]),
    )
  })

  it('what was planned the evening before stands on the day it airs, for each loudspeaker as in the sum', async () => {
    const nextDay = { from: '2026-11-23', to: '2026-11-23' }
    const id = await test.once(20 * 3600, 30, VILLAGE)
    await test.beat()
    const [airing] = await test.airings(id)
    expect(airing!.localDate).toBe('2026-11-23')
    const before = await airtime.report(person(), { areaCode: COUNTY, ...nextDay }, 'day', test.clock.now())
    expect(before).toMatchObject({ rows: [], total: { airings: 0 }, coming: { airings: 1, plannedSpeakerSeconds: 60 } })
    const span = { areaCode: VILLAGE, ...nextDay }
    expect((await airtime.terminals(person(), span, { limit: 1 }, test.clock.now()))[0]).toMatchObject({
      deliveries: 0,
    })
    await test.beat(20 * 3600)
    await test.receipt(airing!.id, 'finished', 30)
    for (const days of [DAY, nextDay]) {
      const { total } = await airtime.report(person(), { areaCode: COUNTY, ...days }, 'day', test.clock.now())
      const terminals = await airtime.terminals(person(), { areaCode: COUNTY, ...days }, { limit: 10 })
      const sum = (of: (each: (typeof terminals)[number]) => number) =>
        terminals.reduce((all, each) => all + of(each), 0)
      expect(sum((each) => each.reportedSeconds)).toBe(total.reportedSeconds)
      expect(sum((each) => each.deliveries)).toBe(total.deliveries)
    }
    const { deliveries } = await airtime.terminal(person(), `${VILLAGE}-1`, nextDay)
    expect(deliveries.map((each) => each.airingId)).toEqual([airing!.id])
  })

  it('is refused outside one’s area, backwards, and over too many days', async () => {
    const span = { areaCode: COUNTY, ...DAY }
    await expect(airtime.report(person(VILLAGE), span, 'day')).rejects.toMatchObject({ fault: 'forbidden' })
    await expect(airtime.terminal(person(FAR_VILLAGE), `${VILLAGE}-1`, DAY)).rejects.toMatchObject({
      fault: 'forbidden',
    })
    await expect(airtime.terminal(person(), 'nothing', DAY)).rejects.toMatchObject({ fault: 'not-found' })
    await expect(airtime.report(person(), { ...span, to: '2026-11-21' }, 'day')).rejects.toMatchObject({
      fault: 'invalid',
    })
    await expect(airtime.report(person(), { ...span, to: '2028-11-21' }, 'day')).rejects.toMatchObject({
      fault: 'invalid',
    })
    await expect(airtime.terminals(person(), { ...span, to: '2026-12-30' }, { limit: 1 })).rejects.toMatchObject({
      fault: 'invalid',
    })
  })

  it('goes out as JSON and as a sheet; bad questions are refused by name', async () => {
    const station = await testStation()
    const supervisor = station.as('supervisor')
    expect((await supervisor('GET', '/api/airtime')).body).toMatchObject({
      areaCode: COUNTY,
      from: '2026-11-16',
      to: '2026-11-22',
      rows: [],
    })
    for (const question of ['by=mood', 'from=yesterday', 'area=1', 'to=2026-11-22&from=2024-01-01']) {
      expect((await supervisor('GET', `/api/airtime?${question}`)).status).toBe(400)
      expect((await supervisor('GET', `/api/airtime.csv?${question}`)).status).toBe(400)
    }
    const token = await station.token('supervisor')
    const { response } = await station.call('GET', '/api/airtime.csv?by=class', { token })
    expect(response.headers.get('content-disposition')).toContain('airtime-2026-11-16-2026-11-22-class.csv')
    const sheet = readCsv(new Uint8Array(await response.arrayBuffer()))
    expect(sheet.map(({ cells }) => cells['名称'])).toEqual(['合计', '演练（不计入）', '未到时（不计入）'])
    expect((await supervisor('GET', '/api/airtime/terminals/nothing/receipts.csv')).status).toBe(404)
    expect((await supervisor('GET', '/api/airtime/terminals?limit=0')).status).toBe(400)
    expect(START).toBe(station.clock.now())
  })
})
