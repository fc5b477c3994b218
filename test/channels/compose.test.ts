import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Section } from '../../src/channels/columns.ts'
import { compose } from '../../src/channels/compose.ts'
import type { Feed, FeedColumn } from '../../src/channels/feed.ts'
import type { Item } from '../../src/content/item.ts'
import { lastMonthOf } from '../../src/content/period.ts'
import { addSeconds, type Instant } from '../../src/instant.ts'
import { loadLibrary } from '../../src/library.ts'
import { itemWith } from '../support/content.ts'
import { COUNTY, FAR_VILLAGE, START, STREET, VILLAGE } from '../support/station.ts'

const CHAIN = [
  { code: VILLAGE, name: '柳树庄村', level: 'village' as const },
  { code: STREET, name: '青禾街道', level: 'street' as const },
  { code: COUNTY, name: '青禾区', level: 'county' as const },
]

let sections: Section[]
beforeAll(async () => {
  sections = (await loadLibrary()).sections.map((section) => ({
    ...section,
    columns: section.columns.map((column) => ({ ...column, sizeLimit: Math.min(3, column.sizeLimit) })),
  }))
})

// Few values each, so that items meet in columns, tie, and open and close around the same instants.
const instant = fc.integer({ min: -4, max: 4 }).map((hours) => addSeconds(START, hours * 3600))
const place = fc.constantFrom(
  { columnId: 'finance', areaCode: VILLAGE, householdId: null },
  { columnId: 'notices', areaCode: VILLAGE, householdId: null },
  { columnId: 'notices', areaCode: FAR_VILLAGE, householdId: null },
  // Where none belongs; it must not show there all the same.
  { columnId: 'notices', areaCode: VILLAGE, householdId: 'theirs' },
  { columnId: 'street-news', areaCode: STREET, householdId: null },
  { columnId: 'headlines', areaCode: COUNTY, householdId: null },
  { columnId: 'my-messages', areaCode: VILLAGE, householdId: 'ours' },
  { columnId: 'my-messages', areaCode: VILLAGE, householdId: 'theirs' },
)
const anItem = fc.record({
  place,
  state: fc.constantFrom('draft' as const, 'published' as const, 'published' as const, 'withdrawn' as const),
  period: fc.constantFrom('', '2026', '2026-Q3', '2026-09', '2026-10'),
  validFrom: fc.option(instant),
  validTo: fc.option(instant),
  pinnedAt: fc.option(fc.constant(START), { freq: 4 }),
  publishedAt: instant,
  title: fc.constantFrom('甲', '乙'),
})
const someItems = fc
  .array(anItem, { maxLength: 25 })
  .map((all) => all.map(({ place, ...item }, index): Item => itemWith({ id: `i${index}`, ...place, ...item })))
const household = fc.constantFrom(null, 'ours')

const columnsOf = (feed: Feed): FeedColumn[] => feed.sections.flatMap(({ columns }) => columns)
const shown = (feed: Feed): Item[] => columnsOf(feed).flatMap(({ items }) => items)
const isOpen = (item: Item, now: Instant): boolean =>
  (item.validFrom ?? now) <= now && (item.validTo === null || item.validTo > now)

describe('a composed feed', () => {
  it('shows an item exactly when it is published, valid, of its place, and among the first', () => {
    fc.assert(
      fc.property(someItems, household, instant, (items, householdId, now) => {
        const feed = compose(sections, items, CHAIN, householdId, now)
        const ids = new Set(shown(feed).map(({ id }) => id))
        for (const item of items) {
          const isOurs = item.householdId === null ? item.areaCode !== FAR_VILLAGE : item.householdId === householdId
          const belongs = item.state === 'published' && isOpen(item, now) && isOurs
          if (!belongs) expect(ids.has(item.id)).toBe(false)
          else if (!ids.has(item.id)) {
            // Left out for one reason alone: the column is full of items that come before it.
            expect(columnsOf(feed).find(({ id }) => id === item.columnId)!.items).toHaveLength(3)
          }
        }
      }),
    )
  })

  it('never shows one household what is another’s, nor the public what is anyone’s', () => {
    fc.assert(
      fc.property(someItems, household, instant, (items, householdId, now) => {
        const feed = compose(sections, items, CHAIN, householdId, now)
        for (const section of feed.sections) {
          const owners = new Set(section.columns.flatMap(({ items }) => items.map((item) => item.householdId)))
          expect([...owners].filter((owner) => owner !== (section.id === 'household' ? householdId : null))).toEqual([])
        }
        expect(feed.sections.some(({ id }) => id === 'household')).toBe(householdId !== null)
      }),
    )
  })

  it('puts pins first, then the latest period where a column goes by period, then the newest', () => {
    fc.assert(
      fc.property(someItems, instant, (items, now) => {
        for (const column of columnsOf(compose(sections, items, CHAIN, 'ours', now))) {
          const order = sections.flatMap(({ columns }) => columns).find(({ id }) => id === column.id)!.order
          const keys = column.items.map((item) =>
            [
              item.pinnedAt === null ? 0 : 1,
              order === 'period' ? lastMonthOf(item.period).padEnd(7, ' ') : '',
              item.publishedAt,
            ].join('|'),
          )
          expect(keys).toEqual(keys.toSorted().toReversed())
        }
      }),
    )
  })

  it('does not depend on the order in which items are read', () => {
    fc.assert(
      fc.property(
        someItems.chain((items) =>
          fc.tuple(fc.constant(items), fc.shuffledSubarray(items, { minLength: items.length })),
        ),
        instant,
        ([items, shuffled], now) => {
          expect(compose(sections, shuffled, CHAIN, 'ours', now)).toEqual(compose(sections, items, CHAIN, 'ours', now))
        },
      ),
    )
  })

  it('has another tag exactly when it has other content', () => {
    fc.assert(
      fc.property(someItems, someItems, instant, instant, (one, other, now, later) => {
        const [first, second] = [compose(sections, one, CHAIN, null, now), compose(sections, other, CHAIN, null, later)]
        const isSame = JSON.stringify(first.sections) === JSON.stringify(second.sections)
        expect(first.etag === second.etag).toBe(isSame)
      }),
    )
    const items = [itemWith({ id: 'a' })]
    const feed = compose(sections, items, CHAIN, null, START)
    const renamed = compose(sections, items, [{ ...CHAIN[0]!, name: '柳树新村' }, ...CHAIN.slice(1)], null, START)
    expect(renamed.etag).not.toBe(feed.etag)
  })

  it('holds until the instant it says, and not always beyond', () => {
    fc.assert(
      fc.property(someItems, household, instant, (items, householdId, now) => {
        const feed = compose(sections, items, CHAIN, householdId, now)
        const last = feed.changesAt === null ? addSeconds(now, 86_400) : addSeconds(feed.changesAt, -0.001)
        expect(compose(sections, items, CHAIN, householdId, last).etag).toBe(feed.etag)
        const openings = shown(feed).flatMap(({ validTo }) => validTo ?? [])
        if (openings.length > 0) expect(feed.changesAt! <= openings.toSorted()[0]!).toBe(true)
      }),
    )
  })

  it('leaves out the section of a level that the area has not', () => {
    const ids = (chain: typeof CHAIN): string[] =>
      compose(sections, [], chain, null, START).sections.map(({ id }) => id)
    expect(ids(CHAIN)).toEqual(['county', 'street', 'community'])
    expect(ids(CHAIN.slice(1))).toEqual(['county', 'street'])
    expect(ids(CHAIN.slice(2))).toEqual(['county'])
    expect(ids([CHAIN[0]!, CHAIN[2]!])).toEqual(['county', 'community'])
  })
})
