import type { Context } from 'hono'
import type { Store } from '../equipment/store.ts'

/** A name made of its content's hash never means anything else, so it is kept for a year. */
export const FOR_EVER = 'public, max-age=31536000, immutable'

/**
 * A file of the store under its hash, or the part of it that is asked for (RFC 9110 section 14). It never changes, so whoever has it
 * is told 304. Undefined when there is none.
 */
export async function keptFile(c: Context, store: Store, hash: string, type: string): Promise<Response | undefined> {
  const size = await store.size(hash)
  if (size === undefined) return undefined
  const headers = { 'content-type': type, 'accept-ranges': 'bytes', 'cache-control': FOR_EVER, etag: `"${hash}"` }
  if (c.req.header('if-none-match')?.includes(hash)) return c.body(null, 304, headers)
  const range = rangeOf(c.req.header('range'), size)
  if (range === 'unsatisfiable') return c.body(null, 416, { ...headers, 'content-range': `bytes */${size}` })
  const { start, end } = range ?? { start: 0, end: size - 1 }
  const described = {
    ...headers,
    'content-length': String(end - start + 1),
    ...(range ? { 'content-range': `bytes ${start}-${end}/${size}` } : {}),
  }
  const status = range ? 206 : 200
  if (c.req.method === 'HEAD') return c.body(null, status, described)
  return c.body(store.stream(hash, { start, end }), status, described)
}

/**
 * The bytes a `Range` header asks for (RFC 9110 section 14), both ends inclusive. `undefined` means the whole: no header, a unit
 * that is not bytes, a malformed one, or several ranges, which a server may answer with the whole.
 */
export function rangeOf(
  header: string | undefined,
  size: number,
): { start: number; end: number } | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '')
  if (!match || (match[1] === '' && match[2] === '')) return undefined
  const [, from, to] = match as unknown as [string, string, string]
  if (from === '') {
    const length = Math.min(Number(to), size)
    return length === 0 ? 'unsatisfiable' : { start: size - length, end: size - 1 }
  }
  const start = Number(from)
  const end = to === '' ? size - 1 : Math.min(Number(to), size - 1)
  if (to !== '' && Number(to) < start) return undefined
  return start >= size ? 'unsatisfiable' : { start, end }
}
