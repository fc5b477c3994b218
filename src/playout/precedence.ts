import { levelOf, type AreaLevel } from '../areas/division.ts'
import { StationError, type Detail } from '../errors.ts'
import { instantFrom, milliseconds, type Instant } from '../instant.ts'

/**
 * Who goes before whom: one list for the whole station, the first before the rest, silence after the last. A county may reorder it in
 * `channels/precedence.yaml`; GD/J 079 clause 5.10 leaves the order to local government.
 */
export const ranks = [
  'national-emergency',
  'province-emergency',
  'city-emergency',
  'county-emergency',
  'urgent-notice',
  'drill',
  'live',
  'scheduled-emergency',
  'scheduled-notice',
  'scheduled-daily',
  'column-rotation',
  'filler',
] as const
export type Rank = (typeof ranks)[number]

/** The ranks that are emergencies: none of them may stand behind anything less. */
export const emergencies: readonly Rank[] = [
  'national-emergency',
  'province-emergency',
  'city-emergency',
  'county-emergency',
  'urgent-notice',
]

export type IssuerLevel = 'national' | AreaLevel

const LEVELS: readonly IssuerLevel[] = ['national', 'province', 'city', 'county', 'street', 'village']

export type PrecedenceFacts = {
  rank: Rank
  issuer: IssuerLevel
  /** 1 red to 4 blue; 0 when it has none, which stands behind all four (GD/J 086 annex C). */
  severity: number
  dueAt: Instant
  /** The last resort: the older id goes first. */
  id: string
}

export type PrecedenceOf = (facts: PrecedenceFacts) => string

const NO_SEVERITY = 9

/**
 * Makes the text that sorts by precedence: rank, issuer's level, severity, due instant, id. Its order as text is the total order of
 * the station and of every loudspeaker, so that both agree without talking.
 */
export function precedenceBy(list: readonly Rank[] = ranks): PrecedenceOf {
  const places = new Map(list.map((rank, index) => [rank, String(index).padStart(2, '0')]))
  return ({ rank, issuer, severity, dueAt, id }) => {
    const shade = severity >= 1 && severity <= 4 ? severity : NO_SEVERITY
    return [places.get(rank), LEVELS.indexOf(issuer), shade, instantFrom(milliseconds(dueAt)), id].join('.')
  }
}

/** The rank of an emergency by who issues it: a street's or a village's is an urgent notice. */
export function emergencyRank(issuer: IssuerLevel): Rank {
  return issuer === 'street' || issuer === 'village' ? 'urgent-notice' : `${issuer}-emergency`
}

export function scheduledRank(bulletinClass: 'emergency' | 'notice' | 'daily'): Rank {
  return `scheduled-${bulletinClass}`
}

export function issuerOf(areaCode: string): IssuerLevel {
  return levelOf(areaCode)
}

/** Reads a county's own order. Throws `invalid` naming every word that is unknown, missing, repeated, or an emergency too far down. */
export function precedenceListFrom(value: unknown): readonly Rank[] {
  const words: unknown[] = Array.isArray(value) ? value : []
  const details: Detail[] = []
  const fault = (field: string, zh: string, en: string): void => void details.push({ field, message: { zh, en } })
  const seen = new Set<Rank>()
  let lesser: Rank | undefined
  for (const [index, word] of words.entries()) {
    const rank = ranks.find((each) => each === word)
    if (!rank) {
      fault(String(index), `没有「${String(word)}」这一级`, `"${String(word)}" is none of ${ranks.join(', ')}`)
      continue
    }
    if (seen.has(rank)) fault(String(index), `「${rank}」重复出现`, `"${rank}" stands there twice`)
    seen.add(rank)
    if (!emergencies.includes(rank)) lesser ??= rank
    else if (lesser)
      fault(String(index), `「${rank}」不能排在「${lesser}」之后`, `"${rank}" may not follow "${lesser}"`)
  }
  const missing = ranks.filter((rank) => !seen.has(rank))
  if (missing.length > 0) fault('list', `缺少 ${missing.join('、')}`, `${missing.join(', ')} missing`)
  if (details.length > 0) {
    throw new StationError('invalid', { zh: '优先级清单有误', en: 'The precedence list is wrong' }, { details })
  }
  return words as Rank[]
}
