import type { Kysely } from 'kysely'
import { Migrator } from 'kysely/migration'
import * as station from './migrations/0001_station.ts'
import type { Schema } from './schema.ts'

/** Every migration in order. A migration that has landed is never edited. */
const migrations = { '0001_station': station }

/** Brings the database to the newest schema. Throws when a migration fails; the database then stands as before it. */
export async function migrate(db: Kysely<Schema>, schema?: string): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve(migrations) },
    ...(schema ? { migrationTableSchema: schema } : {}),
  })
  const { error } = await migrator.migrateToLatest()
  if (error) throw error
}
