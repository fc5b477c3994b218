import { createRoute, OpenAPIHono, z, type RouteConfig } from '@hono/zod-openapi'
import type { Context, MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { HTTPException } from 'hono/http-exception'
import type { Clock } from '../equipment/clock.ts'
import type { Journal } from '../equipment/journal.ts'
import { StationError, type Detail, type FaultKind, type Language, type Text } from '../errors.ts'
import { identifyBy, pass, type Env, type Identify, type Passage } from './guard.ts'
import { wordsOf } from './wording.ts'

/** The one map from a fault to an HTTP status. */
const STATUS = {
  invalid: 400,
  unauthorized: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
} as const satisfies Record<FaultKind, number>

export const JSON_BODY_LIMIT_BYTES = 1024 * 1024

/** What every refusal looks like. */
export const Fault = z
  .object({
    fault: z.string().openapi({ example: 'invalid' }),
    message: z.string(),
    details: z.array(
      z.object({
        field: z.string(),
        message: z.string(),
        line: z.number().int().optional(),
        column: z.string().optional(),
      }),
    ),
  })
  .openapi('Fault')

const faultResponse = (description: string) => ({ description, content: { 'application/json': { schema: Fault } } })

const faultResponses = {
  400: faultResponse('The input is wrong; details name each field'),
  401: faultResponse('Nobody is signed in'),
  403: faultResponse('The caller may not do this, or not in this area'),
  404: faultResponse('There is no such thing'),
  409: faultResponse('The thing is not in a state that allows this'),
}

/**
 * Declares a route: who may pass, what comes in, what goes out. The passage is written into the OpenAPI document
 * (`x-passage`), from which the authorisation test reads every route that exists. A route that is `isStreamed` takes its body by
 * `streamOf`, which counts it on its way; every other body is counted before it is looked at.
 */
export function door<const R extends RouteConfig>(
  passage: Passage,
  route: R,
  options: { bodyLimitBytes?: number; isStreamed?: boolean } = {},
): R & { getRoutingPath(): string } {
  return createRoute({
    ...route,
    security: passage === 'open' ? [] : [{ bearer: [] }, { cookie: [] }],
    'x-passage': passage,
    // To look at a body is to make one: what only reads is spared that.
    middleware:
      route.method === 'get' || options.isStreamed
        ? [pass(passage)]
        : [pass(passage), limitBody(options.bodyLimitBytes ?? JSON_BODY_LIMIT_BYTES)],
    responses: { ...faultResponses, ...route.responses },
  })
}

function limitBody(bytes: number): MiddlewareHandler {
  return bodyLimit({
    maxSize: bytes,
    onError: () => {
      throw new HTTPException(413, { message: String(bytes) })
    },
  })
}

/** The body as it comes, for a file that memory need not hold. Fails with 413 at the first byte over the limit. */
export function streamOf(c: Context<Env>, limitBytes: number): ReadableStream<Uint8Array> {
  const tooLarge = new HTTPException(413, { message: String(limitBytes) })
  if (Number(c.req.header('content-length') ?? 0) > limitBytes) throw tooLarge
  let bytes = 0
  const counted = new TransformStream<Uint8Array, Uint8Array>({
    transform: (chunk, controller) => {
      bytes += chunk.length
      if (bytes > limitBytes) controller.error(tooLarge)
      else controller.enqueue(chunk)
    },
  })
  return (c.req.raw.body ?? new ReadableStream<Uint8Array>({ start: (empty) => empty.close() })).pipeThrough(counted)
}

/** JSON content of a schema, for a request body or a response. */
export function json<S extends z.ZodType>(
  schema: S,
  description = '',
): {
  description: string
  required: true
  content: { 'application/json': { schema: S } }
} {
  return { description, required: true, content: { 'application/json': { schema } } }
}

/** An empty set of routes for a slice to write its own into. */
export function routes(): OpenAPIHono<Env> {
  return new OpenAPIHono<Env>({
    defaultHook: (result) => {
      if (result.success) return
      const details = result.error.issues.map((issue): Detail => ({
        field: issue.path.join('.') || result.target,
        message: wordsOf(issue),
      }))
      throw new StationError('invalid', { zh: '提交的内容有误', en: 'The input is wrong' }, { details })
    },
  })
}

/** The outermost layer: the instant, the language, the caller, and the answer to everything that goes wrong. */
export function createApp(parts: { clock: Clock; journal: Journal; identify: Identify }): OpenAPIHono<Env> {
  const app = routes()

  app.use(async (c, next) => {
    c.set('now', parts.clock())
    c.set('language', languageOf(c.req.header('accept-language')))
    await next()
    if (!c.res.headers.has('x-content-type-options')) c.res.headers.set('x-content-type-options', 'nosniff')
    c.res.headers.set('referrer-policy', 'same-origin')
  })
  app.use(identifyBy(parts.identify))

  app.notFound((c) => {
    const text = { zh: '没有这个地址', en: 'There is nothing at this address' }
    return c.json({ fault: 'not-found', message: text[c.get('language')], details: [] }, 404)
  })

  app.onError((error, c) => {
    const language = c.get('language') ?? 'zh'
    if (error instanceof StationError) {
      if (error.retryAfterSeconds !== undefined) c.header('Retry-After', String(Math.ceil(error.retryAfterSeconds)))
      const status = error.retryAfterSeconds === undefined ? STATUS[error.fault] : 429
      return c.json(bodyOf(error, language), status)
    }
    if (error instanceof HTTPException) {
      const text = httpText(error)
      return c.json({ fault: 'invalid', message: text[language], details: [] }, error.status)
    }
    parts.journal.error('a request failed by our own fault', {
      method: c.req.method,
      route: c.req.routePath,
      error: error.stack ?? String(error),
    })
    const text = { zh: '平台内部出错，已记录', en: 'The station failed; it has been recorded' }
    return c.json({ fault: 'internal', message: text[language], details: [] }, 500)
  })
  return app
}

function httpText(error: HTTPException): Text {
  if (error.status === 413) {
    const kilobytes = Math.round(Number(error.message) / 1024)
    return { zh: `提交的内容超过 ${kilobytes} KB`, en: `The body is larger than ${kilobytes} KB` }
  }
  return { zh: '请求的格式不对，应为合法的 JSON 或表单', en: 'The body is malformed; send valid JSON or a form' }
}

function bodyOf(error: StationError, language: Language): z.infer<typeof Fault> {
  return {
    fault: error.fault,
    message: error.text[language],
    details: error.details.map((detail) => ({ ...detail, message: detail.message[language] })),
  }
}

function languageOf(header: string | undefined): Language {
  return /^\s*en\b/i.test(header ?? '') ? 'en' : 'zh'
}
