import { topics } from '../codecs/speaker-link.ts'
import type { Admission } from '../equipment/broker.ts'
import type { Instant } from '../instant.ts'

export const terminalKinds = ['loudspeaker', 'box'] as const
export type TerminalKind = (typeof terminalKinds)[number]

/** A loudspeaker of a village, or the set-top box of a household. */
export type Terminal = {
  id: string
  kind: TerminalKind
  areaCode: string
  householdId: string | null
  name: string
  /** `new` until it is first heard of. */
  state: 'new' | 'online' | 'offline'
  version: string | null
  volume: number | null
  freeBytes: number | null
  playing: string | null
  lastSeenAt: Instant | null
  createdAt: Instant
  revokedAt: Instant | null
}

export const TERMINAL_NAME_LIMIT = 60
/** Ids stand in topics, tokens and client names: lower case letters, digits and hyphens, so that none of their separators occurs. */
export const TERMINAL_ID = /^[a-z0-9][a-z0-9-]{2,39}$/

/** A loudspeaker is heard of at least every minute; after this long without a word it is silent. */
export const SILENT_AFTER_SECONDS = 150

/** The two parts of a terminal's token `t_<id>_<secret or password>`, or `undefined` when it is no such token. */
export function partsOfToken(token: string): { id: string; credential: string } | undefined {
  const [, id, credential] = /^t_([a-z0-9-]{3,40})_([\w-]{1,100})$/.exec(token) ?? []
  return id && credential ? { id, credential } : undefined
}

/** The topics a loudspeaker listens to: those of every area that contains it, and its own commands. */
export function subscriptionsOf(id: string, areaCodes: string[]): string[] {
  return [...areaCodes.flatMap((code) => [topics.alert(code), topics.rundown(code)]), topics.command(id)]
}

/** What a loudspeaker may touch at the broker. */
export function admissionOf(id: string, areaCodes: string[]): Admission {
  return {
    publish: new Set([topics.state(id), topics.receipt(id)]),
    subscribe: new Set(subscriptionsOf(id, areaCodes)),
  }
}
