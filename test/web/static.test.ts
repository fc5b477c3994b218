import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApp } from '../../src/web/app.ts'
import { staticRoutes } from '../../src/web/static.ts'
import { START } from '../support/station.ts'

const quiet = (): undefined => undefined

describe('a built web application', () => {
  const directory = mkdtempSync(join(tmpdir(), 'xiangyin-static-'))
  const app = createApp({
    clock: () => START,
    journal: { info: quiet, warn: quiet, error: quiet },
    identify: async () => undefined,
  })
  const get = (path: string, headers: Record<string, string> = {}) =>
    app.fetch(new Request(`http://station.test${path}`, { headers }))

  beforeAll(() => {
    mkdirSync(join(directory, 'assets'))
    app.route('/', staticRoutes('/console/', directory))
  })
  afterAll(() => rmSync(directory, { recursive: true, force: true }))

  it('says how to build it where it is missing', async () => {
    const answer = await get('/console/')
    expect(answer.status).toBe(503)
    expect(await answer.text()).toContain('npm run build')
  })

  it('answers its page for every path of its own, never kept, and files with a hash for ever', async () => {
    writeFileSync(join(directory, 'index.html'), '<p>the page</p>')
    writeFileSync(join(directory, 'assets/main-1a2b.js'), 'run()')
    expect((await get('/console')).headers.get('location')).toBe('/console/')
    for (const path of ['/console/', '/console/rundown', '/console/content/some-id', '/console/index.html']) {
      const answer = await get(path)
      expect([path, answer.status, await answer.text()]).toEqual([path, 200, '<p>the page</p>'])
      expect(answer.headers.get('cache-control')).toBe('no-cache')
    }
    const script = await get('/console/assets/main-1a2b.js')
    expect(script.headers.get('content-type')).toContain('javascript')
    expect(script.headers.get('cache-control')).toContain('immutable')
    expect((await get('/console/assets/main-gone.js')).status).toBe(404)
  })

  it('lets nothing in from another host, and sends itself packed to who takes it', async () => {
    const answer = await get('/console/', { 'accept-encoding': 'br, gzip' })
    expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'self';.*frame-ancestors 'none'$/)
    expect(answer.headers.get('content-encoding')).toBe('gzip')
    const unpacked = answer.body!.pipeThrough(new DecompressionStream('gzip'))
    expect(await new Response(unpacked).text()).toBe('<p>the page</p>')
  })

  it('never leaves its directory', async () => {
    for (const path of [
      '/console/..%2f..%2f..%2fetc%2fpasswd',
      '/console/%2e%2e/%2e%2e/package.json',
      '/console/%ff',
    ]) {
      expect(await (await get(path)).text()).not.toMatch(/root:|"name"/)
    }
    expect((await get('/console/assets/..%2f..%2f..%2fsecret.js')).status).toBe(404)
  })

  it('a page built anew is served anew', async () => {
    const path = join(directory, 'index.html')
    writeFileSync(path, '<p>the next page</p>')
    utimesSync(path, new Date(2_000_000_000_000), new Date(2_000_000_000_000))
    expect(await (await get('/console/')).text()).toBe('<p>the next page</p>')
  })
})
