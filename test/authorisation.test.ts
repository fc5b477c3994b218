import { beforeAll, describe, expect, it } from 'vitest'
import { rights, roles, type Passage, type Right, type Role } from '../src/web/guard.ts'
import { testStation, type TestStation } from './support/station.ts'

type Route = { method: string; path: string; passage: Passage }

describe('authorisation', () => {
  let test: TestStation
  let documented: Route[]
  beforeAll(async () => {
    test = await testStation()
    const { body } = await test.call('GET', '/openapi.json')
    documented = Object.entries(body.paths as Record<string, Record<string, { 'x-passage': Passage }>>).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, route]) => ({ method: method.toUpperCase(), path, passage: route['x-passage'] })),
    )
    console.log(documented.map((route) => `${route.method} ${route.path} ${route.passage}`).join('\n'))
    console.log(roles.length, Object.keys(rights).length, {} as Right | Role)
  })

  it('every route of the API names its passage', () => {
    expect(documented.filter((route) => route.passage === undefined)).toEqual([])
  })
})
