import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, existsSync, readFileSync, rmSync } from 'node:fs'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { levelOf } from '../../src/areas/division.ts'
import { readConfig } from '../../src/config.ts'
import { civil, milliseconds, type Instant } from '../../src/instant.ts'
import { createStation, realEquipment } from '../../src/station.ts'

const COUNTY = '370799000000'
const STREET = '370799001000'
const VILLAGE = '370799001200'
const ZONE = 'Asia/Shanghai'
const PASSWORD = 'a-long-password'
const ON_TIME_SECONDS = 1

type Line = {
  at: Instant
  event: 'start' | 'stop'
  airingId: string
  fromSeconds: number
  playedSeconds: number
  hash: string
}
type Delivery = { state: string; playedSeconds: number; plays: number; receipts: { kind: string }[] }

/** A wire between loudspeaker and station that can be cut. */
async function wire(toPort: () => number) {
  const sockets = new Set<Socket>()
  let isCut = false
  const server: Server = createServer((near) => {
    if (isCut) {
      near.destroy()
      return
    }
    const far = connect(toPort(), '127.0.0.1')
    for (const [one, other] of [[near, far] as const, [far, near] as const]) {
      sockets.add(one)
      one.pipe(other)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        sockets.delete(one)
        other.destroy()
      })
    }
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    cut: () => {
      isCut = true
      for (const socket of sockets) socket.destroy()
    },
    mend: () => void (isCut = false),
    close: () => void server.close(),
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** What the processes said, for the message of a failure. */
const output: string[] = []

/** Asks again until the answer is there: the processes under test keep their own time. */
async function until<T>(what: string, ask: () => Promise<T | undefined> | T | undefined, seconds = 40): Promise<T> {
  const limit = Date.now() + seconds * 1000
  for (;;) {
    const answer = await Promise.resolve(ask()).catch(() => undefined)
    if (answer !== undefined && answer !== false) return answer
    if (Date.now() > limit)
      throw new Error(`in ${seconds} s it did not happen: ${what}\n${output.slice(-30).join('\n')}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

function secondsLate(airing: { dueAt: Instant }, line: Line): number {
  return (milliseconds(line.at) - milliseconds(airing.dueAt)) / 1000
}

describe('a station and a loudspeaker, as processes', () => {
  const directory = mkdtempSync(join(tmpdir(), 'xiangyin-e2e-'))
  const horn = join(directory, 'horn')
  const children = new Set<ChildProcess>()
  let station: ChildProcess
  let http: Awaited<ReturnType<typeof wire>>
  let mqtt: Awaited<ReturnType<typeof wire>>
  let environment: Record<string, string>
  let url: string

  const run = (args: string[], variables: Record<string, string> = {}): ChildProcess => {
    const child = spawn(process.execPath, args, {
      env: { ...process.env, ...variables },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    children.add(child)
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => void output.push(line))
    }
    return child
  }

  const startStation = async (): Promise<void> => {
    station = run(['src/main.ts'], environment)
    await until('the station is ready', async () => ((await fetch(`${url}/readyz`)).ok ? true : undefined))
  }

  const killStation = async (): Promise<void> => {
    const gone = new Promise((resolve) => station.once('exit', resolve))
    station.kill('SIGKILL')
    await gone
  }

  const tokens = new Map<string, string>()
  const ask = async <T>(who: 'operator' | 'official', method: string, path: string, body?: object): Promise<T> => {
    if (!tokens.has(who)) {
      const signIn = { method: 'POST', headers: { 'content-type': 'application/json' } }
      const session = await fetch(`${url}/api/session`, {
        ...signIn,
        body: JSON.stringify({ username: who, password: PASSWORD }),
      })
      tokens.set(who, ((await session.json()) as { token: string }).token)
    }
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${tokens.get(who)}`, 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`)
    return (await answer.json()) as T
  }

  /** What would have been heard beside the horn. */
  const heard = (airingId: string, event: Line['event']): Line[] => {
    const log = join(horn, 'sound.jsonl')
    if (!existsSync(log)) return []
    const lines = readFileSync(log, 'utf8').trim().split('\n')
    return lines
      .map((line) => JSON.parse(line) as Line)
      .filter((line) => line.airingId === airingId && line.event === event)
  }

  /** A bulletin of about so many sentences, ready to be aired. */
  const bulletin = async (title: string, sentences: number): Promise<string> => {
    const text = '请各位村民注意，明天上午九点在村委会大院集中接种疫苗。'.repeat(sentences)
    const made = await ask<{ id: string }>('operator', 'POST', '/api/bulletins', {
      areaCode: VILLAGE,
      title,
      class: 'notice',
      text,
      repeatCount: 1,
      afterPreemption: 'resume',
    })
    await ask('operator', 'POST', `/api/bulletins/${made.id}/ready`)
    await until('the recording is ready', async () => {
      const { recording } = await ask<{ recording: { state: string } | null }>(
        'operator',
        'GET',
        `/api/bulletins/${made.id}`,
      )
      return recording?.state === 'ready' ? true : undefined
    })
    return made.id
  }

  /** Schedules it so many seconds ahead; answers its airing when the loudspeaker holds it. */
  const schedule = async (bulletinId: string, seconds: number) => {
    const at = civil(new Date(Math.ceil(Date.now() / 1000 + seconds) * 1000).toISOString(), ZONE)
    const rule = { kind: 'dates', dates: [at.date], times: [at.time] }
    const made = await ask<{ id: string }>('operator', 'POST', '/api/schedules', {
      bulletinId,
      title: 'e2e',
      targets: [VILLAGE],
      rule,
      graceSeconds: 120,
    })
    return until('the loudspeaker holds it', async () => {
      const { airings } = await ask<{
        airings: { id: string; scheduleId: string; dueAt: Instant; plannedSeconds: number }[]
      }>('operator', 'GET', `/api/rundown?area=${VILLAGE}&date=${at.date}`)
      const airing = airings.find((each) => each.scheduleId === made.id)
      const deliveries = airing && (await deliveriesOf(airing.id))
      return deliveries?.some((each) => each.state === 'fetched') ? airing : undefined
    })
  }

  const deliveriesOf = async (airingId: string): Promise<Delivery[]> =>
    (await ask<{ deliveries: Delivery[] }>('operator', 'GET', `/api/airings/${airingId}/deliveries`)).deliveries

  beforeAll(async () => {
    const [port, mqttPort] = [await freePort(), await freePort()]
    environment = {
      DATA_DIR: join(directory, 'station'),
      PORT: String(port),
      MQTT_PORT: String(mqttPort),
      HOST: '127.0.0.1',
      NETWORK_VOICE: 'off',
      TZ: ZONE,
    }
    url = `http://127.0.0.1:${port}`
    const config = readConfig(environment)
    const equipment = realEquipment(config)
    const making = await createStation(config, equipment)
    const now = equipment.clock()
    const areas = [COUNTY, STREET, VILLAGE].map((code) => ({
      code,
      parentCode: code === COUNTY ? null : COUNTY,
      name: code,
      level: levelOf(code),
      validFrom: null,
      validTo: null,
    }))
    await making.areas.import('station', { areas, faults: [] }, now)
    for (const role of ['operator', 'official'] as const) {
      const person = { username: role, name: role, role, areaCode: COUNTY, password: PASSWORD }
      await making.accounts.addPerson('station', person, now)
    }
    const row = { line: 1, id: 'horn-1', kind: 'loudspeaker' as const, name: '村口', areaCode: VILLAGE }
    const { credentials } = await making.terminals.import('station', { terminals: [row], faults: [] }, now)
    await making.close()
    http = await wire(() => port)
    mqtt = await wire(() => mqttPort)
    await startStation()
    const reach = ['--server', `http://127.0.0.1:${http.port}`, '--mqtt', `mqtt://127.0.0.1:${mqtt.port}`]
    const who = ['--id', 'horn-1', '--secret', credentials[0]!.secret]
    run(['src/speaker/main.ts', ...reach, ...who, '--sink', 'file', '--directory', horn])
    await until('the loudspeaker is online', async () => {
      const { state } = await ask<{ state: string }>('operator', 'GET', '/api/terminals/horn-1')
      return state === 'online' ? true : undefined
    })
  })

  afterAll(() => {
    for (const child of children) child.kill('SIGKILL')
    http.close()
    mqtt.close()
    rmSync(directory, { recursive: true, force: true })
  })

  it('a scheduled bulletin sounds on time with the network cut, and its receipts arrive afterwards', async () => {
    const airing = await schedule(await bulletin('断网也播', 1), 8)
    http.cut()
    mqtt.cut()
    const [stop] = await until('it has sounded', () =>
      heard(airing.id, 'stop').length > 0 ? heard(airing.id, 'stop') : undefined,
    )
    const [start] = heard(airing.id, 'start')
    expect(Math.abs(secondsLate(airing, start!))).toBeLessThan(ON_TIME_SECONDS)
    expect(Math.abs(stop!.playedSeconds - airing.plannedSeconds)).toBeLessThan(0.2)
    expect((await deliveriesOf(airing.id))[0]!.receipts.map((each) => each.kind)).toEqual(['fetched'])
    http.mend()
    mqtt.mend()
    const delivery = await until('its receipts are there', async () => {
      const [each] = await deliveriesOf(airing.id)
      return each?.state === 'finished' ? each : undefined
    })
    expect(delivery).toMatchObject({ plays: 1 })
    expect(delivery.receipts.map((each) => each.kind)).toEqual(['fetched', 'started', 'finished'])
    expect(Math.abs(delivery.playedSeconds - airing.plannedSeconds)).toBeLessThan(0.2)
  })

  it('a killed station loses nothing and plays nothing twice: in the middle of an airing, and of an alert', async () => {
    const airing = await schedule(await bulletin('断电也播', 2), 6)
    await until('it sounds', () => (heard(airing.id, 'start').length > 0 ? true : undefined))
    await killStation()
    await startStation()
    expect(heard(airing.id, 'stop')).toEqual([])

    const issuedAt = Date.now()
    const alert = await ask<{ id: string }>('official', 'POST', '/api/alerts', {
      severity: 1,
      title: '暴雨红色预警',
      text: '暴雨红色预警，请立即转移。',
      targets: [COUNTY],
      endsAt: new Date(Date.now() + 600_000).toISOString(),
      repeatEverySeconds: 60,
    })
    const [cut] = await until('the alert cuts in', () =>
      heard(airing.id, 'stop').length > 0 ? heard(airing.id, 'stop') : undefined,
    )
    // The loudspeaker may be between two connections to the new station; from then on it is at once.
    expect(milliseconds(cut!.at) - issuedAt).toBeLessThan(5000)
    const { alert: shown } = await ask<{ alert: { state: string } }>('official', 'GET', `/api/alerts/${alert.id}`)
    expect(shown.state).toBe('issued')

    await killStation()
    await startStation()
    const alertAiring = await until('the alert is still on the air', async () => {
      const { onAir } = await ask<{ onAir: { airingId: string; alertId: string | null }[] }>(
        'operator',
        'GET',
        `/api/overview?area=${COUNTY}`,
      )
      return onAir.find((each) => each.alertId === alert.id)
    })
    await ask('official', 'POST', `/api/alerts/${alert.id}/cancel`, {})
    const cancelledAt = Date.now()
    const resumed = await until('the bulletin is back', () => heard(airing.id, 'start')[1])
    expect(milliseconds(resumed.at) - cancelledAt).toBeLessThan(20_000)
    expect(resumed.fromSeconds).toBeCloseTo(cut!.playedSeconds, 0)
    const delivery = await until('the bulletin is finished', async () => {
      const [each] = await deliveriesOf(airing.id)
      return each?.state === 'finished' ? each : undefined
    })
    expect(delivery.plays).toBe(1)
    expect(Math.abs(delivery.playedSeconds - airing.plannedSeconds)).toBeLessThan(0.5)
    const [alertDelivery] = await deliveriesOf(alertAiring.airingId)
    expect(alertDelivery!.receipts.map((each) => each.kind)).toContain('started')
    // The siren, and the words once they were spoken: each begun once, and begun again only a minute later.
    const begun = heard(alertAiring.airingId, 'start').map((line) => line.hash)
    expect(new Set(begun).size).toBe(begun.length)
  })
})
