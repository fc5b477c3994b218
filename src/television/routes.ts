import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { isAreaCode } from '../areas/division.ts'
import { invalid, StationError } from '../errors.ts'
import { door, json, routes } from '../web/app.ts'
import { BOX_COOKIE, callerOf, type Caller, type Env, type Identify } from '../web/guard.ts'
import type { PageName } from './address.ts'
import type { Listening } from './listening.ts'
import type { Box, Television } from './television.ts'

/** Which alerts this box has hidden with OK; written by the page's script. */
const HIDDEN_COOKIE = 'xiangyin_hidden'
const HIDDEN_LIMIT = 20

/** A box keeps its credential for the 400 days that a cookie may last, from its latest visit home: nobody signs in to a television. */
const BOX_COOKIE_SECONDS = 400 * 86_400

/** No page of ours may fetch, show or run anything from another host, whatever a clerk types into a title. */
const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; img-src 'self' data:; media-src 'self' data:; script-src 'self'; style-src 'unsafe-inline'; connect-src 'self'",
}
const SCRIPT_HEADERS = {
  'content-type': 'text/javascript; charset=utf-8',
  // The page asks for the script by its version, so a copy of it never grows old.
  'cache-control': 'public, max-age=31536000, immutable',
}

/** A cache before the station may answer all boxes of a village for a second: see `MEMORY_SECONDS` of the alerts. */
const ALERTS_KEPT = 'public, max-age=1'

const anyArea = z.string().max(64).openapi({ example: '370799001200' })

const Overlay = z.object({ key: z.string(), overlay: z.string(), strip: z.string() }).openapi('Overlay')

const AiringClass = z.enum(['alert', 'drill', 'notice', 'daily'])

const NowPlaying = z
  .object({
    now: z
      .object({
        airingId: z.string(),
        title: z.string(),
        class: AiringClass,
        hash: z.string(),
        seconds: z.number(),
        positionSeconds: z.number(),
      })
      .nullable(),
    next: z.array(
      z.object({
        airingId: z.string(),
        title: z.string(),
        class: AiringClass,
        dueAt: z.string(),
        seconds: z.number(),
        timeText: z.string(),
      }),
    ),
  })
  .openapi('NowPlaying')

/** What the pages' scripts ask for every few seconds: the alerts over the portal, and what a village's loudspeakers play. */
export function televisionRoutes(parts: { television: Television; listening: Listening }) {
  const { television, listening } = parts
  return routes()
    .openapi(
      door('open', {
        method: 'get',
        path: '/tv/alerts',
        summary: 'The alerts in force in an area, drawn for the television; answers 304 while nothing changed',
        tags: ['television'],
        request: { query: z.object({ area: anyArea }) },
        responses: {
          200: json(z.object({ alerts: z.array(Overlay) })),
          304: { description: 'Nothing has changed' },
        },
      }),
      async (c) => {
        const { area } = c.req.valid('query')
        if (!isAreaCode(area)) throw invalid('area', `“${area}” 不是区划代码`, `"${area}" is no area code`)
        const { etag, body } = await television.alerts(area, c.get('now'))
        const headers = { 'cache-control': ALERTS_KEPT, etag }
        if (c.req.header('if-none-match')?.includes(etag)) return c.body(null, 304, headers)
        return c.body(body, 200, { ...headers, 'content-type': 'application/json' })
      },
    )
    .openapi(
      door('open', {
        method: 'get',
        path: '/listen/{areaCode}/now',
        summary: 'What a loudspeaker of the area plays now, how far into it, and what comes next',
        tags: ['television'],
        request: { params: z.object({ areaCode: z.string().max(64) }) },
        responses: { 200: json(NowPlaying) },
      }),
      async (c) => {
        c.header('cache-control', 'no-store')
        return c.json(await listening.now(c.req.valid('param').areaCode, c.get('now')), 200)
      },
    )
}

/** The pages themselves. They take whatever the address says and answer with a page, never with a fault that only a program can read. */
export function televisionPages(parts: {
  television: Television
  listening: Listening
  identify: Identify
  /** Whether boxes reach the station by HTTPS. */
  isSecure: boolean
}) {
  const { television, listening, identify, isSecure } = parts
  const app = routes()

  const show = (page: PageName) => async (c: Context<Env>) => {
    const box = boxOf(await callerOf(c)) ?? boxOf(await holderOf(getCookie(c, BOX_COOKIE), c))
    const hiddenKeys = (getCookie(c, HIDDEN_COOKIE) ?? '').split('.').slice(-HIDDEN_LIMIT)
    const { status, html } = await television.page({ page, values: c.req.query(), box, hiddenKeys }, c.get('now'))
    return c.body(html, status as 200, PAGE_HEADERS)
  }
  const holderOf = async (token: string | undefined, c: Context<Env>): Promise<Caller | undefined> =>
    token !== undefined && /^[\w-]{1,200}$/.test(token) ? identify(token, c.get('now')) : undefined

  // Relative addresses begin at /tv/, so the address without its slash is sent there.
  app.get('/tv', (c) => c.redirect('tv/', 308))
  app.get('/tv/', async (c) => {
    // An operator's launcher, or the box itself, hands its credential over once in the address; it is not kept there.
    const { token, ...values } = c.req.query()
    const credential = token ?? getCookie(c, BOX_COOKIE)
    if (boxOf(await holderOf(credential, c))) {
      setCookie(c, BOX_COOKIE, credential!, {
        httpOnly: true,
        sameSite: 'Lax',
        secure: isSecure,
        path: '/',
        maxAge: BOX_COOKIE_SECONDS,
      })
    }
    return token === undefined ? show('')(c) : c.redirect(`./?${new URLSearchParams(values).toString()}`)
  })
  app.get('/tv/section', show('section'))
  app.get('/tv/column', show('column'))
  app.get('/tv/item', show('item'))
  app.get('/tv/voucher', show('voucher'))
  app.get('/tv/portal.js', (c) => c.body(television.script, 200, SCRIPT_HEADERS))

  app.get('/listen/listen.js', (c) => c.body(listening.script, 200, SCRIPT_HEADERS))
  app.get('/listen/:areaCode', async (c) => {
    try {
      return c.body(await listening.page(c.req.param('areaCode')), 200, PAGE_HEADERS)
    } catch (error) {
      if (!(error instanceof StationError)) throw error
      return c.body(listening.missing(), 404, PAGE_HEADERS)
    }
  })
  return app
}

function boxOf(caller: Caller | undefined): Box | undefined {
  return caller?.kind === 'terminal' && caller.terminalKind === 'box'
    ? { areaCode: caller.areaCode, householdId: caller.householdId }
    : undefined
}
