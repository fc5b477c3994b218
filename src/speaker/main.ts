import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { passwordOf, secretHashOf } from '../codecs/speaker-link.ts'
import { StationError } from '../errors.ts'
import { connectBroker, type Connection } from './connection.ts'
import { correctedClock, createLoudspeaker } from './loudspeaker.ts'
import { openMemory } from './memory.ts'
import { chooseSink, sinkNames, type SinkName } from './sinks.ts'
import { stationDoor } from './station.ts'

const USAGE = `npm run speaker -- --server URL --id ID --secret S [--sink auto|file|null] [--directory D] [--mqtt URL]

  --server     the station, such as http://192.168.1.10:8080
  --id         the id of this loudspeaker, and --secret what the station showed when it was added
  --sink       where sound goes: the best player there is (auto), a file in the directory (file), nowhere (null)
  --directory  where rundown, recordings and receipts are kept (var/speaker-<id>)
  --mqtt       the broker, when it is reached by another address than the station says`

const BEAT_MILLISECONDS = 100
const RETRY_FIRST_SECONDS = 1
const RETRY_LIMIT_SECONDS = 30
const RESTART_LIMIT_SECONDS = 3
const PATIENT_AFTER_ATTEMPTS = 20
const CONVERSATION_SECONDS = 2
const CLOCK_EVERY_MILLISECONDS = 3_600_000

type Settings = {
  server: string
  id: string
  secret: string
  sink: SinkName
  directory: string
  mqtt: string | undefined
}

/** Reads the command line. Throws with every fault named. */
function readSettings(args: string[]): Settings {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    args,
    options: { server: text, id: text, secret: text, sink: text, directory: text, mqtt: text },
  })
  const faults: string[] = []
  const { server = '', id = '', secret = '', sink = 'auto', mqtt } = values
  if (!isUrl(server, ['http:', 'https:']))
    faults.push('--server: give the address of the station, http://… or https://…')
  if (!/^[a-z0-9][a-z0-9-]{2,39}$/.test(id)) faults.push('--id: give the id of this loudspeaker (a-z, 0-9 and -)')
  if (secret === '') faults.push('--secret: give the secret that was shown when the loudspeaker was added')
  if (!sinkNames.includes(sink as SinkName)) faults.push(`--sink is "${sink}": give ${sinkNames.join(', ')}`)
  if (mqtt !== undefined && !isUrl(mqtt, ['mqtt:', 'mqtts:'])) faults.push('--mqtt: give mqtt://… or mqtts://…')
  if (faults.length > 0) throw new Error(`${faults.join('\n')}\n\n${USAGE}`)
  const directory = resolve(values.directory ?? join('var', `speaker-${id}`))
  return { server, id, secret, sink: sink as SinkName, directory, mqtt }
}

function isUrl(text: string, protocols: string[]): boolean {
  return URL.canParse(text) && protocols.includes(new URL(text).protocol)
}

/** `npm run speaker`: a loudspeaker, until it is told to stop. */
async function main(): Promise<void> {
  const settings = readSettings(process.argv.slice(2))
  const memory = openMemory(settings.directory)
  const clock = correctedClock(memory)
  const tell = (line: string): void => console.log(`${clock()} ${line}`)
  const sink = chooseSink(settings.sink, settings.directory, clock)
  const door = stationDoor(settings.server, settings.id, settings.secret)
  const stopping = new AbortController()
  const loudspeaker = createLoudspeaker({
    id: settings.id,
    memory,
    sink,
    clock,
    tell,
    fetchRecording: door.recording,
    testSound: join(import.meta.dirname, 'test-tone.mp3'),
    // The service manager (or npm) starts it again; the rest of the machine is not ours to restart.
    reboot: () => stopping.abort(),
    askAnew: () => void introduce().catch(() => undefined),
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort())
  tell(`loudspeaker ${settings.id}: sound goes to ${sink.name}; ${loudspeaker.summary()}`)

  // What is known is played from the first moment, whether or not the station can be reached.
  const beating = setInterval(() => loudspeaker.beat(clock()), BEAT_MILLISECONDS)

  let connection: Connection | undefined
  const introduce = async (): Promise<void> => {
    if (loudspeaker.introduce(await door.introduce())) connection?.subscribe(memory.kept.subscribe)
  }

  /** One connection, from its beginning to its end. */
  const converse = async (): Promise<string> => {
    const url = settings.mqtt ?? memory.kept.mqttUrl
    if (!url) throw new Error('the station has not been reached yet')
    const { promise: closed, resolve: close } = Promise.withResolvers<string>()
    const live = await connectBroker({
      url,
      id: settings.id,
      password: passwordOf(secretHashOf(settings.secret)),
      subscribe: memory.kept.subscribe,
      will: loudspeaker.lastWill(),
      onMessage: (topic, payload) => loudspeaker.hear(topic, payload, clock()),
      onClose: close,
    })
    tell(`connected to ${url}`)
    connection = live
    loudspeaker.connected(live.publish, clock())
    const asking = setInterval(() => void introduce().catch(() => undefined), CLOCK_EVERY_MILLISECONDS)
    const goodbye = (): void => {
      const { topic, payload } = loudspeaker.lastWill()
      void live.publish(topic, payload, true).finally(live.close)
    }
    stopping.signal.addEventListener('abort', goodbye)
    const reason = await closed
    stopping.signal.removeEventListener('abort', goodbye)
    clearInterval(asking)
    connection = undefined
    loudspeaker.disconnected()
    return reason
  }

  let attempts = 0
  while (!stopping.signal.aborted) {
    let reason: string
    try {
      await introduce().catch((error: unknown) => {
        // Whoever answers without being our station is not listened to; one that can't be reached by HTTP may be by MQTT.
        if (error instanceof StationError || !memory.kept.publicKey) throw error
      })
      const since = Date.now()
      reason = await converse()
      // Cut off at once means that somebody else speaks in its name; anything longer was a conversation.
      if (Date.now() - since > CONVERSATION_SECONDS * 1000) attempts = 0
    } catch (error) {
      const cause = (error as Error).cause as Error | undefined
      reason = cause?.message ?? (error as Error).message
    }
    if (stopping.signal.aborted) break
    attempts++
    // After a power cut everybody comes back at once: each waits for a time of its own.
    // A station that restarts is found again within seconds; one that stays away is asked less and less often.
    const longest = attempts < PATIENT_AFTER_ATTEMPTS ? RESTART_LIMIT_SECONDS : RETRY_LIMIT_SECONDS
    const wait = Math.min(longest, RETRY_FIRST_SECONDS * 2 ** Math.min(attempts, 8)) * Math.random()
    tell(`not connected: ${reason}; trying again in ${wait.toFixed(1)} s`)
    await pause(wait * 1000, stopping.signal)
  }
  clearInterval(beating)
  loudspeaker.stop()
  tell('stopped')
  process.exit(0)
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, milliseconds)
    function done(): void {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    signal.addEventListener('abort', done)
  })
}

try {
  await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
