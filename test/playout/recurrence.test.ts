import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addSeconds, civil, instantFrom, weekdayOf } from '../../src/instant.ts'
import { expand, nextFiring, type Rule } from '../../src/playout/recurrence.ts'

const SHANGHAI = 'Asia/Shanghai'
const NEW_YORK = 'America/New_York'

const time = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'))
const times = fc.array(time, { minLength: 1, maxLength: 4 })
const date = fc.integer({ min: 0, max: 800 }).map((day) => instantFrom(Date.UTC(2025, 0, 1 + day)).slice(0, 10))
const until = fc.option(date, { nil: null })
const rule: fc.Arbitrary<Rule> = fc.oneof(
  fc.record({ kind: fc.constant('daily' as const), times, from: date, until }),
  fc.record({
    kind: fc.constant('weekdays' as const),
    weekdays: fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 7 }),
    times,
    from: date,
    until,
  }),
  fc.record({ kind: fc.constant('dates' as const), dates: fc.array(date, { minLength: 1, maxLength: 9 }), times }),
)
const instant = fc.integer({ min: Date.UTC(2025, 0, 1), max: Date.UTC(2027, 0, 1) }).map(instantFrom)
const zone = fc.constantFrom(SHANGHAI, NEW_YORK, 'Asia/Urumqi', 'Australia/Lord_Howe')

/** The firings of a daily rule in New York. */
function around(slot: string, from: string, to: string): string[][] {
  const rule: Rule = { kind: 'daily', times: [slot], from: '2026-01-01', until: null }
  return expand(rule, from, to, NEW_YORK).map(({ localDate, dueAt }) => [localDate, dueAt])
}

describe('recurrence', () => {
  it('every firing lies in its window, on a date and at a slot of its rule, once, in order', () => {
    fc.assert(
      fc.property(rule, instant, fc.integer({ min: 0, max: 20 * 86_400 }), zone, (rule, from, seconds, zone) => {
        const to = addSeconds(from, seconds)
        const firings = expand(rule, from, to, zone)
        expect(new Set(firings.map(({ localDate, slot }) => `${localDate} ${slot}`)).size).toBe(firings.length)
        expect(firings.map(({ dueAt }) => dueAt)).toEqual(firings.map(({ dueAt }) => dueAt).sort())
        for (const { localDate, slot, dueAt } of firings) {
          expect(dueAt >= from && dueAt < to).toBe(true)
          expect(rule.times).toContain(slot)
          if (rule.kind === 'dates') expect(rule.dates).toContain(localDate)
          else expect(localDate >= rule.from && (rule.until === null || localDate <= rule.until)).toBe(true)
          if (rule.kind === 'weekdays') expect(rule.weekdays).toContain(weekdayOf(localDate))
        }
      }),
    )
  })

  it('a window is the sum of its parts: nothing falls between two plans, and nothing into both', () => {
    fc.assert(
      fc.property(rule, instant, fc.nat(10 * 86_400), fc.nat(10 * 86_400), zone, (rule, from, first, second, zone) => {
        const middle = addSeconds(from, first)
        const to = addSeconds(middle, second)
        expect([...expand(rule, from, middle, zone), ...expand(rule, middle, to, zone)]).toEqual(
          expand(rule, from, to, zone),
        )
      }),
    )
  })

  it('in a zone whose clocks stand still, the civil time of every firing is its slot', () => {
    fc.assert(
      fc.property(rule, instant, (rule, from) => {
        for (const { localDate, slot, dueAt } of expand(rule, from, addSeconds(from, 9 * 86_400), SHANGHAI)) {
          expect(civil(dueAt, SHANGHAI)).toEqual({ date: localDate, time: `${slot}:00` })
        }
      }),
    )
  })

  it('a time that the clocks skip fires later by the gap, and one that comes twice fires the first time', () => {
    expect(around('02:30', '2026-03-07T12:00:00.000Z', '2026-03-09T12:00:00.000Z')).toEqual([
      ['2026-03-08', '2026-03-08T07:30:00.000Z'],
      ['2026-03-09', '2026-03-09T06:30:00.000Z'],
    ])
    expect(around('01:30', '2026-10-31T12:00:00.000Z', '2026-11-02T12:00:00.000Z')).toEqual([
      ['2026-11-01', '2026-11-01T05:30:00.000Z'],
      ['2026-11-02', '2026-11-02T06:30:00.000Z'],
    ])
  })

  it('a time may carry seconds, and the next firing is found a year ahead or not at all', () => {
    const once: Rule = { kind: 'dates', dates: ['2026-11-22'], times: ['07:01:30'] }
    expect(nextFiring(once, '2026-11-21T23:00:00.000Z', SHANGHAI)?.dueAt).toBe('2026-11-21T23:01:30.000Z')
    expect(nextFiring(once, '2026-11-21T23:01:30.001Z', SHANGHAI)).toBeUndefined()
    const late: Rule = { kind: 'daily', times: ['08:00'], from: '2027-09-01', until: null }
    expect(nextFiring(late, '2026-11-21T23:00:00.000Z', SHANGHAI)?.localDate).toBe('2027-09-01')
  })

  it('three hundred rules over a year take well under a second', () => {
    const rules = Array.from({ length: 300 }, (_, index): Rule => ({
      kind: 'daily',
      times: [`${String(index % 24).padStart(2, '0')}:${String(index % 60).padStart(2, '0')}`],
      from: '2026-01-01',
      until: null,
    }))
    const began = performance.now()
    const count = rules.reduce(
      (sum, each) => sum + expand(each, '2026-01-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z', SHANGHAI).length,
      0,
    )
    expect(count).toBe(300 * 365)
    expect(performance.now() - began).toBeLessThan(1000)
  })
})
