import { hashOf } from '../equipment/store.ts'
import type { Instant } from '../instant.ts'
import { breakLines, clampLines, shorten } from './lines.ts'
import { momentText } from './wording.ts'

/** An emergency message as the screen needs it; whoever keeps alerts hands these over. */
export type ActiveAlert = {
  id: string
  purpose: 'actual' | 'drill'
  /** 1 red, 2 orange, 3 yellow, 4 blue (GD/J 082-2018). */
  severity: number
  eventCode: string
  title: string
  text: string
  senderName: string
  issuedAt: Instant | null
  endsAt: Instant
}

/** The alerts in force in an area. */
export type ActiveAlerts = (areaCode: string, now: Instant) => Promise<ActiveAlert[]>

/** An alert set for the screen: all over it, and as the strip that stays after OK. */
export type OverlayCard = {
  /** Changes whenever the words do, so that an updated alert is shown again to whoever hid the one before it. */
  key: string
  level: 'red' | 'orange' | 'yellow' | 'blue'
  levelText: string
  levelMark: string
  isDrill: boolean
  title: string
  titleSize: number
  /** The text in lines, and how large they are set: as large as fits. */
  lines: string[]
  lineSize: number
  lineHeight: number
  strip: string
  senderName: string
  issuedText: string
  endsText: string
}

const LEVELS = [
  { level: 'red', levelText: '红色 · 特别重大', levelMark: 'Ⅰ' },
  { level: 'orange', levelText: '橙色 · 重大', levelMark: 'Ⅱ' },
  { level: 'yellow', levelText: '黄色 · 较大', levelMark: 'Ⅲ' },
  { level: 'blue', levelText: '蓝色 · 一般', levelMark: 'Ⅳ' },
] as const

const TEXT_WIDTH = 1104
const TEXT_HEIGHT = 276
/** The sizes tried for the words, largest first; the last is the least that is read from three metres. */
const TEXT_SIZES = [56, 48, 44, 40, 36, 32] as const
const LINE_SPACING = 1.42
const SMALLEST = 32
const TITLE_WIDTH = 1120
const TITLE_SIZES = [72, 64, 56, 48] as const
const STRIP_EMS = 26

/** How many alerts an answer holds; a village with more in force than this sees the gravest. */
export const OVERLAY_LIMIT = 10

/** Sets alerts for the screen: real ones before drills, the gravest first, the newest of equals first. */
export function overlayCards(alerts: ActiveAlert[], now: Instant, zone: string): OverlayCard[] {
  return [...alerts]
    .sort(
      (one, other) =>
        Number(one.purpose === 'drill') - Number(other.purpose === 'drill') ||
        one.severity - other.severity ||
        (other.issuedAt ?? '').localeCompare(one.issuedAt ?? '') ||
        one.id.localeCompare(other.id),
    )
    .slice(0, OVERLAY_LIMIT)
    .map((alert) => overlayCard(alert, now, zone))
}

function overlayCard(alert: ActiveAlert, now: Instant, zone: string): OverlayCard {
  const { id, purpose, severity, title, text, senderName, issuedAt, endsAt } = alert
  const isDrill = purpose === 'drill'
  const titleSize =
    TITLE_SIZES.find((size) => breakLines(title, TITLE_WIDTH / size).length === 1) ?? TITLE_SIZES.at(-1)!
  return {
    key: hashOf(JSON.stringify([id, purpose, severity, title, text, senderName, endsAt])).slice(0, 12),
    ...LEVELS[Math.min(Math.max(severity, 1), LEVELS.length) - 1]!,
    isDrill,
    title: shorten(title, TITLE_WIDTH / titleSize),
    titleSize,
    ...textSet(text),
    strip: shorten(`${isDrill ? '演练：' : ''}${title}`, STRIP_EMS),
    senderName: shorten(senderName, 14),
    issuedText: issuedAt === null ? '' : momentText(issuedAt, now, zone),
    endsText: momentText(endsAt, now, zone),
  }
}

function textSet(text: string): { lines: string[]; lineSize: number; lineHeight: number } {
  const paragraphs = text.split(/\n+/).filter((paragraph) => paragraph.trim() !== '')
  for (const lineSize of TEXT_SIZES) {
    const lineHeight = Math.round(lineSize * LINE_SPACING)
    const lines = paragraphs.flatMap((paragraph) => breakLines(paragraph, TEXT_WIDTH / lineSize))
    if (lines.length * lineHeight <= TEXT_HEIGHT) return { lines, lineSize, lineHeight }
  }
  const lineHeight = Math.round(SMALLEST * LINE_SPACING)
  const lines = clampLines(text, TEXT_WIDTH / SMALLEST, Math.floor(TEXT_HEIGHT / lineHeight))
  return { lines, lineSize: SMALLEST, lineHeight }
}
