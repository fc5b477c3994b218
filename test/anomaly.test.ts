import type { KyselyPlugin } from 'kysely'
import { describe, expect, it } from 'vitest'
import type { Database } from '../src/database/connect.ts'
import { addSeconds } from '../src/instant.ts'
import { person, rememberingLink, testPlayout, type RememberingLink, type TestPlayout } from './support/playout.ts'
import { COUNTY, FAR_VILLAGE, VILLAGE } from './support/station.ts'

/**
 * One day's work, told many times: in the n-th telling, the n-th statement of the database or the n-th message to the loudspeakers fails.
 * Whoever was refused asks again, the heart beats on, and the day must end as it would have without the fault. The store and the
 * voices do not take part in this day: their faults are told in bulletins/bulletins.test.ts.
 */

/** Refuses calls by their number; `Infinity` refuses none. */
type Saboteur = { call: () => boolean; count: () => number }

function saboteur(refuse: (call: number) => boolean): Saboteur {
  let count = 0
  return {
    call: () => {
      count += 1
      return refuse(count)
    },
    count: () => count,
  }
}

/** Every statement asks first. */
function refusingDatabase(of: Saboteur, message: string): (db: Database) => Database {
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => {
      if (of.call()) throw new Error(message)
      return node
    },
    transformResult: ({ result }) => Promise.resolve(result),
  }
  return (db) => db.withPlugin(plugin)
}

/** Every message asks first; refused in one of the ways a broker refuses. */
function refusingLink(of: Saboteur, how: 'answers no' | 'throws'): RememberingLink {
  const link = rememberingLink()
  const refusing =
    <Message>(publish: (message: Message, now: string) => Promise<boolean>) =>
    (message: Message, now: string): Promise<boolean> => {
      if (!of.call()) return publish(message, now)
      return how === 'throws' ? Promise.reject(new Error('the broker is gone')) : Promise.resolve(false)
    }
  return { ...link, publishRundown: refusing(link.publishRundown), publishAlerts: refusing(link.publishAlerts) }
}

/** What is refused is asked again, as a person, a loudspeaker or a broker would. */
async function untilTaken<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    try {
      return await work()
    } catch (error) {
      if ((error as { fault?: string }).fault) throw error
    }
  }
  return work()
}

type Outcome = {
  airings: { class: string; state: string; areaCode: string; heard: number; seconds: number }[]
  deliveries: string[]
  alerts: string[]
  rundown: string[]
  onAir: unknown
}

/** A bulletin is pre-empted by an alert, which is cancelled; both are heard of; another bulletin follows. */
async function day(test: TestPlayout): Promise<Outcome> {
  const bulletins = [await test.bulletin(60), await test.bulletin(20)]
  const ids: string[] = []
  for (const [index, bulletinId] of bulletins.entries()) {
    const rule = { kind: 'dates' as const, dates: ['2026-11-22'], times: [`07:0${index + 1}`] }
    const targets = [index === 0 ? COUNTY : FAR_VILLAGE]
    ids.push(await untilTaken(() => test.schedule({ bulletinId, targets, rule })))
  }
  for (const seconds of [1, 59, 2, 4]) await test.beat(seconds)
  const official = person(COUNTY, 'official')
  const made = {
    purpose: 'actual' as const,
    severity: 1 as const,
    title: '险情',
    text: '请转移。',
    targets: [VILLAGE, COUNTY],
    endsAt: addSeconds(test.clock.now(), 600),
  }
  const { alert } = await untilTaken(() => test.alerts.issue(official, made, 'the-one-request', test.clock.now()))
  for (const seconds of [1, 2]) await test.beat(seconds)
  const siren = (await test.airings()).find((airing) => airing.alertId === alert.id)!
  const tell = (airingId: string, receiptId: string, kind: 'started' | 'finished', playedSeconds: number | null) =>
    untilTaken(() =>
      test.playout.receive(
        [
          {
            terminalId: `${VILLAGE}-1`,
            receipts: [{ receiptId, airingId, kind, at: test.clock.now(), playedSeconds, reason: null }],
          },
        ],
        test.clock.now(),
      ),
    )
  await tell(siren.id, 'a', 'started', null)
  await tell(siren.id, 'b', 'finished', 9)
  await tell(siren.id, 'b', 'finished', 9)
  test.clock.push(1)
  await untilTaken(async () => {
    try {
      await test.alerts.cancel(official, alert.id, null, test.clock.now())
    } catch (error) {
      // Asked again after it was taken: it is over.
      if ((error as { fault?: string }).fault !== 'conflict') throw error
    }
  })
  for (const seconds of [1, 2, 52, 2, 25, 50, 1]) await test.beat(seconds)

  const airings = await test.airings()
  const deliveries = await test.db.selectFrom('deliveries').selectAll().execute()
  return {
    airings: airings.map((airing) => ({
      class: airing.class,
      state: airing.state,
      areaCode: airing.areaCode,
      heard: airing.heardCount,
      seconds: airing.reportedSeconds,
    })),
    deliveries: deliveries.map((each) => `${each.terminalId} ${each.state} ${each.plays} ${each.playedSeconds}`).sort(),
    alerts: [...test.link.alerts.values()].flat().map((entry) => entry.title),
    rundown: [...test.link.rundowns.values()]
      .flat()
      .map((entry) => entry.areaCode)
      .sort(),
    onAir: await test.playout.nowPlaying(VILLAGE, test.clock.now()),
  }
}

async function dayWith(options: Parameters<typeof testPlayout>[0]): Promise<Outcome> {
  const test = await testPlayout(options)
  try {
    return await day(test)
  } finally {
    await test.close()
  }
}

const never = (): boolean => false

describe('when the n-th call of the database or the speaker link fails, for every n', () => {
  it('without any fault the day ends as it should', async () => {
    const outcome = await dayWith({})
    expect(outcome.airings).toEqual([
      { class: 'notice', state: 'aired', areaCode: COUNTY, heard: 0, seconds: 0 },
      { class: 'alert', state: 'cancelled', areaCode: COUNTY, heard: 1, seconds: 9 },
      { class: 'notice', state: 'aired', areaCode: FAR_VILLAGE, heard: 0, seconds: 0 },
    ])
    expect(outcome).toMatchObject({ alerts: [], onAir: null })
  })

  it('a statement that the database refuses loses nothing', async () => {
    const counting = saboteur(never)
    const expected = await dayWith({ wrap: refusingDatabase(counting, '') })
    expect(counting.count()).toBeGreaterThan(80)
    // A locked database and a broken statement take turns, so that both ways of failing meet every part of the day.
    const messages = ['SQLITE_BUSY: database is locked', 'disk I/O error']
    // Making a station on PostgreSQL takes a second; there a sample shows that the other engine fails alike.
    const step = process.env.TEST_DATABASE_URL ? 12 : 1
    for (let n = 1; n <= counting.count(); n += step) {
      const of = saboteur((call) => call === n)
      const outcome = await dayWith({ wrap: refusingDatabase(of, messages[n % 2]!) })
      expect(outcome, `statement ${n}`).toEqual(expected)
    }
  }, 120_000)

  it('a database that is locked for a while loses nothing', async () => {
    const expected = await dayWith({})
    for (const [from, length] of [
      [20, 12],
      [50, 12],
      [80, 12],
    ] as const) {
      const of = saboteur((call) => call >= from && call < from + length)
      const outcome = await dayWith({ wrap: refusingDatabase(of, 'SQLITE_BUSY: database is locked') })
      expect(outcome, `from statement ${from}`).toEqual(expected)
    }
  }, 60_000)

  it.each(['answers no', 'throws'] as const)(
    'a message that the broker does not take (%s) is sent again',
    async (how) => {
      const counting = saboteur(never)
      const expected = await dayWith({ link: refusingLink(counting, how) })
      expect(counting.count()).toBeGreaterThan(10)
      for (let n = 1; n <= counting.count(); n += 1) {
        const outcome = await dayWith({
          link: refusingLink(
            saboteur((call) => call === n),
            how,
          ),
        })
        expect(outcome, `message ${n}`).toEqual(expected)
      }
    },
    60_000,
  )
})
