import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { readFile, stat } from 'node:fs/promises'
import { extname, join, normalize } from 'node:path'
import { gzipSync } from 'node:zlib'
import { notFound } from '../errors.ts'
import { routes } from './app.ts'
import type { Env } from './guard.ts'

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
}

/**
 * Nothing from another host, no script that isn't a file of ours. Styles may stand in the page, since Ant Design writes its own there;
 * pictures may be `data:` and `blob:`, for previews of what is about to be sent.
 */
const POLICY = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "media-src 'self' blob:",
  "font-src 'self' data:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

const NOT_BUILT = `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>乡音</title></head>
<body style="font:16px/1.8 sans-serif;max-width:36em;margin:15vh auto;padding:0 1.5em">
<h1>控制台还没有构建</h1><p>在程序目录运行 <code>npm run build</code>，然后刷新本页。平台的其他部分不受影响。</p>
<p lang="en">The console has not been built. Run <code>npm run build</code> in the program's directory and reload this page; the rest of the
station is not affected.</p></body></html>`

type File = {
  type: string
  body: Uint8Array<ArrayBuffer>
  gzipped: Uint8Array<ArrayBuffer> | undefined
  changedAt: number
}

/**
 * A web application built into a directory, at `base` (`/console/`). Files under `assets/` have their content's hash in
 * their name and are kept by browsers for ever; every other path answers the page itself, which reads the path. Files are kept in
 * memory, small as they are, with their compressed form; a file built anew is read anew.
 */
export function staticRoutes(base: string, directory: string): OpenAPIHono<Env> {
  const files = new Map<string, File>()

  const file = async (name: string): Promise<File | undefined> => {
    const path = join(directory, normalize(`/${name}`))
    const type = TYPES[extname(path)]
    const changedAt = type === undefined ? undefined : await changeOf(path)
    if (type === undefined || changedAt === undefined) return undefined
    const known = files.get(path)
    if (known?.changedAt === changedAt) return known
    const body = new Uint8Array(await readFile(path))
    const isText = !/png|woff2/.test(type)
    const read = { type, body, gzipped: isText ? new Uint8Array(gzipSync(body)) : undefined, changedAt }
    files.set(path, read)
    return read
  }

  const send = (c: Context<Env>, { type, body, gzipped }: File, cacheControl: string): Response => {
    const isSmaller = gzipped !== undefined && /\bgzip\b/.test(c.req.header('accept-encoding') ?? '')
    if (isSmaller) c.header('content-encoding', 'gzip')
    c.header('vary', 'accept-encoding')
    c.header('content-security-policy', POLICY)
    c.header('cache-control', cacheControl)
    return c.body(isSmaller ? gzipped : body, 200, { 'content-type': type })
  }

  const app = routes()
  app.get(base.replace(/\/$/, ''), (c) => c.redirect(base, 301))
  app.get(`${base}*`, async (c) => {
    const name = decoded(c.req.path.slice(base.length))
    const found = name === '' || name.endsWith('.html') ? undefined : await file(name)
    if (found) return send(c, found, name.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache')
    if (name.startsWith('assets/')) throw notFound('没有这个文件', 'There is no such file')
    const page = await file('index.html')
    return page ? send(c, page, 'no-cache') : c.html(NOT_BUILT, 503)
  })
  return app
}

/** Milliseconds of the last change of a file; undefined when there is none. */
async function changeOf(path: string): Promise<number | undefined> {
  try {
    const found = await stat(path)
    return found.isFile() ? found.mtimeMs : undefined
  } catch {
    return undefined
  }
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return ''
  }
}
