import type { Area } from '../areas/division.ts'
import { sectionLevels } from '../content/draft.ts'
import type { Item } from '../content/item.ts'
import { lastMonthOf } from '../content/period.ts'
import { hashOf } from '../equipment/store.ts'
import type { Instant } from '../instant.ts'
import type { Section } from './columns.ts'
import type { Column, Feed, FeedSection } from './feed.ts'

/** Where a section is composed for: its area, and the household when it is that one's own. */
export type Place = { area: Pick<Area, 'code' | 'name'>; householdId: string | null }

/** A section composed: it holds until `changesAt`, unless an item changes. */
export type Composed = { section: FeedSection; etag: string; changesAt: Instant | null }

/** The feed of an area's chain (itself first) and perhaps a household in it: the sections of those levels that exist. */
export function compose(
  sections: readonly Section[],
  items: Item[],
  chain: Pick<Area, 'code' | 'name' | 'level'>[],
  householdId: string | null,
  now: Instant,
): Feed {
  const placed = placesOf(sections, chain, householdId)
  return assemble(
    chain[0]!,
    householdId,
    placed.map(({ section, place }) => composeSection(section, items, place, now)),
  )
}

/** The sections that a chain has a place for, in order. A level that doesn't exist leaves its section out. */
export function placesOf(
  sections: readonly Section[],
  chain: Pick<Area, 'code' | 'name' | 'level'>[],
  householdId: string | null,
): { section: Section; place: Place }[] {
  return sections.flatMap((section) => {
    const area = chain.find(({ level }) => level === sectionLevels[section.id])
    if (!area || (section.id === 'household' && householdId === null)) return []
    return [{ section, place: { area, householdId: section.id === 'household' ? householdId : null } }]
  })
}

export function composeSection(section: Section, items: Item[], place: Place, now: Instant): Composed {
  const own = items.filter((item) => item.state === 'published' && isAt(item, place))
  const columns = section.columns.map((column) => ({
    id: column.id,
    position: column.position,
    name: column.name,
    template: column.template,
    items: own
      .filter((item) => item.columnId === column.id && isValid(item, now))
      .sort(inOrder(column.order))
      .slice(0, column.sizeLimit),
  }))
  const composed: FeedSection = {
    id: section.id,
    name: section.name,
    areaCode: place.area.code,
    areaName: place.area.name,
    columns,
  }
  return { section: composed, etag: hashOf(JSON.stringify(composed)), changesAt: nextChange(own, now) }
}

/** The feed of composed sections. Its tag is made of theirs, so it changes exactly when one of them does. */
export function assemble(area: Pick<Area, 'code' | 'name'>, householdId: string | null, composed: Composed[]): Feed {
  return {
    areaCode: area.code,
    areaName: area.name,
    householdId,
    sections: composed.map(({ section }) => section),
    etag: hashOf([area.code, area.name, householdId ?? '', ...composed.map(({ etag }) => etag)].join('\n')).slice(
      0,
      32,
    ),
    changesAt: earliest(composed.map(({ changesAt }) => changesAt)),
  }
}

export function earliest(instants: (Instant | null)[]): Instant | null {
  return instants.reduce((first, each) => (each !== null && (first === null || each < first) ? each : first), null)
}

function isAt(item: Item, { area, householdId }: Place): boolean {
  return householdId === null
    ? item.householdId === null && item.areaCode === area.code
    : item.householdId === householdId
}

/** A window is valid from its beginning to just before its end. */
function isValid(item: Item, now: Instant): boolean {
  return (item.validFrom === null || item.validFrom <= now) && (item.validTo === null || item.validTo > now)
}

function inOrder(order: Column['order']): (one: Item, other: Item) => number {
  const keys = (item: Item): string[] => [
    item.pinnedAt === null ? '0' : '1',
    order === 'period' ? lastMonthOf(item.period) : '',
    item.publishedAt ?? '',
    item.id,
  ]
  return (one, other) => {
    const [mine, theirs] = [keys(one), keys(other)]
    const at = mine.findIndex((key, index) => key !== theirs[index])
    return at < 0 ? 0 : mine[at]! > theirs[at]! ? -1 : 1
  }
}

function nextChange(items: Item[], now: Instant): Instant | null {
  return earliest(
    items.flatMap(({ validFrom, validTo }) => [validFrom, validTo].filter((at) => at !== null && at > now)),
  )
}
