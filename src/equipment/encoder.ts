import ffmpegInstaller from '@ffmpeg-installer/ffmpeg'
import ffmpeg from 'fluent-ffmpeg'
import { execFile } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { promisify } from 'node:util'

/** What ffmpeg is to do, as plain data. Options are ffmpeg's own, one word each. */
export type EncodingJob = {
  /** Files by path; at most one input may be bytes. */
  inputs: { source: string | Uint8Array; options?: string[] }[]
  /** Between the inputs and the output: filters, maps, codecs, the container (`-f`). */
  options: string[]
  /** A file to write, or null to collect the bytes. */
  output: string | null
  deadlineSeconds: number
}

export type Encoder = {
  /**
   * Does a job and returns the bytes when it has no output file. Rejects with an `Error` that carries ffmpeg's last words, also
   * when the deadline passes or the signal is given; whichever way it ends, its child is gone by then.
   */
  run: (job: EncodingJob, signal?: AbortSignal) => Promise<Uint8Array>
  /**
   * What a file from outside is, by decoding its first picture. Rejects with ffmpeg's last words when it is no film. Playlists and
   * other kinds of files that name further files are not opened: see `FILM_INPUT`.
   */
  probe: (path: string, signal?: AbortSignal) => Promise<FilmFacts>
  inspect: () => Promise<EncoderFacts>
}

/** `seconds` as the file itself says; null when it does not say. */
export type FilmFacts = { seconds: number | null; hasSound: boolean }

/**
 * Input options for a film that somebody sent: containers of films alone, from this machine's files alone. Otherwise a text that calls
 * itself a playlist could have any file or address read.
 */
export const FILM_INPUT = [
  '-protocol_whitelist',
  'file',
  '-format_whitelist',
  'mov,mp4,matroska,webm,mpegts,mpeg,avi,flv,asf',
]
const PROBE_DEADLINE_SECONDS = 30

export type EncoderFacts = {
  path: string
  /** `system` was found on PATH; `package` is the one that comes with npm (2018: slow, but it does everything needed). */
  origin: 'system' | 'package'
  version: string
  filters: string[]
  /** What is wrong, when it does not answer. */
  fault: string | null
}

const FILTERS_NEEDED = ['loudnorm', 'ebur128', 'alimiter', 'aresample']
const OUTPUT_BYTE_LIMIT = 256 * 1024 * 1024

/** Encoding gives way to everything else on the machine: nothing that prepares may stop what plays. */
const NICENESS = 10

function systemFfmpeg(searchPath: string): string | undefined {
  const name = process.platform === 'win32' ? 'ffmpeg.exe' : 'ffmpeg'
  return searchPath
    .split(delimiter)
    .filter((directory) => directory !== '')
    .map((directory) => join(directory, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK)
        return true
      } catch {
        return false
      }
    })
}

/** fluent-ffmpeg is used in this file alone. `searchPath` is where the system's ffmpeg is looked for. */
export function ffmpegEncoder(searchPath: string = process.env.PATH ?? ''): Encoder {
  const system = systemFfmpeg(searchPath)
  const path = system ?? ffmpegInstaller.path
  return {
    run: (job, signal) => run(path, job, signal),
    probe: async (film, signal) => {
      let facts: FilmFacts | undefined
      const job: EncodingJob = {
        inputs: [{ source: film, options: FILM_INPUT }],
        // A capital V: no cover of a song, which counts as a film otherwise.
        options: ['-map', '0:V:0', '-frames:v', '1', '-f', 'null'],
        output: '-',
        deadlineSeconds: PROBE_DEADLINE_SECONDS,
      }
      await run(
        path,
        job,
        signal,
        ({ duration, audio }) => (facts = { seconds: secondsOf(duration), hasSound: audio !== '' }),
      )
      if (!facts) throw new Error('ffmpeg did not say what the film is')
      return facts
    },
    inspect: async () => {
      const facts = { path, origin: system ? ('system' as const) : ('package' as const) }
      const ask = promisify(execFile)
      try {
        const version = await ask(path, ['-version'], { timeout: 10_000 })
        const filters = await ask(path, ['-hide_banner', '-filters'], { timeout: 10_000 })
        return {
          ...facts,
          version: /^ffmpeg version (\S+)/.exec(version.stdout)?.[1] ?? 'unknown',
          filters: FILTERS_NEEDED.filter((filter) => new RegExp(`\\s${filter}\\s`).test(filters.stdout)),
          fault: null,
        }
      } catch (error) {
        return { ...facts, version: 'unknown', filters: [], fault: (error as Error).message }
      }
    },
  }
}

/** `00:01:30.50` in seconds; null for `N/A`. */
function secondsOf(duration: string): number | null {
  const [, hours, minutes, seconds] = /^(\d+):(\d\d):(\d\d\.\d+)/.exec(duration) ?? []
  return seconds === undefined ? null : Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
}

function run(
  path: string,
  job: EncodingJob,
  signal?: AbortSignal,
  onInput?: (input: { duration: string; audio: string }) => void,
): Promise<Uint8Array> {
  if (signal?.aborted) return Promise.reject(new Error('stopped before it began'))
  return new Promise((resolve, reject) => {
    const command = ffmpeg({ niceness: NICENESS }).setFfmpegPath(path)
    // fluent-ffmpeg asks ffmpeg for its formats and codecs first, at two processes each, and misreads the list of version 7;
    // ffmpeg says by itself what it cannot do.
    Object.assign(command, { _checkCapabilities: (done: () => void) => done() })
    for (const { source, options } of job.inputs) {
      command.input(typeof source === 'string' ? source : Readable.from([source], { objectMode: false }))
      if (options) command.inputOptions(...twoOrMore(options))
    }
    command.outputOptions(...twoOrMore(job.options))

    if (onInput) command.on('codecData', onInput)

    let stopped: string | undefined
    let isRunning = false
    const stop = (reason: string): void => {
      stopped ??= reason
      if (isRunning) command.kill('SIGKILL')
    }
    const onAbort = (): void => stop('stopped')
    const deadline = setTimeout(() => stop(`not finished after ${job.deadlineSeconds} s`), job.deadlineSeconds * 1000)
    signal?.addEventListener('abort', onAbort, { once: true })
    const settle = (): void => {
      clearTimeout(deadline)
      signal?.removeEventListener('abort', onAbort)
    }

    const chunks: Uint8Array[] = []
    let size = 0
    command
      .on('start', () => {
        isRunning = true
        if (stopped !== undefined) command.kill('SIGKILL')
      })
      .on('error', (error: Error, _output: string | null, complaint: string | null) => {
        settle()
        const lastWords = complaint?.trim().split('\n').slice(-2).join('; ')
        reject(new Error(`ffmpeg ${stopped ?? error.message}${lastWords ? `: ${lastWords}` : ''}`))
      })
      .on('end', () => {
        settle()
        resolve(Buffer.concat(chunks))
      })
    if (job.output !== null) {
      command.output(job.output).run()
      return
    }
    // fluent-ffmpeg calls it a fault when the stream closes 20 ms before the child's end is noticed, as it does on a busy machine.
    const collected = new PassThrough({ emitClose: false })
    collected.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      size += chunk.length
      if (size > OUTPUT_BYTE_LIMIT) stop(`wrote more than ${OUTPUT_BYTE_LIMIT} bytes`)
    })
    command.output(collected).run()
  })
}

// Given one option alone, fluent-ffmpeg splits it at its spaces; given two or more, it takes each as it is.
function twoOrMore(options: string[]): [string, string, ...string[]] {
  if (options.length < 2) throw new Error('give ffmpeg a name and a value')
  return options as [string, string, ...string[]]
}

const MP3_KBPS = 64
const ENCODE_DEADLINE_SECONDS = 60

/** PCM (16-bit little-endian, one channel) as MP3 at 64 kbit/s, without the header frame that not every loudspeaker skips. */
export function mp3Job(pcm: Uint8Array, sampleRate: number): EncodingJob {
  return {
    inputs: [{ source: pcm, options: ['-f', 's16le', '-ar', String(sampleRate), '-ac', '1'] }],
    // The seventh of LAME's nine levels takes half the time of the default; for speech on a horn nobody hears the difference.
    options: `-c:a libmp3lame -compression_level 7 -b:a ${MP3_KBPS}k -write_xing 0 -id3v2_version 0 -f mp3`.split(' '),
    output: null,
    deadlineSeconds: ENCODE_DEADLINE_SECONDS,
  }
}

/** Any audio as PCM (16-bit little-endian, one channel) at a rate. */
export function pcmJob(audio: Uint8Array, sampleRate: number): EncodingJob {
  return {
    inputs: [{ source: audio }],
    options: ['-vn', '-ac', '1', '-ar', String(sampleRate), '-f', 's16le'],
    output: null,
    deadlineSeconds: ENCODE_DEADLINE_SECONDS,
  }
}
