import { createHash, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** Files by the SHA-256 of their content: written once, never changed, the same for every reader. */
export type Store = {
  /** Keeps the bytes and returns their hash (64 hexadecimal characters). */
  put: (bytes: Uint8Array) => Promise<string>
  /** Takes in a whole file by moving it, and returns its hash. It must lie on the store's own disk, and be written no more. */
  putFile: (path: string) => Promise<string>
  /** The bytes, or `undefined` when no file has the hash. */
  get: (hash: string) => Promise<Buffer | undefined>
  /** A web stream of part of the file, for HTTP ranges. `end` is inclusive. */
  stream: (hash: string, range?: { start: number; end: number }) => ReadableStream<Uint8Array>
  /** Size in bytes, or `undefined` when no file has the hash. */
  size: (hash: string) => Promise<number | undefined>
}

export function hashOf(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex')
}

export function fileStore(directory: string): Store {
  const pathOf = (hash: string): string => {
    if (!/^[0-9a-f]{64}$/.test(hash)) throw new Error(`not a content hash: ${hash}`)
    return join(directory, hash.slice(0, 2), hash)
  }
  return {
    put: async (bytes) => {
      const hash = hashOf(bytes)
      const path = pathOf(hash)
      if (await sizeOf(path)) return hash
      await mkdir(join(directory, hash.slice(0, 2)), { recursive: true })
      // Written aside and renamed, so that no reader ever sees half a file.
      const temporary = `${path}.${randomBytes(4).toString('hex')}`
      await writeFile(temporary, bytes)
      await rename(temporary, path)
      return hash
    },
    putFile: async (source) => {
      const digest = createHash('sha256')
      await pipeline(createReadStream(source), digest)
      const hash = digest.digest('hex')
      await mkdir(join(directory, hash.slice(0, 2)), { recursive: true })
      await rename(source, pathOf(hash))
      return hash
    },
    get: async (hash) => {
      try {
        return await readFile(pathOf(hash))
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
        throw error
      }
    },
    stream: (hash, range) => Readable.toWeb(createReadStream(pathOf(hash), range)) as ReadableStream<Uint8Array>,
    size: (hash) => sizeOf(pathOf(hash)),
  }
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
