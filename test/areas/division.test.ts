import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chainOf, contains, prefixOf } from '../../src/areas/division.ts'

/** Codes as they occur, those with an empty group in the middle among them: a city without counties, a county's own village. */
const codes = fc
  .tuple(
    fc.integer({ min: 1, max: 99 }),
    ...[2, 2, 3, 3].map((digits) => fc.constantFrom(0, 1, 10 ** digits - 1).map((group) => [group, digits])),
  )
  .map(([province, ...groups]) =>
    [[province, 2] as const, ...groups].map(([group, digits]) => String(group).padStart(digits, '0')).join(''),
  )

describe('the chain above an area', () => {
  it('of a street directly below its city names the city once', () => {
    expect(chainOf('441900003000')).toEqual(['441900003000', '441900000000', '440000000000'])
  })

  it('names each area once, innermost first, and exactly those that contain it', () => {
    fc.assert(
      fc.property(codes, codes, (one, other) => {
        const chain = chainOf(one)
        expect(new Set(chain).size).toBe(chain.length)
        expect(chain[0]).toBe(one)
        const lengths = chain.map((code) => prefixOf(code).length)
        expect(lengths).toEqual(lengths.toSorted((a, b) => b - a))
        expect(chain.includes(other)).toBe(contains(other, one))
      }),
    )
  })
})
