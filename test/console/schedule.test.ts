import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { words } from '../../src/console/language.ts'
import { sumsOf } from '../../src/console/ledger-sums.ts'
import { recentPeriods } from '../../src/console/periods.ts'
import { lanesOf, stripOf } from '../../src/console/rundown-lanes.ts'
import { ruleOf, ruleWords, whenOf, type When } from '../../src/console/schedule-rule.ts'

const HOUR = 3_600_000
const MIDNIGHT = Date.parse('2026-11-21T16:00:00.000Z')
const soon = { date: '2026-11-22', time: '07:01:30' }
const when: When = {
  kind: 'daily',
  dates: ['2026-11-24', '2026-11-23', '2026-11-24'],
  weekdays: [5, 1, 3],
  times: ['18:00', '07:30', '18:00'],
  from: '2026-11-22',
  until: null,
}

describe('the rundown as a strip', () => {
  const span = fc
    .tuple(fc.integer({ min: 0, max: 24 * HOUR - 1 }), fc.integer({ min: 0, max: 2 * HOUR }))
    .map(([from, length]) => ({ from: MIDNIGHT + from, to: MIDNIGHT + from + length }))

  it('nothing lies on another in its lane, nothing is too narrow, and nothing begins where it does not', () => {
    fc.assert(
      fc.property(fc.array(span, { maxLength: 40 }), (spans) => {
        const strip = stripOf(spans, MIDNIGHT, 8)
        const laid = lanesOf(spans, (each) => each, strip, 0.02)
        expect(laid).toHaveLength(spans.length)
        for (const one of laid) {
          expect(one.to - one.from).toBeGreaterThanOrEqual(0.02 - 1e-9)
          expect(one.from).toBeCloseTo((one.of.from - strip.startsAt) / (strip.endsAt - strip.startsAt), 9)
          for (const other of laid) {
            if (one === other || one.lane !== other.lane) continue
            expect(one.to <= other.from || other.to <= one.from).toBe(true)
          }
        }
      }),
    )
  })

  it('shows whole hours that hold everything, at least as many as asked for, and never another day', () => {
    fc.assert(
      fc.property(fc.array(span, { minLength: 1, maxLength: 10 }), (spans) => {
        const { startsAt, endsAt } = stripOf(spans, MIDNIGHT, 8)
        expect((startsAt - MIDNIGHT) % HOUR).toBe(0)
        expect((endsAt - MIDNIGHT) % HOUR).toBe(0)
        expect(endsAt - startsAt).toBeGreaterThanOrEqual(8 * HOUR)
        expect(startsAt).toBeGreaterThanOrEqual(MIDNIGHT)
        expect(endsAt).toBeLessThanOrEqual(MIDNIGHT + 24 * HOUR)
        for (const each of spans) expect(each.from >= startsAt && each.from <= endsAt).toBe(true)
      }),
    )
    expect(stripOf([], MIDNIGHT, 8)).toEqual({ startsAt: MIDNIGHT, endsAt: MIDNIGHT + 24 * HOUR })
  })
})

describe('when a schedule fires', () => {
  it('is sent in order and once, whatever the order it was written in', () => {
    expect(ruleOf(when, soon)).toEqual({ kind: 'daily', times: ['07:30', '18:00'], from: '2026-11-22', until: null })
    expect(ruleOf({ ...when, kind: 'weekdays' }, soon)).toMatchObject({ weekdays: [1, 3, 5] })
    expect(ruleOf({ ...when, kind: 'dates' }, soon)).toMatchObject({ dates: ['2026-11-23', '2026-11-24'] })
    expect(ruleOf({ ...when, kind: 'soon' }, soon)).toEqual({ kind: 'dates', dates: [soon.date], times: [soon.time] })
  })

  it('a rule that is opened and saved again stays the same', () => {
    for (const kind of ['daily', 'weekdays', 'dates'] as const) {
      const rule = ruleOf({ ...when, kind }, soon)
      expect(ruleOf(whenOf(rule, '2026-12-01'), soon)).toEqual(rule)
    }
  })

  it('reads as people say it, in both languages', () => {
    const zh = ruleOf({ ...when, kind: 'weekdays', weekdays: [1, 2, 3, 4, 5], until: '2026-12-31' }, soon)
    expect(ruleWords(zh, (key, values) => words('zh', key, values))).toBe('周一至周五 07:30、18:00，至 2026-12-31')
    const en = ruleOf({ ...when, kind: 'weekdays' }, soon)
    expect(ruleWords(en, (key, values) => words('en', key, values))).toBe('Mon, Wed, Fri 07:30, 18:00')
  })
})

describe('a ledger while it is written', () => {
  it('adds up what is there, and takes what is missing for nothing', () => {
    const lines = [
      { direction: 'income', amountCents: 1000 } as const,
      { direction: 'expense' } as const,
      undefined,
      {},
    ]
    expect(sumsOf(500, lines)).toEqual({ incomeCents: 1000, expenseCents: 0, closingCents: 1500 })
    expect(sumsOf(null, [{ direction: 'expense', amountCents: 30 }])).toMatchObject({ closingCents: -30 })
  })
})

describe('periods', () => {
  it('go back from the date, over the years', () => {
    expect(recentPeriods('2026-02-03', 'month', 3)).toEqual(['2026-02', '2026-01', '2025-12'])
    expect(recentPeriods('2026-02-03', 'quarter', 3)).toEqual(['2026-Q1', '2025-Q4', '2025-Q3'])
    expect(recentPeriods('2026-02-03', 'year', 2)).toEqual(['2026', '2025'])
  })
})
