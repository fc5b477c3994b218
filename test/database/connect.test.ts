import { sql } from 'kysely'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { saveAreas } from '../../src/areas/store.ts'
import { connect, type Database } from '../../src/database/connect.ts'
import { migrate } from '../../src/database/migrate.ts'
import type { Area } from '../../src/areas/division.ts'

const area = (code: string): Area => ({
  code,
  parentCode: null,
  name: '村',
  level: 'village',
  validFrom: null,
  validTo: null,
})

describe('SQLite', () => {
  const directory = mkdtempSync(join(tmpdir(), 'xiangyin-database-'))
  const address = { kind: 'sqlite', file: join(directory, 'station.sqlite') } as const
  const ours = connect(address)
  const theirs = connect(address)
  afterAll(async () => {
    await ours.close()
    await theirs.close()
    rmSync(directory, { recursive: true, force: true })
  })

  it.each([
    ['a statement', (db: Database) => saveAreas(db, [area('370799001300')])],
    ['a transaction', (db: Database) => db.transaction().execute((db) => saveAreas(db, [area('370799001301')]))],
  ])('while another process holds the file %s waits, and everything else goes on', async (_, write) => {
    await migrate(ours.writer)
    const held = Promise.withResolvers<void>()
    const isHeld = Promise.withResolvers<void>()
    const holding = theirs.writer.transaction().execute(async (db) => {
      await saveAreas(db, [area('370799001302')])
      isHeld.resolve()
      await held.promise
    })
    await isHeld.promise
    let isWritten = false
    const writing = write(ours.writer).then(() => (isWritten = true))
    const began = performance.now()
    for (let turn = 0; turn < 50; turn++) await setImmediate()
    expect(await ours.reader.selectFrom('areas').select('code').where('code', '=', '1').execute()).toEqual([])
    expect(performance.now() - began).toBeLessThan(1000)
    expect(isWritten).toBe(false)
    held.resolve()
    await Promise.all([holding, writing])
    expect(isWritten).toBe(true)
  })
})

const server = process.env.TEST_DATABASE_URL

describe.skipIf(!server)('PostgreSQL', () => {
  it.each(['at rest', 'in the midst of a transaction'])(
    'a connection that the server ends %s is noted, and the next statement opens another',
    async (when) => {
      const faults: string[] = []
      const noted = Promise.withResolvers<void>()
      const databases = connect({ kind: 'postgres', url: server! }, (error) => {
        faults.push(error.message)
        noted.resolve()
      })
      const own = async (db: Database): Promise<number> =>
        (await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(db)).rows[0]!.pid
      const end = (pid: number) => sql`select pg_terminate_backend(${pid}::integer)`.execute(databases.reader)
      if (when === 'at rest') await end(await own(databases.writer))
      else {
        const work = databases.writer.transaction().execute(async (db) => {
          await end(await own(db))
          await noted.promise
          await own(db)
        })
        await expect(work).rejects.toThrow()
      }
      await noted.promise
      expect(faults.length).toBeGreaterThan(0)
      expect(await own(databases.writer)).toBeGreaterThan(0)
      await databases.close()
    },
  )

  it('counts of bytes pass 2^31', async () => {
    const schema = `t_bytes_${process.pid}`
    const databases = connect({ kind: 'postgres', url: server!, schema })
    await migrate(databases.writer, schema)
    const { rows } = await sql<{ name: string }>`
      select table_name || '.' || column_name as name from information_schema.columns
      where table_schema = ${schema} and column_name ilike '%bytes' and data_type <> 'bigint'`.execute(databases.reader)
    expect(rows).toEqual([])
    await sql`drop schema ${sql.id(schema)} cascade`.execute(databases.writer)
    await databases.close()
  })
})
