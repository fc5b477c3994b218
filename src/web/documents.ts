import type { OpenAPIHono } from '@hono/zod-openapi'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import { notFound } from '../errors.ts'
import { routes } from './app.ts'
import type { Env } from './guard.ts'

const DOCUMENT = {
  openapi: '3.1.0',
  info: {
    title: '乡音 Xiangyin',
    version: '1.0.0',
    description:
      'County station: village affairs on every television, spoken bulletins on every loudspeaker, emergencies on both. ' +
      'Every refusal has the shape `Fault`; messages are Chinese unless Accept-Language asks for English.',
  },
}

const swaggerDirectory = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
const SWAGGER_FILES: Record<string, string> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
}

const DOCS_PAGE = `<!doctype html>
<html lang="zh-CN">
<head><meta charset="utf-8"><title>乡音 API</title><link rel="stylesheet" href="/docs/swagger-ui.css"></head>
<body><div id="reference"></div><script src="/docs/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script></body>
</html>`
const DOCS_START = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#reference', deepLinking: true, validatorUrl: null })`

export type Metrics = ReturnType<typeof createMetrics>

/** The station's measurements, in the form that Prometheus reads. Names begin with `xiangyin_` and end in their unit. */
export function createMetrics() {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  return {
    /** A number that is asked for when it is read; with `labelled`, one number per value of that label. */
    gauge: (
      name: string,
      help: string,
      labelled: string | undefined,
      read: () => Promise<Record<string, number>>,
    ): void => {
      const gauge: Gauge = new Gauge({
        name,
        help,
        registers: [registry],
        labelNames: labelled ? [labelled] : [],
        collect: async () => {
          gauge.reset()
          for (const [value, amount] of Object.entries(await read())) {
            if (labelled) gauge.set({ [labelled]: value }, amount)
            else gauge.set(amount)
          }
        },
      })
    },

    /** A duration in seconds, counted into buckets from a millisecond to ten seconds. */
    duration: (name: string, help: string): ((seconds: number) => void) => {
      const buckets = [0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]
      const histogram = new Histogram({ name, help, buckets, registers: [registry] })
      return (seconds) => histogram.observe(seconds)
    },

    /** Something that is counted as it happens, by the value of a label. */
    count: (name: string, help: string, labelled: string): ((value: string) => void) => {
      const counter = new Counter({ name, help, registers: [registry], labelNames: [labelled] })
      return (value) => counter.inc({ [labelled]: value })
    },

    read: async (): Promise<{ text: string; contentType: string }> => ({
      text: await registry.metrics(),
      contentType: registry.contentType,
    }),
  }
}

/** The API document and its reference page, liveness, readiness and metrics. Open: none of them holds anyone's data. */
export function documentRoutes(
  api: OpenAPIHono<Env>,
  parts: { metrics: Metrics; isReady: () => Promise<void> },
): OpenAPIHono<Env> {
  let document: string | undefined
  const app = routes()
  app.get('/healthz', (c) => c.json({ status: 'alive' }))
  app.get('/readyz', async (c) => {
    try {
      await parts.isReady()
      return c.json({ status: 'ready' })
    } catch (error) {
      return c.json({ status: 'not-ready', reason: (error as Error).message }, 503)
    }
  })
  app.get('/metrics', async (c) => {
    const { text, contentType } = await parts.metrics.read()
    return c.body(text, 200, { 'content-type': contentType })
  })
  app.get('/openapi.json', (c) => {
    document ??= JSON.stringify(withSecurity(api))
    return c.body(document, 200, { 'content-type': 'application/json; charset=utf-8' })
  })
  app.get('/docs', (c) => c.html(DOCS_PAGE))
  app.get('/docs/start.js', (c) => c.body(DOCS_START, 200, { 'content-type': 'text/javascript; charset=utf-8' }))
  app.get('/docs/:file', async (c) => {
    const type = SWAGGER_FILES[c.req.param('file')]
    if (!type) throw notFound('没有这个文件', 'There is no such file')
    return c.body(await readFile(join(swaggerDirectory, c.req.param('file'))), 200, {
      'content-type': type,
      'cache-control': 'public, max-age=86400',
    })
  })
  return app
}

function withSecurity(api: OpenAPIHono<Env>): unknown {
  api.openAPIRegistry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer' })
  api.openAPIRegistry.registerComponent('securitySchemes', 'cookie', {
    type: 'apiKey',
    in: 'cookie',
    name: 'xiangyin_session',
  })
  return api.getOpenAPI31Document(DOCUMENT)
}
