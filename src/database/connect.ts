import Sqlite from 'better-sqlite3'
import { Kysely, PostgresDialect, SqliteDialect, type SqliteDatabase } from 'kysely'
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { Pool, types } from 'pg'
import type { Schema } from './schema.ts'

export type Database = Kysely<Schema>

/** `reader` sees the same rows and cannot change them: reports go through it. */
export type Databases = { writer: Database; reader: Database; schema?: string; close: () => Promise<void> }

export type DatabaseAddress = { kind: 'sqlite'; file: string } | { kind: 'postgres'; url: string; schema?: string }

const BUSY_TIMEOUT_MILLISECONDS = 5000
const POSTGRES_CONNECTION_LIMIT = 10
const STATEMENT_LIMIT = 500

function openSqlite(file: string, readonly: boolean): Sqlite.Database {
  const handle = new Sqlite(file, { readonly, timeout: BUSY_TIMEOUT_MILLISECONDS })
  if (!readonly) {
    handle.pragma('journal_mode = WAL')
    // NORMAL with WAL survives a killed process without loss; FULL would also survive a power cut, at a tenth of the speed
    // for receipts. Loudspeakers keep their receipts until they are acknowledged by the broker and repeat them on reconnect.
    handle.pragma('synchronous = NORMAL')
  }
  handle.pragma('foreign_keys = ON')
  handle.pragma('cache_size = -32000')
  return handle
}

/**
 * Keeps prepared statements: preparing takes longer than most of ours run, and after a power cut thousands of loudspeakers ask the
 * same questions at once. A statement that is still being read from is not shared.
 */
function withStatements(handle: Sqlite.Database): SqliteDatabase {
  const known = new Map<string, Sqlite.Statement>()
  return {
    prepare: (sql) => {
      const kept = known.get(sql)
      const statement = kept && !kept.busy ? kept : handle.prepare(sql)
      known.delete(sql)
      if (known.size >= STATEMENT_LIMIT) known.delete(known.keys().next().value!)
      known.set(sql, statement)
      return statement
    },
    close: () => void handle.close(),
  }
}

/** Opens the station's database. The caller runs `migrate` before using it. */
export function connect(address: DatabaseAddress): Databases {
  if (address.kind === 'sqlite') {
    mkdirSync(dirname(address.file), { recursive: true })
    const writer = new Kysely<Schema>({
      dialect: new SqliteDialect({ database: withStatements(openSqlite(address.file, false)) }),
    })
    const reader = new Kysely<Schema>({
      dialect: new SqliteDialect({ database: withStatements(openSqlite(address.file, true)) }),
    })
    return { writer, reader, close: async () => void (await Promise.all([writer.destroy(), reader.destroy()])) }
  }
  // node-postgres answers 64-bit counts as text; no count of the station comes near 2^53.
  types.setTypeParser(types.builtins.INT8, Number)
  const searchPath = address.schema ? `-c search_path=${address.schema}` : ''
  const pool = (readonly: boolean): Pool =>
    new Pool({
      connectionString: address.url,
      max: POSTGRES_CONNECTION_LIMIT,
      options: `${searchPath} -c default_transaction_read_only=${readonly ? 'on' : 'off'}`.trim(),
    })
  const writer = new Kysely<Schema>({ dialect: new PostgresDialect({ pool: pool(false) }) })
  const reader = new Kysely<Schema>({ dialect: new PostgresDialect({ pool: pool(true) }) })
  const close = async (): Promise<void> => void (await Promise.all([writer.destroy(), reader.destroy()]))
  return { writer, reader, close, ...(address.schema ? { schema: address.schema } : {}) }
}
