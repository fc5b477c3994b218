import { Converter } from 'opencc-js/t2cn'

const convert = Converter({ from: 't', to: 'cn' })

/** Traditional characters as simplified ones, told apart by the words they stand in (乾燥 → 干燥, 乾坤 stays). */
export function simplified(text: string): string {
  return convert(text)
}
