import { z } from '@hono/zod-openapi'
import type { Store } from '../equipment/store.ts'
import { notFound } from '../errors.ts'
import { door, json, routes } from '../web/app.ts'
import { personOf } from '../web/guard.ts'
import { areaCode, id, page, title } from '../web/input.ts'
import { keptFile } from '../web/range.ts'
import type { Bulletins } from './bulletins.ts'
import { REPEAT_LIMIT } from './recording.ts'
import type { Bulletin, Recording } from './store.ts'
import { bulletinClasses, TEXT_LIMITS, valueKinds } from './templates.ts'
import { voiceChoices } from './voices.ts'

const words = z.object({ zh: z.string(), en: z.string() })

const Template = z
  .object({
    id: z.string(),
    name: words,
    class: z.enum(bulletinClasses),
    text: z.string(),
    values: z.array(
      z.object({
        name: z.string(),
        label: words,
        kind: z.enum(valueKinds),
        limit: z.number().int(),
        isOptional: z.boolean(),
        example: z.string(),
        choices: z.array(z.string()),
      }),
    ),
  })
  .openapi('BulletinTemplate')

const RecordingShape = z
  .object({
    key: z.string(),
    state: z.enum(['pending', 'ready', 'failed']),
    url: z.string().nullable().openapi({ example: '/recordings/<hash>.mp3' }),
    hash: z.string().nullable(),
    seconds: z.number().nullable(),
    bytes: z.number().nullable(),
    voice: z.string().nullable().openapi({ description: 'Which voice spoke' }),
    reason: z.string().nullable().openapi({ description: 'Why it failed, or why better voices did not speak' }),
    attempts: z.number(),
    nextAttemptAt: z.string().nullable(),
  })
  .openapi('Recording')

const BulletinShape = z
  .object({
    id,
    areaCode,
    title: z.string(),
    class: z.enum(bulletinClasses),
    templateId: z.string().nullable(),
    values: z.record(z.string(), z.string()),
    text: z.string(),
    voice: z.string().nullable(),
    repeatCount: z.number().int(),
    afterPreemption: z.enum(['resume', 'restart', 'drop']),
    recordingKey: z.string().nullable(),
    state: z.enum(['draft', 'ready', 'retired']),
    createdBy: z.string(),
    createdAt: z.string(),
    updatedAt: z.string(),
  })
  .openapi('Bulletin')

const Sounding = BulletinShape.extend({ recording: RecordingShape.nullable() }).openapi('BulletinWithRecording')

const speech = {
  class: z.enum(bulletinClasses),
  text: z.string().max(TEXT_LIMITS.notice).optional(),
  templateId: z.string().max(64).optional(),
  values: z.record(z.string().max(64), z.string().max(1000)).optional(),
  voice: z.enum(voiceChoices).nullable().optional(),
  repeatCount: z.number().int().min(1).max(REPEAT_LIMIT).optional(),
}
const draft = z.object({
  areaCode,
  title,
  ...speech,
  afterPreemption: z.enum(['resume', 'restart', 'drop']).optional(),
})

/** Bulletins and their recordings. */
export function bulletinRoutes(bulletins: Bulletins, store: Store) {
  return routes()
    .openapi(
      door('bulletins.read', {
        method: 'get',
        path: '/api/bulletin-templates',
        summary: 'Templates with the values they ask for',
        tags: ['bulletins'],
        responses: { 200: json(z.object({ templates: z.array(Template) })) },
      }),
      (c) => c.json({ templates: bulletins.templates().map((template) => ({ ...template })) }, 200),
    )
    .openapi(
      door('bulletins.read', {
        method: 'get',
        path: '/api/bulletins',
        summary: 'Bulletins of your area, or one inside it, the newest first',
        tags: ['bulletins'],
        request: {
          query: z.object({
            area: areaCode.optional(),
            state: z.enum(['draft', 'ready', 'retired']).optional(),
            ...page,
          }),
        },
        responses: { 200: json(z.object({ bulletins: z.array(BulletinShape) })) },
      }),
      async (c) => c.json({ bulletins: await bulletins.list(personOf(c), c.req.valid('query')) }, 200),
    )
    .openapi(
      door('bulletins.read', {
        method: 'get',
        path: '/api/bulletins/{id}',
        summary: 'A bulletin and the state of its recording',
        tags: ['bulletins'],
        request: { params: z.object({ id }) },
        responses: { 200: json(Sounding) },
      }),
      async (c) => {
        const { bulletin, recording } = await bulletins.read(personOf(c), c.req.valid('param').id)
        return c.json(sounding(bulletin, recording), 200)
      },
    )
    .openapi(
      door('bulletins.write', {
        method: 'post',
        path: '/api/bulletins',
        summary: 'Write a bulletin: words, or a template with its values',
        tags: ['bulletins'],
        request: { body: json(draft) },
        responses: { 201: json(BulletinShape) },
      }),
      async (c) => c.json(await bulletins.add(personOf(c), c.req.valid('json'), c.get('now')), 201),
    )
    .openapi(
      door('bulletins.write', {
        method: 'post',
        path: '/api/bulletins/preview',
        summary: 'What a bulletin will sound like: its script, and a recording that is made meanwhile',
        tags: ['bulletins'],
        request: {
          body: json(
            z.object({
              ...speech,
              isSpoken: z
                .boolean()
                .default(true)
                .openapi({ description: 'false: the script alone, without a recording' }),
            }),
          ),
        },
        responses: {
          200: json(
            z.object({
              text: z.string(),
              script: z.string(),
              seconds: z.number(),
              recording: RecordingShape.nullable(),
            }),
            'Ask GET /api/recordings/{key} until it is ready',
          ),
        },
      }),
      async (c) => {
        const { recording, ...preview } = await bulletins.preview(personOf(c), c.req.valid('json'), c.get('now'))
        return c.json({ ...preview, recording: recording && addressed(recording) }, 200)
      },
    )
    .openapi(
      door('bulletins.write', {
        method: 'patch',
        path: '/api/bulletins/{id}',
        summary: 'Change a bulletin; it is a draft again',
        tags: ['bulletins'],
        request: { params: z.object({ id }), body: json(draft.omit({ areaCode: true }).partial()) },
        responses: { 200: json(BulletinShape) },
      }),
      async (c) =>
        c.json(await bulletins.change(personOf(c), c.req.valid('param').id, c.req.valid('json'), c.get('now')), 200),
    )
    .openapi(
      door('bulletins.write', {
        method: 'post',
        path: '/api/bulletins/{id}/ready',
        summary: 'Approve a bulletin for airing: its recording is made',
        tags: ['bulletins'],
        request: { params: z.object({ id }) },
        responses: { 200: json(BulletinShape) },
      }),
      async (c) => c.json(await bulletins.ready(personOf(c), c.req.valid('param').id, c.get('now')), 200),
    )
    .openapi(
      door('bulletins.write', {
        method: 'delete',
        path: '/api/bulletins/{id}',
        summary: 'Retire a bulletin; what it has aired stays on record',
        tags: ['bulletins'],
        request: { params: z.object({ id }) },
        responses: { 200: json(BulletinShape) },
      }),
      async (c) => c.json(await bulletins.retire(personOf(c), c.req.valid('param').id, c.get('now')), 200),
    )
    .openapi(
      door('bulletins.read', {
        method: 'get',
        path: '/api/recordings/{key}',
        summary: 'The state of a recording',
        tags: ['bulletins'],
        request: { params: z.object({ key: id }) },
        responses: { 200: json(RecordingShape) },
      }),
      async (c) => {
        const recording = await bulletins.recording(c.req.valid('param').key)
        if (!recording) throw notFound('没有这段录音', 'There is no such recording')
        return c.json(addressed(recording), 200)
      },
    )
    .openapi(
      door('open', {
        method: 'get',
        path: '/recordings/{file}',
        summary: 'A recording or a shipped tone by its hash (`<hash>.mp3`), in parts if a range is asked for',
        tags: ['bulletins'],
        request: { params: z.object({ file: z.string().max(80) }) },
        responses: {
          200: {
            description: 'The file; it never changes',
            content: { 'audio/mpeg': { schema: z.string().openapi({ format: 'binary' }) } },
          },
          206: { description: 'The part asked for' },
          304: { description: 'Known already' },
          416: { description: 'There is no such part' },
        },
      }),
      async (c) => {
        const hash = /^([0-9a-f]{64})\.mp3$/.exec(c.req.valid('param').file)?.[1]
        const isPublic = hash !== undefined && (await bulletins.isPublicSound(hash))
        const answer = isPublic ? await keptFile(c, store, hash, 'audio/mpeg') : undefined
        if (!answer) throw notFound('没有这段录音', 'There is no such recording')
        return answer
      },
    )
}

function addressed(recording: Recording): z.infer<typeof RecordingShape> {
  return { ...recording, url: recording.hash === null ? null : `/recordings/${recording.hash}.mp3` }
}

function sounding(bulletin: Bulletin, recording: Recording | null): z.infer<typeof Sounding> {
  return { ...bulletin, recording: recording && addressed(recording) }
}
