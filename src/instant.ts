/**
 * Instants are UTC ISO-8601 text with milliseconds (`2026-11-22T03:04:05.000Z`): they sort as text on every database.
 * Civil dates (`2026-11-22`) and times (`07:30` or `07:30:15`) belong to a zone, Asia/Shanghai unless configured.
 */
export type Instant = string
export type LocalDate = string
export type LocalTime = string

export function instantFrom(milliseconds: number): Instant {
  return new Date(milliseconds).toISOString()
}

export function milliseconds(at: Instant): number {
  return Date.parse(at)
}

/** Reads any ISO-8601 instant with a zone and returns it normalised, or `undefined` when it is not one. */
export function parseInstant(text: string): Instant | undefined {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/.test(text)) return undefined
  const value = Date.parse(text)
  if (Number.isNaN(value)) return undefined
  // Date.parse rolls 30 February over into March; a date that does not exist is a fault, not another date.
  const day = Number(text.slice(8, 10))
  const lastDay = new Date(Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)), 0)).getUTCDate()
  return day > lastDay ? undefined : instantFrom(value)
}

export function isLocalDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && parseInstant(`${text}T00:00:00Z`) !== undefined
}

export function isLocalTime(text: string): boolean {
  return /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/.test(text)
}

export function addSeconds(at: Instant, seconds: number): Instant {
  return instantFrom(milliseconds(at) + Math.round(seconds * 1000))
}

export function secondsBetween(from: Instant, to: Instant): number {
  return (milliseconds(to) - milliseconds(from)) / 1000
}

export function addDays(date: LocalDate, days: number): LocalDate {
  return instantFrom(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).slice(0, 10)
}

/** 1 is Monday, 7 is Sunday (ISO 8601). */
export function weekdayOf(date: LocalDate): number {
  return new Date(`${date}T00:00:00Z`).getUTCDay() || 7
}

const formatters = new Map<string, Intl.DateTimeFormat>()

function formatterOf(zone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(zone)
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    })
    formatters.set(zone, formatter)
  }
  return formatter
}

// Formatting is slow and offsets change at most on a full quarter of an hour, so one is kept for each.
const offsets = new Map<string, number>()
const OFFSET_CACHE_LIMIT = 50_000
const QUARTER = 900_000

/** Milliseconds to add to UTC to get the civil time of the zone at that moment. */
export function zoneOffset(at: number, zone: string): number {
  const key = `${zone}|${Math.floor(at / QUARTER)}`
  const known = offsets.get(key)
  if (known !== undefined) return known
  const moment = Math.floor(at / QUARTER) * QUARTER
  const text = formatterOf(zone).format(moment)
  const civil = Date.parse(`${text.slice(0, 10)}T${text.slice(12)}Z`)
  if (offsets.size >= OFFSET_CACHE_LIMIT) offsets.clear()
  offsets.set(key, civil - moment)
  return civil - moment
}

/** The civil date and time of an instant: `{ date: '2026-11-22', time: '11:04:05' }`. */
export function civil(at: Instant, zone: string): { date: LocalDate; time: LocalTime } {
  const moment = milliseconds(at)
  const text = instantFrom(moment + zoneOffset(moment, zone))
  return { date: text.slice(0, 10), time: text.slice(11, 19) }
}

/**
 * The instant of a civil date and time. A time that a clock change skips is moved forward by the gap;
 * one that happens twice means the first.
 */
export function instantAt(date: LocalDate, time: LocalTime, zone: string): Instant {
  const naive = Date.parse(`${date}T${time.length === 5 ? `${time}:00` : time}Z`)
  const before = zoneOffset(naive - 86_400_000, zone)
  const after = zoneOffset(naive + 86_400_000, zone)
  const candidates = [naive - before, naive - after].filter((moment) => moment + zoneOffset(moment, zone) === naive)
  return instantFrom(candidates.length > 0 ? Math.min(...candidates) : naive - before)
}

export function isZone(zone: string): boolean {
  try {
    formatterOf(zone)
    return true
  } catch {
    return false
  }
}
