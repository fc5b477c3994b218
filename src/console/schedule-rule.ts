import type { MessageKey, Values } from './language.ts'

/** When a schedule fires, as the station keeps it, and as a person writes and reads it. Dates and times are civil. */

export type Rule =
  | { kind: 'daily'; times: string[]; from: string; until: string | null }
  | { kind: 'weekdays'; weekdays: number[]; times: string[]; from: string; until: string | null }
  | { kind: 'dates'; dates: string[]; times: string[] }

export type When = {
  kind: 'soon' | 'dates' | 'daily' | 'weekdays'
  dates: string[]
  weekdays: number[]
  times: string[]
  from: string
  until: string | null
}

/** The rule that was meant. `soon` is a moment of the station's clock: `{ date, time }` with seconds. */
export function ruleOf(when: When, soon: { date: string; time: string }): Rule {
  const times = [...new Set(when.times)].sort()
  if (when.kind === 'soon') return { kind: 'dates', dates: [soon.date], times: [soon.time] }
  if (when.kind === 'dates') return { kind: 'dates', dates: [...new Set(when.dates)].sort(), times }
  const span = { from: when.from, until: when.until }
  return when.kind === 'daily'
    ? { kind: 'daily', times, ...span }
    : { kind: 'weekdays', weekdays: [...new Set(when.weekdays)].sort((one, other) => one - other), times, ...span }
}

/** The rule as it is written in the form again. */
export function whenOf(rule: Rule, today: string): When {
  return {
    kind: rule.kind,
    times: rule.times,
    dates: rule.kind === 'dates' ? rule.dates : [],
    weekdays: rule.kind === 'weekdays' ? rule.weekdays : [],
    from: rule.kind === 'dates' ? today : rule.from,
    until: rule.kind === 'dates' ? null : rule.until,
  }
}

const DATES_SHOWN = 2

/** `每天 07:30、18:00`, `周一至周五 07:30，自 2026-12-01`. */
export function ruleWords(rule: Rule, t: (key: MessageKey, values?: Values) => string): string {
  const times = rule.times.join(t('list-comma'))
  if (rule.kind === 'dates') {
    const dates = rule.dates.slice(0, DATES_SHOWN).join(t('list-comma'))
    const days = rule.dates.length > DATES_SHOWN ? t('rule.and-more', { dates, count: rule.dates.length }) : dates
    return `${days} ${times}`
  }
  const days = rule.kind === 'daily' ? t('rule.daily') : weekdayWords(rule.weekdays, t)
  const until = rule.until === null ? '' : t('rule.until', { date: rule.until })
  return `${days} ${times}${until}`
}

const WEEKDAYS = [
  'weekday.1',
  'weekday.2',
  'weekday.3',
  'weekday.4',
  'weekday.5',
  'weekday.6',
  'weekday.7',
] as const satisfies MessageKey[]

export function weekdayName(weekday: number, t: (key: MessageKey) => string): string {
  return t(WEEKDAYS[weekday - 1] ?? 'weekday.1')
}

function weekdayWords(weekdays: number[], t: (key: MessageKey) => string): string {
  if (weekdays.join('') === '12345') return t('rule.workdays')
  return weekdays.map((weekday) => weekdayName(weekday, t)).join(t('list-comma'))
}
