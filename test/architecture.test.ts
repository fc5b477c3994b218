import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

/**
 * The architecture, as a table: what each room may import, beyond itself. The test below reads every import there is, so this
 * table is true. Rooms are folders of src, or files that stand directly in it.
 */
const ground = ['errors', 'instant']
const doors = [...ground, 'equipment', 'database', 'web']
const people = [...doors, 'areas', 'accounts']
const content = [...people, 'content']
const playout = [...people, 'bulletins', 'terminals', 'codecs']

const MAY_IMPORT: Record<string, string[]> = {
  errors: [],
  instant: [],
  config: [...ground, 'database'],
  codecs: ground,
  equipment: ground,
  database: ground,
  web: [...ground, 'equipment'],
  areas: people,
  accounts: people,
  content: people,
  bulletins: people,
  terminals: [...people, 'codecs'],
  channels: content,
  playout,
  alerts: [...playout, 'playout'],
  television: [...content, 'channels'],
  airtime: [...playout, 'playout'],
  library: [...ground, 'channels', 'bulletins', 'playout', 'equipment'],
  speaker: [...ground, 'codecs'],
  // The console knows the API's types alone; the test checks that its imports of `station` are types.
  console: ['station'],
  station: ['*'],
  serve: ['*'],
  main: ['*'],
  demo: ['*'],
  doctor: ['*'],
  setup: ['*'],
}

/** Which files may use a package. Everything else is used in one file alone. */
const PACKAGE_ROOMS: Record<string, RegExp> = {
  hono: /^src\/(web\/|.*\/routes\.ts$|console\/)/,
  '@hono/node-server': /^src\/(web\/|accounts\/routes\.ts$)/,
  '@hono/zod-openapi': /^src\/(web\/|.*\/routes\.ts$)/,
  kysely: /^src\/(database\/|.*\/store\.ts$)/,
  react: /^src\/console\//,
  'react-dom': /^src\/console\//,
  'react-router': /^src\/console\//,
  antd: /^src\/console\//,
  '@ant-design/icons': /^src\/console\//,
  '@tanstack/react-query': /^src\/console\//,
  echarts: /^src\/console\//,
  dayjs: /^src\/console\//,
  mqtt: /^src\/(equipment|speaker)\//,
  'mqtt-packet': /^src\/speaker\//,
}

type Import = { file: string; room: string; to: string; isType: boolean }

const root = resolve(import.meta.dirname, '..')

function filesBelow(directory: string): string[] {
  return readdirSync(directory).flatMap((name) => {
    const path = join(directory, name)
    return statSync(path).isDirectory() ? filesBelow(path) : /\.tsx?$/.test(name) ? [path] : []
  })
}

function roomOf(path: string): string {
  return relative(join(root, 'src'), path)
    .split('/')[0]!
    .replace(/\.tsx?$/, '')
}

const imports: Import[] = filesBelow(join(root, 'src')).flatMap((path) => {
  const text = readFileSync(path, 'utf8')
  const statements = text.matchAll(
    /^\s*(?:import|export)\s+(type\s)?[^'"`;]*?from\s+'([^']+)'|import\(\s*'([^']+)'|^import\s+'([^']+)'/gm,
  )
  return [...statements].map((match) => ({
    file: relative(root, path),
    room: roomOf(path),
    to: match[2] ?? match[3] ?? match[4]!,
    isType: match[1] !== undefined,
  }))
})

const own = imports.filter((each) => each.to.startsWith('.'))
const packages = imports.filter((each) => !each.to.startsWith('.') && !each.to.startsWith('node:'))
const packageOf = (to: string): string =>
  to
    .split('/')
    .slice(0, to.startsWith('@') ? 2 : 1)
    .join('/')

describe('architecture', () => {
  it('every import points up the table', () => {
    const wrong = own.filter(({ file, room, to }) => {
      const target = roomOf(resolve(root, dirname(file), to))
      const allowed = MAY_IMPORT[room] ?? []
      return target !== room && !allowed.includes('*') && !allowed.includes(target)
    })
    expect(wrong.map(({ file, to }) => `${file} → ${to}`)).toEqual([])
    expect(own.length).toBeGreaterThan(50)
  })

  it('every room of src stands in the table', () => {
    const rooms = new Set(filesBelow(join(root, 'src')).map(roomOf))
    expect([...rooms].filter((room) => !(room in MAY_IMPORT))).toEqual([])
  })

  it('the console imports types of the station and nothing else', () => {
    const values = own.filter(({ file, room, to, isType }) => {
      const target = roomOf(resolve(root, dirname(file), to))
      return room === 'console' && target !== 'console' && !isType
    })
    expect(values).toEqual([])
  })

  it('a package is used in its rooms, or in one file alone', () => {
    const users = new Map<string, Set<string>>()
    for (const { file, to } of packages) {
      const name = packageOf(to)
      users.set(name, (users.get(name) ?? new Set()).add(file))
    }
    const wrong = [...users].filter(([name, files]) => {
      const rooms = PACKAGE_ROOMS[name]
      return rooms ? [...files].some((file) => !rooms.test(file)) : files.size > 1
    })
    expect(wrong.map(([name, files]) => `${name}: ${[...files].join(', ')}`)).toEqual([])
  })

  it('SQL stands in store.ts and in migrations', () => {
    const queries = /\.(selectFrom|insertInto|updateTable|deleteFrom)\(/
    const wrong = filesBelow(join(root, 'src'))
      .map((path) => relative(root, path))
      .filter((file) => !/(^src\/database\/|\/store\.ts$)/.test(file))
      .filter((file) => queries.test(readFileSync(join(root, file), 'utf8')))
    expect(wrong).toEqual([])
  })

  it('slices are flat, and nothing is called utils, index or types', () => {
    const files = filesBelow(join(root, 'src')).map((path) => relative(join(root, 'src'), path))
    const deep = files.filter((file) => file.split('/').length > 2 && !/^(console|database\/migrations)\//.test(file))
    expect(deep).toEqual([])
    expect(files.filter((file) => /(^|\/)(utils?|index|types|helpers?)\.tsx?$/.test(file))).toEqual([])
  })

  it('the clock is read in equipment alone', () => {
    const readers = filesBelow(join(root, 'src'))
      .map((path) => relative(root, path))
      .filter((file) => !/^src\/(equipment|speaker|demo|console)\/|^src\/(doctor|serve|main)\.ts$/.test(file))
      .filter((file) => /\bDate\.now\(\)|new Date\(\)/.test(readFileSync(join(root, file), 'utf8')))
    expect(readers).toEqual([])
  })
})
