import { sql, type RawBuilder, type SqlBool } from 'kysely'
import type { Database } from '../database/connect.ts'
import { prefixOf, rangeOf, type Area } from './division.ts'

/** Rows a statement may hold: SQLite allows 32,766 bound values. */
const BATCH = 1000

/** Whether a column holds the code of an area or of anything inside it; answered by the column's index. */
export function inside(column: string, code: string): RawBuilder<SqlBool> {
  const [from, to] = rangeOf(code)
  return sql<SqlBool>`${sql.ref(column)} between ${from} and ${to}`
}

export async function saveAreas(db: Database, areas: Area[]): Promise<void> {
  for (let start = 0; start < areas.length; start += BATCH) {
    await db
      .insertInto('areas')
      .values(areas.slice(start, start + BATCH).map((area) => ({ ...area, prefix: prefixOf(area.code) })))
      .onConflict((conflict) =>
        conflict.column('code').doUpdateSet((row) => ({
          name: row.ref('excluded.name'),
          parentCode: row.ref('excluded.parentCode'),
          validFrom: row.ref('excluded.validFrom'),
          validTo: row.ref('excluded.validTo'),
        })),
      )
      .execute()
  }
}

export async function areaOf(db: Database, code: string): Promise<Area | undefined> {
  return db.selectFrom('areas').select(AREA).where('code', '=', code).executeTakeFirst()
}

/** The area and everything inside it, in order of code. */
export async function areasInside(db: Database, code: string, limit: number): Promise<Area[]> {
  return db.selectFrom('areas').select(AREA).where(inside('code', code)).orderBy('code').limit(limit).execute()
}

/** Every area, in order of code. */
export async function everyArea(db: Database, limit: number): Promise<Area[]> {
  return db.selectFrom('areas').select(AREA).orderBy('code').limit(limit).execute()
}

/** The areas of the codes that exist, by code. */
export async function areasByCode(db: Database, codes: string[]): Promise<Map<string, Area>> {
  if (codes.length === 0) return new Map()
  const rows = await db.selectFrom('areas').select(AREA).where('code', 'in', codes).execute()
  return new Map(rows.map((area) => [area.code, area]))
}

export async function areaCodes(db: Database): Promise<string[]> {
  const rows = await db.selectFrom('areas').select('code').orderBy('code').execute()
  return rows.map((row) => row.code)
}

const AREA = ['code', 'parentCode', 'name', 'level', 'validFrom', 'validTo'] as const

const HOUSEHOLD = ['id', 'areaCode', 'name', 'address'] as const

export type Household = { id: string; areaCode: string; name: string; address: string }

export async function saveHouseholds(db: Database, households: (Household & { createdAt: string })[]): Promise<void> {
  for (let start = 0; start < households.length; start += BATCH) {
    await db
      .insertInto('households')
      .values(households.slice(start, start + BATCH))
      .onConflict((conflict) =>
        conflict
          .column('id')
          .doUpdateSet((row) => ({ name: row.ref('excluded.name'), address: row.ref('excluded.address') })),
      )
      .execute()
  }
}

/** The households of the ids that exist, by id. */
export async function householdsById(db: Database, ids: string[]): Promise<Map<string, Household>> {
  const known = new Map<string, Household>()
  for (let start = 0; start < ids.length; start += BATCH) {
    const rows = await db
      .selectFrom('households')
      .select(HOUSEHOLD)
      .where('id', 'in', ids.slice(start, start + BATCH))
      .execute()
    for (const household of rows) known.set(household.id, household)
  }
  return known
}

export async function householdOf(db: Database, id: string): Promise<Household | undefined> {
  return db.selectFrom('households').select(HOUSEHOLD).where('id', '=', id).executeTakeFirst()
}

export async function householdsInside(
  db: Database,
  code: string,
  page: { limit: number; after?: string | undefined },
): Promise<Household[]> {
  let query = db.selectFrom('households').select(HOUSEHOLD).where(inside('areaCode', code))
  if (page.after) query = query.where('id', '>', page.after)
  return query.orderBy('id').limit(page.limit).execute()
}
