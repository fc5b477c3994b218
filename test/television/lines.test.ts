import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { breakLines, clampLines, pageOf, paginate, shorten, widthOf } from '../../src/television/lines.ts'

const characters = fc.constantFrom(...Array.from('村务公开财务票据，。、；：（）《》“”！？ abcXYZ0123456789.,%-'))
const texts = fc.array(characters, { maxLength: 200 }).map((list) => list.join(''))
const bare = (text: string): string => text.replaceAll(/\s/g, '')

describe('lines', () => {
  it('no character is lost, and no line is wider than the panel', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 6, max: 40 }), (text, ems) => {
        const lines = breakLines(text, ems)
        expect(bare(lines.join(''))).toBe(bare(text))
        // A line may only be too wide where marks that stay together fill it by themselves.
        for (const line of lines) {
          if (widthOf(line) > ems) expect(line).toMatch(/[，。、；：（）《》“”！？.,%-]{2}/u)
        }
      }),
    )
  })

  it('closing marks never begin a line, opening marks never end one, numbers stay whole', () => {
    const lines = breakLines('决定对村东（3.2 公里）灌溉渠进行清淤，预算 186,000.00 元。', 8)
    for (const line of lines) {
      expect(line).not.toMatch(/^[，。）]/)
      expect(line).not.toMatch(/（$/)
    }
    expect(lines.some((line) => line.includes('186,000.00'))).toBe(true)
  })

  it('the first line leaves room for the indent', () => {
    expect(breakLines('一二三四五六七八', 6, 2)).toEqual(['一二三四', '五六七八'])
  })

  it('what is too long ends with an ellipsis and fits', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 2, max: 30 }), (text, ems) => {
        const short = shorten(text, ems)
        expect(widthOf(short)).toBeLessThanOrEqual(Math.max(ems, 1))
        if (widthOf(text) > ems) expect(short.endsWith('…')).toBe(true)
        else expect(short).toBe(text)
      }),
    )
    expect(clampLines('一二三四五六七八九十', 4, 2)).toEqual(['一二三四', '五六七…'])
  })

  it('pages hold every block in order and none is too high', () => {
    const blocks = fc.array(
      fc.record({ height: fc.integer({ min: 10, max: 90 }), keepWithNext: fc.boolean(), id: fc.nat() }),
    )
    fc.assert(
      fc.property(blocks, (list) => {
        const pages = paginate(list, 300)
        expect(pages.flat()).toEqual(list)
        for (const page of pages) expect(page.reduce((sum, { height }) => sum + height, 0)).toBeLessThanOrEqual(300)
      }),
    )
    const heading = { height: 60, keepWithNext: true }
    expect(paginate([{ height: 250 }, heading, { height: 60 }], 330)).toEqual([
      [{ height: 250 }],
      [heading, { height: 60 }],
    ])
  })

  it('a page number outside the list means the nearest page', () => {
    expect(pageOf([1, 2, 3], 2, 99)).toEqual({ page: 2, pages: 2, entries: [3] })
    expect(pageOf([], 2, 1)).toEqual({ page: 1, pages: 1, entries: [] })
  })
})
