import sharp from 'sharp'

/** A picture as it is kept: JPEG, upright, without metadata, at most 2560 pixels long. Or why it is none. */
export type ReadPicture =
  | { jpeg: Buffer; width: number; height: number }
  | { reason: 'unknown-format' | 'too-many-pixels' | 'damaged' }

export type Pictures = {
  /** Checks an uploaded picture by decoding it whole. */
  read: (bytes: Uint8Array) => Promise<ReadPicture>
  /** A kept picture, made to fit inside a box. */
  fit: (jpeg: Uint8Array, width: number, height: number) => Promise<Buffer>
}

export const PICTURE_PIXEL_LIMIT = 60_000_000
const LONGEST_SIDE = 2560
const QUALITY = 84

/** By their first bytes: what a camera, a scanner or a telephone makes. Drawings (SVG, PDF) are programs and stay outside. */
const FORMATS: RegExp[] = [
  /^\xff\xd8\xff/, // JPEG
  /^\x89PNG\r\n/,
  /^RIFF.{4}WEBP/s,
  /^GIF8[79]a/,
  /^(II\*|MM.\*)/s, // TIFF
  /^.{4}ftyp(avif|avis|mif1)/s, // AVIF
]

export function sharpPictures(): Pictures {
  // Pictures are a side matter of the station: one thread each, so that a batch of them leaves the beat its processor.
  sharp.concurrency(1)
  return {
    read: async (bytes) => {
      const head = Buffer.from(bytes.subarray(0, 16)).toString('latin1')
      if (!FORMATS.some((format) => format.test(head))) return { reason: 'unknown-format' }
      const picture = sharp(bytes, { failOn: 'error', limitInputPixels: PICTURE_PIXEL_LIMIT, pages: 1 })
      try {
        const { width, height } = await picture.metadata()
        if (width * height > PICTURE_PIXEL_LIMIT) return { reason: 'too-many-pixels' }
        // Without `keepMetadata` nothing of the camera's position, owner or thumbnail comes through.
        const { data, info } = await picture
          .autoOrient()
          .flatten({ background: 'white' })
          .resize(LONGEST_SIDE, LONGEST_SIDE, { fit: 'inside', withoutEnlargement: true })
          .toColourspace('srgb')
          .jpeg({ quality: QUALITY })
          .toBuffer({ resolveWithObject: true })
        return { jpeg: data, width: info.width, height: info.height }
      } catch (error) {
        return { reason: /pixel limit/.test((error as Error).message) ? 'too-many-pixels' : 'damaged' }
      }
    },
    fit: (jpeg, width, height) =>
      sharp(jpeg)
        .resize(width, height, { fit: 'inside', withoutEnlargement: true })
        .jpeg({ quality: QUALITY })
        .toBuffer(),
  }
}

/** Turns a drawing of our own (never an uploaded one) into a picture. Not part of what the station does; the demo county's receipts need it. */
export type Draw = (svg: string) => Promise<{ jpeg: Buffer; width: number; height: number }>

/** Draws with the fonts that `fontConfig` names and no others, so that a drawing looks the same on a machine without any. */
export function svgDrawings(fontConfig: string): Draw {
  // The drawing library asks for its fonts at its first text, and reads where they are from the process's environment.
  process.env.FONTCONFIG_FILE = fontConfig
  return async (svg) => {
    const { data, info } = await sharp(Buffer.from(svg))
      .flatten()
      .jpeg({ quality: 74 })
      .toBuffer({ resolveWithObject: true })
    return { jpeg: data, width: info.width, height: info.height }
  }
}
