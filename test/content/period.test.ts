import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  dueDate,
  endOf,
  isInside,
  lastMonthOf,
  latestDue,
  periodAt,
  periodLengthOf,
  periodLengths,
} from '../../src/content/period.ts'
import { addDays } from '../../src/instant.ts'

const date = fc.integer({ min: 0, max: 30_000 }).map((days) => addDays('2000-01-01', days))
const length = fc.constantFrom(...periodLengths)

describe('periods', () => {
  it('are read as years, quarters and months, and nothing else is', () => {
    const lengths = ['2026', '2026-Q3', '2026-09', '2026-Q5', '2026-13', '2026-9', '26', '', '2026-09-01']
    expect(lengths.map(periodLengthOf)).toEqual(['year', 'quarter', 'month', ...Array<undefined>(6).fill(undefined)])
  })

  it('every date lies in exactly the period that is named for it', () => {
    fc.assert(
      fc.property(date, length, (date, length) => {
        const period = periodAt(date, length)
        expect(periodLengthOf(period)).toBe(length)
        expect(isInside(date, period)).toBe(true)
        expect(isInside(endOf(period), period)).toBe(false)
        expect(isInside(addDays(endOf(period), -1), period)).toBe(true)
        expect(lastMonthOf(period)).toBe(addDays(endOf(period), -1).slice(0, 7))
      }),
    )
  })

  it('fall due on a day of the period that follows', () => {
    expect(dueDate('2026-09', 15)).toBe('2026-10-15')
    expect(dueDate('2026-Q3', 20)).toBe('2026-10-20')
    expect(dueDate('2026-Q4', 20)).toBe('2027-01-20')
    expect(dueDate('2026', 31)).toBe('2027-01-31')
  })

  it('the newest that fell due is over, and the one after it is not', () => {
    fc.assert(
      fc.property(date, length, fc.integer({ min: 1, max: 28 }), (today, length, day) => {
        const period = latestDue(today, length, day)
        expect(dueDate(period, day) < today).toBe(true)
        const next = periodAt(endOf(period), length)
        expect(dueDate(next, day) >= today).toBe(true)
      }),
    )
  })
})
