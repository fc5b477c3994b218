import { describe, expect, it } from 'vitest'
import { scriptOf } from '../../src/bulletins/script.ts'
import { filled, parseTemplates, TEXT_LIMITS, type BulletinTemplate } from '../../src/bulletins/templates.ts'
import { createTemplates } from '../../src/equipment/templates.ts'
import { StationError } from '../../src/errors.ts'
import { loadLibrary } from '../../src/library.ts'

const engine = createTemplates()
const { bulletins } = await loadLibrary()

const examples = (template: BulletinTemplate): Record<string, string> =>
  Object.fromEntries(template.values.map(({ name, example }) => [name, example]))

const named = (id: string): BulletinTemplate => bulletins.find((template) => template.id === id)!

function faultsOf(work: () => unknown): string[] {
  try {
    work()
    return []
  } catch (error) {
    expect(error).toBeInstanceOf(StationError)
    return (error as StationError).details.map((detail) => detail.field)
  }
}

const minimal = {
  name: { zh: '试', en: 'Try' },
  class: 'daily',
  text: '{{ a }}停水。',
  values: [{ name: 'a', label: { zh: '村', en: 'Village' }, example: '东河村' }],
}

const faultsIn = (source: unknown): string[] =>
  parseTemplates([{ file: 'try.yaml', source }], engine).faults.map(({ field, message }) => `${field}: ${message}`)

describe('bulletin templates', () => {
  it('there are at least ten, and each makes a bulletin of its class with its examples', () => {
    expect(bulletins.length).toBeGreaterThanOrEqual(10)
    for (const template of bulletins) {
      const text = filled(template, examples(template), engine)
      expect(text.length).toBeLessThanOrEqual(TEXT_LIMITS[template.class])
      expect(scriptOf(text)).toMatch(/[。！]$/)
    }
  })

  it('fills the power cut as a clerk would write it', () => {
    const template = named('power-cut')
    expect(filled(template, examples(template), engine)).toBe(
      '各位村民请注意，现在播送停电通知。因线路检修，定于2026-11-2308:00-17:00对柳树庄村、东河村停电。请提前做好准备，关好家用电器。使用增氧机、制氧机等设备的用户，请备好应急电源。供电服务热线：95598。给您带来不便，敬请谅解。',
    )
  })

  it('an optional value may be left out, and its words go with it', () => {
    const template = named('meeting')
    const { agenda: _agenda, bring: _bring, ...rest } = examples(template)
    expect(filled(template, rest, engine)).not.toMatch(/会议内容|带好/)
  })

  it('names every value that is missing, unknown, too long or of the wrong kind', () => {
    const template = named('missing-person')
    const wrong = {
      ...examples(template),
      age: 'old',
      sex: '其他',
      date: '2026-02-30',
      name: '长'.repeat(21),
      extra: '?',
    }
    expect(faultsOf(() => filled(template, { ...wrong, place: ' ' }, engine)).sort()).toEqual([
      'values.age',
      'values.date',
      'values.extra',
      'values.name',
      'values.place',
      'values.sex',
    ])
  })

  it('values are words, never templates', () => {
    const template = named('meeting')
    const text = filled(template, { ...examples(template), agenda: '{{ telephone }}{% if x %}' }, engine)
    expect(text).toContain('{{ telephone }}{% if x %}')
  })

  it.each([
    ['no map', [], ': must hold name, class, text and values'],
    ['an unknown key', { ...minimal, voice: 'x' }, 'voice: is no key here; known are name, class, text, values'],
    ['a class that is none', { ...minimal, class: 'loud' }, 'class: must be one of notice, daily, emergency'],
    ['no name', { ...minimal, name: '试' }, 'name: must have a Chinese and an English wording, as { zh, en }'],
    ['a value nobody uses', { ...minimal, text: '停水。' }, 'values: declares a, which the text does not use'],
    ['a value nobody declares', { ...minimal, values: [] }, 'text: uses a, which values does not declare'],
    ['a broken text', { ...minimal, text: '{{ a }}{% if %}' }, 'cannot be filled'],
    [
      'an example of the wrong kind',
      { ...minimal, values: [{ ...minimal.values[0], kind: 'date' }] },
      'text: cannot be filled with its examples: Village must be a date such as 2026-11-22',
    ],
    [
      'choices without the kind',
      { ...minimal, values: [{ ...minimal.values[0], choices: ['东河村'] }] },
      'values[0].choices: belong to the kind choice, and only to it',
    ],
    [
      'a limit that is none',
      { ...minimal, values: [{ ...minimal.values[0], limit: 0 }] },
      'values[0].limit: must be a whole number from 1 to 300',
    ],
  ])('refuses %s', (_, source, expected) => {
    expect(faultsIn(source).join('\n')).toContain(expected)
  })

  it('takes a template that is right', () => {
    expect(faultsIn(minimal)).toEqual([])
  })
})
