import { forbidden } from '../errors.ts'
import type { Person } from '../web/guard.ts'

/** Administrative division codes: 12 digits in groups of 2,2,2,3,3 (province, city, county, street, village). GD/J 080-2018. */

export type AreaLevel = 'province' | 'city' | 'county' | 'street' | 'village'

export type Area = {
  code: string
  parentCode: string | null
  name: string
  level: AreaLevel
  validFrom: string | null
  validTo: string | null
}

const GROUP_ENDS = [2, 4, 6, 9, 12] as const
const LEVELS: readonly AreaLevel[] = ['province', 'city', 'county', 'street', 'village']

export function isAreaCode(text: string): boolean {
  return /^\d{12}$/.test(text) && !text.startsWith('00')
}

/** The code cut of its trailing zero groups: an area contains another when its prefix begins the other's. */
export function prefixOf(code: string): string {
  for (const [index, end] of [...GROUP_ENDS.entries()].reverse()) {
    const start = index === 0 ? 0 : GROUP_ENDS[index - 1]!
    if (!/^0+$/.test(code.slice(start, end))) return code.slice(0, end)
  }
  return code.slice(0, 2)
}

/**
 * The least and the greatest code inside an area, itself included: a range finds them by an index where a `like` would read every row.
 */
export function rangeOf(code: string): [from: string, to: string] {
  const prefix = prefixOf(code)
  return [prefix.padEnd(12, '0'), prefix.padEnd(12, '9')]
}

export function levelOf(code: string): AreaLevel {
  return LEVELS[(GROUP_ENDS as readonly number[]).indexOf(prefixOf(code).length)]!
}

/** Whether `outer` is `inner` or contains it. */
export function contains(outer: string, inner: string): boolean {
  return inner.startsWith(prefixOf(outer))
}

/** Whether a place lies in both: one of the two contains the other. */
export function overlaps(one: string, other: string): boolean {
  return contains(one, other) || contains(other, one)
}

/**
 * The codes that contain this one by filling with zeros, each once, itself first, the province last. Not all of them need exist. A city
 * without counties (441900) has its streets directly below it, and stands in the chain but once.
 */
export function chainOf(code: string): string[] {
  const length = prefixOf(code).length
  const codes = GROUP_ENDS.filter((end) => end <= length).map((end) => code.slice(0, end).padEnd(12, '0'))
  return [...new Set(codes.reverse())]
}

/** Refuses a person who acts outside their area. */
export function requireArea(person: Person, code: string): void {
  if (!contains(person.areaCode, code)) {
    throw forbidden(
      `您的管理范围是 ${person.areaCode}，不包括 ${code}`,
      `You act for ${person.areaCode}, which does not contain ${code}`,
    )
  }
}
