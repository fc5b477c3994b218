import { levelOf, type AreaLevel } from '../areas/division.ts'
import type { Detail, Text } from '../errors.ts'
import type { ContentOf, ItemHead, Kind } from './item.ts'
import { ledgerFaults } from './ledger.ts'
import { periodLengthOf, type PeriodLength } from './period.ts'
import { VIDEO_SECONDS_LIMIT } from './video-jobs.ts'

/** What a clerk writes; everything else of an item is the station's. */
export type Draft = Pick<
  ItemHead,
  | 'columnId'
  | 'areaCode'
  | 'householdId'
  | 'title'
  | 'summary'
  | 'matter'
  | 'basis'
  | 'timeLimit'
  | 'publisher'
  | 'audience'
  | 'period'
  | 'validFrom'
  | 'validTo'
> &
  { [K in Kind]: { kind: K; content: ContentOf[K] } }[Kind]

/** What content must know of a column; the channels declare them. */
export type ColumnRule = {
  readonly id: string
  readonly sectionId: 'county' | 'street' | 'community' | 'household'
  readonly name: Text
  readonly kinds: readonly Kind[]
  readonly period: PeriodLength | null
  readonly dueDay: number | null
}

/** A section's items lie at areas of one level; a household's at its village. */
export const sectionLevels: Record<ColumnRule['sectionId'], AreaLevel> = {
  county: 'county',
  street: 'street',
  community: 'village',
  household: 'village',
}

const HEAD_LIMITS = {
  title: 80,
  summary: 300,
  matter: 100,
  basis: 300,
  timeLimit: 100,
  publisher: 60,
  audience: 60,
} as const
const PARAGRAPHS_LIMIT = 200
const PARAGRAPH_LIMIT = 2000
const PICTURES_LIMIT = 20
const STEPS_LIMIT = 30
const STEP_LIMIT = 300

/** What is wrong with a draft, by field. An empty list is a draft that may be kept. */
export function draftFaults(draft: Draft, column: ColumnRule | undefined): Detail[] {
  return [...placeFaults(draft, column), ...headFaults(draft), ...contentFaults(draft)]
}

/** What a sound draft still lacks to be published: a video its film, which may be uploaded after the words are written. */
export function publicationFaults(draft: Draft): Detail[] {
  if (draft.kind !== 'video' || (draft.content.videoHash !== null && draft.content.seconds > 0)) return []
  return [at('content.videoHash', '没有视频，不能公开', 'there is no film to publish')]
}

function placeFaults(draft: Draft, column: ColumnRule | undefined): Detail[] {
  if (!column) return [at('columnId', `没有栏目「${draft.columnId}」`, `there is no column "${draft.columnId}"`)]
  const faults: Detail[] = []
  if (!column.kinds.includes(draft.kind)) {
    const allowed = column.kinds.map((kind) => kindNames[kind])
    faults.push(
      at(
        'kind',
        `「${column.name.zh}」只收${allowed.map(({ zh }) => zh).join('、')}`,
        `"${column.name.en}" takes ${allowed.map(({ en }) => en).join(', ')} only`,
      ),
    )
  }
  const level = sectionLevels[column.sectionId]
  if (levelOf(draft.areaCode) !== level) {
    faults.push(
      at(
        'areaCode',
        `「${column.name.zh}」属于${levelNames[level].zh}，${draft.areaCode} 不是`,
        `"${column.name.en}" belongs to a ${levelNames[level].en}, which ${draft.areaCode} is not`,
      ),
    )
  }
  if (column.sectionId === 'household' && draft.householdId === null) {
    faults.push(at('householdId', '须指明是哪一户', 'must name the household'))
  }
  if (column.sectionId !== 'household' && draft.householdId !== null) {
    faults.push(at('householdId', '只用于「我家」栏目', "is for a household's own columns only"))
  }
  if (column.period !== null && draft.kind === 'ledger' && draft.period === '') {
    faults.push(at('period', '定期公开的账目须写明所属时期', 'a ledger of this column must name its period'))
  }
  return faults
}

function headFaults(draft: Draft): Detail[] {
  const faults: Detail[] = []
  if (draft.title.trim() === '') faults.push(at('title', '标题不能为空', 'must not be empty'))
  for (const [name, limit] of Object.entries(HEAD_LIMITS) as [keyof typeof HEAD_LIMITS, number][]) {
    faults.push(...textFaults(draft[name], name, limit))
  }
  if (draft.period !== '' && periodLengthOf(draft.period) === undefined) {
    faults.push(at('period', '应如 2026、2026-Q3 或 2026-09', 'must be like 2026, 2026-Q3 or 2026-09'))
  }
  if (draft.validFrom !== null && draft.validTo !== null && draft.validTo <= draft.validFrom) {
    faults.push(at('validTo', '失效时刻须晚于生效时刻', 'must be later than the beginning'))
  }
  return faults
}

function contentFaults(draft: Draft): Detail[] {
  if (draft.kind === 'ledger') return ledgerFaults(draft.content, draft.period)
  if (draft.kind === 'guide') {
    const { steps, materials, place, telephone, hours, fee } = draft.content
    const isTelephone = /^[\d+ ()、,，-]{0,60}$/.test(telephone)
    return [
      ...listFaults(steps, 'content.steps', 1, STEPS_LIMIT, STEP_LIMIT),
      ...listFaults(materials, 'content.materials', 0, STEPS_LIMIT, STEP_LIMIT),
      ...textFaults(place, 'content.place', 100),
      ...textFaults(hours, 'content.hours', 100),
      ...textFaults(fee, 'content.fee', 60),
      ...(isTelephone ? [] : [at('content.telephone', '应为电话号码', 'must be telephone numbers')]),
    ]
  }
  if (draft.kind === 'video') {
    const { seconds, description } = draft.content
    const isLength = Number.isInteger(seconds) && seconds >= 0 && seconds <= VIDEO_SECONDS_LIMIT
    return [
      ...(isLength
        ? []
        : [
            at(
              'content.seconds',
              `时长应为 0 到 ${VIDEO_SECONDS_LIMIT} 秒`,
              `must be 0 to ${VIDEO_SECONDS_LIMIT} seconds`,
            ),
          ]),
      ...textFaults(description, 'content.description', PARAGRAPH_LIMIT),
    ]
  }
  return [
    ...listFaults(draft.content.paragraphs, 'content.paragraphs', 1, PARAGRAPHS_LIMIT, PARAGRAPH_LIMIT),
    ...countFaults(draft.content.pictures, 'content.pictures', PICTURES_LIMIT),
  ]
}

/** The pictures an item shows: each must be one that was uploaded. */
export function picturesOf(item: { [K in Kind]: { kind: K; content: ContentOf[K] } }[Kind]): string[] {
  if (item.kind === 'ledger') return item.content.lines.flatMap((line) => line.vouchers)
  if (item.kind === 'guide') return []
  if (item.kind === 'video') return item.content.posterHash === null ? [] : [item.content.posterHash]
  return item.content.pictures
}

export const kindNames: Record<Kind, Text> = {
  article: { zh: '文章', en: 'article' },
  ledger: { zh: '账目', en: 'ledger' },
  guide: { zh: '指南', en: 'guide' },
  video: { zh: '视频', en: 'video' },
  notice: { zh: '通知', en: 'notice' },
}

const levelNames: Record<AreaLevel, Text> = {
  province: { zh: '省', en: 'province' },
  city: { zh: '市', en: 'city' },
  county: { zh: '区县', en: 'county' },
  street: { zh: '街道', en: 'street' },
  village: { zh: '村居', en: 'village' },
}

// Signs that no keyboard writes and no screen shows; tabs and line ends may stand in texts.
// eslint-disable-next-line no-control-regex
const UNSHOWN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]/

function textFaults(text: string, field: string, limit: number): Detail[] {
  if (text.length > limit) return [at(field, `最多 ${limit} 个字`, `has at most ${limit} characters`)]
  return UNSHOWN.test(text) ? [at(field, '含有无法显示的字符', 'holds signs that cannot be shown')] : []
}

function listFaults(list: string[], field: string, minimum: number, limit: number, textLimit: number): Detail[] {
  if (list.length < minimum) return [at(field, '不能为空', 'must not be empty')]
  return [
    ...countFaults(list, field, limit),
    ...list.slice(0, limit).flatMap((text, index) => textFaults(text, `${field}.${index}`, textLimit)),
  ]
}

function countFaults(list: unknown[], field: string, limit: number): Detail[] {
  return list.length > limit ? [at(field, `最多 ${limit} 项`, `has at most ${limit} entries`)] : []
}

function at(field: string, zh: string, en: string): Detail {
  return { field, message: { zh, en } }
}
