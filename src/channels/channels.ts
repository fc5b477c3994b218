import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { chainOf } from '../areas/division.ts'
import { householdScope, itemsOnShelf, nextOpening, type ShelfQuery } from '../content/store.ts'
import type { Database } from '../database/connect.ts'
import { notFound } from '../errors.ts'
import type { Instant } from '../instant.ts'
import type { Section } from './columns.ts'
import { assemble, composeSection, earliest, placesOf, type Composed, type Place } from './compose.ts'
import type { Column, Feed } from './feed.ts'
import { createMemory } from './memory.ts'
import { publicFeed } from './publish.ts'
import { revisionsOf, standsOf, type Stand } from './store.ts'

/** Composed sections kept in memory: about half a megabyte each at the most. */
const SECTIONS_KEPT = 160
/** Finished answers kept in memory: one for every village of a county, about 200 kilobytes each. */
const BODIES_KEPT = 480

/** A feed as it travels: composed, written and packed once, for all who ask until something in it changes. */
export type FeedBody = { etag: string; changesAt: Instant | null; json: Buffer; gzip: Promise<Buffer> }

type Kept<V> = { stamp: string; changesAt: Instant | null; value: V }

export type Channels = ReturnType<typeof createChannels>

/** The portal's sections and columns, and what stands in them for an area or a household at an instant. */
export function createChannels(parts: { reader: Database; sections: readonly Section[]; columns: readonly Column[] }) {
  const { reader, sections, columns } = parts
  const composed = createMemory<Promise<Kept<Composed>>>(SECTIONS_KEPT)
  const bodies = createMemory<Kept<FeedBody>>(BODIES_KEPT)
  const standsNow = together(reader)

  const standing = async (areaCode: string, householdId: string | null) => {
    const scope = householdId === null ? null : householdScope(householdId)
    const codes = chainOf(areaCode)
    const { stands, revisions } = await standsNow(codes, scope)
    const chain = codes.flatMap((code) => stands.get(code) ?? [])
    if (chain[0]?.code !== areaCode) throw notFound(`没有区划 ${areaCode}`, `There is no area ${areaCode}`)
    const own = scope === null ? '' : ` ${revisions.get(scope) ?? 0}`
    return { chain, householdRevision: own, stamp: chain.map(stampOf).join(' ') + own }
  }

  /** A section from memory while its revision stands and no window opens or closes; else composed anew. */
  const sectionAt = async (section: Section, place: Place, stamp: string, now: Instant): Promise<Composed> => {
    const key = `${section.id} ${place.householdId ?? place.area.code}`
    const known = await composed.get(key)
    if (known && holds(known, stamp, now)) return known.value
    const made = load(section, place, now).then((value) => ({ stamp, changesAt: value.changesAt, value }))
    composed.set(key, made)
    made.catch(() => composed.forget(key))
    return (await made).value
  }

  const load = async (section: Section, place: Place, now: Instant): Promise<Composed> => {
    const query: ShelfQuery = {
      shelf: place.householdId === null ? { areaCode: place.area.code } : { householdId: place.householdId },
      columnIds: section.columns.map(({ id }) => id),
      byPeriodIds: section.columns.filter(({ order }) => order === 'period').map(({ id }) => id),
      limit: Math.max(...section.columns.map(({ sizeLimit }) => sizeLimit)),
    }
    const [items, opensAt] = await Promise.all([itemsOnShelf(reader, query, now), nextOpening(reader, query, now)])
    const made = composeSection(section, items, place, now)
    // Only what is valid now was read; what opens later was asked after.
    return { ...made, changesAt: earliest([made.changesAt, opensAt]) }
  }

  const feedOf = async (
    { chain, householdRevision }: Awaited<ReturnType<typeof standing>>,
    householdId: string | null,
    now: Instant,
  ): Promise<Feed> => {
    const made = await Promise.all(
      placesOf(sections, chain, householdId).map(({ section, place }) => {
        const stand = chain.find(({ code }) => code === place.area.code)!
        const stamp = place.householdId === null ? stampOf(stand) : `${stand.name}${householdRevision}`
        return sectionAt(section, place, stamp, now)
      }),
    )
    return assemble(chain[0]!, householdId, made)
  }

  return {
    sections,
    columns,

    /** The feed of an area, with a household's own section when one is given. Throws `not-found`. */
    feed: async (areaCode: string, now: Instant, householdId: string | null = null): Promise<Feed> =>
      feedOf(await standing(areaCode, householdId), householdId, now),

    /** The same feed as it is sent. Throws `not-found`. */
    body: async (areaCode: string, now: Instant, householdId: string | null = null): Promise<FeedBody> => {
      const stands = await standing(areaCode, householdId)
      const key = `${areaCode} ${householdId ?? ''}`
      const known = bodies.get(key)
      if (known && holds(known, stands.stamp, now)) return known.value
      const feed = await feedOf(stands, householdId, now)
      const body = bodyOf(feed)
      bodies.set(key, { stamp: stands.stamp, changesAt: feed.changesAt, value: body })
      return body
    },
  }
}

const packed = promisify(gzip)

function bodyOf(feed: Feed): FeedBody {
  const json = Buffer.from(JSON.stringify(publicFeed(feed)))
  let small: Promise<Buffer> | undefined
  return {
    etag: feed.etag,
    changesAt: feed.changesAt,
    json,
    get gzip() {
      return (small ??= packed(json))
    },
  }
}

function stampOf({ code, name, level, revision }: Stand): string {
  return `${code} ${name} ${level} ${revision}`
}

function holds(kept: Kept<unknown>, stamp: string, now: Instant): boolean {
  return kept.stamp === stamp && (kept.changesAt === null || now < kept.changesAt)
}

type Stands = { stands: Map<string, Stand>; revisions: Map<string, number> }

/**
 * Asks for revisions together: requests that arrive in one turn of the event loop share one query. It begins after the last of them
 * came, so each sees every change that was committed before it.
 */
function together(reader: Database): (codes: string[], scope: string | null) => Promise<Stands> {
  type Batch = { codes: Set<string>; scopes: Set<string>; answer: Promise<Stands> }
  let waiting: Batch | undefined
  const open = (): Batch => {
    const [codes, scopes] = [new Set<string>(), new Set<string>()]
    const answer = new Promise<void>((resolve) => void setImmediate(resolve)).then(async () => {
      waiting = undefined
      const [stands, revisions] = await Promise.all([standsOf(reader, [...codes]), revisionsOf(reader, [...scopes])])
      return { stands, revisions }
    })
    return { codes, scopes, answer }
  }
  return (codes, scope) => {
    waiting ??= open()
    for (const code of codes) waiting.codes.add(code)
    if (scope !== null) waiting.scopes.add(scope)
    return waiting.answer
  }
}
