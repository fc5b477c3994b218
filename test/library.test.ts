import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadLibrary, shippedDirectories, type Library } from '../src/library.ts'

const COLUMNS = {
  county: '要闻公告 政策文件 政策解读 问政面对面 办事指南 惠民补贴 应急广播',
  street: '街道动态 重点工作 社会救助公示 征地与听证 便民服务中心 就业招聘',
  community: '党务公开 村务公开 财务公开 集体三资 小微权力 议事决策 村村响回听 通知公告',
  household: '我家补贴 我家办事 我的诉求 我家消息',
}

describe('the library that ships', () => {
  let library: Library
  beforeAll(async () => {
    library = await loadLibrary()
  })

  it('has the four sections and the 25 columns, each in its place', () => {
    const found = library.sections.map(({ id, columns }) => [id, columns.map(({ name }) => name.zh).join(' ')])
    expect(Object.fromEntries(found)).toEqual(COLUMNS)
    expect(library.columns).toHaveLength(25)
    for (const { columns } of library.sections) {
      expect(columns.map(({ position }) => position)).toEqual(columns.map((_, index) => index + 1))
    }
  })

  it('names every column in both languages, no two alike', () => {
    for (const language of ['zh', 'en'] as const) {
      const names = library.columns.map(({ name }) => name[language])
      expect(new Set(names).size).toBe(names.length)
    }
  })

  it('owes the village finances monthly and its general affairs quarterly, as the law says', () => {
    const owed = Object.fromEntries(library.columns.map(({ id, period }) => [id, period]))
    expect(owed).toMatchObject({ finance: 'month', 'village-affairs': 'quarter' })
    expect(library.columns.filter(({ sectionId, period }) => sectionId === 'household' && period)).toEqual([])
  })

  it('cannot be changed by anyone who holds it', () => {
    expect(() => (library.columns[0]!.kinds as string[]).push('ledger')).toThrow(TypeError)
    expect(() => Object.assign(library, { columns: [] })).toThrow(TypeError)
  })
})

describe('a library with a fault is refused, by file and field', () => {
  const directory = mkdtempSync(join(tmpdir(), 'xiangyin-library-'))
  afterAll(() => rmSync(directory, { recursive: true }))

  /** What the library says after one file was changed. */
  async function faultOf(file: string, change: (text: string) => string): Promise<string> {
    cpSync(shippedDirectories.channels, directory, { recursive: true })
    const path = join(directory, file)
    const before = readFileSync(path, 'utf8')
    const after = change(before)
    expect(after).not.toBe(before)
    writeFileSync(path, after)
    try {
      await loadLibrary({ ...shippedDirectories, channels: directory })
      return 'accepted'
    } catch (error) {
      return (error as Error).message
    }
  }

  it.each([
    ['id: headlines', 'id: Headlines!', 'county.yaml: columns[0].id'],
    ['id: headlines', 'id: finance', 'county.yaml: columns[0].id "finance" is used in community.yaml'],
    ['{ zh: 要闻公告, en: Headlines }', '要闻公告', 'county.yaml: columns[0].name must have'],
    ['{ zh: 要闻公告, en: Headlines }', '{ zh: "", en: Headlines }', 'county.yaml: columns[0].name.zh'],
    ['en: Headlines', 'en: 7', 'county.yaml: columns[0].name.en'],
    ['en: Headlines', 'en: Headlines, fr: Titres', 'county.yaml: columns[0].name.fr is no key'],
    ['[article, notice, video]', '[article, film]', 'county.yaml: columns[0].kinds must be one of'],
    ['[article, notice, video]', '[]', 'county.yaml: columns[0].kinds must list'],
    ['[article, notice, video]', '[article, article]', 'county.yaml: columns[0].kinds names a kind twice'],
    ['order: newest', 'order: oldest', 'county.yaml: columns[0].order'],
    ['sizeLimit: 20', 'sizeLimit: 0', 'county.yaml: columns[0].sizeLimit must be a whole number from 1 to 50'],
    ['sizeLimit: 20', 'sizeLimit: 51', 'county.yaml: columns[0].sizeLimit'],
    ['period: null', 'period: week', 'county.yaml: columns[0].period'],
    ['period: null', 'period: month', 'county.yaml: columns[0].dueDay must be a whole number from 1 to 28'],
    ['dueDay: null', 'dueDay: 5', 'county.yaml: columns[0].dueDay must be null'],
    ['template: list', 'template: grid', 'county.yaml: columns[0].template'],
    ['template: list', 'template: list\n    colour: red', 'county.yaml: columns[0].colour is no key'],
    ['id: county', 'id: street', 'street.yaml: id the section street stands in county.yaml'],
    ['id: county', 'id: province', 'county.yaml: id must be one of'],
    ['columns:', 'shelves:', 'county.yaml: shelves is no key'],
    ['name: { zh: 区县', 'name: { zh: [区县', 'county.yaml: '],
  ])('%s → %s', async (from, to, fault) => {
    expect(await faultOf('county.yaml', (text) => text.replace(from, to))).toContain(fault)
  })

  it('too many columns, no columns and a missing file are faults too', async () => {
    const more = '\n  - { id: x, name: { zh: 多, en: M }, kinds: [article], order: newest, sizeLimit: 1 }'
    expect(await faultOf('street.yaml', (text) => text + more.repeat(4))).toContain('columns must list 1 to 9')
    expect(await faultOf('street.yaml', () => 'id: street')).toContain('street.yaml: name must have')
    expect(await faultOf('street.yaml', () => '')).toContain('street.yaml: must be a section')
    rmSync(join(directory, 'street.yaml'))
    await expect(loadLibrary({ ...shippedDirectories, channels: directory })).rejects.toThrow(
      'the section street is missing',
    )
  })

  it('all faults of all files are reported together', async () => {
    const message = await faultOf('county.yaml', (text) =>
      text.replace('order: newest', 'order: oldest').replace('template: list', 'template: grid'),
    )
    expect(message).toContain('2 fault(s)')
  })
})
