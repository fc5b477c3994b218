import { spawn, type ChildProcess } from 'node:child_process'
import {
  accessSync,
  appendFileSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
} from 'node:fs'
import { delimiter, join } from 'node:path'
import { platform } from 'node:process'
import type { Clock } from './loudspeaker.ts'
import { framesBetween, readMp3 } from './mp3.ts'

/** A recording to be heard. */
export type Sound = {
  airingId: string
  title: string
  hash: string
  file: string
  fromSeconds: number
  /** 0–100. */
  volume: number
}

export type Ended = { playedSeconds: number; fault: string | null }

/** A recording being heard. `ended` resolves when it has come to its end, or has failed; never when it was stopped. */
export type Playback = {
  playedSeconds: () => number
  /** Falls silent at once; answers the seconds that were heard. */
  stop: () => number
  ended: Promise<Ended>
}

/** Where sound goes. */
export type Sink = { name: string; play: (sound: Sound) => Playback }

export const sinkNames = ['auto', 'file', 'null'] as const
export type SinkName = (typeof sinkNames)[number]

const STEP_MILLISECONDS = 100
const LOG_LIMIT_BYTES = 512 * 1024 * 1024
const KILL_AFTER_MILLISECONDS = 500

/** The best sink there is: a player when there is a sound card to play on, otherwise a file that what would be heard is written to. */
export function chooseSink(name: SinkName, directory: string, clock: Clock): Sink {
  if (name === 'null') return silentSink()
  const player = name === 'auto' && hasSoundCard() ? players.find(({ needs }) => needs.every(isInstalled)) : undefined
  return player ? playerSink(player) : fileSink(directory, clock)
}

/** Takes its time, and makes no sound. */
export function silentSink(): Sink {
  return { name: 'null', play: (sound) => inRealTime(sound, () => undefined) }
}

/**
 * Writes what would be heard, while it would be heard: the frames to `sound.mp3`, one after the other, and to `sound.jsonl` when
 * each beginning and end was and at which byte. The file is what a recorder beside the horn would have, without the silence.
 */
export function fileSink(directory: string, clock: Clock): Sink {
  mkdirSync(directory, { recursive: true })
  const audio = join(directory, 'sound.mp3')
  const log = join(directory, 'sound.jsonl')
  let byteOffset = existsSync(audio) ? statSync(audio).size : 0
  const note = (line: Record<string, unknown>): void =>
    appendFileSync(log, `${JSON.stringify({ at: clock(), ...line, byteOffset })}\n`)
  return {
    name: `file ${audio}`,
    play: (sound) => {
      if (byteOffset > LOG_LIMIT_BYTES) {
        for (const file of [audio, log]) renameSync(file, `${file}.previous`)
        byteOffset = 0
      }
      const { airingId, title, hash, fromSeconds, volume } = sound
      note({ event: 'start', airingId, title, hash, fromSeconds, volume })
      return inRealTime(
        sound,
        (frames) => {
          appendFileSync(audio, frames)
          byteOffset += frames.length
        },
        (playedSeconds) => note({ event: 'stop', airingId, hash, playedSeconds }),
      )
    },
  }
}

/** What could not even begin. */
export function failedPlayback(fault: string): Playback {
  return { playedSeconds: () => 0, stop: () => 0, ended: Promise.resolve({ playedSeconds: 0, fault }) }
}

/** Lets the frames go by in the time they take to be heard. When they can't be written, it ends with that fault. */
function inRealTime(
  sound: Sound,
  write: (frames: Buffer) => void,
  stopped: (playedSeconds: number) => void = () => undefined,
): Playback {
  const mp3 = existsSync(sound.file) ? readMp3(readFileSync(sound.file)) : undefined
  if (!mp3) return failedPlayback('the recording is gone, or is no MP3')
  const whole = Math.max(0, mp3.seconds - sound.fromSeconds)
  const begun = performance.now()
  let written = 0
  const heard = (): number => Math.min(whole, (performance.now() - begun) / 1000)
  const advance = (): number => {
    const until = heard()
    const frames = framesBetween(mp3, sound.fromSeconds + written, sound.fromSeconds + until)
    if (frames.length > 0) write(frames)
    written = until
    return until
  }
  let timer: NodeJS.Timeout
  const { promise: ended, resolve } = Promise.withResolvers<Ended>()
  const step = (): void => {
    try {
      const left = whole - advance()
      if (left > 0) timer = setTimeout(step, Math.min(STEP_MILLISECONDS, Math.ceil(left * 1000)))
      else {
        stopped(whole)
        resolve({ playedSeconds: whole, fault: null })
      }
    } catch (error) {
      resolve({ playedSeconds: written, fault: (error as Error).message })
    }
  }
  step()
  return {
    playedSeconds: heard,
    stop: () => {
      clearTimeout(timer)
      try {
        stopped(advance())
      } catch {
        // What can't be written was not heard; it falls silent all the same.
      }
      return written
    },
    ended,
  }
}

type Player = { needs: string[]; start: (sound: Sound) => ChildProcess[] }

/** Programs that play an MP3 file from a given second, in order of preference. aplay knows no MP3, so ffmpeg decodes for it. */
const players: Player[] = [
  {
    needs: ['ffplay'],
    start: ({ file, fromSeconds, volume }) => {
      const settings = [
        '-nodisp',
        '-autoexit',
        '-loglevel',
        'error',
        '-volume',
        String(volume),
        '-ss',
        String(fromSeconds),
      ]
      return [spawn('ffplay', [...settings, file], { stdio: 'ignore' })]
    },
  },
  {
    needs: ['mpv'],
    start: ({ file, fromSeconds, volume }) => {
      const settings = ['--no-video', '--really-quiet', `--volume=${volume}`, `--start=${fromSeconds}`]
      return [spawn('mpv', [...settings, file], { stdio: 'ignore' })]
    },
  },
  {
    needs: ['aplay', 'ffmpeg'],
    start: ({ file, fromSeconds, volume }) => {
      const settings = [
        '-loglevel',
        'error',
        '-ss',
        String(fromSeconds),
        '-i',
        file,
        '-filter:a',
        `volume=${volume / 100}`,
      ]
      const decoder = spawn('ffmpeg', [...settings, '-f', 'wav', 'pipe:1'], { stdio: ['ignore', 'pipe', 'ignore'] })
      const player = spawn('aplay', ['-q', '-'], { stdio: [decoder.stdout, 'ignore', 'ignore'] })
      return [player, decoder]
    },
  },
]

function playerSink(player: Player): Sink {
  return {
    name: player.needs[0]!,
    play: (sound) => {
      const begun = performance.now()
      const children = player.start(sound)
      const heard = (): number => (performance.now() - begun) / 1000
      const { promise: ended, resolve } = Promise.withResolvers<Ended>()
      let isStopped = false
      const [speaking] = children
      for (const child of children) {
        child.on('error', (error) => resolve({ playedSeconds: 0, fault: error.message.slice(0, 200) }))
      }
      speaking!.on('exit', (code) => {
        if (!isStopped)
          resolve({ playedSeconds: heard(), fault: code === 0 ? null : `${player.needs[0]} ended with ${code}` })
      })
      return {
        playedSeconds: heard,
        stop: () => {
          isStopped = true
          for (const child of children) {
            child.kill('SIGTERM')
            setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MILLISECONDS).unref()
          }
          return heard()
        },
        ended,
      }
    },
  }
}

function isInstalled(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((directory) => {
    try {
      accessSync(join(directory, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

function hasSoundCard(): boolean {
  if (platform !== 'linux') return true
  try {
    return !readFileSync('/proc/asound/cards', 'utf8').includes('no soundcards')
  } catch {
    return false
  }
}
