/** How numbers are read aloud in Mandarin. Digits come in as text, so that none is lost to rounding. */

const DIGITS = '零一二三四五六七八九'
const PLACES = ['', '十', '百', '千']
const MYRIAD = 10_000n
const HUNDRED_MILLION = 100_000_000n

/** Longer numbers are read digit by digit: nobody follows a quantity of seventeen places. */
export const INTEGER_DIGITS_LIMIT = 16

/**
 * A whole number: 10 十, 110 一百一十, 1005 一千零五, 20000 两万, 220000 二十二万, 100000000 一亿. Leading zeros are read out: 007.
 */
export function integerInWords(digits: string): string {
  if (digits.length > INTEGER_DIGITS_LIMIT || (digits.length > 1 && digits.startsWith('0')))
    return digitsInWords(digits)
  const words = inWords(BigInt(digits)).replace(/^一十/, '十')
  // 两 leads a quantity of thousands and more; within one, and before 十 and 百, it is 二.
  return words.replace(/^二(?=[千万亿])/, '两')
}

function inWords(value: bigint): string {
  if (value >= HUNDRED_MILLION) return parted(value, HUNDRED_MILLION, '亿')
  if (value >= MYRIAD) return parted(value, MYRIAD, '万')
  const digits = String(value)
  let words = ''
  for (const [index, digit] of Array.from(digits).entries()) {
    if (digit !== '0') words += DIGITS[Number(digit)]! + PLACES[digits.length - 1 - index]!
    else if (!words.endsWith('零')) words += '零'
  }
  return words === '零' ? words : words.replace(/零+$/, '')
}

/** What lies above a great unit, the unit, and what lies below it: with 零 between where a place stays empty. */
function parted(value: bigint, unit: bigint, name: string): string {
  const rest = value % unit
  const above = inWords(value / unit) + name
  if (rest === 0n) return above
  return above + (rest < unit / 10n ? '零' : '') + inWords(rest)
}

/** Digit by digit: 2026 二零二六. */
export function digitsInWords(digits: string): string {
  return Array.from(digits, (digit) => DIGITS[Number(digit)]!).join('')
}

/** Digit by digit as on the telephone, where 1 is 幺, which cannot be misheard as 7. */
export function callDigitsInWords(digits: string): string {
  return digitsInWords(digits).replaceAll('一', '幺')
}

/** A number with or without decimals and thousands commas: `1,234.50` 一千二百三十四点五零. */
export function numberInWords(text: string): string {
  const [whole = '', ...rest] = text.replaceAll(',', '').split('.')
  return [integerInWords(whole), ...rest.map(digitsInWords)].join('点')
}

/** An amount in yuan: `12.5` 十二元五角, `0.05` 五分, `100` 一百元. More than two decimals are read as a decimal. */
export function yuanInWords(text: string): string {
  const [whole = '0', decimals = ''] = text.replaceAll(',', '').split('.')
  if (decimals.length > 2) return `${numberInWords(text)}元`
  const [jiao, fen] = [Number(decimals[0] ?? 0), Number(decimals[1] ?? 0)]
  const yuan = counted(whole)
  let words = BigInt(whole) === 0n && (jiao > 0 || fen > 0) ? '' : `${yuan}元`
  if (jiao > 0) words += `${DIGITS[jiao]}角`
  else if (fen > 0 && words !== '') words += '零'
  if (fen > 0) words += `${DIGITS[fen]}分`
  return words
}

/** A number before a measure word: 2 alone is 两. */
export function counted(text: string): string {
  return text === '2' ? '两' : numberInWords(text)
}
