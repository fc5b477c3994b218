import { yuan } from '../content/ledger.ts'
import { hashOf } from '../equipment/store.ts'
import type { LocalDate } from '../instant.ts'
import { dateInWords } from './calendar.ts'

/** A made-up paper behind a ledger line: an invoice, a handwritten receipt, a till slip, or a signed list of wages. */
export type Receipt = {
  kind: 'invoice' | 'receipt' | 'slip' | 'wages'
  number: string
  date: LocalDate
  buyer: string
  seller: string
  purpose: string
  lines: ReceiptLine[]
  totalCents: number
}

export type ReceiptLine = { name: string; unit: string; quantity: number; priceCents: number; amountCents: number }

/** Two receipts with the same key are the same paper. */
export function receiptKey(receipt: Receipt): string {
  return hashOf(JSON.stringify(receipt))
}

const DIGITS = '零壹贰叁肆伍陆柒捌玖'
const PLACES = ['', '拾', '佰', '仟']
const GROUPS = ['', '万', '亿']

/** An amount as Chinese bookkeeping writes it out: `壹仟贰佰叁拾元零肆分`, whole yuan end in 整. */
export function inCapitals(cents: number): string {
  const whole = Math.floor(cents / 100)
  const tenths = Math.floor((cents % 100) / 10)
  const hundredths = cents % 10
  const small =
    tenths === 0 && hundredths === 0
      ? '整'
      : `${tenths > 0 ? `${DIGITS[tenths]}角` : whole > 0 ? '零' : ''}${hundredths > 0 ? `${DIGITS[hundredths]}分` : ''}`
  return whole === 0 && small !== '整' ? small : `${wholeInCapitals(whole)}元${small}`
}

function wholeInCapitals(whole: number): string {
  if (whole === 0) return DIGITS[0]!
  let text = ''
  let owesZero = false
  const digits = Array.from(String(whole), Number)
  for (const [index, digit] of digits.entries()) {
    const place = digits.length - 1 - index
    if (digit === 0) owesZero = true
    else {
      text += (owesZero && text ? DIGITS[0] : '') + DIGITS[digit]! + PLACES[place % 4]
      owesZero = false
    }
    const group = Math.floor(place / 4)
    if (place % 4 === 0 && group > 0 && digits.slice(Math.max(0, index - 3), index + 1).some((each) => each > 0)) {
      text += GROUPS[group]
    }
  }
  return text
}

/** The paper as SVG. Every text is one of ours, drawn in the font that ships in `media/fonts/`. */
export function drawReceipt(receipt: Receipt): string {
  return PAPERS[receipt.kind](receipt)
}

const PAPERS: Record<Receipt['kind'], (receipt: Receipt) => string> = { invoice, receipt: handwritten, slip, wages }

const INK = '#23262d'
const BROWN = '#8a4b2a'
const BLUE = '#274b8f'
const RED = '#c8352b'

type TextStyle = { size?: number; fill?: string; anchor?: 'start' | 'middle' | 'end'; spacing?: number }

function text(x: number, y: number, words: string, style: TextStyle = {}): string {
  const { size = 20, fill = INK, anchor = 'start', spacing } = style
  const safe = words.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  return `<text x="${x}" y="${y}" font-size="${size}" fill="${fill}" text-anchor="${anchor}"${spacing ? ` letter-spacing="${spacing}"` : ''}>${safe}</text>`
}

function line(x1: number, y1: number, x2: number, y2: number, stroke: string, extra = ''): string {
  return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="${stroke}" stroke-width="1.5" ${extra}/>`
}

function page(width: number, height: number, paper: string, parts: string[]): string {
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="Noto Sans CJK SC">` +
    `<rect width="${width}" height="${height}" fill="${paper}"/>${parts.join('')}` +
    `${text(width - 16, height - 12, '演示样票', { size: 13, fill: '#b3aca0', anchor: 'end' })}</svg>`
  )
}

/** A round seal with the name along its foot, a little askew as a hand puts it. */
function seal(x: number, y: number, name: string, words: string): string {
  const size = name.length > 10 ? 10 : 12
  return (
    `<g transform="rotate(-8 ${x} ${y})" opacity="0.78"><circle cx="${x}" cy="${y}" r="56" fill="none" stroke="${RED}" stroke-width="3.5"/>` +
    `${text(x, y - 22, name.slice(0, 9), { size, fill: RED, anchor: 'middle' })}${text(x, y + 9, '★', { size: 26, fill: RED, anchor: 'middle' })}` +
    `${text(x, y + 36, words, { size: 15, fill: RED, anchor: 'middle' })}</g>`
  )
}

function invoice(receipt: Receipt): string {
  const { lines } = receipt
  const columns = [40, 330, 430, 540, 680, 920]
  const parts = [
    text(480, 52, '电子发票（普通发票）', { size: 32, fill: BROWN, anchor: 'middle', spacing: 3 }),
    line(310, 66, 650, 66, BROWN),
    text(690, 40, `发票号码：${receipt.number}`, { size: 16 }),
    text(690, 66, `开票日期：${dateInWords(receipt.date)}`, { size: 16 }),
    `<rect x="40" y="88" width="880" height="432" fill="none" stroke="${BROWN}" stroke-width="2"/>`,
    line(480, 88, 480, 160, BROWN),
    line(40, 160, 920, 160, BROWN),
    text(54, 120, '购买方', { size: 17, fill: BROWN }),
    text(54, 147, receipt.buyer, { size: 19 }),
    text(494, 120, '销售方', { size: 17, fill: BROWN }),
    text(494, 147, receipt.seller, { size: 19 }),
    ...['项目名称', '单位', '数量', '单价', '金额'].map((name, index) =>
      text((columns[index]! + columns[index + 1]!) / 2, 188, name, { size: 17, fill: BROWN, anchor: 'middle' }),
    ),
    ...columns.slice(1, -1).map((x) => line(x, 160, x, 400, BROWN, 'opacity="0.45"')),
    ...lines.flatMap((each, index) => {
      const y = 228 + index * 38
      return [
        text(56, y, `*${each.name}*`),
        text(380, y, each.unit, { anchor: 'middle' }),
        text(530, y, String(each.quantity), { anchor: 'end' }),
        text(668, y, yuan(each.priceCents), { anchor: 'end' }),
        text(906, y, yuan(each.amountCents), { anchor: 'end' }),
      ]
    }),
    line(40, 400, 920, 400, BROWN),
    text(56, 433, '价税合计（大写）', { size: 17, fill: BROWN }),
    text(216, 433, inCapitals(receipt.totalCents), { size: 22 }),
    text(906, 433, `（小写）¥${yuan(receipt.totalCents)}`, { size: 22, anchor: 'end' }),
    line(40, 452, 920, 452, BROWN),
    text(56, 492, `备注：${receipt.purpose}`, { size: 18 }),
    seal(800, 300, receipt.seller, '发票专用章'),
  ]
  return page(960, 560, '#fffdf7', parts)
}

function handwritten(receipt: Receipt): string {
  const parts = [
    text(420, 62, '收 款 收 据', { size: 36, fill: RED, anchor: 'middle', spacing: 6 }),
    text(780, 60, `No ${receipt.number}`, { size: 20, fill: RED, anchor: 'end' }),
    text(60, 108, dateInWords(receipt.date), { size: 20 }),
    `<rect x="48" y="126" width="744" height="330" fill="none" stroke="${INK}" stroke-width="1.5"/>`,
    text(66, 170, '今收到', { size: 20 }),
    text(150, 170, receipt.buyer, { size: 23, fill: BLUE }),
    line(144, 178, 774, 178, INK),
    text(66, 216, '交　来', { size: 20 }),
    text(150, 216, receipt.purpose, { size: 23, fill: BLUE }),
    line(144, 224, 774, 224, INK),
    ...receipt.lines.map((each, index) =>
      text(
        150,
        262 + index * 34,
        `${each.name}　${each.quantity} ${each.unit} × ${yuan(each.priceCents)} ＝ ${yuan(each.amountCents)}`,
        { size: 20, fill: BLUE },
      ),
    ),
    text(66, 396, '人民币（大写）', { size: 20 }),
    text(214, 396, inCapitals(receipt.totalCents), { size: 23, fill: BLUE }),
    line(208, 404, 774, 404, INK),
    text(66, 440, `¥ ${yuan(receipt.totalCents)}`, { size: 24, fill: BLUE }),
    text(60, 492, '收款单位（盖章）：', { size: 18 }),
    text(220, 492, receipt.seller, { size: 20, fill: BLUE }),
    seal(660, 440, receipt.seller, '财务专用章'),
  ]
  return page(840, 530, '#fdf6ee', parts)
}

function slip(receipt: Receipt): string {
  const rows = receipt.lines.length
  const parts = [
    text(220, 56, receipt.seller, { size: 26, anchor: 'middle' }),
    text(220, 88, '销 售 小 票', { size: 20, anchor: 'middle', spacing: 3 }),
    text(30, 124, `流水号 ${receipt.number}`, { size: 16 }),
    text(410, 124, receipt.date, { size: 16, anchor: 'end' }),
    line(30, 138, 410, 138, INK, 'stroke-dasharray="6 5"'),
    ...receipt.lines.flatMap((each, index) => [
      text(30, 172 + index * 62, each.name, { size: 20 }),
      text(46, 198 + index * 62, `${each.quantity} ${each.unit} × ${yuan(each.priceCents)}`, { size: 18 }),
      text(410, 198 + index * 62, yuan(each.amountCents), { size: 20, anchor: 'end' }),
    ]),
    line(30, 158 + rows * 62, 410, 158 + rows * 62, INK, 'stroke-dasharray="6 5"'),
    text(30, 196 + rows * 62, '合计', { size: 22 }),
    text(410, 196 + rows * 62, `¥${yuan(receipt.totalCents)}`, { size: 26, anchor: 'end' }),
    text(30, 230 + rows * 62, `用途：${receipt.purpose}`, { size: 17 }),
    text(220, 272 + rows * 62, '谢谢惠顾　票据当面核对', { size: 16, anchor: 'middle' }),
  ]
  return page(440, 310 + rows * 62, '#fbfbf8', parts)
}

function wages(receipt: Receipt): string {
  const columns = [50, 240, 360, 500, 650, 830]
  const foot = 208 + receipt.lines.length * 44
  const parts = [
    text(440, 58, '劳务费发放表', { size: 32, anchor: 'middle', spacing: 4 }),
    text(50, 104, `发放单位：${receipt.buyer}`, { size: 18 }),
    text(830, 104, dateInWords(receipt.date), { size: 18, anchor: 'end' }),
    text(50, 134, `事由：${receipt.purpose}`, { size: 18 }),
    `<rect x="50" y="150" width="780" height="${foot - 106}" fill="none" stroke="${INK}" stroke-width="1.5"/>`,
    ...['姓名', '天数', '日标准', '金额（元）', '领款人签字'].map((name, index) =>
      text((columns[index]! + columns[index + 1]!) / 2, 182, name, { size: 18, anchor: 'middle' }),
    ),
    ...columns.slice(1, -1).map((x) => line(x, 150, x, foot - 12, INK)),
    ...receipt.lines.flatMap((each, index) => {
      const y = 226 + index * 44
      return [
        line(50, y - 30, 830, y - 30, INK),
        text(145, y, each.name, { anchor: 'middle' }),
        text(300, y, String(each.quantity), { anchor: 'middle' }),
        text(430, y, yuan(each.priceCents), { anchor: 'middle' }),
        text(638, y, yuan(each.amountCents), { anchor: 'end' }),
        `<g transform="rotate(-4 740 ${y})">${text(740, y, each.name, { size: 24, fill: BLUE, anchor: 'middle' })}</g>`,
      ]
    }),
    line(50, foot - 12, 830, foot - 12, INK),
    text(66, foot + 24, `合计（大写）：${inCapitals(receipt.totalCents)}`),
    text(814, foot + 24, `¥${yuan(receipt.totalCents)}`, { size: 22, anchor: 'end' }),
    text(50, foot + 76, `单据号 ${receipt.number}　　审核：村务监督委员会`, { size: 17 }),
  ]
  return page(880, foot + 104, '#ffffff', parts)
}
