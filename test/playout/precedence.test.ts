import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { instantFrom } from '../../src/instant.ts'
import {
  emergencies,
  precedenceBy,
  precedenceListFrom,
  ranks,
  type IssuerLevel,
  type PrecedenceFacts,
} from '../../src/playout/precedence.ts'

const issuers: IssuerLevel[] = ['national', 'province', 'city', 'county', 'street', 'village']
const facts: fc.Arbitrary<PrecedenceFacts> = fc.record({
  rank: fc.constantFrom(...ranks),
  issuer: fc.constantFrom(...issuers),
  severity: fc.integer({ min: 0, max: 4 }),
  dueAt: fc.integer({ min: 1.6e12, max: 2e12 }).map(instantFrom),
  id: fc.stringMatching(/^[0-9a-z]{1,20}$/),
})
/** Any order of the list that a county may choose: emergencies among themselves, the rest among itself. */
const orders = fc
  .tuple(
    fc.shuffledSubarray([...emergencies], { minLength: emergencies.length }),
    fc.shuffledSubarray(
      ranks.filter((rank) => !emergencies.includes(rank)),
      { minLength: ranks.length - emergencies.length },
    ),
  )
  .map(([first, rest]) => [...first, ...rest])

const sign = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)

function fault(list: unknown): string[] {
  try {
    precedenceListFrom(list)
    return []
  } catch (error) {
    return (error as { details: { field: string }[] }).details.map((detail) => detail.field)
  }
}

describe('precedence', () => {
  it('is a total order: any two differ unless they are the same, and none is before and behind another', () => {
    fc.assert(
      fc.property(orders, facts, facts, facts, (order, one, other, third) => {
        const [a, b, c] = [one, other, third].map(precedenceBy(order)) as [string, string, string]
        expect(sign(a, b)).toBe(-sign(b, a) || 0)
        if (a === b) expect(one).toEqual({ ...other, severity: one.severity })
        if (a < b && b < c) expect(a < c).toBe(true)
      }),
    )
  })

  it('an emergency never sorts behind anything less, in whatever order a county chooses', () => {
    fc.assert(
      fc.property(orders, facts, facts, (order, one, other) => {
        fc.pre(emergencies.includes(one.rank) && !emergencies.includes(other.rank))
        const precedenceOf = precedenceBy(precedenceListFrom(order))
        expect(precedenceOf(one) < precedenceOf(other)).toBe(true)
      }),
    )
  })

  it('ties go to the higher issuer, then the graver, then the nearer start, then the older id', () => {
    const of = precedenceBy()
    const base: PrecedenceFacts = {
      rank: 'urgent-notice',
      issuer: 'street',
      severity: 2,
      dueAt: '2026-11-22T00:00:00.000Z',
      id: 'b',
    }
    const before: Partial<PrecedenceFacts>[] = [
      { issuer: 'street', severity: 1, dueAt: '2026-11-23T00:00:00.000Z', id: 'c' },
      { dueAt: '2026-11-21T00:00:00.000Z', id: 'c' },
      { id: 'a' },
    ]
    for (const change of before) expect(of({ ...base, ...change }) < of(base)).toBe(true)
    expect(of({ ...base, severity: 4 }) < of({ ...base, issuer: 'village', severity: 1 })).toBe(true)
    expect(of({ ...base, severity: 4 }) < of({ ...base, severity: 0 })).toBe(true)
  })

  it('a list that is wrong is refused with every fault named', () => {
    expect(fault([...ranks])).toEqual([])
    expect(fault('national-emergency')).toEqual(['list'])
    expect(fault(null)).toEqual(['list'])
    expect(fault([...ranks, 'shouting', 'live'])).toEqual(['12', '13'])
    expect(fault(ranks.slice(1))).toEqual(['list'])
    expect(fault(['live', ...ranks.filter((rank) => rank !== 'live')])).toEqual(['1', '2', '3', '4', '5'])
  })
})
