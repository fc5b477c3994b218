import { Aedes, type Client, type PublishPacket } from 'aedes'
import { createServer, type Socket } from 'node:net'
import { Readable } from 'node:stream'
import { PACKET_LIMIT_BYTES, type Admission, type MakeBroker, type Message } from './broker.ts'

export const CLIENT_LIMIT = 20_000
const NAME_LIMIT = 64
/** MQTT 3.1.1, 3.2.2.3: the connection is refused, not authorised. */
const NOT_AUTHORIZED = 5
// All loudspeakers of a county come back at one instant after a power cut.
const LISTEN_BACKLOG = 4096
const CONNECT_TIMEOUT_MILLISECONDS = 15_000
const DRAIN_TIMEOUT_MILLISECONDS = 20_000
/** What may wait for one client that reads slowly: a few rundowns. */
const WAITING_LIMIT_BYTES = 4 * 1024 * 1024

type Admitted = Client & { admission?: Admission }

/**
 * The broker inside the station: Aedes over TCP. Its state lives in memory; what is retained is published anew after a start. Aedes
 * speaks the protocol and takes what terminals say; what the station says is written to all listeners of a topic at once.
 */
export function embeddedBroker(options: { port: number; host: string }): MakeBroker {
  return async (gate) => {
    const listeners = createListeners((topic) => gate.refused('', `a listener of ${topic} stopped reading`))

    /** Why the client is not let in; `undefined` when it is. */
    const admit = async (client: Client, name?: string, password?: Buffer): Promise<string | undefined> => {
      // The client id decides who is disconnected when the same one comes twice, so it must be the name that was proved.
      if (name === undefined || name !== client.id) return 'client id and user name differ'
      try {
        const admission = await gate.admit(name, password?.toString() ?? '')
        if (admission) (client as Admitted).admission = admission
        return admission ? undefined : 'wrong name or password'
      } catch {
        return 'the station could not look it up'
      }
    }

    const aedes = await Aedes.createBroker({
      maxClientsIdLength: NAME_LIMIT,
      // No limit to messages under way: one subscriber that has stopped reading must not hold up the others' until it is cut off.
      concurrency: 0,
      connectTimeout: CONNECT_TIMEOUT_MILLISECONDS,
      drainTimeout: DRAIN_TIMEOUT_MILLISECONDS,
      preConnect: (_, packet, done) => {
        // Aedes keeps all topics of a lasting session, the refused among them, and everything said meanwhile. Nothing lasts here: what must is
        // retained, or repeated until it is acknowledged.
        packet.clean = true
        done(null, true)
      },
      authenticate: (client, username, password, done) => {
        void (async () => {
          const reason = await admit(client, username, password)
          if (reason === undefined) return done(null, true)
          gate.refused(client.id, reason)
          done(Object.assign(new Error(reason), { returnCode: NOT_AUTHORIZED }), false)
        })()
      },
      authorizePublish: (client, packet, done) => {
        if (!client) return done(null)
        if (packet.qos === 2) {
          // It would be held until the client releases it, which it need never do.
          gate.refused(client.id, 'publish at QoS 2')
          return done(new Error('not allowed'))
        }
        if ((client as Admitted).admission?.publish.has(packet.topic)) return done(null)
        gate.refused(client.id, `publish to ${packet.topic.slice(0, 200)}`)
        done(new Error('not allowed'))
      },
      authorizeSubscribe: (client, subscription, done) => {
        if ((client as Admitted).admission?.subscribe.has(subscription.topic)) {
          listeners.add(subscription.topic, client.conn as Socket)
          return done(null, subscription)
        }
        gate.refused(client.id, `subscribe to ${subscription.topic.slice(0, 200)}`)
        // Refuses this one subscription (0x80) and keeps the connection.
        done(null, null)
      },
    })
    const retained = keepRetainedByTopic(aedes)
    aedes.on('unsubscribe', (unsubscribed, client) => {
      for (const topic of unsubscribed) listeners.remove(topic, client.conn as Socket)
    })
    const noteError = (client: Client, error: NodeJS.ErrnoException): void => {
      // A connection that breaks (ECONNRESET and the like) is the network's business; its last will tells.
      if (error.code === undefined) gate.refused(client.id ?? '', error.message)
    }
    aedes.on('connectionError', noteError)
    aedes.on('clientError', noteError)

    const server = createServer({ noDelay: true }, (socket) => {
      limitPackets(socket, (reason) => gate.refused('', reason))
      aedes.handle(socket)
    })
    server.maxConnections = CLIENT_LIMIT
    const connected: (() => void)[] = []
    let port = options.port

    return {
      open: async () => {
        await new Promise<void>((resolve, reject) => {
          server.once('error', reject)
          server.listen({ port: options.port, host: options.host, backlog: LISTEN_BACKLOG }, () => {
            server.off('error', reject)
            const address = server.address()
            if (typeof address === 'object' && address) port = address.port
            resolve()
          })
        })
        for (const handle of connected) handle()
      },
      publish: (topic, payload, { isRetained }) => {
        if (isRetained) retained.keep({ cmd: 'publish', topic, payload, qos: 0, retain: true, dup: false })
        listeners.tell(topic, publishPacket(topic, payload))
        return Promise.resolve()
      },
      subscribe: (pattern, handle) =>
        new Promise((resolve) => {
          aedes.subscribe(
            pattern,
            ({ topic, payload }, done) => {
              // The state of a terminal that stays connected is told once and kept: nothing in this process is ever old.
              const message: Message = { topic, payload: Buffer.from(payload), isRetained: false }
              done()
              handle(message)
            },
            () => resolve(),
          )
        }),
      onConnect: (handle) => void connected.push(handle),
      disconnect: (name) => clientOf(aedes, name)?.close(),
      isConnected: () => server.listening,
      address: () => ({ port }),
      close: async () => {
        const stopped = new Promise<void>((resolve) => (server.listening ? server.close(() => resolve()) : resolve()))
        await new Promise<void>((resolve) => aedes.close(() => resolve()))
        await stopped
      },
    }
  }
}

/**
 * Aedes looks through everything that is retained for each topic a client subscribes to: with thousands of clients, minutes of work after a
 * power cut. Our clients subscribe to exact topics only, so each is looked up.
 */
function keepRetainedByTopic(aedes: Aedes): { keep: (packet: PublishPacket) => void } {
  const retained = new Map<string, PublishPacket>()
  const keep = (packet: PublishPacket): void => {
    if (packet.payload.length === 0) retained.delete(packet.topic)
    else retained.set(packet.topic, { ...packet })
  }
  const { persistence } = aedes as unknown as { persistence: object }
  Object.assign(persistence, {
    storeRetained: (packet: PublishPacket) => Promise.resolve(keep(packet)),
    createRetainedStreamCombi: (topics: string[]) =>
      Readable.from(topics.flatMap((topic) => retained.get(topic) ?? [])),
  })
  return { keep }
}

type Listeners = {
  add: (topic: string, socket: Socket) => void
  remove: (topic: string, socket: Socket) => void
  tell: (topic: string, bytes: Buffer) => void
}

/**
 * Who listens to which topic. A message of the station has the same bytes for all of them (QoS 0 within a connection that loses nothing), so
 * it is made once and written to each: an emergency reaches thousands in the time of as many writes.
 */
function createListeners(stuck: (topic: string) => void): Listeners {
  const sockets = new Map<string, Set<Socket>>()
  const remove = (topic: string, socket: Socket): void => {
    const listening = sockets.get(topic)
    listening?.delete(socket)
    if (listening?.size === 0) sockets.delete(topic)
  }
  return {
    remove,
    add: (topic, socket) => {
      const listening = sockets.get(topic) ?? new Set()
      if (listening.has(socket)) return
      sockets.set(topic, listening.add(socket))
      socket.once('close', () => remove(topic, socket))
    },
    tell: (topic, bytes) => {
      for (const socket of sockets.get(topic) ?? []) {
        // One that has stopped reading is cut off; when it comes back it is told what is retained.
        if (socket.writableLength <= WAITING_LIMIT_BYTES) socket.write(bytes)
        else {
          stuck(topic)
          socket.destroy()
        }
      }
    },
  }
}

/** A PUBLISH packet at QoS 0 (MQTT 3.1.1, 3.3). */
function publishPacket(topic: string, payload: Buffer): Buffer {
  const name = Buffer.from(topic)
  const length: number[] = []
  for (let left = 2 + name.length + payload.length; left > 0 || length.length === 0; left = Math.floor(left / 128)) {
    length.push((left % 128) | (left >= 128 ? 128 : 0))
  }
  return Buffer.concat([Buffer.from([0x30, ...length, name.length >> 8, name.length & 255]), name, payload])
}

function clientOf(aedes: Aedes, name: string): Client | undefined {
  // Aedes keeps its clients by id, and doesn't say so in its types.
  return (aedes as unknown as { clients: Record<string, Client> }).clients[name]
}

/**
 * Aedes gathers a packet until it is whole, however long it says it will be. This reads nothing but the lengths as they pass by, and
 * ends a connection whose packet is longer than any we know. (A `data` listener beside Aedes' `readable` sees what Aedes reads.)
 */
function limitPackets(socket: Socket, refused: (reason: string) => void): void {
  let skip = 0
  let length = 0
  let shift = -1
  socket.on('data', (chunk: Buffer) => {
    for (let at = 0; at < chunk.length;) {
      if (skip > 0) {
        const step = Math.min(skip, chunk.length - at)
        skip -= step
        at += step
        continue
      }
      const byte = chunk[at++]!
      if (shift < 0) {
        shift = 0
        length = 0
        continue
      }
      length += (byte & 127) * 2 ** shift
      shift += 7
      if (length > PACKET_LIMIT_BYTES || shift > 28) {
        refused(`a packet longer than ${PACKET_LIMIT_BYTES} bytes`)
        socket.destroy()
        return
      }
      if ((byte & 128) === 0) {
        skip = length
        shift = -1
      }
    }
  })
}
