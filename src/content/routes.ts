import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { isAreaCode } from '../areas/division.ts'
import { writeCsv } from '../equipment/csv.ts'
import { invalid, notFound, type Language } from '../errors.ts'
import type { Store } from '../equipment/store.ts'
import { door, Fault, json, routes, streamOf } from '../web/app.ts'
import { personOf } from '../web/guard.ts'
import { areaCode, id, instant, page, TEXT_LIMIT } from '../web/input.ts'
import { FOR_EVER, keptFile } from '../web/range.ts'
import type { Content } from './content.ts'
import type { Draft } from './draft.ts'
import type { Imports } from './imports.ts'
import type { LedgerLine } from './item.ts'
import { periodLengthOf } from './period.ts'
import { pictureSizes, type Pictures } from './pictures.ts'
import { importKinds, sheetTemplate } from './sheet.ts'
import type { ImportRecord, Video } from './store.ts'
import { VIDEO_FILE_LIMIT_BYTES, videoFaults } from './video-jobs.ts'
import type { Videos } from './videos.ts'

export const PICTURE_FILE_LIMIT_BYTES = 20 * 1024 * 1024
export const IMPORT_FILE_LIMIT_BYTES = 8 * 1024 * 1024

const hash = z
  .string()
  .regex(/^[0-9a-f]{64}$/, '应为图片编号|must be the hash of a picture')
  .openapi({ description: 'SHA-256 in hexadecimal' })
const text = z.string().max(TEXT_LIMIT).default('')
const texts = z.array(z.string().max(TEXT_LIMIT)).max(500)
const hashes = z.array(hash).max(500)
const cents = z.number().int().openapi({ description: 'Whole cents (分)' })
const states = z.enum(['draft', 'published', 'withdrawn', 'archived'])
const period = z
  .string()
  .refine((each) => each === '' || periodLengthOf(each) !== undefined, '应如 2026、2026-Q3 或 2026-09|must be a period')
  .openapi({ example: '2026-Q3', description: '`2026`, `2026-Q3` or `2026-09`; empty for none' })

const LedgerLineSchema = z
  .object({
    line: z.number().int(),
    date: z.string().openapi({ example: '2026-09-03' }),
    direction: z.enum(['income', 'expense']),
    amountCents: cents,
    payee: text,
    purpose: text,
    handler: text,
    vouchers: hashes,
  })
  .openapi('LedgerLine')

const contents = {
  article: z.object({ paragraphs: texts, pictures: hashes }),
  notice: z.object({ paragraphs: texts, pictures: hashes }),
  ledger: z.object({ openingCents: cents, lines: z.array(LedgerLineSchema), closingCents: cents }),
  guide: z.object({
    steps: texts,
    materials: texts,
    place: text,
    telephone: text,
    hours: text,
    fee: text,
  }),
  video: z.object({
    videoHash: hash.nullable(),
    posterHash: hash.nullable(),
    seconds: z.number(),
    description: text,
  }),
}

const head = z.object({
  columnId: z.string().max(40).openapi({ example: 'village-affairs' }),
  areaCode: areaCode.refine(isAreaCode, '没有这样的区划|is no area'),
  householdId: id.nullable().default(null),
  title: z.string().trim().max(TEXT_LIMIT),
  summary: text,
  matter: text.openapi({ description: '公开事项' }),
  basis: text.openapi({ description: '公开依据' }),
  timeLimit: text.openapi({ description: '公开时限' }),
  publisher: text.openapi({ description: '公开主体' }),
  audience: text.openapi({ description: '公开对象' }),
  period: period.default(''),
  validFrom: instant.nullable().default(null),
  validTo: instant.nullable().default(null),
})

// Lines are numbered by the station, in the order they are sent.
const writtenLedger = contents.ledger.extend({
  lines: z.array(LedgerLineSchema.omit({ line: true }).extend({ vouchers: hashes.default([]) })),
})

const ItemDraft = z
  .discriminatedUnion('kind', [
    head.extend({ kind: z.literal('article'), content: contents.article }),
    head.extend({ kind: z.literal('notice'), content: contents.notice }),
    head.extend({ kind: z.literal('ledger'), content: writtenLedger }),
    head.extend({ kind: z.literal('guide'), content: contents.guide }),
    head.extend({ kind: z.literal('video'), content: contents.video }),
  ])
  .openapi('ItemDraft')

const kept = z.object({
  id: z.string(),
  version: z.number().int(),
  state: states,
  pinnedAt: z.string().nullable(),
  publishedAt: z.string().nullable(),
  createdAt: z.string(),
  updatedAt: z.string(),
})
const keptHead = head.extend({
  ...kept.shape,
  householdId: z.string().nullable(),
  validFrom: z.string().nullable(),
  validTo: z.string().nullable(),
})

const Item = z
  .discriminatedUnion('kind', [
    keptHead.extend({ kind: z.literal('article'), content: contents.article }),
    keptHead.extend({ kind: z.literal('notice'), content: contents.notice }),
    keptHead.extend({ kind: z.literal('ledger'), content: contents.ledger }),
    keptHead.extend({ kind: z.literal('guide'), content: contents.guide }),
    keptHead.extend({ kind: z.literal('video'), content: contents.video }),
  ])
  .openapi('Item')

const ItemHead = keptHead
  .extend({ kind: z.enum(['article', 'ledger', 'guide', 'video', 'notice']) })
  .openapi('ItemHead')

const ItemVersion = z
  .object({ version: z.number().int(), at: z.string(), personName: z.string(), reason: z.string(), item: Item })
  .openapi('ItemVersion')

const Duty = z
  .object({
    areaCode: z.string(),
    areaName: z.string(),
    columnId: z.string(),
    period: z.string(),
    dueDate: z.string(),
    publishedAt: z.string().nullable(),
    state: z.enum(['in-time', 'late', 'missing', 'pending']),
  })
  .openapi('Duty')

const Import = z
  .object({
    id: z.string(),
    kind: z.enum(importKinds),
    fileName: z.string(),
    areaCode: z.string(),
    state: z.enum(['running', 'finished', 'failed']),
    total: z.number().int(),
    accepted: z.number().int(),
    repeated: z.number().int().openapi({ description: 'Rows that stood there already' }),
    rejected: z.number().int(),
    faults: Fault.shape.details,
    personName: z.string(),
    createdAt: z.string(),
    finishedAt: z.string().nullable(),
  })
  .openapi('Import')

const Picture = z
  .object({ hash, width: z.number().int(), height: z.number().int(), bytes: z.number().int(), url: z.string() })
  .openapi('Picture')

const VideoShape = z
  .object({
    id: z.string(),
    areaCode,
    state: z.enum(['pending', 'ready', 'failed']),
    videoHash: hash.nullable(),
    posterHash: hash.nullable(),
    seconds: z.number().int().nullable(),
    bytes: z.number().int().nullable(),
    url: z.string().nullable().openapi({ example: '/videos/<hash>.mp4' }),
    message: z.string().nullable().openapi({ description: 'Why it failed' }),
    createdAt: z.string(),
    finishedAt: z.string().nullable(),
  })
  .openapi('Video')

const binary = z.any().openapi({ type: 'string', format: 'binary' })
const version = z.number().int().min(1)
const reason = z.string().trim().min(1).max(200)
const itemId = z.object({ id })
const jpeg = { 200: { description: 'JPEG', content: { 'image/jpeg': { schema: binary } } } }

/** Items and their lives, what is owed, sheets, pictures and videos. */
export function contentRoutes(parts: {
  content: Content
  imports: Imports
  pictures: Pictures
  videos: Videos
  store: Store
}) {
  const { content, imports, pictures, videos, store } = parts
  return routes()
    .openapi(
      door('content.read', {
        method: 'get',
        path: '/api/items',
        summary: 'Items of your area or one inside it, newest first, without their content',
        tags: ['content'],
        request: {
          query: z.object({
            ...page,
            area: areaCode.optional(),
            column: z.string().max(40).optional(),
            state: states.optional(),
            text: z.string().trim().max(80).optional(),
          }),
        },
        responses: { 200: json(z.object({ items: z.array(ItemHead) })) },
      }),
      async (c) => {
        const { column, ...search } = c.req.valid('query')
        return c.json({ items: await content.search(personOf(c), { ...search, columnId: column }) }, 200)
      },
    )
    .openapi(
      door('content.write', {
        method: 'post',
        path: '/api/items',
        summary: 'Write an item, as a draft',
        tags: ['content'],
        request: { body: json(ItemDraft) },
        responses: { 201: json(Item) },
      }),
      async (c) => c.json(await content.create(personOf(c), draftFrom(c.req.valid('json')), c.get('now')), 201),
    )
    .openapi(
      door('content.read', {
        method: 'get',
        path: '/api/items/{id}',
        summary: 'An item',
        tags: ['content'],
        request: { params: itemId },
        responses: { 200: json(Item) },
      }),
      async (c) => c.json(await content.read(personOf(c), c.req.valid('param').id), 200),
    )
    .openapi(
      door('content.read', {
        method: 'get',
        path: '/api/items/{id}/versions',
        summary: 'Every version of an item with its author and reason, newest first',
        tags: ['content'],
        request: { params: itemId },
        responses: { 200: json(z.object({ versions: z.array(ItemVersion) })) },
      }),
      async (c) => c.json({ versions: await content.versions(personOf(c), c.req.valid('param').id) }, 200),
    )
    .openapi(
      door('content.write', {
        method: 'put',
        path: '/api/items/{id}',
        summary: 'Write a draft anew; `version` is the one that was read',
        tags: ['content'],
        request: { params: itemId, body: json(z.object({ version, item: ItemDraft })) },
        responses: { 200: json(Item) },
      }),
      async (c) => {
        const { version, item } = c.req.valid('json')
        const { id } = c.req.valid('param')
        return c.json(await content.change(personOf(c), id, draftFrom(item), version, c.get('now')), 200)
      },
    )
    .openapi(
      door('content.write', {
        method: 'post',
        path: '/api/items/{id}/publish',
        summary: 'Publish a draft',
        tags: ['content'],
        request: { params: itemId, body: json(z.object({ version: version.optional() })) },
        responses: { 200: json(Item) },
      }),
      async (c) => {
        const { version } = c.req.valid('json')
        return c.json(await content.publish(personOf(c), c.req.valid('param').id, version, c.get('now')), 200)
      },
    )
    .openapi(
      door('content.write', {
        method: 'post',
        path: '/api/items/{id}/correct',
        summary: 'Publish a corrected version, with the reason; the old one stays to be read',
        tags: ['content'],
        request: { params: itemId, body: json(z.object({ version, reason, item: ItemDraft })) },
        responses: { 200: json(Item) },
      }),
      async (c) => {
        const { item, ...given } = c.req.valid('json')
        const { id } = c.req.valid('param')
        return c.json(await content.correct(personOf(c), id, draftFrom(item), given, c.get('now')), 200)
      },
    )
    .openapi(
      door('content.write', {
        method: 'post',
        path: '/api/items/{id}/withdraw',
        summary: 'Take a published item out of every feed, with the reason',
        tags: ['content'],
        request: { params: itemId, body: json(z.object({ version: version.optional(), reason })) },
        responses: { 200: json(Item) },
      }),
      async (c) =>
        c.json(await content.withdraw(personOf(c), c.req.valid('param').id, c.req.valid('json'), c.get('now')), 200),
    )
    .openapi(
      door('content.write', {
        method: 'post',
        path: '/api/items/{id}/archive',
        summary: 'Close a withdrawn item, or a draft that is given up, for ever',
        tags: ['content'],
        request: {
          params: itemId,
          body: json(z.object({ version: version.optional(), reason: reason.optional() })),
        },
        responses: { 200: json(Item) },
      }),
      async (c) =>
        c.json(await content.archive(personOf(c), c.req.valid('param').id, c.req.valid('json'), c.get('now')), 200),
    )
    .openapi(
      door('content.write', {
        method: 'post',
        path: '/api/items/{id}/pin',
        summary: 'Pin an item to the head of its column, or loosen it',
        tags: ['content'],
        request: { params: itemId, body: json(z.object({ isPinned: z.boolean() })) },
        responses: { 200: json(Item) },
      }),
      async (c) => {
        const { isPinned } = c.req.valid('json')
        return c.json(await content.pin(personOf(c), c.req.valid('param').id, isPinned, c.get('now')), 200)
      },
    )
    .openapi(
      door('content.read', {
        method: 'get',
        path: '/api/disclosure',
        summary:
          'What each area had to disclose for a period, and whether it did; without a period, of what fell due last',
        tags: ['content'],
        request: {
          query: z.object({
            area: areaCode.optional(),
            period: period.optional(),
            state: Duty.shape.state.optional(),
          }),
        },
        responses: {
          200: json(
            z.object({
              counts: z.record(Duty.shape.state, z.number().int()),
              duties: z.array(Duty),
            }),
          ),
        },
      }),
      async (c) => {
        const { state, area, period } = c.req.valid('query')
        const duties = await content.duties(personOf(c), { area, period: period || undefined }, c.get('now'))
        const counts = { 'in-time': 0, late: 0, missing: 0, pending: 0 }
        for (const duty of duties) counts[duty.state] += 1
        return c.json({ counts, duties: state ? duties.filter((duty) => duty.state === state) : duties }, 200)
      },
    )
    .openapi(
      door(
        'content.write',
        {
          method: 'post',
          path: '/api/imports',
          summary: 'Import a sheet of items or of ledger lines (CSV in UTF-8 or GB 18030, or XLSX)',
          tags: ['content'],
          request: {
            body: {
              required: true,
              content: {
                'multipart/form-data': {
                  schema: z.object({
                    kind: z.enum(importKinds),
                    state: z
                      .enum(['draft', 'published'])
                      .default('draft')
                      .openapi({ description: 'What items become' }),
                    file: binary,
                  }),
                },
              },
            },
          },
          responses: { 200: json(Import) },
        },
        { bodyLimitBytes: IMPORT_FILE_LIMIT_BYTES },
      ),
      async (c) => {
        const { kind, state, file } = c.req.valid('form')
        if (!(file instanceof File)) throw invalid('file', '请上传 CSV 或 XLSX 文件', 'Send a CSV or an XLSX file')
        const bytes = new Uint8Array(await file.arrayBuffer())
        const sheet = { kind, fileName: file.name, bytes, isPublished: state === 'published' }
        const record = await imports.run(personOf(c), sheet, c.get('now'))
        return c.json(importAnswer(record, c.get('language')), 200)
      },
    )
    .openapi(
      door('content.read', {
        method: 'get',
        path: '/api/imports',
        summary: 'Imports into your area, newest first, with how far they came',
        tags: ['content'],
        request: { query: z.object(page) },
        responses: { 200: json(z.object({ imports: z.array(Import) })) },
      }),
      async (c) => {
        const records = await imports.list(personOf(c), c.req.valid('query'), c.get('now'))
        return c.json({ imports: records.map((record) => importAnswer(record, c.get('language'))) }, 200)
      },
    )
    .openapi(
      door('content.read', {
        method: 'get',
        path: '/api/imports/{id}',
        summary: 'An import, with what was wrong by line and column',
        tags: ['content'],
        request: { params: itemId },
        responses: { 200: json(Import) },
      }),
      async (c) => {
        const record = await imports.read(personOf(c), c.req.valid('param').id, c.get('now'))
        return c.json(importAnswer(record, c.get('language')), 200)
      },
    )
    .openapi(
      door('content.write', {
        method: 'get',
        path: '/api/sheets/{kind}',
        summary: 'A sheet to fill in, as CSV',
        tags: ['content'],
        request: { params: z.object({ kind: z.enum(importKinds) }) },
        responses: { 200: { description: 'CSV', content: { 'text/csv': { schema: z.string() } } } },
      }),
      (c) => {
        const { kind } = c.req.valid('param')
        const { columns, rows } = sheetTemplate(kind)
        return c.body(writeCsv(columns, rows), 200, {
          'content-type': 'text/csv; charset=utf-8',
          'content-disposition': `attachment; filename="${kind}.csv"`,
        })
      },
    )
    .openapi(
      door(
        'content.write',
        {
          method: 'post',
          path: '/api/pictures',
          summary: 'Keep a picture (JPEG, PNG, WebP, GIF, TIFF, AVIF), upright and without metadata',
          tags: ['content'],
          request: {
            body: {
              required: true,
              content: { 'multipart/form-data': { schema: z.object({ file: binary }) } },
            },
          },
          responses: { 201: json(Picture) },
        },
        { bodyLimitBytes: PICTURE_FILE_LIMIT_BYTES },
      ),
      async (c) => {
        const { file } = c.req.valid('form')
        if (!(file instanceof File)) throw invalid('file', '请上传图片', 'Send a picture')
        const person = personOf(c)
        const bytes = new Uint8Array(await file.arrayBuffer())
        const picture = await pictures.add(person, person.areaCode, bytes, c.get('now'))
        return c.json({ ...picture, url: `/pictures/${picture.hash}` }, 201)
      },
    )
    .openapi(
      door('open', {
        method: 'get',
        path: '/pictures/{hash}',
        summary: 'A picture as it is kept: at most 2560 pixels long',
        tags: ['content'],
        request: { params: z.object({ hash }) },
        responses: jpeg,
      }),
      async (c) => pictureAnswer(c, await pictures.read(c.req.valid('param').hash, 'full')),
    )
    .openapi(
      door('open', {
        method: 'get',
        path: '/pictures/{hash}/{size}',
        summary: 'A picture to fit a list (`thumb`, 320), a television (`tv`, 1280×720), or as it is kept (`full`)',
        tags: ['content'],
        request: { params: z.object({ hash, size: z.enum(pictureSizes) }) },
        responses: jpeg,
      }),
      async (c) => {
        const { hash, size } = c.req.valid('param')
        return pictureAnswer(c, await pictures.read(hash, size))
      },
    )
    .openapi(
      door(
        'content.write',
        {
          method: 'post',
          path: '/api/videos',
          summary:
            'Keep a video: the file itself as the body. It is made into what boxes play; ask for it until it is ready',
          tags: ['content'],
          request: { body: { required: true, content: { 'video/*': { schema: binary } } } },
          responses: { 202: json(VideoShape) },
        },
        { isStreamed: true },
      ),
      async (c) => {
        const video = await videos.add(personOf(c), streamOf(c, VIDEO_FILE_LIMIT_BYTES), c.get('now'))
        return c.json(videoAnswer(video, c.get('language')), 202)
      },
    )
    .openapi(
      door('content.read', {
        method: 'get',
        path: '/api/videos',
        summary: 'Videos of your area and what lies inside it, newest first',
        tags: ['content'],
        request: { query: z.object({ ...page, state: VideoShape.shape.state.optional() }) },
        responses: { 200: json(z.object({ videos: z.array(VideoShape) })) },
      }),
      async (c) => {
        const found = await videos.list(personOf(c), c.req.valid('query'))
        return c.json({ videos: found.map((video) => videoAnswer(video, c.get('language'))) }, 200)
      },
    )
    .openapi(
      door('content.read', {
        method: 'get',
        path: '/api/videos/{id}',
        summary: 'How far a video has come',
        tags: ['content'],
        request: { params: itemId },
        responses: { 200: json(VideoShape) },
      }),
      async (c) => {
        const video = await videos.read(personOf(c), c.req.valid('param').id)
        return c.json(videoAnswer(video, c.get('language')), 200)
      },
    )
    .openapi(
      door('open', {
        method: 'get',
        path: '/videos/{file}',
        summary: 'A video by its hash (`<hash>.mp4`), in parts if a range is asked for',
        tags: ['content'],
        request: { params: z.object({ file: z.string().max(80) }) },
        responses: {
          200: { description: 'The file; it never changes', content: { 'video/mp4': { schema: binary } } },
          206: { description: 'The part asked for' },
          304: { description: 'Known already' },
          416: { description: 'There is no such part' },
        },
      }),
      async (c) => {
        const hash = /^([0-9a-f]{64})\.mp4$/.exec(c.req.valid('param').file)?.[1]
        const isPublic = hash !== undefined && (await videos.isVideo(hash))
        const answer = isPublic ? await keptFile(c, store, hash, 'video/mp4') : undefined
        if (!answer) throw notFound('没有这个视频', 'There is no such video')
        return answer
      },
    )
}

function videoAnswer(video: Video, language: Language): z.infer<typeof VideoShape> {
  const { attempts: _attempts, fault, reason: _reason, ...shown } = video
  const url = video.videoHash === null ? null : `/videos/${video.videoHash}.mp4`
  return { ...shown, url, message: fault === null ? null : videoFaults[fault][language] }
}

function draftFrom(written: z.infer<typeof ItemDraft>): Draft {
  if (written.kind !== 'ledger') return written
  const lines = written.content.lines.map((line, index): LedgerLine => ({ ...line, line: index + 1 }))
  return { ...written, content: { ...written.content, lines } }
}

function importAnswer({ personId: _personId, ...record }: ImportRecord, language: Language): z.infer<typeof Import> {
  return { ...record, faults: record.faults.map((fault) => ({ ...fault, message: fault.message[language] })) }
}

/** The hash is the key: whoever was not shown a picture cannot guess where it is. */
function pictureAnswer(c: Context, bytes: Buffer) {
  return c.body(new Uint8Array(bytes), 200, { 'content-type': 'image/jpeg', 'cache-control': FOR_EVER })
}
