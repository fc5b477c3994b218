import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contains } from '../../src/areas/division.ts'
import {
  alertStates,
  byGravity,
  isEndAllowed,
  isEventCode,
  mayBecome,
  outermost,
  sayings,
  wordsOf,
  type Alert,
} from '../../src/alerts/alert.ts'
import { addSeconds } from '../../src/instant.ts'
import { ZONE } from '../support/playout.ts'
import { COUNTY, FAR_VILLAGE, OTHER_VILLAGE, START, STREET, VILLAGE } from '../support/station.ts'

const alert: Alert = {
  id: 'a',
  purpose: 'actual',
  state: 'issued',
  severity: 1,
  eventCode: '10203',
  title: '暴雨红色预警',
  text: '请立即转移到高处！',
  areaCode: COUNTY,
  targets: [COUNTY],
  senderName: '青禾区应急管理局',
  startsAt: START,
  endsAt: addSeconds(START, 3600),
  repeatEverySeconds: 180,
  recordingKey: null,
  issuedBy: 'official',
  issuedAt: START,
  endedBy: null,
  endedAt: null,
  endReason: null,
  updatesId: null,
  requestKey: null,
}

describe('an alert', () => {
  it('says who, what, and until when; a drill says first and last that it is one', () => {
    expect(wordsOf(alert, ZONE)).toBe(
      '青禾区应急管理局发布红色应急消息。暴雨红色预警。请立即转移到高处！有效期至今天8点整。',
    )
    expect(wordsOf({ ...alert, endsAt: addSeconds(START, 80_000) }, ZONE)).toContain('有效期至11月23日5点13分。')
    expect(wordsOf({ ...alert, purpose: 'drill' }, ZONE)).toMatch(/^这是演练，不是真实险情。.*以上是演练，请勿惊慌。$/)
    expect([1, 2, 3, 4].map((severity) => sayings(severity as 1))).toEqual([3, 3, 2, 2])
  })

  it('never leaves an end, and comes to the air only through approval', () => {
    for (const end of ['updated', 'cancelled', 'expired'] as const) {
      for (const next of alertStates) expect(mayBecome(end, next)).toBe(false)
    }
    for (const state of alertStates) expect(mayBecome(state, 'issued')).toBe(state === 'approved')
    for (const state of alertStates) expect(mayBecome(state, 'draft')).toBe(false)
  })

  it('is said once in each place: targets inside other targets are dropped, and nothing is lost by it', () => {
    const codes = fc.array(fc.constantFrom(COUNTY, STREET, VILLAGE, OTHER_VILLAGE, FAR_VILLAGE), { minLength: 1 })
    fc.assert(
      fc.property(codes, (targets) => {
        const left = outermost(targets)
        for (const target of targets) expect(left.filter((each) => contains(each, target))).toHaveLength(1)
      }),
    )
  })

  it('ends between a minute and a day ahead', () => {
    expect([59, 60, 86_400, 86_401].map((seconds) => isEndAllowed(addSeconds(START, seconds), START))).toEqual([
      false,
      true,
      true,
      false,
    ])
  })

  it('event codes are of either generation', () => {
    expect(['10203', '11B03', '60100'].every(isEventCode)).toBe(true)
    expect(['1020', '11b03', 'B1103', '102030', ''].some(isEventCode)).toBe(false)
  })

  it('the gravest comes first, drills last', () => {
    const list = [
      { ...alert, id: '1', purpose: 'drill' as const },
      { ...alert, id: '2', severity: 3 as const },
      { ...alert, id: '3' },
      { ...alert, id: '4' },
    ]
    expect(list.sort(byGravity).map(({ id }) => id)).toEqual(['4', '3', '2', '1'])
  })
})
