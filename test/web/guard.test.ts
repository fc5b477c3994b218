import { z } from '@hono/zod-openapi'
import { describe, expect, it } from 'vitest'
import { createApp, door, json, routes } from '../../src/web/app.ts'
import { START } from '../support/station.ts'

const quiet = (): undefined => undefined

describe('guard', () => {
  it('an open door asks nobody who calls, a guarded one asks once', async () => {
    const asked: string[] = []
    const identify = (token: string) => {
      asked.push(token)
      return Promise.resolve(undefined)
    }
    const app = createApp({ clock: () => START, journal: { info: quiet, warn: quiet, error: quiet }, identify })
    for (const passage of ['open', 'areas.read'] as const) {
      const route = { method: 'get', path: `/${passage}`, responses: { 200: json(z.object({})) } } as const
      app.route(
        '/',
        routes().openapi(door(passage, route), (c) => c.json({}, 200)),
      )
    }
    const status = async (path: string, headers: Record<string, string>): Promise<number> =>
      (await app.request(path, { headers })).status
    expect(await status('/open', { cookie: 'xiangyin_box=t_box' })).toBe(200)
    expect(asked).toEqual([])
    expect(await status('/areas.read', { authorization: 'Bearer s_one', cookie: 'xiangyin_box=t_box' })).toBe(401)
    expect(asked).toEqual(['s_one'])
  })
})
