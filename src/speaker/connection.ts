import { generate, parser, type Packet } from 'mqtt-packet'
import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'

/** A live connection to the broker: MQTT 3.1.1 with a clean session, since everything that must last is kept by us or by the station. */
export type Connection = {
  /** Resolves when the broker has taken the message (QoS 1); rejects when the connection ends before. */
  publish: (topic: string, payload: Buffer, isRetained: boolean) => Promise<void>
  /** Subscribes again, to these topics: the broker hands out what is retained once more. */
  subscribe: (topics: string[]) => void
  /** Says goodbye, so that the last will is not spoken. */
  close: () => void
}

export type Wanted = {
  /** `mqtt://host:port` or `mqtts://host:port`. */
  url: string
  id: string
  password: string
  subscribe: string[]
  will: { topic: string; payload: Buffer }
  onMessage: (topic: string, payload: Buffer) => void
  /** Told once, when a connection that stood has ended, whatever the reason. */
  onClose: (reason: string) => void
}

const OPEN_TIMEOUT_MILLISECONDS = 20_000
const KEEPALIVE_SECONDS = 30
const UNACKNOWLEDGED_LIMIT = 1000
const MESSAGE_ID_LIMIT = 65_535

/**
 * Connects and subscribes. Rejects with the reason when the broker can't be reached, refuses the password, or a topic.
 *
 * Topics are taken at QoS 0: within one connection TCP loses nothing, and what was said while there was none is retained, or is said again
 * until it is answered. Acknowledging each packet as well would cost the broker as much as sending it.
 */
export function connectBroker(wanted: Wanted): Promise<Connection> {
  const { url, id, password, subscribe, will, onMessage, onClose } = wanted
  return new Promise((resolve, reject) => {
    const { protocol, hostname, port } = new URL(url)
    const host = hostname.replaceAll(/[[\]]/g, '')
    const socket: Socket =
      protocol === 'mqtts:'
        ? connectTls({ host, port: Number(port || 8883), servername: host })
        : connectTcp({ host, port: Number(port || 1883), noDelay: true })
    const read = parser({ protocolVersion: 4 })
    const awaited = new Map<number, { resolve: () => void; reject: (error: Error) => void }>()
    let nextId = 0
    let asked = subscribe
    let isOpen = false
    let isAnswered = true
    let keepalive: NodeJS.Timeout | undefined

    const send = (packet: Packet): void => void socket.write(generate(packet))
    const opening = setTimeout(() => end('the broker did not answer in time'), OPEN_TIMEOUT_MILLISECONDS)

    let isEnded = false
    const end = (reason: string): void => {
      if (isEnded) return
      isEnded = true
      clearTimeout(opening)
      clearInterval(keepalive)
      socket.destroy()
      const error = new Error(reason)
      for (const each of awaited.values()) each.reject(error)
      awaited.clear()
      if (isOpen) onClose(reason)
      else reject(error)
    }

    const ask = (topics: string[]): void => {
      asked = topics
      send({ cmd: 'subscribe', messageId: 1, subscriptions: topics.map((topic) => ({ topic, qos: 0 })) })
    }

    const publish: Connection['publish'] = (topic, payload, isRetained) =>
      new Promise((resolve, reject) => {
        if (isEnded) return reject(new Error('the connection has ended'))
        if (awaited.size >= UNACKNOWLEDGED_LIMIT) return reject(new Error('the broker does not keep up'))
        nextId = (nextId % MESSAGE_ID_LIMIT) + 1
        awaited.set(nextId, { resolve, reject })
        send({ cmd: 'publish', topic, payload, qos: 1, retain: isRetained, dup: false, messageId: nextId })
      })

    const open = (): void => {
      clearTimeout(opening)
      isOpen = true
      keepalive = setInterval(() => {
        if (!isAnswered) return end('the broker fell silent')
        isAnswered = false
        send({ cmd: 'pingreq' })
      }, KEEPALIVE_SECONDS * 1000)
      resolve({
        publish,
        subscribe: (topics) => {
          if (!isEnded) ask(topics)
        },
        close: () => {
          socket.end(generate({ cmd: 'disconnect' }))
          end('closed')
        },
      })
    }

    read.on('packet', (packet: Packet) => {
      isAnswered = true
      if (packet.cmd === 'connack') {
        if (packet.returnCode !== 0) return end(`the broker refused the connection (${packet.returnCode})`)
        ask(subscribe)
      } else if (packet.cmd === 'suback') {
        const refused = packet.granted.findIndex((granted) => Number(granted) >= 128)
        if (refused >= 0) return end(`the broker refused the topic ${asked[refused]}`)
        if (!isOpen) open()
      } else if (packet.cmd === 'publish') {
        if (packet.qos === 1) send({ cmd: 'puback', messageId: packet.messageId! })
        onMessage(packet.topic, packet.payload as Buffer)
      } else if (packet.cmd === 'puback') {
        awaited.get(packet.messageId!)?.resolve()
        awaited.delete(packet.messageId!)
      }
    })
    read.on('error', (error: Error) => end(error.message))
    socket.on('data', (bytes: Buffer) => void read.parse(bytes))
    socket.on('error', (error) => end(error.message))
    socket.on('close', () => end('the connection was lost'))
    socket.once(protocol === 'mqtts:' ? 'secureConnect' : 'connect', () =>
      send({
        cmd: 'connect',
        protocolId: 'MQTT',
        protocolVersion: 4,
        clean: true,
        clientId: id,
        username: id,
        password: Buffer.from(password),
        keepalive: KEEPALIVE_SECONDS * 2,
        will: { ...will, qos: 1, retain: true },
      }),
    )
  })
}
