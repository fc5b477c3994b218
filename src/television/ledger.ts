import type { LedgerLine } from '../content/item.ts'
import { totalsOf } from '../content/ledger.ts'
import { civil } from '../instant.ts'
import { address, pictureAddress, type PortalQuery } from './address.ts'
import { pageOf, shorten, widthOf } from './lines.ts'
import { BODY, connect, digitOf, frame, hintsFor, type Cell, type Page } from './page.ts'
import { leavesOf, readingPage, type Found } from './reading.ts'
import type { Visit } from './shelves.ts'
import { dayText, periodText, yuanText } from './wording.ts'

/** A ledger, its lines page by page, and the invoices behind them. */

export type LedgerFound = Found & { item: Extract<Found['item'], { kind: 'ledger' }> }

export const LINES_LIMIT = 5
const LINE_PITCH = 78
const LINE_HEIGHT = 72
const LINES_TOP = BODY.y + 120
/** Room for purpose and payee between the direction and the amount. */
const WORDS_WIDTH = 490

export type LedgerRow = Cell & {
  dateText: string
  isIncome: boolean
  purpose: string
  payee: string
  amountText: string
  voucherText: string
}

type Sum = { name: string; sign: string; amountText: string; size: number }

export type LedgerPage = Page & { cells: LedgerRow[]; heading: string; sums: Sum[] }

/**
 * Opening, income, expense and closing above the lines; after the last lines, a page of the elements of disclosure.
 * A digit opens a line's invoices.
 */
export function ledgerPage(
  visit: Visit,
  found: LedgerFound,
  query: PortalQuery,
): LedgerPage | ReturnType<typeof readingPage> {
  const { feed, now, zone } = visit
  const { section, column, item } = found
  const { lines } = item.content
  const focused = lines.findIndex(({ line }) => `l-${line}` === query.focus)
  const wanted = focused >= 0 ? Math.floor(focused / LINES_LIMIT) + 1 : query.page
  const linePages = Math.max(1, Math.ceil(lines.length / LINES_LIMIT))
  const pages = linePages + leavesOf(visit, item).length
  if (wanted > linePages && pages > linePages) return readingPage(visit, found, query, linePages)

  const { page, entries } = pageOf(lines, LINES_LIMIT, wanted)
  const turn = (to: number, focus?: string): string =>
    to < 1 || to > pages ? '' : address('item', { area: feed.areaCode, item: item.id, page: to, focus })
  const back = address('column', { area: feed.areaCode, column: column.id, focus: `i-${item.id}` })
  const today = civil(now, zone).date
  const rows = entries.map((line, index) => ({
    id: `l-${line.line}`,
    // What has no invoice opens nothing: neither the OK key nor a digit is offered for it.
    href: line.vouchers.length > 0 ? voucherAddress(feed.areaCode, item.id, line.line, 1) : '',
    digit: line.vouchers.length > 0 ? digitOf(index) : '',
    x: BODY.x,
    y: LINES_TOP + index * LINE_PITCH,
    width: BODY.width,
    height: LINE_HEIGHT,
    dateText: dayText(line.date, today).replace(/^\d{4}年/, ''),
    isIncome: line.direction === 'income',
    ...wordsOf(line),
    amountText: yuanText(line.amountCents),
    voucherText: line.vouchers.length > 0 ? `票据 ${line.vouchers.length}` : '无票据',
  }))
  const before = lines[(page - 1) * LINES_LIMIT - 1]
  const previousPage = turn(page - 1)
  const nextPage = turn(page + 1)
  const none = { id: 'back', href: back, digit: '', x: 490, y: 400, width: 300, height: 80 }
  const empty = { dateText: '', isIncome: true, purpose: '返回', payee: '', amountText: '', voucherText: '' }
  const cells: LedgerRow[] =
    rows.length > 0
      ? connect(
          rows,
          rows.map(({ id }) => [id]),
          {
            left: previousPage,
            right: nextPage,
            up: turn(page - 1, before && `l-${before.line}`),
            down: nextPage,
          },
        )
      : connect([{ ...none, ...empty }], [['back']], { right: nextPage, left: previousPage })
  return {
    ...frame(
      visit,
      {
        template: 'ledger',
        title: item.title,
        place: feed.areaName,
        crumbs: [section.name.zh, column.name.zh, ...(item.period === '' ? [] : [periodText(item.period)])],
        back,
        previousPage,
        nextPage,
        page,
        pages,
        cells,
        hints: [
          ...hintsFor({ arrows: pages > 1 ? '▲▼◀▶' : '▲▼', digits: rows.length, ok: '看票据' }).slice(0, -1),
          { key: '返回', does: '往期' },
        ],
      },
      query.focus,
    ),
    cells,
    heading: shorten(item.title, 28),
    sums: sumsOf(found.item.content),
  }
}

function sumsOf(content: LedgerFound['item']['content']): Sum[] {
  const { incomeCents, expenseCents } = totalsOf(content)
  const sums = [
    { name: '期初结余', sign: '', amountText: yuanText(content.openingCents) },
    { name: '本期收入', sign: '＋', amountText: yuanText(incomeCents) },
    { name: '本期支出', sign: '－', amountText: yuanText(expenseCents) },
    { name: '期末结余', sign: '', amountText: yuanText(content.closingCents) },
  ]
  // One size for all four, so that figures stand beside each other as figures should.
  const longest = Math.max(...sums.map(({ sign, amountText }) => widthOf(sign + amountText)))
  const size = longest * 38 <= 244 ? 38 : 32
  return sums.map((sum) => ({ ...sum, size }))
}

function wordsOf(line: LedgerLine): { purpose: string; payee: string } {
  const purpose = shorten(line.purpose, WORDS_WIDTH / 32)
  const left = (WORDS_WIDTH - widthOf(purpose) * 32 - 24) / 28
  return { purpose, payee: left >= 4 ? shorten(line.payee, left) : '' }
}

function voucherAddress(areaCode: string, itemId: string, line: number, voucher: number, isFull = false): string {
  return address('voucher', { area: areaCode, item: itemId, line, voucher, full: isFull ? 1 : undefined })
}

export type VoucherPage = Page & {
  picture: string
  isFull: boolean
  purpose: string
  amountText: string
  isIncome: boolean
  facts: string
  countText: string
}

/**
 * One invoice. Left and right lead through all the invoices of the ledger in the order of its lines; OK fills the screen with
 * the picture; Back leads to the line that the invoice belongs to. Undefined when there is no such line or invoice.
 */
export function voucherPage(visit: Visit, found: LedgerFound, query: PortalQuery): VoucherPage | undefined {
  const { feed, now, zone } = visit
  const { section, column, item } = found
  const line = item.content.lines.find((each) => each.line === query.line)
  if (!line || query.voucher > Math.max(1, line.vouchers.length)) return undefined
  const all = item.content.lines.flatMap((each) =>
    each.vouchers.map((_, index) => ({ line: each.line, voucher: index + 1 })),
  )
  const index = all.findIndex((each) => each.line === line.line && each.voucher === query.voucher)
  const leadTo = (to: { line: number; voucher: number } | undefined): string =>
    index >= 0 && to ? voucherAddress(feed.areaCode, item.id, to.line, to.voucher, query.isFull) : ''
  const back = query.isFull
    ? voucherAddress(feed.areaCode, item.id, line.line, query.voucher)
    : address('item', { area: feed.areaCode, item: item.id, focus: `l-${line.line}` })
  const hash = line.vouchers[query.voucher - 1]
  const previousPage = leadTo(all[index - 1])
  const nextPage = leadTo(all[index + 1])
  const zoom =
    hash === undefined || query.isFull ? back : voucherAddress(feed.areaCode, item.id, line.line, query.voucher, true)
  // Over the picture itself the button is no larger than it must be.
  const width = query.isFull ? 104 : 152
  const place = { id: 'zoom', href: zoom, digit: '', x: 1216 - width, y: 606, width, height: 72 }
  const who = [
    dayText(line.date, civil(now, zone).date),
    line.payee && `${line.direction === 'income' ? '付款' : '收款'}：${line.payee}`,
    line.handler && `经手：${line.handler}`,
  ]
  return {
    ...frame(
      visit,
      {
        template: 'voucher',
        title: `${line.purpose} 票据`,
        place: feed.areaName,
        crumbs: [section.name.zh, column.name.zh],
        back,
        previousPage,
        nextPage,
        cells: connect([place], [['zoom']], { left: previousPage, right: nextPage }),
      },
      'zoom',
    ),
    picture: hash === undefined ? '' : pictureAddress(hash),
    isFull: query.isFull && hash !== undefined,
    purpose: shorten(line.purpose, 15),
    amountText: yuanText(line.amountCents),
    isIncome: line.direction === 'income',
    facts: shorten(who.filter((part) => part !== '').join('　'), 33),
    countText: index >= 0 ? `票据 ${index + 1} / ${all.length}` : '',
  }
}
