import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { kinds } from '../content/item.ts'
import { periodLengths } from '../content/period.ts'
import { forbidden } from '../errors.ts'
import { secondsBetween, type Instant } from '../instant.ts'
import { door, json, routes } from '../web/app.ts'
import { terminalOf } from '../web/guard.ts'
import { areaCode } from '../web/input.ts'
import type { Channels, FeedBody } from './channels.ts'
import { sectionIds } from './feed.ts'

/** How long a cache between the station and a box may answer without asking: a withdrawn item is seen this much longer. */
const FRESH_SECONDS = 5

const Name = z.object({ zh: z.string(), en: z.string() })
const template = z.enum(['list', 'ledger', 'guide'])

const Column = z
  .object({
    id: z.string(),
    sectionId: z.enum(sectionIds),
    position: z.number().int().openapi({ description: 'The digit that opens it' }),
    name: Name,
    kinds: z.array(z.enum(kinds)),
    order: z.enum(['newest', 'period']),
    sizeLimit: z.number().int(),
    period: z.enum(periodLengths).nullable(),
    dueDay: z.number().int().nullable().openapi({ description: 'Day of the following period by which one is due' }),
    template,
  })
  .openapi('Column')

const Section = z.object({ id: z.enum(sectionIds), name: Name, columns: z.array(Column) }).openapi('Section')

const address = z.string().openapi({
  example: '/pictures/9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  description: 'A picture, below the station’s own address; add /thumb, /tv or /full for a size',
})
const texts = z.array(z.string())
const cents = z.number().int().openapi({ description: 'Whole cents (分)' })
const at = z.string().nullable()

const itemHead = z.object({
  id: z.string(),
  version: z.number().int(),
  columnId: z.string(),
  areaCode: z.string(),
  householdId: z.string().nullable(),
  title: z.string(),
  summary: z.string(),
  matter: z.string(),
  basis: z.string(),
  timeLimit: z.string(),
  publisher: z.string(),
  audience: z.string(),
  period: z.string(),
  state: z.literal('published'),
  validFrom: at,
  validTo: at,
  pinnedAt: at,
  publishedAt: at,
  createdAt: z.string(),
  updatedAt: z.string(),
})
const words = z.object({ paragraphs: texts, pictures: z.array(address) })
const line = z.object({
  line: z.number().int(),
  date: z.string(),
  direction: z.enum(['income', 'expense']),
  amountCents: cents,
  payee: z.string(),
  purpose: z.string(),
  handler: z.string(),
  vouchers: z.array(address),
})

const FeedItem = z
  .discriminatedUnion('kind', [
    itemHead.extend({ kind: z.literal('article'), content: words }),
    itemHead.extend({ kind: z.literal('notice'), content: words }),
    itemHead.extend({
      kind: z.literal('ledger'),
      content: z.object({ openingCents: cents, lines: z.array(line), closingCents: cents }),
    }),
    itemHead.extend({
      kind: z.literal('guide'),
      content: z.object({
        steps: texts,
        materials: texts,
        place: z.string(),
        telephone: z.string(),
        hours: z.string(),
        fee: z.string(),
      }),
    }),
    itemHead.extend({
      kind: z.literal('video'),
      content: z.object({
        videoHash: z.string().nullable(),
        poster: address.nullable(),
        seconds: z.number(),
        description: z.string(),
      }),
    }),
  ])
  .openapi('FeedItem')

const FeedSchema = z
  .object({
    areaCode: z.string(),
    areaName: z.string(),
    householdId: z.string().nullable(),
    etag: z.string().openapi({ description: 'Changes exactly when the content does' }),
    sections: z.array(
      z.object({
        id: z.enum(sectionIds),
        name: Name,
        areaCode: z.string(),
        areaName: z.string(),
        columns: z.array(
          z.object({ id: z.string(), position: z.number().int(), name: Name, template, items: z.array(FeedItem) }),
        ),
      }),
    ),
  })
  .openapi('Feed')

const feedResponses = {
  200: json(FeedSchema, 'The feed, with an ETag'),
  304: { description: 'Nothing changed since If-None-Match' },
}

/** The portal's columns, and feeds for boxes and native programs. */
export function channelRoutes(channels: Channels) {
  return routes()
    .openapi(
      door('open', {
        method: 'get',
        path: '/api/channels',
        summary: 'The four sections and their columns, in order',
        tags: ['channels'],
        responses: { 200: json(z.object({ sections: z.array(Section) })) },
      }),
      (c) => c.json({ sections: structuredClone(channels.sections) as z.infer<typeof Section>[] }, 200),
    )
    .openapi(
      door('terminal', {
        method: 'get',
        path: '/feeds/household',
        summary: 'The feed of the household that owns this box: the public sections of its village, and its own',
        tags: ['channels'],
        responses: feedResponses,
      }),
      async (c) => {
        const { areaCode, householdId } = terminalOf(c)
        if (householdId === null) throw forbidden('这台终端不属于任何家庭', 'This terminal belongs to no household')
        return feedAnswer(c, await channels.body(areaCode, c.get('now'), householdId), 'private, no-store')
      },
    )
    .openapi(
      door('open', {
        method: 'get',
        path: '/feeds/{areaCode}',
        summary: 'The public sections of an area: its county’s, its street’s and its own, as far as its level has them',
        tags: ['channels'],
        request: { params: z.object({ areaCode }) },
        responses: feedResponses,
      }),
      async (c) => {
        const now = c.get('now')
        const body = await channels.body(c.req.valid('param').areaCode, now)
        return feedAnswer(c, body, `public, max-age=${freshSeconds(body.changesAt, now)}`)
      },
    )
}

/** A cache lets go of a feed when a window opens or closes, even within the fresh seconds. */
function freshSeconds(changesAt: Instant | null, now: Instant): number {
  return changesAt === null
    ? FRESH_SECONDS
    : Math.max(0, Math.min(FRESH_SECONDS, Math.floor(secondsBetween(now, changesAt))))
}

async function feedAnswer(c: Context, body: FeedBody, caching: string) {
  // Weak, since the packed and the plain answer share it.
  const etag = `W/"${body.etag}"`
  const headers = { etag, 'cache-control': caching, vary: 'accept-encoding' }
  if (isKnown(c.req.header('if-none-match'), body.etag)) return c.body(null, 304, headers)
  const type = { 'content-type': 'application/json; charset=utf-8' }
  if (!/\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/.test(c.req.header('accept-encoding') ?? '')) {
    return c.body(body.json as Uint8Array<ArrayBuffer>, 200, { ...headers, ...type })
  }
  const small = (await body.gzip) as Uint8Array<ArrayBuffer>
  return c.body(small, 200, { ...headers, ...type, 'content-encoding': 'gzip' })
}

function isKnown(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false
  return header.split(',').some((each) => ['*', `"${etag}"`].includes(each.trim().replace(/^W\//, '')))
}
