import { z } from '@hono/zod-openapi'
import { readCsv } from '../equipment/csv.ts'
import { invalid } from '../errors.ts'
import { door, json, routes } from '../web/app.ts'
import { personOf, terminalOf } from '../web/guard.ts'
import { areaCode, id, page } from '../web/input.ts'
import { terminalsFromRows } from './import.ts'
import type { Link } from './link.ts'
import { TERMINAL_ID, TERMINAL_NAME_LIMIT, terminalKinds } from './terminal.ts'
import type { Terminals } from './terminals.ts'

export const TERMINAL_FILE_LIMIT_BYTES = 4 * 1024 * 1024

const states = ['new', 'online', 'offline'] as const

const Terminal = z
  .object({
    id: z.string(),
    kind: z.enum(terminalKinds),
    areaCode,
    householdId: z.string().nullable(),
    name: z.string(),
    state: z.enum(states),
    version: z.string().nullable(),
    volume: z.number().nullable(),
    freeBytes: z.number().nullable(),
    playing: z.string().nullable().openapi({ description: 'The airing that sounds now' }),
    lastSeenAt: z.string().nullable(),
    createdAt: z.string(),
    revokedAt: z.string().nullable(),
  })
  .openapi('Terminal')

const Credential = z
  .object({
    id: z.string(),
    secret: z.string().openapi({ description: 'Shown this once' }),
    token: z.string().openapi({ description: 'Bearer token, or the value of the cookie xiangyin_box' }),
    mqttPassword: z.string().openapi({ description: 'For the password file of an external broker' }),
  })
  .openapi('TerminalCredential')

const Introduction = z
  .object({
    terminalId: z.string(),
    areaCodes: z.array(z.string()),
    subscribe: z.array(z.string()),
    mqttUrl: z.string(),
    publicKey: z.string().openapi({ description: 'Ed25519, SPKI DER in base64' }),
    sequence: z.number(),
    proof: z.string().openapi({
      description:
        'HMAC-SHA-256, keyed by SHA-256 of the secret in hexadecimal, over the JSON of ["xiangyin introduction", nonce, terminalId, areaCodes, subscribe, mqttUrl, publicKey, sequence, now]',
    }),
    now: z.string(),
  })
  .openapi('LinkIntroduction')

const name = z.string().trim().min(1).max(TERMINAL_NAME_LIMIT)
const terminalId = z
  .string()
  .regex(TERMINAL_ID, '应为 3 到 40 位小写字母、数字或连字符|has 3 to 40 of a-z, 0-9 and hyphen')
const order = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('volume'), volume: z.number().int().min(0).max(100) }),
  z.object({ kind: z.literal('test') }),
  z.object({ kind: z.literal('reboot') }),
])
const LineFault = z.object({
  field: z.string(),
  line: z.number().optional(),
  column: z.string().optional(),
  message: z.string(),
})

/** The register of loudspeakers and boxes, orders to loudspeakers, and what a loudspeaker needs to begin. */
export function terminalRoutes(terminals: Terminals, link: Link) {
  return routes()
    .openapi(
      door('terminals.read', {
        method: 'get',
        path: '/api/terminals',
        summary: 'Terminals of an area, by id, with how many loudspeakers there are in each state',
        tags: ['terminals'],
        request: {
          query: z.object({
            area: areaCode.optional(),
            kind: z.enum(terminalKinds).optional(),
            state: z.enum([...states, 'revoked']).optional(),
            text: z.string().max(TERMINAL_NAME_LIMIT).optional(),
            ...page,
          }),
        },
        responses: {
          200: json(
            z.object({
              terminals: z.array(Terminal),
              counts: z.object({ new: z.number(), online: z.number(), offline: z.number() }),
            }),
          ),
        },
      }),
      async (c) => {
        const person = personOf(c)
        const { area, ...filter } = c.req.valid('query')
        const code = area ?? person.areaCode
        const list = await terminals.list(person, { areaCode: code, ...filter })
        return c.json({ terminals: list, counts: await terminals.counts(code) }, 200)
      },
    )
    .openapi(
      door('terminals.read', {
        method: 'get',
        path: '/api/terminals/{id}',
        summary: 'A terminal',
        tags: ['terminals'],
        request: { params: z.object({ id }) },
        responses: { 200: json(Terminal) },
      }),
      async (c) => c.json(await terminals.ownTerminal(personOf(c), c.req.valid('param').id), 200),
    )
    .openapi(
      door('terminals.write', {
        method: 'post',
        path: '/api/terminals',
        summary: 'Add a loudspeaker, or the box of a household; the answer holds its secret, this once',
        tags: ['terminals'],
        request: {
          body: json(
            z.object({
              id: terminalId.optional(),
              kind: z.enum(terminalKinds),
              name,
              areaCode,
              householdId: z.string().max(64).optional(),
            }),
          ),
        },
        responses: { 201: json(Terminal.extend({ credential: Credential })) },
      }),
      async (c) => c.json(await terminals.add(personOf(c), c.req.valid('json'), c.get('now')), 201),
    )
    .openapi(
      door(
        'terminals.write',
        {
          method: 'post',
          path: '/api/terminals/import',
          summary:
            'Import terminals from CSV (id,kind,name,areaCode,householdId); the answer holds their secrets, this once',
          tags: ['terminals'],
          request: {
            body: {
              required: true,
              content: {
                'multipart/form-data': {
                  schema: z.object({ file: z.any().openapi({ type: 'string', format: 'binary' }) }),
                },
              },
            },
          },
          responses: {
            200: json(
              z.object({
                accepted: z.number(),
                rejected: z.number(),
                credentials: z.array(Credential),
                faults: z.array(LineFault),
              }),
            ),
          },
        },
        { bodyLimitBytes: TERMINAL_FILE_LIMIT_BYTES },
      ),
      async (c) => {
        const { file } = await c.req.parseBody()
        if (!(file instanceof File)) throw invalid('file', '请上传 CSV 文件', 'Send a CSV file')
        const read = terminalsFromRows(readCsv(new Uint8Array(await file.arrayBuffer())))
        const { credentials, faults } = await terminals.import(personOf(c), read, c.get('now'))
        const language = c.get('language')
        return c.json(
          {
            accepted: credentials.length,
            rejected: faults.length,
            credentials,
            faults: faults.map((fault) => ({ ...fault, message: fault.message[language] })),
          },
          200,
        )
      },
    )
    .openapi(
      door('terminals.write', {
        method: 'patch',
        path: '/api/terminals/{id}',
        summary: 'Rename or move a terminal',
        tags: ['terminals'],
        request: {
          params: z.object({ id }),
          body: json(z.object({ name: name.optional(), areaCode: areaCode.optional() })),
        },
        responses: { 200: json(Terminal) },
      }),
      async (c) =>
        c.json(await terminals.change(personOf(c), c.req.valid('param').id, c.req.valid('json'), c.get('now')), 200),
    )
    .openapi(
      door('terminals.write', {
        method: 'post',
        path: '/api/terminals/{id}/revoke',
        summary: 'End a terminal’s credential for good',
        tags: ['terminals'],
        request: { params: z.object({ id }) },
        responses: { 200: json(Terminal) },
      }),
      async (c) => c.json(await terminals.revoke(personOf(c), c.req.valid('param').id, c.get('now')), 200),
    )
    .openapi(
      door('terminals.write', {
        method: 'post',
        path: '/api/terminals/{id}/credential',
        summary: 'Give a terminal a new secret; the old one ends at once',
        tags: ['terminals'],
        request: { params: z.object({ id }) },
        responses: { 200: json(Credential) },
      }),
      async (c) => c.json(await terminals.rotate(personOf(c), c.req.valid('param').id, c.get('now')), 200),
    )
    .openapi(
      door('terminals.write', {
        method: 'post',
        path: '/api/terminals/{id}/orders',
        summary: 'Order a loudspeaker to change its volume, to sound a test, or to start anew',
        tags: ['terminals'],
        request: { params: z.object({ id }), body: json(order) },
        responses: { 202: json(Terminal) },
      }),
      async (c) =>
        c.json(await link.order(personOf(c), c.req.valid('param').id, c.req.valid('json'), c.get('now')), 202),
    )
    .openapi(
      door('terminal', {
        method: 'get',
        path: '/api/link',
        summary: 'What a loudspeaker needs to begin: its topics, the broker, the station’s public key and clock',
        tags: ['terminals'],
        request: { query: z.object({ nonce: z.string().regex(/^[\w-]{16,64}$/) }) },
        responses: { 200: json(Introduction) },
      }),
      async (c) => {
        const { id } = terminalOf(c)
        const known = await terminals.loudspeaker(id)
        const host = new URL(c.req.url).hostname
        return c.json(link.introduction({ id, ...known }, c.req.valid('query').nonce, host, c.get('now')), 200)
      },
    )
}
