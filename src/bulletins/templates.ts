import type { Template, Templates } from '../equipment/templates.ts'
import { invalid, StationError, type Detail, type Text } from '../errors.ts'
import { isLocalDate, isLocalTime } from '../instant.ts'
import { scriptOf } from './script.ts'

export const valueKinds = ['text', 'date', 'time', 'telephone', 'number', 'money', 'choice'] as const
export type ValueKind = (typeof valueKinds)[number]

/** A place to fill in a template. */
export type TemplateValue = {
  name: string
  label: Text
  kind: ValueKind
  /** The most characters, for every kind. */
  limit: number
  isOptional: boolean
  example: string
  /** What may be chosen, for `choice`. */
  choices: string[]
}

export const bulletinClasses = ['notice', 'daily', 'emergency'] as const
export type TemplateClass = (typeof bulletinClasses)[number]

/** A bulletin ready to be filled in, as `templates/bulletins/<id>.yaml` declares it. */
export type BulletinTemplate = {
  id: string
  name: Text
  class: TemplateClass
  text: string
  values: TemplateValue[]
}

/** Characters a bulletin may have before numbers are spelled: an emergency must be said in about a minute. */
export const TEXT_LIMITS: Record<TemplateClass, number> = { notice: 2000, daily: 2000, emergency: 300 }

const VALUE_LIMIT = 300
const VALUES_LIMIT = 20

const KIND_RULES: Record<ValueKind, { isRight: (value: string) => boolean; zh: string; en: string }> = {
  text: { isRight: () => true, zh: '文字', en: 'a text' },
  date: { isRight: isLocalDate, zh: '日期，如 2026-11-22', en: 'a date such as 2026-11-22' },
  time: { isRight: isLocalTime, zh: '时间，如 07:30', en: 'a time such as 07:30' },
  telephone: { isRight: (value) => /^[\d-]{3,16}$/.test(value), zh: '电话号码', en: 'a telephone number' },
  number: { isRight: (value) => /^\d{1,9}(\.\d{1,4})?$/.test(value), zh: '数字', en: 'a number' },
  money: { isRight: (value) => /^\d{1,10}(\.\d{1,2})?$/.test(value), zh: '以元计的金额', en: 'an amount in yuan' },
  choice: { isRight: () => true, zh: '列表中的一项', en: 'one of the list' },
}

/**
 * Fills a template. Throws `invalid` that names every value that is missing, unknown, too long or of the wrong kind, and refuses
 * a text that becomes longer than its class may be.
 */
export function filled(template: BulletinTemplate, values: Record<string, string>, templates: Templates): string {
  const faults = valueFaults(template, values)
  if (faults.length > 0) {
    throw new StationError(
      'invalid',
      { zh: '模板内容有误', en: 'The values do not fit the template' },
      { details: faults },
    )
  }
  const given = Object.fromEntries(template.values.map(({ name }) => [name, values[name]?.trim() || null]))
  const text = tidied(compiled(template, templates)(given))
  const limit = TEXT_LIMITS[template.class]
  if (text.length > limit)
    throw invalid('values', `全文超过 ${limit} 字`, `The text is longer than ${limit} characters`)
  return text
}

function valueFaults(template: BulletinTemplate, values: Record<string, string>): Detail[] {
  const faults: Detail[] = []
  const fault = (field: string, zh: string, en: string): void =>
    void faults.push({ field: `values.${field}`, message: { zh, en } })
  for (const value of template.values) {
    const { name, label, kind, limit, choices } = value
    const given = values[name]?.trim() ?? ''
    if (given === '') {
      if (!value.isOptional) fault(name, `请填写${label.zh}`, `${label.en} is missing`)
    } else if (given.length > limit) {
      fault(name, `${label.zh}最多 ${limit} 字`, `${label.en} has at most ${limit} characters`)
    } else if (kind === 'choice' ? !choices.includes(given) : !KIND_RULES[kind].isRight(given)) {
      fault(name, `${label.zh}应为${KIND_RULES[kind].zh}`, `${label.en} must be ${KIND_RULES[kind].en}`)
    }
  }
  const known = new Set(template.values.map(({ name }) => name))
  for (const name of Object.keys(values)) {
    if (!known.has(name)) fault(name, '模板没有这一项', 'The template has no such value')
  }
  return faults
}

// Compiling parses the text; the same few templates are filled all day.
const compiledTemplates = new WeakMap<BulletinTemplate, Template>()

function compiled(template: BulletinTemplate, templates: Templates): Template {
  let known = compiledTemplates.get(template)
  if (!known) {
    known = templates.compile(template.text)
    compiledTemplates.set(template, known)
  }
  return known
}

/** Template texts are wrapped for reading; what is spoken has no line breaks but between paragraphs. */
function tidied(text: string): string {
  return text
    .replaceAll(/[^\S\n]+/g, ' ')
    .replaceAll(/ ?\n ?/g, '\n')
    .replaceAll(/\n{2,}/g, '\u2029')
    .replaceAll('\n', '')
    .replaceAll('\u2029', '\n')
    .trim()
}

type Fault = { file: string; field: string; message: string }

/**
 * Reads templates as their YAML stands, by file name. Answers those that are right, and every fault: keys that are unknown, values
 * declared and not used or used and not declared, examples that do not fit, texts that cannot be spoken.
 */
export function parseTemplates(
  sources: { file: string; source: unknown }[],
  templates: Templates,
): { templates: BulletinTemplate[]; faults: Fault[] } {
  const faults: Fault[] = []
  const parsed = sources.flatMap(({ file, source }) => {
    const before = faults.length
    const template = parseTemplate(file, source, (field, message) => void faults.push({ file, field, message }))
    if (!template || faults.length > before) return []
    faults.push(...useFaults(template, templates).map((fault) => ({ file, ...fault })))
    return faults.length > before ? [] : [template]
  })
  return { templates: parsed, faults }
}

function parseTemplate(
  file: string,
  source: unknown,
  fault: (field: string, message: string) => void,
): BulletinTemplate | undefined {
  if (!isRecord(source)) {
    fault('', 'must hold name, class, text and values')
    return undefined
  }
  onlyKeys(source, ['name', 'class', 'text', 'values'], '', fault)
  if (!bulletinClasses.includes(source.class as TemplateClass)) {
    fault('class', `must be one of ${bulletinClasses.join(', ')}`)
  }
  if (typeof source.text !== 'string' || source.text.trim() === '') fault('text', 'must be the words to be spoken')
  const values = Array.isArray(source.values) ? source.values : []
  if (values.length > VALUES_LIMIT) fault('values', `must be at most ${VALUES_LIMIT}`)
  return {
    id: file.replace(/\.yaml$/, ''),
    name: textOf(source.name, 'name', fault),
    class: source.class as TemplateClass,
    text: String(source.text),
    values: values.map((value, index) => parseValue(value, `values[${index}]`, fault)),
  }
}

function parseValue(source: unknown, field: string, fault: (field: string, message: string) => void): TemplateValue {
  const value = isRecord(source) ? source : {}
  onlyKeys(value, ['name', 'label', 'kind', 'limit', 'optional', 'example', 'choices'], `${field}.`, fault)
  if (!/^[a-z]\w{0,30}$/i.test(String(value.name))) fault(`${field}.name`, 'must be a word of letters')
  const kind = (value.kind ?? 'text') as ValueKind
  if (!valueKinds.includes(kind)) fault(`${field}.kind`, `must be one of ${valueKinds.join(', ')}`)
  const limit = value.limit ?? 60
  if (!Number.isInteger(limit) || (limit as number) < 1 || (limit as number) > VALUE_LIMIT) {
    fault(`${field}.limit`, `must be a whole number from 1 to ${VALUE_LIMIT}`)
  }
  const choices = Array.isArray(value.choices) ? value.choices.map(String) : []
  if ((kind === 'choice') !== choices.length > 0) fault(`${field}.choices`, 'belong to the kind choice, and only to it')
  const example = typeof value.example === 'string' ? value.example : ''
  if (example === '') fault(`${field}.example`, 'must show what is meant, as text in quotes')
  return {
    name: String(value.name),
    label: textOf(value.label, `${field}.label`, fault),
    kind,
    limit: limit as number,
    isOptional: value.optional === true,
    example,
    choices,
  }
}

/** Whether a template's text and its declared values fit each other, shown by filling it with its own examples. */
function useFaults(template: BulletinTemplate, templates: Templates): { field: string; message: string }[] {
  const declared = template.values.map(({ name }) => name)
  try {
    const used = templates.valuesOf(template.text)
    const faults = [
      ...used
        .filter((name) => !declared.includes(name))
        .map((name) => ({ field: 'text', message: `uses ${name}, which values does not declare` })),
      ...declared
        .filter((name) => !used.includes(name))
        .map((name) => ({ field: 'values', message: `declares ${name}, which the text does not use` })),
    ]
    if (faults.length > 0) return faults
    const examples = Object.fromEntries(template.values.map(({ name, example }) => [name, example]))
    scriptOf(filled(template, examples, templates))
    return []
  } catch (error) {
    const reason = error instanceof StationError && error.details[0] ? error.details[0].message.en : String(error)
    return [{ field: 'text', message: `cannot be filled with its examples: ${reason}` }]
  }
}

function textOf(source: unknown, field: string, fault: (field: string, message: string) => void): Text {
  const { zh, en } = isRecord(source) ? source : {}
  if (typeof zh !== 'string' || typeof en !== 'string' || zh === '' || en === '') {
    fault(field, 'must have a Chinese and an English wording, as { zh, en }')
  }
  return { zh: String(zh), en: String(en) }
}

function onlyKeys(
  value: Record<string, unknown>,
  known: readonly string[],
  field: string,
  fault: (field: string, message: string) => void,
): void {
  for (const key of Object.keys(value)) {
    if (!known.includes(key)) fault(`${field}${key}`, `is no key here; known are ${known.join(', ')}`)
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
