import Sqlite from 'better-sqlite3'
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { levelOf } from '../src/areas/division.ts'
import { readConfig } from '../src/config.ts'
import { addSeconds, instantFrom } from '../src/instant.ts'
import { connectBroker } from '../src/speaker/connection.ts'
import { createStation, realEquipment } from '../src/station.ts'
import { median, printTable } from './machine.ts'
import { startUntilReady } from './process.ts'

const MOSQUITTO = ['/usr/sbin/mosquitto', '/usr/local/sbin/mosquitto', '/opt/homebrew/sbin/mosquitto']
const TOPIC = 'xiangyin/v1/area/370799000000/alert'
const MESSAGE_BYTES = 2048
const COUNTY = '370799000000'
const VILLAGES = 421
const PASSWORD = 'a-bench-password'
const ROUND_LIMIT_MILLISECONDS = 60_000
const PAUSE_MILLISECONDS = 1500

type Round = { received: number; acknowledged: number; committed: number; lost: number }

/**
 * An alert to every loudspeaker of a county. The peer is Mosquitto's raw fan-out of a message of the same quality of service, without signatures and
 * without receipts; ours is timed from the request `POST /api/alerts` to the last loudspeaker that has verified the message, and on to the last receipt
 * that is committed in the database. Options: --count (5000), --rounds (5).
 */
export async function run(options: string[] = []): Promise<void> {
  const { values } = parseArgs({
    args: options,
    options: { count: { type: 'string', default: '5000' }, rounds: { type: 'string', default: '5' } },
  })
  const [count, rounds] = [Number(values.count), Number(values.rounds)]
  const mosquitto = MOSQUITTO.find(existsSync)
  if (!mosquitto) console.log('mosquitto is not installed (apt-get install mosquitto): only ours is measured')
  const raw = mosquitto ? await rawFanout(mosquitto, count, rounds) : []
  const mute = await ourFanout(count, rounds, true)
  const whole = await ourFanout(count, rounds, false)

  const peer = median(raw)
  const row = (name: string, values: number[], lost: number): (string | number)[] => [
    name,
    Math.round(median(values)),
    Math.round(Math.max(...values)),
    Number.isNaN(peer) ? '–' : `${(median(values) / peer).toFixed(1)} ×`,
    lost,
  ]
  printTable(
    [`an alert to ${count} loudspeakers`, 'median ms', 'worst ms', 'to Mosquitto', 'lost'],
    [
      ...(raw.length > 0 ? [row(`Mosquitto, ${MESSAGE_BYTES} bytes, QoS 1: the last has it`, raw, 0)] : []),
      row(
        'ours without receipts, from the request: the last has verified it',
        mute.map((each) => each.received),
        lostIn(mute),
      ),
      row(
        'ours with receipts, from the request: the last has verified it',
        whole.map((each) => each.received),
        lostIn(whole),
      ),
      row(
        'the last receipt is committed',
        whole.map((each) => each.committed),
        lostIn(whole),
      ),
      row(
        'the last loudspeaker knows that it is',
        whole.map((each) => each.acknowledged),
        lostIn(whole),
      ),
    ],
  )
}

/** Milliseconds from publishing to the last subscriber's having the message, of each round. */
async function rawFanout(mosquitto: string, count: number, rounds: number): Promise<number[]> {
  const directory = mkdtempSync(join(tmpdir(), 'xiangyin-mosquitto-'))
  const port = await freePort()
  const file = join(directory, 'mosquitto.conf')
  const lines = [
    `listener ${port} 127.0.0.1`,
    'allow_anonymous true',
    'max_inflight_messages 0',
    'max_queued_messages 20000',
    'set_tcp_nodelay true',
  ]
  writeFileSync(file, `${lines.join('\n')}\n`)
  const broker = spawn(mosquitto, ['-c', file], { stdio: 'ignore' })
  try {
    const url = `mqtt://127.0.0.1:${port}`
    const publisher = await retry(() => publisherAt(url))
    const args = ['bench/fanout-subscribers.ts', url, TOPIC, String(count)]
    const subscribers = await startUntilReady(args, {})
    const lines = linesOf(subscribers.child.stdout!)
    const times: number[] = []
    try {
      for (let round = 0; round < rounds; round++) {
        const payload = Buffer.alloc(MESSAGE_BYTES, 'x')
        payload.write(String(round).padStart(8, '0'))
        const last = lines.until((line) => /^last (\S+)/.exec(line)?.[1])
        const begun = performance.timeOrigin + performance.now()
        await publisher.publish(TOPIC, payload, false)
        times.push(Number(await last) - begun)
        await pause(PAUSE_MILLISECONDS / 3)
      }
    } finally {
      publisher.close()
      await subscribers.stop()
    }
    return times
  } finally {
    broker.kill()
    rmSync(directory, { recursive: true, force: true })
  }
}

function publisherAt(url: string) {
  return connectBroker({
    url,
    id: 'publisher',
    password: '',
    subscribe: ['nothing'],
    will: { topic: 'gone', payload: Buffer.from('') },
    onMessage: () => undefined,
    onClose: () => undefined,
  })
}

/** Alerts through a whole station in a process of its own, to a swarm in another. */
async function ourFanout(count: number, rounds: number, isMute: boolean): Promise<Round[]> {
  const directory = mkdtempSync(join(tmpdir(), 'xiangyin-bench-'))
  const environment = { DATA_DIR: directory, PORT: '0', MQTT_PORT: '0', HOST: '127.0.0.1', NETWORK_VOICE: 'off' }
  const credentials = join(directory, 'swarm.csv')
  await prepare(environment, count, credentials)
  const station = await startUntilReady(['src/main.ts'], environment)
  try {
    const args = ['src/speaker/swarm.ts', '--server', station.url, '--count', String(count), '--json']
    const swarm = spawn(process.execPath, [...args, '--credentials', credentials, ...(isMute ? ['--mute'] : [])], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    try {
      const lines = linesOf(swarm.stdout)
      await lines.until((line) => (line.includes('"kind":"connected"') ? line : undefined))
      await pause(PAUSE_MILLISECONDS)
      const made: Round[] = []
      for (let round = 0; round < rounds; round++) {
        made.push(await alertRound(station.url, lines, join(directory, 'station.sqlite'), count, isMute))
        await pause(PAUSE_MILLISECONDS)
      }
      return made
    } finally {
      swarm.kill()
    }
  } finally {
    await station.stop()
    rmSync(directory, { recursive: true, force: true })
  }
}

async function alertRound(url: string, swarm: Lines, file: string, count: number, isMute: boolean): Promise<Round> {
  const token = await signIn(url)
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const body = {
    severity: 1,
    title: '暴雨红色预警',
    text: '预计未来三小时有特大暴雨，请低洼地带村民立即转移到高处。',
    targets: [COUNTY],
    endsAt: addSeconds(instantFrom(Date.now()), 600),
  }
  const begun = Date.now()
  const seen = alertLine(swarm, begun, count, isMute)
  const answer = await fetch(`${url}/api/alerts`, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(`POST /api/alerts answered ${answer.status}: ${await answer.text()}`)
  const { id } = (await answer.json()) as { id: string }
  const committed = isMute ? Promise.resolve({ at: begun, kept: count }) : allCommitted(file, id, count)
  const [{ received, issuedAt, receivedLast, acknowledgedLast }, { at, kept }] = await Promise.all([seen, committed])
  // The receipts of its end, too, are in before the next round begins.
  const quiet = isMute ? pause(0) : swarm.until((line) => (line.includes('"kind":"quiet"') ? line : undefined))
  await fetch(`${url}/api/alerts/${id}/cancel`, { method: 'POST', headers, body: '{}' })
  await quiet
  return {
    received: issuedAt + receivedLast - begun,
    acknowledged: isMute ? Number.NaN : issuedAt + acknowledgedLast - begun,
    committed: at - begun,
    lost: count - Math.min(received, kept),
  }
}

type Seen = { received: number; issuedAt: number; receivedLast: number; acknowledgedLast: number }

/** The swarm's report of the alert, when all of it is in or the round's time is over. */
async function alertLine(swarm: Lines, begun: number, count: number, isMute: boolean): Promise<Seen> {
  let latest: Record<string, number | string> = {}
  const isWhole = (line: string): string | undefined => {
    const report = JSON.parse(line) as Record<string, number | string>
    if (report.kind !== 'alert' || Date.parse(String(report.issuedAt)) < begun) return undefined
    latest = report
    return report.received === count && (isMute || report.acknowledged === count) ? line : undefined
  }
  await swarm.until(isWhole).catch(() => undefined)
  return {
    received: Number(latest.received ?? 0),
    issuedAt: Date.parse(String(latest.issuedAt)),
    receivedLast: Number(latest.receivedLast),
    acknowledgedLast: Number(latest.acknowledgedLast),
  }
}

/** When the database holds a first receipt of every loudspeaker, and how many it holds. Read by another process, so: committed. */
async function allCommitted(file: string, alertId: string, count: number): Promise<{ at: number; kept: number }> {
  const database = new Sqlite(file, { readonly: true, timeout: 5000 })
  const query = database.prepare<[string], { kept: number }>(
    `select count(*) as kept from receipts where kind = 'started' and airingId in (select id from airings where alertId = ?)`,
  )
  const limit = Date.now() + ROUND_LIMIT_MILLISECONDS
  try {
    for (;;) {
      const { kept } = query.get(alertId)!
      if (kept >= count || Date.now() > limit) return { at: Date.now(), kept }
      await pause(10)
    }
  } finally {
    database.close()
  }
}

/** A county with its villages, its loudspeakers and an official, in the directory. */
async function prepare(environment: Record<string, string>, count: number, credentials: string): Promise<void> {
  const config = readConfig(environment)
  const equipment = realEquipment(config)
  const station = await createStation(config, equipment)
  const now = equipment.clock()
  const villages = Array.from({ length: VILLAGES }, (_, index) => String(370_799_001_200 + index))
  const codes = [COUNTY, '370799001000', ...villages]
  const areas = codes.map((code) => ({
    code,
    parentCode: code === COUNTY ? null : COUNTY,
    name: `区划 ${code}`,
    level: levelOf(code),
    validFrom: null,
    validTo: null,
  }))
  await station.areas.import('station', { areas, faults: [] }, now)
  const person = { username: 'official', name: '值班', role: 'official', areaCode: COUNTY, password: PASSWORD } as const
  await station.accounts.addPerson('station', person, now)
  const terminals = Array.from({ length: count }, (_, index) => ({
    line: index + 2,
    kind: 'loudspeaker' as const,
    name: `喇叭 ${index + 1}`,
    areaCode: villages[index % VILLAGES]!,
  }))
  const made = await station.terminals.import('station', { terminals, faults: [] }, now)
  const lines = made.credentials.map(({ id, secret }) => `${id},${secret}`)
  writeFileSync(credentials, `id,secret\n${lines.join('\n')}\n`, { mode: 0o600 })
  await station.close()
}

async function signIn(url: string): Promise<string> {
  const answer = await fetch(`${url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'official', password: PASSWORD }),
  })
  return ((await answer.json()) as { token: string }).token
}

function lostIn(rounds: Round[]): number {
  return rounds.reduce((sum, round) => sum + round.lost, 0)
}

type Lines = { until: (pick: (line: string) => string | undefined) => Promise<string> }

/** Reads a program's lines, and hands out the first from now on that `pick` finds something in. */
function linesOf(stream: NodeJS.ReadableStream): Lines {
  const picks = new Set<(line: string) => void>()
  createInterface({ input: stream }).on('line', (line) => {
    for (const each of picks) each(line)
  })
  return {
    until: (pick) =>
      new Promise((resolve, reject) => {
        const each = (line: string): void => {
          const found = pick(line)
          if (found !== undefined) done(() => resolve(found))
        }
        const done = (settle: () => void): void => {
          picks.delete(each)
          clearTimeout(timer)
          settle()
        }
        const late = new Error(`no answer in ${ROUND_LIMIT_MILLISECONDS / 1000} s`)
        const timer = setTimeout(() => done(() => reject(late)), ROUND_LIMIT_MILLISECONDS)
        picks.add(each)
      }),
  }
}

async function retry<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (attempt === 20) throw error
      await pause(100)
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
