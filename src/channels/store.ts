import type { AreaLevel } from '../areas/division.ts'
import type { Database } from '../database/connect.ts'

/** An area as its feeds see it, with how often what shows there has changed. */
export type Stand = { code: string; name: string; level: AreaLevel; revision: number }

/** Those of the codes that are areas, in one indexed query. */
export async function standsOf(db: Database, codes: string[]): Promise<Map<string, Stand>> {
  const rows = await db
    .selectFrom('areas')
    .leftJoin('feedRevisions', 'feedRevisions.scope', 'areas.code')
    .select(['areas.code', 'areas.name', 'areas.level', 'feedRevisions.revision'])
    .where('areas.code', 'in', codes)
    .execute()
  return new Map(rows.map((row) => [row.code, { ...row, revision: row.revision ?? 0 }]))
}

/** The revisions of scopes in which anything ever changed. */
export async function revisionsOf(db: Database, scopes: string[]): Promise<Map<string, number>> {
  if (scopes.length === 0) return new Map()
  const rows = await db.selectFrom('feedRevisions').selectAll().where('scope', 'in', scopes).execute()
  return new Map(rows.map(({ scope, revision }) => [scope, revision]))
}
