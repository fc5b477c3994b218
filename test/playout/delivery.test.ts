import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Receipt } from '../../src/codecs/speaker-link.ts'
import { instantFrom } from '../../src/instant.ts'
import { deliveryAfter, deliveryStates, isHeard, planned, type Delivery } from '../../src/playout/delivery.ts'

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

/** As the store does it: each receipt once, by its id. */
function told(list: Receipt[], begin: Delivery = planned): Delivery {
  const once = new Map(list.map((each) => [each.receiptId, each]))
  return [...once.values()].reduce(deliveryAfter, begin)
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
        },
      ),
    )
  })

  it('only ever moves on, and its airtime is the sum of what was reported', () => {
    fc.assert(
      fc.property(receipts, receipt, (list, more) => {
        const before = told(list)
        const after = deliveryAfter(before, { ...more, receiptId: 'more' })
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
    expect(deliveryAfter(missed, { ...late, kind: 'started' })).toMatchObject({ state: 'started', startedAt: late.at })
  })
})
