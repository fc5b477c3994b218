import { audit } from '../accounts/audit.ts'
import type { Database } from '../database/connect.ts'
import type { Dice } from '../equipment/dice.ts'
import { invalid, notFound, type Detail } from '../errors.ts'
import type { Instant } from '../instant.ts'
import type { Person } from '../web/guard.ts'
import { chainOf, contains, type Area } from './division.ts'
import type { AreaImport } from './import.ts'
import {
  areaOf,
  areasByCode,
  areasInside,
  everyArea,
  householdOf,
  householdsInside,
  saveAreas,
  saveHouseholds,
  type Household,
} from './store.ts'

/** The most areas one answer holds: a county of 5 streets and 421 villages has 427. */
export const AREAS_LIMIT = 5000

export type Areas = ReturnType<typeof createAreas>

/** The division tree and the households in it. */
export function createAreas(parts: { db: Database; dice: Dice }) {
  const { db, dice } = parts
  return {
    /** Throws `not-found` for a code that no area has. */
    area: async (code: string): Promise<Area> => {
      const area = await areaOf(db, code)
      if (!area) throw notFound(`没有区划 ${code}`, `There is no area ${code}`)
      return area
    },

    find: (code: string): Promise<Area | undefined> => areaOf(db, code),

    /** Every area there is, in order of code. */
    all: (): Promise<Area[]> => everyArea(db, AREAS_LIMIT),

    inside: (code: string): Promise<Area[]> => areasInside(db, code, AREAS_LIMIT),

    /** The area and those that contain it and exist, the smallest first. */
    chain: async (code: string): Promise<Area[]> => {
      const known = await areasByCode(db, chainOf(code))
      return chainOf(code).flatMap((each) => known.get(each) ?? [])
    },

    /** Refuses codes that no area has, naming each. */
    requireKnown: async (codes: string[], field: string): Promise<void> => {
      const known = await areasByCode(db, codes)
      const missing = codes.filter((code) => !known.has(code))
      if (missing.length > 0)
        throw invalid(field, `没有区划 ${missing.join('、')}`, `There is no area ${missing.join(', ')}`)
    },

    /** Adds and renames areas from an import; good rows are kept, bad ones reported. Nothing is ever removed. */
    import: async (
      by: Person | 'station',
      read: AreaImport,
      now: Instant,
    ): Promise<{ accepted: number; faults: Detail[] }> => {
      const allowed = by === 'station' ? read.areas : read.areas.filter((area) => contains(by.areaCode, area.code))
      const outside = read.areas
        .filter((area) => !allowed.includes(area))
        .map((area): Detail => ({
          field: 'code',
          column: 'code',
          message: { zh: `${area.code} 不在您的管理范围内`, en: `${area.code} is outside the area you act for` },
        }))
      await db.transaction().execute(async (db) => {
        await saveAreas(db, allowed)
        await audit(db, {
          id: dice.id(),
          at: now,
          by,
          action: 'areas.imported',
          subject: 'area',
          subjectId: allowed[0]?.code ?? '',
          areaCode: by === 'station' ? null : by.areaCode,
          after: { accepted: allowed.length, rejected: read.faults.length + outside.length },
        })
      })
      return { accepted: allowed.length, faults: [...read.faults, ...outside] }
    },

    /** Adds households and corrects their names and addresses; a household never moves to another area this way. */
    importHouseholds: async (
      by: Person | 'station',
      read: { households: (Household & { line: number })[]; faults: Detail[] },
      now: Instant,
    ): Promise<{ accepted: number; faults: Detail[] }> => {
      const known = await areasByCode(db, [...new Set(read.households.map((household) => household.areaCode))])
      const faults = [...read.faults]
      const good = read.households.filter(({ areaCode, line }) => {
        const isOutside = by !== 'station' && !contains(by.areaCode, areaCode)
        if (known.has(areaCode) && !isOutside) return true
        const message = isOutside
          ? { zh: `${areaCode} 不在您的管理范围内`, en: `${areaCode} is outside the area you act for` }
          : { zh: `没有区划 ${areaCode}`, en: `There is no area ${areaCode}` }
        faults.push({ field: 'areaCode', column: 'areaCode', line, message })
        return false
      })
      await db.transaction().execute(async (db) => {
        await saveHouseholds(
          db,
          good.map(({ line: _line, ...household }) => ({ ...household, createdAt: now })),
        )
        await audit(db, {
          id: dice.id(),
          at: now,
          by,
          action: 'households.imported',
          subject: 'household',
          subjectId: good[0]?.id ?? '',
          areaCode: by === 'station' ? null : by.areaCode,
          after: { accepted: good.length, rejected: faults.length },
        })
      })
      return { accepted: good.length, faults }
    },

    household: (id: string): Promise<Household | undefined> => householdOf(db, id),

    households: (code: string, page: { limit: number; after?: string | undefined }): Promise<Household[]> =>
      householdsInside(db, code, page),
  }
}
