import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { mp3Seconds } from './sound.ts'

/** The sounds that ship, by name, and the file of each below `media/`. A county may put its own MP3 in a file's place. */
export const soundFiles = {
  'chime-open': 'chimes/open.mp3',
  'chime-close': 'chimes/close.mp3',
  'siren-1': 'sirens/level-1.mp3',
  'siren-2': 'sirens/level-2.mp3',
  'siren-3': 'sirens/level-3.mp3',
  'siren-4': 'sirens/level-4.mp3',
  drill: 'sirens/drill.mp3',
  'all-clear': 'sirens/all-clear.mp3',
  test: 'sirens/test.mp3',
} as const

export type SoundName = keyof typeof soundFiles
export type ShippedSound = { name: SoundName; file: Uint8Array; seconds: number }
export type Sounds = Record<SoundName, ShippedSound>

const SECONDS_LIMIT = 30
export const mediaDirectory = resolve(import.meta.dirname, '../../media')

/** Reads every sound. Throws an `Error` that names the file which is missing, no MP3, or longer than 30 s. */
export async function loadSounds(directory: string = mediaDirectory): Promise<Sounds> {
  const sounds = await Promise.all(
    Object.entries(soundFiles).map(async ([name, path]): Promise<[string, ShippedSound]> => {
      const file = await readFile(join(directory, path))
      const seconds = mp3Seconds(file)
      if (seconds === 0) throw new Error(`media/${path} is no MP3 of MPEG-1 layer III`)
      if (seconds > SECONDS_LIMIT) throw new Error(`media/${path} is longer than ${SECONDS_LIMIT} s`)
      return [name, { name: name as SoundName, file, seconds }]
    }),
  )
  return Object.fromEntries(sounds) as Sounds
}

/** The attention tone of an alert's severity, 1 (red) to 4 (blue). */
export function sirenOf(severity: number): SoundName {
  return `siren-${Math.min(4, Math.max(1, Math.round(severity))) as 1 | 2 | 3 | 4}`
}
