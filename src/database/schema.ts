import type { Instant, LocalDate } from '../instant.ts'

/**
 * Every table of the station, on one page. One portable subset serves SQLite and PostgreSQL: text and integers, text ids,
 * nullable instants instead of booleans (`revokedAt`), words for states, JSON as text (columns that end in `Json`).
 */
export type Schema = {
  areas: AreaRow
  households: HouseholdRow
  people: PersonRow
  sessions: SessionRow
  audit: AuditRow
  items: ItemRow
  itemVersions: ItemVersionRow
  feedRevisions: FeedRevisionRow
  pictures: PictureRow
  videos: VideoRow
  imports: ImportRow
  bulletins: BulletinRow
  recordings: RecordingRow
  schedules: ScheduleRow
  airings: AiringRow
  deliveries: DeliveryRow
  receipts: ReceiptRow
  terminals: TerminalRow
  alerts: AlertRow
  settings: SettingRow
}

/** A node of the division tree. `prefix` is the code cut of its trailing zero groups (2,2,2,3,3): containment is `like prefix%`. */
export type AreaRow = {
  code: string
  prefix: string
  parentCode: string | null
  name: string
  level: 'province' | 'city' | 'county' | 'street' | 'village'
  validFrom: LocalDate | null
  validTo: LocalDate | null
}

export type HouseholdRow = {
  id: string
  areaCode: string
  name: string
  address: string
  createdAt: Instant
}

export type PersonRow = {
  id: string
  username: string
  name: string
  role: 'admin' | 'clerk' | 'operator' | 'official' | 'supervisor'
  areaCode: string
  telephone: string | null
  passwordHash: string
  createdAt: Instant
  disabledAt: Instant | null
}

export type SessionRow = {
  tokenHash: string
  id: string
  personId: string
  createdAt: Instant
  expiresAt: Instant
  revokedAt: Instant | null
  client: string
}

/** Who changed what, from what, to what, when. Rows are only ever added. */
export type AuditRow = {
  id: string
  at: Instant
  personId: string | null
  personName: string
  role: string
  action: string
  subject: string
  subjectId: string
  areaCode: string | null
  beforeJson: string | null
  afterJson: string | null
}

/** The newest version of a published thing; all its versions stand in `itemVersions`. */
export type ItemRow = {
  id: string
  version: number
  kind: 'article' | 'ledger' | 'guide' | 'video' | 'notice'
  columnId: string
  areaCode: string
  householdId: string | null
  title: string
  summary: string
  matter: string
  basis: string
  timeLimit: string
  publisher: string
  audience: string
  /** The civil period the item discloses: `2026`, `2026-Q3` or `2026-09`; empty when it has none. */
  period: string
  /** The period's last month, `2026-09`, by which periods of every length sort; empty when there is none. */
  periodEnd: string
  contentJson: string
  state: 'draft' | 'published' | 'withdrawn' | 'archived'
  validFrom: Instant | null
  validTo: Instant | null
  pinnedAt: Instant | null
  publishedAt: Instant | null
  createdAt: Instant
  updatedAt: Instant
  /** What an imported item was made from, hashed: the same rows sent twice make one item. */
  importKey: string | null
}

export type ItemVersionRow = {
  itemId: string
  version: number
  at: Instant
  personId: string | null
  personName: string
  reason: string
  itemJson: string
}

/** Counts the changes that can show in an area's feed (`scope` is its code) or a household's (`household:` and its id). */
export type FeedRevisionRow = { scope: string; revision: number }

/** A picture as it is kept: upright, without metadata. The smaller sizes are made when first asked for. */
export type PictureRow = {
  hash: string
  tvHash: string | null
  thumbHash: string | null
  width: number
  height: number
  bytes: number
  areaCode: string
  createdAt: Instant
}

/** An uploaded video, made into one that boxes play. While it is pending the upload lies beside the store under its id. */
export type VideoRow = {
  id: string
  areaCode: string
  state: 'pending' | 'ready' | 'failed'
  /** How often making it has begun: what brings the station down is not tried for ever. */
  attempts: number
  videoHash: string | null
  posterHash: string | null
  seconds: number | null
  bytes: number | null
  /** Why it failed, as a word, and in the encoder's own words. */
  fault: string | null
  reason: string | null
  createdAt: Instant
  finishedAt: Instant | null
}

export type ImportRow = {
  id: string
  kind: string
  fileName: string
  areaCode: string
  state: 'running' | 'finished' | 'failed'
  total: number
  accepted: number
  /** Rows that stood there already, from an earlier import of the same. */
  repeated: number
  rejected: number
  faultsJson: string
  personId: string | null
  personName: string
  createdAt: Instant
  finishedAt: Instant | null
}

export type BulletinRow = {
  id: string
  areaCode: string
  title: string
  class: 'notice' | 'daily' | 'emergency'
  templateId: string | null
  valuesJson: string
  /** The words to be spoken, after the template is filled and before numbers are spelled. */
  text: string
  voice: string | null
  repeatCount: number
  afterPreemption: 'resume' | 'restart' | 'drop'
  recordingKey: string | null
  state: 'draft' | 'ready' | 'retired'
  createdBy: string
  createdAt: Instant
  updatedAt: Instant
}

/** A script's audio. `key` hashes everything that shapes the sound, so the same words and voice are rendered once. */
export type RecordingRow = {
  key: string
  script: string
  optionsJson: string
  /** 0 the words of an alert, 1 notice, 2 daily: the smallest is rendered first. */
  urgency: number
  state: 'pending' | 'ready' | 'failed'
  /** SHA-256 of the finished file, its address in the store. */
  hash: string | null
  voice: string | null
  seconds: number | null
  bytes: number | null
  loudness: number | null
  truePeak: number | null
  attempts: number
  nextAttemptAt: Instant | null
  reason: string | null
  createdAt: Instant
  finishedAt: Instant | null
}

export type ScheduleRow = {
  id: string
  bulletinId: string
  /** The area of who made it: decides who may change it and how high its issuer stands. */
  areaCode: string
  title: string
  targetsJson: string
  ruleJson: string
  graceSeconds: number
  state: 'active' | 'paused' | 'ended'
  createdBy: string
  createdAt: Instant
  updatedAt: Instant
}

/** One bulletin in one area at one time. */
export type AiringRow = {
  id: string
  scheduleId: string | null
  alertId: string | null
  bulletinId: string | null
  areaCode: string
  localDate: LocalDate
  /** The time of the rule (`07:30`) or the alert's id: with schedule, area and date it makes a firing happen at most once. */
  slot: string
  class: 'alert' | 'drill' | 'notice' | 'daily'
  title: string
  /** Sorts by precedence: the smallest text wins. See playout/precedence.ts. */
  precedence: string
  dueAt: Instant
  /** No start or resumption after this; for an alert, its end. */
  untilAt: Instant
  recordingKey: string | null
  plannedSeconds: number
  /** An alert is repeated: seconds from one start to the next. */
  repeatEverySeconds: number | null
  afterPreemption: 'resume' | 'restart' | 'drop'
  state: 'due' | 'on-air' | 'aired' | 'pre-empted' | 'expired' | 'cancelled' | 'failed'
  startedAt: Instant | null
  endedAt: Instant | null
  /** Seconds already played before the latest start or resumption. */
  playedSeconds: number
  /** When it last began to sound; null while it is not on air. */
  onAirSince: Instant | null
  preemptedAt: Instant | null
  preemptedBy: string | null
  /** When its rundown or alert first reached the loudspeakers: from then on they play it on time by themselves. */
  sentAt: Instant | null
  /** Sums over its deliveries, kept so that a year's report need not read them: how many, how many began to sound, for how long. */
  deliveryCount: number
  heardCount: number
  reportedSeconds: number
  reason: string | null
}

/** One airing to one terminal, with what its receipts said. */
export type DeliveryRow = {
  airingId: string
  terminalId: string
  state: 'planned' | 'sent' | 'fetched' | 'started' | 'finished' | 'pre-empted' | 'failed' | 'missed'
  plannedAt: Instant
  sentAt: Instant | null
  fetchedAt: Instant | null
  startedAt: Instant | null
  finishedAt: Instant | null
  playedSeconds: number
  plays: number
  reason: string | null
}

/** Every receipt as it came; `(terminalId, receiptId)` makes a repeated receipt count once. */
export type ReceiptRow = {
  terminalId: string
  receiptId: string
  airingId: string
  kind: 'fetched' | 'started' | 'finished' | 'pre-empted' | 'failed'
  at: Instant
  playedSeconds: number | null
  reason: string | null
  receivedAt: Instant
}

export type TerminalRow = {
  id: string
  kind: 'loudspeaker' | 'box'
  areaCode: string
  householdId: string | null
  name: string
  secretHash: string
  state: 'new' | 'online' | 'offline'
  version: string | null
  volume: number | null
  freeBytes: number | null
  playing: string | null
  lastSeenAt: Instant | null
  createdAt: Instant
  revokedAt: Instant | null
}

export type AlertRow = {
  id: string
  purpose: 'actual' | 'drill'
  state: 'draft' | 'approved' | 'issued' | 'updated' | 'cancelled' | 'expired'
  /** 1 red, 2 orange, 3 yellow, 4 blue (GD/J 082-2018). */
  severity: number
  /** Five characters (GD/J 082-2018 Annex C), `60101` urgent announcement when unknown. */
  eventCode: string
  title: string
  text: string
  areaCode: string
  targetsJson: string
  senderName: string
  startsAt: Instant
  endsAt: Instant
  repeatEverySeconds: number
  recordingKey: string | null
  issuedBy: string
  issuedAt: Instant | null
  endedBy: string | null
  endedAt: Instant | null
  endReason: string | null
  /** The alert this one replaces. */
  updatesId: string | null
  /** The sender's own key of the request: sent again, it makes no second alert. */
  requestKey: string | null
}

export type SettingRow = { name: string; valueJson: string }
