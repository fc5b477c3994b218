import { beforeAll, describe, expect, it } from 'vitest'
import { rights, roles, type Passage, type Right, type Role } from '../src/web/guard.ts'
import { COUNTY, FAR_VILLAGE, STREET, testStation, VILLAGE, type TestStation } from './support/station.ts'

/**
 * Every route × every role × inside and outside the area. The routes are read from the API's own document and from the router,
 * so a route that is added without standing here fails the first tests.
 */

type Route = { method: string; path: string; passage: Passage }

/** Routes outside the API document: pages and files that anyone may open, each with its reason. */
const OPEN_PAGES: [RegExp, string][] = [
  [/^\/(healthz|readyz|metrics|openapi\.json)$/, 'counts and the document, no one’s data'],
  [/^\/docs(\/|$)/, 'the reference page'],
  [/^\/(tv|listen)(\/|$)/, 'pages for television and listening: public affairs, and a household’s own on its own box'],
  [/^\/console(\/|$)/, 'the console’s own files; its data come through the API'],
]

/** Routes with a right whose answer depends on the caller alone: they show what lies in the caller's area, never more. */
const WITHOUT_AREA = new Set([
  'GET /api/session',
  'PUT /api/session/password',
  'GET /api/sessions',
  'DELETE /api/sessions/{id}',
  'DELETE /api/session',
  'GET /api/people',
  'GET /api/audit',
  'POST /api/areas/import',
  'POST /api/households/import',
  'POST /api/terminals/import',
])

type Example = { path: string; body?: unknown }

/** For each route that touches an area: a request that touches the given one. Asked of a person who acts for a street. */
const EXAMPLES: Record<string, (areaCode: string, test: TestStation) => Example | Promise<Example>> = {
  'GET /api/areas': (area) => ({ path: `/api/areas?inside=${area}` }),
  'GET /api/households': (area) => ({ path: `/api/households?area=${area}` }),
  'POST /api/people': (area) => ({
    path: '/api/people',
    body: { username: `new${area}`, name: '新', role: 'clerk', areaCode: area, password: 'a-long-password' },
  }),
  'PATCH /api/people/{id}': async (area, test) => {
    await test.token('clerk', area)
    return { path: `/api/people/clerk-${area}`, body: { name: '改名' } }
  },
  'GET /api/terminals': (area) => ({ path: `/api/terminals?area=${area}` }),
  'POST /api/terminals': (area) => ({
    path: '/api/terminals',
    body: { kind: 'loudspeaker', name: '新喇叭', areaCode: area },
  }),
  'GET /api/terminals/{id}': async (area, test) => ({ path: `/api/terminals/${await loudspeaker(area, test)}` }),
  'PATCH /api/terminals/{id}': async (area, test) => ({
    path: `/api/terminals/${await loudspeaker(area, test)}`,
    body: { name: '改名' },
  }),
  'POST /api/terminals/{id}/revoke': async (area, test) => ({
    path: `/api/terminals/${await loudspeaker(area, test)}/revoke`,
  }),
  'POST /api/terminals/{id}/credential': async (area, test) => ({
    path: `/api/terminals/${await loudspeaker(area, test)}/credential`,
  }),
  'POST /api/terminals/{id}/orders': async (area, test) => ({
    path: `/api/terminals/${await loudspeaker(area, test)}/orders`,
    body: { kind: 'test' },
  }),
}

/** A loudspeaker of the area, made anew for each question. */
async function loudspeaker(areaCode: string, test: TestStation): Promise<string> {
  const row = { line: 1, kind: 'loudspeaker' as const, name: '喇叭', areaCode }
  const made = await test.station.terminals.import('station', { terminals: [row], faults: [] }, test.clock.now())
  return made.credentials[0]!.id
}

const nameOf = ({ method, path }: Route): string => `${method} ${path}`
const placeholders = (path: string): string => path.replaceAll(/\{(\w+)\}/g, 'nothing')
const holders = (right: Right): readonly Role[] => rights[right]

describe('authorisation', () => {
  let test: TestStation
  let documented: Route[]
  beforeAll(async () => {
    test = await testStation()
    const { body } = await test.call('GET', '/openapi.json')
    documented = Object.entries(body.paths as Record<string, Record<string, { 'x-passage': Passage }>>).flatMap(
      ([path, methods]) =>
        Object.entries(methods).map(([method, route]) => ({
          method: method.toUpperCase(),
          path,
          passage: route['x-passage'],
        })),
    )
  })

  const guarded = (): Route[] => documented.filter(({ passage }) => passage !== 'open' && passage !== 'terminal')

  it('every route is in the API document with its passage, or is an open page that is named here', () => {
    const known = new Set(documented.map((route) => `${route.method} ${route.path.replaceAll(/\{(\w+)\}/g, ':$1')}`))
    const strangers = test.station.routes
      .filter(({ method }) => method !== 'ALL')
      .map(({ method, path }) => ({ method, path: path.replaceAll(/\{[^}]*\}/g, '') }))
      .filter(({ method, path }) => !known.has(`${method} ${path}`) && !OPEN_PAGES.some(([page]) => page.test(path)))
    expect(strangers).toEqual([])
    expect(documented.filter((route) => route.passage === undefined)).toEqual([])
  })

  it('every guarded route has an example, or is known to need none', () => {
    const missing = guarded()
      .map(nameOf)
      .filter((name) => !(name in EXAMPLES) && !WITHOUT_AREA.has(name))
    expect(missing).toEqual([])
  })

  it('nobody passes a guarded route', async () => {
    for (const route of documented.filter(({ passage }) => passage !== 'open')) {
      const { status } = await test.call(route.method, placeholders(route.path))
      expect([nameOf(route), status]).toEqual([nameOf(route), 401])
    }
  })

  it('a role passes where its right says so, and nowhere else', async () => {
    for (const role of roles) {
      const token = await test.token(role)
      for (const route of documented.filter(({ passage }) => passage !== 'open')) {
        if (nameOf(route) === 'DELETE /api/session') continue
        const may = route.passage !== 'terminal' && holders(route.passage as Right).includes(role)
        const { status } = await test.call(route.method, placeholders(route.path), { token })
        if (may) expect([role, nameOf(route), status === 401 || status === 403]).toEqual([role, nameOf(route), false])
        else expect([role, nameOf(route), status]).toEqual([role, nameOf(route), 403])
      }
    }
  })

  it('inside the area the right suffices, outside it never does', async () => {
    for (const route of guarded()) {
      const example = EXAMPLES[nameOf(route)]
      if (!example) continue
      for (const role of holders(route.passage as Right)) {
        const token = await test.token(role, STREET)
        const ask = async (area: string): Promise<number> => {
          const { path, body } = await example(area, test)
          return (await test.call(route.method, path, { token, ...(body === undefined ? {} : { body }) })).status
        }
        expect([role, nameOf(route), 'inside', [401, 403, 404].includes(await ask(VILLAGE))]).toEqual([
          role,
          nameOf(route),
          'inside',
          false,
        ])
        for (const outside of [FAR_VILLAGE, COUNTY]) {
          expect([role, nameOf(route), outside, await ask(outside)]).toEqual([role, nameOf(route), outside, 403])
        }
      }
    }
  })
})
