import { civil, type Instant } from '../instant.ts'
import { neighbours, type Edges, type Neighbours } from './focus.ts'
import { longDayText } from './wording.ts'

/** The files of `templates/tv/` that draw pages. */
export const pageTemplates = [
  'places',
  'home',
  'section',
  'column',
  'reading',
  'picture',
  'video',
  'ledger',
  'voucher',
  'message',
] as const

/**
 * A page as its template is given it: everything is placed, in pixels of a 1280×720 screen, and every text is already cut to fit,
 * so that the template only draws and any engine draws the same.
 */
export type Page = {
  template: (typeof pageTemplates)[number]
  status: 200 | 404 | 500
  title: string
  /** Where one is: the village, then the section and the column. */
  place: string
  crumbs: string[]
  dateText: string
  timeText: string
  /** Seconds since local midnight at rendering, from which the clock on the page goes on. */
  clockSeconds: number
  /** One level up; empty on the top page. */
  back: string
  /** The place that has the focus when the page opens. */
  focus: string
  /** Whether OK opens anything there. */
  opensFocus: boolean
  previousPage: string
  nextPage: string
  page: number
  pages: number
  hints: Hint[]
  cells: Cell[]
}

/** A key as it is printed on the remote control, and what it does here. */
export type Hint = { key: string; does: string }

/** A place that can have the focus: where it lies, where it leads, which digit opens it. */
export type Cell = Neighbours & {
  id: string
  href: string
  digit: string
  x: number
  y: number
  width: number
  height: number
}

/** The part of the screen that no television cuts off: 5 % is kept free on every side. */
export const SAFE = { x: 64, y: 36, width: 1152, height: 648 } as const

/** Between the head (village, clock) and the foot (keys). */
export const BODY = { x: SAFE.x, y: 120, width: SAFE.width, height: 508 } as const

export type Place = Omit<Cell, keyof Neighbours>

/** Gives placed cells their neighbours. `rows` are the ids as they lie on the screen. */
export function connect<P extends Place>(places: P[], rows: string[][], edges: Edges = {}): (P & Neighbours)[] {
  const found = neighbours(rows, edges)
  return places.map((place) => ({ ...place, ...found.get(place.id)! }))
}

export type Moment = { now: Instant; zone: string }

/** The parts that every page has, filled with what most pages put there. */
export function frame(
  moment: Moment,
  page: Pick<Page, 'template' | 'title' | 'place' | 'cells'> & Partial<Page>,
  wantedFocus: string,
): Page {
  const { date, time } = civil(moment.now, moment.zone)
  const [hours = 0, minutes = 0, seconds = 0] = time.split(':').map(Number)
  const focused = page.cells.find((cell) => cell.id === wantedFocus) ?? page.cells[0]
  return {
    status: 200,
    crumbs: [],
    back: '',
    focus: focused?.id ?? '',
    opensFocus: focused !== undefined && focused.href !== '',
    previousPage: '',
    nextPage: '',
    page: 1,
    pages: 1,
    hints: [],
    dateText: longDayText(date),
    timeText: time.slice(0, 5),
    clockSeconds: hours * 3600 + minutes * 60 + seconds,
    ...page,
  }
}

const OPEN: Hint = { key: '确定', does: '打开' }
const BACK: Hint = { key: '返回', does: '上一级' }

/** The keys that do something on this page, in the order that they are named. */
export function hintsFor(page: { arrows?: string; digits?: number; isTop?: boolean; ok?: string }): Hint[] {
  const { arrows = '▲▼◀▶', digits = 0, isTop = false, ok } = page
  return [
    { key: arrows, does: arrows === '◀▶' ? '翻页' : '选择' },
    ok === undefined ? OPEN : { key: '确定', does: ok },
    ...(digits > 0 ? [{ key: digits === 1 ? '1' : `1–${digits}`, does: '直达' }] : []),
    ...(isTop ? [] : [BACK]),
  ]
}

/** A digit as it is printed on a cell: the first nine cells have one. */
export function digitOf(index: number): string {
  return index < 9 ? String(index + 1) : ''
}

/** A page that only says something: what went wrong, or what to do. Its one button leads back. */
export function messagePage(
  moment: Moment,
  message: {
    status?: 200 | 404 | 500
    place: string
    heading: string
    lines: string[]
    back: string
    button: string
    mark: string
  },
): Page & { heading: string; lines: string[]; button: string; mark: string } {
  const { status = 200, place, heading, lines, back, button, mark } = message
  const places = [{ id: 'back', href: back, digit: '', x: 490, y: 546, width: 300, height: 80 }]
  const page = frame(
    moment,
    {
      template: 'message',
      status,
      title: heading,
      place,
      back,
      cells: connect(places, [['back']]),
      hints: hintsFor({ ok: button, arrows: '▲▼◀▶' }).slice(1),
    },
    'back',
  )
  return { ...page, heading, lines, button, mark }
}
