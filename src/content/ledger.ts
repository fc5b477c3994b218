import type { Detail } from '../errors.ts'
import { isLocalDate } from '../instant.ts'
import type { ContentOf, LedgerLine } from './item.ts'
import { isInside } from './period.ts'

export const LEDGER_LINES_LIMIT = 500
export const VOUCHERS_LIMIT = 10
/** A hundred thousand million yuan, in cents: sums of 500 such lines stay exact. */
export const CENTS_LIMIT = 10_000_000_000_000
const WORDS_LIMIT = 100

type Ledger = ContentOf['ledger']

/** Income adds, expense takes away. */
export function signedCents(line: Pick<LedgerLine, 'direction' | 'amountCents'>): number {
  return line.direction === 'income' ? line.amountCents : -line.amountCents
}

export function totalsOf(ledger: Pick<Ledger, 'openingCents' | 'lines'>): {
  incomeCents: number
  expenseCents: number
  closingCents: number
} {
  let incomeCents = 0
  let expenseCents = 0
  for (const line of ledger.lines) {
    if (line.direction === 'income') incomeCents += line.amountCents
    else expenseCents += line.amountCents
  }
  return { incomeCents, expenseCents, closingCents: ledger.openingCents + incomeCents - expenseCents }
}

/**
 * What is wrong with a ledger: each line that is off by itself, or the sum that differs. A ledger is right when
 * opening + income − expense = closing, to the cent.
 */
export function ledgerFaults(ledger: Ledger, period: string): Detail[] {
  const faults: Detail[] = []
  if (ledger.lines.length > LEDGER_LINES_LIMIT) {
    faults.push(
      at('content.lines', `最多 ${LEDGER_LINES_LIMIT} 笔`, `a ledger has at most ${LEDGER_LINES_LIMIT} lines`),
    )
    return faults
  }
  for (const [index, line] of ledger.lines.entries()) {
    faults.push(
      ...lineFaults(line, period).map((fault) => ({ ...fault, field: `content.lines.${index}.${fault.field}` })),
    )
  }
  for (const name of ['openingCents', 'closingCents'] as const) {
    if (!Number.isSafeInteger(ledger[name]) || Math.abs(ledger[name]) > CENTS_LIMIT) {
      faults.push(at(`content.${name}`, '应为以分为单位的整数', 'must be a whole number of cents'))
    }
  }
  if (faults.length > 0) return faults
  const { incomeCents, expenseCents, closingCents } = totalsOf(ledger)
  if (closingCents !== ledger.closingCents) {
    const sum = `${yuan(ledger.openingCents)} + ${yuan(incomeCents)} − ${yuan(expenseCents)} = ${yuan(closingCents)}`
    const difference = yuan(Math.abs(closingCents - ledger.closingCents))
    faults.push(
      at(
        'content.closingCents',
        `期初 + 收入 − 支出：${sum}，与期末 ${yuan(ledger.closingCents)} 相差 ${difference} 元`,
        `opening + income − expense: ${sum}, which differs from the closing ${yuan(ledger.closingCents)} by ${difference}`,
      ),
    )
  }
  return faults
}

/** What is wrong with one line; the fields are the line's own. */
export function lineFaults(line: LedgerLine, period: string): Detail[] {
  const faults: Detail[] = []
  if (!isLocalDate(line.date)) {
    faults.push(at('date', '应为日期，如 2026-09-03', 'must be a date such as 2026-09-03'))
  } else if (period !== '' && !isInside(line.date, period)) {
    faults.push(at('date', `${line.date} 不在 ${period} 内`, `${line.date} does not lie in ${period}`))
  }
  if (!Number.isSafeInteger(line.amountCents) || line.amountCents < 1 || line.amountCents > CENTS_LIMIT) {
    faults.push(at('amountCents', '金额应大于零，精确到分', 'must be more than nothing, and exact to the cent'))
  }
  if (line.purpose.trim() === '') faults.push(at('purpose', '用途不能为空', 'must say what it was for'))
  for (const name of ['payee', 'purpose', 'handler'] as const) {
    if (line[name].length > WORDS_LIMIT) {
      faults.push(at(name, `最多 ${WORDS_LIMIT} 个字`, `has at most ${WORDS_LIMIT} characters`))
    }
  }
  if (line.vouchers.length > VOUCHERS_LIMIT) {
    faults.push(at('vouchers', `每笔最多 ${VOUCHERS_LIMIT} 张票据`, `a line has at most ${VOUCHERS_LIMIT} vouchers`))
  }
  return faults
}

/** Cents as yuan with two decimals: `-1234.50`. */
export function yuan(cents: number): string {
  const whole = Math.floor(Math.abs(cents) / 100)
  return `${cents < 0 ? '-' : ''}${whole}.${String(Math.abs(cents) % 100).padStart(2, '0')}`
}

/** Cents from yuan as people write them (`1,234.5`, `￥20`, `-3.00元`); `undefined` when it is no amount or finer than a cent. */
export function centsFrom(text: string): number | undefined {
  const plain = text
    .normalize('NFKC')
    .replace(/^[¥￥]/, '')
    .replace(/元$/, '')
    .trim()
  if (!/^-?(\d{1,3}(,\d{3})+|\d{1,14})(\.\d{1,2}0*)?$/.test(plain)) return undefined
  const [whole = '', fraction = ''] = plain.replaceAll(',', '').replace('-', '').split('.')
  const cents = Number(whole) * 100 + Number(fraction.slice(0, 2).padEnd(2, '0'))
  return plain.startsWith('-') && cents !== 0 ? -cents : cents
}

function at(field: string, zh: string, en: string): Detail {
  return { field, message: { zh, en } }
}
