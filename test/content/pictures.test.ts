import sharp from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import { PICTURE_FILE_LIMIT_BYTES } from '../../src/content/routes.ts'
import { sharpPictures } from '../../src/equipment/pictures.ts'
import { formOf, photo } from '../support/content.ts'
import { testStation, VILLAGE, type TestStation } from '../support/station.ts'

describe('pictures', () => {
  let test: TestStation
  let fitted = 0
  let isBroken = false
  beforeAll(async () => {
    const real = sharpPictures()
    const fit: typeof real.fit = (...given) => {
      fitted += 1
      if (isBroken) return Promise.reject(new Error('no memory'))
      return real.fit(...given)
    }
    test = await testStation({ pictures: { ...real, fit } })
  })

  const upload = async (bytes: Uint8Array, name = 'photo.jpg') =>
    test.call('POST', '/api/pictures', { token: await test.token('clerk', VILLAGE), form: formOf({}, { bytes, name }) })
  const sizeOf = async (path: string): Promise<[number, number]> => {
    const { width, height } = await sharp(await (await test.call('GET', path)).response.bytes()).metadata()
    return [width, height]
  }

  const rows = async () => (await test.station.db.selectFrom('pictures').select('hash').execute()).length

  it('are served in three sizes, for ever the same', async () => {
    const { status, body } = await upload(await photo(3200, 2400))
    expect([status, body.width, body.height]).toEqual([201, 2560, 1920])
    expect(await sizeOf(`${body.url}/thumb`)).toEqual([320, 240])
    expect(await sizeOf(`${body.url}/tv`)).toEqual([960, 720])
    expect(await sizeOf(`${body.url}/full`)).toEqual([2560, 1920])
    expect(await sizeOf(body.url)).toEqual([2560, 1920])
    const { response } = await test.call('GET', `${body.url}/tv`)
    expect(response.headers.get('cache-control')).toContain('immutable')
    expect(response.headers.get('content-type')).toBe('image/jpeg')
  })

  it('a small one stays as small as it is', async () => {
    const { body } = await upload(await photo(200, 100))
    expect(await sizeOf(`${body.url}/tv`)).toEqual([200, 100])
    expect(await sizeOf(`${body.url}/full`)).toEqual([200, 100])
  })

  it('a size is made once, however many ask at once', async () => {
    const { body } = await upload(await photo(900, 600))
    fitted = 0
    await Promise.all(Array.from({ length: 8 }, () => test.call('GET', `${body.url}/thumb`)))
    await test.call('GET', `${body.url}/thumb`)
    expect(fitted).toBe(1)
  })

  it('a size that cannot be made is the whole picture, until it can', async () => {
    const { body } = await upload(await photo(1000, 500))
    isBroken = true
    expect(await sizeOf(`${body.url}/thumb`)).toEqual([1000, 500])
    isBroken = false
    expect(await sizeOf(`${body.url}/thumb`)).toEqual([320, 160])
  })

  it('stand upright, and tell nothing of the camera, its owner or the place', async () => {
    const secret = 'secret-camera-owner'
    const camera = await sharp(await photo(60, 40))
      .withExif({ IFD0: { Artist: secret }, IFD3: { GPSLatitude: '36/1 42/1 0/1' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer()
    expect((await sharp(camera).metadata()).exif).toBeDefined()
    const { body } = await upload(camera)
    expect([body.width, body.height]).toEqual([40, 60])
    const kept = await (await test.call('GET', `${body.url}/full`)).response.bytes()
    const { exif, orientation, icc, xmp } = await sharp(kept).metadata()
    expect({ exif, orientation, icc, xmp }).toEqual({})
    expect(Buffer.from(kept).includes(secret)).toBe(false)
  })

  it('come as PNG and WebP too, whatever their name says', async () => {
    for (const format of ['png', 'webp'] as const) {
      expect((await upload(await photo(50, 50, format), 'x.jpg')).status).toBe(201)
    }
  })

  it('the same picture sent twice is one', async () => {
    const bytes = await photo(77, 33)
    expect((await upload(bytes)).body.hash).toBe((await upload(bytes)).body.hash)
  })

  it('what is no picture is refused and leaves nothing behind', async () => {
    const jpeg = await photo(400, 300)
    const svg = Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>',
    )
    const bomb = await sharp({
      create: { width: 8000, height: 8000, channels: 3, background: 'white' },
      limitInputPixels: false,
    })
      .png({ compressionLevel: 1 })
      .toBuffer()
    const bad: [string, Uint8Array][] = [
      ['cut short', jpeg.subarray(0, jpeg.length / 2)],
      ['only a head', jpeg.subarray(0, 20)],
      ['drawing', svg],
      ['text named .jpg', Buffer.from('这不是图片')],
      ['empty', new Uint8Array()],
      ['too many pixels', bomb],
      ['page', Buffer.from('<html><script>alert(1)</script></html>')],
    ]
    const before = await rows()
    for (const [what, bytes] of bad) {
      const { status, body } = await upload(bytes)
      expect([what, status, body.details?.[0]?.field]).toEqual([what, 400, 'file'])
    }
    expect(await rows()).toBe(before)
  })

  it('a form that is none, has no file, or is too large is refused', async () => {
    const token = await test.token('clerk', VILLAGE)
    const multipart = { 'content-type': 'multipart/form-data; boundary=x' }
    expect((await test.call('POST', '/api/pictures', { token, body: 'torn', headers: multipart })).status).toBe(400)
    expect((await test.call('POST', '/api/pictures', { token, form: formOf({ file: 'text' }) })).status).toBe(400)
    expect((await test.call('POST', '/api/pictures', { token, body: {} })).status).toBe(415)
    expect((await test.call('POST', '/api/pictures', { token })).status).toBe(400)
    expect((await upload(new Uint8Array(PICTURE_FILE_LIMIT_BYTES + 1))).status).toBe(413)
  })

  it('a picture that is not there, and a bad address, are told apart', async () => {
    expect((await test.call('GET', `/pictures/${'a'.repeat(64)}/tv`)).status).toBe(404)
    expect((await test.call('GET', `/pictures/${'a'.repeat(64)}/huge`)).status).toBe(400)
    expect((await test.call('GET', '/pictures/..%2f..%2fetc%2fpasswd/tv')).status).toBe(400)
  })
})
