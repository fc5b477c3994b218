import { kinds } from '../content/item.ts'
import { periodLengths } from '../content/period.ts'
import { sectionIds, type Column, type SectionId } from './feed.ts'

/** One of the four parts of the portal, with its columns in order. */
export type Section = { id: SectionId; name: { zh: string; en: string }; columns: Column[] }

/** A digit key opens a column, so a section has no more of them than keys. */
export const COLUMNS_LIMIT = 9
/** The most items a column may show: television turns pages, it does not scroll. */
export const SIZE_LIMIT = 50
const NAME_LIMIT = 12
const ENGLISH_NAME_LIMIT = 40

const orders = ['newest', 'period'] as const
const templates = ['list', 'ledger', 'guide'] as const
/** The day of the following period by which a period is due: never later than the shortest such period is long. */
const DUE_DAY_LIMITS = { month: 28, quarter: 90, year: 365 } as const

/** A bad place of a library file: where in it, and what would be right. */
export type LibraryFault = { file: string; field: string; message: string }

/** Reads a section as its YAML stands. Answers the section, or every fault of the file. */
export function parseSection(file: string, source: unknown): { section?: Section; faults: LibraryFault[] } {
  const faults: LibraryFault[] = []
  const fault = (field: string, message: string): void => void faults.push({ file, field, message })

  const unknownKeys = (value: Record<string, unknown>, known: readonly string[], field: string): void => {
    for (const key of Object.keys(value)) {
      if (!known.includes(key)) fault(`${field}${key}`, `is no key here; known are ${known.join(', ')}`)
    }
  }
  const oneOf = <T extends string>(value: unknown, words: readonly T[], field: string): T => {
    if (!words.includes(value as T)) fault(field, `must be one of ${words.join(', ')}`)
    return value as T
  }
  const wholeNumber = (value: unknown, from: number, to: number, field: string): number => {
    if (!Number.isInteger(value) || (value as number) < from || (value as number) > to) {
      fault(field, `must be a whole number from ${from} to ${to}`)
    }
    return value as number
  }
  const nameOf = (value: unknown, field: string): { zh: string; en: string } => {
    if (!isRecord(value)) {
      fault(field, 'must have a Chinese and an English name, as { zh, en }')
      return { zh: '', en: '' }
    }
    unknownKeys(value, ['zh', 'en'], `${field}.`)
    const { zh, en } = value
    if (typeof zh !== 'string' || zh.trim() === '' || zh.length > NAME_LIMIT) {
      fault(`${field}.zh`, `must have 1 to ${NAME_LIMIT} characters`)
    }
    if (typeof en !== 'string' || en.trim() === '' || en.length > ENGLISH_NAME_LIMIT) {
      fault(`${field}.en`, `must have 1 to ${ENGLISH_NAME_LIMIT} characters`)
    }
    return { zh: String(zh), en: String(en) }
  }

  const columnOf = (value: unknown, index: number, sectionId: SectionId): Column | undefined => {
    const field = `columns[${index}]`
    if (!isRecord(value)) {
      fault(field, 'must be a column')
      return undefined
    }
    unknownKeys(value, COLUMN_KEYS, `${field}.`)
    if (typeof value.id !== 'string' || !/^[a-z][a-z0-9-]{1,30}$/.test(value.id)) {
      fault(`${field}.id`, 'must be 2 to 31 small letters, digits and hyphens')
    }
    if (!Array.isArray(value.kinds) || value.kinds.length === 0) {
      fault(`${field}.kinds`, `must list one or more of ${kinds.join(', ')}`)
    } else {
      for (const kind of value.kinds) oneOf(kind, kinds, `${field}.kinds`)
      if (new Set(value.kinds).size < value.kinds.length) fault(`${field}.kinds`, 'names a kind twice')
    }
    const period = value.period === null ? null : oneOf(value.period, periodLengths, `${field}.period`)
    if (period === null) {
      if (value.dueDay !== null) fault(`${field}.dueDay`, 'must be null where there is no period')
    } else {
      wholeNumber(value.dueDay, 1, DUE_DAY_LIMITS[period] ?? 1, `${field}.dueDay`)
    }
    return {
      id: value.id as string,
      sectionId,
      position: index + 1,
      name: nameOf(value.name, `${field}.name`),
      kinds: value.kinds as Column['kinds'],
      order: oneOf(value.order, orders, `${field}.order`),
      sizeLimit: wholeNumber(value.sizeLimit, 1, SIZE_LIMIT, `${field}.sizeLimit`),
      period,
      dueDay: value.dueDay as number | null,
      template: oneOf(value.template, templates, `${field}.template`),
    }
  }

  if (!isRecord(source)) {
    fault('', 'must be a section: id, name and columns')
    return { faults }
  }
  unknownKeys(source, ['id', 'name', 'columns'], '')
  const id = oneOf(source.id, sectionIds, 'id')
  const name = nameOf(source.name, 'name')
  const listed = Array.isArray(source.columns) ? (source.columns as unknown[]) : []
  if (listed.length === 0 || listed.length > COLUMNS_LIMIT) fault('columns', `must list 1 to ${COLUMNS_LIMIT} columns`)
  const columns = listed.flatMap((value, index) => columnOf(value, index, id) ?? [])
  return faults.length > 0 ? { faults } : { section: { id, name, columns }, faults }
}

/** What no file can know by itself: that every section is there once, and every column id is used once. */
export function faultsTogether(read: { file: string; section: Section }[]): LibraryFault[] {
  const faults: LibraryFault[] = []
  const columns = new Map<string, string>()
  const sections = new Map<string, string>()
  for (const { file, section } of read) {
    const other = sections.get(section.id)
    if (other) faults.push({ file, field: 'id', message: `the section ${section.id} stands in ${other} already` })
    sections.set(section.id, file)
    for (const [index, column] of section.columns.entries()) {
      const known = columns.get(column.id)
      if (known) {
        faults.push({ file, field: `columns[${index}].id`, message: `"${column.id}" is used in ${known} already` })
      }
      columns.set(column.id, file)
    }
  }
  for (const id of sectionIds) {
    if (!sections.has(id)) faults.push({ file: `${id}.yaml`, field: '', message: `the section ${id} is missing` })
  }
  return faults
}

const COLUMN_KEYS = ['id', 'name', 'kinds', 'order', 'sizeLimit', 'period', 'dueDay', 'template'] as const

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
