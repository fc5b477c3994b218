import { beforeEach, describe, expect, it } from 'vitest'
import { addSeconds } from '../../src/instant.ts'
import { RUNDOWN_LIMIT } from '../../src/playout/playout.ts'
import { person, testPlayout, type TestPlayout } from '../support/playout.ts'
import { COUNTY, FAR_VILLAGE, OTHER_VILLAGE, START, STREET, VILLAGE } from '../support/station.ts'

const DAILY = { kind: 'daily', times: ['07:30', '18:00'], from: '2026-11-20', until: null } as const

describe('playout', () => {
  let test: TestPlayout
  beforeEach(async () => {
    test = await testPlayout()
  })
  const emergency = (seconds: number) => {
    const made = { purpose: 'actual', severity: 1, title: '险情', text: '转移' } as const
    const endsAt = addSeconds(test.clock.now(), seconds)
    return test.alerts.issue(person(COUNTY, 'official'), { ...made, targets: [COUNTY], endsAt }, null, test.clock.now())
  }
  const states = async (id?: string) => (await test.airings(id)).map((airing) => airing.state)

  it('plans a day ahead, one row for each area and firing, with a delivery for every loudspeaker', async () => {
    const id = await test.schedule({
      bulletinId: await test.bulletin(60),
      targets: [STREET, FAR_VILLAGE],
      rule: { ...DAILY, times: [...DAILY.times] },
    })
    await test.beat()
    const airings = await test.airings(id)
    expect(airings.map(({ areaCode, localDate, slot }) => `${areaCode} ${localDate} ${slot}`).sort()).toEqual(
      [
        `${STREET} 2026-11-22 07:30`,
        `${STREET} 2026-11-22 18:00`,
        `${STREET} 2026-11-23 07:30`,
        `${FAR_VILLAGE} 2026-11-22 07:30`,
        `${FAR_VILLAGE} 2026-11-22 18:00`,
        `${FAR_VILLAGE} 2026-11-23 07:30`,
      ].sort(),
    )
    expect(airings.map((airing) => airing.deliveryCount).sort((one, other) => one - other)).toEqual([2, 2, 2, 4, 4, 4])
    expect(test.link.rundowns.get(STREET)).toHaveLength(3)
    const deliveries = await test.db.selectFrom('deliveries').select(['state', 'sentAt']).execute()
    expect(deliveries.every(({ state, sentAt }) => state === 'sent' && sentAt === START)).toBe(true)
    // Hours later the plan reaches further, and holds nothing twice.
    for (let hour = 0; hour < 12; hour += 1) await test.beat(3600)
    expect(
      new Set((await test.airings(id)).map(({ areaCode, localDate, slot }) => areaCode + localDate + slot)).size,
    ).toBe((await test.airings(id)).length)
  })

  it('a beat twice at one instant does nothing the second time', async () => {
    await test.once(30, 60)
    await test.beat()
    await test.beat(30)
    const published = test.link.count()
    const before = await test.airings()
    expect(await test.beat()).toEqual({ moves: [], faults: [] })
    expect(test.link.count()).toBe(published)
    expect(await test.airings()).toEqual(before)
  })

  it('a bulletin goes on the air at its time, ends at its length, and is counted from its receipts', async () => {
    const id = await test.once(30, 60)
    await test.beat()
    await test.beat(30)
    expect(await states(id)).toEqual(['on-air'])
    const [airing] = await test.airings(id)
    expect(await test.playout.nowPlaying(VILLAGE, addSeconds(START, 42))).toMatchObject({
      airingId: airing!.id,
      positionSeconds: 12,
      seconds: 60,
    })
    await test.receipt(airing!.id, 'started')
    await test.beat(60)
    await test.receipt(airing!.id, 'finished', 59.6)
    expect(await states(id)).toEqual(['aired'])
    expect((await test.airings(id))[0]).toMatchObject({ heardCount: 1, reportedSeconds: 59.6, playedSeconds: 60 })
    expect(await test.playout.nowPlaying(VILLAGE, test.clock.now())).toBeNull()
  })

  it('waits for its recording, and fails by name when it never comes', async () => {
    const waits = await test.schedule({
      bulletinId: await test.bulletin(null),
      rule: { kind: 'dates', dates: ['2026-11-22'], times: ['07:01'] },
      graceSeconds: 120,
    })
    const fails = await test.schedule({
      bulletinId: await test.bulletin(null),
      targets: [FAR_VILLAGE],
      rule: { kind: 'dates', dates: ['2026-11-22'], times: ['07:01'] },
      graceSeconds: 120,
    })
    await test.beat(60)
    expect(await states()).toEqual(['due', 'due'])
    const [airing] = await test.airings(waits)
    await test.record(airing!.recordingKey!, 20)
    await test.beat(30)
    expect(await states(waits)).toEqual(['on-air'])
    expect(test.link.rundowns.get(COUNTY)).toHaveLength(1)
    await test.beat(120)
    expect(await states(fails)).toEqual(['failed'])
    expect((await test.airings(fails))[0]?.reason).toContain('录音尚未合成')
  })

  it('a bulletin that is spoken anew airs with its new recording', async () => {
    const id = await test.once(60, 30)
    await test.beat()
    const [airing] = await test.airings(id)
    const other = await test.bulletin(45)
    const { recordingKey } = (await test.db
      .selectFrom('bulletins')
      .select('recordingKey')
      .where('id', '=', other)
      .executeTakeFirst())!
    await test.db.updateTable('bulletins').set({ recordingKey }).where('id', '=', airing!.bulletinId!).execute()
    await test.beat(1)
    expect((await test.airings(id))[0]).toMatchObject({ recordingKey, plannedSeconds: 45 })
    expect(test.link.rundowns.get(COUNTY)?.[0]?.seconds).toBe(45)
  })

  it('a bulletin that is being rewritten says nothing until it is ready, one that is retired nothing more', async () => {
    const id = await test.once(60, 30)
    const retired = await test.once(60, 30, FAR_VILLAGE)
    await test.beat()
    const change = async (scheduleId: string, to: object) => {
      const [airing] = await test.airings(scheduleId)
      await test.db.updateTable('bulletins').set(to).where('id', '=', airing!.bulletinId!).execute()
      return airing!
    }
    const { recordingKey } = await change(id, { state: 'draft', recordingKey: null })
    await change(retired, { state: 'retired' })
    await test.beat(70)
    expect(await states(id)).toEqual(['due'])
    expect(await states(retired)).toEqual(['cancelled'])
    expect(test.link.rundowns.get(COUNTY)).toEqual([])
    await change(id, { state: 'ready', recordingKey })
    await test.beat(1)
    expect(await states(id)).toEqual(['on-air'])
  })

  it('after a crash the first beat ends what is over and keeps what is not, and tells every area again', async () => {
    const short = await test.once(10, 20, FAR_VILLAGE)
    const long = await test.once(10, 600, STREET)
    const coming = await test.once(40, 20, FAR_VILLAGE)
    await test.beat()
    await test.beat(10)
    test.clock.push(60)
    await test.restart()
    test.link.rundowns.clear()
    await test.beat()
    expect(await states(short)).toEqual(['aired'])
    expect(await states(long)).toEqual(['on-air'])
    expect(await states(coming)).toEqual(['aired'])
    expect((await test.airings(short))[0]?.endedAt).toBe(addSeconds(START, 30))
    expect((await test.airings(coming))[0]).toMatchObject({
      startedAt: addSeconds(START, 40),
      endedAt: addSeconds(START, 60),
    })
    expect([...test.link.rundowns.keys()].sort()).toContain(OTHER_VILLAGE)
    expect([...test.link.alerts.keys()].sort()).toContain(COUNTY)
  })

  it('a restart in the very minute of a firing fires it once', async () => {
    const id = await test.once(60, 5)
    await test.beat()
    for (let second = 0; second < 120; second += 10) {
      await test.restart()
      await test.beat(10)
    }
    expect(await states(id)).toEqual(['aired'])
  })

  it('a station that was away longer than the window takes the word of its loudspeakers', async () => {
    const id = await test.once(60, 5)
    await test.beat()
    const [airing] = await test.airings(id)
    test.clock.push(3 * 3600)
    await test.restart()
    await test.beat()
    expect(await states(id)).toEqual(['expired'])
    await test.receipt(airing!.id, 'started')
    expect(await states(id)).toEqual(['aired'])
  })

  it('firings that nobody planned while the station was away for days stand on record', async () => {
    const bulletinId = await test.bulletin(10)
    await test.schedule({ bulletinId, rule: { kind: 'daily', times: ['12:00'], from: '2026-11-22', until: null } })
    test.clock.push(3 * 86_400)
    await test.restart()
    await test.beat()
    expect(await states()).toEqual(['expired', 'expired', 'expired', 'due'])
  })

  it('a clock that is set back ten minutes airs nothing twice, and one that jumps two hours loses nothing without a word', async () => {
    const id = await test.once(60, 5)
    const jumped = await test.once(3600, 5)
    const later = await test.once(3 * 3600, 5)
    await test.beat()
    for (let second = 0; second < 70; second += 1) await test.beat(1)
    expect(await states(id)).toEqual(['aired'])
    test.clock.push(-600)
    for (let second = 0; second < 700; second += 7) await test.beat(7)
    expect(await states(id)).toEqual(['aired'])
    expect(await test.airings(id)).toHaveLength(1)
    await test.beat(2 * 3600)
    expect(await states(jumped)).toEqual(['expired'])
    expect((await test.airings(jumped))[0]?.reason).not.toBeNull()
    for (let minute = 0; minute < 90; minute += 1) await test.beat(60)
    expect(await states(later)).toEqual(['aired'])
  })

  it('a broker that is down is told as soon as it is back, and nothing is lost meanwhile', async () => {
    const id = await test.once(30, 10)
    test.link.setDown(true)
    expect((await test.beat()).faults).toEqual(['send'])
    expect((await test.beat(30)).moves.map((move) => move.kind)).toEqual(['start'])
    test.link.setDown(false)
    expect((await test.beat(1)).faults).toEqual([])
    expect(test.link.rundowns.get(COUNTY)).toHaveLength(1)
    const deliveries = await test.db.selectFrom('deliveries').select('state').execute()
    expect(deliveries.every(({ state }) => state === 'sent')).toBe(true)
    await test.beat(10)
    expect(await states(id)).toEqual(['aired'])
  })

  it('a schedule that cannot be read stops no other', async () => {
    const broken = await test.once(30, 10)
    const sound = await test.once(30, 10, FAR_VILLAGE)
    await test.db.updateTable('schedules').set({ ruleJson: '{"kind":' }).where('id', '=', broken).execute()
    await test.beat()
    expect(await test.airings(broken)).toEqual([])
    expect(await test.airings(sound)).toHaveLength(1)
  })

  it('an edit takes back what is no longer wanted and leaves the rest as it stands', async () => {
    const bulletinId = await test.bulletin(10)
    const id = await test.schedule({ bulletinId, rule: { ...DAILY, times: [...DAILY.times] } })
    await test.beat()
    const before = await test.airings(id)
    await test.playout.cancelAiring(person(), before.at(-1)!.id, test.clock.now())
    await test.playout.changeSchedule(person(), id, { rule: { ...DAILY, times: ['07:30', '12:00'] } }, test.clock.now())
    await test.beat(1)
    const after = await test.airings(id)
    expect(after.map(({ localDate, slot, state }) => `${localDate} ${slot} ${state}`)).toEqual([
      '2026-11-22 07:30 due',
      '2026-11-22 12:00 due',
      '2026-11-23 07:30 cancelled',
    ])
    expect(after[0]!.id).toBe(before[0]!.id)
    // Back again: what was taken back can be planned anew, what was cancelled stays cancelled.
    await test.playout.changeSchedule(person(), id, { rule: { ...DAILY, times: [...DAILY.times] } }, test.clock.now())
    await test.beat(1)
    expect(await states(id)).toEqual(['due', 'due', 'cancelled'])
  })

  it('pausing takes the coming airings back, resuming plans them again, ending is for ever', async () => {
    const id = await test.schedule({ bulletinId: await test.bulletin(10), rule: { ...DAILY, times: ['07:30'] } })
    await test.beat()
    const change = (state: 'active' | 'paused' | 'ended') =>
      test.playout.changeSchedule(person(), id, { state }, test.clock.now())
    await change('paused')
    await test.beat(1)
    expect(test.link.rundowns.get(COUNTY)).toEqual([])
    await test.beat(3600)
    expect(await test.airings(id)).toEqual([])
    await change('active')
    await test.beat(1)
    expect(await states(id)).toEqual(['due'])
    await change('ended')
    await expect(change('active')).rejects.toMatchObject({ fault: 'conflict' })
  })

  it.each(['paused', 'ended'] as const)(
    'what waits behind an alert does not begin once its schedule is %s',
    async (state) => {
      const id = await test.once(10, 20)
      const other = await test.once(10, 20, FAR_VILLAGE)
      await emergency(120)
      await test.beat(20)
      await test.playout.changeSchedule(person(), id, { state }, test.clock.now())
      await test.beat(110)
      expect(await states(id)).toEqual(['cancelled'])
      expect((await test.airings(id))[0]?.reason).toContain(state)
      expect(await states(other)).toEqual(['on-air'])
    },
  )

  it('nothing is playing any more once its end has come, though no beat has noted it', async () => {
    const now = test.clock.now()
    await emergency(120)
    expect(await test.playout.nowPlaying(VILLAGE, addSeconds(now, 119))).not.toBeNull()
    expect(await test.playout.nowPlaying(VILLAGE, addSeconds(now, 120))).toBeNull()
    await test.beat(120)
    await test.once(10, 20)
    await test.beat(10)
    expect(await test.playout.nowPlaying(VILLAGE, addSeconds(test.clock.now(), 19))).not.toBeNull()
    expect(await test.playout.nowPlaying(VILLAGE, addSeconds(test.clock.now(), 20))).toBeNull()
  })

  it('what a loudspeaker was sent and never spoke of is missed, until it speaks', async () => {
    const id = await test.once(10, 10)
    await test.beat()
    const [airing] = await test.airings(id)
    for (const seconds of [10, 10, 700, 61]) await test.beat(seconds)
    const of = async (state: 'missed') =>
      (await test.db.selectFrom('deliveries').select('terminalId').where('state', '=', state).execute()).length
    expect(await of('missed')).toBe(6)
    await test.receipt(airing!.id, 'finished', 10)
    expect(await of('missed')).toBe(5)
  })

  it('a loudspeaker that came after the plan takes part', async () => {
    const id = await test.once(10, 10, FAR_VILLAGE)
    await test.beat()
    const [known] = await test.db.selectFrom('terminals').selectAll().where('areaCode', '=', FAR_VILLAGE).execute()
    await test.db
      .insertInto('terminals')
      .values({ ...known!, id: 'new' })
      .execute()
    await test.beat(10)
    const rows = await test.db.selectFrom('deliveries').select(['terminalId', 'state']).execute()
    expect(rows.find((row) => row.terminalId === 'new')?.state).toBe('sent')
    expect((await test.airings(id))[0]?.deliveryCount).toBe(3)
  })

  it('a long plan is made in parts, none longer than a firing of the whole county, and holds every firing once', async () => {
    const [known] = await test.db.selectFrom('terminals').selectAll().limit(1).execute()
    const more = Array.from({ length: 994 }, (_, index) => ({ ...known!, id: `t${index}` }))
    await test.db.insertInto('terminals').values(more).execute()
    const times = Array.from({ length: 24 }, (_, hour) => `${String(hour).padStart(2, '0')}:30`)
    const id = await test.schedule({ bulletinId: await test.bulletin(10), rule: { ...DAILY, times } })
    const counts: number[] = []
    for (let beat = 0; beat < 7; beat += 1) {
      await test.beat(1)
      counts.push((await test.airings(id)).length)
    }
    expect(counts).toEqual([5, 10, 15, 20, 25, 25, 25])
    expect((await test.airings(id)).every((airing) => airing.deliveryCount === 1000)).toBe(true)
  })

  it('a schedule that fires no more has ended once its last airing is over', async () => {
    const once = await test.once(90, 120, VILLAGE)
    const again = await test.schedule({
      bulletinId: await test.bulletin(10),
      rule: { kind: 'daily', times: ['23:00'], from: '2026-11-22', until: null },
    })
    const stateOf = async (id: string) => (await test.playout.schedule(person(), id)).state
    await test.beat()
    await test.beat(90)
    await test.beat(61)
    expect((await test.airings(once))[0]!.state).toBe('on-air')
    expect(await stateOf(once)).toBe('active')
    await test.beat(60)
    await test.beat(61)
    expect((await test.airings(once))[0]!.state).toBe('aired')
    expect(await stateOf(once)).toBe('ended')
    expect(await stateOf(again)).toBe('active')
  })

  it('a village counts its own loudspeakers of what the county airs, and what is due; the rest is to come', async () => {
    const id = await test.once(10, 10, COUNTY)
    await test.once(3600, 10, VILLAGE)
    await test.beat()
    await test.beat(10)
    const [airing] = await test.airings(id)
    await test.receipt(airing!.id, 'finished', 9, `${VILLAGE}-1`)
    await test.receipt(airing!.id, 'finished', 8, `${FAR_VILLAGE}-1`)
    await test.beat(10)
    const overview = async (areaCode: string) => test.playout.overview(areaCode, test.clock.now())
    const counts = { airings: 1, finished: 1 }
    expect((await overview(COUNTY)).today).toMatchObject({
      ...counts,
      plannedSeconds: 60,
      reportedSeconds: 17,
      coming: 1,
    })
    const { today, next } = await overview(VILLAGE)
    expect(today).toMatchObject({ ...counts, plannedSeconds: 20, reportedSeconds: 9, coming: 1 })
    expect(next).toMatchObject([{ areaCode: VILLAGE, areaName: `区划${VILLAGE}` }])
    expect((await overview(FAR_VILLAGE)).today).toMatchObject({ plannedSeconds: 20, reportedSeconds: 8, coming: 0 })
  })

  it('sums of a day and the rundown say how much there is, however much that is', async () => {
    const id = await test.once(10, 10, VILLAGE)
    await test.beat()
    await test.beat(10)
    const [airing] = await test.airings(id)
    await test.receipt(airing!.id, 'finished', 9.5)
    await test.beat(10)
    const aired = (await test.airings(id))[0]!
    const others = Array.from({ length: RUNDOWN_LIMIT }, (_, index) => ({
      ...aired,
      id: `a${index}`,
      slot: `${index}`,
    }))
    for (let start = 0; start < others.length; start += 500) {
      await test.db
        .insertInto('airings')
        .values(others.slice(start, start + 500))
        .execute()
    }
    expect((await test.playout.overview(COUNTY, test.clock.now())).today).toEqual({
      date: '2026-11-22',
      airings: 2001,
      finished: 2001,
      plannedSeconds: 2001 * 2 * 10,
      reportedSeconds: 2001 * 9.5,
      coming: 0,
    })
    const rundown = (areaCode: string) => test.playout.rundown(areaCode, '2026-11-22', false)
    expect((await rundown(VILLAGE)).airings).toHaveLength(RUNDOWN_LIMIT)
    expect((await rundown(VILLAGE)).isCut).toBe(true)
    expect(await rundown(FAR_VILLAGE)).toEqual({ airings: [], isCut: false })
    expect((await test.playout.overview(FAR_VILLAGE, test.clock.now())).today.plannedSeconds).toBe(0)
  })

  it('receipts that cannot be true are not kept: of strangers, of no airing, of more than there is to hear', async () => {
    const id = await test.once(10, 10, VILLAGE)
    await test.beat()
    await test.beat(10)
    const [airing] = await test.airings(id)
    for (let count = 0; count < 10; count += 1) {
      await test.receipt(airing!.id, 'finished', 86_400, `${FAR_VILLAGE}-1`)
      await test.receipt('no-airing', 'finished', 10, `${VILLAGE}-1`)
      await test.receipt(airing!.id, 'finished', 10, 'no-terminal')
    }
    const kept = () => test.db.selectFrom('receipts').select('terminalId').execute()
    expect(await kept()).toEqual([])
    expect((await test.airings(id))[0]).toMatchObject({ deliveryCount: 2, heardCount: 0, reportedSeconds: 0 })
    // Nor can one that belongs there report more than one playing, or fill the disk.
    for (let count = 0; count < 40; count += 1) await test.receipt(airing!.id, 'finished', 86_400)
    expect((await kept()).length).toBeLessThan(25)
    expect((await test.airings(id))[0]).toMatchObject({ deliveryCount: 2, heardCount: 1, reportedSeconds: 11 })
  })

  it('a loudspeaker that was put up after the plan counts by its receipts', async () => {
    const id = await test.once(10, 10, VILLAGE)
    await test.beat()
    await test.beat(10)
    const [known] = await test.db.selectFrom('terminals').selectAll().where('areaCode', '=', VILLAGE).execute()
    await test.db
      .insertInto('terminals')
      .values({ ...known!, id: 'new' })
      .execute()
    await test.receipt((await test.airings(id))[0]!.id, 'finished', 9, 'new')
    expect((await test.airings(id))[0]).toMatchObject({ deliveryCount: 3, heardCount: 1, reportedSeconds: 9 })
  })

  it('five thousand receipts of one moment are committed well under a second, and once', async () => {
    const rows = Array.from({ length: 5000 }, (_, index) => `t${index}`)
    const [known] = await test.db.selectFrom('terminals').selectAll().limit(1).execute()
    for (let start = 0; start < rows.length; start += 1000) {
      await test.db
        .insertInto('terminals')
        .values(rows.slice(start, start + 1000).map((id) => ({ ...known!, id })))
        .execute()
    }
    const id = await test.once(10, 10)
    await test.beat()
    await test.beat(10)
    const [airing] = await test.airings(id)
    const batches = rows.map((terminalId) => ({
      terminalId,
      receipts: [
        {
          receiptId: 'one',
          airingId: airing!.id,
          kind: 'finished' as const,
          at: START,
          playedSeconds: 9.5,
          reason: null,
        },
      ],
    }))
    const began = performance.now()
    await test.playout.receive(batches, test.clock.now())
    expect(performance.now() - began).toBeLessThan(1000)
    await test.playout.receive(batches, test.clock.now())
    const [after] = await test.airings(id)
    expect(after).toMatchObject({ deliveryCount: 5006, heardCount: 5000 })
    expect(after!.reportedSeconds).toBeCloseTo(47_500, 3)
  })
})
