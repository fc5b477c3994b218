import { civil, weekdayOf, type Instant, type LocalDate } from '../instant.ts'

/** How dates, money and periods read on a screen. */

const WEEKDAYS = ['一', '二', '三', '四', '五', '六', '日']

/** `11月22日`; with the year when it is not this year: `2025年12月3日`. */
export function dayText(date: LocalDate, today: LocalDate): string {
  const [year, month, day] = date.split('-').map(Number)
  const monthAndDay = `${month}月${day}日`
  return date.slice(0, 4) === today.slice(0, 4) ? monthAndDay : `${year}年${monthAndDay}`
}

/** `2026年11月22日 星期日` */
export function longDayText(date: LocalDate): string {
  const [year, month, day] = date.split('-').map(Number)
  return `${year}年${month}月${day}日 星期${WEEKDAYS[weekdayOf(date) - 1]}`
}

export function instantDayText(at: Instant | null, now: Instant, zone: string): string {
  return at === null ? '' : dayText(civil(at, zone).date, civil(now, zone).date)
}

/** `11月22日 09:30` */
export function momentText(at: Instant, now: Instant, zone: string): string {
  return `${instantDayText(at, now, zone)} ${civil(at, zone).time.slice(0, 5)}`
}

/** `2026` 2026年, `2026-Q3` 2026年三季度, `2026-09` 2026年9月; anything else as it is. */
export function periodText(period: string): string {
  const [, year, quarter, month] = /^(\d{4})(?:-Q([1-4])|-(\d{2}))?$/.exec(period) ?? []
  if (!year) return period
  if (quarter) return `${year}年${WEEKDAYS[Number(quarter) - 1]}季度`
  return month ? `${year}年${Number(month)}月` : `${year}年`
}

/** Whole cents as yuan with grouped thousands and two decimals: `12,345.60`. */
export function yuanText(cents: number): string {
  const [whole = '', fraction = ''] = (Math.abs(cents) / 100).toFixed(2).split('.')
  return `${cents < 0 ? '−' : ''}${whole.replaceAll(/\B(?=(\d{3})+$)/g, ',')}.${fraction}`
}

/** Seconds as `3 分 20 秒`. */
export function durationText(seconds: number): string {
  const whole = Math.round(seconds)
  return whole < 60 ? `${whole} 秒` : `${Math.floor(whole / 60)} 分 ${whole % 60} 秒`
}
