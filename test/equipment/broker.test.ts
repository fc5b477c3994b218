import { Aedes } from 'aedes'
import { connectAsync, type MqttClient } from 'mqtt'
import { connect, createServer, type AddressInfo, type Server } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { TERMINAL_MESSAGE_LIMIT_BYTES } from '../../src/codecs/speaker-link.ts'
import { PACKET_LIMIT_BYTES, type Admission, type Broker, type Message } from '../../src/equipment/broker.ts'
import { embeddedBroker } from '../../src/equipment/broker-embedded.ts'
import { remoteBroker } from '../../src/equipment/broker-remote.ts'
import { connectBroker, type Connection, type Wanted } from '../../src/speaker/connection.ts'

const POLE: Admission = {
  publish: new Set(['pole-1/says']),
  subscribe: new Set(['pole-1/hears', 'area/hears']),
}

/** Everything that happened, and a promise of what has not yet. */
function witness<T>() {
  const seen: T[] = []
  let waiting: { fits: (each: T) => boolean; resolve: (each: T) => void }[] = []
  return {
    seen,
    saw: (each: T): void => {
      seen.push(each)
      for (const wait of waiting.filter(({ fits }) => fits(each))) wait.resolve(each)
      waiting = waiting.filter(({ fits }) => !fits(each))
    },
    until: (fits: (each: T) => boolean): Promise<T> =>
      new Promise((resolve) => {
        const found = seen.find(fits)
        if (found === undefined) waiting.push({ fits, resolve })
        else resolve(found)
      }),
  }
}

type Stand = { broker: Broker; port: number; refused: string[]; close: () => Promise<void> }

async function embeddedStand(): Promise<Stand> {
  const refused: string[] = []
  const broker = await embeddedBroker({ port: 0, host: '127.0.0.1' })({
    admit: (name, password) => Promise.resolve(name.startsWith('pole') && password === 'open' ? POLE : undefined),
    refused: (_, reason) => void refused.push(reason),
  })
  await broker.open()
  const address = broker.address()
  return { broker, port: 'port' in address ? address.port : 0, refused, close: broker.close }
}

async function externalBroker(port: number): Promise<{ port: number; close: () => Promise<void> }> {
  const aedes = await Aedes.createBroker()
  const server: Server = createServer((socket) => void aedes.handle(socket))
  await new Promise<void>((resolve) => void server.listen(port, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const stopped = new Promise((resolve) => server.close(resolve))
      await new Promise<void>((resolve) => {
        aedes.close(resolve)
      })
      await stopped
    },
  }
}

async function remoteStand(): Promise<Stand> {
  const external = await externalBroker(0)
  const refused: string[] = []
  const broker = await remoteBroker(`mqtt://station:secret@127.0.0.1:${external.port}`)({
    admit: () => Promise.resolve(undefined),
    refused: (_, reason) => void refused.push(reason),
  })
  const connected = new Promise<void>((resolve) => broker.onConnect(resolve))
  await broker.open()
  await connected
  const close = async (): Promise<void> => {
    await broker.close()
    await external.close()
  }
  return { broker, port: external.port, refused, close }
}

const stands = [
  ['embedded', embeddedStand],
  ['remote', remoteStand],
] as const

for (const [name, makeStand] of stands) {
  describe(`the ${name} broker`, () => {
    let stand: Stand
    let poles: Connection[]
    const heard = witness<{ topic: string; text: string }>()
    beforeEach(async () => {
      stand = await makeStand()
      poles = []
      heard.seen.length = 0
    })
    afterEach(async () => {
      for (const pole of poles) pole.close()
      await stand.close()
    })

    const pole = async (wanted: Partial<Wanted> = {}): Promise<Connection> => {
      const connection = await connectBroker({
        url: `mqtt://127.0.0.1:${stand.port}`,
        id: 'pole-1',
        password: 'open',
        subscribe: [...POLE.subscribe],
        will: { topic: 'pole-1/says', payload: Buffer.from('gone') },
        onMessage: (topic, payload) => heard.saw({ topic, text: payload.toString() }),
        onClose: () => undefined,
        ...wanted,
      })
      poles.push(connection)
      return connection
    }

    it('hands what the station says to who listens, and what is retained to who comes later', async () => {
      await pole()
      await stand.broker.publish('pole-1/hears', Buffer.from('now'), { isRetained: false })
      await stand.broker.publish('area/hears', Buffer.from('kept'), { isRetained: true })
      await heard.until(({ text }) => text === 'now')
      await heard.until(({ text }) => text === 'kept')
      const later = witness<string>()
      await pole({ id: 'pole-2', onMessage: (_, payload) => later.saw(payload.toString()) })
      await later.until((text) => text === 'kept')
      expect(later.seen).not.toContain('now')
    })

    it('hands the station what terminals say, with the topic, and their last will', async () => {
      const said = witness<Message>()
      await stand.broker.subscribe('+/says', said.saw)
      const connection = await pole()
      await connection.publish('pole-1/says', Buffer.from('here'), true)
      expect(await said.until(({ payload }) => payload.toString() === 'here')).toMatchObject({ topic: 'pole-1/says' })
      // A second connection of the same name ends the first without a goodbye.
      await pole()
      await said.until(({ payload }) => payload.toString() === 'gone')
    })

    it('answers where it is', () => {
      expect(stand.broker.isConnected()).toBe(true)
      expect(JSON.stringify(stand.broker.address())).toContain(String(stand.port))
      expect(JSON.stringify(stand.broker.address())).not.toContain('secret')
    })
  })
}

describe('the embedded broker', () => {
  let stand: Stand
  beforeEach(async () => {
    stand = await embeddedStand()
  })
  afterEach(() => stand.close())

  const knock = (wanted: Partial<Wanted>): Promise<Connection> =>
    connectBroker({
      url: `mqtt://127.0.0.1:${stand.port}`,
      id: 'pole-1',
      password: 'open',
      subscribe: [...POLE.subscribe],
      will: { topic: 'pole-1/says', payload: Buffer.from('gone') },
      onMessage: () => undefined,
      onClose: () => undefined,
      ...wanted,
    })

  /** Sends raw bytes and answers when the broker has hung up. */
  const hangsUpAt = (bytes: Uint8Array): Promise<void> =>
    new Promise((resolve) => {
      const socket = connect(stand.port, '127.0.0.1', () => void socket.write(bytes))
      socket.on('error', () => undefined)
      socket.on('close', () => resolve())
      socket.resume()
    })

  it('lets nobody in with a wrong password', async () => {
    await expect(knock({ password: 'shut' })).rejects.toThrow('refused the connection')
    await expect(knock({ id: 'stranger' })).rejects.toThrow('refused the connection')
    expect(stand.refused).toContain('wrong name or password')
  })

  it('refuses topics that are another’s, to read and to write', async () => {
    const said = witness<Message>()
    await stand.broker.subscribe('+/says', said.saw)
    await expect(knock({ subscribe: ['pole-2/hears'] })).rejects.toThrow('refused the topic pole-2/hears')
    await expect(knock({ subscribe: ['+/hears'] })).rejects.toThrow('refused the topic')
    const ended = witness<string>()
    const forger = await knock({ onClose: ended.saw })
    await expect(forger.publish('pole-2/says', Buffer.from('forged'), false)).rejects.toThrow('lost')
    await ended.until(() => true)
    expect(stand.refused).toContain('publish to pole-2/says')
    expect(said.seen.map(({ topic }) => topic)).not.toContain('pole-2/says')
  })

  it('takes no last will for another’s topic', async () => {
    const said = witness<Message>()
    await stand.broker.subscribe('+/says', said.saw)
    await knock({ will: { topic: 'pole-2/says', payload: Buffer.from('forged') } })
    stand.broker.disconnect('pole-1')
    const next = await knock({ id: 'pole-3' })
    await next.publish('pole-1/says', Buffer.from('after'), false)
    await said.until(({ payload }) => payload.toString() === 'after')
    expect(said.seen.map(({ topic }) => topic)).not.toContain('pole-2/says')
    next.close()
  })

  it('ends the connection of who is dismissed', async () => {
    const ended = witness<string>()
    await knock({ onClose: ended.saw })
    stand.broker.disconnect('pole-1')
    await ended.until(() => true)
    stand.broker.disconnect('nobody')
  })

  /** A client that is not ours, with a session that it wants kept. */
  const stranger = (id: string): Promise<MqttClient> =>
    connectAsync(`mqtt://127.0.0.1:${stand.port}`, {
      clientId: id,
      username: id,
      password: 'open',
      clean: false,
      reconnectPeriod: 0,
    })

  it('keeps no session: who asked for everybody’s topics and comes back has heard nothing meanwhile', async () => {
    const spy = await stranger('pole-spy')
    const granted = await spy.subscribeAsync(['pole-1/hears', '#'], { qos: 1 }).catch((error: Error) => error)
    expect(granted).toBeInstanceOf(Error)
    await spy.endAsync(true)
    const pole = await knock({})
    await pole.publish('pole-1/says', Buffer.from('private'), false)
    const back = await stranger('pole-spy')
    const heard = witness<string>()
    back.on('message', (topic, payload) => heard.saw(`${topic} ${payload.toString()}`))
    await back.subscribeAsync('pole-1/hears')
    await stand.broker.publish('pole-1/hears', Buffer.from('now'), { isRetained: false })
    await heard.until((each) => each === 'pole-1/hears now')
    expect(heard.seen).toEqual(['pole-1/hears now'])
    await back.endAsync(true)
    pole.close()
  })

  it('takes nothing at QoS 2, which it would have to hold until it is released', async () => {
    const said = witness<Message>()
    await stand.broker.subscribe('+/says', said.saw)
    const client = await stranger('pole-1')
    const ended = new Promise<void>((resolve) => client.once('close', () => resolve()))
    client.publish('pole-1/says', Buffer.from('held'), { qos: 2 })
    await ended
    expect(stand.refused).toContain('publish at QoS 2')
    expect(said.seen).toEqual([])
    await client.endAsync(true)
  })

  it('takes the longest message that the station reads', async () => {
    const said = witness<Message>()
    await stand.broker.subscribe('+/says', said.saw)
    const pole = await knock({})
    await pole.publish('pole-1/says', Buffer.alloc(TERMINAL_MESSAGE_LIMIT_BYTES), false)
    expect((await said.until(() => true)).payload).toHaveLength(TERMINAL_MESSAGE_LIMIT_BYTES)
    pole.close()
  })

  it('hangs up on garbage, and on a packet that says it is too long', async () => {
    await hangsUpAt(new TextEncoder().encode('GET / HTTP/1.1\r\n\r\n'))
    const length = PACKET_LIMIT_BYTES + 1
    const varint = [(length & 127) | 128, ((length >> 7) & 127) | 128, (length >> 14) & 127]
    await hangsUpAt(Uint8Array.from([0x30, ...varint, 0, 0, 0]))
    expect(stand.refused.join()).toContain('longer than')
    expect(PACKET_LIMIT_BYTES).toBeLessThan(2 * TERMINAL_MESSAGE_LIMIT_BYTES)
    // Whoever behaves is served all the same.
    ;(await knock({})).close()
  })
})

describe('the remote broker', () => {
  it('is sought while it is away, and found again: what is said meanwhile is refused, not queued', async () => {
    const first = await externalBroker(0)
    const broker = await remoteBroker(`mqtt://127.0.0.1:${first.port}`)({
      admit: () => Promise.resolve(undefined),
      refused: (_, reason) => refusals.saw(reason),
    })
    const refusals = witness<string>()
    const connects = witness<number>()
    broker.onConnect(() => connects.saw(connects.seen.length + 1))
    const said = witness<Message>()
    await broker.subscribe('+/says', said.saw)
    await broker.open()
    await connects.until((count) => count === 1)
    await first.close()
    await refusals.until((reason) => reason.includes('lost'))
    await expect(broker.publish('area/hears', Buffer.from('x'), { isRetained: false })).rejects.toThrow('not connected')
    const second = await externalBroker(first.port)
    await connects.until((count) => count === 2)
    const pole = await connectBroker({
      url: `mqtt://127.0.0.1:${second.port}`,
      id: 'pole-1',
      password: '',
      subscribe: ['pole-1/hears'],
      will: { topic: 'pole-1/says', payload: Buffer.from('gone') },
      onMessage: () => undefined,
      onClose: () => undefined,
    })
    await pole.publish('pole-1/says', Buffer.from('again'), false)
    await said.until(({ payload }) => payload.toString() === 'again')
    pole.close()
    await broker.close()
    await second.close()
  })
})
