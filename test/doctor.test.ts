import { createServer } from 'node:net'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readConfig } from '../src/config.ts'
import { examine, report, type Examined, type Finding } from '../src/doctor.ts'
import { systemClock } from '../src/equipment/clock.ts'
import type { Encoder } from '../src/equipment/encoder.ts'
import type { Voice } from '../src/equipment/voice.ts'

const directory = mkdtempSync(join(tmpdir(), 'xiangyin-doctor-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const encoder: Encoder = {
  run: () => Promise.reject(new Error('not asked')),
  probe: () => Promise.reject(new Error('not asked')),
  inspect: () =>
    Promise.resolve({ path: '/usr/bin/ffmpeg', origin: 'system', version: '7.1', filters: [], fault: null }),
}

const voice = (
  name: Voice['name'],
  speak: Voice['speak'],
  inspect: Voice['inspect'] = () => Promise.resolve(null),
): Voice => ({
  name,
  speak,
  inspect,
  close: () => Promise.resolve(),
})
const speaks: Voice['speak'] = () => Promise.resolve({ audio: new Uint8Array(2048), mediaType: 'audio/wav' })
const fails: Voice['speak'] = () => Promise.reject(new Error('no route'))
const hangs = (): Promise<never> => new Promise(() => {})

function look(environment: Record<string, string> = {}, parts: Partial<Examined> = {}): Promise<Finding[]> {
  const config = readConfig({ DATA_DIR: directory, PORT: '0', MQTT_PORT: '0', HOST: '127.0.0.1', ...environment })
  return examine({ config, encoder, voices: [voice('espeak', speaks)], now: systemClock, ...parts })
}

const found = (findings: Finding[], name: string): Finding => findings.find((finding) => finding.name.en === name)!

describe('the doctor', () => {
  it('finds nothing bad where nothing is, and leaves nothing behind', async () => {
    const findings = await look()
    expect(findings.filter(({ state }) => state === 'bad')).toEqual([])
    expect(readdirSync(directory)).toEqual([])
  })

  it('says in both languages, or in one, what was found and what to do', async () => {
    const findings = await look({}, { voices: [voice('edge', fails, () => Promise.resolve('closed network'))] })
    expect(report(findings)).toMatch(/! 网络语音：不可用：closed network。→ .*\n {2}Network voice: does not speak/)
    expect(report(findings, 'en')).not.toMatch(/\p{Script=Han}/u)
  })

  it('calls a silent network voice weak, and bad the silence of the voice that is always there', async () => {
    const findings = await look({}, { voices: [voice('edge', fails), voice('espeak', fails)] })
    expect(found(findings, 'Network voice').state).toBe('weak')
    expect(found(findings, 'Offline voice').state).toBe('bad')
  })

  it('never waits for what hangs', async () => {
    const findings = await look(
      {},
      { voices: [voice('espeak', hangs)], encoder: { ...encoder, inspect: hangs }, deadlineSeconds: 0.1 },
    )
    expect(found(findings, 'Offline voice').found.en).toContain('did not answer')
    expect(found(findings, 'Encoder').state).toBe('bad')
    expect(found(findings, 'Node').state).toBe('good')
  })

  it('tells a taken port, an unreachable broker and a closed database by name', async () => {
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    const address = taken.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const findings = await look({
      PORT: String(port),
      MQTT_URL: 'mqtt://127.0.0.1:1',
      DATABASE_URL: 'postgres://127.0.0.1:1/none',
    })
    taken.close()
    expect(found(findings, 'Port')).toMatchObject({
      state: 'weak',
      found: { en: expect.stringContaining('EADDRINUSE') },
    })
    expect(found(findings, 'Broker')).toMatchObject({
      state: 'bad',
      found: { en: expect.stringContaining('ECONNREFUSED') },
    })
    expect(found(findings, 'Database')).toMatchObject({
      state: 'bad',
      advice: { en: expect.stringContaining('DATABASE_URL') },
    })
  })

  it('knows a clock that stands before the program was installed', async () => {
    const findings = await look({}, { now: () => '2000-01-01T00:00:00.000Z' })
    expect(found(findings, 'Clock').state).toBe('bad')
  })

  it('advises a newer encoder where only the fallback is there', async () => {
    const fallback: Encoder = {
      ...encoder,
      inspect: () => Promise.resolve({ path: 'x', origin: 'package', version: 'N-92722', filters: [], fault: null }),
    }
    expect(found(await look({}, { encoder: fallback }), 'Encoder')).toMatchObject({ state: 'weak' })
  })
})
