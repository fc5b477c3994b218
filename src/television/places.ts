import type { Area } from '../areas/division.ts'
import { address, type PortalQuery } from './address.ts'
import { gridOf } from './focus.ts'
import { pageOf, shorten } from './lines.ts'
import { connect, frame, hintsFor, type Cell, type Moment, type Page } from './page.ts'
import { tiles } from './shelves.ts'

/** Choosing where a box stands: a street, then a village. */

export type Choice = { parent: Area | undefined; children: (Area & { isLeaf: boolean })[]; back: string }

/**
 * The areas to choose from inside one, or at the top of the tree: where an area holds a single other, as a province with
 * one county does, there is nothing to choose and the next level is shown. Undefined when no area has the code.
 */
export function choiceOf(areas: Area[], inside: string): Choice | undefined {
  const codes = new Set(areas.map(({ code }) => code))
  const childrenOf = (code: string | null): Area[] =>
    areas.filter((area) =>
      code === null ? area.parentCode === null || !codes.has(area.parentCode) : area.parentCode === code,
    )
  const isLeaf = (area: Area): boolean => !areas.some(({ parentCode }) => parentCode === area.code)

  let top: Area | undefined
  let children = childrenOf(null)
  while (children.length === 1 && !isLeaf(children[0]!)) {
    top = children[0]
    children = childrenOf(top!.code)
  }
  const parent = inside === '' ? top : areas.find(({ code }) => code === inside)
  if (inside !== '' && !parent) return undefined
  const isTop = parent?.code === top?.code
  const above = areas.find(({ code }) => code === parent?.parentCode)
  return {
    parent,
    children: (parent ? childrenOf(parent.code) : children).map((area) => ({ ...area, isLeaf: isLeaf(area) })),
    back: isTop || !parent ? '' : address('', { inside: above?.code, focus: `a-${parent.code}` }),
  }
}

const PLACES_COLUMNS = 3
const PLACES_LIMIT = 15

/** The areas of a choice as tiles, by name in order of code. */
export function placesPage(
  moment: Moment,
  choice: Choice,
  query: PortalQuery,
): Page & { heading: string; cells: (Cell & { name: string; size: number })[] } {
  const { parent, children, back } = choice
  const wanted = children.findIndex(({ code }) => `a-${code}` === query.focus)
  const { page, pages, entries } = pageOf(
    children,
    PLACES_LIMIT,
    wanted >= 0 ? Math.floor(wanted / PLACES_LIMIT) + 1 : query.page,
  )
  const turn = (to: number, focus?: string): string =>
    to < 1 || to > pages ? '' : address('', { inside: parent?.code, page: to, focus })
  const columns = entries.length <= 4 ? 2 : PLACES_COLUMNS
  const spots = tiles(entries.length, columns, {
    y: 176,
    height: 452,
    gap: 12,
    tallest: entries.length <= 9 ? 200 : 80,
  })
  const ids = entries.map(({ code }) => `a-${code}`)
  const places = entries.map((area, index) => ({
    id: ids[index]!,
    href: area.isLeaf ? address('', { area: area.code }) : address('', { inside: area.code }),
    // Beyond nine two digits are typed, of the page that is shown.
    digit: String(index + 1),
    ...spots[index]!,
    name: shorten(area.name, entries.length <= 9 ? 9 : 8),
    size: entries.length <= 9 ? 40 : 34,
  }))
  const previousPage = turn(page - 1)
  const nextPage = turn(page + 1)
  const cells = connect(places, gridOf(ids, columns), {
    left: previousPage,
    right: nextPage,
    up: previousPage,
    down: nextPage,
  })
  const heading = parent?.level === 'street' ? '请选择您所在的村（社区）' : '请选择您所在的街道（镇）'
  return {
    ...frame(
      moment,
      {
        template: 'places',
        title: heading,
        place: parent?.name ?? '乡音',
        back,
        previousPage,
        nextPage,
        page,
        pages,
        cells,
        hints: hintsFor({ digits: places.length, isTop: back === '' }),
      },
      query.focus,
    ),
    heading,
    cells,
  }
}
