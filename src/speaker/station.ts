import { randomBytes } from 'node:crypto'
import { isSame, proofOf, secretHashOf, tokenOf } from '../codecs/speaker-link.ts'
import { invalid, StationError } from '../errors.ts'
import { parseInstant, type Instant } from '../instant.ts'

export const RECORDING_LIMIT_BYTES = 64 * 1024 * 1024
const TIMEOUT_MILLISECONDS = 30_000
/** A clock that was asked for longer than this says too little. */
const CLOCK_LIMIT_MILLISECONDS = 3000

/** What the station has proved of itself, and its time if it answered quickly. */
export type Introduced = {
  areaCodes: string[]
  subscribe: string[]
  mqttUrl: string
  publicKey: string
  sequence: number
  clock: { askedAt: number; answeredAt: number; now: Instant } | undefined
}

/** The station as a loudspeaker reaches it over HTTP. The secret itself never travels. */
export type StationDoor = {
  /** Throws `invalid` when the answer isn't our station's, `unauthorized` when it does not know us; rejects when it can't be reached. */
  introduce: () => Promise<Introduced>
  recording: (hash: string) => Promise<Buffer>
}

export function stationDoor(server: string, id: string, secret: string): StationDoor {
  const ask = async (path: string): Promise<Response> => {
    const headers = { authorization: `Bearer ${tokenOf(id, secret)}`, 'accept-language': 'en' }
    const response = await fetch(new URL(path, server), { headers, signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS) })
    if (response.status === 401 || response.status === 403) {
      throw new StationError('unauthorized', {
        zh: '平台不认识这个编号和密钥',
        en: 'The station does not know this id and secret',
      })
    }
    if (!response.ok) throw new Error(`the station answered ${response.status}`)
    return response
  }
  return {
    introduce: async () => {
      const nonce = randomBytes(18).toString('base64url')
      const askedAt = Date.now()
      const answer = (await (await ask(`/api/link?nonce=${nonce}`)).json()) as Record<string, unknown>
      const answeredAt = Date.now()
      const { terminalId, areaCodes, subscribe, mqttUrl, publicKey, sequence, proof, now } = answer
      const isWhole =
        terminalId === id &&
        isTexts(areaCodes) &&
        isTexts(subscribe) &&
        typeof mqttUrl === 'string' &&
        typeof publicKey === 'string' &&
        typeof sequence === 'number' &&
        typeof proof === 'string' &&
        typeof now === 'string'
      if (!isWhole) throw invalid('link', '平台的答复不完整', 'The answer of the station is not whole')
      const introduction = { terminalId, areaCodes, subscribe, mqttUrl, publicKey, sequence, now }
      if (!isSame(proof, proofOf(secretHashOf(secret), nonce, introduction))) {
        throw invalid('proof', '对方不是本终端所属的平台', 'Who answered is not the station of this loudspeaker')
      }
      const at = parseInstant(now)
      const isQuick = answeredAt - askedAt <= CLOCK_LIMIT_MILLISECONDS
      const clock = at && isQuick ? { askedAt, answeredAt, now: at } : undefined
      return { areaCodes, subscribe, mqttUrl, publicKey, sequence, clock }
    },
    recording: async (hash) => {
      const response = await ask(`/recordings/${hash}.mp3`)
      if (Number(response.headers.get('content-length') ?? 0) > RECORDING_LIMIT_BYTES) {
        throw new Error(`the recording is larger than ${RECORDING_LIMIT_BYTES} bytes`)
      }
      return Buffer.from(await response.arrayBuffer())
    },
  }
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string')
}
