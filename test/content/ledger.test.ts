import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { centsFrom, LEDGER_LINES_LIMIT, ledgerFaults, totalsOf, yuan } from '../../src/content/ledger.ts'
import { ledgerLine } from '../support/content.ts'

const line = fc
  .record({
    direction: fc.constantFrom('income' as const, 'expense' as const),
    amountCents: fc.integer({ min: 1, max: 1_000_000_000 }),
  })
  .map(ledgerLine)
const ledger = fc.record({ openingCents: fc.integer({ min: -1_000_000, max: 1_000_000_000 }), lines: fc.array(line) })

const ledgerOf = (count: number) => ({
  openingCents: count,
  lines: Array.from({ length: count }, () => ledgerLine({ amountCents: 1 })),
  closingCents: 0,
})

describe('ledgers', () => {
  it('are right exactly when opening + income − expense = closing', () => {
    fc.assert(
      fc.property(ledger, fc.integer({ min: -500, max: 500 }), (ledger, off) => {
        const { incomeCents, expenseCents, closingCents } = totalsOf(ledger)
        expect(ledger.openingCents + incomeCents - expenseCents).toBe(closingCents)
        const faults = ledgerFaults({ ...ledger, closingCents: closingCents + off }, '')
        expect(faults.map(({ field }) => field)).toEqual(off === 0 ? [] : ['content.closingCents'])
        if (off !== 0) expect(faults[0]!.message.en).toContain(`by ${yuan(Math.abs(off))}`)
      }),
    )
  })

  it('name the line that is off before any sum', () => {
    const lines = [
      ledgerLine({ amountCents: 100 }),
      ledgerLine({ amountCents: 0, purpose: ' ' }),
      ledgerLine({ amountCents: 1.5 }),
      ledgerLine({ date: '2026-02-30' }),
      ledgerLine({ date: '2026-11-01' }),
    ]
    const faults = ledgerFaults({ openingCents: 0, lines, closingCents: 999 }, '2026-10')
    expect(faults.map(({ field }) => field)).toEqual([
      'content.lines.1.amountCents',
      'content.lines.1.purpose',
      'content.lines.2.amountCents',
      'content.lines.3.date',
      'content.lines.4.date',
    ])
  })

  it('hold so many lines and no more', () => {
    expect(ledgerFaults(ledgerOf(LEDGER_LINES_LIMIT), '')).toEqual([])
    expect(ledgerFaults(ledgerOf(LEDGER_LINES_LIMIT + 1), '')).toHaveLength(1)
  })

  it('amounts are read as people write them, and never rounded', () => {
    const amounts = ['1,234.5', '￥20', '-3.00元', '０.０５', '12.340', '', 'abc', '1.005', '1,23', '--1', '1e3', '-0']
    expect(amounts.map(centsFrom)).toEqual([
      123_450,
      2000,
      -300,
      5,
      1234,
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      0,
    ])
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), (cents) => {
        expect(centsFrom(yuan(cents))).toBe(cents)
      }),
    )
  })
})
