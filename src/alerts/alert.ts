import { contains } from '../areas/division.ts'
import { civil, secondsBetween, type Instant } from '../instant.ts'

/** The life of an emergency message, and what is said of it. */

export const alertStates = ['draft', 'approved', 'issued', 'updated', 'cancelled', 'expired'] as const
export type AlertState = (typeof alertStates)[number]

/** What may follow what; the last three are for ever. */
const LIFE: Record<AlertState, readonly AlertState[]> = {
  draft: ['approved', 'cancelled'],
  approved: ['issued', 'cancelled', 'expired'],
  issued: ['updated', 'cancelled', 'expired'],
  updated: [],
  cancelled: [],
  expired: [],
}

export function mayBecome(state: AlertState, next: AlertState): boolean {
  return LIFE[state].includes(next)
}

export type Severity = 1 | 2 | 3 | 4

export type Alert = {
  id: string
  purpose: 'actual' | 'drill'
  state: AlertState
  /** 1 red, 2 orange, 3 yellow, 4 blue (GD/J 082-2018). */
  severity: Severity
  /** Five characters: GB/T 35561 digits (`10203` rainstorm), or the letter codes of the emergency platforms (`11B03`). */
  eventCode: string
  title: string
  text: string
  /** The area of who issued it. */
  areaCode: string
  targets: string[]
  senderName: string
  startsAt: Instant
  endsAt: Instant
  repeatEverySeconds: number
  recordingKey: string | null
  issuedBy: string
  issuedAt: Instant | null
  endedBy: string | null
  endedAt: Instant | null
  endReason: string | null
  /** The alert this one replaces. */
  updatesId: string | null
  requestKey: string | null
}

export const ALERT_TEXT_LIMIT = 300
export const ALERT_SECONDS_LIMIT = 24 * 3600
export const ALERT_SECONDS_MINIMUM = 60
export const REPEAT_EVERY_SECONDS = 180
/** 紧急公告, an urgent announcement: what an event is when nobody says. */
export const DEFAULT_EVENT_CODE = '60100'

export function isEventCode(text: string): boolean {
  return /^(\d{5}|\d{2}[A-Z]\d{2})$/.test(text)
}

/** How often the words are said in each repetition: three times for red and orange, twice for yellow and blue. */
export function sayings(severity: Severity): number {
  return severity <= 2 ? 3 : 2
}

const COLOURS = { 1: '红色', 2: '橙色', 3: '黄色', 4: '蓝色' } as const

/** What the loudspeakers say: who, what, the words, until when. A drill says first and last that it is one. */
export function wordsOf(
  alert: Pick<Alert, 'purpose' | 'severity' | 'title' | 'text' | 'senderName' | 'startsAt' | 'endsAt'>,
  zone: string,
): string {
  const words = [
    `${alert.senderName}发布${COLOURS[alert.severity]}应急消息`,
    alert.title,
    alert.text,
    `有效期至${spokenMoment(alert.endsAt, alert.startsAt, zone)}`,
  ]
  const all = alert.purpose === 'drill' ? ['这是演练，不是真实险情', ...words, '以上是演练，请勿惊慌'] : words
  return all.map(asSentence).join('')
}

/** Whether an alert stands at this moment in an area: in one of its targets, or in what they contain. */
export function isInForce(alert: Alert, areaCode: string, now: Instant): boolean {
  return (
    alert.state === 'issued' &&
    alert.startsAt <= now &&
    now < alert.endsAt &&
    alert.targets.some((target) => contains(target, areaCode))
  )
}

/** Actual ones before drills, the gravest first, the newest of equals first. */
export function byGravity(one: Alert, other: Alert): number {
  if (one.purpose !== other.purpose) return one.purpose === 'actual' ? -1 : 1
  if (one.severity !== other.severity) return one.severity - other.severity
  return one.id > other.id ? -1 : 1
}

/** Targets that lie in another target are said there already. */
export function outermost(targets: string[]): string[] {
  const unique = [...new Set(targets)].sort()
  return unique.filter((code) => !unique.some((other) => other !== code && contains(other, code)))
}

export function isEndAllowed(endsAt: Instant, now: Instant): boolean {
  const seconds = secondsBetween(now, endsAt)
  return seconds >= ALERT_SECONDS_MINIMUM && seconds <= ALERT_SECONDS_LIMIT
}

function asSentence(text: string): string {
  return /[。！？!?.]$/.test(text.trim()) ? text.trim() : `${text.trim()}。`
}

function spokenMoment(at: Instant, from: Instant, zone: string): string {
  const { date, time } = civil(at, zone)
  const [hours, minutes] = time.split(':').map(Number)
  const clock = `${hours}点${minutes === 0 ? '整' : `${minutes}分`}`
  const [, month, day] = date.split('-').map(Number)
  return date === civil(from, zone).date ? `今天${clock}` : `${month}月${day}日${clock}`
}
