import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { proofOf, secretHashOf, type Introduction } from '../../src/codecs/speaker-link.ts'
import { stationDoor } from '../../src/speaker/station.ts'
import { NOW } from '../support/entries.ts'

const SECRET = 'the secret'
const INTRODUCTION: Introduction = {
  terminalId: 'pole-1',
  areaCodes: ['370799001200'],
  subscribe: ['xiangyin/v1/area/370799001200/alert'],
  mqttUrl: 'mqtt://station.test:1883',
  publicKey: 'the key',
  sequence: 5,
  now: NOW,
}

describe('the introduction', () => {
  let server: Server
  afterEach(() => void server.close())

  /** What the loudspeaker makes of an answer that was altered between the station and it. */
  const introduced = async (altered: Record<string, unknown>) => {
    server = createServer((request, response) => {
      const nonce = new URL(request.url!, 'http://station.test').searchParams.get('nonce')!
      const proof = proofOf(secretHashOf(SECRET), nonce, INTRODUCTION)
      response.end(JSON.stringify({ ...INTRODUCTION, proof, ...altered }))
    })
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    return stationDoor(`http://127.0.0.1:${port}`, 'pole-1', SECRET).introduce()
  }

  it('of its own station is believed', async () => {
    const { areaCodes, mqttUrl, clock } = await introduced({})
    expect({ areaCodes, mqttUrl }).toEqual({ areaCodes: INTRODUCTION.areaCodes, mqttUrl: INTRODUCTION.mqttUrl })
    expect(clock?.now).toBe(NOW)
  })

  it.each([
    ['terminalId', 'pole-2'],
    ['areaCodes', ['370799002200']],
    ['subscribe', ['xiangyin/v1/area/370799002200/alert']],
    ['mqttUrl', 'mqtt://impostor.test:1883'],
    ['publicKey', 'another key'],
    ['sequence', 1],
    ['now', '2030-01-01T00:00:00.000Z'],
    ['proof', 'none'],
  ])('with another %s is not', async (field, value) => {
    await expect(introduced({ [field]: value })).rejects.toMatchObject({ fault: 'invalid' })
  })
})
