import type { Item } from '../content/item.ts'
import { address, pictureAddress, videoAddress, type PortalQuery } from './address.ts'
import { breakLines, paginate, shorten } from './lines.ts'
import { BODY, connect, frame, hintsFor, type Cell } from './page.ts'
import type { itemOf, Visit } from './shelves.ts'
import { durationText, instantDayText, periodText } from './wording.ts'

/** The pages of an item that is read: articles, notices, guides and videos. A ledger has its own, in ledger.ts. */

export type Found = NonNullable<ReturnType<typeof itemOf>>

/** A line of a reading page, already broken; `y` is where it stands in the panel. */
export type SetLine = {
  kind: 'heading' | 'text' | 'label' | 'step' | 'meta' | 'gap'
  text: string
  /** The step's number or the fact's name, beside the first line of its text. */
  mark: string
  height: number
  keepWithNext?: boolean
}

type Leaf = { lines: (SetLine & { y: number })[]; picture: string }

const PANEL_WIDTH = 968
const PANEL_PADDING = 40
const PANEL_HEIGHT = BODY.height
const TEXT_SIZE = 34
const HEADING_SIZE = 42
const TEXT_HEIGHT = 54
const INNER_WIDTH = PANEL_WIDTH - 2 * PANEL_PADDING
const TEXT_EMS = INNER_WIDTH / TEXT_SIZE
const STEP_EMS = (INNER_WIDTH - 80) / TEXT_SIZE
const FACT_EMS = (INNER_WIDTH - 190) / TEXT_SIZE
/** What stands beside a video; all of its description is on the pages after it. */
const SUMMARY_LINES_LIMIT = 3
const INDENT = '　　'

/**
 * An item on its pages: the text in lines, each picture on a page of its own, the elements of disclosure at the end. A ledger and a
 * video have pages of their own before these; `pagesBefore` says how many.
 */
export function readingPage(visit: Visit, found: Found, query: PortalQuery, pagesBefore = 0) {
  const { feed } = visit
  const { section, column, item } = found
  const leaves = leavesOf(visit, item)
  const pages = pagesBefore + leaves.length
  const page = Math.min(Math.max(query.page, pagesBefore + 1), pages)
  const leaf = leaves[page - pagesBefore - 1]!
  const turn = (to: number, focus: string): string =>
    to < 1 || to > pages ? '' : address('item', { area: feed.areaCode, item: item.id, page: to, focus })
  const back = address('column', { area: feed.areaCode, column: column.id, focus: `i-${item.id}` })
  const nextPage = turn(page + 1, 'next')
  const previousPage = turn(page - 1, 'previous')
  const buttons = [
    { id: 'next', href: nextPage, name: '下一页' },
    { id: 'previous', href: previousPage, name: '上一页' },
    { id: 'back', href: back, name: '返回' },
  ].filter(({ href }) => href !== '')
  const cells = railOf(buttons, { left: previousPage, right: nextPage })
  return {
    ...frame(
      visit,
      {
        template: leaf.picture === '' ? 'reading' : 'picture',
        title: item.title,
        place: feed.areaName,
        crumbs: [section.name.zh, column.name.zh],
        back,
        previousPage,
        nextPage,
        page,
        pages,
        cells,
        hints: hintsFor({ arrows: pages > 1 ? '◀▶' : '▲▼', ok: cells[0]?.name ?? '打开' }),
      },
      query.focus,
    ),
    cells,
    lines: leaf.lines,
    picture: leaf.picture,
    caption: shorten(item.title, 22),
  }
}

/** The buttons beside a page, one under the other. */
export function railOf(
  buttons: { id: string; href: string; name: string }[],
  edges: { left: string; right: string },
): (Cell & { name: string })[] {
  const places = buttons.map((button, index) => ({
    ...button,
    digit: '',
    x: BODY.x + PANEL_WIDTH + 20,
    y: BODY.y + BODY.height - (buttons.length - index) * 92 + 16,
    width: BODY.width - PANEL_WIDTH - 20,
    height: 76,
  }))
  return connect(
    places,
    buttons.map(({ id }) => [id]),
    edges,
  )
}

/** A video with its poster and what it is about. A box that cannot play it still shows both. */
export function videoPage(visit: Visit, found: Found & { item: Extract<Item, { kind: 'video' }> }, query: PortalQuery) {
  const { feed, now, zone } = visit
  const { section, column, item } = found
  const { videoHash, posterHash, seconds } = item.content
  const back = address('column', { area: feed.areaCode, column: column.id, focus: `i-${item.id}` })
  const nextPage = address('item', { area: feed.areaCode, item: item.id, page: 2, focus: 'next' })
  const places = [
    ...(videoHash ? [{ id: 'play', href: videoAddress(videoHash), name: '播放 / 暂停' }] : []),
    { id: 'next', href: nextPage, name: '文字说明' },
    { id: 'back', href: back, name: '返回' },
  ].map((button, index, all) => ({
    ...button,
    digit: '',
    x: 884,
    y: BODY.y + BODY.height - (all.length - index) * 92 + 16,
    width: 332,
    height: 76,
  }))
  const cells = connect(
    places,
    places.map(({ id }) => [id]),
    { right: nextPage },
  )
  return {
    ...frame(
      visit,
      {
        template: 'video',
        title: item.title,
        place: feed.areaName,
        crumbs: [section.name.zh, column.name.zh],
        back,
        nextPage,
        pages: 1 + leavesOf(visit, item).length,
        cells,
        hints: hintsFor({ arrows: '▲▼▶', ok: '打开' }),
      },
      query.focus,
    ),
    cells,
    heading: shorten(item.title, 18),
    video: videoHash ? videoAddress(videoHash) : '',
    poster: posterHash ? pictureAddress(posterHash) : '',
    length: durationText(seconds),
    publishedText: instantDayText(item.publishedAt, now, zone),
    lines: breakLines(item.summary, 332 / 30).slice(0, SUMMARY_LINES_LIMIT),
  }
}

/** Everything an item says, cut into pages; of a ledger, what is not in its lines. */
export function leavesOf(visit: Visit, item: Item): Leaf[] {
  const elements = elementsOf(item)
  const elementLeaves = elements.length > 0 ? textLeaves([...headingLines('公开信息要素'), ...elements]) : []
  if (item.kind === 'ledger') return elementLeaves
  const leaves = textLeaves([...headingLines(item.title), metaLine(visit, item), ...bodyOf(item)])
  const pictures = item.kind === 'article' || item.kind === 'notice' ? item.content.pictures : []
  for (const hash of pictures) leaves.push({ lines: [], picture: pictureAddress(hash) })
  return [...leaves, ...elementLeaves]
}

function textLeaves(lines: SetLine[]): Leaf[] {
  return paginate(lines, PANEL_HEIGHT - 2 * 26).map((page) => {
    let y = 26
    const placed = page.map((line) => {
      const at = { ...line, y }
      y += line.height
      return at
    })
    return { lines: placed, picture: '' }
  })
}

function headingLines(title: string): SetLine[] {
  return breakLines(title, INNER_WIDTH / HEADING_SIZE).map((text) => ({
    kind: 'heading',
    text,
    mark: '',
    height: 60,
    keepWithNext: true,
  }))
}

function metaLine(visit: Visit, item: Item): SetLine {
  const parts = [item.publisher, instantDayText(item.publishedAt, visit.now, visit.zone), periodText(item.period)]
  const text = shorten(parts.filter((part) => part !== '').join('　'), INNER_WIDTH / 28)
  return { kind: 'meta', text, mark: '', height: 62, keepWithNext: true }
}

function paragraphLines(text: string): SetLine[] {
  return breakLines(text, TEXT_EMS, INDENT.length).map((line, index) => ({
    kind: 'text',
    text: index === 0 ? INDENT + line : line,
    mark: '',
    height: TEXT_HEIGHT,
  }))
}

/** A text set beside a mark: a step beside its number, a fact beside its name. */
function markedLines(kind: 'step' | 'label', mark: string, text: string): SetLine[] {
  return breakLines(text, kind === 'step' ? STEP_EMS : FACT_EMS).map((line, index) => ({
    kind,
    text: line,
    mark: index === 0 ? mark : '',
    height: TEXT_HEIGHT + 2,
  }))
}

const facts = (pairs: [string, string][]): SetLine[] =>
  pairs.filter(([, text]) => text.trim() !== '').flatMap(([name, text]) => markedLines('label', name, text))

function bodyOf(item: Item): SetLine[] {
  if (item.kind === 'ledger') return []
  if (item.kind === 'video') return paragraphLines(item.content.description)
  if (item.kind !== 'guide') return item.content.paragraphs.flatMap(paragraphLines)
  const { steps, materials, place, telephone, hours, fee } = item.content
  return [
    ...facts([
      ['办理地点', place],
      ['联系电话', telephone],
      ['办理时间', hours],
      ['收费标准', fee],
    ]),
    ...listLines('所需材料', materials),
    ...listLines('办理步骤', steps),
  ]
}

function listLines(name: string, entries: string[]): SetLine[] {
  if (entries.length === 0) return []
  return [
    { kind: 'label', text: '', mark: name, height: 62, keepWithNext: true },
    ...entries.flatMap((entry, index) => markedLines('step', String(index + 1), entry)),
  ]
}

/** The standard elements of disclosure, those that the item states. */
function elementsOf(item: Item): SetLine[] {
  return facts([
    ['公开事项', item.matter],
    ['公开依据', item.basis],
    ['公开时限', item.timeLimit],
    ['公开主体', item.publisher],
    ['公开对象', item.audience],
  ])
}
