import { invalid, type Detail } from '../errors.ts'
import { isLocalDate } from '../instant.ts'
import { contains, isAreaCode, levelOf, type Area } from './division.ts'

/** Lines of a text; a sheet may have as many rows. */
export const AREA_ROW_LIMIT = 20_000
const NAME_LIMIT = 60

export type AreaImport = { areas: Area[]; faults: Detail[] }

type Candidate = { line: number; code: string; name: string; parentCode?: string; validFrom?: string; validTo?: string }

/**
 * Reads areas from rows of a sheet with the columns `code,name,parentCode,validFrom,validTo` (the last three may be empty).
 * Good rows are kept and bad ones named by line; a row whose parent is missing from the sheet hangs from the nearest
 * containing area that is there, since not every level exists everywhere.
 */
export function areasFromRows(rows: { line: number; cells: Record<string, string> }[]): AreaImport {
  return gather(
    rows.map(({ line, cells }) => ({
      line,
      code: cells.code?.trim() ?? '',
      name: cells.name?.trim() ?? '',
      parentCode: cells.parentCode?.trim() || undefined,
      validFrom: cells.validFrom?.trim() || undefined,
      validTo: cells.validTo?.trim() || undefined,
    })),
  )
}

/**
 * Reads the tab-indented text of the statistics crawl: `name#12 digits#page` for inner nodes, `name#12 digits` for villages. Throws
 * `invalid` when it has more lines than may be read, before any of them is.
 */
export function areasFromIndentedText(text: string): AreaImport {
  const candidates: Candidate[] = []
  const lines = text.split(/\r?\n/, AREA_ROW_LIMIT + 2)
  // The end of the last line is no line.
  if (lines.at(-1) === '') lines.pop()
  if (lines.length > AREA_ROW_LIMIT) {
    throw invalid(
      'file',
      `最多 ${AREA_ROW_LIMIT} 行，请分次导入`,
      `At most ${AREA_ROW_LIMIT} lines; send them in parts`,
    )
  }
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue
    const [name = '', code = ''] = line.trim().split('#')
    candidates.push({ line: index + 1, code: code.trim(), name: name.trim() })
  }
  return gather(candidates)
}

function gather(candidates: Candidate[]): AreaImport {
  const faults: Detail[] = []
  const good = new Map<string, Candidate>()
  for (const candidate of candidates) {
    const fault = faultOf(candidate, good)
    if (fault) faults.push({ ...fault, line: candidate.line })
    else good.set(candidate.code, candidate)
  }
  const areas = [...good.values()].map((candidate): Area => ({
    code: candidate.code,
    parentCode: candidate.parentCode ?? nearestAbove(candidate.code, good),
    name: candidate.name,
    level: levelOf(candidate.code),
    validFrom: candidate.validFrom ?? null,
    validTo: candidate.validTo ?? null,
  }))
  return { areas, faults }
}

function faultOf(candidate: Candidate, seen: Map<string, Candidate>): Detail | undefined {
  const { code, name, parentCode, validFrom, validTo } = candidate
  if (!isAreaCode(code))
    return bad('code', `「${code}」不是 12 位区划代码`, `"${code}" is not a division code of 12 digits`)
  if (seen.has(code)) return bad('code', `${code} 重复出现`, `${code} stands there twice`)
  if (name === '' || name.length > NAME_LIMIT) {
    return bad('name', `名称应为 1 到 ${NAME_LIMIT} 个字`, `a name has 1 to ${NAME_LIMIT} characters`)
  }
  if (parentCode && (!isAreaCode(parentCode) || parentCode === code || !contains(parentCode, code))) {
    return bad('parentCode', `上级 ${parentCode} 不包含 ${code}`, `the parent ${parentCode} does not contain ${code}`)
  }
  for (const [field, date] of [['validFrom', validFrom] as const, ['validTo', validTo] as const]) {
    if (date && !isLocalDate(date)) return bad(field, `「${date}」不是日期`, `"${date}" is not a date`)
  }
  if (validFrom && validTo && validTo < validFrom) {
    return bad('validTo', '失效日期早于生效日期', 'ends before it begins')
  }
  return undefined
}

function bad(column: string, zh: string, en: string): Detail {
  return { field: column, column, message: { zh, en } }
}

/** The smallest area of the sheet that contains the code; null when none does. */
function nearestAbove(code: string, present: Map<string, Candidate>): string | null {
  for (const end of [9, 6, 4, 2]) {
    const above = code.slice(0, end).padEnd(12, '0')
    if (above !== code && present.has(above)) return above
  }
  return null
}
