import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import { VIDEO_FILE_LIMIT_BYTES, VIDEO_SECONDS_LIMIT } from '../../src/content/video-jobs.ts'
import { PENDING_LIMIT } from '../../src/content/videos.ts'
import { addVideo } from '../../src/content/store.ts'
import { ffmpegEncoder } from '../../src/equipment/encoder.ts'
import { draftOf } from '../support/content.ts'
import { filmOf } from '../support/film.ts'
import { FAR_VILLAGE, testStation, VILLAGE, type TestStation } from '../support/station.ts'

const HASH = /^[0-9a-f]{64}$/

/** The length that a film of our own (faststart, so that its head comes first) says of itself, with the given seconds in its place. */
function saying(film: Uint8Array, seconds: number): Uint8Array {
  const bytes = Buffer.from(film)
  for (const [box, scaleAt] of [
    ['mvhd', 16],
    ['mdhd', 16],
  ] as const) {
    for (let at = bytes.indexOf(box); at >= 0; at = bytes.indexOf(box, at + 4)) {
      bytes.writeUInt32BE(bytes.readUInt32BE(at + scaleAt) * seconds, at + scaleAt + 4)
    }
  }
  for (let at = bytes.indexOf('tkhd'); at >= 0; at = bytes.indexOf('tkhd', at + 4)) {
    bytes.writeUInt32BE(bytes.readUInt32BE(bytes.indexOf('mvhd') + 16) * seconds, at + 24)
  }
  return bytes
}

describe('videos', () => {
  let test: TestStation
  let film: Uint8Array
  let mute: Uint8Array
  beforeAll(async () => {
    test = await testStation({ encoder: ffmpegEncoder() })
    film = await filmOf({ width: 160, height: 120, seconds: 2, blackSeconds: 0 })
    mute = await filmOf({ width: 96, height: 160, seconds: 2, blackSeconds: 1.3, isMute: true })
  })

  const upload = async (bytes: Uint8Array | ReadableStream, headers: Record<string, string> = {}, at = test) => {
    const authorization = `Bearer ${await at.token('clerk', VILLAGE)}`
    const sent = { method: 'POST', headers: { authorization, 'content-type': 'video/mp4', ...headers }, body: bytes }
    const response = await at.station.fetch(new Request('http://station.test/api/videos', { ...sent, duplex: 'half' }))
    return { status: response.status, body: JSON.parse(await response.text()) }
  }
  const rows = async () => (await test.station.db.selectFrom('videos').select('id').execute()).length
  const uploads = (at = test) => readdirSync(join(at.directory, 'uploads'))
  const read = async (id: string, at = test) => (await at.as('clerk', VILLAGE)('GET', `/api/videos/${id}`)).body

  it('an upload becomes what boxes play, with a poster, and plays in an item', async () => {
    const { status, body } = await upload(film)
    expect([status, body.state, body.url]).toEqual([202, 'pending', null])
    expect(await test.station.videos.make(test.clock.now())).toBe(1)
    const video = await read(body.id)
    expect(video).toMatchObject({ state: 'ready', seconds: 2, message: null, url: `/videos/${video.videoHash}.mp4` })
    expect(uploads()).toEqual([])

    const { response } = await test.call('GET', video.url)
    const bytes = Buffer.from(await response.bytes())
    expect(response.headers.get('content-type')).toBe('video/mp4')
    expect(bytes.length).toBe(video.bytes)
    // H.264, profile 77 Main, level 31; the head before the pictures; 1280×720 in the track's last eight bytes, as 16.16 numbers.
    const avcC = bytes.indexOf('avcC')
    expect([bytes[avcC + 5], bytes[avcC + 7]]).toEqual([77, 31])
    expect(bytes.indexOf('moov')).toBeLessThan(bytes.indexOf('mdat'))
    const tkhd = bytes.indexOf('tkhd')
    expect([bytes.readUInt32BE(tkhd + 80) >> 16, bytes.readUInt32BE(tkhd + 84) >> 16]).toEqual([1280, 720])

    const poster = await (await test.call('GET', `/pictures/${video.posterHash}/full`)).response.bytes()
    expect(await sharp(poster).metadata()).toMatchObject({ width: 1280, height: 720 })
    const { videoHash, posterHash, seconds } = video
    const content = { videoHash, posterHash, seconds, description: '' }
    const made = await test.as('clerk', VILLAGE)(
      'POST',
      '/api/items',
      draftOf('video', { columnId: 'decisions', content }),
    )
    expect([made.status, made.body.details]).toEqual([201, undefined])
    expect((await test.as('clerk', VILLAGE)('POST', `/api/items/${made.body.id}/publish`, {})).status).toBe(200)
    // A file of the store that is no film is none for an item either.
    const wrong = draftOf('video', { columnId: 'decisions', content: { ...content, videoHash: posterHash } })
    const refused = await test.as('clerk', VILLAGE)('POST', '/api/items', wrong)
    expect(refused.body.details.map(({ field }: { field: string }) => field)).toEqual(['content.videoHash'])
  })

  it('an upright, mute film is padded, given silence, and its poster is not the black it begins with', async () => {
    const { body } = await upload(mute)
    await test.station.videos.make(test.clock.now())
    const video = await read(body.id)
    expect(video).toMatchObject({ state: 'ready', seconds: 2 })
    const bytes = Buffer.from(await (await test.call('GET', video.url)).response.bytes())
    expect(bytes.includes('mp4a')).toBe(true)
    const poster = sharp(await (await test.call('GET', `/pictures/${video.posterHash}/full`)).response.bytes())
    const brightness = async (left: number, top: number, width: number, height: number): Promise<number> => {
      const part = await poster.clone().extract({ left, top, width, height }).toBuffer()
      return Math.max(...(await sharp(part).stats()).channels.map(({ mean }) => mean))
    }
    expect(await brightness(540, 260, 200, 200)).toBeGreaterThan(60)
    expect(await brightness(0, 0, 300, 720)).toBeLessThan(10)
  })

  it('is served in parts, for ever the same', async () => {
    const { videos } = (await test.as('clerk', VILLAGE)('GET', '/api/videos?state=ready')).body
    const [{ url, videoHash, bytes }] = videos
    const part = await test.call('GET', url, { headers: { range: 'bytes=4-7' } })
    expect([part.status, await part.response.text()]).toEqual([206, 'ftyp'])
    expect(part.response.headers.get('content-range')).toBe(`bytes 4-7/${bytes}`)
    expect(part.response.headers.get('cache-control')).toContain('immutable')
    expect((await test.call('GET', url, { headers: { range: `bytes=${bytes}-` } })).status).toBe(416)
    expect((await test.call('GET', url, { headers: { 'if-none-match': `"${videoHash}"` } })).status).toBe(304)
    const head = await test.call('HEAD', url)
    expect([head.status, head.response.headers.get('content-length')]).toEqual([200, String(bytes)])
  })

  it('only films are shown as films, whatever else has that hash', async () => {
    const picture = (await test.station.db.selectFrom('pictures').select('hash').executeTakeFirstOrThrow()).hash
    expect(picture).toMatch(HASH)
    for (const file of [`${picture}.mp4`, `${'a'.repeat(64)}.mp4`, 'x.mp4', '..%2f..%2fetc%2fpasswd', picture]) {
      expect([file, (await test.call('GET', `/videos/${file}`)).status]).toEqual([file, 404])
    }
  })

  it('what is no film, or too long, is refused at once and leaves nothing behind', async () => {
    const jpeg = await sharp({ create: { width: 64, height: 64, channels: 3, background: 'red' } })
      .jpeg()
      .toBuffer()
    const playlist = `#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n`
    const bad: [string, Uint8Array][] = [
      ['empty', new Uint8Array()],
      ['text', Buffer.from('这不是视频')],
      ['picture', jpeg],
      ['playlist', Buffer.from(playlist)],
      ['list of files', Buffer.from("ffconcat version 1.0\nfile '/etc/passwd'\n")],
      ['only a head', film.subarray(0, 600)],
      ['too long', saying(film, VIDEO_SECONDS_LIMIT + 2)],
    ]
    const before = await rows()
    for (const [what, bytes] of bad) {
      const { status, body } = await upload(bytes)
      expect([what, status, body.details?.[0]?.field]).toEqual([what, 400, 'file'])
      if (what === 'too long') expect(body.message).toContain('30 分钟')
    }
    expect([await rows(), uploads()]).toEqual([before, []])
  })

  it('a film whose end is missing is found out while it is made', async () => {
    const long = await filmOf({ width: 64, height: 64, seconds: 8, blackSeconds: 0 })
    const { status, body } = await upload(long.subarray(0, Math.floor(long.length * 0.3)))
    expect(status).toBe(202)
    await test.station.videos.make(test.clock.now())
    expect(await read(body.id)).toMatchObject({
      state: 'failed',
      videoHash: null,
      message: expect.stringContaining('不完整'),
    })
    expect(uploads()).toEqual([])
  })

  it('a body over the limit is refused by its length, or at the byte that is too much, and leaves nothing behind', async () => {
    const before = await rows()
    const said = await upload(film, { 'content-length': String(VIDEO_FILE_LIMIT_BYTES + 1) })
    expect(said.status).toBe(413)
    const megabytes = 4
    const chunk = new Uint8Array(megabytes * 1024 * 1024)
    let left = VIDEO_FILE_LIMIT_BYTES / chunk.length + 2
    const endless = new ReadableStream({
      pull: (controller) => ((left -= 1) > 0 ? controller.enqueue(chunk) : controller.close()),
    })
    expect((await upload(endless)).status).toBe(413)
    expect([await rows(), uploads()]).toEqual([before, []])
  })

  it('too many that wait are refused, and one whose upload is gone says so', async () => {
    const other = await testStation({ encoder: ffmpegEncoder() })
    const none = { videoHash: null, posterHash: null, seconds: null, bytes: null, fault: null, reason: null }
    for (let number = 0; number < PENDING_LIMIT; number += 1) {
      const times = { createdAt: other.clock.now(), finishedAt: null }
      await addVideo(other.station.db, {
        id: `v${number}`,
        areaCode: VILLAGE,
        state: 'pending',
        attempts: 0,
        ...none,
        ...times,
      })
    }
    expect((await upload(film, {}, other)).status).toBe(409)
    mkdirSync(join(other.directory, 'uploads'), { recursive: true })
    writeFileSync(join(other.directory, 'uploads', 'orphan'), 'left by a station that was killed')
    expect(await other.station.videos.make(other.clock.now())).toBe(PENDING_LIMIT)
    expect(uploads(other)).toEqual([])
    expect(await read('v0', other)).toMatchObject({ state: 'failed', message: expect.stringContaining('重新上传') })
  })

  it('is made by the next station when this one stops in the middle', async () => {
    const first = await testStation({ encoder: ffmpegEncoder() })
    const { body } = await upload(film, {}, first)
    const making = first.station.videos.make(first.clock.now())
    await first.station.videos.close()
    expect(await making).toBe(0)
    expect(await read(body.id, first)).toMatchObject({ state: 'pending' })
    expect(uploads(first)).toContain(body.id)
  })

  it('belongs to an area: others do not see how far it has come', async () => {
    const { videos } = (await test.as('clerk', VILLAGE)('GET', '/api/videos')).body
    expect((await test.as('clerk', FAR_VILLAGE)('GET', `/api/videos/${videos[0].id}`)).status).toBe(403)
    expect((await test.as('clerk', FAR_VILLAGE)('GET', '/api/videos')).body.videos).toEqual([])
    expect((await test.as('clerk', VILLAGE)('GET', '/api/videos/nothing')).status).toBe(404)
    expect((await test.as('operator', VILLAGE)('POST', '/api/videos')).status).toBe(403)
  })

  it('the encoder of 2018 makes the same kind of film', async () => {
    const old = await testStation({ encoder: ffmpegEncoder('') })
    const { body } = await upload(mute, {}, old)
    await old.station.videos.make(old.clock.now())
    expect(await read(body.id, old)).toMatchObject({ state: 'ready', seconds: 2 })
  })
})
