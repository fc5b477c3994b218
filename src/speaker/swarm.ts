import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { passwordOf, publicKeyFrom, secretHashOf } from '../codecs/speaker-link.ts'
import { instantFrom, type Instant } from '../instant.ts'
import { connectBroker } from './connection.ts'
import { createLibrary, createLight, type Happening, type Library, type Light } from './light.ts'
import { stationDoor, type Introduced } from './station.ts'

const USAGE = `npm run swarm -- --server URL [--count N] [--credentials FILE] [--username U --password P] [--rate N] [--mute] [--json]

  --count        how many light loudspeakers (5000)
  --credentials  CSV with the columns id,secret; made when it isn't there, with the person's name
  --username     who may add terminals, and --password; needed to make the credentials
  --rate         connections begun in a second (1000)
  --mute         send no receipts
  --once         a loudspeaker that is cut off stays away, and the last one ends the swarm
  --json         report in lines of JSON`

const COUNT_LIMIT = 20_000
const BEAT_MILLISECONDS = 500
const REPORT_MILLISECONDS = 250
const RETRY_LIMIT_SECONDS = 15
const INTRODUCTIONS_AT_ONCE = 32
const AIRINGS_LIMIT = 100

type Settings = {
  server: string
  count: number
  credentials: string | undefined
  person: { username: string; password: string } | undefined
  rate: number
  isMute: boolean
  isOnce: boolean
  isJson: boolean
}

type Credential = { id: string; secret: string }

/** What became of one alert, in milliseconds since it was issued. */
type Alert = { issuedAt: Instant; received: number[]; acknowledged: number[]; reported: string }

/** Reads the command line. Throws with every fault named. */
function readSettings(args: string[]): Settings {
  const text = { type: 'string' } as const
  const yes = { type: 'boolean' } as const
  const { values } = parseArgs({
    args,
    options: {
      server: text,
      count: text,
      credentials: text,
      username: text,
      password: text,
      rate: text,
      mute: yes,
      once: yes,
      json: yes,
    },
  })
  const faults: string[] = []
  const whole = (name: string, value: string | undefined, fallback: number, limit: number): number => {
    const number = Number(value ?? fallback)
    if (Number.isInteger(number) && number >= 1 && number <= limit) return number
    faults.push(`--${name} is "${value}": give a whole number from 1 to ${limit}`)
    return fallback
  }
  const { server = '', credentials, username, password } = values
  if (!URL.canParse(server)) faults.push('--server: give the address of the station, http://… or https://…')
  const count = whole('count', values.count, 5000, COUNT_LIMIT)
  const rate = whole('rate', values.rate, 1000, COUNT_LIMIT)
  const person = username !== undefined && password !== undefined ? { username, password } : undefined
  if (!person && !(credentials && existsSync(credentials))) {
    faults.push('give --credentials with a file that is there, or --username and --password to make them')
  }
  if (faults.length > 0) throw new Error(`${faults.join('\n')}\n\n${USAGE}`)
  const { mute: isMute = false, once: isOnce = false, json: isJson = false } = values
  return { server, count, credentials, person, rate, isMute, isOnce, isJson }
}

/** The credentials of the file, or those of loudspeakers that are added now, spread over the villages. */
async function credentialsFor({ server, count, credentials, person }: Settings): Promise<Credential[]> {
  if (credentials && existsSync(credentials)) {
    const [, ...lines] = readFileSync(credentials, 'utf8').trim().split(/\r?\n/)
    return lines.slice(0, count).map((line) => {
      const [id = '', secret = ''] = line.split(',')
      return { id, secret }
    })
  }
  const signedIn = await post(server, '/api/session', JSON.stringify(person), { 'content-type': 'application/json' })
  const { token } = (await signedIn.json()) as { token: string }
  const headers = { authorization: `Bearer ${token}` }
  const { areas } = (await (await fetch(new URL('/api/areas', server), { headers })).json()) as {
    areas: { code: string; level: string }[]
  }
  const villages = areas.filter((area) => area.level === 'village').map((area) => area.code)
  if (villages.length === 0) throw new Error('the station has no village to put loudspeakers in')
  const rows = Array.from(
    { length: count },
    (_, index) => `,loudspeaker,群 ${index + 1},${villages[index % villages.length]},`,
  )
  const form = new FormData()
  form.set('file', new File([`id,kind,name,areaCode,householdId\n${rows.join('\n')}\n`], 'swarm.csv'))
  const made = (await (await post(server, '/api/terminals/import', form, headers)).json()) as {
    credentials: Credential[]
  }
  if (credentials) {
    const lines = made.credentials.map(({ id, secret }) => `${id},${secret}`)
    writeFileSync(credentials, `id,secret\n${lines.join('\n')}\n`, { mode: 0o600 })
  }
  return made.credentials
}

async function post(
  server: string,
  path: string,
  body: string | FormData,
  headers: Record<string, string>,
): Promise<Response> {
  const response = await fetch(new URL(path, server), { method: 'POST', body, headers })
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${(await response.text()).slice(0, 300)}`)
  return response
}

/** `npm run swarm`: thousands of light loudspeakers in one process, and what became of every alert at them. */
async function main(): Promise<void> {
  const settings = readSettings(process.argv.slice(2))
  const { server, isMute, isOnce, isJson } = settings
  const credentials = await credentialsFor(settings)
  const total = credentials.length
  const report = (kind: string, fields: Record<string, unknown>): void => {
    if (isJson) console.log(JSON.stringify({ kind, at: Date.now(), ...fields }))
    else
      console.log(
        `${clock()} ${kind} ${Object.entries(fields)
          .map(([name, value]) => `${name} ${String(value)}`)
          .join(', ')}`,
      )
  }

  const alerts = new Map<string, Alert>()
  const counted = { connected: 0, rundowns: 0, refused: 0, lost: 0 }
  const happened = (happening: Happening): void => {
    switch (happening.kind) {
      case 'rundown':
        counted.rundowns++
        break
      case 'refused':
        if (++counted.refused <= 3) report('refused', { reason: happening.reason })
        break
      case 'alerts':
        for (const airingId of happening.airingIds) {
          if (alerts.size >= AIRINGS_LIMIT) alerts.delete(alerts.keys().next().value!)
          let alert = alerts.get(airingId)
          if (!alert) {
            alert = { issuedAt: happening.issuedAt, received: [], acknowledged: [], reported: '' }
            alerts.set(airingId, alert)
          }
          // A second message of the same alert (its words are ready) is no second alert.
          if (alert.issuedAt === happening.issuedAt) alert.received.push(Date.now() - Date.parse(alert.issuedAt))
        }
        break
      case 'acknowledged':
        {
          const alert = alerts.get(happening.airingId)
          // It is repeated every few minutes, and each beginning has its receipt: the first wave is what is measured.
          const isFirst = alert && alert.acknowledged.length < alert.received.length
          if (isFirst) alert.acknowledged.push(Date.now() - Date.parse(alert.issuedAt))
        }
        break
    }
  }

  let library: Library | undefined
  const lights: Light[] = []
  let introducing = 0
  const waiting: (() => void)[] = []
  const introduce = async ({ id, secret }: Credential): Promise<Introduced> => {
    if (introducing >= INTRODUCTIONS_AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve))
    introducing++
    try {
      return await stationDoor(server, id, secret).introduce()
    } finally {
      introducing--
      waiting.shift()?.()
    }
  }

  let away = 0
  /** One loudspeaker, for ever: asks, connects, listens, and comes back when it is cut off, unless it is there only once. */
  const live = async (credential: Credential): Promise<void> => {
    let light: Light | undefined
    for (let attempts = 1; ; attempts++) {
      try {
        const station = await introduce(credential)
        library ??= createLibrary(publicKeyFrom(station.publicKey))
        if (!light) {
          light = createLight({ id: credential.id, library, isMute, happened })
          lights.push(light)
        }
        const own = light
        await new Promise<void>((resolve, reject) => {
          connectBroker({
            url: station.mqttUrl,
            id: credential.id,
            password: passwordOf(secretHashOf(credential.secret)),
            subscribe: station.subscribe,
            will: own.lastWill(),
            onMessage: (topic, payload) => own.hear(topic, payload, clock()),
            onClose: () => resolve(),
          }).then((connection) => {
            counted.connected++
            attempts = 0
            return own.connected(connection, clock())
          }, reject)
        })
        own.disconnected()
        counted.connected--
        counted.lost++
        if (isOnce) {
          if (++away === total) process.exit(0)
          return
        }
      } catch (error) {
        if (attempts === 1) happened({ kind: 'refused', reason: (error as Error).message })
      }
      const wait = Math.min(RETRY_LIMIT_SECONDS, 2 ** Math.min(attempts, 6)) * Math.random()
      await new Promise((resolve) => setTimeout(resolve, wait * 1000))
    }
  }

  const begun = performance.now()
  let isWhole = false
  let lastPending = 0
  setInterval(() => {
    for (const light of lights) light.beat(clock())
  }, BEAT_MILLISECONDS)
  setInterval(() => {
    if (!isWhole && counted.connected === total) {
      isWhole = true
      report('connected', { count: total, milliseconds: Math.round(performance.now() - begun) })
    }
    if (isWhole && counted.connected < total) {
      isWhole = false
      report('disconnected', { connected: counted.connected, lost: counted.lost })
    }
    const pending = lights.reduce((sum, light) => sum + light.pendingCount(), 0)
    for (const [airingId, alert] of alerts) {
      const state = `${alert.received.length} ${alert.acknowledged.length}`
      if (state === alert.reported) continue
      alert.reported = state
      report('alert', {
        airingId,
        issuedAt: alert.issuedAt,
        of: total,
        ...summary('received', alert.received),
        ...summary('acknowledged', alert.acknowledged),
        pending,
      })
    }
    if (pending === 0 && lastPending > 0) report('quiet', { connected: counted.connected })
    lastPending = pending
  }, REPORT_MILLISECONDS)

  report('begin', { count: total, isMute })
  const step = 1000 / settings.rate
  for (const [index, credential] of credentials.entries()) {
    const behind = begun + index * step - performance.now()
    if (behind > 1) await new Promise((resolve) => setTimeout(resolve, behind))
    void live(credential)
  }
}

function clock(): Instant {
  return instantFrom(Date.now())
}

/** How many, and after how many milliseconds: half of them, all but one in a hundred, the last. */
function summary(name: string, milliseconds: number[]): Record<string, number> {
  const sorted = milliseconds.toSorted((one, other) => one - other)
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  return { [name]: sorted.length, [`${name}P50`]: at(0.5), [`${name}P99`]: at(0.99), [`${name}Last`]: at(1) }
}

try {
  await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
