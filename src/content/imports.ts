import { audit } from '../accounts/audit.ts'
import type { Areas } from '../areas/areas.ts'
import { contains, isAreaCode, requireArea } from '../areas/division.ts'
import type { Database } from '../database/connect.ts'
import { readCsv, type SheetRow } from '../equipment/csv.ts'
import type { Dice } from '../equipment/dice.ts'
import { hashOf } from '../equipment/store.ts'
import { isXlsx, readXlsx } from '../equipment/xlsx.ts'
import { notFound, StationError, type Detail } from '../errors.ts'
import { addSeconds, type Instant } from '../instant.ts'
import type { Person } from '../web/guard.ts'
import { authorOf, newItem } from './content.ts'
import type { ColumnRule, Draft } from './draft.ts'
import {
  cellsOf,
  headerFaults,
  IMPORT_ROW_LIMIT,
  sheetFault,
  type ImportKind,
  type Read,
  type SheetReading,
} from './sheet.ts'
import { itemsFromSheet } from './sheet-items.ts'
import { companionFaults, ledgersFromSheet } from './sheet-ledger.ts'
import { addImport, addItems, importOf, importsInside, ledgersIn, setImport, type ImportRecord } from './store.ts'

/** Faults that an import remembers; more are counted only. */
export const IMPORT_FAULTS_LIMIT = 500
/** Drafts written in one transaction: progress shows between them, and the beat gets its turn. */
const CHUNK = 100
/** An import that runs for longer was cut off with its station. What it wrote stays; sent again, it goes on from there. */
const RUNNING_LIMIT_SECONDS = 600

export type ImportFile = { kind: ImportKind; fileName: string; bytes: Uint8Array; isPublished: boolean }

export type Imports = ReturnType<typeof createImports>

/** Sheets of many items at once: good rows are kept, bad ones named by line and column, and the same sheet twice is one. */
export function createImports(parts: {
  db: Database
  reader: Database
  dice: Dice
  areas: Areas
  columns: readonly ColumnRule[]
  referenceFaults: (draft: Draft) => Promise<Detail[]>
  zone: string
}) {
  const { db, reader, dice, areas, columns } = parts

  const readingOf = async (by: Person, kind: ImportKind, rows: SheetRow[]): Promise<SheetReading> => {
    const named = rows.map((row) => cellsOf(kind, row).areaCode?.trim() ?? '')
    const areaNames = new Map<string, string>()
    for (const code of new Set([by.areaCode, ...named])) {
      if (!isAreaCode(code) || !contains(by.areaCode, code)) continue
      const area = await areas.find(code)
      if (area) areaNames.set(code, area.name)
    }
    const context = {
      columns,
      areaNames,
      ownAreaCode: by.areaCode,
      zone: parts.zone,
    }
    return kind === 'items' ? itemsFromSheet(rows, context) : ledgersFromSheet(rows, context)
  }

  /** Writes one chunk: what is there already is passed over, what refers to nothing is refused. */
  const write = async (
    by: Person,
    file: Pick<ImportFile, 'kind' | 'isPublished'>,
    chunk: Read[],
    now: Instant,
  ): Promise<{ accepted: number; repeated: number; faults: Detail[] }> => {
    const faults: Detail[] = []
    const sound: (Read & { key: string })[] = []
    for (const each of chunk) {
      if ((await parts.referenceFaults(each.draft)).length === 0) {
        sound.push({ ...each, key: hashOf(JSON.stringify(each.draft)) })
        continue
      }
      const named = new Set<number>()
      for (const { draft, line } of linesOf(each)) {
        for (const { field, message } of await parts.referenceFaults(draft)) {
          const key = field === 'householdId' ? 'householdId' : file.kind === 'ledger' ? 'vouchers' : 'pictures'
          faults.push(sheetFault(file.kind, key, line, message.zh, message.en))
          named.add(line)
        }
      }
      faults.push(...companionFaults(each.lines, named))
    }
    return db.transaction().execute(async (db) => {
      const fresh = file.kind === 'ledger' ? await withoutRivals(db, sound, faults) : sound
      const items = fresh.map(({ draft }) => newItem(dice.id(), draft, file.isPublished ? 'published' : 'draft', now))
      const added = await addItems(db, items, {
        author: authorOf(by),
        reason: '导入',
        at: now,
        importKeys: new Map(items.map(({ id }, index) => [id, fresh[index]!.key])),
      })
      const count = (wanted: boolean): number =>
        fresh.reduce((sum, { lines }, index) => (added.has(items[index]!.id) === wanted ? sum + lines.length : sum), 0)
      return { accepted: count(true), repeated: count(false), faults }
    })
  }

  return {
    /**
     * Reads a sheet (CSV in UTF-8 or GB 18030, or XLSX) and keeps its good rows; the record tells the rest. While it runs, the record
     * shows how far it came. Throws `invalid` when the file as a whole cannot be read, and then keeps nothing.
     */
    run: async (by: Person, file: ImportFile, now: Instant): Promise<ImportRecord> => {
      const rows = isXlsx(file.bytes) ? await readXlsx(file.bytes) : readCsv(file.bytes)
      requireReadable(file.kind, rows)
      const reading = await readingOf(by, file.kind, rows)
      const record: ImportRecord = {
        id: dice.id(),
        kind: file.kind,
        fileName: file.fileName.slice(0, 200),
        areaCode: by.areaCode,
        state: 'running',
        total: rows.length,
        accepted: 0,
        repeated: 0,
        rejected: 0,
        faults: reading.faults,
        personId: by.id,
        personName: by.name,
        createdAt: now,
        finishedAt: null,
      }
      await addImport(db, { ...record, faults: [] })
      try {
        for (let start = 0; start < reading.read.length; start += CHUNK) {
          const wrote = await write(by, file, reading.read.slice(start, start + CHUNK), now)
          record.accepted += wrote.accepted
          record.repeated += wrote.repeated
          record.faults = [...record.faults, ...wrote.faults]
          await setImport(db, record.id, { accepted: record.accepted, repeated: record.repeated })
        }
      } catch (error) {
        await setImport(db, record.id, { state: 'failed' })
        throw error
      }
      record.state = 'finished'
      record.finishedAt = now
      record.rejected = record.total - record.accepted - record.repeated
      record.faults = record.faults.sort((one, other) => one.line! - other.line!).slice(0, IMPORT_FAULTS_LIMIT)
      await db.transaction().execute(async (db) => {
        const { state, rejected, faults, finishedAt, accepted, repeated } = record
        await setImport(db, record.id, { state, rejected, faults, finishedAt })
        await audit(db, {
          id: dice.id(),
          at: now,
          by,
          action: 'items.imported',
          subject: 'import',
          subjectId: record.id,
          areaCode: by.areaCode,
          after: { kind: file.kind, fileName: record.fileName, total: record.total, accepted, repeated, rejected },
        })
      })
      return record
    },

    list: async (by: Person, page: { limit: number; after?: string | undefined }, now: Instant) => {
      const records = await importsInside(reader, by.areaCode, page)
      return records.map((record) => asOf(record, now))
    },

    read: async (by: Person, id: string, now: Instant): Promise<ImportRecord> => {
      const record = await importOf(reader, id)
      if (!record) throw notFound('没有这次导入', 'There is no such import')
      requireArea(by, record.areaCode)
      return asOf(record, now)
    },
  }
}

/** A draft by the lines of its sheet, so that what a ledger refers to in vain is named in the very line. */
function linesOf({ draft, lines }: Read): { draft: Draft; line: number }[] {
  if (draft.kind !== 'ledger') return [{ draft, line: lines[0]! }]
  return draft.content.lines.map((line, index) => ({
    draft: { ...draft, content: { ...draft.content, lines: [line] } },
    line: lines[index]!,
  }))
}

function requireReadable(kind: ImportKind, rows: SheetRow[]): void {
  const faults: Detail[] =
    rows.length === 0 ? [wholeFile('表格是空的', 'The sheet is empty')] : headerFaults(kind, rows[0]!)
  if (rows.length > IMPORT_ROW_LIMIT) {
    faults.push(
      wholeFile(`最多 ${IMPORT_ROW_LIMIT} 行，请分次导入`, `At most ${IMPORT_ROW_LIMIT} rows; send them in parts`),
    )
  }
  if (faults.length > 0) throw new StationError('invalid', faults[0]!.message, { details: faults })
}

/** Refuses a ledger where its area and period hold another one: what is disclosed is corrected, not doubled. */
async function withoutRivals<R extends Read & { key: string }>(
  db: Database,
  sound: R[],
  faults: Detail[],
): Promise<R[]> {
  const known = new Map<string, { id: string; importKey: string | null }>()
  for (const columnId of new Set(sound.map(({ draft }) => draft.columnId))) {
    const drafts = sound.filter(({ draft }) => draft.columnId === columnId).map(({ draft }) => draft)
    const ledgers = await ledgersIn(db, {
      columnId,
      areaCodes: [...new Set(drafts.map(({ areaCode }) => areaCode))],
      periods: [...new Set(drafts.map(({ period }) => period))],
    })
    for (const [place, ledger] of ledgers) known.set(`${columnId} ${place}`, ledger)
  }
  return sound.filter(({ draft, key, lines }) => {
    const rival = known.get(`${draft.columnId} ${draft.areaCode} ${draft.period}`)
    if (!rival || rival.importKey === key) return true
    const zh = `${draft.period} 的账目已经有了，请在其上更正`
    const en = `there is a ledger for ${draft.period}; correct that one`
    faults.push(...lines.map((line) => sheetFault('ledger', 'period', line, zh, en)))
    return false
  })
}

function asOf(record: ImportRecord, now: Instant): ImportRecord {
  const isCutOff = record.state === 'running' && addSeconds(record.createdAt, RUNNING_LIMIT_SECONDS) < now
  return isCutOff ? { ...record, state: 'failed' } : record
}

function wholeFile(zh: string, en: string): Detail {
  return { field: 'file', message: { zh, en } }
}
