import { audit } from '../accounts/audit.ts'
import type { Areas } from '../areas/areas.ts'
import { contains, requireArea } from '../areas/division.ts'
import type { Database } from '../database/connect.ts'
import type { Dice } from '../equipment/dice.ts'
import { conflict, invalid, notFound, StationError, type Detail } from '../errors.ts'
import { civil, type Instant } from '../instant.ts'
import { holds, type Person } from '../web/guard.ts'
import { dutiesOf, periodsAsked, type Duty } from './disclosure.ts'
import { draftFaults, picturesOf, publicationFaults, type ColumnRule, type Draft } from './draft.ts'
import type { Item, ItemState } from './item.ts'
import { moved, pinned, type Move } from './lifecycle.ts'
import {
  addItems,
  countChanges,
  disclosedIn,
  isVideo,
  itemOf,
  knownPictures,
  replaceItem,
  scopeOf,
  searchItems,
  versionsOf,
  type Author,
  type ItemVersion,
} from './store.ts'

/** Newer versions than this of one item are not shown; all are kept. */
const VERSIONS_LIMIT = 200
const REASON_LIMIT = 200

export type ItemSearch = {
  area?: string | undefined
  columnId?: string | undefined
  state?: ItemState | undefined
  text?: string | undefined
  limit: number
  after?: string | undefined
}

export type Content = ReturnType<typeof createContent>

/** Public affairs: items through their lives, and whether every area disclosed what it must. */
export function createContent(parts: {
  db: Database
  reader: Database
  dice: Dice
  areas: Areas
  columns: readonly ColumnRule[]
  zone: string
}) {
  const { db, reader, dice, areas, columns } = parts
  const columnsById = new Map(columns.map((column) => [column.id, column]))

  /** One change of one item, with its version, its trail and the feeds that it shows in: all or nothing. */
  const alter = (
    by: Person,
    id: string,
    change: { action: string; reason: string; version?: number | undefined; next: (item: Item) => Item },
    now: Instant,
  ): Promise<Item> =>
    db.transaction().execute(async (db) => {
      const before = await itemOf(db, id)
      if (!before || !maySee(by, before)) throw noItem()
      requireArea(by, before.areaCode)
      if (change.version !== undefined && change.version !== before.version) throw overtaken(before.version)
      const after = change.next(before)
      if (!(await replaceItem(db, after, { author: authorOf(by), reason: change.reason, at: now }))) {
        throw overtaken(before.version + 1)
      }
      if (before.state === 'published' || after.state === 'published') await countChanges(db, [scopeOf(after)])
      await audit(db, {
        id: dice.id(),
        at: now,
        by,
        action: change.action,
        subject: 'item',
        subjectId: id,
        areaCode: after.areaCode,
        before: trailOf(before),
        after: { ...trailOf(after), reason: change.reason },
      })
      return after
    })

  const move = (
    by: Person,
    id: string,
    name: Move,
    given: { reason?: string | undefined; version?: number | undefined },
    now: Instant,
  ): Promise<Item> => {
    const action = `item.${PAST[name]}`
    const reason = reasonOf(given.reason, name === 'withdraw')
    return alter(
      by,
      id,
      { action, reason, version: given.version, next: (item) => publishable(moved(item, name, now)) },
      now,
    )
  }

  /** Refuses a draft that is wrong, naming every field, or that the person may not write. */
  const requireSound = async (by: Person, draft: Draft): Promise<void> => {
    requireArea(by, draft.areaCode)
    const faults = draftFaults(draft, columnsById.get(draft.columnId))
    if (!(await areas.find(draft.areaCode))) {
      faults.push(at('areaCode', `没有区划 ${draft.areaCode}`, `there is no area ${draft.areaCode}`))
    }
    faults.push(...(await referenceFaults(draft)))
    if (faults.length > 0) throw refused(faults)
  }

  /** What no draft can know by itself: that its household, pictures and film are there. */
  const referenceFaults = async (draft: Draft): Promise<Detail[]> => {
    const faults: Detail[] = []
    if (draft.householdId !== null) {
      const household = await areas.household(draft.householdId)
      if (household?.areaCode !== draft.areaCode) {
        faults.push(at('householdId', `该村没有这一户`, `there is no such household in ${draft.areaCode}`))
      }
    }
    const pictures = [...new Set(picturesOf(draft))]
    const known = await knownPictures(db, pictures)
    for (const hash of pictures.filter((each) => !known.has(each))) {
      faults.push(
        at('content.pictures', `图片 ${hash.slice(0, 12)}… 还没有上传`, `the picture ${hash} was not uploaded`),
      )
    }
    if (draft.kind === 'video' && draft.content.videoHash !== null) {
      const isThere = await isVideo(db, draft.content.videoHash)
      if (!isThere) faults.push(at('content.videoHash', '视频还没有上传', 'the film was not uploaded'))
    }
    return faults
  }

  return {
    columns,

    /** Throws `not-found`. Asks nobody who they are: callers that show it decide who may see it. */
    item: async (id: string): Promise<Item> => {
      const item = await itemOf(reader, id)
      if (!item) throw noItem()
      return item
    },

    /** An item as one of its area's people sees it. */
    read: async (by: Person, id: string): Promise<Item> => {
      const item = await itemOf(reader, id)
      if (!item || !maySee(by, item)) throw noItem()
      requireArea(by, item.areaCode)
      return item
    },

    versions: async (by: Person, id: string): Promise<ItemVersion[]> => {
      const item = await itemOf(reader, id)
      if (!item || !maySee(by, item)) throw noItem()
      requireArea(by, item.areaCode)
      return versionsOf(reader, id, VERSIONS_LIMIT)
    },

    /** Items of an area and everything inside it, newest first, without their content. */
    search: async (by: Person, search: ItemSearch): Promise<Omit<Item, 'content'>[]> => {
      const { area = by.areaCode, ...filter } = search
      requireArea(by, area)
      const withHouseholds = holds(by, 'households.read')
      return searchItems(reader, { ...filter, areaCode: area, withHouseholds })
    },

    create: async (by: Person, draft: Draft, now: Instant): Promise<Item> => {
      await requireSound(by, draft)
      const item = newItem(dice.id(), draft, 'draft', now)
      await db.transaction().execute(async (db) => {
        await addItems(db, [item], { author: authorOf(by), reason: '新建', at: now })
        await audit(db, {
          id: dice.id(),
          at: now,
          by,
          action: 'item.created',
          subject: 'item',
          subjectId: item.id,
          areaCode: item.areaCode,
          after: trailOf(item),
        })
      })
      return item
    },

    /** Writes a draft anew. `version` is the one that was read: throws `conflict` when another change came first. */
    change: async (by: Person, id: string, draft: Draft, version: number, now: Instant): Promise<Item> => {
      await requireSound(by, draft)
      const next = (item: Item): Item => rewritten(moved(item, 'change', now), draft)
      return alter(by, id, { action: 'item.changed', reason: '修改草稿', version, next }, now)
    },

    /** Publishes anew what was published: a new version with its reason; the old ones stay to be read. */
    correct: async (
      by: Person,
      id: string,
      draft: Draft,
      given: { reason: string; version: number },
      now: Instant,
    ): Promise<Item> => {
      const reason = reasonOf(given.reason, true)
      await requireSound(by, draft)
      const next = (item: Item): Item => publishable(rewritten(moved(item, 'correct', now), draft))
      return alter(by, id, { action: 'item.corrected', reason, version: given.version, next }, now)
    },

    publish: (by: Person, id: string, version: number | undefined, now: Instant) =>
      move(by, id, 'publish', { version }, now),

    withdraw: (by: Person, id: string, given: { reason: string; version?: number | undefined }, now: Instant) =>
      move(by, id, 'withdraw', given, now),

    archive: (
      by: Person,
      id: string,
      given: { reason?: string | undefined; version?: number | undefined },
      now: Instant,
    ) => move(by, id, 'archive', given, now),

    pin: (by: Person, id: string, isPinned: boolean, now: Instant): Promise<Item> => {
      const reason = isPinned ? '置顶' : '取消置顶'
      const action = isPinned ? 'item.pinned' : 'item.unpinned'
      return alter(by, id, { action, reason, next: (item) => pinned(item, isPinned, now) }, now)
    },

    /** What every area inside had to disclose for a period (or for the newest that fell due), and whether it did. */
    duties: async (
      by: Person,
      query: { area?: string | undefined; period?: string | undefined },
      now: Instant,
    ): Promise<Duty[]> => {
      const { area = by.areaCode, period } = query
      requireArea(by, area)
      const today = civil(now, parts.zone).date
      const asked = periodsAsked(columns, period, today)
      const disclosed = await disclosedIn(reader, {
        areaCode: area,
        columnIds: asked.map(({ column }) => column.id),
        periods: [...new Set(asked.map((each) => each.period))],
      })
      return dutiesOf({ areas: await areas.inside(area), asked, disclosed, today, zone: parts.zone })
    },

    /** What a draft refers to that is not there: a household, pictures, a film. */
    referenceFaults,
  }
}

const PAST: Record<Move, string> = {
  change: 'changed',
  publish: 'published',
  correct: 'corrected',
  withdraw: 'withdrawn',
  archive: 'archived',
}

export function authorOf(by: Person | 'station'): Author {
  return by === 'station' ? { personId: null, personName: '平台' } : { personId: by.id, personName: by.name }
}

/** A draft made whole. */
export function newItem(id: string, draft: Draft, state: 'draft' | 'published', now: Instant): Item {
  return {
    ...draft,
    id,
    version: 1,
    state,
    pinnedAt: null,
    publishedAt: state === 'published' ? now : null,
    createdAt: now,
    updatedAt: now,
  }
}

/** The item with other words. Its area and household stay: elsewhere it would be another item. */
function rewritten(item: Item, draft: Draft): Item {
  if (draft.areaCode !== item.areaCode || draft.householdId !== item.householdId) {
    throw invalid('areaCode', '不能改换区划或家庭，请另建一条', 'The area and the household stay; make another item')
  }
  if (item.state === 'published' && draft.columnId !== item.columnId) {
    throw invalid('columnId', '已公开的信息不能改换栏目', 'A published item stays in its column')
  }
  return { ...item, ...draft }
}

/** The item, unless it would be published and lacks what that takes. */
function publishable(item: Item): Item {
  const faults = item.state === 'published' ? publicationFaults(item) : []
  if (faults.length > 0) throw refused(faults)
  return item
}

/** Private items are only there for those who may see households. */
function maySee(by: Person, item: Item): boolean {
  return item.householdId === null || holds(by, 'households.read') || !contains(by.areaCode, item.areaCode)
}

/** What the trail tells of an item; its content stands in its versions. */
function trailOf({ content: _content, ...head }: Item): Omit<Item, 'content'> {
  return head
}

function reasonOf(reason: string | undefined, isRequired: boolean): string {
  const text = reason?.trim() ?? ''
  if (isRequired && text === '') throw invalid('reason', '请写明原因', 'Say why')
  if (text.length > REASON_LIMIT) {
    throw invalid('reason', `最多 ${REASON_LIMIT} 个字`, `Has at most ${REASON_LIMIT} characters`)
  }
  return text
}

function noItem(): StationError {
  return notFound('没有这条信息', 'There is no such item')
}

function overtaken(version: number): StationError {
  return conflict(
    `这条信息已被他人改为第 ${version} 版，请重新打开`,
    `Someone changed the item; it is at version ${version} now`,
  )
}

function refused(details: Detail[]): StationError {
  return new StationError('invalid', { zh: '公开信息有误', en: 'The item is wrong' }, { details })
}

function at(field: string, zh: string, en: string): Detail {
  return { field, message: { zh, en } }
}
