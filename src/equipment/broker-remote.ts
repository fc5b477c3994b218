import { connect } from 'mqtt'
import { randomBytes } from 'node:crypto'
import type { MakeBroker, Message } from './broker.ts'

const RECONNECT_MILLISECONDS = 1000
const CONNECT_TIMEOUT_MILLISECONDS = 10_000
const KEEPALIVE_SECONDS = 20
/** Messages that may wait for the broker's acknowledgement at once; a broker that is slower than this is named as such. */
export const UNACKNOWLEDGED_LIMIT = 20_000

/**
 * An external broker (Mosquitto, EMQX, NATS) that `MQTT_URL` names, with the station's own user and password in the address. It has to be told
 * itself which terminal may touch what. For Mosquitto: a password file with one line a terminal (name: its id; password: `mqttPassword`
 * of the answer that made it) beside the station's, `allow_anonymous false`, `max_packet_size 1048576`, and this ACL:
 *
 *     user station
 *     topic readwrite xiangyin/v1/#
 *     pattern read xiangyin/v1/area/#
 *     pattern read xiangyin/v1/terminal/%u/command
 *     pattern write xiangyin/v1/terminal/%u/state
 *     pattern write xiangyin/v1/terminal/%u/receipt
 *
 * Nothing is queued while the broker is away: the caller is told, and publishes what is retained anew at `onConnect`.
 */
export function remoteBroker(url: string): MakeBroker {
  return (gate) => {
    const client = connect(url, {
      manualConnect: true,
      clientId: `station-${randomBytes(4).toString('hex')}`,
      clean: true,
      keepalive: KEEPALIVE_SECONDS,
      reconnectPeriod: RECONNECT_MILLISECONDS,
      connectTimeout: CONNECT_TIMEOUT_MILLISECONDS,
      reconnectOnConnackError: true,
      queueQoSZero: false,
    })
    const handlers: { pattern: RegExp; handle: (message: Message) => void }[] = []
    const connected: (() => void)[] = []
    let unacknowledged = 0
    let isGone = true

    client.on('connect', () => {
      isGone = false
      for (const handle of connected) handle()
    })
    client.on('message', (topic, payload, packet) => {
      const message = { topic, payload, isRetained: packet.retain }
      for (const { pattern, handle } of handlers) if (pattern.test(topic)) handle(message)
    })
    client.on('error', (error) => gate.refused('station', error.message))
    client.on('close', () => {
      // Told once for each time it goes away, not at each attempt to bring it back.
      if (!isGone) gate.refused('station', 'the connection to the broker was lost')
      isGone = true
    })

    return Promise.resolve({
      // A broker that is away must not keep the station from starting: it is sought until it is there.
      open: () => Promise.resolve(void client.connect()),
      publish: async (topic, payload, { isRetained }) => {
        if (!client.connected) throw new Error('the broker is not connected')
        if (unacknowledged >= UNACKNOWLEDGED_LIMIT) throw new Error('the broker does not keep up')
        unacknowledged++
        try {
          await client.publishAsync(topic, payload, { qos: 1, retain: isRetained })
        } finally {
          unacknowledged--
        }
      },
      subscribe: (pattern, handle) => {
        handlers.push({ pattern: new RegExp(`^${pattern.replaceAll('+', '[^/]+')}$`), handle })
        // Asked again by the client itself after each reconnect; before the first one it waits for it.
        client.subscribe(pattern, { qos: 1 })
        return Promise.resolve()
      },
      onConnect: (handle) => void connected.push(handle),
      disconnect: () => undefined,
      isConnected: () => client.connected,
      address: () => {
        const { protocol, host } = new URL(url)
        return { url: `${protocol}//${host}` }
      },
      close: async () => {
        await client.endAsync(true)
      },
    })
  }
}
