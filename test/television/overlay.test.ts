import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OVERLAY_LIMIT, overlayCards, type ActiveAlert } from '../../src/television/overlay.ts'
import { widthOf } from '../../src/television/lines.ts'
import { rain } from '../support/portal.ts'
import { START } from '../support/station.ts'

const ZONE = 'Asia/Shanghai'

const keyOf = (alert: ActiveAlert): string => overlayCards([alert], START, ZONE)[0]!.key

describe('overlay', () => {
  it('says the level in colour, figure and words, who says so, and until when', () => {
    const [card] = overlayCards([rain], START, ZONE)
    expect(card).toMatchObject({
      level: 'red',
      levelMark: 'Ⅰ',
      levelText: '红色 · 特别重大',
      isDrill: false,
      senderName: '青禾区应急管理局',
      issuedText: '11月22日 07:00',
      endsText: '11月22日 12:00',
    })
  })

  it('real alerts stand before drills, the gravest first', () => {
    const drill: ActiveAlert = { ...rain, id: 'd', purpose: 'drill' }
    const yellow: ActiveAlert = { ...rain, id: 'y', severity: 3 }
    expect(overlayCards([drill, yellow, rain], START, ZONE).map(({ level, isDrill }) => [level, isDrill])).toEqual([
      ['red', false],
      ['yellow', false],
      ['red', true],
    ])
  })

  it('an updated alert has a new key, an unchanged one keeps it', () => {
    expect(keyOf({ ...rain })).toBe(keyOf(rain))
    for (const change of [
      { text: '解除转移' },
      { severity: 2 },
      { endsAt: '2026-11-22T05:00:00.000Z' },
      { id: 'a2' },
    ]) {
      expect(keyOf({ ...rain, ...change })).not.toBe(keyOf(rain))
    }
  })

  it('every character of a title and a text is on some page, none smaller than is read from three metres', () => {
    const bare = (text: string): string => text.replaceAll(/\s/gu, '')
    const words = (maxLength: number) =>
      fc.oneof(
        fc.string({ unit: 'grapheme', maxLength }),
        fc.string({
          unit: fc.constantFrom(...Array.from('暴雨，。（）！ WMa1%-')),
          minLength: maxLength - 4,
          maxLength,
        }),
        fc.string({ unit: fc.constantFrom('洪', 'W'), minLength: maxLength, maxLength }),
      )
    fc.assert(
      fc.property(words(300), words(80), (text, title) => {
        const [card] = overlayCards([{ ...rain, text, title }], START, ZONE)
        const { pages, titleLines, titleHeight, titleSize, lineHeight, lineSize } = card!
        expect(bare(titleLines.join(''))).toBe(bare(title))
        expect(bare(pages.flat().join(''))).toBe(bare(text))
        expect(titleLines.length * titleHeight).toBeLessThanOrEqual(108)
        for (const line of titleLines) expect(widthOf(line) * titleSize).toBeLessThanOrEqual(1152)
        for (const lines of pages) expect(lines.length * lineHeight).toBeLessThanOrEqual(276)
        for (const line of pages.flat()) expect(widthOf(line) * lineSize).toBeLessThanOrEqual(1105)
        expect(Math.min(lineSize, titleSize)).toBeGreaterThanOrEqual(28)
      }),
    )
    const awkward = `暴${'W'.repeat(43)}${'雨'.repeat(36)}`
    expect(overlayCards([{ ...rain, title: awkward }], START, ZONE)[0]!.titleLines.join('')).toBe(awkward)
  })

  it('the strip leaves room for the end time, this year and another', () => {
    for (const endsAt of [rain.endsAt, '2027-01-22T04:00:00.000Z']) {
      const [card] = overlayCards([{ ...rain, title: '洪'.repeat(80), endsAt }], START, ZONE)
      const { strip, endsText } = card!
      // The strip's mark and level take 142 px of its 1152.
      expect(142 + widthOf(strip) * 32 + widthOf(`至 ${endsText}`) * 28).toBeLessThan(1152)
      expect(strip).toMatch(/^洪{15,}…$/u)
    }
  })

  it('an answer holds the gravest alerts and no more', () => {
    expect(
      overlayCards(
        Array.from({ length: 30 }, (_, id) => ({ ...rain, id: String(id) })),
        START,
        ZONE,
      ),
    ).toHaveLength(OVERLAY_LIMIT)
  })
})
