import { readSheet } from 'read-excel-file/node'
import { StationError } from '../errors.ts'
import { SHEET_ROW_LIMIT, type SheetRow } from './csv.ts'
import { readZip, writeZip } from './zip.ts'

/** The most a workbook may unpack to: some 100,000 rows. */
export const WORKBOOK_LIMIT_BYTES = 64 * 1024 * 1024
const FIRST_BYTES = [0x50, 0x4b, 0x03, 0x04]

export function isXlsx(bytes: Uint8Array): boolean {
  return FIRST_BYTES.every((byte, index) => bytes[index] === byte)
}

/**
 * Reads the first sheet of a workbook, its first row as column names. Dates come as `2026-09-03`. The workbook is read by a thread of
 * its own. Throws `invalid` when it is no workbook or has too many rows.
 */
export async function readXlsx(bytes: Uint8Array): Promise<SheetRow[]> {
  const sheet = await sheetOf(bytes)
  const [header = [], ...rows] = sheet
  if (rows.length > SHEET_ROW_LIMIT) {
    throw new StationError('invalid', {
      zh: `表格超过 ${SHEET_ROW_LIMIT} 行`,
      en: `The sheet has more than ${SHEET_ROW_LIMIT} rows`,
    })
  }
  const names = header.map(textOf)
  return rows.flatMap((row, index): SheetRow[] => {
    const cells = Object.fromEntries(names.map((name, column) => [name, textOf(row[column])] as const))
    return Object.values(cells).every((cell) => cell === '') ? [] : [{ line: index + 2, cells }]
  })
}

async function sheetOf(bytes: Uint8Array): Promise<unknown[][]> {
  try {
    // Packed anew, because the reader sets aside as much memory as an archive claims to need.
    const entries = await readZip(bytes, isPart, WORKBOOK_LIMIT_BYTES)
    return await readSheet(writeZip(entries))
  } catch (error) {
    const text = { zh: 'XLSX 文件已损坏或不是工作簿', en: 'The file is damaged or no workbook' }
    const message = { zh: text.zh, en: (error as Error).message }
    throw new StationError('invalid', text, { details: [{ field: 'file', message }] })
  }
}

function isPart(name: string): boolean {
  return name.endsWith('.xml') || name.endsWith('.xml.rels')
}

function textOf(cell: unknown): string {
  if (cell === null || cell === undefined) return ''
  if (cell instanceof Date) return Number.isNaN(cell.getTime()) ? '' : cell.toISOString().slice(0, 10)
  // A sum of a spreadsheet carries the noise of binary fractions: 0.1 + 0.2 is meant to be 0.3.
  if (typeof cell === 'number') return String(Number(cell.toFixed(6)))
  return typeof cell === 'string' ? cell.trim() : typeof cell === 'boolean' ? String(cell) : ''
}
