import { audit } from '../accounts/audit.ts'
import type { Database } from '../database/connect.ts'
import type { Dice } from '../equipment/dice.ts'
import { PICTURE_PIXEL_LIMIT, type Pictures as PictureTools } from '../equipment/pictures.ts'
import type { Store } from '../equipment/store.ts'
import { invalid, notFound } from '../errors.ts'
import type { Instant } from '../instant.ts'
import type { Person } from '../web/guard.ts'
import { addPictures, pictureOf, setPictureSize, type Picture } from './store.ts'

/** What a picture is served as: for a list, for a television screen, and as it is kept. */
export const pictureSizes = ['thumb', 'tv', 'full'] as const
export type PictureSize = (typeof pictureSizes)[number]

const BOXES = { thumb: { width: 320, height: 320 }, tv: { width: 1280, height: 720 } } as const

const REFUSALS = {
  'unknown-format': {
    zh: '应为 JPEG、PNG、WebP、GIF、TIFF 或 AVIF 图片',
    en: 'Send a JPEG, PNG, WebP, GIF, TIFF or AVIF picture',
  },
  'too-many-pixels': {
    zh: `图片超过 ${PICTURE_PIXEL_LIMIT / 10_000} 万像素`,
    en: `The picture has more than ${PICTURE_PIXEL_LIMIT} pixels`,
  },
  damaged: { zh: '图片已损坏或不完整', en: 'The picture is damaged or cut short' },
} as const

export type Pictures = ReturnType<typeof createPictures>

/** Pictures of items and vouchers, kept by the hash of their content. */
export function createPictures(parts: {
  db: Database
  reader: Database
  dice: Dice
  store: Store
  tools: PictureTools
}) {
  const { db, reader, dice, store, tools } = parts
  // The first reader of a size makes it; those who come meanwhile wait for the same.
  const making = new Map<string, Promise<Buffer>>()

  const make = async (picture: Picture, size: 'thumb' | 'tv'): Promise<Buffer> => {
    const full = await store.get(picture.hash)
    if (!full) throw noPicture()
    const { width, height } = BOXES[size]
    try {
      const bytes = await tools.fit(full, width, height)
      const hash = await store.put(bytes)
      await setPictureSize(db, picture.hash, size === 'tv' ? { tvHash: hash } : { thumbHash: hash })
      return bytes
    } catch {
      // A full disk keeps no smaller size: the reader gets the large one, and the next tries again.
      return full
    }
  }

  return {
    /** Keeps an uploaded picture: checked by decoding, upright, without metadata. Throws `invalid` when it is none. */
    add: async (
      by: Person | 'station',
      areaCode: string,
      bytes: Uint8Array,
      now: Instant,
    ): Promise<Pick<Picture, 'hash' | 'width' | 'height' | 'bytes'>> => {
      const read = await tools.read(bytes)
      if ('reason' in read) throw invalid('file', REFUSALS[read.reason].zh, REFUSALS[read.reason].en)
      const { jpeg, width, height } = read
      const hash = await store.put(jpeg)
      const picture = { hash, width, height, bytes: jpeg.length }
      await db.transaction().execute(async (db) => {
        await addPictures(db, [{ ...picture, areaCode, tvHash: null, thumbHash: null, createdAt: now }])
        await audit(db, {
          id: dice.id(),
          at: now,
          by,
          action: 'picture.added',
          subject: 'picture',
          subjectId: hash,
          areaCode,
          after: picture,
        })
      })
      return picture
    },

    /** The JPEG of a picture in a size. Throws `not-found`. */
    read: async (hash: string, size: PictureSize): Promise<Buffer> => {
      const picture = await pictureOf(reader, hash)
      if (!picture) throw noPicture()
      const kept = size === 'full' ? hash : size === 'tv' ? picture.tvHash : picture.thumbHash
      const bytes = kept === null ? undefined : await store.get(kept)
      if (bytes) return bytes
      if (size === 'full') throw noPicture()
      const key = `${hash} ${size}`
      let made = making.get(key)
      if (!made) {
        made = make(picture, size).finally(() => making.delete(key))
        making.set(key, made)
      }
      return made
    },
  }
}

function noPicture(): Error {
  return notFound('没有这张图片', 'There is no such picture')
}
