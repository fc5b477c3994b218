import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { addItems, addPictures, addVideo, videosInside } from '../content/store.ts'
import { BOX_FORMAT } from '../content/video-jobs.ts'
import type { Database } from '../database/connect.ts'
import type { Encoder } from '../equipment/encoder.ts'
import type { Draw } from '../equipment/pictures.ts'
import type { Store } from '../equipment/store.ts'
import { wavOf, type Voice } from '../equipment/voice.ts'
import type { Instant } from '../instant.ts'
import { demoId, itemOf, type Affair } from './affairs.ts'
import { calendarOf } from './calendar.ts'
import { COUNTY_CODE, COUNTY_NAME } from './county.ts'

/** Two short films of the made-up county: drawn slides with spoken words, as a small station makes them. */

type Slide = { heading: string; lines: string[]; words: string }

type FilmScript = Pick<Affair, 'columnId' | 'title' | 'summary' | 'matter' | 'isPinned'> & {
  description: string
  daysAgo: number
  slides: Slide[]
}

export const filmScripts: FilmScript[] = [
  {
    columnId: 'headlines',
    title: '一看就会：在电视上查村里的每一笔账',
    summary: '遥控器五个键，看到每一张票据',
    matter: '村务公开查询方法',
    isPinned: true,
    description: '用家里的遥控器，按方向键和确认键，就能看到本村每月的收支明细和每一张票据。',
    daysAgo: 2,
    slides: [
      {
        heading: '在电视上查村里的账',
        lines: ['五个键，看到每一张票据'],
        words: '乡亲们好，村里的账，在电视上就能查。',
      },
      {
        heading: '第一步',
        lines: ['打开“乡音”，选“村（社区）”', '再选“财务公开”'],
        words: '第一步，选村社区，再选财务公开。',
      },
      {
        heading: '第二步',
        lines: ['用上下键选一笔账', '按“确定”，看它的票据'],
        words: '第二步，选中一笔账，按确定，看票据。',
      },
    ],
  },
  {
    columnId: 'face-to-face',
    title: '第 61 期：村口的路灯什么时候亮',
    summary: '区农业农村局现场答复',
    matter: '群众提问和部门答复',
    description:
      '群众提问：村口路灯坏了半年没人修。区农业农村局答复：两周内完成排查，坏一盏修一盏，费用在村级公益资金列支并公开。',
    daysAgo: 3,
    slides: [
      { heading: '问政面对面', lines: ['第 61 期', '村口的路灯什么时候亮'], words: '欢迎收看问政面对面。' },
      { heading: '群众问', lines: ['村口路灯坏了半年', '到底归谁修'], words: '群众问，村口路灯坏了半年，到底归谁修？' },
      {
        heading: '区农业农村局答',
        lines: ['两周内完成排查', '坏一盏修一盏，费用公开'],
        words: '农业农村局答复，两周内完成排查，坏一盏，修一盏。',
      },
    ],
  },
]

export type Film = {
  script: FilmScript
  videoHash: string
  poster: { hash: string; bytes: number }
  seconds: number
  bytes: number
}

export type FilmParts = {
  encoder: Encoder
  voice: Voice
  draw: Draw
  store: Store
  /** On the store's disk: finished films are moved from there. */
  directory: string
}

const FILM_DEADLINE_SECONDS = 60
const SPEECH_DEADLINE_MS = 20_000
const PAUSE_SECONDS = 0.4
/** Indoors and beside the words on the slide, speech may be quicker than a loudspeaker's. */
const SPEECH_RATE = 1.3

/** Whether the county has its films: they are made once, whenever the demo is started next. */
export async function hasFilms(db: Database): Promise<boolean> {
  return (await videosInside(db, COUNTY_CODE, { limit: 1 })).length > 0
}

/** Makes the films. Rejects with an `Error` when the encoder or the voice cannot. */
export async function makeFilms(parts: FilmParts): Promise<Film[]> {
  const directory = await mkdtemp(join(parts.directory, 'films-'))
  try {
    const films: Film[] = []
    for (const script of filmScripts) films.push(await makeFilm(parts, script, directory))
    return films
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

async function makeFilm(
  { encoder, voice, draw, store }: FilmParts,
  script: FilmScript,
  directory: string,
): Promise<Film> {
  const slides = await Promise.all(
    script.slides.map(async (slide, index) => (await draw(drawSlide(slide, index))).jpeg),
  )
  const speech: Sound[] = []
  for (const { words } of script.slides) {
    const { audio } = await voice.speak(words, { rate: SPEECH_RATE }, AbortSignal.timeout(SPEECH_DEADLINE_MS))
    speech.push(withPause(soundOf(audio)))
  }
  const names = slides.map((_, index) => join(directory, `${index}.jpg`))
  await Promise.all(names.map((name, index) => writeFile(name, slides[index]!)))
  const output = join(directory, 'film.mp4')
  const { sampleRate } = speech[0]!
  const joined = names.map((_, index) => `[${index}:v]`).join('')
  await encoder.run({
    inputs: [
      // A slide is read once a second; the other pictures of the second are the same.
      ...names.map((source, index) => ({
        source,
        options: ['-loop', '1', '-framerate', '1', '-t', secondsOf(speech[index]!).toFixed(2)],
      })),
      { source: wavOf(Buffer.concat(speech.map(({ pcm }) => pcm)), sampleRate) },
    ],
    options: [
      '-filter_complex',
      `${joined}concat=n=${names.length}:v=1:a=0,format=yuv420p,fps=25,setsar=1[v]`,
      ...`-map [v] -map ${names.length}:a:0 -af aresample=48000,volume=-3dB -shortest`.split(' '),
      ...BOX_FORMAT,
      // A slide does not move, and whoever starts the demo waits.
      ...'-preset ultrafast'.split(' '),
    ],
    output,
    deadlineSeconds: FILM_DEADLINE_SECONDS,
  })
  const { seconds } = await encoder.probe(output)
  const { size: bytes } = await stat(output)
  const poster = { hash: await store.put(slides[0]!), bytes: slides[0]!.length }
  return { script, videoHash: await store.putFile(output), poster, seconds: Math.round(seconds ?? 0), bytes }
}

type Sound = { pcm: Buffer; sampleRate: number }

const WAV_HEADER_BYTES = 44
const WAV_RATE_AT = 24

function soundOf(wav: Uint8Array): Sound {
  const bytes = Buffer.from(wav)
  return { pcm: bytes.subarray(WAV_HEADER_BYTES), sampleRate: bytes.readUInt32LE(WAV_RATE_AT) }
}

/** With silence before and after, so that a slide is read before it is spoken; a whole number of seconds long, as slides are. */
function withPause({ pcm, sampleRate }: Sound): Sound {
  const before = Buffer.alloc(Math.round(PAUSE_SECONDS * sampleRate) * 2)
  const seconds = Math.ceil((before.length * 2 + pcm.length) / 2 / sampleRate)
  const after = Buffer.alloc(seconds * sampleRate * 2 - before.length - pcm.length)
  return { pcm: Buffer.concat([before, pcm, after]), sampleRate }
}

function secondsOf({ pcm, sampleRate }: Sound): number {
  return pcm.length / 2 / sampleRate
}

const GROUNDS = ['#0d3d44', '#12454a', '#0d3d44', '#123a52'] as const

function drawSlide({ heading, lines }: Slide, index: number): string {
  const words = lines.map(
    (line, row) =>
      `<text x="640" y="${430 + row * 84}" font-size="52" fill="#f7f0df" text-anchor="middle">${line}</text>`,
  )
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="1280" height="720" font-family="Noto Sans CJK SC">` +
    `<rect width="1280" height="720" fill="${GROUNDS[index % GROUNDS.length]}"/>` +
    `<rect x="64" y="96" width="8" height="56" fill="#f5c15c"/>` +
    `<text x="92" y="140" font-size="36" fill="#cfe0da">${COUNTY_NAME}融媒体 · 演示</text>` +
    `<text x="640" y="310" font-size="84" fill="#ffe2a6" text-anchor="middle">${heading}</text>` +
    `<rect x="540" y="346" width="200" height="4" fill="#f5c15c"/>${words.join('')}</svg>`
  )
}

/** Publishes the films in their columns. */
export async function addFilms(db: Database, films: Film[], zone: string, now: Instant): Promise<void> {
  const calendar = calendarOf(now, zone)
  await db.transaction().execute(async (db) => {
    for (const { script, videoHash, poster, seconds, bytes } of films) {
      const { slides: _slides, daysAgo, description, ...words } = script
      const at = { areaCode: COUNTY_CODE, createdAt: now }
      await addPictures(db, [{ ...poster, ...at, tvHash: null, thumbHash: null, width: 1280, height: 720 }])
      await addVideo(db, {
        ...at,
        id: demoId(now, 'video', script.title),
        state: 'ready',
        attempts: 1,
        videoHash,
        posterHash: poster.hash,
        seconds,
        bytes,
        fault: null,
        reason: null,
        finishedAt: now,
      })
      const affair: Affair = {
        ...words,
        areaCode: COUNTY_CODE,
        kind: 'video',
        basis: '《中华人民共和国政府信息公开条例》（国令第711号）',
        timeLimit: '节目播出后三个工作日内',
        audience: '全社会',
        publisher: `${COUNTY_NAME}融媒体中心`,
        period: '',
        publishedAt: calendar.at(calendar.daysAgo(daysAgo), '20:30'),
        content: { videoHash, posterHash: poster.hash, seconds, description },
      }
      await addItems(db, [itemOf(affair)], { author: { personId: null, personName: '平台' }, reason: '', at: now })
    }
  })
}
