import type { Instant } from '../instant.ts'

/**
 * The speaker link, version 1: what station and loudspeakers say to each other over MQTT. Topics stand under `xiangyin/v1/`:
 * `area/<code>/rundown` and `area/<code>/alert` (station, retained), `terminal/<id>/command` (station),
 * `terminal/<id>/state` (terminal, retained, also its last will), `terminal/<id>/receipt` (terminal, QoS 1).
 */

/** One airing as a loudspeaker needs it. Of the entries whose time it is, it plays the one with the smallest `precedence`. */
export type RundownEntry = {
  airingId: string
  areaCode: string
  title: string
  class: 'alert' | 'drill' | 'notice' | 'daily'
  /** Sorts as text: the smallest wins. */
  precedence: string
  dueAt: Instant
  /** No start or resumption after this; an alert ends then. */
  untilAt: Instant
  /** SHA-256 of the recording: its address (`/recordings/<hash>.mp3`) and its check. */
  hash: string
  seconds: number
  /** Seconds from one start to the next; null plays once. */
  repeatEverySeconds: number | null
  afterPreemption: 'resume' | 'restart' | 'drop'
  /** 0–100. */
  volume: number
}

/** The coming 24 hours of an area. Replaces the one before it. */
export type Rundown = {
  areaCode: string
  entries: RundownEntry[]
  /** Recordings to hold ready beside those of the entries. */ holdHashes: string[]
}

/** The alerts in force in an area; empty when there is none. */
export type AlertsInForce = { areaCode: string; entries: RundownEntry[] }

export type Command = { kind: 'volume'; volume: number } | { kind: 'test' } | { kind: 'reboot' }

/** What a loudspeaker says of itself. */
export type TerminalState = {
  state: 'online' | 'offline'
  playing: string | null
  volume: number
  version: string
  freeBytes: number | null
}

/** What happened to an airing at a terminal. `receiptId` is the terminal's own, so that a repeated receipt counts once. */
export type Receipt = {
  receiptId: string
  airingId: string
  kind: 'fetched' | 'started' | 'finished' | 'pre-empted' | 'failed'
  at: Instant
  /** Seconds that sounded, for `finished` and `pre-empted`. */
  playedSeconds: number | null
  reason: string | null
}
