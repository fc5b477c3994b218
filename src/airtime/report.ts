import { invalid, type Language } from '../errors.ts'
import { addDays, type LocalDate } from '../instant.ts'

/** What a report counts by. */
export const groupings = ['area', 'day', 'bulletin', 'class', 'voice'] as const
export type Grouping = (typeof groupings)[number]

/** A report looks at most this far: a leap year and a month, so that years can be compared. */
export const REPORT_DAYS_LIMIT = 397
/** One loudspeaker's deliveries are many; they are told by the month. */
export const DELIVERY_DAYS_LIMIT = 31

/** Airings and what came of them. Hours of loudspeakers: one that sounds for an hour, or sixty that sound for a minute. */
export type Figures = {
  airings: number
  onAir: number
  finished: number
  preempted: number
  failed: number
  cancelled: number
  /** Lengths of the airings as planned, and as the station had them on air. */
  plannedSeconds: number
  airedSeconds: number
  /** Deliveries to loudspeakers, and how many of them began to sound. */
  deliveries: number
  heard: number
  /** Over loudspeakers: what was planned, beside the sum of what they reported. */
  plannedSpeakerSeconds: number
  reportedSeconds: number
}

export type ReportRow = { key: string; name: string } & Figures

export type Report = { rows: ReportRow[]; total: Figures; drills: Figures; coming: Figures }

export const nothing: Figures = {
  airings: 0,
  onAir: 0,
  finished: 0,
  preempted: 0,
  failed: 0,
  cancelled: 0,
  plannedSeconds: 0,
  airedSeconds: 0,
  deliveries: 0,
  heard: 0,
  plannedSpeakerSeconds: 0,
  reportedSeconds: 0,
}

const FIGURES = Object.keys(nothing) as (keyof Figures)[]

export function added(one: Figures, other: Figures): Figures {
  const sum = { ...one }
  for (const figure of FIGURES) sum[figure] = Math.round((one[figure] + other[figure]) * 1000) / 1000
  return sum
}

/** Rows of the same key become one, in order of their keys. */
export function merged(rows: ReportRow[]): ReportRow[] {
  const byKey = new Map<string, ReportRow>()
  for (const row of rows) {
    const known = byKey.get(row.key)
    byKey.set(row.key, { ...row, ...added(known ?? nothing, row) })
  }
  return [...byKey.values()].sort((one, other) => (one.key < other.key ? -1 : 1))
}

export function totalOf(rows: ReportRow[]): Figures {
  return rows.reduce<Figures>((total, row) => added(total, figuresOf(row)), nothing)
}

function figuresOf({ key: _key, name: _name, ...figures }: ReportRow): Figures {
  return figures
}

/** Throws `invalid` when the days are in the wrong order, or too many. */
export function requireDays(from: LocalDate, to: LocalDate, limit: number): void {
  if (to < from) throw invalid('to', '结束日期早于开始日期', 'ends before it begins')
  if (to >= addDays(from, limit)) throw invalid('to', `一次最多查询 ${limit} 天`, `spans more than ${limit} days`)
}

const HEADINGS: Record<keyof ReportRow, Record<Language, string>> = {
  key: { zh: '编号', en: 'key' },
  name: { zh: '名称', en: 'name' },
  airings: { zh: '计划次数', en: 'airings' },
  onAir: { zh: '开播次数', en: 'on air' },
  finished: { zh: '播完次数', en: 'finished' },
  preempted: { zh: '被抢占', en: 'pre-empted' },
  failed: { zh: '失败', en: 'failed' },
  cancelled: { zh: '取消', en: 'cancelled' },
  plannedSeconds: { zh: '计划秒数', en: 'planned seconds' },
  airedSeconds: { zh: '播出秒数', en: 'aired seconds' },
  deliveries: { zh: '应送达', en: 'deliveries' },
  heard: { zh: '已播响', en: 'heard' },
  plannedSpeakerSeconds: { zh: '终端计划秒数', en: 'planned loudspeaker seconds' },
  reportedSeconds: { zh: '终端上报秒数', en: 'reported loudspeaker seconds' },
}

const ORDER = Object.keys(HEADINGS) as (keyof ReportRow)[]

/** The report as a sheet: its headings and its rows, the total last. */
export function sheetOf(report: Report, language: Language): { columns: string[]; rows: (string | number)[][] } {
  const total: ReportRow = { key: '', name: language === 'zh' ? '合计' : 'total', ...report.total }
  const drills: ReportRow = { key: '', name: language === 'zh' ? '演练（不计入）' : 'drills (apart)', ...report.drills }
  const coming: ReportRow = {
    key: '',
    name: language === 'zh' ? '未到时（不计入）' : 'to come (apart)',
    ...report.coming,
  }
  return {
    columns: ORDER.map((column) => HEADINGS[column][language]),
    rows: [...report.rows, total, drills, coming].map((row) => ORDER.map((column) => row[column])),
  }
}
