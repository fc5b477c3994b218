import { describe, expect, it } from 'vitest'
import { readConfig } from '../src/config.ts'

describe('configuration', () => {
  it('has defaults for everything', () => {
    const config = readConfig({})
    expect(config).toMatchObject({ port: 8080, zone: 'Asia/Shanghai', mqttUrl: undefined, networkVoice: true })
    expect(config.database).toMatchObject({ kind: 'sqlite' })
    expect(config.dataDir.endsWith('/var')).toBe(true)
    expect(Object.isFrozen(config)).toBe(true)
  })

  it('reports every fault at once, each with its name and what would be right', () => {
    const faulty = {
      PORT: '99999',
      TZ: 'Mars/Base',
      DATABASE_URL: 'mysql://x',
      MQTT_URL: 'http://x',
      PUBLIC_URL: 'nowhere',
      TRUSTED_PROXIES: '-1',
      NETWORK_VOICE: 'maybe',
    }
    expect(() => readConfig(faulty)).toThrow(
      /7 fault\(s\)[^]*PORT[^]*65535[^]*DATABASE_URL[^]*postgres:[^]*MQTT_URL[^]*PUBLIC_URL[^]*TRUSTED_PROXIES[^]*TZ[^]*NETWORK_VOICE/,
    )
  })

  it('never repeats the secret inside an address', () => {
    const secret = 'hunter2'
    expect(() => readConfig({ DATABASE_URL: `mysql://station:${secret}@db` })).toThrow(
      expect.not.stringContaining(secret),
    )
  })
})
