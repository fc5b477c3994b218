import { z } from '@hono/zod-openapi'
import { writeCsv } from '../equipment/csv.ts'
import type { Language } from '../errors.ts'
import { addDays, civil, type Instant } from '../instant.ts'
import { door, json, routes } from '../web/app.ts'
import { personOf, type Person } from '../web/guard.ts'
import { areaCode, id, localDate, page } from '../web/input.ts'
import type { Airtime } from './airtime.ts'
import { groupings, nothing, sheetOf, type Figures } from './report.ts'
import type { TerminalDelivery } from './store.ts'

const figures = Object.fromEntries(Object.keys(nothing).map((name) => [name, z.number()])) as Record<
  keyof Figures,
  z.ZodNumber
>
const Figures = z.object(figures).openapi('AirtimeFigures')

const Report = z
  .object({
    areaCode,
    from: z.string(),
    to: z.string(),
    by: z.enum(groupings),
    rows: z.array(z.object({ key: z.string(), name: z.string(), ...figures })),
    total: Figures,
    drills: Figures,
    coming: Figures,
  })
  .openapi('AirtimeReport')

const TerminalFigures = z
  .object({
    terminalId: z.string(),
    name: z.string(),
    areaCode,
    deliveries: z.number(),
    heard: z.number(),
    finished: z.number(),
    preempted: z.number(),
    failed: z.number(),
    missed: z.number(),
    reportedSeconds: z.number(),
  })
  .openapi('TerminalFigures')

const TerminalDelivery = z
  .object({
    airingId: z.string(),
    title: z.string(),
    class: z.enum(['alert', 'drill', 'notice', 'daily']),
    dueAt: z.string(),
    state: z.string(),
    sentAt: z.string().nullable(),
    fetchedAt: z.string().nullable(),
    startedAt: z.string().nullable(),
    finishedAt: z.string().nullable(),
    playedSeconds: z.number(),
    plays: z.number(),
    reason: z.string().nullable(),
    receipts: z.array(
      z.object({
        receiptId: z.string(),
        kind: z.string(),
        at: z.string(),
        playedSeconds: z.number().nullable(),
        reason: z.string().nullable(),
        receivedAt: z.string(),
      }),
    ),
  })
  .openapi('TerminalDelivery')

const days = { from: localDate.optional(), to: localDate.optional() }
const reportQuery = z.object({ area: areaCode.optional(), ...days, by: z.enum(groupings).default('day') })
const DEFAULT_DAYS = 7

const csv = (summary: string) => ({
  200: { description: summary, content: { 'text/csv': { schema: z.string() } } },
})

/** Reports of airtime and delivery, as JSON and as sheets. */
export function airtimeRoutes(airtime: Airtime, zone: string) {
  type Asked = { area?: string | undefined; from?: string | undefined; to?: string | undefined }
  /** The last week in one's own area, unless the caller says otherwise. */
  const spanOf = (person: Person, asked: Asked, now: Instant) => {
    const to = asked.to ?? civil(now, zone).date
    return { areaCode: asked.area ?? person.areaCode, from: asked.from ?? addDays(to, 1 - DEFAULT_DAYS), to }
  }

  return routes()
    .openapi(
      door('airtime.read', {
        method: 'get',
        path: '/api/airtime',
        summary: 'Airtime by area, day, bulletin, class or voice: what was planned beside what loudspeakers reported',
        tags: ['airtime'],
        request: { query: reportQuery },
        responses: { 200: json(Report) },
      }),
      async (c) => {
        const { by, ...asked } = c.req.valid('query')
        const span = spanOf(personOf(c), asked, c.get('now'))
        return c.json({ ...span, by, ...(await airtime.report(personOf(c), span, by, c.get('now'))) }, 200)
      },
    )
    .openapi(
      door('airtime.read', {
        method: 'get',
        path: '/api/airtime.csv',
        summary: 'The same report as a sheet',
        tags: ['airtime'],
        request: { query: reportQuery },
        responses: csv('A sheet in UTF-8 with a byte-order mark'),
      }),
      async (c) => {
        const { by, ...asked } = c.req.valid('query')
        const span = spanOf(personOf(c), asked, c.get('now'))
        const { columns, rows } = sheetOf(await airtime.report(personOf(c), span, by, c.get('now')), c.get('language'))
        return c.body(writeCsv(columns, rows), 200, sheetHeaders(`airtime-${span.from}-${span.to}-${by}.csv`))
      },
    )
    .openapi(
      door('airtime.read', {
        method: 'get',
        path: '/api/airtime/terminals',
        summary: 'Each loudspeaker with what came of its deliveries',
        tags: ['airtime'],
        request: { query: z.object({ area: areaCode.optional(), ...days, ...page }) },
        responses: { 200: json(z.object({ terminals: z.array(TerminalFigures) })) },
      }),
      async (c) => {
        const { limit, after, ...asked } = c.req.valid('query')
        const span = spanOf(personOf(c), asked, c.get('now'))
        return c.json({ terminals: await airtime.terminals(personOf(c), span, { limit, after }, c.get('now')) }, 200)
      },
    )
    .openapi(
      door('airtime.read', {
        method: 'get',
        path: '/api/airtime/terminals/{id}',
        summary: 'The deliveries of one loudspeaker, with every receipt',
        tags: ['airtime'],
        request: { params: z.object({ id }), query: z.object(days) },
        responses: {
          200: json(z.object({ name: z.string(), areaCode, deliveries: z.array(TerminalDelivery) })),
        },
      }),
      async (c) => {
        const span = spanOf(personOf(c), c.req.valid('query'), c.get('now'))
        return c.json(await airtime.terminal(personOf(c), c.req.valid('param').id, span), 200)
      },
    )
    .openapi(
      door('airtime.read', {
        method: 'get',
        path: '/api/airtime/terminals/{id}/receipts.csv',
        summary: 'The receipts of one loudspeaker as a sheet',
        tags: ['airtime'],
        request: { params: z.object({ id }), query: z.object(days) },
        responses: csv('One line a receipt'),
      }),
      async (c) => {
        const { id } = c.req.valid('param')
        const span = spanOf(personOf(c), c.req.valid('query'), c.get('now'))
        const { deliveries } = await airtime.terminal(personOf(c), id, span)
        const { columns, rows } = receiptSheet(deliveries, c.get('language'))
        return c.body(writeCsv(columns, rows), 200, sheetHeaders(`receipts-${id}-${span.from}-${span.to}.csv`))
      },
    )
}

const RECEIPT_COLUMNS = {
  zh: ['播出编号', '标题', '类别', '计划时刻', '送达状态', '回执', '回执时刻', '播放秒数', '原因', '收到时刻'],
  en: ['airing', 'title', 'class', 'due', 'delivery', 'receipt', 'at', 'played seconds', 'reason', 'received'],
}

function receiptSheet(
  deliveries: TerminalDelivery[],
  language: Language,
): { columns: string[]; rows: (string | number | null)[][] } {
  const rows = deliveries.flatMap((delivery) => {
    const { airingId, title, class: kind, dueAt, state, receipts } = delivery
    const own = [airingId, title, kind, dueAt, state]
    if (receipts.length === 0) return [[...own, null, null, null, delivery.reason, null]]
    return receipts.map((each) => [...own, each.kind, each.at, each.playedSeconds, each.reason, each.receivedAt])
  })
  return { columns: RECEIPT_COLUMNS[language], rows }
}

function sheetHeaders(name: string): Record<string, string> {
  return {
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename="${name}"`,
  }
}
