import sharp from 'sharp'
import { saveHouseholds } from '../../src/areas/store.ts'
import type { Draft } from '../../src/content/draft.ts'
import type { ContentOf, Item, Kind, LedgerLine } from '../../src/content/item.ts'
import { writeZip } from '../../src/equipment/zip.ts'
import type { Instant } from '../../src/instant.ts'
import { START, VILLAGE, type TestStation } from './station.ts'

type Written = Omit<Draft, 'kind' | 'content'>

const head: Written = {
  columnId: 'village-affairs',
  areaCode: VILLAGE,
  householdId: null,
  title: '第三季度低保对象名单',
  summary: '',
  matter: '低保对象名单',
  basis: '村民委员会组织法第三十条',
  timeLimit: '每季度',
  publisher: '柳树庄村民委员会',
  audience: '本村村民',
  period: '',
  validFrom: null,
  validTo: null,
}

const bodies: ContentOf = {
  article: { paragraphs: ['经村民代表会议评议，现将名单公示如下。'], pictures: [] },
  notice: { paragraphs: ['明天上午停水。'], pictures: [] },
  ledger: {
    openingCents: 100_000,
    lines: [ledgerLine({ direction: 'expense', amountCents: 30_050 })],
    closingCents: 69_950,
  },
  guide: { steps: ['带身份证到大厅'], materials: ['身份证'], place: '便民大厅', telephone: '', hours: '', fee: '' },
  video: { videoHash: null, posterHash: null, seconds: 0, description: '' },
}

export function ledgerLine(line: Partial<LedgerLine> = {}): LedgerLine {
  return {
    line: 1,
    date: '2026-10-03',
    direction: 'expense',
    amountCents: 100,
    payee: '五金店',
    purpose: '维修路灯',
    handler: '李明',
    vouchers: [],
    ...line,
  }
}

/** A sound draft of a kind, changed as told. */
export function draftOf<K extends Kind>(kind: K, change: Partial<Written> & { content?: ContentOf[K] } = {}): Draft {
  return { ...head, kind, content: bodies[kind], ...change } as Draft
}

export function ledgerDraft(change: Partial<Written> & { content?: ContentOf['ledger'] } = {}): Draft {
  return draftOf('ledger', { columnId: 'finance', title: '十月财务公开', period: '2026-10', ...change })
}

/** A published item as it stands in the database. */
export function itemWith(change: Partial<Item> & { id: string }): Item {
  return {
    ...draftOf('article'),
    version: 1,
    state: 'published',
    pinnedAt: null,
    publishedAt: START,
    createdAt: START,
    updatedAt: START,
    ...change,
  } as Item
}

export async function addHousehold(test: TestStation, id: string, areaCode = VILLAGE): Promise<void> {
  const createdAt: Instant = START
  await saveHouseholds(test.station.db, [{ id, areaCode, name: '王家', address: '一巷 1 号', createdAt }])
}

/** Writes and publishes an item through the API. */
export async function publish(test: TestStation, draft: Draft): Promise<Item> {
  const clerk = test.as('clerk', draft.areaCode)
  const made = await clerk('POST', '/api/items', draft)
  if (made.status !== 201) throw new Error(JSON.stringify(made.body))
  const published = await clerk('POST', `/api/items/${made.body.id}/publish`, {})
  if (published.status !== 200) throw new Error(JSON.stringify(published.body))
  return published.body as Item
}

export function formOf(fields: Record<string, string>, file?: { bytes: Uint8Array; name: string }): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  if (file) form.append('file', new File([new Uint8Array(file.bytes)], file.name))
  return form
}

export function photo(width: number, height: number, format: 'jpeg' | 'png' | 'webp' = 'jpeg'): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: { r: width % 256, g: height % 256, b: 90 } } })
    .toFormat(format)
    .toBuffer()
}

const part = (text: string): Buffer => Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>${text}`)
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006/relationships'
const SHEET = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'

/** A workbook of one sheet; numbers stay numbers. */
export function workbook(rows: (string | number)[][]): Buffer {
  const cells = rows.map((row, at) => {
    const each = row.map((cell, column) => {
      const name = `${String.fromCharCode(65 + column)}${at + 1}`
      return typeof cell === 'number'
        ? `<c r="${name}"><v>${cell}</v></c>`
        : `<c r="${name}" t="inlineStr"><is><t>${cell}</t></is></c>`
    })
    return `<row r="${at + 1}">${each.join('')}</row>`
  })
  const relation = (id: string, type: string, target: string): Buffer =>
    part(
      `<Relationships xmlns="${PACKAGE}"><Relationship Id="${id}" Type="${OFFICE}/${type}" Target="${target}"/></Relationships>`,
    )
  return writeZip(
    new Map([
      ['_rels/.rels', relation('r1', 'officeDocument', 'xl/workbook.xml')],
      [
        'xl/workbook.xml',
        part(
          `<workbook xmlns="${SHEET}" xmlns:r="${OFFICE}"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>`,
        ),
      ],
      ['xl/_rels/workbook.xml.rels', relation('r1', 'worksheet', 'worksheets/sheet1.xml')],
      [
        'xl/worksheets/sheet1.xml',
        part(`<worksheet xmlns="${SHEET}"><sheetData>${cells.join('')}</sheetData></worksheet>`),
      ],
    ]),
  )
}
