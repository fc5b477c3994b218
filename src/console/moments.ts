import dayjs, { type Dayjs } from 'dayjs'
import timezone from 'dayjs/plugin/timezone.js'
import utc from 'dayjs/plugin/utc.js'

dayjs.extend(utc)
dayjs.extend(timezone)

/** Instants come as UTC text and are shown, and picked, as civil time of the station's zone, wherever the browser stands. */

/** `2026-11-22 07:30` or another dayjs format. */
export function civilText(at: string, zone: string, format = 'YYYY-MM-DD HH:mm'): string {
  return dayjs.utc(at).tz(zone).format(format)
}

/** The civil time as a picker wants it: a value whose face shows the station's clock. */
export function faceOf(at: string, zone: string): Dayjs {
  return dayjs(civilText(at, zone, 'YYYY-MM-DDTHH:mm:ss'))
}

/** The instant that a picker's face shows, in the station's zone. */
export function instantOf(face: Dayjs, zone: string): string {
  return dayjs.tz(face.format('YYYY-MM-DDTHH:mm:ss'), zone).toISOString()
}

/** Whole seconds until the instant; negative when it is past. */
export function secondsUntil(at: string, now: number): number {
  return Math.round((Date.parse(at) - now) / 1000)
}
