import { Hono } from 'hono'
import { listen } from '../src/web/listen.ts'

/** The machine's limit: a bare Hono route that answers a fixed JSON body of BYTES bytes, or 304 to any If-None-Match. */
const body = JSON.stringify({ text: 'x'.repeat(Math.max(0, Number(process.env.BYTES ?? 1000) - 11)) })
const app = new Hono().get('/feed', (c) =>
  c.req.header('if-none-match')
    ? c.body(null, 304, { etag: '"1"' })
    : c.body(body, 200, { 'content-type': 'application/json; charset=utf-8', etag: '"1"' }),
)
const { port } = await listen(app.fetch, 0, '127.0.0.1')
console.log(`ready http://127.0.0.1:${port}`)
