import type { Context, MiddlewareHandler } from 'hono'
import { getCookie } from 'hono/cookie'
import { forbidden, StationError, type Language } from '../errors.ts'
import type { Instant } from '../instant.ts'

export const roles = ['admin', 'clerk', 'operator', 'official', 'supervisor'] as const
export type Role = (typeof roles)[number]

/** What a role may do, inside its area. Who is not listed is refused; this table is the whole rule. */
export const rights = {
  'areas.read': ['admin', 'clerk', 'operator', 'official', 'supervisor'],
  'areas.write': ['admin'],
  'households.read': ['admin', 'clerk', 'supervisor'],
  'households.write': ['admin', 'clerk'],
  'people.read': ['admin', 'supervisor'],
  'people.write': ['admin'],
  'audit.read': ['admin', 'supervisor'],
  'content.read': ['admin', 'clerk', 'operator', 'official', 'supervisor'],
  'content.write': ['admin', 'clerk'],
  'bulletins.read': ['admin', 'clerk', 'operator', 'official', 'supervisor'],
  'bulletins.write': ['admin', 'clerk', 'operator'],
  'playout.read': ['admin', 'clerk', 'operator', 'official', 'supervisor'],
  'playout.write': ['admin', 'operator'],
  'terminals.read': ['admin', 'operator', 'official', 'supervisor'],
  'terminals.write': ['admin', 'operator'],
  'alerts.read': ['admin', 'clerk', 'operator', 'official', 'supervisor'],
  'alerts.issue': ['official'],
  'airtime.read': ['admin', 'clerk', 'operator', 'official', 'supervisor'],
  self: ['admin', 'clerk', 'operator', 'official', 'supervisor'],
} as const satisfies Record<string, readonly Role[]>

export type Right = keyof typeof rights

/** `open` needs no one; `terminal` needs a loudspeaker's or a box's credential. Everything else needs a person's right. */
export type Passage = Right | 'open' | 'terminal'

export type Person = {
  kind: 'person'
  id: string
  username: string
  name: string
  role: Role
  areaCode: string
  sessionId: string
}

export type TerminalCaller = {
  kind: 'terminal'
  id: string
  terminalKind: 'loudspeaker' | 'box'
  areaCode: string
  householdId: string | null
}

export type Caller = Person | TerminalCaller

/** Who holds this token now, if anybody. */
export type Identify = (token: string, now: Instant) => Promise<Caller | undefined>

export type Env = {
  Variables: {
    /** The instant of the request, read once. */
    now: Instant
    language: Language
    identify: Identify
    /** Set behind every door that is not open. */
    caller: Caller | undefined
    /** How the caller proved who they are: a cookie travels by itself, so it is worth less for changes. */
    proof: 'bearer' | 'cookie' | undefined
  }
}

export const SESSION_COOKIE = 'xiangyin_session'
export const BOX_COOKIE = 'xiangyin_box'

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Says how callers are found out; nobody is asked until a door or a page wants to know, for open doors are asked most often. */
export function identifyBy(identify: Identify): MiddlewareHandler<Env> {
  return async (c, next) => {
    c.set('identify', identify)
    await next()
  }
}

/** Who calls: by a bearer token, a person's cookie, or a box's cookie. Refuses nobody; that is `pass`. */
export async function callerOf(c: Context<Env>): Promise<Caller | undefined> {
  const bearer = /^Bearer ([\w-]{1,200})$/.exec(c.req.header('authorization') ?? '')?.[1]
  const token = bearer ?? getCookie(c, SESSION_COOKIE) ?? getCookie(c, BOX_COOKIE)
  if (!token) return undefined
  const caller = await c.get('identify')(token, c.get('now'))
  c.set('caller', caller)
  c.set('proof', bearer ? 'bearer' : 'cookie')
  return caller
}

/** Lets through who holds the passage, and names the reason to everyone else. */
export function pass(passage: Passage): MiddlewareHandler<Env> {
  return async (c, next) => {
    if (passage !== 'open') {
      const caller = await callerOf(c)
      if (!caller) {
        throw new StationError('unauthorized', {
          zh: '请先登录，或出示终端凭证',
          en: 'Sign in first, or present a terminal credential',
        })
      }
      if (passage === 'terminal' ? caller.kind !== 'terminal' : !holds(caller, passage)) {
        throw forbidden(`当前身份没有「${passage}」权限`, `This identity does not hold the right "${passage}"`)
      }
      if (!SAFE_METHODS.has(c.req.method) && c.get('proof') === 'cookie' && !isSameOrigin(c.req.raw)) {
        throw forbidden('请求来自其他网站，已拒绝', 'The request came from another site and was refused')
      }
    }
    await next()
  }
}

export function holds(caller: Caller, right: Right): boolean {
  return caller.kind === 'person' && (rights[right] as readonly Role[]).includes(caller.role)
}

/** The signed-in person of a route that `pass` guards with a right. */
export function personOf(c: { get: (key: 'caller') => Caller | undefined }): Person {
  const caller = c.get('caller')
  if (caller?.kind !== 'person') throw new Error('the route is not guarded by a right')
  return caller
}

/** The terminal of a route that `pass` guards with `terminal`. */
export function terminalOf(c: { get: (key: 'caller') => Caller | undefined }): TerminalCaller {
  const caller = c.get('caller')
  if (caller?.kind !== 'terminal') throw new Error('the route is not guarded for terminals')
  return caller
}

/** A browser says where a request began; one that says nothing is refused, since a cookie alone is no proof of intent. */
function isSameOrigin(request: Request): boolean {
  const site = request.headers.get('sec-fetch-site')
  if (site) return site === 'same-origin'
  const origin = request.headers.get('origin')
  return origin !== null && URL.canParse(origin) && new URL(origin).host === request.headers.get('host')
}
