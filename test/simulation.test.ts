import { describe, expect, it } from 'vitest'
import { createAirtime } from '../src/airtime/airtime.ts'
import type { NewAlert } from '../src/alerts/alerts.ts'
import { chainOf, contains } from '../src/areas/division.ts'
import { entryToPlay, type Played } from '../src/codecs/loudspeaker.ts'
import type { Receipt } from '../src/codecs/speaker-link.ts'
import { StationError } from '../src/errors.ts'
import { addDays, addSeconds, civil, secondsBetween, type Instant } from '../src/instant.ts'
import { decide, endOf, soundingIn } from '../src/playout/decide.ts'
import { currentAirings } from '../src/playout/store.ts'
import { person, testPlayout, ZONE, type RememberingLink, type TestPlayout } from './support/playout.ts'
import { COUNTY, FAR_VILLAGE, OTHER_VILLAGE, START, STREET, VILLAGE } from './support/station.ts'

/**
 * A county lives through random days: schedules made and changed, alerts, crashes, clocks that jump, a broker that comes and goes,
 * receipts that are lost, doubled and late, while loudspeakers follow their own rule. After every beat the station's promises must
 * hold. A failure names its seed; SIMULATION_SEED repeats it and SIMULATION_STEPS makes the days longer.
 */
const SEEDS = process.env.SIMULATION_SEED ? [Number(process.env.SIMULATION_SEED)] : [1, 2, 3]
const STEPS = Number(process.env.SIMULATION_STEPS ?? 120)

const AREAS = [COUNTY, STREET, VILLAGE, OTHER_VILLAGE, FAR_VILLAGE]

type Chance = {
  below: (limit: number) => number
  of: <T>(list: readonly T[]) => T
  is: (percent: number) => boolean
}

/** mulberry32: the same seed, the same days. */
function chanceFrom(seed: number): Chance {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (limit: number): number => Math.floor(next() * limit)
  return { below, of: (list) => list[below(list.length)]!, is: (percent) => below(100) < percent }
}

type Sent = { terminalId: string; receipt: Receipt }

/** A loudspeaker that knows what was published for its areas, and keeps its receipts until they are taken. */
function loudspeaker(terminalId: string, areaCode: string, link: RememberingLink) {
  const history = new Map<string, Played>()
  let current: { airingId: string; seconds: number; hash: string; from: number } | undefined
  let last: Instant = START
  let count = 0
  const kept: Receipt[] = []
  const tell = (airingId: string, kind: Receipt['kind'], at: Instant, playedSeconds: number | null): void => {
    count += 1
    kept.push({ receiptId: `r${count}`, airingId, kind, at, playedSeconds, reason: null })
  }
  return {
    areaCode,
    kept: () => kept.map((receipt): Sent => ({ terminalId, receipt })),
    history,
    tick: (now: Instant): { airingId: string; class: string } | undefined => {
      const elapsed = Math.max(0, secondsBetween(last, now))
      last = now
      if (current) {
        const played = history.get(current.airingId)!
        const position = Math.min(current.seconds, played.positionSeconds + elapsed)
        const isOver = position >= current.seconds
        history.set(current.airingId, { ...played, positionSeconds: position, state: isOver ? 'finished' : 'playing' })
        if (isOver) {
          tell(current.airingId, 'finished', now, position - current.from)
          current = undefined
        }
      }
      const entries = chainOf(areaCode).flatMap((code) => [
        ...(link.alerts.get(code) ?? []),
        ...(link.rundowns.get(code) ?? []),
      ])
      const choice = entryToPlay(entries, now, history)
      const isSame = choice?.entry.airingId === current?.airingId && choice?.entry.hash === current?.hash
      if (current && !(isSame && choice?.does === 'sound')) {
        const played = history.get(current.airingId)!
        history.set(current.airingId, { ...played, state: 'interrupted' })
        tell(current.airingId, 'pre-empted', now, played.positionSeconds - current.from)
        current = undefined
      }
      if (choice?.does === 'sound' && !current) {
        const { airingId, hash, seconds } = choice.entry
        history.set(airingId, { state: 'playing', startedAt: now, positionSeconds: choice.fromSeconds, hash })
        tell(airingId, 'started', now, null)
        current = { airingId, seconds, hash, from: choice.fromSeconds }
      }
      return choice && { airingId: choice.entry.airingId, class: choice.entry.class }
    },
  }
}

async function promisesHold(test: TestPlayout, now: Instant): Promise<void> {
  const live = await currentAirings(test.db, now)
  expect(decide(live, now, now)).toEqual([])
  for (const airing of live.filter((each) => each.state === 'on-air')) {
    expect(endOf(airing) > now).toBe(true)
    for (const other of live.filter((each) => each.state === 'on-air' && each.id !== airing.id)) {
      if (contains(other.areaCode, airing.areaCode)) expect(airing.precedence < other.precedence).toBe(true)
    }
  }
  // An alert waits for nothing but a graver one.
  for (const alert of live.filter((each) => each.class === 'alert' && each.dueAt <= now && each.state !== 'on-air')) {
    const holder = soundingIn(alert.areaCode, live)
    expect(holder?.class).toBe('alert')
    expect(holder!.precedence < alert.precedence).toBe(true)
  }
}

async function act(test: TestPlayout, chance: Chance, schedules: string[]): Promise<void> {
  const now = test.clock.now()
  const official = person(COUNTY, 'official')
  const alertIds = async () =>
    (await test.alerts.list(official, COUNTY, { limit: 50, state: 'issued' })).map(({ id }) => id)
  switch (chance.below(12)) {
    case 0:
    case 1:
    case 2: {
      const afterPreemption = chance.of(['resume', 'restart', 'drop'] as const)
      const kind = chance.of(['notice', 'daily', 'emergency'] as const)
      const [inSeconds, seconds] = [1 + chance.below(300), 5 + chance.below(180)]
      schedules.push(await test.once(inSeconds, seconds, chance.of(AREAS), { afterPreemption, class: kind }))
      return
    }
    case 3: {
      const minute = String(chance.below(60)).padStart(2, '0')
      const bulletinId = await test.bulletin(chance.is(20) ? null : 30 + chance.below(90))
      const rule = { kind: 'daily', times: [`07:${minute}`, `12:${minute}`], from: '2026-11-21', until: null } as const
      const targets = chance.of([[COUNTY], [VILLAGE, FAR_VILLAGE], [STREET]])
      schedules.push(await test.schedule({ bulletinId, targets, rule: { ...rule, times: [...rule.times] } }))
      return
    }
    case 4:
    case 5: {
      const made: NewAlert = {
        purpose: chance.is(25) ? 'drill' : 'actual',
        severity: chance.of([1, 2, 3, 4] as const),
        title: `险情${chance.below(1000)}`,
        text: '请转移。',
        targets: [chance.of(AREAS)],
        endsAt: addSeconds(now, 60 + chance.below(600)),
      }
      const { alert } = await test.alerts.issue(
        person(chance.of([COUNTY, made.targets[0]!]), 'official'),
        made,
        null,
        now,
      )
      if (chance.is(60)) await test.record(alert.recordingKey!, 20)
      return
    }
    case 6: {
      const ids = await alertIds()
      if (ids.length === 0) return
      if (chance.is(50)) await test.alerts.cancel(official, chance.of(ids), null, now)
      else await test.alerts.update(official, chance.of(ids), { text: '更新。', endsAt: addSeconds(now, 200) }, now)
      return
    }
    case 7: {
      const airings = (await test.airings()).filter((each) => each.endedAt === null && each.alertId === null)
      if (airings.length > 0) await test.playout.cancelAiring(person(), chance.of(airings).id, now)
      return
    }
    case 8: {
      if (schedules.length === 0) return
      const state = chance.of(['active', 'paused', 'ended'] as const)
      const targets = [chance.of(AREAS)]
      await test.playout.changeSchedule(person(), chance.of(schedules), chance.is(50) ? { state } : { targets }, now)
      return
    }
    case 9:
      return test.restart()
    case 10:
      test.link.setDown(chance.is(50))
      return
    default:
      test.clock.push(chance.of([-600, 900, 7200]))
  }
}

async function live(seed: number): Promise<void> {
  const chance = chanceFrom(seed)
  const test = await testPlayout()
  const speakers = [VILLAGE, OTHER_VILLAGE, FAR_VILLAGE].map((code) => loudspeaker(`${code}-1`, code, test.link))
  const schedules: string[] = []
  let isDown = false
  test.link.setDown = ((inner) => (down: boolean) => {
    isDown = down
    inner(down)
  })(test.link.setDown)

  const deliver = async (share: number): Promise<void> => {
    const chosen = speakers
      .flatMap((speaker) => speaker.kept())
      // The newest are the likeliest to be on their way; older ones come again now and then.
      .slice(-400)
      .filter(() => chance.is(share))
      .sort(() => chance.below(3) - 1)
    const batches = chosen.map(({ terminalId, receipt }) => ({ terminalId, receipts: [receipt] }))
    if (batches.length > 0) await test.playout.receive(batches, test.clock.now())
  }

  const step = async (): Promise<void> => {
    if (chance.is(40)) {
      try {
        await act(test, chance, schedules)
      } catch (error) {
        // What the station refuses by name is its right; anything else is a fault.
        if (!(error instanceof StationError)) throw error
      }
    }
    const now = test.clock.push(1 + chance.below(15))
    await test.beat()
    await promisesHold(test, now)
    for (const speaker of speakers) {
      const choice = speaker.tick(now)
      // Both follow one rule, so over an alert they agree without talking.
      const playing = await test.playout.nowPlaying(speaker.areaCode, now)
      if (!isDown && (playing?.class === 'alert' || choice?.class === 'alert')) {
        expect(choice?.airingId).toBe(playing?.airingId)
      }
    }
    if (chance.is(30)) await deliver(25)
  }

  let at = 0
  try {
    for (at = 0; at < STEPS; at += 1) await step()
    test.link.setDown(false)
    for (const schedule of schedules) {
      const { state } = await test.playout.schedule(person(), schedule)
      if (state !== 'ended') await test.playout.changeSchedule(person(), schedule, { state: 'ended' }, test.clock.now())
    }
    for (let hour = 0; hour < 30; hour += 1) {
      await test.beat(3600)
      for (const speaker of speakers) speaker.tick(test.clock.now())
    }
    await accountsAreRight(
      test,
      speakers.flatMap((speaker) => speaker.kept()),
    )
  } catch (error) {
    throw new Error(`seed ${seed}, step ${at}: ${(error as Error).message}`, { cause: error })
  }
}

/** When all is over and every receipt has come at last. */
async function accountsAreRight(test: TestPlayout, sent: Sent[]): Promise<void> {
  for (let start = 0; start < sent.length; start += 500) {
    const some = sent.slice(start, start + 500)
    const batches = some.map(({ terminalId, receipt }) => ({ terminalId, receipts: [receipt] }))
    await test.playout.receive(batches, test.clock.now())
  }
  const airings = await test.airings()
  expect(airings.length).toBeGreaterThan(5)
  const keys = airings.map((each) => [each.scheduleId ?? each.alertId, each.areaCode, each.localDate, each.slot].join())
  expect(new Set(keys).size).toBe(keys.length)
  for (const airing of airings) {
    expect(airing.endedAt, `${airing.id} ${airing.state}`).not.toBeNull()
    expect(airing.onAirSince).toBeNull()
    if (airing.state !== 'aired') expect(airing.reason).not.toBeNull()
  }

  const finished = sent.filter(({ receipt }) => receipt.kind === 'finished')
  const once = new Map(airings.map((each) => [each.id, each.repeatEverySeconds === null]))
  const plays = finished.filter(({ receipt }) => once.get(receipt.airingId))
  expect(new Set(plays.map(({ terminalId, receipt }) => terminalId + receipt.airingId)).size).toBe(plays.length)

  const known = sent.filter(({ receipt }) => once.has(receipt.airingId))
  const told = known.reduce((sum, { receipt }) => sum + (receipt.playedSeconds ?? 0), 0)
  expect(told).toBeGreaterThan(0)
  const deliveries = await test.db.selectFrom('deliveries').selectAll().execute()
  expect(deliveries.reduce((sum, each) => sum + each.playedSeconds, 0)).toBeCloseTo(told, 2)
  expect(airings.reduce((sum, each) => sum + each.reportedSeconds, 0)).toBeCloseTo(told, 2)
  expect(airings.reduce((sum, each) => sum + each.deliveryCount, 0)).toBe(deliveries.length)
  const heard = deliveries.filter((each) => each.startedAt !== null || each.plays > 0 || each.playedSeconds > 0)
  expect(airings.reduce((sum, each) => sum + each.heardCount, 0)).toBe(heard.length)

  const { date } = civil(START, ZONE)
  const span = { areaCode: COUNTY, from: addDays(date, -1), to: addDays(date, 10) }
  const airtime = createAirtime({ reader: test.db, zone: ZONE })
  const { total, drills } = await airtime.report(person(), span, 'day')
  expect(total.reportedSeconds + drills.reportedSeconds).toBeCloseTo(told, 2)
  expect(total.airings + drills.airings).toBe(airings.length)
}

describe('the simulation', () => {
  it.each(SEEDS)('the promises hold through the days of seed %d', (seed) => live(seed), 120_000)
})
