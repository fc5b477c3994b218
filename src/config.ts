import { isAbsolute, resolve } from 'node:path'
import type { DatabaseAddress } from './database/connect.ts'
import { isZone } from './instant.ts'

export type Config = Readonly<{
  port: number
  /** The address that requests are accepted on. */
  host: string
  dataDir: string
  database: DatabaseAddress
  /** The external broker; without one the station runs its own on `mqttPort`. */
  mqttUrl: string | undefined
  mqttPort: number
  /** The address that others reach the station by: with `https:` browsers are told to send their cookies by nothing else. */
  publicUrl: string
  /** How many proxies stand in a row before the station: so many entries of X-Forwarded-For are theirs and believed. */
  trustedProxies: number
  zone: string
  /** Where a sherpa-onnx voice lies, when the county supplies one. */
  voiceModelDir: string | undefined
  /** Whether the neural voice on the network may be asked at all: closed counties say no. */
  networkVoice: boolean
}>

const DEFAULT_PORT = 8080
const DEFAULT_MQTT_PORT = 1883
const PROXY_LIMIT = 10

/**
 * Reads the environment once. Every fault is named with what would be right, and all of them are reported together, so that
 * an operator mends a configuration in one go.
 */
export function readConfig(environment: Record<string, string | undefined>): Config {
  const faults: string[] = []

  const wholeNumber = (name: string, fallback: number, from: number, to: number): number => {
    const text = environment[name]
    if (text === undefined || text === '') return fallback
    const value = Number(text)
    if (Number.isInteger(value) && value >= from && value <= to) return value
    faults.push(`${name} is "${text}": give a whole number from ${from} to ${to}`)
    return fallback
  }
  const url = (name: string, protocols: string[]): string | undefined => {
    const text = environment[name]
    if (text === undefined || text === '') return undefined
    if (URL.canParse(text) && protocols.includes(new URL(text).protocol)) return text
    faults.push(`${name} is not an address of the form ${protocols.map((protocol) => `${protocol}//…`).join(' or ')}`)
    return undefined
  }

  const port = wholeNumber('PORT', DEFAULT_PORT, 0, 65_535)
  const mqttPort = wholeNumber('MQTT_PORT', DEFAULT_MQTT_PORT, 0, 65_535)
  const dataDir = resolve(environment.DATA_DIR || 'var')
  const databaseUrl = url('DATABASE_URL', ['postgres:', 'postgresql:'])
  const mqttUrl = url('MQTT_URL', ['mqtt:', 'mqtts:'])
  const publicUrl = url('PUBLIC_URL', ['http:', 'https:'])
  const trustedProxies = wholeNumber('TRUSTED_PROXIES', 0, 0, PROXY_LIMIT)
  const zone = environment.TZ || 'Asia/Shanghai'
  if (!isZone(zone)) faults.push(`TZ is "${zone}": give a zone of the IANA list, such as Asia/Shanghai`)
  const voiceModelDir = environment.VOICE_MODEL_DIR || undefined
  if (voiceModelDir && !isAbsolute(voiceModelDir)) {
    faults.push(`VOICE_MODEL_DIR is "${voiceModelDir}": give an absolute path`)
  }
  const networkVoice = environment.NETWORK_VOICE ?? 'on'
  if (networkVoice !== 'on' && networkVoice !== 'off') faults.push(`NETWORK_VOICE is "${networkVoice}": give on or off`)

  if (faults.length > 0) throw new Error(`The configuration has ${faults.length} fault(s):\n- ${faults.join('\n- ')}`)
  return Object.freeze({
    port,
    host: environment.HOST || '0.0.0.0',
    dataDir,
    database: databaseUrl ? postgresAddress(databaseUrl) : { kind: 'sqlite', file: resolve(dataDir, 'station.sqlite') },
    mqttUrl,
    mqttPort,
    publicUrl: (publicUrl ?? `http://127.0.0.1:${port}`).replace(/\/$/, ''),
    trustedProxies,
    zone,
    voiceModelDir,
    networkVoice: networkVoice === 'on',
  } satisfies Config)
}

/** `?schema=name` puts the station's tables into a schema of their own, so that one server can hold several stations. */
function postgresAddress(text: string): DatabaseAddress {
  const url = new URL(text)
  const schema = url.searchParams.get('schema')
  url.searchParams.delete('schema')
  return { kind: 'postgres', url: url.href, ...(schema && /^[a-z][a-z0-9_]{0,62}$/.test(schema) ? { schema } : {}) }
}
