import type { InferRequestType, InferResponseType } from 'hono/client'
import type { api } from './client.ts'
import type { Kind } from './columns.tsx'

/** A published thing as the station tells it, and as it is sent to be kept. */
export type Item = InferResponseType<(typeof api.items)[':id']['$get'], 200>
export type Draft = InferRequestType<(typeof api.items)['$post']>['json']

export const kinds: Kind[] = ['article', 'notice', 'ledger', 'guide', 'video']

const HEAD = [
  'columnId',
  'areaCode',
  'householdId',
  'title',
  'summary',
  'matter',
  'basis',
  'timeLimit',
  'publisher',
  'audience',
  'period',
  'validFrom',
  'validTo',
] as const

/** What of an item a person writes; the rest of it is the station's. */
export function draftOf(item: Item): Draft {
  const head = Object.fromEntries(HEAD.map((field) => [field, item[field]])) as Pick<Item, (typeof HEAD)[number]>
  return { ...head, kind: item.kind, content: item.content } as Draft
}

const EMPTY: Record<Kind, Draft['content']> = {
  article: { paragraphs: [], pictures: [] },
  notice: { paragraphs: [], pictures: [] },
  ledger: { openingCents: 0, lines: [], closingCents: 0 },
  guide: { steps: [], materials: [], place: '', telephone: '', hours: '', fee: '' },
  video: { videoHash: null, posterHash: null, seconds: 0, description: '' },
}

/** The empty content of a kind, to begin writing from. */
export function emptyContent(kind: Kind): Draft['content'] {
  return structuredClone(EMPTY[kind])
}

const CONTENT_FIELDS = [
  'content.paragraphs',
  'content.pictures',
  'content.openingCents',
  'content.closingCents',
  'content.steps',
  'content.materials',
  'content.place',
  'content.telephone',
  'content.hours',
  'content.fee',
  'content.description',
  'content.seconds',
]
const LINE_FIELDS = ['direction', 'date', 'amountCents', 'purpose', 'payee', 'handler', 'vouchers']

/** Every field of the form, so that a fault finds the one it belongs to. */
export function fieldsOf(draft: Draft): string[] {
  const lines = draft.kind === 'ledger' ? draft.content.lines : []
  return [
    ...HEAD,
    'kind',
    ...CONTENT_FIELDS,
    ...lines.flatMap((_line, index) => LINE_FIELDS.map((field) => `content.lines.${index}.${field}`)),
  ]
}

/** The form's values as they are sent: what was left empty is empty text, no amount is nothing, dates that are missing are named by the station. */
export function sentFrom(values: Draft): Draft {
  const householdId = values.householdId || null
  const head = { ...values, householdId, period: values.period ?? '' }
  if (head.kind !== 'ledger') return head
  const lines = head.content.lines.map((line) => ({
    direction: line.direction ?? 'expense',
    date: line.date ?? '',
    amountCents: line.amountCents ?? 0,
    payee: line.payee ?? '',
    purpose: line.purpose ?? '',
    handler: line.handler ?? '',
    vouchers: line.vouchers ?? [],
  }))
  return {
    ...head,
    content: { openingCents: head.content.openingCents ?? 0, lines, closingCents: head.content.closingCents ?? 0 },
  }
}
