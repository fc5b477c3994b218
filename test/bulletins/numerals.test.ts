import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { callDigitsInWords, integerInWords, numberInWords, yuanInWords } from '../../src/bulletins/numerals.ts'

/** Reads Chinese numerals back, written apart from what writes them: the greatest unit splits the words, over and over. */
function valueOf(words: string): bigint {
  for (const [unit, worth] of [
    ['亿', 100_000_000n],
    ['万', 10_000n],
  ] as const) {
    const place = words.lastIndexOf(unit)
    if (place >= 0) return valueOf(words.slice(0, place)) * worth + valueOf(words.slice(place + 1))
  }
  let total = 0n
  let digit: bigint | undefined
  for (const character of words) {
    const worth = { 十: 10n, 百: 100n, 千: 1000n }[character]
    if (worth === undefined) {
      digit = BigInt('零一二三四五六七八九'.indexOf(character.replace('两', '二')))
    } else {
      total += (digit ?? 1n) * worth
      digit = undefined
    }
  }
  return total + (digit ?? 0n)
}

describe('numerals', () => {
  it('every whole number read aloud means itself', () => {
    const integers = fc.oneof(
      fc.bigInt({ min: 0n, max: 9_999_999_999_999_999n }),
      fc.integer({ min: 0, max: 120_000 }).map(BigInt),
      // Numbers with many zeros, where 零 goes wrong first.
      fc
        .array(fc.constantFrom('0', '0', '0', '1', '2', '9'), { minLength: 1, maxLength: 16 })
        .map((digits) => BigInt(digits.join(''))),
    )
    fc.assert(
      fc.property(integers, (value) => {
        const words = integerInWords(String(value))
        expect(valueOf(words)).toBe(value)
        expect(words).not.toMatch(/零零|.零$|^二[千万亿]|^一十|\d/)
      }),
      { numRuns: 2000 },
    )
  })

  it('an empty place between two others is 零, once', () => {
    expect(integerInWords('10000001')).toBe('一千万零一')
    expect(integerInWords('100010000')).toBe('一亿零一万')
    expect(integerInWords('1000000000001')).toBe('一万亿零一')
    expect(integerInWords('102030')).toBe('十万二千零三十')
  })

  it('numbers too long for a quantity, and those with leading zeros, are read digit by digit', () => {
    expect(integerInWords('12345678901234567')).toBe('一二三四五六七八九零一二三四五六七')
    expect(integerInWords('007')).toBe('零零七')
  })

  it('reads decimals digit by digit, and amounts in yuan, jiao and fen', () => {
    expect(numberInWords('1,234.50')).toBe('一千二百三十四点五零')
    expect(['100', '2', '12.5', '0.05', '0.50', '100.05', '1,000.10', '0', '3.14159'].map(yuanInWords)).toEqual([
      '一百元',
      '两元',
      '十二元五角',
      '五分',
      '五角',
      '一百元零五分',
      '一千元一角',
      '零元',
      '三点一四一五九元',
    ])
  })

  it('says 幺 on the telephone', () => {
    expect(callDigitsInWords('12110')).toBe('幺二幺幺零')
  })
})
