import { promisify } from 'node:util'
import { crc32, inflateRaw } from 'node:zlib'

/** PKZIP archives (APPNOTE 6.3.10), as far as office documents use them: no encryption, no parts, no ZIP64. */

const END_OF_DIRECTORY = 0x06054b50
const DIRECTORY_ENTRY = 0x02014b50
const LOCAL_ENTRY = 0x04034b50
const END_BYTES = 22
const COMMENT_LIMIT = 65_535
const STORED = 0
const DEFLATED = 8
const ENTRIES_LIMIT = 2000

const inflate = promisify(inflateRaw)

/**
 * Unpacks the entries whose names are wanted. What an archive says of its own sizes is not believed: unpacking stops at `limitBytes`
 * in all. Throws an `Error` when it is no archive, is damaged, or unpacks to more.
 */
export async function readZip(
  archive: Uint8Array,
  isWanted: (name: string) => boolean,
  limitBytes: number,
): Promise<Map<string, Buffer>> {
  const bytes = Buffer.from(archive.buffer, archive.byteOffset, archive.byteLength)
  const entries = new Map<string, Buffer>()
  let left = limitBytes
  for (const entry of directoryOf(bytes)) {
    if (!isWanted(entry.name)) continue
    if (entries.has(entry.name)) throw new Error(`the archive holds ${entry.name} twice`)
    if (bytes.readUInt32LE(entry.offset) !== LOCAL_ENTRY) throw new Error(`the archive is damaged at ${entry.name}`)
    const start = entry.offset + 30 + bytes.readUInt16LE(entry.offset + 26) + bytes.readUInt16LE(entry.offset + 28)
    const packed = bytes.subarray(start, start + entry.packedBytes)
    if (packed.length < entry.packedBytes) throw new Error(`the archive ends inside ${entry.name}`)
    if (entry.method !== STORED && entry.method !== DEFLATED)
      throw new Error(`${entry.name} is packed in an unknown way`)
    const content = entry.method === STORED ? packed : await inflate(packed, { maxOutputLength: Math.max(1, left) })
    if (content.length > left) throw new Error(`the archive unpacks to more than ${limitBytes} bytes`)
    if (crc32(content) !== entry.checksum) throw new Error(`the archive is damaged at ${entry.name}`)
    left -= content.length
    entries.set(entry.name, content)
  }
  return entries
}

type Entry = { name: string; method: number; checksum: number; packedBytes: number; offset: number }

function directoryOf(bytes: Buffer): Entry[] {
  let end = bytes.length - END_BYTES
  const earliest = Math.max(0, end - COMMENT_LIMIT)
  while (end >= earliest && bytes.readUInt32LE(end) !== END_OF_DIRECTORY) end -= 1
  if (end < earliest) throw new Error('this is no archive')
  const count = bytes.readUInt16LE(end + 10)
  if (count > ENTRIES_LIMIT) throw new Error(`the archive holds more than ${ENTRIES_LIMIT} entries`)
  let at = bytes.readUInt32LE(end + 16)
  return Array.from({ length: count }, () => {
    if (bytes.readUInt32LE(at) !== DIRECTORY_ENTRY) throw new Error('the directory of the archive is damaged')
    const nameBytes = bytes.readUInt16LE(at + 28)
    const entry: Entry = {
      name: bytes.toString('utf8', at + 46, at + 46 + nameBytes),
      method: bytes.readUInt16LE(at + 10),
      checksum: bytes.readUInt32LE(at + 16),
      packedBytes: bytes.readUInt32LE(at + 20),
      offset: bytes.readUInt32LE(at + 42),
    }
    at += 46 + nameBytes + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32)
    return entry
  })
}

/** Packs entries without compressing them. */
export function writeZip(entries: Map<string, Uint8Array>): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const [name, content] of entries) {
    const nameBytes = Buffer.from(name)
    const shared = Buffer.alloc(26)
    shared.writeUInt16LE(20, 0)
    shared.writeUInt16LE(0x0800, 2)
    shared.writeUInt16LE(STORED, 4)
    shared.writeUInt32LE(crc32(content), 10)
    shared.writeUInt32LE(content.length, 14)
    shared.writeUInt32LE(content.length, 18)
    shared.writeUInt16LE(nameBytes.length, 22)
    const local = Buffer.concat([word(LOCAL_ENTRY), shared, nameBytes, content])
    const rest = Buffer.alloc(14)
    rest.writeUInt32LE(offset, 10)
    directory.push(Buffer.concat([word(DIRECTORY_ENTRY), half(20), shared, rest, nameBytes]))
    parts.push(local)
    offset += local.length
  }
  const listing = Buffer.concat(directory)
  const end = Buffer.alloc(END_BYTES)
  end.writeUInt32LE(END_OF_DIRECTORY, 0)
  end.writeUInt16LE(entries.size, 8)
  end.writeUInt16LE(entries.size, 10)
  end.writeUInt32LE(listing.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...parts, listing, end])
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

function half(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16LE(value)
  return bytes
}
