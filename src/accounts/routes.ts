import { z } from '@hono/zod-openapi'
import { getConnInfo } from '@hono/node-server/conninfo'
import type { Context } from 'hono'
import { deleteCookie, setCookie } from 'hono/cookie'
import { door, json, routes } from '../web/app.ts'
import { personOf, rights, roles, SESSION_COOKIE, type Right } from '../web/guard.ts'
import { areaCode, id, page } from '../web/input.ts'
import { SESSION_SECONDS, type Accounts } from './accounts.ts'
import { PASSWORD_LIMIT, PASSWORD_MINIMUM } from './password.ts'

const username = z
  .string()
  .regex(
    /^[a-z][\w.-]{1,31}$/,
    '应为 2 到 32 位小写字母开头的字母数字|has 2 to 32 letters or digits and begins with a letter',
  )
const password = z.string().min(PASSWORD_MINIMUM).max(PASSWORD_LIMIT)

const Person = z
  .object({
    id,
    username: z.string(),
    name: z.string(),
    role: z.enum(roles),
    areaCode,
    telephone: z.string().nullable(),
    createdAt: z.string(),
    disabledAt: z.string().nullable(),
  })
  .openapi('Person')

const Me = Person.omit({ telephone: true, createdAt: true, disabledAt: true })
  .extend({ rights: z.array(z.string()), zone: z.string().openapi({ example: 'Asia/Shanghai' }) })
  .openapi('Me')

const Session = z
  .object({ id: z.string(), createdAt: z.string(), expiresAt: z.string(), client: z.string(), isThis: z.boolean() })
  .openapi('Session')

const AuditEntry = z
  .object({
    id: z.string(),
    at: z.string(),
    personId: z.string().nullable(),
    personName: z.string(),
    role: z.string(),
    action: z.string(),
    subject: z.string(),
    subjectId: z.string(),
    areaCode: z.string().nullable(),
    before: z.unknown(),
    after: z.unknown(),
  })
  .openapi('AuditEntry')

const newPerson = z.object({
  username,
  name: z.string().trim().min(1).max(40),
  role: z.enum(roles),
  areaCode,
  telephone: z
    .string()
    .regex(/^[\d+-]{3,20}$/, '应为电话号码|must be a telephone number')
    .optional(),
  password,
})

/**
 * Sign-in, people, and the audit trail. `zone` is told to who signs in: every civil date and time on a screen is in it. `isSecure` says
 * that browsers reach the station by HTTPS, whatever the last proxy speaks to it.
 */
export function accountRoutes(accounts: Accounts, around: { zone: string; trustedProxies: number; isSecure: boolean }) {
  const { zone, trustedProxies, isSecure } = around
  return routes()
    .openapi(
      door('open', {
        method: 'post',
        path: '/api/session',
        summary: 'Sign in',
        tags: ['accounts'],
        request: {
          body: json(
            z.object({ username: z.string().min(1).max(64), password: z.string().min(1).max(PASSWORD_LIMIT) }),
          ),
        },
        responses: {
          200: json(
            z.object({ token: z.string(), expiresAt: z.string(), person: Person }),
            'A session, as token and cookie',
          ),
        },
      }),
      async (c) => {
        const { username, password } = c.req.valid('json')
        const session = await accounts.signIn(
          username,
          password,
          c.req.header('user-agent') ?? '',
          addressOf(c, trustedProxies),
          c.get('now'),
        )
        setCookie(c, SESSION_COOKIE, session.token, {
          httpOnly: true,
          sameSite: 'Strict',
          secure: isSecure,
          path: '/',
          maxAge: SESSION_SECONDS,
        })
        return c.json(session, 200)
      },
    )
    .openapi(
      door('self', {
        method: 'get',
        path: '/api/session',
        summary: 'Who is signed in, with their rights and the zone of civil times',
        tags: ['accounts'],
        responses: { 200: json(Me) },
      }),
      async (c) => {
        const { id, username, name, role, areaCode } = personOf(c)
        const held = (Object.keys(rights) as Right[]).filter((right) =>
          (rights[right] as readonly string[]).includes(role),
        )
        return c.json({ id, username, name, role, areaCode, rights: held, zone }, 200)
      },
    )
    .openapi(
      door('self', {
        method: 'delete',
        path: '/api/session',
        summary: 'Sign out',
        tags: ['accounts'],
        responses: { 204: { description: 'Signed out' } },
      }),
      async (c) => {
        await accounts.signOut(personOf(c), c.get('now'))
        deleteCookie(c, SESSION_COOKIE, { path: '/' })
        return c.body(null, 204)
      },
    )
    .openapi(
      door('self', {
        method: 'put',
        path: '/api/session/password',
        summary: 'Change your own password; your other sessions end',
        tags: ['accounts'],
        request: { body: json(z.object({ current: z.string().max(PASSWORD_LIMIT), next: password })) },
        responses: { 204: { description: 'Changed' } },
      }),
      async (c) => {
        await accounts.changePassword(personOf(c), c.req.valid('json'), c.get('now'))
        return c.body(null, 204)
      },
    )
    .openapi(
      door('self', {
        method: 'get',
        path: '/api/sessions',
        summary: 'Where you are signed in',
        tags: ['accounts'],
        responses: { 200: json(z.object({ sessions: z.array(Session) })) },
      }),
      async (c) => {
        const person = personOf(c)
        const sessions = await accounts.sessions(person, c.get('now'))
        return c.json({ sessions: sessions.map((each) => ({ ...each, isThis: each.id === person.sessionId })) }, 200)
      },
    )
    .openapi(
      door('self', {
        method: 'delete',
        path: '/api/sessions/{id}',
        summary: 'End one of your sessions',
        tags: ['accounts'],
        request: { params: z.object({ id }) },
        responses: { 204: { description: 'Ended' } },
      }),
      async (c) => {
        await accounts.endSession(personOf(c), c.req.valid('param').id, c.get('now'))
        return c.body(null, 204)
      },
    )
    .openapi(
      door('people.read', {
        method: 'get',
        path: '/api/people',
        summary: 'People of your area',
        tags: ['accounts'],
        responses: { 200: json(z.object({ people: z.array(Person) })) },
      }),
      async (c) => c.json({ people: await accounts.people(personOf(c)) }, 200),
    )
    .openapi(
      door('people.write', {
        method: 'post',
        path: '/api/people',
        summary: 'Add a person',
        tags: ['accounts'],
        request: { body: json(newPerson) },
        responses: { 201: json(Person) },
      }),
      async (c) => c.json(await accounts.addPerson(personOf(c), c.req.valid('json'), c.get('now')), 201),
    )
    .openapi(
      door('people.write', {
        method: 'patch',
        path: '/api/people/{id}',
        summary: 'Change a person, their password, role or area; disable them',
        tags: ['accounts'],
        request: {
          params: z.object({ id }),
          body: json(newPerson.omit({ username: true }).extend({ isDisabled: z.boolean() }).partial()),
        },
        responses: { 200: json(Person) },
      }),
      async (c) =>
        c.json(
          await accounts.changePerson(personOf(c), c.req.valid('param').id, c.req.valid('json'), c.get('now')),
          200,
        ),
    )
    .openapi(
      door('audit.read', {
        method: 'get',
        path: '/api/audit',
        summary: 'Who did what, newest first',
        tags: ['accounts'],
        request: {
          query: z.object({
            ...page,
            personId: id.optional(),
            subject: z.string().max(40).optional(),
            subjectId: z.string().max(100).optional(),
          }),
        },
        responses: { 200: json(z.object({ entries: z.array(AuditEntry) })) },
      }),
      async (c) => {
        const entries = await accounts.auditTrail(personOf(c), c.req.valid('query'))
        return c.json(
          {
            entries: entries.map(({ beforeJson, afterJson, ...entry }) => ({
              ...entry,
              before: beforeJson === null ? null : (JSON.parse(beforeJson) as unknown),
              after: afterJson === null ? null : (JSON.parse(afterJson) as unknown),
            })),
          },
          200,
        )
      },
    )
}

/**
 * The caller's address for throttling. Each proxy appends who asked it to X-Forwarded-For, so of `trustedProxies` in a row the first
 * wrote the entry that stands so many from the end; what stands before it anyone may have invented. `unknown` where there is no
 * socket (tests).
 */
function addressOf(c: Context, trustedProxies: number): string {
  const forwarded = (c.req.header('x-forwarded-for') ?? '').split(',').map((entry) => entry.trim())
  const told = trustedProxies > 0 ? forwarded.at(-trustedProxies) : undefined
  if (told) return told
  try {
    return getConnInfo(c).remote.address ?? 'unknown'
  } catch {
    return 'unknown'
  }
}
