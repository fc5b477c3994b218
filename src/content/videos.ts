import { createWriteStream } from 'node:fs'
import { access, mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { audit } from '../accounts/audit.ts'
import { requireArea } from '../areas/division.ts'
import type { Database } from '../database/connect.ts'
import type { Dice } from '../equipment/dice.ts'
import type { Encoder, FilmFacts } from '../equipment/encoder.ts'
import type { Journal } from '../equipment/journal.ts'
import type { Store } from '../equipment/store.ts'
import { conflict, invalid, notFound } from '../errors.ts'
import type { Instant } from '../instant.ts'
import type { Person } from '../web/guard.ts'
import type { Pictures } from './pictures.ts'
import {
  addVideo,
  isVideo,
  pendingVideo,
  pendingVideoIds,
  setVideo,
  videoById,
  videosInside,
  type Video,
} from './store.ts'
import { lengthFault, madeFault, posterJob, videoFaults, videoJob, type VideoFault } from './video-jobs.ts'

/** Uploads that may wait at once: each lies on the disk until it is made. */
export const PENDING_LIMIT = 20
const ATTEMPT_LIMIT = 5
const REASON_LIMIT = 500

export type Videos = ReturnType<typeof createVideos>

/**
 * Films of items. An upload is checked at once; making of it what boxes play takes as long as the film, so that happens beside the
 * requests and beside the beat, one film at a time, and its row says how it went.
 */
export function createVideos(parts: {
  db: Database
  reader: Database
  dice: Dice
  journal: Journal
  store: Store
  encoder: Encoder
  pictures: Pick<Pictures, 'add'>
  /** Where uploads wait, on the store's disk. */
  directory: string
}) {
  const { db, reader, dice, journal, store, encoder, directory } = parts
  const uploadOf = (id: string): string => join(directory, id)
  const madeOf = (id: string): string => join(directory, `${id}.mp4`)
  const stopping = new AbortController()
  const arriving = new Set<string>()
  let working: Promise<number> | undefined
  let isSwept = false

  const drop = async (id: string): Promise<void> => {
    await Promise.all([uploadOf(id), madeOf(id)].map((path) => rm(path, { force: true })))
  }

  /** What the station left behind when it was killed while a file arrived. */
  const sweep = async (): Promise<void> => {
    const waiting = new Set(await pendingVideoIds(db))
    const names = await readdir(directory).catch((): string[] => [])
    const left = new Set(names.map((name) => name.replace(/\.mp4$/, '')))
    for (const id of left) if (!waiting.has(id) && !arriving.has(id)) await drop(id)
  }

  const posterOf = async (film: string): Promise<Uint8Array> => {
    for (const which of ['first-bright', 'first'] as const) {
      const still = await encoder.run(posterJob(film, which), stopping.signal).catch(() => new Uint8Array())
      if (still.length > 0) return still
    }
    throw new Error('the film has no picture')
  }

  const make = async (video: Video, now: Instant): Promise<void> => {
    const fail = (fault: VideoFault, reason: string | null): Promise<void> =>
      setVideo(db, video.id, { state: 'failed', fault, reason: reason?.slice(-REASON_LIMIT) ?? null, finishedAt: now })
    if (video.attempts >= ATTEMPT_LIMIT) return fail('failed', `given up after ${ATTEMPT_LIMIT} attempts`)
    const isThere = await access(uploadOf(video.id)).then(
      () => true,
      () => false,
    )
    if (!isThere) return fail('lost', null)
    await setVideo(db, video.id, { attempts: video.attempts + 1 })
    const film = madeOf(video.id)
    let declared: FilmFacts
    let seconds: number | null
    let still: Uint8Array
    try {
      declared = await encoder.probe(uploadOf(video.id), stopping.signal)
      await encoder.run(videoJob(uploadOf(video.id), film, declared), stopping.signal)
      ;({ seconds } = await encoder.probe(film, stopping.signal))
      still = await posterOf(film)
    } catch (error) {
      // Stopped with the station: it is made when the station is back.
      if (stopping.signal.aborted) return
      return fail('failed', (error as Error).message)
    }
    const fault = madeFault(declared.seconds, seconds)
    if (fault) return fail(fault, `${declared.seconds} s promised, ${seconds} s found`)
    const { hash: posterHash } = await parts.pictures.add('station', video.areaCode, still, now)
    const { size: bytes } = await stat(film)
    const videoHash = await store.putFile(film)
    await setVideo(db, video.id, {
      state: 'ready',
      videoHash,
      posterHash,
      seconds: Math.max(1, Math.round(seconds!)),
      bytes,
      finishedAt: now,
    })
  }

  const work = async (now: Instant): Promise<number> => {
    let made = 0
    if (!isSwept) await sweep()
    isSwept = true
    for (let video = await pendingVideo(db); video && !stopping.signal.aborted; video = await pendingVideo(db)) {
      await make(video, now)
      if (stopping.signal.aborted) break
      await drop(video.id)
      made += 1
    }
    return made
  }

  return {
    /**
     * Takes an upload, writing it to the disk as it comes. Throws `invalid` when it is no film or too long, `conflict` while too many
     * wait. What is answered is pending: `read` tells when it can be shown.
     */
    add: async (by: Person, body: ReadableStream<Uint8Array>, now: Instant): Promise<Video> => {
      if ((await pendingVideoIds(db)).length + arriving.size >= PENDING_LIMIT) {
        throw conflict(
          `已有 ${PENDING_LIMIT} 个视频等待转换，请稍后再传`,
          `${PENDING_LIMIT} videos are waiting to be converted; send this one later`,
        )
      }
      const id = dice.id()
      arriving.add(id)
      try {
        await mkdir(directory, { recursive: true })
        await pipeline(
          Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]),
          createWriteStream(uploadOf(id)),
        )
        const facts = await encoder.probe(uploadOf(id), stopping.signal).catch((): undefined => undefined)
        const fault = facts ? lengthFault(facts.seconds) : 'not-a-video'
        if (fault) throw invalid('file', videoFaults[fault].zh, videoFaults[fault].en)
        const video: Video = {
          id,
          areaCode: by.areaCode,
          state: 'pending',
          attempts: 0,
          videoHash: null,
          posterHash: null,
          seconds: null,
          bytes: null,
          fault: null,
          reason: null,
          createdAt: now,
          finishedAt: null,
        }
        await db.transaction().execute(async (db) => {
          await addVideo(db, video)
          const trail = { id: dice.id(), at: now, by, subject: 'video', subjectId: id, areaCode: by.areaCode }
          await audit(db, { ...trail, action: 'video.added', after: facts })
        })
        return video
      } catch (error) {
        await drop(id)
        throw error
      } finally {
        arriving.delete(id)
      }
    },

    /** Throws `not-found`, and `forbidden` outside the person's area. */
    read: async (by: Person, id: string): Promise<Video> => {
      const video = await videoById(reader, id)
      if (!video) throw notFound('没有这个视频', 'There is no such video')
      requireArea(by, video.areaCode)
      return video
    },

    /** Videos of the person's area and what lies inside it, newest first. */
    list: (
      by: Person,
      page: { limit: number; after?: string | undefined; state?: Video['state'] | undefined },
    ): Promise<Video[]> => videosInside(reader, by.areaCode, page),

    /** Makes what waits, oldest first, one at a time; answers how many. Whoever calls meanwhile waits for the same. */
    make: (now: Instant): Promise<number> => {
      working ??= work(now)
        .catch((error: unknown) => {
          journal.error('videos could not be made; the next beat tries again', { reason: String(error) })
          return 0
        })
        .finally(() => (working = undefined))
      return working
    },

    /** Whether a finished film has the hash: nothing else of the store is shown as one. */
    isVideo: (hash: string): Promise<boolean> => isVideo(reader, hash),

    close: async (): Promise<void> => {
      stopping.abort()
      await working
    },
  }
}
