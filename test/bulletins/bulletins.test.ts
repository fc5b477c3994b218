import { readFile } from 'node:fs/promises'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ATTEMPT_LIMIT, FIRST_RETRY_SECONDS, RETRY_LIMIT_SECONDS } from '../../src/bulletins/renderer.ts'
import { PREVIEW_LIMIT } from '../../src/bulletins/bulletins.ts'
import { nextWaiting } from '../../src/bulletins/store.ts'
import { hashOf, type Store } from '../../src/equipment/store.ts'
import type { Voice } from '../../src/equipment/voice.ts'
import { FAR_VILLAGE, STREET, testStation, VILLAGE, type TestStation } from '../support/station.ts'
import { brokenVoice, burstVoice, lightEncoder, type RememberingVoice } from '../support/voice.ts'

/** A store in memory, whose disk can fill up. */
function memoryStore(): Store & { isFull: boolean } {
  const files = new Map<string, Buffer>()
  const store: Store & { isFull: boolean } = {
    isFull: false,
    put: async (bytes) => {
      const hash = hashOf(bytes)
      if (store.isFull && !files.has(hash)) throw new Error('ENOSPC: no space left on device')
      files.set(hash, Buffer.from(bytes))
      return hash
    },
    putFile: async (path) => store.put(await readFile(path)),
    get: (hash) => Promise.resolve(files.get(hash)),
    stream: (hash, range) => {
      const file = files.get(hash)!
      return new Blob([file.subarray(range?.start ?? 0, (range?.end ?? file.length) + 1)]).stream()
    },
    size: (hash) => Promise.resolve(files.get(hash)?.length),
  }
  return store
}

const words = { class: 'daily', text: '明天停水。' } as const
const draft = { ...words, areaCode: VILLAGE, title: '停水' }

describe('bulletins', () => {
  let test: TestStation
  let voice: RememberingVoice
  let store: ReturnType<typeof memoryStore>

  beforeEach(async () => {
    voice = burstVoice()
    store = memoryStore()
    test = await testStation({ voices: [voice], store, encoder: lightEncoder() })
  })

  const render = (): Promise<number> => test.station.bulletins.render(test.clock.now())

  it('a clerk writes, hears and approves a bulletin; it is on record who did what', async () => {
    const clerk = test.as('clerk', VILLAGE)
    const preview = await clerk('POST', '/api/bulletins/preview', words)
    expect(preview.body).toMatchObject({ text: '明天停水。', script: '明天停水。', recording: { state: 'pending' } })
    expect(await render()).toBe(1)
    const heard = await clerk('GET', `/api/recordings/${preview.body.recording.key}`)
    expect(heard.body).toMatchObject({ state: 'ready', voice: 'espeak', reason: null, attempts: 1 })

    const made = await clerk('POST', '/api/bulletins', draft)
    expect(made).toMatchObject({ status: 201, body: { state: 'draft', repeatCount: 1, afterPreemption: 'resume' } })
    const ready = await clerk('POST', `/api/bulletins/${made.body.id}/ready`)
    expect(ready.body).toMatchObject({ state: 'ready', recordingKey: heard.body.key })
    expect((await clerk('GET', `/api/bulletins/${made.body.id}`)).body.recording).toEqual(heard.body)
    expect(await render()).toBe(0)
    expect(voice.spoken).toEqual(['明天停水。'])

    const trail = await test.as('supervisor')('GET', `/api/audit?subject=bulletin&subjectId=${made.body.id}`)
    expect(trail.body.entries.map((entry: { action: string }) => entry.action)).toEqual([
      'bulletin.ready',
      'bulletin.added',
    ])
  })

  it('the same words and voice are rendered once, whoever asks and however they are written', async () => {
    const { bulletins, db } = test.station
    const ask = (text: string, repeatCount = 1): Promise<{ key: string }> =>
      bulletins.speak(db, { text, class: 'daily', repeatCount }, test.clock.now())
    const first = await ask('2026年11月22日停水')
    expect(await ask('2026-11-22停水。')).toEqual(first)
    expect(await ask('2026-11-22停水', 2)).not.toEqual(first)
    expect(await render()).toBe(2)
    expect(await ask('２０２６年11月22日停水！')).not.toEqual(first)
    expect(await ask('2026/11/22停水')).toEqual(first)
    expect(await render()).toBe(1)
  })

  it('a template is filled by name, and its faults are named', async () => {
    const operator = test.as('operator')
    const { body } = await operator('GET', '/api/bulletin-templates')
    expect(body.templates.length).toBeGreaterThanOrEqual(10)
    const template = body.templates.find((each: { id: string }) => each.id === 'water-cut')
    const values = Object.fromEntries(
      template.values.map((value: { name: string; example: string }) => [value.name, value.example]),
    )
    const request = { class: 'notice', templateId: 'water-cut', values }
    expect((await operator('POST', '/api/bulletins/preview', request)).body.script).toContain('九点至十五点三十分')
    const refused = await operator('POST', '/api/bulletins/preview', {
      ...request,
      values: { ...values, date: 'tomorrow' },
    })
    expect(refused).toMatchObject({ status: 400, body: { details: [{ field: 'values.date' }] } })
    const unknown = await operator('POST', '/api/bulletins/preview', { ...request, templateId: 'none' })
    expect(unknown.body.details[0].field).toBe('templateId')
  })

  it('a changed bulletin is a draft with new words until it is approved again; a retired one stays as it is', async () => {
    const clerk = test.as('clerk', VILLAGE)
    const { body: made } = await clerk('POST', '/api/bulletins', draft)
    const { body: ready } = await clerk('POST', `/api/bulletins/${made.id}/ready`)
    const { body: changed } = await clerk('PATCH', `/api/bulletins/${made.id}`, { text: '后天停水。' })
    expect(changed).toMatchObject({ state: 'draft', recordingKey: null, text: '后天停水。', title: '停水' })
    const { body: again } = await clerk('POST', `/api/bulletins/${made.id}/ready`)
    expect(again.recordingKey).not.toBe(ready.recordingKey)
    expect((await clerk('DELETE', `/api/bulletins/${made.id}`)).body.state).toBe('retired')
    expect((await clerk('PATCH', `/api/bulletins/${made.id}`, { title: '新' })).status).toBe(409)
    expect((await clerk('POST', `/api/bulletins/${made.id}/ready`)).status).toBe(409)
    const listed = await clerk('GET', '/api/bulletins?state=retired')
    expect(listed.body.bulletins.map((each: { id: string }) => each.id)).toEqual([made.id])
  })

  it('refuses what is outside the area, too long, empty, or not to be spoken, and changes nothing', async () => {
    const clerk = test.as('clerk', STREET)
    const statuses = await Promise.all(
      [
        { ...draft, areaCode: FAR_VILLAGE },
        { ...draft, areaCode: '370799001999' },
        { ...draft, text: '' },
        { ...draft, text: '😀' },
        { ...draft, text: '停水\u0007' },
        { ...draft, text: '水'.repeat(2001) },
        { ...draft, class: 'emergency', text: '水'.repeat(301) },
        { ...draft, repeatCount: 4 },
        { ...draft, voice: 'whoever' },
        { ...draft, title: '' },
        'not JSON',
      ].map(async (body) => (await clerk('POST', '/api/bulletins', body)).status),
    )
    expect(statuses).toEqual([403, 400, 400, 400, 400, 400, 400, 400, 400, 400, 400])
    expect((await clerk('GET', '/api/bulletins')).body.bulletins).toEqual([])
    expect((await clerk('GET', `/api/bulletins?area=${FAR_VILLAGE}`)).status).toBe(403)
    expect((await clerk('GET', '/api/bulletins/none')).status).toBe(404)
  })

  it('a full disk is a reason on the row, and the recording is tried again, later each time', async () => {
    store.isFull = true
    const { station, clock } = test
    const { key } = await station.bulletins.speak(station.db, words, clock.now())
    await render()
    const failed = await station.bulletins.recording(key)
    expect(failed).toMatchObject({ state: 'failed', attempts: 1, reason: expect.stringContaining('ENOSPC') })
    expect(await render()).toBe(0)
    clock.push(FIRST_RETRY_SECONDS)
    expect(await render()).toBe(1)
    expect((await station.bulletins.recording(key))!.attempts).toBe(2)
    store.isFull = false
    clock.push(FIRST_RETRY_SECONDS * 2)
    await render()
    expect(await station.bulletins.recording(key)).toMatchObject({ state: 'ready', attempts: 3, reason: null })
  })

  it('after the last attempt it is given up, until somebody asks for the words again', async () => {
    store.isFull = true
    const { station, clock } = test
    const { key } = await station.bulletins.speak(station.db, words, clock.now())
    for (let attempt = 0; attempt < ATTEMPT_LIMIT; attempt += 1) {
      await render()
      clock.push(RETRY_LIMIT_SECONDS)
    }
    expect(await station.bulletins.recording(key)).toMatchObject({ attempts: ATTEMPT_LIMIT, nextAttemptAt: null })
    expect(await render()).toBe(0)
    store.isFull = false
    await station.bulletins.speak(station.db, words, clock.now())
    expect(await render()).toBe(1)
    expect((await station.bulletins.recording(key))!.state).toBe('ready')
  })

  it('the row says which voice spoke, and why a better one did not', async () => {
    const mixed = await testStation({ voices: [brokenVoice('edge', 'no network'), voice], store })
    const { key } = await mixed.station.bulletins.speak(mixed.station.db, words, mixed.clock.now())
    await mixed.station.bulletins.render(mixed.clock.now())
    expect(await mixed.station.bulletins.recording(key)).toMatchObject({
      state: 'ready',
      voice: 'espeak',
      reason: 'edge: no network',
    })
  })

  it('an emergency is rendered first, and what is being rendered steps aside for it', async () => {
    const spoken: string[] = []
    let onFirst: (() => Promise<unknown>) | undefined
    const slow: Voice = {
      ...voice,
      speak: async (script, options, signal) => {
        spoken.push(script)
        if (spoken.length === 1) await onFirst?.()
        signal.throwIfAborted()
        return voice.speak(script, options, signal)
      },
    }
    const other = await testStation({ voices: [slow], store })
    const speak = (text: string, kind: 'daily' | 'notice' | 'emergency'): Promise<{ key: string }> =>
      other.station.bulletins.speak(other.station.db, { text, class: kind, severity: 1 }, other.clock.now())
    await speak('日常一', 'daily')
    await speak('日常二', 'daily')
    await speak('通知', 'notice')
    onFirst = () => speak('紧急', 'emergency')
    await other.station.bulletins.render(other.clock.now())
    expect(spoken).toEqual(['通知。', '紧急。', '通知。', '日常一。', '日常二。'])
    // Stepping aside is no failure.
    const counts = await other.station.bulletins.countRecordings()
    expect(counts).toEqual({ pending: 0, ready: 4, failed: 0 })
  })

  it('two calls to render are one', async () => {
    await test.station.bulletins.speak(test.station.db, words, test.clock.now())
    expect(await Promise.all([render(), render()])).toEqual([1, 1])
    expect(voice.spoken.length).toBe(1)
  })

  it('tones of every severity lie in the store from the start', async () => {
    const { fixedSounds } = test.station.bulletins
    expect(Object.keys(fixedSounds).sort()).toEqual([
      'all-clear',
      'chime-close',
      'chime-open',
      'drill',
      'siren-1',
      'siren-2',
      'siren-3',
      'siren-4',
      'test',
    ])
    for (const { hash, bytes, seconds } of Object.values(fixedSounds)) {
      expect(await store.size(hash)).toBe(bytes)
      expect(seconds).toBeGreaterThan(1)
    }
    expect(fixedSounds['siren-1'].seconds).toBeGreaterThan(8)
    expect(fixedSounds['siren-4'].seconds).toBeLessThan(5)
  })

  it('only the words of an alert go before everything, whatever class is previewed', async () => {
    const clerk = test.as('clerk', VILLAGE)
    const draft = { class: 'emergency', repeatCount: 3 } as const
    const preview = (text: string) => clerk('POST', '/api/bulletins/preview', { ...draft, text })
    const waiting = await preview('试听一。')
    test.clock.push(1)
    const { key } = await test.station.bulletins.speak(
      test.station.db,
      { text: '堤坝告急。', class: 'emergency', severity: 1 },
      test.clock.now(),
    )
    expect((await nextWaiting(test.station.db, test.clock.now()))?.key).toBe(key)
    expect(waiting.body.recording.key).not.toBe(key)
    const made = await clerk('POST', '/api/bulletins', { ...draft, text: '演练。', areaCode: VILLAGE, title: '演练' })
    const ready = await clerk('POST', `/api/bulletins/${made.body.id}/ready`)
    const rows = await test.station.db.selectFrom('recordings').select(['key', 'urgency']).execute()
    expect(rows.find((row) => row.key === ready.body.recordingKey)?.urgency).toBe(1)
  })

  it('a person has a few previews waiting at a time, and more when those are spoken', async () => {
    const clerk = test.as('clerk', VILLAGE)
    const preview = (number: number) => clerk('POST', '/api/bulletins/preview', { ...words, text: `试听${number}。` })
    const together = await Promise.all(Array.from({ length: PREVIEW_LIMIT + 3 }, (_, index) => preview(index)))
    expect(together.filter(({ status }) => status === 200)).toHaveLength(PREVIEW_LIMIT)
    expect(together.filter(({ status }) => status === 429)).toHaveLength(3)
    const admitted = together.findIndex(({ status }) => status === 200)
    // The same words again, somebody else's, and the script alone take no further place.
    expect((await preview(admitted)).status).toBe(200)
    expect((await test.as('clerk', STREET)('POST', '/api/bulletins/preview', words)).status).toBe(200)
    expect((await clerk('POST', '/api/bulletins/preview', { ...words, isSpoken: false })).status).toBe(200)
    expect((await preview(98)).body.message).toContain('试听')
    await render()
    expect((await preview(99)).status).toBe(200)
  })
})

describe('the address of a recording', () => {
  let test: TestStation
  let store: ReturnType<typeof memoryStore>
  let url: string
  let size: number
  let file: Buffer

  beforeAll(async () => {
    store = memoryStore()
    test = await testStation({ store })
    const sound = test.station.bulletins.fixedSounds.drill
    url = `/recordings/${sound.hash}.mp3`
    size = sound.bytes
    file = Buffer.from(await (await test.call('GET', url)).response.arrayBuffer())
  })

  const part = async (range: string): Promise<{ status: number; range: string | null; body: Buffer }> => {
    const { response, status } = await test.call('GET', url, { headers: { range } })
    return { status, range: response.headers.get('content-range'), body: Buffer.from(await response.arrayBuffer()) }
  }

  it('anyone may fetch the file; it never changes', async () => {
    const { response } = await test.call('GET', url)
    expect(response.headers.get('content-type')).toBe('audio/mpeg')
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(file.length).toBe(size)
    expect(url).toContain(hashOf(file))
    const known = await test.call('GET', url, { headers: { 'if-none-match': response.headers.get('etag')! } })
    expect(known.status).toBe(304)
  })

  it('serves parts, and says when there is none', async () => {
    expect(await part('bytes=0-99')).toEqual({ status: 206, range: `bytes 0-99/${size}`, body: file.subarray(0, 100) })
    expect(await part('bytes=100-')).toMatchObject({ status: 206, body: file.subarray(100) })
    expect(await part('bytes=-50')).toMatchObject({ status: 206, body: file.subarray(size - 50) })
    expect(await part(`bytes=5-${size * 2}`)).toMatchObject({ status: 206, range: `bytes 5-${size - 1}/${size}` })
    expect(await part(`bytes=${size}-`)).toMatchObject({ status: 416, range: `bytes */${size}` })
    for (const whole of ['bytes=9-3', 'bytes=0-1,5-6', 'lines=1-2', 'bytes=-', 'nonsense']) {
      expect((await part(whole)).status).toBe(200)
    }
  })

  it('HEAD tells the size without the file', async () => {
    const { response, status } = await test.call('HEAD', url)
    expect(status).toBe(200)
    expect(response.headers.get('content-length')).toBe(String(size))
    expect((await response.arrayBuffer()).byteLength).toBe(0)
  })

  it('other files of the store are not recordings', async () => {
    const hash = await store.put(Buffer.from('a picture of an invoice'))
    expect((await test.call('GET', `/recordings/${hash}.mp3`)).status).toBe(404)
    expect((await test.call('GET', `/recordings/${'0'.repeat(64)}.mp3`)).status).toBe(404)
    expect((await test.call('GET', '/recordings/..%2f..%2fetc%2fpasswd')).status).toBe(404)
  })
})
