import { parse } from 'csv-parse/sync'
import { stringify } from 'csv-stringify/sync'
import { invalid, StationError } from '../errors.ts'

/** A row of a sheet with the line it stands on (the header is line 1), its cells by column name. */
export type SheetRow = { line: number; cells: Record<string, string> }

export const SHEET_ROW_LIMIT = 20_000

/**
 * Reads CSV in UTF-8 (with or without BOM) or GB 18030. Throws `invalid` naming the file when it is no text, the line when it is not
 * CSV, and when it has too many rows.
 */
export function readCsv(bytes: Uint8Array): SheetRow[] {
  const text = textOf(bytes)
  try {
    const records = parse(text, {
      bom: true,
      columns: (header: string[]) => header.map((name) => name.trim()),
      skip_empty_lines: true,
      relax_column_count: true,
      trim: true,
      info: true,
      to: SHEET_ROW_LIMIT + 1,
      max_record_size: 100_000,
    }) as unknown as { info: { lines: number }; record: Record<string, string> }[]
    if (records.length > SHEET_ROW_LIMIT) {
      throw new StationError('invalid', {
        zh: `表格超过 ${SHEET_ROW_LIMIT} 行`,
        en: `The sheet has more than ${SHEET_ROW_LIMIT} rows`,
      })
    }
    return records.map(({ info, record }) => ({ line: info.lines, cells: record }))
  } catch (error) {
    if (error instanceof StationError) throw error
    const line = (error as { lines?: number }).lines
    throw new StationError(
      'invalid',
      { zh: 'CSV 文件格式不对', en: 'The file is not valid CSV' },
      {
        details: [
          {
            field: 'file',
            ...(line === undefined ? {} : { line }),
            message: { zh: '引号或分隔符不成对', en: (error as Error).message },
          },
        ],
      },
    )
  }
}

/** Spreadsheet programs in Chinese offices save CSV as GB 18030 unless asked otherwise. No text holds a zero byte; pictures do. */
function textOf(bytes: Uint8Array): string {
  if (!bytes.includes(0)) {
    for (const encoding of ['utf-8', 'gb18030']) {
      try {
        return new TextDecoder(encoding, { fatal: true }).decode(bytes)
      } catch {
        // Not in this encoding.
      }
    }
  }
  throw invalid('file', '不是表格文件', 'The file is no table')
}

/** Writes CSV with a BOM, which spreadsheet programs need to read Chinese. Cells that begin a formula are made text. */
export function writeCsv(columns: string[], rows: (string | number | null)[][]): string {
  const safe = rows.map((row) =>
    row.map((cell) => (typeof cell === 'string' && /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell)),
  )
  return stringify([columns, ...safe], { bom: true })
}
