import type { ContentOf, Item, Kind } from '../content/item.ts'
import { timePart } from '../equipment/dice.ts'
import { hashOf } from '../equipment/store.ts'
import { milliseconds, type Instant } from '../instant.ts'

/** What the made-up county discloses, before it becomes an item. */
export type Affair = {
  columnId: string
  areaCode: string
  householdId?: string
  title: string
  summary: string
  matter: string
  basis: string
  timeLimit: string
  publisher: string
  audience: string
  period: string
  publishedAt: Instant
  validTo?: Instant
  isPinned?: boolean
} & { [K in Kind]: { kind: K; content: ContentOf[K] } }[Kind]

/** What is written on paper; everything else of an affair is its column's and its publisher's. */
export type Words = { title: string; summary: string; period?: string; isPinned?: boolean } & {
  [K in 'article' | 'notice' | 'guide']: { kind: K; content: ContentOf[K] }
}['article' | 'notice' | 'guide']

/** The standard elements that the affairs of a column share. */
export type Elements = Pick<Affair, 'matter' | 'basis' | 'timeLimit' | 'audience'>

export function text(paragraphs: string[]): ContentOf['article'] {
  return { paragraphs, pictures: [] }
}

/** Ids sort by the time of publication like any other, and are the same whenever the county is made from the same instant. */
export function demoId(at: Instant, ...seed: (string | number)[]): string {
  return (
    timePart(milliseconds(at)) +
    BigInt(`0x${hashOf(seed.join('|')).slice(0, 14)}`)
      .toString(32)
      .padStart(11, '0')
      .slice(-11)
  )
}

export function itemOf(affair: Affair): Item {
  const { householdId, validTo, isPinned, ...rest } = affair
  return {
    ...rest,
    id: demoId(rest.publishedAt, rest.areaCode, householdId ?? '', rest.columnId, rest.period, rest.title),
    version: 1,
    householdId: householdId ?? null,
    state: 'published',
    validFrom: null,
    validTo: validTo ?? null,
    pinnedAt: isPinned ? rest.publishedAt : null,
    createdAt: rest.publishedAt,
    updatedAt: rest.publishedAt,
  }
}
