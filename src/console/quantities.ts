import { words, type Language } from './language.ts'

/** Amounts, durations and sizes as people read them. Money is whole cents (分) everywhere but on the screen. */

const YUAN = new Intl.NumberFormat('zh-CN', { minimumFractionDigits: 2, maximumFractionDigits: 2 })

/** `123450` → `1,234.50` */
export function yuanText(cents: number): string {
  return YUAN.format(cents / 100)
}

/** `1,234.5` → `123450`; undefined when it is no amount of at most two decimals, or more than a ledger holds. */
export function centsOf(text: string): number | undefined {
  const plain = text.replaceAll(/[,，\s¥￥]/g, '')
  if (!/^-?\d{1,12}(\.\d{1,2})?$/.test(plain)) return undefined
  const [yuan = '0', part = ''] = plain.replace('-', '').split('.')
  const cents = Number(yuan) * 100 + Number(part.padEnd(2, '0'))
  return plain.startsWith('-') ? -cents : cents
}

/** `75` → `1分15秒`, `1 min 15 s`; whole seconds, hours from one hour on. */
export function durationText(seconds: number, language: Language): string {
  const whole = Math.round(seconds)
  const parts = [
    [Math.floor(whole / 3600), 'unit.hours'],
    [Math.floor((whole % 3600) / 60), 'unit.minutes'],
    [whole % 60, 'unit.seconds'],
  ] as const
  const first = parts.findIndex(([count]) => count > 0)
  const shown = first === -1 ? parts.slice(2) : parts.slice(first, first + 2).filter(([count]) => count > 0)
  return shown.map(([count, unit]) => words(language, unit, { count })).join(language === 'zh' ? '' : ' ')
}

/** Seconds as hours with one decimal, for totals. */
export function hoursText(seconds: number): string {
  return (seconds / 3600).toFixed(1)
}

/** `1536` → `1.5 KB` */
export function bytesText(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB']
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log(bytes) / Math.log(1024)), units.length - 1)
  return `${Number((bytes / 1024 ** power).toFixed(1))} ${units[power]}`
}

/** A share as a whole percentage; a dash where there is nothing to share. */
export function shareText(part: number, whole: number): string {
  return whole === 0 ? '—' : `${Math.round((part / whole) * 100)}%`
}
