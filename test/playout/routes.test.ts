import { beforeAll, describe, expect, it } from 'vitest'
import {
  COUNTY,
  FAR_VILLAGE,
  OTHER_STREET,
  STREET,
  testStation,
  VILLAGE,
  type TestStation,
} from '../support/station.ts'

const DAILY = { kind: 'daily', times: ['07:30'], from: '2026-11-22' }

describe('the doors of playout', () => {
  let test: TestStation
  let bulletinId: string
  beforeAll(async () => {
    test = await testStation()
    const { station, clock } = test
    const row = { line: 1, kind: 'loudspeaker' as const, name: '喇叭', areaCode: VILLAGE, id: 'speaker-1' }
    await station.terminals.import('station', { terminals: [row], faults: [] }, clock.now())
    const draft = { areaCode: COUNTY, title: '停水通知', class: 'notice' as const, text: '明天上午停水。' }
    const bulletin = await station.bulletins.add('station', draft, clock.now())
    bulletinId = (await station.bulletins.ready('station', bulletin.id, clock.now())).id
    await station.db
      .updateTable('recordings')
      .set({ state: 'ready', hash: 'a'.repeat(64), seconds: 20, voice: 'espeak', finishedAt: clock.now() })
      .execute()
  })

  it('a bulletin is scheduled, airs, is delivered with its receipts, and is reported', async () => {
    const operator = test.as('operator')
    const made = await operator('POST', '/api/schedules', {
      bulletinId,
      targets: [STREET],
      rule: { kind: 'dates', dates: ['2026-11-22'], times: ['07:01:00'] },
    })
    expect(made.status).toBe(201)
    expect(made.body).toMatchObject({ title: '停水通知', state: 'active', nextAt: '2026-11-21T23:01:00.000Z' })
    await test.station.beat()
    const rundown = await operator('GET', `/api/rundown?area=${VILLAGE}&date=2026-11-22`)
    const [airing] = rundown.body.airings
    expect(airing).toMatchObject({
      areaCode: STREET,
      areaName: '青禾街道',
      state: 'due',
      plannedSeconds: 20,
      deliveryCount: 1,
    })
    expect((await operator('GET', '/api/overview')).body).toMatchObject({
      loudspeakers: 1,
      silent: 1,
      next: [{ airingId: airing.id, areaName: '青禾街道' }],
      onAir: [],
    })

    test.clock.push(60)
    await test.station.beat()
    expect((await operator('GET', '/api/overview')).body.onAir).toMatchObject([{ airingId: airing.id }])
    const receipt = { airingId: airing.id, at: test.clock.now(), reason: null }
    test.broker.arrive('xiangyin/v1/terminal/speaker-1/receipt', {
      receipts: [
        { ...receipt, receiptId: 'r1', kind: 'started', playedSeconds: null },
        { ...receipt, receiptId: 'r2', kind: 'finished', playedSeconds: 19.5 },
      ],
    })
    await test.station.link.settle()
    const deliveries = await operator('GET', `/api/airings/${airing.id}/deliveries`)
    expect(deliveries.body).toMatchObject({
      airing: { heardCount: 1, reportedSeconds: 19.5 },
      counts: { finished: 1 },
      deliveries: [
        { terminalId: 'speaker-1', state: 'finished', receipts: [{ kind: 'started' }, { kind: 'finished' }] },
      ],
    })
    const report = await test.as('supervisor')('GET', '/api/airtime?by=bulletin&from=2026-11-22&to=2026-11-22')
    expect(report.body.rows).toMatchObject([
      { key: bulletinId, name: '停水通知', deliveries: 1, reportedSeconds: 19.5 },
    ])

    const cancelled = await operator('POST', `/api/airings/${airing.id}/cancel`)
    expect(cancelled.body).toMatchObject({ state: 'cancelled', reason: expect.stringContaining('取消') })
    expect((await operator('POST', `/api/airings/${airing.id}/cancel`)).status).toBe(409)
  })

  it('a schedule is listed, changed, paused, resumed and ended, and the trail says by whom', async () => {
    const operator = test.as('operator')
    const { body } = await operator('POST', '/api/schedules', {
      bulletinId,
      title: '早间',
      targets: [COUNTY],
      rule: DAILY,
    })
    const patch = (change: object) => operator('PATCH', `/api/schedules/${body.id}`, change)
    expect((await patch({ title: '晨间', graceSeconds: 60 })).body).toMatchObject({ title: '晨间', graceSeconds: 60 })
    expect((await patch({ state: 'paused' })).body).toMatchObject({ state: 'paused', nextAt: null })
    expect((await patch({ state: 'active' })).body.nextAt).not.toBeNull()
    expect((await patch({ state: 'ended' })).status).toBe(200)
    expect((await patch({ state: 'active' })).status).toBe(409)
    const { schedules } = (await operator('GET', '/api/schedules?state=ended')).body
    expect(schedules).toMatchObject([{ id: body.id, bulletinTitle: '停水通知' }])
    const { entries } = (await test.as('supervisor')('GET', `/api/audit?subject=schedule&subjectId=${body.id}`)).body
    expect(entries.map((entry: { action: string }) => entry.action)).toEqual([
      'schedule.ended',
      'schedule.active',
      'schedule.paused',
      'schedule.changed',
      'schedule.added',
    ])
  })

  it.each([
    ['rule.kind', { rule: { kind: 'hourly' } }],
    ['rule.times', { rule: { ...DAILY, times: [] } }],
    ['rule.times.0', { rule: { ...DAILY, times: ['25:00'] } }],
    ['rule.from', { rule: { ...DAILY, from: '2026-02-30' } }],
    ['rule.until', { rule: { ...DAILY, until: '2026-11-01' } }],
    ['rule.weekdays.0', { rule: { ...DAILY, kind: 'weekdays', weekdays: [8] } }],
    ['rule', { rule: { kind: 'dates', dates: ['2026-11-01'], times: ['07:00'] } }],
    ['targets', { targets: [] }],
    ['targets.0', { targets: ['青禾区'] }],
    ['targets', { targets: ['370799001999'] }],
    ['targets', { targets: [COUNTY, VILLAGE] }],
    ['bulletinId', { bulletinId: 'nothing' }],
    ['bulletinId', { bulletinId: '../etc' }],
    ['graceSeconds', { graceSeconds: -1 }],
    ['title', { title: '长'.repeat(81) }],
  ])('a schedule with a bad %s is refused by name and changes nothing', async (field, change) => {
    const before = await test.station.db.selectFrom('schedules').selectAll().execute()
    const operator = test.as('operator')
    const refused = await operator('POST', '/api/schedules', { bulletinId, targets: [STREET], rule: DAILY, ...change })
    expect(refused.status).toBe(400)
    expect(refused.body.details.map((detail: { field: string }) => detail.field)).toContain(field)
    expect(await test.station.db.selectFrom('schedules').selectAll().execute()).toEqual(before)
  })

  it('malformed JSON, unknown ids and areas outside one’s own are refused', async () => {
    const token = await test.token('operator')
    expect((await test.call('POST', '/api/schedules', { token, body: '{"bulletinId":' })).status).toBe(400)
    const operator = test.as('operator', STREET)
    expect((await operator('GET', '/api/schedules/nothing')).status).toBe(404)
    expect((await operator('GET', '/api/airings/nothing')).status).toBe(404)
    expect((await operator('GET', '/api/airings/nothing/deliveries')).status).toBe(404)
    expect((await operator('GET', `/api/rundown?area=${FAR_VILLAGE}`)).status).toBe(403)
    expect((await operator('GET', `/api/rundown?area=${STREET}&date=tomorrow`)).status).toBe(400)
    expect((await operator('GET', `/api/overview?area=${OTHER_STREET}`)).status).toBe(403)
    const outside = { bulletinId, targets: [FAR_VILLAGE], rule: DAILY }
    expect((await operator('POST', '/api/schedules', outside)).status).toBe(403)
  })
})
