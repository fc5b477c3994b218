import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Receipt } from '../../src/codecs/speaker-link.ts'
import { instantFrom } from '../../src/instant.ts'
import {
  boundsOf,
  deliveryAfter,
  deliveryStates,
  isHeard,
  planned,
  type Bounds,
  type Delivery,
} from '../../src/playout/delivery.ts'

const receipt: fc.Arbitrary<Omit<Receipt, 'receiptId'>> = fc.record({
  airingId: fc.constant('airing'),
  kind: fc.constantFrom('fetched', 'started', 'finished', 'pre-empted', 'failed'),
  at: fc.integer({ min: 1.76e12, max: 1.77e12 }).map(instantFrom),
  playedSeconds: fc.option(fc.double({ min: 0, max: 600, noNaN: true })),
  reason: fc.option(fc.constantFrom('no sound card', 'disk full', 'hash differs')),
})
const receipts = fc
  .array(receipt, { maxLength: 12 })
  .map((list) => list.map((each, index): Receipt => ({ ...each, receiptId: String(index) })))

const ample: Bounds = { playSeconds: 600, plays: 12 }
const tight: Bounds = { playSeconds: 30, plays: 3 }

/** As the store does it: each receipt once, by its id. */
function told(list: Receipt[], bounds = ample): Delivery {
  const once = new Map(list.map((each) => [each.receiptId, each]))
  return [...once.values()].reduce((delivery, each) => deliveryAfter(delivery, each, bounds), planned)
}

describe('a delivery', () => {
  it('is the same in whatever order its receipts come, and however often', () => {
    fc.assert(
      fc.property(
        receipts.chain((list) =>
          fc.tuple(
            fc.constant(list),
            fc.shuffledSubarray(list, { minLength: list.length }),
            fc.array(fc.nat({ max: Math.max(0, list.length - 1) }), { maxLength: 5 }),
          ),
        ),
        ([list, shuffled, again]) => {
          const repeated = [...shuffled, ...again.flatMap((index) => list[index] ?? [])]
          expect(told(repeated)).toEqual(told(list))
          expect(told(repeated, tight)).toEqual(told(list, tight))
        },
      ),
    )
  })

  it('only ever moves on, and its airtime is the sum of what was reported', () => {
    fc.assert(
      fc.property(receipts, receipt, (list, more) => {
        const before = told(list)
        const after = deliveryAfter(before, { ...more, receiptId: 'more' }, { ...ample, plays: 13 })
        expect(deliveryStates.indexOf(after.state)).toBeGreaterThanOrEqual(deliveryStates.indexOf(before.state))
        const sum = list.reduce((total, each) => total + (each.playedSeconds ?? 0), 0)
        expect(before.playedSeconds).toBeCloseTo(sum, 1)
        expect(before.plays).toBe(list.filter((each) => each.kind === 'finished').length)
        if (list.some((each) => each.kind === 'started')) expect(isHeard(before)).toBe(true)
      }),
    )
  })

  it('that was missed is found again when its receipts arrive after all', () => {
    const late = { receiptId: 'a', airingId: 'x', at: '2026-11-22T00:00:00.000Z', playedSeconds: null, reason: null }
    const missed: Delivery = { ...planned, state: 'missed' }
    expect(deliveryAfter(missed, { ...late, kind: 'started' }, ample)).toMatchObject({
      state: 'started',
      startedAt: late.at,
    })
  })

  it('never holds more than its airing can have sounded', () => {
    fc.assert(
      fc.property(receipts, (list) => {
        const { playedSeconds, plays } = told(list, tight)
        expect(playedSeconds).toBeLessThanOrEqual(90)
        expect(plays).toBeLessThanOrEqual(3)
      }),
    )
    const airing = { plannedSeconds: 10, dueAt: '2026-11-22T00:00:00.000Z', untilAt: '2026-11-22T01:00:00.000Z' }
    const of = (repeatEverySeconds: number | null, afterPreemption: 'resume' | 'restart') =>
      boundsOf({ ...airing, repeatEverySeconds, afterPreemption })
    expect(of(null, 'resume')).toEqual({ playSeconds: 11, plays: 1 })
    expect(of(null, 'restart').plays).toBe(6)
    expect(of(180, 'restart').plays).toBe(26)
  })
})
