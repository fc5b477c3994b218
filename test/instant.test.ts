import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addDays,
  addSeconds,
  civil,
  instantAt,
  isLocalDate,
  isLocalTime,
  milliseconds,
  parseInstant,
  secondsBetween,
  weekdayOf,
} from '../src/instant.ts'

const moments = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString())

describe('instants', () => {
  it('are normalised to UTC with milliseconds', () => {
    expect(parseInstant('2026-11-22T07:30:00+08:00')).toBe('2026-11-21T23:30:00.000Z')
    expect(parseInstant('2026-11-22T07:30Z')).toBe('2026-11-22T07:30:00.000Z')
  })

  it.each([
    '',
    '2026-11-22',
    '2026-11-22T07:30:00',
    '2026-02-30T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '22/11/2026',
    '2026-11-22T25:00:00Z',
  ])('refuse %j', (text) => expect(parseInstant(text)).toBeUndefined())

  it('civil time in Shanghai is eight hours ahead', () => {
    expect(civil('2026-11-21T23:30:15.000Z', 'Asia/Shanghai')).toEqual({ date: '2026-11-22', time: '07:30:15' })
    expect(instantAt('2026-11-22', '07:30', 'Asia/Shanghai')).toBe('2026-11-21T23:30:00.000Z')
  })

  it('a civil time that a clock change skips moves forward by the gap, and one that happens twice means the first', () => {
    expect(instantAt('2026-03-08', '02:30', 'America/New_York')).toBe('2026-03-08T07:30:00.000Z')
    expect(instantAt('2026-11-01', '01:30', 'America/New_York')).toBe('2026-11-01T05:30:00.000Z')
  })

  it('civil and back is the same instant, in every zone outside a repeated hour', () => {
    fc.assert(
      fc.property(moments, fc.constantFrom('Asia/Shanghai', 'UTC', 'Asia/Kathmandu', 'Asia/Urumqi'), (at, zone) => {
        const second = `${at.slice(0, 19)}.000Z`
        const { date, time } = civil(second, zone)
        expect(instantAt(date, time, zone)).toBe(second)
      }),
    )
  })

  it('sort as text in the order of time, and differences add up', () => {
    fc.assert(
      fc.property(moments, fc.integer({ min: -1e6, max: 1e6 }), (at, seconds) => {
        const moved = addSeconds(at, seconds)
        expect(Math.sign(secondsBetween(at, moved))).toBe(Math.sign(seconds))
        expect(moved > at).toBe(milliseconds(moved) > milliseconds(at))
      }),
    )
  })

  it('dates and times are checked, days counted, weekdays named from Monday', () => {
    expect([isLocalDate('2026-02-28'), isLocalDate('2026-02-29'), isLocalDate('2024-02-29')]).toEqual([
      true,
      false,
      true,
    ])
    expect([isLocalTime('07:30'), isLocalTime('23:59:59'), isLocalTime('24:00'), isLocalTime('7:30')]).toEqual([
      true,
      true,
      false,
      false,
    ])
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01')
    expect(weekdayOf('2026-11-22')).toBe(7)
  })
})
