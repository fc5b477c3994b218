import type { SheetRow } from '../equipment/csv.ts'
import type { Detail } from '../errors.ts'
import { draftFaults, type ColumnRule, type Draft } from './draft.ts'
import type { ContentOf, LedgerLine } from './item.ts'
import { centsFrom, lineFaults, signedCents, totalsOf, yuan } from './ledger.ts'
import {
  cellsOf,
  columnNamed,
  dateFrom,
  hashesFrom,
  periodFrom,
  periodInChinese,
  sheetFault,
  type Read,
  type SheetContext,
  type SheetReading,
} from './sheet.ts'

/** A fault names this many wrong lines of its ledger; the others are named by their own. */
const COMPANIONS_SHOWN_LIMIT = 20

type Group = {
  areaCode: string
  column: ColumnRule
  period: string
  lines: LedgerLine[]
  rows: number[]
  opening: { cents: number; line: number } | undefined
  closing: { cents: number; line: number } | undefined
  isSound: boolean
}

/** Gathers the lines of one area, column and period into one ledger. A bad line takes its whole ledger with it: half a month's books are wrong. */
export function ledgersFromSheet(rows: SheetRow[], context: SheetContext): SheetReading {
  const faults: Detail[] = []
  const groups = new Map<string, Group>()
  const monthly = context.columns.find((column) => column.period === 'month' && column.kinds.includes('ledger'))

  for (const row of rows) {
    const cells = cellsOf('ledger', row)
    const of = (key: string): string => cells[key]?.trim() ?? ''
    let isSound = true
    const bad = (key: string, zh: string, en: string): void => {
      isSound = false
      faults.push(sheetFault('ledger', key, row.line, zh, en))
    }
    const centsAt = (key: string): number | undefined => {
      const cents = centsFrom(of(key))
      if (cents === undefined) bad(key, `「${of(key)}」不是金额`, `"${of(key)}" is not an amount`)
      return cents
    }

    const column = of('column') === '' ? monthly : columnNamed(of('column'), context.columns)
    if (!column) bad('column', `没有栏目「${of('column')}」`, `there is no column "${of('column')}"`)
    const areaCode = of('areaCode') || context.ownAreaCode
    if (!context.areaNames.has(areaCode)) {
      bad('areaCode', `${areaCode} 不在您的管理范围内`, `${areaCode} is not in the area you act for`)
    }
    const date = dateFrom(of('date'))
    if (!date) bad('date', `「${of('date')}」不是日期`, `"${of('date')}" is not a date`)
    const period = of('period') === '' ? date?.slice(0, 7) : periodFrom(of('period'))
    if (period === undefined && of('period') !== '') {
      bad('period', `「${of('period')}」不是时期`, `"${of('period')}" is not a period`)
    }
    const direction = directions[of('direction').toLowerCase()]
    if (!direction) bad('direction', '应为「收入」或「支出」', 'must be income or expense')
    const amountCents = centsAt('amount')
    // Without an area, a column and a period the line belongs to no ledger that it could spoil.
    if (!column || !context.areaNames.has(areaCode) || period === undefined) continue

    const key = `${areaCode} ${column.id} ${period}`
    let group = groups.get(key)
    if (!group) {
      group = { areaCode, column, period, lines: [], rows: [], opening: undefined, closing: undefined, isSound: true }
      groups.set(key, group)
    }
    group.rows.push(row.line)
    for (const name of ['opening', 'closing'] as const) {
      if (of(name) === '') continue
      const cents = centsAt(name)
      const known = group[name]
      if (cents !== undefined && known && known.cents !== cents) {
        bad(
          name,
          `与第 ${known.line} 行的 ${yuan(known.cents)} 不一致`,
          `differs from ${yuan(known.cents)} in line ${known.line}`,
        )
      }
      if (cents !== undefined) group[name] ??= { cents, line: row.line }
    }
    if (date && direction && amountCents !== undefined) {
      const line: LedgerLine = {
        line: group.lines.length + 1,
        date,
        direction,
        amountCents,
        payee: of('payee'),
        purpose: of('purpose'),
        handler: of('handler'),
        vouchers: hashesFrom(of('vouchers')),
      }
      for (const each of lineFaults(line, period)) {
        bad(each.field === 'amountCents' ? 'amount' : each.field, each.message.zh, each.message.en)
      }
      group.lines.push(line)
      if (isSound && of('balance') !== '') {
        const balance = centsAt('balance')
        const running = group.lines.reduce((sum, each) => sum + signedCents(each), group.opening?.cents ?? 0)
        if (group.isSound && group.opening && balance !== undefined && balance !== running) {
          bad(
            'balance',
            `余额应为 ${yuan(running)}，表中是 ${yuan(balance)}`,
            `the balance here is ${yuan(running)}; the sheet says ${yuan(balance)}`,
          )
        }
      }
    }
    group.isSound &&= isSound
  }

  const read: Read[] = []
  for (const group of groups.values()) {
    if (!group.isSound) continue
    const missing = (['opening', 'closing'] as const).filter((name) => !group[name])
    for (const name of missing) {
      const zh = name === 'opening' ? '期初余额' : '期末余额'
      const en = `${group.period} has no ${name} balance`
      faults.push(sheetFault('ledger', name, group.rows[0]!, `${group.period} 缺少${zh}`, en))
    }
    if (missing.length > 0) continue
    const content = { openingCents: group.opening!.cents, lines: group.lines, closingCents: group.closing!.cents }
    const name = context.areaNames.get(group.areaCode)!
    const draft: Draft = {
      columnId: group.column.id,
      areaCode: group.areaCode,
      householdId: null,
      title: `${name}${periodInChinese(group.period)}${group.column.name.zh}`,
      summary: summaryOf(content),
      matter: group.column.name.zh,
      basis: '',
      timeLimit: '',
      publisher: name,
      audience: '',
      period: group.period,
      validFrom: null,
      validTo: null,
      kind: 'ledger',
      content,
    }
    const wrong = draftFaults(draft, group.column)
    if (wrong.length === 0) read.push({ draft, lines: group.rows })
    for (const { field, message } of wrong) {
      const key = ledgerKeys[field] ?? 'column'
      faults.push(sheetFault('ledger', key, group.rows.at(-1)!, message.zh, message.en))
    }
  }
  const named = new Set(faults.map(({ line }) => line!))
  const kept = new Set(read.flatMap(({ lines }) => lines))
  for (const { rows } of groups.values()) {
    if (!kept.has(rows[0]!)) faults.push(...companionFaults(rows, named))
  }
  return { read, faults: faults.sort((one, other) => one.line! - other.line!) }
}

/** The lines of a refused ledger that are good in themselves, each told which lines (`named`, that have faults) it fell with. */
export function companionFaults(lines: number[], named: ReadonlySet<number>): Detail[] {
  const wrong = lines.filter((line) => named.has(line))
  const shown = wrong.slice(0, COMPANIONS_SHOWN_LIMIT)
  const isCut = shown.length < wrong.length
  const zh = `本行无误，但同一账目（村、月份）第 ${shown.join('、')}${isCut ? ' 等' : ''} 行有误，整本未入账`
  const en = `this line is right, but the same ledger (village, month) is wrong in line ${shown.join(', ')}${isCut ? ' and others' : ''}; none of it was taken`
  return lines.filter((line) => !named.has(line)).map((line) => sheetFault('ledger', 'period', line, zh, en))
}

/** Lines were checked one by one; what can still be wrong with their ledger, and the column of the sheet that shows it. */
const ledgerKeys: Record<string, string> = { 'content.closingCents': 'closing', period: 'period', areaCode: 'areaCode' }

const directions: Record<string, LedgerLine['direction']> = {
  收入: 'income',
  收: 'income',
  income: 'income',
  支出: 'expense',
  支: 'expense',
  expense: 'expense',
}

function summaryOf(ledger: ContentOf['ledger']): string {
  const { incomeCents, expenseCents } = totalsOf(ledger)
  return `收入 ${yuan(incomeCents)} 元，支出 ${yuan(expenseCents)} 元，结余 ${yuan(ledger.closingCents)} 元`
}
