import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OVERLAY_LIMIT, overlayCards, type ActiveAlert } from '../../src/television/overlay.ts'
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

  it('any words fit the screen, and are never smaller than is read from three metres', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 2000, unit: 'grapheme' }), fc.string({ maxLength: 80 }), (text, title) => {
        const [card] = overlayCards([{ ...rain, text, title }], START, ZONE)
        expect(card!.lines.length * card!.lineHeight).toBeLessThanOrEqual(276)
        expect(card!.lineSize).toBeGreaterThanOrEqual(32)
      }),
      { numRuns: 60 },
    )
    expect(
      overlayCards(
        Array.from({ length: 30 }, (_, id) => ({ ...rain, id: String(id) })),
        START,
        ZONE,
      ),
    ).toHaveLength(OVERLAY_LIMIT)
  })
})
