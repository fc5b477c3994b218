import { beforeAll, describe, expect, it } from 'vitest'
import { COUNTY, FAR_VILLAGE, STREET, testStation, VILLAGE, type TestStation } from '../support/station.ts'

const ALERT = {
  severity: 1,
  title: '山洪预警',
  text: '请立即向高处转移。',
  targets: [STREET],
  endsAt: '2026-11-22T08:00:00+08:00',
}

describe('the doors of alerts', () => {
  let test: TestStation
  beforeAll(async () => {
    test = await testStation()
    const row = { line: 1, kind: 'loudspeaker' as const, name: '喇叭', areaCode: VILLAGE, id: 'speaker-1' }
    await test.station.terminals.import('station', { terminals: [row], faults: [] }, test.clock.now())
  })

  it('an alert is on the loudspeakers’ topic when the request is answered, is read with its coverage, and is cancelled', async () => {
    const official = test.as('official')
    const { status, body } = await official('POST', '/api/alerts', ALERT)
    expect(status).toBe(201)
    expect(body).toMatchObject({
      state: 'issued',
      purpose: 'actual',
      senderName: '青禾区',
      endsAt: '2026-11-22T00:00:00.000Z',
    })
    const published = () =>
      test.broker.sent.findLast(({ topic }) => topic === `xiangyin/v1/area/${STREET}/alert`)!.payload.toString()
    expect(published()).toContain('山洪预警')
    const read = await test.as('clerk', VILLAGE)('GET', `/api/alerts/${body.id}`)
    expect(read.body).toMatchObject({ alert: { id: body.id }, coverage: { loudspeakers: 1, sent: 1, heard: 0 } })
    expect((await official('GET', '/api/alerts?state=issued')).body.alerts).toMatchObject([{ id: body.id }])
    expect((await test.call('GET', `/tv/alerts?area=${VILLAGE}`)).body.alerts).toHaveLength(1)

    const updated = await official('POST', `/api/alerts/${body.id}/update`, { text: '水位仍在上涨。' })
    expect(updated).toMatchObject({ status: 201, body: { updatesId: body.id } })
    const cancelled = await official('POST', `/api/alerts/${updated.body.id}/cancel`, { reason: '警报解除' })
    expect(cancelled.body).toMatchObject({ state: 'cancelled', endReason: '警报解除' })
    expect(published()).toContain('"entries":[]')
    expect((await test.call('GET', `/tv/alerts?area=${VILLAGE}`)).body.alerts).toHaveLength(0)
    expect((await official('POST', `/api/alerts/${body.id}/cancel`, {})).status).toBe(409)
  })

  it('the same request sent twice makes one alert', async () => {
    const token = await test.token('official')
    const options = { token, body: ALERT, headers: { 'idempotency-key': 'phone-0001' } }
    const [one, other] = [
      await test.call('POST', '/api/alerts', options),
      await test.call('POST', '/api/alerts', options),
    ]
    expect([one.status, other.status]).toEqual([201, 200])
    expect(other.body.id).toBe(one.body.id)
    const differing = { ...options, body: { ...ALERT, title: '别的' } }
    expect((await test.call('POST', '/api/alerts', differing)).status).toBe(409)
    const bad = { ...options, headers: { 'idempotency-key': 'short' } }
    expect((await test.call('POST', '/api/alerts', bad)).status).toBe(400)
  })

  it.each([
    ['severity', { severity: 0 }],
    ['severity', { severity: '1' }],
    ['title', { title: '  ' }],
    ['text', { text: '长'.repeat(301) }],
    ['text', { text: '' }],
    ['targets', { targets: [] }],
    ['targets.0', { targets: ['1'] }],
    ['targets', { targets: ['370799001999'] }],
    ['endsAt', { endsAt: undefined }],
    ['endsAt', { endsAt: '2026-11-22T08:00:00' }],
    ['endsAt', { endsAt: '2026-11-22T06:00:00+08:00' }],
    ['endsAt', { endsAt: '2026-11-24T08:00:00+08:00' }],
    ['eventCode', { eventCode: 'flood' }],
    ['purpose', { purpose: 'joke' }],
    ['repeatEverySeconds', { repeatEverySeconds: 1 }],
  ])('an alert with a bad %s is refused by name, and nothing sounds', async (field, change) => {
    const before = await test.station.db.selectFrom('airings').selectAll().execute()
    const refused = await test.as('official')('POST', '/api/alerts', { ...ALERT, ...change })
    expect(refused.status).toBe(400)
    expect(refused.body.details.map((detail: { field: string }) => detail.field)).toContain(field)
    expect(await test.station.db.selectFrom('airings').selectAll().execute()).toEqual(before)
  })

  it('who may not issue, and where one may not, is refused', async () => {
    expect((await test.as('operator')('POST', '/api/alerts', ALERT)).status).toBe(403)
    expect((await test.as('admin')('POST', '/api/alerts', ALERT)).status).toBe(403)
    const street = test.as('official', STREET)
    expect((await street('POST', '/api/alerts', { ...ALERT, targets: [FAR_VILLAGE] })).status).toBe(403)
    expect((await street('POST', '/api/alerts', { ...ALERT, targets: [COUNTY] })).status).toBe(403)
    expect((await street('GET', '/api/alerts/nothing')).status).toBe(404)
    expect((await street('POST', '/api/alerts/nothing/cancel', {})).status).toBe(404)
    const token = await test.token('official')
    expect((await test.call('POST', '/api/alerts', { token, body: 'not json' })).status).toBe(400)
    expect(
      (await test.call('POST', '/api/alerts', { token, body: { ...ALERT, text: 'x'.repeat(2_000_000) } })).status,
    ).toBe(413)
  })
})
