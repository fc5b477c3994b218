import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createStudio } from '../src/bulletins/recording.ts'
import { atLevel, CEILING_DBTP, SAMPLE_RATE, TARGET_LUFS } from '../src/bulletins/mixing.ts'
import { scriptOf } from '../src/bulletins/script.ts'
import { fromWav, resampled, secondsOf, toPcm16, trimmed } from '../src/bulletins/sound.ts'
import { loadSounds } from '../src/bulletins/sounds.ts'
import { filled } from '../src/bulletins/templates.ts'
import { createVoices } from '../src/bulletins/voices.ts'
import { ffmpegEncoder, mp3Job, type EncodingJob } from '../src/equipment/encoder.ts'
import { createTemplates } from '../src/equipment/templates.ts'
import { espeakVoice } from '../src/equipment/voice-espeak.ts'
import { wavOf } from '../src/equipment/voice.ts'
import { loadLibrary } from '../src/library.ts'
import { printTable } from './machine.ts'

const CLIPS = 40
const never = new AbortController().signal
const encoder = ffmpegEncoder()
const { path } = await encoder.inspect()
const voice = espeakVoice()

type Made = { file: Uint8Array; seconds: number }

/**
 * Forty bulletins through the whole pipeline (words to finished MP3), then the same clips of speech finished by ours and by ffmpeg's
 * loudnorm in one pass and in two. All in one run; loudness and peaks are ffmpeg's measurement of every finished MP3.
 */
export async function run(): Promise<void> {
  const scripts = await texts()
  const clips: Uint8Array[] = []
  for (const script of scripts) {
    const sound = trimmed(fromWav((await voice.speak(script, {}, never)).audio))
    clips.push(wavOf(toPcm16(sound.samples), sound.sampleRate))
  }
  const sounds = await loadSounds()
  const studio = createStudio({ voices: createVoices([voice]), encoder, sounds })
  const options = { class: 'daily', severity: null, voice: 'best', repeatCount: 1 } as const
  const now = new Date().toISOString()

  const rows = [
    await measured('ours: words to finished MP3 (chimes, speech, levels)', scripts, (script) =>
      studio.record(script, options, now, never),
    ),
    await measured('ours: a clip of speech to finished MP3', clips, async (clip) => {
      const sound = resampled(atLevel(fromWav(clip)), SAMPLE_RATE)
      return { file: await encoder.run(mp3Job(toPcm16(sound.samples), SAMPLE_RATE)), seconds: secondsOf(sound) }
    }),
    await measured('ffmpeg loudnorm, one pass', clips, async (clip) => ({
      file: await encoder.run(loudnorm(clip, '')),
      seconds: secondsOf(fromWav(clip)),
    })),
    await measured('ffmpeg loudnorm, two passes', clips, async (clip) => ({
      file: await encoder.run(loudnorm(clip, secondPass(clip))),
      seconds: secondsOf(fromWav(clip)),
    })),
  ]
  await studio.close()
  await voice.close()
  printTable(
    ['recordings', 'audio s', 'CPU s', 'audio s per CPU s', 'LUFS error, mean / max', 'highest true peak, dBTP'],
    rows,
  )
  const facts = await encoder.inspect()
  console.log(
    `ffmpeg ${facts.version} (${facts.origin}); target ${TARGET_LUFS} LUFS, ${CEILING_DBTP} dBTP; CPU includes every child.`,
  )
}

async function texts(): Promise<string[]> {
  const { bulletins } = await loadLibrary()
  const engine = createTemplates()
  const whole = bulletins.map((template) =>
    filled(template, Object.fromEntries(template.values.map(({ name, example }) => [name, example])), engine),
  )
  // Whole bulletins and, to have short ones too, their halves.
  const halves = whole.flatMap((text) => {
    const sentences = text.split(/(?<=。)/)
    const middle = Math.ceil(sentences.length / 2)
    return [sentences.slice(0, middle).join(''), sentences.slice(middle).join('')]
  })
  return [...whole, ...halves]
    .filter((text) => text !== '')
    .slice(0, CLIPS)
    .map((text) => scriptOf(text))
}

async function measured<T>(name: string, inputs: T[], make: (input: T) => Promise<Made>): Promise<(string | number)[]> {
  const before = cpuSeconds()
  const made: Made[] = []
  for (const input of inputs) made.push(await make(input))
  const spent = cpuSeconds() - before
  const results = made.map(({ file }) => scanned(file))
  const errors = results.map(({ loudness }) => Math.abs(loudness - TARGET_LUFS))
  const audio = made.reduce((sum, { seconds }) => sum + seconds, 0)
  return [
    name,
    Math.round(audio),
    spent.toFixed(1),
    Math.round(audio / spent),
    `${(errors.reduce((sum, error) => sum + error, 0) / errors.length).toFixed(2)} / ${Math.max(...errors).toFixed(2)}`,
    Math.max(...results.map(({ truePeak }) => truePeak)).toFixed(1),
  ]
}

function loudnorm(clip: Uint8Array, measuredValues: string): EncodingJob {
  return {
    inputs: [{ source: clip }],
    options: [
      '-af',
      `loudnorm=I=${TARGET_LUFS}:TP=${CEILING_DBTP}:LRA=11${measuredValues}`,
      '-ar',
      String(SAMPLE_RATE),
      // As ours encodes, so that only the levelling differs. LAME's own loss of 0.45 dB is in every row.
      ...mp3Job(clip, SAMPLE_RATE).options,
    ],
    output: null,
    deadlineSeconds: 120,
  }
}

/** The first of the two passes: what loudnorm measures, given back to it. */
function secondPass(clip: Uint8Array): string {
  const report = ffmpeg(clip, `loudnorm=I=${TARGET_LUFS}:TP=${CEILING_DBTP}:LRA=11:print_format=json`)
  const values = JSON.parse(report.slice(report.lastIndexOf('{'), report.lastIndexOf('}') + 1)) as Record<
    string,
    string
  >
  return `:measured_I=${values.input_i}:measured_TP=${values.input_tp}:measured_LRA=${values.input_lra}:measured_thresh=${values.input_thresh}:linear=true`
}

function scanned(file: Uint8Array): { loudness: number; truePeak: number } {
  const report = ffmpeg(file, 'ebur128=peak=true')
  const last = (pattern: RegExp): number => Number([...report.matchAll(pattern)].at(-1)?.[1])
  return { loudness: last(/I:\s+(-?[\d.]+) LUFS/g), truePeak: last(/Peak:\s+(-?[\d.]+) dBFS/g) }
}

function ffmpeg(input: Uint8Array, filter: string): string {
  const args = ['-hide_banner', '-i', '-', '-af', filter, '-f', 'null', '-']
  return spawnSync(path, args, { input, encoding: 'utf8' }).stderr
}

/** What this process, its threads, its children that ended and the offline voice have used so far (Linux: `/proc`). */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  const ended = procTimes('self').slice(2)
  const speaking = voice.pid() === undefined ? [] : procTimes(String(voice.pid())).slice(0, 2)
  const ticks = [...ended, ...speaking].reduce((sum, value) => sum + value, 0)
  return (user + system) / 1e6 + ticks / TICKS_PER_SECOND
}

const TICKS_PER_SECOND = 100

/** User and system time of a process, then of its children that ended, in ticks. */
function procTimes(pid: string): number[] {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
  return fields.slice(11, 15).map(Number)
}
