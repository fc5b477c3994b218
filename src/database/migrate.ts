import type { Kysely } from 'kysely'
import { Migrator } from 'kysely/migration'
import * as station from './migrations/0001_station.ts'
import type { Schema } from './schema.ts'

/** Every migration in order. A migration that has landed is never edited. */
const migrations = { '0001_station': station }

/** Brings the database to the newest schema. Throws when a migration fails; the database then stands as before it. */
export async function migrate(db: Kysely<Schema>, schema?: string): Promise<void> {
  const { error } = await migratorOf(db, schema).migrateToLatest()
  if (error) throw error
}

/** The names of the migrations that the database has not had; none of them is run. */
export async function pendingMigrations(db: Kysely<Schema>, schema?: string): Promise<string[]> {
  const known = await migratorOf(db, schema).getMigrations()
  return known.filter(({ executedAt }) => executedAt === undefined).map(({ name }) => name)
}

function migratorOf(db: Kysely<Schema>, schema: string | undefined): Migrator {
  return new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve(migrations) },
    ...(schema ? { migrationTableSchema: schema } : {}),
  })
}
