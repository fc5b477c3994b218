import fc from 'fast-check'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { drawReceipt, inCapitals, type Receipt } from '../../src/demo/receipts.ts'
import { sharpPictures, svgDrawings } from '../../src/equipment/pictures.ts'

const DIGITS = '零壹贰叁肆伍陆柒捌玖'

/** Reads an amount in capitals back, the way a bookkeeper does: group by group. */
function centsFromCapitals(text: string): number {
  const [whole = '', small = ''] = text.includes('元') ? text.split('元') : ['', text]
  const group = (part: string): number => {
    let sum = 0
    let digit = 0
    for (const character of part) {
      const unit = { 拾: 10, 佰: 100, 仟: 1000 }[character]
      if (unit) sum += digit * unit
      digit = unit ? 0 : DIGITS.indexOf(character)
    }
    return sum + digit
  }
  let yuan = 0
  for (const [name, size] of [
    ['亿', 1e8],
    ['万', 1e4],
    ['', 1],
  ] as const) {
    const at = name === '' ? whole.length : whole.lastIndexOf(name)
    if (at < 0) continue
    const from =
      name === '亿'
        ? 0
        : name === '万'
          ? whole.indexOf('亿') + 1
          : Math.max(whole.lastIndexOf('亿'), whole.lastIndexOf('万')) + 1
    yuan += group(whole.slice(from, at)) * size
  }
  const cents = /(?:([壹贰叁肆伍陆柒捌玖])角)?零?(?:([壹贰叁肆伍陆柒捌玖])分)?$/.exec(small)
  return yuan * 100 + (cents?.[1] ? DIGITS.indexOf(cents[1]) * 10 : 0) + (cents?.[2] ? DIGITS.indexOf(cents[2]) : 0)
}

const receipt: Receipt = {
  kind: 'invoice',
  number: '21033675',
  date: '2026-10-09',
  buyer: '柳树庄村股份经济合作社',
  seller: '顺达五金建材店',
  purpose: '村内排水沟维修材料',
  lines: [{ name: '水泥', unit: '袋', quantity: 25, priceCents: 2550, amountCents: 63_750 }],
  totalCents: 63_750,
}

describe('receipts', () => {
  it('write amounts as bookkeeping does', () => {
    expect(inCapitals(123_000)).toBe('壹仟贰佰叁拾元整')
    expect(inCapitals(100_500)).toBe('壹仟零伍元整')
    expect(inCapitals(1_000_004)).toBe('壹万元零肆分')
    expect(inCapitals(63_450)).toBe('陆佰叁拾肆元伍角')
    expect(inCapitals(10_000_000_00)).toBe('壹仟万元整')
    expect(inCapitals(10_010_000_00)).toBe('壹仟零壹万元整')
    expect(inCapitals(0)).toBe('零元整')
  })

  it('are read back as the same amount, whatever it is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99_999_999_999 }), (cents) => {
        const text = inCapitals(cents)
        expect(text).not.toMatch(/零零|零元|万亿/)
        expect(centsFromCapitals(text)).toBe(cents)
      }),
    )
  })

  it('become pictures with words in them on a machine without fonts', async () => {
    const draw = svgDrawings(join(import.meta.dirname, '../../media/fonts/fonts.conf'))
    const drawn = await draw(drawReceipt(receipt))
    expect(drawn).toMatchObject({ width: 960, height: 560 })
    const mute = drawReceipt(receipt).replaceAll(/<text[^>]*>[^<]*<\/text>/g, '')
    expect(drawn.jpeg.length).toBeGreaterThan(2 * (await draw(mute)).jpeg.length)
    expect(await sharpPictures().read(drawn.jpeg)).toMatchObject({ width: 960 })
  })

  it('differ whenever their words do: 水 is not drawn as 火', async () => {
    const draw = svgDrawings(join(import.meta.dirname, '../../media/fonts/fonts.conf'))
    const other = { ...receipt, lines: [{ ...receipt.lines[0]!, name: '火泥' }] }
    expect((await draw(drawReceipt(receipt))).jpeg.equals((await draw(drawReceipt(other))).jpeg)).toBe(false)
  })
})
