import { isAreaCode } from '../areas/division.ts'
import type { SheetRow } from '../equipment/csv.ts'
import type { Detail } from '../errors.ts'
import { TERMINAL_ID, TERMINAL_NAME_LIMIT, terminalKinds, type TerminalKind } from './terminal.ts'

export type NewTerminal = {
  id?: string | undefined
  kind: TerminalKind
  name: string
  areaCode: string
  householdId?: string | undefined
}

export type TerminalImport = { terminals: (NewTerminal & { line: number })[]; faults: Detail[] }

/**
 * Reads terminals from a sheet with the columns `id,kind,name,areaCode,householdId`; `id` may be empty (one is made), and `householdId` must
 * stand for boxes alone. Good rows are kept and bad ones named by line and column.
 */
export function terminalsFromRows(rows: SheetRow[]): TerminalImport {
  const read: TerminalImport = { terminals: [], faults: [] }
  const seen = new Set<string>()
  for (const { line, cells } of rows) {
    const terminal = {
      line,
      id: cells.id?.trim() || undefined,
      kind: (cells.kind?.trim() || 'loudspeaker') as TerminalKind,
      name: cells.name?.trim() ?? '',
      areaCode: cells.areaCode?.trim() ?? '',
      householdId: cells.householdId?.trim() || undefined,
    }
    const fault = faultOf(terminal, seen)
    if (fault) {
      read.faults.push({ ...fault, line })
      continue
    }
    if (terminal.id) seen.add(terminal.id)
    read.terminals.push(terminal)
  }
  return read
}

function faultOf(terminal: NewTerminal, seen: Set<string>): Detail | undefined {
  const { id, kind, name, areaCode, householdId } = terminal
  if (id !== undefined && !TERMINAL_ID.test(id)) {
    return bad('id', `「${id}」应为 3 到 40 位小写字母、数字或连字符`, `"${id}" has not 3 to 40 of a-z, 0-9 and -`)
  }
  if (id !== undefined && seen.has(id)) return bad('id', `${id} 重复出现`, `${id} stands there twice`)
  if (!terminalKinds.includes(kind)) {
    return bad('kind', `「${kind}」应为 loudspeaker 或 box`, `"${kind}" is neither loudspeaker nor box`)
  }
  if (name === '' || name.length > TERMINAL_NAME_LIMIT) {
    return bad('name', `名称应为 1 到 ${TERMINAL_NAME_LIMIT} 个字`, `a name has 1 to ${TERMINAL_NAME_LIMIT} characters`)
  }
  if (!isAreaCode(areaCode)) {
    return bad('areaCode', `「${areaCode}」不是 12 位区划代码`, `"${areaCode}" is not a division code of 12 digits`)
  }
  return householdFaultOf(kind, householdId)
}

/** A box belongs to a household, a loudspeaker to none. */
export function householdFaultOf(kind: TerminalKind, householdId: string | undefined): Detail | undefined {
  if (kind === 'box' && householdId === undefined) {
    return bad('householdId', '机顶盒须注明所属家庭', 'a box belongs to a household')
  }
  if (kind === 'loudspeaker' && householdId !== undefined) {
    return bad('householdId', '大喇叭不属于任何家庭', 'a loudspeaker belongs to no household')
  }
  return undefined
}

function bad(column: string, zh: string, en: string): Detail {
  return { field: column, column, message: { zh, en } }
}
