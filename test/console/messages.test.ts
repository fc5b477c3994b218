import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { words } from '../../src/console/language.ts'
import { en } from '../../src/console/messages/en.ts'
import { zh } from '../../src/console/messages/zh.ts'

const root = join(import.meta.dirname, '../../src/console')

const sources = (directory: string): string[] =>
  readdirSync(directory).flatMap((name) => {
    const path = join(directory, name)
    if (statSync(path).isDirectory()) return name === 'messages' ? [] : sources(path)
    return /\.tsx?$/.test(name) ? [readFileSync(path, 'utf8')] : []
  })

const text = sources(root).join('\n')
const keys = Object.keys(zh)
const valuesOf = (message: string): string[] => [...message.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!).sort()

describe('the messages of the console', () => {
  it('stand in both languages with the same values', () => {
    expect(Object.keys(en)).toEqual(keys)
    const differing = keys.filter(
      (key) => valuesOf(zh[key as keyof typeof zh]).join() !== valuesOf(en[key as keyof typeof zh]).join(),
    )
    expect(differing).toEqual([])
  })

  it('are all used', () => {
    // A key is used where it stands whole, or where a template begins or ends it: `state.${word}`, `role.${role}.does`.
    const templates = [...text.matchAll(/`([\w.-]*)\$\{[^}]+\}([\w.-]*)`/g)]
      .map(([, before, after]) => ({ before: before!, after: after! }))
      .filter(({ before }) => before.includes('.'))
    const unused = keys.filter(
      (key) =>
        !text.includes(`'${key}'`) &&
        !templates.some(({ before, after }) => key.startsWith(before) && key.endsWith(after)),
    )
    expect(unused).toEqual([])
  })

  it('no Chinese stands in the English, and no page carries Chinese of its own', () => {
    expect(Object.entries(en).filter(([, message]) => /\p{Script=Han}/u.test(message))).toEqual([])
    const ours = text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '').match(/\p{Script=Han}+/gu)
    // The name of the product, and of the language that the switch leads to.
    expect([...new Set(ours)].sort()).toEqual(['中文', '乡音'])
  })

  it('take their values, and leave what has none as it is', () => {
    expect(words('zh', 'people.change', { name: '陈' })).toBe('修改陈')
    expect(words('en', 'people.change', {})).toBe('Change {name}')
  })
})
