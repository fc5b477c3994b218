import { createHash } from 'node:crypto'
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import type { Played } from '../codecs/loudspeaker.ts'
import type { Receipt, Rundown, RundownEntry } from '../codecs/speaker-link.ts'

/** What a loudspeaker remembers of one airing. */
export type Remembered = {
  /** As it was last known with a recording that is on the disk. */
  entry: RundownEntry | null
  played: Played | null
  /** Where in the recording the latest play began, in seconds. */
  fromSeconds: number
  isFetched: boolean
  /** Nothing more will be said of it: it is over, or its window has closed. */
  isOver: boolean
}

/** Everything a loudspeaker keeps through a power cut, as one file. */
export type Kept = {
  /** The station's public key and the topics to listen to, as the station last proved them. */
  publicKey: string | null
  areaCodes: string[]
  subscribe: string[]
  mqttUrl: string | null
  clockOffsetMilliseconds: number
  volume: number
  /** The last sequence obeyed, by topic. */
  sequences: Record<string, number>
  rundowns: Record<string, Rundown>
  alerts: Record<string, RundownEntry[]>
  airings: Record<string, Remembered>
  /** What has not been acknowledged yet. */
  receipts: Receipt[]
}

/** The loudspeaker's disk: what it knows, and the recordings it holds. */
export type Memory = {
  kept: Kept
  /** Writes what it knows, whole or not at all. Throws when the disk doesn't take it. */
  save: () => void
  has: (hash: string) => boolean
  fileOf: (hash: string) => string
  /** Keeps a recording, if its bytes have the hash; answers whether they do. Throws when the disk doesn't take it. */
  keep: (hash: string, bytes: Buffer) => boolean
  /** Reads a recording again, and drops it if it is no longer what it was; answers whether it was good. */
  isIntact: (hash: string) => boolean
  /** Removes the recordings that are not named. */
  keepOnly: (hashes: Set<string>) => void
  freeBytes: () => number | null
}

const NOTHING: Kept = {
  publicKey: null,
  areaCodes: [],
  subscribe: [],
  mqttUrl: null,
  clockOffsetMilliseconds: 0,
  volume: 80,
  sequences: {},
  rundowns: {},
  alerts: {},
  airings: {},
  receipts: [],
}

/** Opens the directory. A file that cannot be read is set aside, and the loudspeaker begins anew. */
export function openMemory(directory: string): Memory {
  const recordings = join(directory, 'recordings')
  mkdirSync(recordings, { recursive: true })
  const file = join(directory, 'loudspeaker.json')
  const names = readdirSync(recordings)
  const held = new Set(names.filter((name) => /^[0-9a-f]{64}\.mp3$/.test(name)))
  // What a power cut left half written.
  for (const name of names) if (!held.has(name)) rmSync(join(recordings, name), { force: true })
  const fileOf = (hash: string): string => join(recordings, `${hash}.mp3`)
  const kept = readKept(file)
  return {
    kept,
    save: () => writeWhole(file, Buffer.from(JSON.stringify(kept))),
    has: (hash) => held.has(`${hash}.mp3`),
    fileOf,
    keep: (hash, bytes) => {
      if (hashOf(bytes) !== hash) return false
      writeWhole(fileOf(hash), bytes)
      held.add(`${hash}.mp3`)
      return true
    },
    isIntact: (hash) => {
      try {
        if (hashOf(readFileSync(fileOf(hash))) === hash) return true
      } catch {
        // What can't be read is no better than what has rotted.
      }
      held.delete(`${hash}.mp3`)
      rmSync(fileOf(hash), { force: true })
      return false
    },
    keepOnly: (hashes) => {
      for (const name of held) {
        if (hashes.has(name.slice(0, 64))) continue
        rmSync(join(recordings, name), { force: true })
        held.delete(name)
      }
    },
    freeBytes: () => {
      try {
        const { bavail, bsize } = statfsSync(directory)
        return bavail * bsize
      } catch {
        return null
      }
    },
  }
}

function readKept(file: string): Kept {
  if (!statSync(file, { throwIfNoEntry: false })) return structuredClone(NOTHING)
  try {
    return { ...structuredClone(NOTHING), ...(JSON.parse(readFileSync(file, 'utf8')) as Partial<Kept>) }
  } catch {
    renameSync(file, `${file}.broken`)
    return structuredClone(NOTHING)
  }
}

function hashOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** Written aside, forced to the disk and renamed: a power cut leaves the old file or the new one, and a full disk the old one. */
function writeWhole(file: string, bytes: Buffer): void {
  const temporary = `${file}.new`
  try {
    const handle = openSync(temporary, 'w', 0o600)
    try {
      writeFileSync(handle, bytes)
      fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
    renameSync(temporary, file)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}
