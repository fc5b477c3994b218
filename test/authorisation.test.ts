import { beforeAll, describe, expect, it } from 'vitest'
import { addVideo } from '../src/content/store.ts'
import { systemDice } from '../src/equipment/dice.ts'
import { addSeconds } from '../src/instant.ts'
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
  'POST /api/imports',
  'GET /api/imports',
  'GET /api/sheets/{kind}',
  'POST /api/pictures',
  'POST /api/videos',
  'GET /api/videos',
  'GET /api/bulletin-templates',
  'POST /api/bulletins/preview',
  'GET /api/recordings/{key}',
])

/** What sounds in a village may be looked at there, even when it was the county that ordered it. */
const HEARD_FROM_ABOVE = new Set(['GET /api/airings/{id}', 'GET /api/airings/{id}/deliveries', 'GET /api/alerts/{id}'])

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
  'GET /api/items': (area) => ({ path: `/api/items?area=${area}` }),
  'POST /api/items': (area) => ({ path: '/api/items', body: draftItem(area) }),
  'GET /api/items/{id}': async (area, test) => ({ path: `/api/items/${await item(area, test)}` }),
  'GET /api/items/{id}/versions': async (area, test) => ({ path: `/api/items/${await item(area, test)}/versions` }),
  'PUT /api/items/{id}': async (area, test) => ({
    path: `/api/items/${await item(area, test)}`,
    body: { version: 1, item: draftItem(area) },
  }),
  'POST /api/items/{id}/publish': async (area, test) => ({
    path: `/api/items/${await item(area, test)}/publish`,
    body: {},
  }),
  'POST /api/items/{id}/correct': async (area, test) => ({
    path: `/api/items/${await item(area, test, 'published')}/correct`,
    body: { version: 1, reason: '更正', item: draftItem(area) },
  }),
  'POST /api/items/{id}/withdraw': async (area, test) => ({
    path: `/api/items/${await item(area, test, 'published')}/withdraw`,
    body: { reason: '有误' },
  }),
  'POST /api/items/{id}/archive': async (area, test) => ({
    path: `/api/items/${await item(area, test, 'published')}/archive`,
    body: {},
  }),
  'POST /api/items/{id}/pin': async (area, test) => ({
    path: `/api/items/${await item(area, test, 'published')}/pin`,
    body: { isPinned: true },
  }),
  'GET /api/disclosure': (area) => ({ path: `/api/disclosure?area=${area}` }),
  'GET /api/videos/{id}': async (area, test) => ({ path: `/api/videos/${await video(area, test)}` }),
  'GET /api/imports/{id}': async (area, test) => ({ path: `/api/imports/${await importInto(area, test)}` }),
  'GET /api/bulletins': (area) => ({ path: `/api/bulletins?area=${area}` }),
  'POST /api/bulletins': (area) => ({ path: '/api/bulletins', body: draftBulletin(area) }),
  'GET /api/bulletins/{id}': async (area, test) => ({ path: `/api/bulletins/${await bulletin(area, test)}` }),
  'PATCH /api/bulletins/{id}': async (area, test) => ({
    path: `/api/bulletins/${await bulletin(area, test)}`,
    body: { title: '改题' },
  }),
  'POST /api/bulletins/{id}/ready': async (area, test) => ({
    path: `/api/bulletins/${await bulletin(area, test)}/ready`,
  }),
  'DELETE /api/bulletins/{id}': async (area, test) => ({ path: `/api/bulletins/${await bulletin(area, test)}` }),
  'GET /api/schedules': (area) => ({ path: `/api/schedules?area=${area}` }),
  'POST /api/schedules': async (area, test) => ({ path: '/api/schedules', body: await draftSchedule(area, test) }),
  'GET /api/schedules/{id}': async (area, test) => ({ path: `/api/schedules/${await schedule(area, test)}` }),
  'PATCH /api/schedules/{id}': async (area, test) => ({
    path: `/api/schedules/${await schedule(area, test)}`,
    body: { state: 'paused' },
  }),
  'GET /api/rundown': (area) => ({ path: `/api/rundown?area=${area}` }),
  'GET /api/airings/{id}': async (area, test) => ({ path: `/api/airings/${await airing(area, test)}` }),
  'GET /api/airings/{id}/deliveries': async (area, test) => ({
    path: `/api/airings/${await airing(area, test)}/deliveries`,
  }),
  'POST /api/airings/{id}/cancel': async (area, test) => ({
    path: `/api/airings/${await airing(area, test)}/cancel`,
    body: { reason: '不播了' },
  }),
  'GET /api/overview': (area) => ({ path: `/api/overview?area=${area}` }),
  'POST /api/alerts': (area, test) => ({ path: '/api/alerts', body: draftAlert(area, test) }),
  'GET /api/alerts': (area) => ({ path: `/api/alerts?area=${area}` }),
  'GET /api/alerts/{id}': async (area, test) => ({ path: `/api/alerts/${await alert(area, test)}` }),
  'POST /api/alerts/{id}/update': async (area, test) => ({
    path: `/api/alerts/${await alert(area, test)}/update`,
    body: { text: '水位继续上涨' },
  }),
  'POST /api/alerts/{id}/cancel': async (area, test) => ({
    path: `/api/alerts/${await alert(area, test)}/cancel`,
    body: {},
  }),
  'GET /api/airtime': (area) => ({ path: `/api/airtime?area=${area}` }),
  'GET /api/airtime.csv': (area) => ({ path: `/api/airtime.csv?area=${area}` }),
  'GET /api/airtime/terminals': (area) => ({ path: `/api/airtime/terminals?area=${area}` }),
  'GET /api/airtime/terminals/{id}': async (area, test) => ({
    path: `/api/airtime/terminals/${await loudspeaker(area, test)}`,
  }),
  'GET /api/airtime/terminals/{id}/receipts.csv': async (area, test) => ({
    path: `/api/airtime/terminals/${await loudspeaker(area, test)}/receipts.csv`,
  }),
}

/** Makes a thing as a person of an area would, the whole county unless told, and answers its id. */
async function made(test: TestStation, role: Role, path: string, body: unknown, areaCode = COUNTY): Promise<string> {
  const answer = await test.as(role, areaCode)('POST', path, body)
  expect([path, answer.status, answer.status < 300 ? '' : answer.body]).toEqual([path, expect.any(Number), ''])
  return answer.body.id
}

function draftItem(areaCode: string): unknown {
  const columnId = areaCode === COUNTY ? 'headlines' : 'village-affairs'
  return {
    kind: 'article',
    columnId,
    areaCode,
    title: '一件事',
    publisher: '村委会',
    content: { paragraphs: ['内容'], pictures: [] },
  }
}

async function item(areaCode: string, test: TestStation, state: 'draft' | 'published' = 'draft'): Promise<string> {
  const id = await made(test, 'admin', '/api/items', draftItem(areaCode))
  if (state === 'published') await made(test, 'admin', `/api/items/${id}/publish`, {})
  return id
}

async function importInto(areaCode: string, test: TestStation): Promise<string> {
  const token = await test.token('clerk', areaCode)
  const sheet = (await test.call('GET', '/api/sheets/items', { token })).response
  const form = new FormData()
  form.set('kind', 'items')
  form.set('file', new File([await sheet.text()], 'items.csv'))
  const answer = await test.call('POST', '/api/imports', { token, form })
  expect(answer.status).toBe(200)
  return answer.body.id
}

async function video(areaCode: string, test: TestStation): Promise<string> {
  const id = systemDice(test.clock.now).id()
  const none = { videoHash: null, posterHash: null, seconds: null, bytes: null, fault: null, reason: null }
  const times = { createdAt: test.clock.now(), finishedAt: null }
  await addVideo(test.station.db, { id, areaCode, state: 'pending', attempts: 0, ...none, ...times })
  return id
}

function draftBulletin(areaCode: string): unknown {
  return { areaCode, title: '开会', class: 'notice', text: '今晚七点在村委会开会。' }
}

function bulletin(areaCode: string, test: TestStation): Promise<string> {
  return made(test, 'admin', '/api/bulletins', draftBulletin(areaCode))
}

async function draftSchedule(areaCode: string, test: TestStation): Promise<unknown> {
  const bulletinId = await bulletin(areaCode, test)
  return { bulletinId, targets: [areaCode], rule: { kind: 'daily', times: ['12:00'], from: '2026-11-22' } }
}

async function schedule(areaCode: string, test: TestStation): Promise<string> {
  return made(test, 'admin', '/api/schedules', await draftSchedule(areaCode, test), areaCode)
}

async function airing(areaCode: string, test: TestStation): Promise<string> {
  const id = await schedule(areaCode, test)
  await test.station.beat()
  const { airings } = (await test.as('admin')('GET', `/api/rundown?area=${areaCode}`)).body
  return airings.find((each: { scheduleId: string }) => each.scheduleId === id).id
}

function draftAlert(areaCode: string, test: TestStation): unknown {
  const endsAt = addSeconds(test.clock.now(), 3600)
  return { severity: 2, title: '暴雨', text: '请远离河道。', targets: [areaCode], endsAt }
}

function alert(areaCode: string, test: TestStation): Promise<string> {
  return made(test, 'official', '/api/alerts', draftAlert(areaCode, test), areaCode)
}

/** A loudspeaker of the area, made anew for each question. */
async function loudspeaker(areaCode: string, test: TestStation): Promise<string> {
  const row = { line: 1, kind: 'loudspeaker' as const, name: '喇叭', areaCode }
  const made = await test.station.terminals.import('station', { terminals: [row], faults: [] }, test.clock.now())
  return made.credentials[0]!.id
}

/** For each door that takes a sheet whose rows name their areas: a sheet of one row in the given area. */
const SHEETS: Record<string, (areaCode: string) => string> = {
  'POST /api/areas/import': (area) => `code,name\n${area},改名`,
  'POST /api/households/import': (area) => `id,areaCode,name,address\nsheet-${area},${area},张三,1 号`,
  'POST /api/terminals/import': (area) => `name,areaCode\n新喇叭,${area}`,
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
        for (const outside of HEARD_FROM_ABOVE.has(nameOf(route)) ? [FAR_VILLAGE] : [FAR_VILLAGE, COUNTY]) {
          expect([role, nameOf(route), outside, await ask(outside)]).toEqual([role, nameOf(route), outside, 403])
        }
      }
    }
  })

  it('the rows of a sheet are taken inside the area and refused outside it, one by one', async () => {
    for (const route of guarded().filter((each) => nameOf(each) in SHEETS)) {
      for (const role of holders(route.passage as Right)) {
        const token = await test.token(role, STREET)
        const accepted = async (area: string): Promise<number> => {
          const form = new FormData()
          form.set('file', new File([SHEETS[nameOf(route)]!(area)], 'sheet.csv'))
          return (await test.call('POST', route.path, { token, form })).body.accepted
        }
        const answers = [await accepted(VILLAGE), await accepted(FAR_VILLAGE), await accepted(COUNTY)]
        expect([role, nameOf(route), ...answers]).toEqual([role, nameOf(route), 1, 0, 0])
      }
    }
  })
})
