import { hashOf } from '../equipment/store.ts'
import type { Instant } from '../instant.ts'
import { breakLines, cutLines, shorten, widthOf } from './lines.ts'
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
  /** The title in lines, and how large they are set: as large as fits. */
  titleLines: string[]
  titleSize: number
  titleHeight: number
  /** The text in lines, page by page: on one page as large as fits, on several that turn by themselves where it is long. */
  pages: string[][]
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
/** The sizes tried for words on one page, largest first; the last is the least that is read from three metres. */
const TEXT_SIZES = [56, 48, 44, 40, 36, 32] as const
/** The size of words on several pages. */
const PAGED_SIZE = 36
const LINE_SPACING = 1.42
const TITLE_WIDTH = 1120
const TITLE_HEIGHT = 108
/** The sizes tried for a title on one, two and three lines. The last holds 105 characters; a title has at most 80. */
const TITLE_SIZES = [72, 64, 56, 48, 44, 32] as const
const TITLE_SPACING = 1.125
const STRIP_SIZE = 32
const STRIP_UNTIL_SIZE = 28
/** Room for title and end time on the strip: beside its mark and level, with a gap between the two. */
const STRIP_WIDTH = 976

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
  const endsText = momentText(endsAt, now, zone)
  const stripRoom = STRIP_WIDTH - widthOf(`至 ${endsText}`) * STRIP_UNTIL_SIZE
  return {
    key: hashOf(JSON.stringify([id, purpose, severity, title, text, senderName, endsAt])).slice(0, 12),
    ...LEVELS[Math.min(Math.max(severity, 1), LEVELS.length) - 1]!,
    isDrill,
    ...titleSet(title),
    ...textSet(text),
    strip: shorten(`${isDrill ? '演练：' : ''}${title}`, stripRoom / STRIP_SIZE),
    senderName: shorten(senderName, 14),
    issuedText: issuedAt === null ? '' : momentText(issuedAt, now, zone),
    endsText,
  }
}

function titleSet(title: string): Pick<OverlayCard, 'titleLines' | 'titleSize' | 'titleHeight'> {
  for (const titleSize of TITLE_SIZES) {
    const titleHeight = Math.round(titleSize * TITLE_SPACING)
    const titleLines = linesOf(title, TITLE_WIDTH / titleSize)
    if (titleLines.length * titleHeight <= TITLE_HEIGHT) return { titleLines, titleSize, titleHeight }
  }
  // Words kept whole may waste most of a line; a title is rather cut anywhere than cut off.
  const titleSize = TITLE_SIZES.at(-1)!
  const titleHeight = Math.round(titleSize * TITLE_SPACING)
  const ems = TITLE_WIDTH / titleSize
  const [first = '', second = '', ...others] = cutLines(title, ems)
  return { titleLines: [first, second, shorten(others.join(''), ems)], titleSize, titleHeight }
}

function textSet(text: string): Pick<OverlayCard, 'pages' | 'lineSize' | 'lineHeight'> {
  for (const lineSize of TEXT_SIZES) {
    const [page = [], ...others] = pagesOf(text, lineSize)
    if (others.length === 0) return { pages: [page], lineSize, lineHeight: lineHeightOf(lineSize) }
  }
  return { pages: pagesOf(text, PAGED_SIZE), lineSize: PAGED_SIZE, lineHeight: lineHeightOf(PAGED_SIZE) }
}

function pagesOf(text: string, size: number): string[][] {
  const lines = text.split(/\n+/).flatMap((paragraph) => linesOf(paragraph, TEXT_WIDTH / size))
  const limit = Math.floor(TEXT_HEIGHT / lineHeightOf(size))
  return Array.from({ length: Math.ceil(lines.length / limit) }, (_, page) =>
    lines.slice(page * limit, (page + 1) * limit),
  )
}

function lineHeightOf(size: number): number {
  return Math.round(size * LINE_SPACING)
}

/** Lines of which none is wider than `ems`, not even one of marks that would rather stay together. */
function linesOf(text: string, ems: number): string[] {
  return breakLines(text, ems).flatMap((line) => cutLines(line, ems))
}
