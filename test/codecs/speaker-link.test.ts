import fc from 'fast-check'
import { generateKeyPairSync, sign } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import {
  alertsFrom,
  commandFrom,
  isCredential,
  open,
  passwordOf,
  publicKeyFrom,
  receiptsFrom,
  rundownFrom,
  seal,
  secretHashOf,
  STATION_MESSAGE_LIMIT_BYTES,
  stateFrom,
  TERMINAL_MESSAGE_LIMIT_BYTES,
  topicOf,
  topics,
  type AlertsInForce,
  type Envelope,
} from '../../src/codecs/speaker-link.ts'
import { StationError } from '../../src/errors.ts'
import { addSeconds } from '../../src/instant.ts'
import { entry, NOW } from '../support/entries.ts'

const TOPIC = topics.alert('370799001200')
const { publicKey, privateKey } = generateKeyPairSync('ed25519')
const signer = (bytes: Buffer): Buffer => sign(null, bytes, privateKey)
const body: AlertsInForce = { areaCode: '370799001200', entries: [entry({ title: '暴雨红色预警' })] }
const envelope: Envelope<AlertsInForce> = {
  id: 'm1',
  topic: TOPIC,
  sequence: 7,
  issuedAt: NOW,
  expiresAt: addSeconds(NOW, 60),
  body,
}
const expected = { topic: TOPIC, publicKey, lastSequence: 6, now: NOW }

/** The field a fault names. */
function faultOf(read: () => unknown): string {
  try {
    read()
  } catch (error) {
    if (error instanceof StationError) return error.details[0]!.field
    throw error
  }
  return 'none'
}

describe('signed messages', () => {
  it('what was sealed opens', () => {
    const opened = open(seal(envelope, signer), expected)!
    expect(opened).toEqual(envelope)
    expect(alertsFrom(opened.body)).toEqual(body)
  })

  it('a changed bit anywhere is refused', () => {
    const payload = seal(envelope, signer)
    fc.assert(
      fc.property(fc.integer({ min: 0, max: payload.length - 1 }), fc.integer({ min: 0, max: 7 }), (at, bit) => {
        const changed = Buffer.from(payload)
        changed[at]! ^= 1 << bit
        // The last base64 characters hold bits that mean nothing; a change there leaves the signature as it was.
        if (at >= 85 && at < 88) return
        expect(faultOf(() => open(changed, expected))).toBe('signature')
      }),
    )
  })

  it('another’s key, another’s topic, a time that has passed or is far ahead, and an old sequence are refused by name', () => {
    const payload = seal(envelope, signer)
    const other = generateKeyPairSync('ed25519').publicKey
    expect(faultOf(() => open(payload, { ...expected, publicKey: other }))).toBe('signature')
    expect(faultOf(() => open(payload, { ...expected, topic: topics.alert('370799001201') }))).toBe('topic')
    expect(faultOf(() => open(payload, { ...expected, now: addSeconds(NOW, 60) }))).toBe('expiresAt')
    expect(faultOf(() => open(payload, { ...expected, now: addSeconds(NOW, -301) }))).toBe('issuedAt')
    expect(faultOf(() => open(payload, { ...expected, lastSequence: 8 }))).toBe('sequence')
    expect(faultOf(() => open(Buffer.alloc(STATION_MESSAGE_LIMIT_BYTES + 1), expected))).toBe('size')
  })

  it('the message last obeyed comes again without a fault, and without effect', () => {
    expect(open(seal(envelope, signer), { ...expected, lastSequence: 7 })).toBeUndefined()
  })

  it('no bytes whatever make it do anything but name a fault', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(faultOf(() => open(Buffer.from(bytes), expected))).toBe('signature')
      }),
    )
  })

  it('signed bytes that are no envelope are named too', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const bytes = Buffer.from(text)
        const payload = Buffer.concat([Buffer.from(`${signer(bytes).toString('base64')}\n`), bytes])
        expect(faultOf(() => open(payload, expected))).not.toBe('none')
      }),
    )
  })
})

describe('reading messages', () => {
  const readers = [rundownFrom, alertsFrom, commandFrom, (value: unknown) => stateFrom(bytes(value)), receipts]

  function bytes(value: unknown): Buffer {
    return Buffer.from(JSON.stringify(value) ?? '')
  }

  function receipts(value: unknown): unknown {
    return receiptsFrom(bytes(value))
  }

  it('anything that is not the message is refused by name, never by accident', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(...readers), (value, read) => {
        expect(faultOf(() => read(value))).not.toBe('none')
      }),
    )
  })

  it('a message with one field taken away or made something else is refused at that field', () => {
    const whole = { areaCode: '370799001200', entries: [entry()], holdHashes: [] }
    expect(rundownFrom(whole)).toEqual(whole)
    const wrong = fc.constantFrom<unknown>(undefined, {}, [], 'x', -1, 1e99)
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(entry())), wrong, (field, value) => {
        const changed = { ...whole, entries: [{ ...entry(), [field]: value }] }
        if (field === 'repeatEverySeconds' && value === undefined) return
        if ((field === 'title' || field === 'precedence' || field === 'airingId') && value === 'x') return
        expect(faultOf(() => rundownFrom(changed))).toBe(`entries.0.${field}`)
      }),
    )
  })

  it('an entry that ends before it begins, and too long a list, are refused', () => {
    const backwards = entry({ untilAt: addSeconds(NOW, -1) })
    expect(faultOf(() => alertsFrom({ ...body, entries: [backwards] }))).toBe('entries.0.untilAt')
    expect(faultOf(() => alertsFrom({ ...body, entries: Array.from({ length: 501 }, () => entry()) }))).toBe('entries')
  })

  it('states and receipts are read, and limited in size', () => {
    const state = { state: 'online', playing: null, volume: 80, version: '1.0.0', freeBytes: null }
    expect(stateFrom(bytes(state))).toEqual(state)
    const receipt = { receiptId: 'r1', airingId: 'a1', kind: 'started', at: NOW, playedSeconds: null, reason: null }
    expect(receiptsFrom(bytes({ receipts: [receipt] }))).toEqual([receipt])
    expect(faultOf(() => receipts({ receipts: [{ ...receipt, kind: 'heard' }] }))).toBe('receipts.0.kind')
    expect(faultOf(() => receipts({ receipts: Array.from({ length: 101 }, () => receipt) }))).toBe('receipts')
    expect(faultOf(() => receiptsFrom(Buffer.alloc(TERMINAL_MESSAGE_LIMIT_BYTES + 1)))).toBe('size')
    expect(faultOf(() => stateFrom(Buffer.from('{')))).toBe('message')
  })

  it('a topic says what it is about', () => {
    expect(topicOf(topics.rundown('370799001200'))).toEqual({ kind: 'rundown', areaCode: '370799001200' })
    expect(topicOf(topics.receipt('pole-1'))).toEqual({ kind: 'receipt', terminalId: 'pole-1' })
    for (const topic of ['', 'xiangyin/v1/area/1/state', 'xiangyin/v1/terminal/+/state', 'xiangyin/v2/area/1/alert']) {
      expect(topicOf(topic)).toBeUndefined()
    }
  })

  it('a secret and the password derived from it are both its credential, and nothing else is', () => {
    const hash = secretHashOf('open sesame')
    expect(isCredential('open sesame', hash)).toBe(true)
    expect(isCredential(passwordOf(hash), hash)).toBe(true)
    // Who reads the database or the wire cannot sign in with what stands there.
    expect(isCredential(hash, hash)).toBe(false)
    expect(isCredential('', hash)).toBe(false)
  })

  it('only an Ed25519 public key is a station’s key', () => {
    const text = publicKey.export({ format: 'der', type: 'spki' }).toString('base64')
    expect(publicKeyFrom(text).asymmetricKeyType).toBe('ed25519')
    const rsa = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey
    for (const other of ['', 'abc', rsa.export({ format: 'der', type: 'spki' }).toString('base64')]) {
      expect(faultOf(() => publicKeyFrom(other))).toBe('publicKey')
    }
  })
})
