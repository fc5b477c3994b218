import type { Instant, LocalDate } from '../instant.ts'

/** One published thing in a column of an area. Amounts are whole cents (分); pictures are hashes in the store. */
export type Item = ItemHead & { [K in Kind]: { kind: K; content: ContentOf[K] } }[Kind]

export const kinds = ['article', 'ledger', 'guide', 'video', 'notice'] as const
export type Kind = (typeof kinds)[number]

export type ItemState = 'draft' | 'published' | 'withdrawn' | 'archived'

export type ItemHead = {
  id: string
  version: number
  columnId: string
  areaCode: string
  /** Set for a household's private items, which no one else's box ever shows. */
  householdId: string | null
  title: string
  summary: string
  /** The standard elements of disclosure: matter 公开事项, basis 公开依据, time limit 公开时限, publisher 公开主体, audience 公开对象. */
  matter: string
  basis: string
  timeLimit: string
  publisher: string
  audience: string
  /** `2026`, `2026-Q3` or `2026-09`; empty when the item discloses no period. */
  period: string
  state: ItemState
  validFrom: Instant | null
  validTo: Instant | null
  pinnedAt: Instant | null
  publishedAt: Instant | null
  createdAt: Instant
  updatedAt: Instant
}

export type ContentOf = {
  article: { paragraphs: string[]; pictures: string[] }
  ledger: { openingCents: number; lines: LedgerLine[]; closingCents: number }
  guide: { steps: string[]; materials: string[]; place: string; telephone: string; hours: string; fee: string }
  video: { videoHash: string | null; posterHash: string | null; seconds: number; description: string }
  notice: { paragraphs: string[]; pictures: string[] }
}

export type LedgerLine = {
  line: number
  date: LocalDate
  direction: 'income' | 'expense'
  amountCents: number
  payee: string
  purpose: string
  handler: string
  /** Pictures of the invoices behind this line. */
  vouchers: string[]
}
