import type { Detail } from '../errors.ts'
import { isAreaCode } from './division.ts'
import type { Household } from './store.ts'

const NAME_LIMIT = 40
const ADDRESS_LIMIT = 120

/**
 * Reads households from rows of a sheet with the columns `id,areaCode,name,address` (Chinese headers 户号, 区划代码, 户主, 住址).
 * Good rows are kept, bad ones named by line and column; how many rows there may be is the sheet's to say. The id is the county's own (a card or register number).
 */
export function householdsFromRows(rows: { line: number; cells: Record<string, string> }[]): {
  households: (Household & { line: number })[]
  faults: Detail[]
} {
  const faults: Detail[] = []
  const households = new Map<string, Household & { line: number }>()
  for (const { line, cells } of rows) {
    const household = {
      line,
      id: (cells.id ?? cells['户号'] ?? '').trim(),
      areaCode: (cells.areaCode ?? cells['区划代码'] ?? '').trim(),
      name: (cells.name ?? cells['户主'] ?? '').trim(),
      address: (cells.address ?? cells['住址'] ?? '').trim(),
    }
    const fault = faultOf(household)
    if (fault) faults.push({ ...fault, line })
    else if (households.has(household.id)) faults.push({ ...bad('id', '户号重复出现', 'stands there twice'), line })
    else households.set(household.id, household)
  }
  return { households: [...households.values()], faults }
}

function faultOf({ id, areaCode, name, address }: Household): Detail | undefined {
  if (!/^[\w-]{1,64}$/.test(id)) return bad('id', '户号应为 1 到 64 位字母或数字', 'must be 1 to 64 letters or digits')
  if (!isAreaCode(areaCode))
    return bad('areaCode', `「${areaCode}」不是 12 位区划代码`, `"${areaCode}" is not a division code`)
  if (name === '' || name.length > NAME_LIMIT) {
    return bad('name', `户主应为 1 到 ${NAME_LIMIT} 个字`, `has 1 to ${NAME_LIMIT} characters`)
  }
  if (address.length > ADDRESS_LIMIT)
    return bad('address', `住址最多 ${ADDRESS_LIMIT} 个字`, `has at most ${ADDRESS_LIMIT} characters`)
  return undefined
}

function bad(column: string, zh: string, en: string): Detail {
  return { field: column, column, message: { zh, en } }
}
