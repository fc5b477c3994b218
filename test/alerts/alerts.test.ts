import { beforeEach, describe, expect, it } from 'vitest'
import type { NewAlert } from '../../src/alerts/alerts.ts'
import { topics } from '../../src/codecs/speaker-link.ts'
import { hashOf } from '../../src/equipment/store.ts'
import { addSeconds } from '../../src/instant.ts'
import { rememberingBroker } from '../support/broker.ts'
import { person, testPlayout, type TestPlayout } from '../support/playout.ts'
import { COUNTY, FAR_VILLAGE, OTHER_VILLAGE, STREET, testStation, VILLAGE } from '../support/station.ts'

describe('alerts', () => {
  let test: TestPlayout
  beforeEach(async () => {
    test = await testPlayout()
  })
  const issue = async (change: Partial<NewAlert> = {}, key: string | null = null, areaCode = COUNTY) => {
    const made: NewAlert = {
      purpose: 'actual',
      severity: 2,
      title: '大风预警',
      text: '请远离临时搭建物。',
      targets: [areaCode],
      endsAt: addSeconds(test.clock.now(), 600),
      ...change,
    }
    return test.alerts.issue(person(areaCode, 'official'), made, key, test.clock.now())
  }
  const official = person(COUNTY, 'official')

  it('takes the area over before the request is answered, siren first, words as soon as they are spoken', async () => {
    const id = await test.once(10, 300)
    await test.beat()
    await test.beat(10)
    test.clock.push(5)
    const { alert, isNew } = await issue()
    expect(isNew).toBe(true)
    const [entry] = test.link.alerts.get(COUNTY)!
    expect(entry).toMatchObject({ class: 'alert', hash: hashOf('alert 2'), repeatEverySeconds: 180, volume: 90 })
    expect((await test.airings(id))[0]).toMatchObject({ state: 'pre-empted', playedSeconds: 5 })
    expect(await test.playout.nowPlaying(VILLAGE, test.clock.now())).toMatchObject({ alertId: alert.id, seconds: 9 })
    expect(await test.alerts.activeAlerts(VILLAGE, test.clock.now())).toMatchObject([{ id: alert.id }])

    await test.record(alert.recordingKey!, 25)
    await test.beat(2)
    expect(test.link.alerts.get(COUNTY)).toMatchObject([
      { hash: hashOf(`recording ${alert.recordingKey}`), seconds: 25 },
    ])
    expect(await test.playout.nowPlaying(VILLAGE, addSeconds(test.clock.now(), 4))).toMatchObject({
      seconds: 25,
      positionSeconds: 6,
    })
  })

  it('its end brings back what it took, clears the link and is for ever', async () => {
    const id = await test.once(10, 300)
    await test.beat()
    await test.beat(10)
    await issue({ endsAt: addSeconds(test.clock.now(), 120) })
    await test.beat(120)
    await test.alerts.expire(test.clock.now())
    expect(test.link.alerts.get(COUNTY)).toEqual([])
    expect((await test.airings(id))[0]).toMatchObject({ state: 'on-air' })
    expect(await test.alerts.activeAlerts(VILLAGE, test.clock.now())).toEqual([])
    const [listed] = await test.alerts.list(official, COUNTY, { limit: 10 })
    expect(listed).toMatchObject({ state: 'expired', endedAt: test.clock.now() })
    for (let minute = 0; minute < 10; minute += 1) await test.beat(60)
    expect((await test.airings()).map((airing) => airing.state)).toEqual(['aired', 'aired'])
  })

  it('cancelling is heard at once, and only once', async () => {
    const { alert } = await issue()
    const cancelled = await test.alerts.cancel(official, alert.id, '误报', test.clock.push(20))
    expect(cancelled).toMatchObject({ state: 'cancelled', endReason: '误报', endedBy: official.id })
    expect(test.link.alerts.get(COUNTY)).toEqual([])
    expect((await test.airings())[0]).toMatchObject({ state: 'cancelled', playedSeconds: 9 })
    await expect(test.alerts.cancel(official, alert.id, null, test.clock.now())).rejects.toMatchObject({
      fault: 'conflict',
    })
    await expect(test.alerts.update(official, alert.id, { title: '新' }, test.clock.now())).rejects.toMatchObject({
      fault: 'conflict',
    })
  })

  it('an update replaces words and end without a gap', async () => {
    const { alert } = await issue()
    test.clock.push(30)
    const endsAt = addSeconds(test.clock.now(), 3600)
    const updated = await test.alerts.update(
      official,
      alert.id,
      { text: '风力增强。', severity: 1, endsAt },
      test.clock.now(),
    )
    expect(updated).toMatchObject({ updatesId: alert.id, severity: 1, title: alert.title, text: '风力增强。', endsAt })
    expect((await test.alerts.read(official, alert.id)).alert.state).toBe('updated')
    expect(test.link.alerts.get(COUNTY)).toMatchObject([{ untilAt: endsAt, hash: hashOf('alert 1') }])
    expect((await test.airings()).map((airing) => airing.state).sort()).toEqual(['cancelled', 'on-air'])
    const rows = await test.db
      .selectFrom('audit')
      .selectAll()
      .where('action', 'like', 'alert.%')
      .orderBy('id')
      .execute()
    expect(rows.map(({ action, beforeJson, afterJson }) => [action, idIn(beforeJson), idIn(afterJson)])).toEqual([
      ['alert.issued', undefined, alert.id],
      ['alert.updated', alert.id, updated.id],
    ])
  })

  it('its end stands on record before the beat tells the loudspeakers', async () => {
    const broker = rememberingBroker()
    const states: (string | undefined)[] = []
    const whole = await testStation({
      broker: async (gate) => {
        const own = await broker.make(gate)
        return {
          ...own,
          publish: async (...message) => {
            if (message[0] === topics.alert(COUNTY)) {
              const alert = await whole.station.db.selectFrom('alerts').select('state').executeTakeFirst()
              states.push(alert?.state)
            }
            return own.publish(...message)
          },
        }
      },
    })
    const endsAt = addSeconds(whole.clock.now(), 60)
    const made = { severity: 1, title: '险情', text: '转移', targets: [COUNTY], endsAt }
    expect((await whole.as('official')('POST', '/api/alerts', made)).status).toBe(201)
    whole.clock.push(60)
    await whole.station.beat()
    expect(states).toEqual(['issued', 'expired'])
  })

  it('a repeated request makes one alert; the same key for something else is a conflict', async () => {
    const key = 'telephone-1'
    const [one, other] = await Promise.all([issue({}, key), issue({}, key)])
    expect(one.isNew).not.toBe(other.isNew)
    expect(one.alert.id).toBe(other.alert.id)
    expect((await issue({}, key)).alert.id).toBe(one.alert.id)
    await expect(issue({ title: '别的' }, key)).rejects.toMatchObject({ fault: 'conflict' })
    expect(await test.airings()).toHaveLength(1)
  })

  it.each([
    ['the lesser first', 3, 1],
    ['the graver first', 1, 3],
  ] as const)('of two emergencies in one place the graver is heard, %s', async (_, first, second) => {
    await issue({ severity: first })
    test.clock.push(20)
    await issue({ severity: second })
    const playing = await test.playout.nowPlaying(VILLAGE, test.clock.now())
    const [graver] = (await test.alerts.list(official, COUNTY, { limit: 10 })).filter((each) => each.severity === 1)
    expect(playing?.alertId).toBe(graver!.id)
    expect(test.link.alerts.get(COUNTY)).toHaveLength(2)
    await test.alerts.cancel(official, graver!.id, null, test.clock.push(30))
    expect((await test.playout.nowPlaying(VILLAGE, test.clock.now()))?.alertId).not.toBe(graver!.id)
  })

  it("a village's own alert takes its village alone", async () => {
    const id = await test.once(10, 300)
    await test.beat()
    await test.beat(10)
    await issue({}, null, VILLAGE)
    expect((await test.airings(id))[0]?.state).toBe('on-air')
    expect((await test.playout.nowPlaying(VILLAGE, test.clock.now()))?.class).toBe('alert')
    expect((await test.playout.nowPlaying(OTHER_VILLAGE, test.clock.now()))?.class).toBe('notice')
    expect(await test.alerts.activeAlerts(FAR_VILLAGE, test.clock.now())).toEqual([])
  })

  it('an actual alert goes before a drill, whoever holds the drill', async () => {
    await issue({ purpose: 'drill', severity: 1 })
    test.clock.push(5)
    await issue({ severity: 4 }, null, VILLAGE)
    expect((await test.playout.nowPlaying(VILLAGE, test.clock.now()))?.class).toBe('alert')
    expect((await test.playout.nowPlaying(OTHER_VILLAGE, test.clock.now()))?.class).toBe('drill')
  })

  it('the station killed in the middle of an alert goes on with it, and one that ended meanwhile never plays', async () => {
    const { alert } = await issue({ endsAt: addSeconds(test.clock.now(), 600) })
    await issue({ title: '短', endsAt: addSeconds(test.clock.now(), 60) }, null, FAR_VILLAGE)
    test.clock.push(120)
    await test.restart()
    test.link.alerts.clear()
    await test.beat()
    expect(test.link.alerts.get(COUNTY)).toHaveLength(1)
    expect(test.link.alerts.get(FAR_VILLAGE)).toEqual([])
    expect((await test.playout.nowPlaying(FAR_VILLAGE, test.clock.now()))?.alertId).toBe(alert.id)
  })

  it('shows how far it has come', async () => {
    const { alert } = await issue()
    const [airing] = await test.airings()
    await test.receipt(airing!.id, 'started')
    await test.receipt(airing!.id, 'finished', 25)
    await test.receipt(airing!.id, 'failed', null, `${VILLAGE}-2`)
    expect((await test.alerts.read(official, alert.id)).coverage).toEqual({
      loudspeakers: 6,
      sent: 6,
      heard: 1,
      finished: 1,
      failed: 1,
      missed: 0,
    })
  })

  it('is refused outside the official’s area, for areas that are not there, and with an end out of reach', async () => {
    const street = person(STREET, 'official')
    const now = test.clock.now()
    const made = { purpose: 'actual', severity: 1, title: '险情', text: '转移', endsAt: addSeconds(now, 600) } as const
    const refused = (change: object) => test.alerts.issue(street, { ...made, targets: [STREET], ...change }, null, now)
    await expect(refused({ targets: [FAR_VILLAGE] })).rejects.toMatchObject({ fault: 'forbidden' })
    await expect(refused({ targets: ['370799001999'] })).rejects.toMatchObject({ details: [{ field: 'targets' }] })
    await expect(refused({ endsAt: addSeconds(now, 30) })).rejects.toMatchObject({ details: [{ field: 'endsAt' }] })
    await expect(refused({ endsAt: addSeconds(now, 90_000) })).rejects.toMatchObject({ details: [{ field: 'endsAt' }] })
    expect(await test.airings()).toEqual([])
  })
})

function idIn(json: string | null): string | undefined {
  return json === null ? undefined : (JSON.parse(json) as { id: string }).id
}
