import type { SheetRow } from '../equipment/csv.ts'
import type { Detail } from '../errors.ts'
import { addDays, instantAt, type LocalDate } from '../instant.ts'
import { draftFaults, kindNames, type Draft } from './draft.ts'
import {
  cellsOf,
  columnNamed,
  dateFrom,
  hashesFrom,
  kindNamed,
  linesFrom,
  periodFrom,
  sheetFault,
  type Read,
  type SheetContext,
  type SheetReading,
} from './sheet.ts'

/** Every row is one item. */
export function itemsFromSheet(rows: SheetRow[], context: SheetContext): SheetReading {
  const read: Read[] = []
  const faults: Detail[] = []
  for (const row of rows) {
    const found: Detail[] = []
    const cells = cellsOf('items', row)
    const of = (key: string): string => cells[key]?.trim() ?? ''
    const bad = (key: string, zh: string, en: string): void => {
      found.push(sheetFault('items', key, row.line, zh, en))
    }
    const dateAt = (key: string): LocalDate | undefined => {
      if (of(key) === '') return undefined
      const date = dateFrom(of(key))
      if (!date) bad(key, `「${of(key)}」不是日期`, `"${of(key)}" is not a date`)
      return date
    }
    const column = columnNamed(of('column'), context.columns)
    if (!column) bad('column', `没有栏目「${of('column')}」`, `there is no column "${of('column')}"`)
    const areaCode = of('areaCode') || context.ownAreaCode
    if (!context.areaNames.has(areaCode)) {
      bad('areaCode', `${areaCode} 不在您的管理范围内`, `${areaCode} is not in the area you act for`)
    }
    const kind = of('kind') === '' ? column?.kinds[0] : kindNamed(of('kind'))
    if (!kind && column) bad('kind', `没有类型「${of('kind')}」`, `there is no kind "${of('kind')}"`)
    if (kind === 'ledger' || kind === 'video') {
      bad('kind', `${kindNames[kind].zh}不能用此表导入`, `a ${kindNames[kind].en} does not come by this sheet`)
    }
    const period = of('period') === '' ? '' : periodFrom(of('period'))
    if (period === undefined) bad('period', `「${of('period')}」不是时期`, `"${of('period')}" is not a period`)
    const [from, to] = [dateAt('validFrom'), dateAt('validTo')]

    if (found.length === 0 && column && kind && period !== undefined) {
      const draft = {
        columnId: column.id,
        areaCode,
        householdId: of('householdId') || null,
        title: of('title'),
        summary: of('summary'),
        matter: of('matter'),
        basis: of('basis'),
        timeLimit: of('timeLimit'),
        publisher: of('publisher') || context.areaNames.get(areaCode)!,
        audience: of('audience'),
        period,
        validFrom: from ? instantAt(from, '00:00', context.zone) : null,
        // A thing that is valid to a day is valid through it.
        validTo: to ? instantAt(addDays(to, 1), '00:00', context.zone) : null,
        kind,
        content:
          kind === 'guide'
            ? {
                steps: linesFrom(of('steps')),
                materials: linesFrom(of('materials')),
                place: of('place'),
                telephone: of('telephone'),
                hours: of('hours'),
                fee: of('fee'),
              }
            : { paragraphs: linesFrom(of('text')), pictures: hashesFrom(of('pictures')) },
      } as Draft
      for (const each of draftFaults(draft, column)) {
        const [field = '', part = ''] = each.field.split('.')
        const key =
          field === 'columnId' ? 'column' : field !== 'content' ? field : part === 'paragraphs' ? 'text' : part
        bad(key, each.message.zh, each.message.en)
      }
      if (found.length === 0) read.push({ draft, lines: [row.line] })
    }
    faults.push(...found)
  }
  return { read, faults }
}
