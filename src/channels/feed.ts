import type { Item, Kind } from '../content/item.ts'
import type { Instant } from '../instant.ts'

export const sectionIds = ['county', 'street', 'community', 'household'] as const
export type SectionId = (typeof sectionIds)[number]

/** A shelf of a section, as its YAML declares it. */
export type Column = {
  id: string
  sectionId: SectionId
  /** Place in the portal: the digit that opens it is its place in its section, from 1. */
  position: number
  name: { zh: string; en: string }
  kinds: Kind[]
  /** Pinned items stand first in either. */
  order: 'newest' | 'period'
  /** The most items a feed shows. */
  sizeLimit: number
  /** How often something must be disclosed here, and by which day of the following period; null when there is no duty. */
  period: 'month' | 'quarter' | 'year' | null
  dueDay: number | null
  /** The television template that shows the column. */
  template: 'list' | 'ledger' | 'guide'
}

/** The sections of an area, or of a household, composed for one instant. */
export type Feed = {
  areaCode: string
  areaName: string
  householdId: string | null
  sections: FeedSection[]
  /** Changes exactly when the content does. */
  etag: string
  /** When a validity window next opens or closes; the feed holds until then unless an item changes. */
  changesAt: Instant | null
}

export type FeedSection = {
  id: SectionId
  name: { zh: string; en: string }
  areaCode: string
  areaName: string
  columns: FeedColumn[]
}

export type FeedColumn = Pick<Column, 'id' | 'position' | 'name' | 'template'> & { items: Item[] }
