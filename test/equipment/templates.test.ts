import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { createTemplates } from '../../src/equipment/templates.ts'

describe('templates', () => {
  const directory = mkdtempSync(join(tmpdir(), 'xiangyin-templates-'))
  writeFileSync(join(directory, 'page.liquid'), '<h1>{{ title }}</h1>{% render "part", title: title %}')
  writeFileSync(join(directory, 'part.liquid'), '<p>{{ title | raw }}</p>')
  writeFileSync(join(directory, 'thief.liquid'), '{% render "../../../../../../etc/hostname" %}')
  afterAll(() => rmSync(directory, { recursive: true }))

  it('fills a text, and says which value is missing', () => {
    const template = createTemplates().compile('{{ place }}停水{% if reason %}，因{{ reason }}{% endif %}。')
    expect(template({ place: '东河村' })).toBe('东河村停水。')
    expect(template({ place: '东河村', reason: '检修' })).toBe('东河村停水，因检修。')
    expect(() => template({})).toThrow(/place/)
  })

  it('escapes values in a page, and partials come from its own directory alone', () => {
    const templates = createTemplates({ directory, escape: 'html' })
    expect(templates.file('page')({ title: '<b>' })).toBe('<h1>&lt;b&gt;</h1><p><b></p>')
    expect(() => templates.file('thief')({})).toThrow(/ENOENT/)
    expect(() => createTemplates().compile('{% render "/etc/hostname" %}')({})).toThrow(/ENOENT/)
  })

  it('a template reaches no prototype, runs no unknown filter, and is stopped when it goes on for ever', () => {
    const { compile } = createTemplates()
    expect(() => compile('{{ value.constructor }}')({ value: {} })).toThrow(/constructor/)
    expect(() => compile('{{ value | shell }}')({ value: 1 })).toThrow(/shell/)
    expect(() => compile('{% for i in (1..100000000) %}{{ i }}{% endfor %}')({})).toThrow(/limit/)
    expect(() => compile('{% if %}')).toThrow()
  })

  it('names the values that a text asks for', () => {
    expect(createTemplates().valuesOf('{{ a }}{% if b %}{{ c | default: d }}{% endif %}')).toEqual(['a', 'b', 'c', 'd'])
  })

  it('a county hands in filters of its own', () => {
    const { compile } = createTemplates({ filters: { double: (value) => Number(value) * 2 } })
    expect(compile('{{ 4 | double }}')({})).toBe('8')
  })
})
