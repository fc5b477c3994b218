import type { Detail } from '../errors.ts'
import { isLocalDate, type LocalDate } from '../instant.ts'
import type { SheetRow } from '../equipment/csv.ts'
import { kindNames, type ColumnRule, type Draft } from './draft.ts'
import { kinds, type Kind } from './item.ts'
import { periodLengthOf } from './period.ts'

/** Sheets as a clerk fills them in, Chinese headers first: rows become drafts, or faults named by line and column. */

export const importKinds = ['items', 'ledger'] as const
export type ImportKind = (typeof importKinds)[number]
export const IMPORT_ROW_LIMIT = 5000

/** What one or more rows came to: a draft with the lines it was read from. */
export type Read = { draft: Draft; lines: number[] }
export type SheetReading = { read: Read[]; faults: Detail[] }

export type SheetContext = {
  columns: readonly ColumnRule[]
  /** Names of the areas that the importer may write for, by code. */
  areaNames: Map<string, string>
  /** The area of rows that name none. */
  ownAreaCode: string
  zone: string
}

type Header = { key: string; zh: string; example: string; isRequired?: true }

const headers: Record<ImportKind, Header[]> = {
  items: [
    { key: 'areaCode', zh: '区划代码', example: '370799001200' },
    { key: 'column', zh: '栏目', example: '村务公开', isRequired: true },
    { key: 'kind', zh: '类型', example: '文章' },
    { key: 'householdId', zh: '家庭编号', example: '' },
    { key: 'title', zh: '标题', example: '第三季度低保对象名单', isRequired: true },
    { key: 'summary', zh: '摘要', example: '本季度新增 2 户，退出 1 户' },
    { key: 'text', zh: '正文', example: '经村民代表会议评议，现将名单公示如下。' },
    { key: 'matter', zh: '公开事项', example: '低保对象名单' },
    { key: 'basis', zh: '公开依据', example: '村民委员会组织法第三十条' },
    { key: 'timeLimit', zh: '公开时限', example: '每季度' },
    { key: 'publisher', zh: '公开主体', example: '柳树庄村民委员会' },
    { key: 'audience', zh: '公开对象', example: '本村村民' },
    { key: 'period', zh: '所属时期', example: '2026年第3季度' },
    { key: 'validFrom', zh: '生效日期', example: '' },
    { key: 'validTo', zh: '失效日期', example: '' },
    { key: 'pictures', zh: '图片', example: '' },
    { key: 'steps', zh: '办理步骤', example: '' },
    { key: 'materials', zh: '所需材料', example: '' },
    { key: 'place', zh: '办理地点', example: '' },
    { key: 'telephone', zh: '联系电话', example: '' },
    { key: 'hours', zh: '办理时间', example: '' },
    { key: 'fee', zh: '收费', example: '' },
  ],
  ledger: [
    { key: 'areaCode', zh: '区划代码', example: '370799001200' },
    { key: 'column', zh: '栏目', example: '财务公开' },
    { key: 'period', zh: '月份', example: '2026-09' },
    { key: 'opening', zh: '期初余额', example: '10000.00' },
    { key: 'date', zh: '日期', example: '2026-09-03', isRequired: true },
    { key: 'direction', zh: '收支', example: '支出', isRequired: true },
    { key: 'amount', zh: '金额', example: '1200.50', isRequired: true },
    { key: 'balance', zh: '余额', example: '8799.50' },
    { key: 'payee', zh: '对方单位', example: '青禾五金店' },
    { key: 'purpose', zh: '用途', example: '维修路灯', isRequired: true },
    { key: 'handler', zh: '经手人', example: '李明' },
    { key: 'vouchers', zh: '票据', example: '' },
    { key: 'closing', zh: '期末余额', example: '8799.50' },
  ],
}

/** A sheet to fill in: the headers, and a row that shows how. */
export function sheetTemplate(kind: ImportKind): { columns: string[]; rows: string[][] } {
  return { columns: headers[kind].map(({ zh }) => zh), rows: [headers[kind].map(({ example }) => example)] }
}

/** Names the required headers that a sheet lacks; the whole file is refused for them. */
export function headerFaults(kind: ImportKind, row: SheetRow): Detail[] {
  const present = cellsOf(kind, row)
  return headers[kind]
    .filter(({ key, isRequired }) => isRequired && !(key in present))
    .map(({ key, zh }) => sheetFault(kind, key, 1, `缺少「${zh}」列`, `the column "${zh}" (${key}) is missing`))
}

/** A row's cells by key, whether its headers are Chinese, keys, or marked (`金额（元）`, `标题*`). */
export function cellsOf(kind: ImportKind, row: SheetRow): Record<string, string> {
  const cells: Record<string, string> = {}
  for (const [name, cell] of Object.entries(row.cells)) {
    const plain = name
      .normalize('NFKC')
      .replace(/\(.*\)|[*\s]/g, '')
      .toLowerCase()
    const header = headers[kind].find(({ key, zh }) => zh === plain || key.toLowerCase() === plain)
    if (header) cells[header.key] = cell
  }
  return cells
}

/** A fault of one cell: `field` is the key, `column` the header as the clerk sees it. */
export function sheetFault(kind: ImportKind, key: string, line: number, zh: string, en: string): Detail {
  const header = headers[kind].find((each) => each.key === key)
  return { field: key, line, column: header?.zh ?? key, message: { zh, en } }
}

export function columnNamed(text: string, columns: readonly ColumnRule[]): ColumnRule | undefined {
  return columns.find(({ id, name }) => name.zh === text || id === text || name.en === text)
}

export function kindNamed(text: string): Kind | undefined {
  return kinds.find((kind) => kind === text || kindNames[kind].zh === text)
}

/** A date as people write it: `2026-09-03`, `2026/9/3`, `2026.9.3`, `2026年9月3日`. */
export function dateFrom(text: string): LocalDate | undefined {
  const match = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/.exec(text.normalize('NFKC').replace(/\s/g, ''))
  if (!match) return undefined
  const date = `${match[1]}-${match[2]!.padStart(2, '0')}-${match[3]!.padStart(2, '0')}`
  return isLocalDate(date) ? date : undefined
}

/** A period as people write it: `2026年`, `2026年第3季度`, `2026年9月`, `2026/9`, or as the station does. */
export function periodFrom(text: string): string | undefined {
  const plain = text.normalize('NFKC').replace(/\s/g, '')
  const month = /^(\d{4})[-/.年](\d{1,2})月?$/.exec(plain)
  const quarter = /^(\d{4})年?第?([1-4一二三四])季度?$/.exec(plain)
  const period = month
    ? `${month[1]}-${month[2]!.padStart(2, '0')}`
    : quarter
      ? `${quarter[1]}-Q${'一二三四'.includes(quarter[2]!) ? '一二三四'.indexOf(quarter[2]!) + 1 : quarter[2]}`
      : plain.replace(/年度?$/, '')
  return periodLengthOf(period) === undefined ? undefined : period
}

export function periodInChinese(period: string): string {
  const year = period.slice(0, 4)
  const length = periodLengthOf(period)
  if (length === 'month') return `${year}年${Number(period.slice(5))}月`
  return length === 'quarter' ? `${year}年第${period[6]}季度` : `${year}年`
}

/** The lines of a cell, which are paragraphs or steps. */
export function linesFrom(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

/** The pictures that a cell names, by the hashes that their upload answered. */
export function hashesFrom(text: string): string[] {
  return text.split(/[\s,，、;；]+/).filter((part) => part !== '')
}
