import type { Feed, FeedColumn, FeedSection } from '../channels/feed.ts'
import type { Item } from '../content/item.ts'
import { address, type PortalQuery } from './address.ts'
import { gridOf } from './focus.ts'
import { clampLines, pageOf, shorten, widthOf } from './lines.ts'
import { BODY, connect, digitOf, frame, hintsFor, messagePage, type Cell, type Moment, type Page } from './page.ts'
import { instantDayText, periodText, yuanText } from './wording.ts'

/** The pages that lead to items: home, section, column. */

/** What a page is made from. A feed with a household's section is given for that household's own box alone. */
export type Visit = Moment & { feed: Feed; radio: Radio }

/** What the village's loudspeakers do, for the line at the foot of the home page. */
export type Radio = { onAir: string | null; next: { timeText: string; title: string } | null }

export const ROWS_LIMIT = 6
const ROW_PITCH = 85
const ROW_HEIGHT = 76

/** Tiles in `columns` columns that fill a height, with a gap between them. */
export function tiles(
  count: number,
  columns: number,
  area: { y: number; height: number; gap: number; tallest?: number },
): Pick<Cell, 'x' | 'y' | 'width' | 'height'>[] {
  const { y, gap, tallest = Number.POSITIVE_INFINITY } = area
  const rows = Math.max(1, Math.ceil(count / columns))
  const width = Math.floor((BODY.width - gap * (columns - 1)) / columns)
  const height = Math.min(tallest, Math.floor((area.height - gap * (rows - 1)) / rows))
  return Array.from({ length: count }, (_, index) => ({
    x: BODY.x + (index % columns) * (width + gap),
    y: y + Math.floor(index / columns) * (height + gap),
    width,
    height,
  }))
}

/** Names as the division register writes them end in the office, not in the kind of place. */
const SEALS: [ending: RegExp, seal: string][] = [
  [/街道(办事处|办)?$/u, '街'],
  [/社区$/u, '社'],
  [/(居委会|居民委员会)$/u, '居'],
  [/(村委会|村民委员会)$/u, '村'],
  [/镇(人民)?政府$/u, '镇'],
  [/乡(人民)?政府$/u, '乡'],
]

/** The one character that stands for a section on its tile: 县, 街, 村, 家. */
export function sealOf(section: { id: string; areaName: string }): string {
  if (section.id === 'household') return '家'
  return SEALS.find(([ending]) => ending.test(section.areaName))?.[1] ?? section.areaName.at(-1) ?? '乡'
}

export type HomeTile = Cell & {
  seal: string
  name: string
  areaName: string
  lines: string[]
  dateText: string
}

/** The four parts of the portal, each with the newest thing in it. */
export function homePage(
  visit: Visit,
  query: PortalQuery,
  back: string,
): Page & { cells: HomeTile[]; radio: Radio & { nextText: string }; countyName: string } {
  const { feed, now, zone, radio } = visit
  const sections = withHousehold(feed)
  const columns = sections.length === 1 ? 1 : 2
  const spots = tiles(sections.length, columns, { y: BODY.y, height: 440, gap: 14 })
  const ids = sections.map(({ id }) => `s-${id}`)
  const places = sections.map((section, index) => {
    const newest = newestOf(section.columns.flatMap((column) => column.items))
    const isPaired = section.id !== 'household' || feed.householdId !== null
    const words = newest?.title ?? (isPaired ? '暂无公开内容' : '绑定机顶盒后，可看自家补贴、办事进度和消息')
    return {
      id: ids[index]!,
      href: address('section', { area: feed.areaCode, section: section.id }),
      digit: digitOf(index),
      ...spots[index]!,
      seal: sealOf(section),
      name: section.name.zh,
      areaName: isPaired ? shorten(section.areaName, 9) : '尚未绑定',
      lines: clampLines(words, (spots[index]!.width - 56) / 32, 2),
      dateText: newest ? instantDayText(newest.publishedAt, now, zone) : '',
    }
  })
  const cells = connect(places, gridOf(ids, columns))
  const nextText = radio.next ? `${radio.next.timeText} ${shorten(radio.next.title, 16)}` : ''
  return {
    ...frame(
      visit,
      {
        template: 'home',
        title: feed.areaName,
        place: feed.areaName,
        back,
        cells,
        hints: hintsFor({ digits: cells.length, isTop: back === '' }),
      },
      query.focus,
    ),
    cells,
    countyName: feed.sections.find(({ id }) => id === 'county')?.areaName ?? '',
    radio: { ...radio, onAir: radio.onAir === null ? null : shorten(radio.onAir, 14), nextText },
  }
}

export type SectionTile = Cell & {
  name: string
  nameSize: number
  lines: string[]
  countText: string
  dateText: string
}

/** The columns of a section as numbered tiles. Undefined when the feed has no such section. */
export function sectionPage(
  visit: Visit,
  query: PortalQuery,
): (Page & { cells: SectionTile[] }) | ReturnType<typeof messagePage> | undefined {
  const { feed, now, zone } = visit
  const section = withHousehold(feed).find(({ id }) => id === query.sectionId)
  if (!section) return undefined
  const back = address('', { area: feed.areaCode, focus: `s-${section.id}` })
  if (section.id === 'household' && feed.householdId === null) return pairingPage(visit, back)
  const { columns: shelves } = section
  const columns = shelves.length <= 4 ? 2 : shelves.length <= 6 || shelves.length === 9 ? 3 : 4
  const spots = tiles(shelves.length, columns, { y: BODY.y, height: BODY.height, gap: 14, tallest: 247 })
  const ids = shelves.map(({ id }) => `c-${id}`)
  const places = shelves.map((column, index) => {
    const { width, height } = spots[index]!
    const newest = newestOf(column.items)
    const nameSize = widthOf(column.name.zh) * 40 <= width - 112 ? 40 : 36
    return {
      id: ids[index]!,
      href: columnAddress(feed.areaCode, column),
      digit: digitOf(index),
      ...spots[index]!,
      name: column.name.zh,
      nameSize,
      lines: clampLines(newest?.title ?? '暂无公开内容', (width - 48) / 28, height < 200 ? 1 : 2),
      countText: column.items.length > 0 ? `${column.items.length} 条` : '',
      dateText: newest ? instantDayText(newest.publishedAt, now, zone) : '',
    }
  })
  const cells = connect(places, gridOf(ids, columns))
  return {
    ...frame(
      visit,
      {
        template: 'section',
        title: section.name.zh,
        place: feed.areaName,
        crumbs: [section.name.zh],
        back,
        cells,
        hints: hintsFor({ digits: cells.length }),
      },
      query.focus,
    ),
    cells,
  }
}

/**
 * Where a column opens: the newest ledger itself, so that an invoice is three keys from home and all the other periods are one
 * Back away; a list of items everywhere else.
 */
function columnAddress(areaCode: string, column: FeedColumn): string {
  const ledger = column.template === 'ledger' ? column.items.find(({ kind }) => kind === 'ledger') : undefined
  return ledger
    ? address('item', { area: areaCode, item: ledger.id })
    : address('column', { area: areaCode, column: column.id })
}

export type ItemRow = Cell & { titleText: string; badge: string; sideText: string; dateText: string }

/** The items of a column, at most six a page. Undefined when the feed has no such column. */
export function columnPage(
  visit: Visit,
  query: PortalQuery,
): (Page & { cells: ItemRow[]; isEmpty: boolean }) | undefined {
  const { feed, now, zone } = visit
  const found = columnOf(feed, query.columnId)
  if (!found) return undefined
  const { section, column } = found
  const { items } = column
  const focused = items.findIndex(({ id }) => `i-${id}` === query.focus)
  const { page, pages, entries } = pageOf(
    items,
    ROWS_LIMIT,
    focused >= 0 ? Math.floor(focused / ROWS_LIMIT) + 1 : query.page,
  )
  const turn = (to: number, focus?: string): string =>
    to < 1 || to > pages ? '' : address('column', { area: feed.areaCode, column: column.id, page: to, focus })
  const lastAbove = items[(page - 1) * ROWS_LIMIT - 1]
  const back = address('section', { area: feed.areaCode, section: section.id, focus: `c-${column.id}` })
  const rows = entries.map((item, index) => {
    const sideText = sideOf(item)
    return {
      id: `i-${item.id}`,
      href: address('item', { area: feed.areaCode, item: item.id }),
      digit: digitOf(index),
      x: BODY.x,
      y: BODY.y + index * ROW_PITCH,
      width: BODY.width,
      height: ROW_HEIGHT,
      titleText: shorten(item.title, (846 - widthOf(sideText) * 28 - (item.pinnedAt ? 92 : 0)) / 34),
      badge: item.pinnedAt ? '置顶' : '',
      sideText,
      dateText: instantDayText(item.publishedAt, now, zone),
    }
  })
  const ids = rows.map(({ id }) => [id])
  const previousPage = turn(page - 1)
  const nextPage = turn(page + 1)
  const edges = {
    up: turn(page - 1, lastAbove && `i-${lastAbove.id}`),
    down: nextPage,
    left: previousPage,
    right: nextPage,
  }
  const nothing = { id: 'back', href: back, digit: '', x: 490, y: 440, width: 300, height: 80 }
  const cells: ItemRow[] =
    rows.length > 0
      ? connect(rows, ids, edges)
      : connect([{ ...nothing, titleText: '返回', badge: '', sideText: '', dateText: '' }], [['back']])
  return {
    ...frame(
      visit,
      {
        template: 'column',
        title: column.name.zh,
        place: feed.areaName,
        crumbs: [section.name.zh, column.name.zh],
        back,
        previousPage,
        nextPage,
        page,
        pages,
        cells,
        hints: hintsFor({ arrows: pages > 1 ? '▲▼◀▶' : '▲▼', digits: rows.length }),
      },
      query.focus,
    ),
    cells,
    isEmpty: rows.length === 0,
  }
}

function sideOf(item: Item): string {
  if (item.kind === 'ledger') return `结余 ${yuanText(item.content.closingCents)} 元`
  return periodText(item.period)
}

/** How a box is paired with a home; shown where no household is known, so that nobody meets a dead end. */
function pairingPage(visit: Visit, back: string): ReturnType<typeof messagePage> {
  return messagePage(visit, {
    place: visit.feed.areaName,
    heading: '把机顶盒绑定到您家',
    lines: [
      '绑定以后，这里只显示您自己家的补贴、办事进度、诉求和消息，',
      '别人家的机顶盒看不到。',
      '办理方法：带上身份证，记下机顶盒背面的编号，',
      '请村（社区）干部登记，当天就能使用，不收任何费用。',
    ],
    back,
    button: '返回首页',
    mark: '家',
  })
}

/** The sections of a feed, and always a household's: where none is known, it says how to get one. */
function withHousehold(feed: Feed): FeedSection[] {
  if (feed.householdId !== null && feed.sections.some(({ id }) => id === 'household')) return feed.sections
  return [
    ...feed.sections.filter(({ id }) => id !== 'household'),
    { id: 'household', name: { zh: '我家', en: 'My home' }, areaCode: feed.areaCode, areaName: '', columns: [] },
  ]
}

export function columnOf(feed: Feed, columnId: string): { section: FeedSection; column: FeedColumn } | undefined {
  for (const section of feed.sections) {
    const column = section.columns.find(({ id }) => id === columnId)
    if (column) return { section, column }
  }
  return undefined
}

export function itemOf(
  feed: Feed,
  itemId: string,
): { section: FeedSection; column: FeedColumn; item: Item } | undefined {
  for (const section of feed.sections) {
    for (const column of section.columns) {
      const item = column.items.find(({ id }) => id === itemId)
      if (item) return { section, column, item }
    }
  }
  return undefined
}

function newestOf(items: Item[]): Item | undefined {
  let newest: Item | undefined
  for (const item of items) if (!newest || (item.publishedAt ?? '') > (newest.publishedAt ?? '')) newest = item
  return newest
}
