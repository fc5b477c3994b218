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
  householdsById,
  householdsInside,
  saveAreas,
  saveHouseholds,
  type Household,
} from './store.ts'

/** The most areas one answer holds: a county of 5 streets and 421 villages has 427. */
export const AREAS_LIMIT = 5000
/** The most corrected households that the trail of one import tells in full; the others are counted. */
export const CORRECTIONS_IN_TRAIL_LIMIT = 500

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
      const isAllowed = (area: Area): boolean => by === 'station' || contains(by.areaCode, area.code)
      const allowed = read.areas.filter(isAllowed)
      const outside = read.areas
        .filter((area) => !isAllowed(area))
        .map(({ code }) => bad('code', `${code} 不在您的管理范围内`, `${code} is outside the area you act for`))
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

    /**
     * Adds households and corrects their names and addresses. A household never moves to another area this way: an id that is known
     * elsewhere is refused, or whoever may write in one village could overwrite the households of every other.
     */
    importHouseholds: async (
      by: Person | 'station',
      read: { households: (Household & { line: number })[]; faults: Detail[] },
      now: Instant,
    ): Promise<{ accepted: number; faults: Detail[] }> => {
      const areas = await areasByCode(db, [...new Set(read.households.map((household) => household.areaCode))])
      return db.transaction().execute(async (db) => {
        const known = await householdsById(
          db,
          read.households.map((household) => household.id),
        )
        const faults = [...read.faults]
        const good: Household[] = []
        for (const { line, ...household } of read.households) {
          const fault = householdFault(by, household, areas, known)
          if (fault) faults.push({ ...fault, line })
          else good.push(household)
        }
        const corrected = good.filter(({ id, name, address }) => {
          const before = known.get(id)
          return before && (before.name !== name || before.address !== address)
        })
        const told = corrected.slice(0, CORRECTIONS_IN_TRAIL_LIMIT)
        await saveHouseholds(
          db,
          good.map((household) => ({ ...household, createdAt: now })),
        )
        await audit(db, {
          id: dice.id(),
          at: now,
          by,
          action: 'households.imported',
          subject: 'household',
          subjectId: good[0]?.id ?? '',
          areaCode: by === 'station' ? null : by.areaCode,
          before: { households: told.map(({ id }) => known.get(id)) },
          after: {
            accepted: good.length,
            rejected: faults.length,
            corrected: corrected.length,
            households: told,
          },
        })
        return { accepted: good.length, faults }
      })
    },

    household: (id: string): Promise<Household | undefined> => householdOf(db, id),

    households: (code: string, page: { limit: number; after?: string | undefined }): Promise<Household[]> =>
      householdsInside(db, code, page),
  }
}

/** Why a household of a sheet may not be saved, if so. */
function householdFault(
  by: Person | 'station',
  { id, areaCode }: Household,
  areas: Map<string, Area>,
  known: Map<string, Household>,
): Detail | undefined {
  if (by !== 'station' && !contains(by.areaCode, areaCode)) {
    return bad('areaCode', `${areaCode} 不在您的管理范围内`, `${areaCode} is outside the area you act for`)
  }
  if (!areas.has(areaCode)) return bad('areaCode', `没有区划 ${areaCode}`, `There is no area ${areaCode}`)
  if (known.has(id) && known.get(id)!.areaCode !== areaCode) {
    return bad('id', `户号 ${id} 已登记在其他区划`, `The household ${id} is registered in another area`)
  }
  return undefined
}

function bad(column: string, zh: string, en: string): Detail {
  return { field: column, column, message: { zh, en } }
}
