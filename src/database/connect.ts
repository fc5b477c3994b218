import Sqlite from 'better-sqlite3'
import {
  CompiledQuery,
  Kysely,
  PostgresDialect,
  SqliteDialect,
  type DatabaseConnection,
  type Dialect,
  type SqliteDatabase,
} from 'kysely'
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { Pool, types } from 'pg'
import type { Schema } from './schema.ts'

export type Database = Kysely<Schema>

/** `reader` sees the same rows and cannot change them: reports go through it. */
export type Databases = { writer: Database; reader: Database; schema?: string; close: () => Promise<void> }

export type DatabaseAddress = { kind: 'sqlite'; file: string } | { kind: 'postgres'; url: string; schema?: string }

/** How long a write waits for another process, such as a backup, to let go of the file. */
const BUSY_LIMIT_MILLISECONDS = 5000
/** SQLite itself waits without letting anything else run, so it waits briefly and is asked again after a pause. */
const BUSY_TIMEOUT_MILLISECONDS = 10
const BUSY_PAUSE_MILLISECONDS = 40
const POSTGRES_CONNECTION_LIMIT = 10
const POSTGRES_CONNECTING_MILLISECONDS = 10_000
const POSTGRES_STATEMENT_MILLISECONDS = 60_000
const STATEMENT_LIMIT = 500

function openSqlite(file: string, readonly: boolean): Sqlite.Database {
  const handle = new Sqlite(file, { readonly, timeout: BUSY_LIMIT_MILLISECONDS })
  if (!readonly) {
    handle.pragma('journal_mode = WAL')
    // NORMAL with WAL survives a killed process without loss; FULL would also survive a power cut, at a tenth of the speed
    // for receipts. Loudspeakers keep their receipts until they are acknowledged by the broker and repeat them on reconnect.
    handle.pragma('synchronous = NORMAL')
  }
  handle.pragma('foreign_keys = ON')
  handle.pragma('cache_size = -32000')
  handle.pragma(`busy_timeout = ${BUSY_TIMEOUT_MILLISECONDS}`)
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

/**
 * The writer's dialect: a statement that finds the file locked is tried again until `BUSY_LIMIT_MILLISECONDS` have passed, and
 * meanwhile everything else runs. Transactions take the lock as they begin, since in the midst of one a lock can no longer be waited for.
 */
function patient(dialect: SqliteDialect): Dialect {
  return {
    createAdapter: () => dialect.createAdapter(),
    createIntrospector: (db) => dialect.createIntrospector(db),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createDriver: () => {
      const driver = dialect.createDriver()
      const acquire = driver.acquireConnection.bind(driver)
      return Object.assign(driver, {
        acquireConnection: async (): Promise<DatabaseConnection> => {
          const connection = await acquire()
          return {
            executeQuery: (query, options) => untilFree(() => connection.executeQuery(query, options)),
            streamQuery: (query, size, options) => connection.streamQuery(query, size, options),
          }
        },
        beginTransaction: async (connection: DatabaseConnection): Promise<void> => {
          await connection.executeQuery(CompiledQuery.raw('begin immediate'))
        },
      })
    },
  }
}

async function untilFree<T>(attempt: () => Promise<T>): Promise<T> {
  const end = performance.now() + BUSY_LIMIT_MILLISECONDS
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'SQLITE_BUSY' || performance.now() > end) throw error
      await setTimeout(BUSY_PAUSE_MILLISECONDS)
    }
  }
}

/**
 * Opens the station's database. The caller runs `migrate` before using it. `fault` is told of connections that the server ended: the
 * statement on one fails for its caller, the next opens another.
 */
export function connect(address: DatabaseAddress, fault: (error: Error) => void = () => {}): Databases {
  if (address.kind === 'sqlite') {
    mkdirSync(dirname(address.file), { recursive: true })
    const writer = new Kysely<Schema>({
      dialect: patient(new SqliteDialect({ database: withStatements(openSqlite(address.file, false)) })),
    })
    const reader = new Kysely<Schema>({
      dialect: new SqliteDialect({ database: withStatements(openSqlite(address.file, true)) }),
    })
    return { writer, reader, close: async () => void (await Promise.all([writer.destroy(), reader.destroy()])) }
  }
  // node-postgres answers 64-bit counts as text; no count of the station comes near 2^53.
  types.setTypeParser(types.builtins.INT8, Number)
  const searchPath = address.schema ? `-c search_path=${address.schema}` : ''
  const pool = (readonly: boolean): Pool => {
    const made = new Pool({
      connectionString: address.url,
      max: POSTGRES_CONNECTION_LIMIT,
      connectionTimeoutMillis: POSTGRES_CONNECTING_MILLISECONDS,
      statement_timeout: POSTGRES_STATEMENT_MILLISECONDS,
      options: `${searchPath} -c default_transaction_read_only=${readonly ? 'on' : 'off'}`.trim(),
    })
    // An error that nobody listens for ends the process. The pool repeats those of idle connections, which are told of already.
    made.on('connect', (client) => void client.on('error', fault))
    made.on('error', () => {})
    return made
  }
  const writer = new Kysely<Schema>({ dialect: new PostgresDialect({ pool: pool(false) }) })
  const reader = new Kysely<Schema>({ dialect: new PostgresDialect({ pool: pool(true) }) })
  const close = async (): Promise<void> => void (await Promise.all([writer.destroy(), reader.destroy()]))
  return { writer, reader, close, ...(address.schema ? { schema: address.schema } : {}) }
}
