import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isInForce, type Alert } from '../../src/alerts/alert.ts'
import { MEMORY_SECONDS, rememberInForce } from '../../src/alerts/in-force.ts'
import { addSeconds } from '../../src/instant.ts'
import { COUNTY, FAR_VILLAGE, OTHER_VILLAGE, START, STREET, VILLAGE } from '../support/station.ts'

function alertWith(change: Partial<Alert>): Alert {
  return {
    id: 'a',
    purpose: 'actual',
    state: 'issued',
    severity: 1,
    eventCode: '10203',
    title: '暴雨',
    text: '请转移。',
    areaCode: COUNTY,
    targets: [COUNTY],
    senderName: '青禾区',
    startsAt: START,
    endsAt: addSeconds(START, 600),
    repeatEverySeconds: 180,
    recordingKey: null,
    issuedBy: 'p',
    issuedAt: START,
    endedBy: null,
    endedAt: null,
    endReason: null,
    updatesId: null,
    requestKey: null,
    ...change,
  }
}

/** A database of alerts that counts how often it is read. */
function shelf(alerts: Alert[] = []) {
  const state = { alerts, reads: 0 }
  const inForce = rememberInForce((now) => {
    state.reads += 1
    return Promise.resolve(state.alerts.filter(({ endsAt }) => endsAt > now))
  })
  return { ...inForce, state }
}

const idsOf = (alerts: Alert[]): string[] => alerts.map(({ id }) => id)

describe('alerts in force', () => {
  it('are read once for the whole county, and again when half a second has passed', async () => {
    const { at, state } = shelf([alertWith({})])
    await Promise.all(
      [VILLAGE, FAR_VILLAGE, STREET].flatMap((area) => Array.from({ length: 50 }, () => at(area, START))),
    )
    await at(VILLAGE, addSeconds(START, MEMORY_SECONDS - 0.001))
    expect(state.reads).toBe(1)
    await at(VILLAGE, addSeconds(START, MEMORY_SECONDS))
    expect(state.reads).toBe(2)
  })

  it('what another node issued or cancelled is known half a second later', async () => {
    const { at, state } = shelf()
    expect(await at(VILLAGE, START)).toEqual([])
    state.alerts = [alertWith({})]
    expect(idsOf(await at(VILLAGE, addSeconds(START, MEMORY_SECONDS)))).toEqual(['a'])
    state.alerts = []
    expect(await at(VILLAGE, addSeconds(START, 2 * MEMORY_SECONDS))).toEqual([])
  })

  it('what this node changed is known at once, also while an older answer is on its way', async () => {
    const answers: ((alerts: Alert[]) => void)[] = []
    const { at, forget } = rememberInForce(() => new Promise((resolve) => answers.push(resolve)))
    const before = at(VILLAGE, START)
    forget()
    const after = at(VILLAGE, START)
    answers[1]!([alertWith({})])
    answers[0]!([])
    expect([await before, idsOf(await after)]).toEqual([[], ['a']])
    expect(idsOf(await at(VILLAGE, START))).toEqual(['a'])
  })

  it('begin and end at their very instant, however they are remembered', async () => {
    const second = fc.integer({ min: 0, max: 4000 }).map((tick) => tick / 1000)
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(second, second, fc.constantFrom(COUNTY, STREET, VILLAGE, OTHER_VILLAGE)), { maxLength: 5 }),
        fc.array(second, { maxLength: 12 }),
        async (spans, asked) => {
          const alerts = spans.map(([start, length, target], index) =>
            alertWith({
              id: `a${index}`,
              targets: [target],
              startsAt: addSeconds(START, start),
              endsAt: addSeconds(START, start + length),
            }),
          )
          const { at } = shelf(alerts)
          for (const each of asked) {
            const now = addSeconds(START, each)
            const truth = alerts.filter((alert) => isInForce(alert, VILLAGE, now)).map(({ id }) => id)
            expect(idsOf(await at(VILLAGE, now)).sort()).toEqual(truth)
          }
        },
      ),
    )
  })

  it('a reading that failed is not remembered', async () => {
    let isBroken = true
    const { at } = rememberInForce(() =>
      isBroken ? Promise.reject(new Error('no disk')) : Promise.resolve([alertWith({})]),
    )
    await expect(at(VILLAGE, START)).rejects.toThrow('no disk')
    isBroken = false
    expect(idsOf(await at(VILLAGE, START))).toEqual(['a'])
  })

  it('a clock that is set back makes nothing last longer', async () => {
    const { at, state } = shelf([alertWith({})])
    await at(VILLAGE, addSeconds(START, 100))
    await at(VILLAGE, addSeconds(START, 50))
    expect(state.reads).toBe(2)
  })
})
