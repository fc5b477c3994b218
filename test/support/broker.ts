import type { Gate, MakeBroker, Message } from '../../src/equipment/broker.ts'

export type Sent = { topic: string; payload: Buffer; isRetained: boolean }

/** A broker that remembers what the station said, and lets a test speak as a terminal. */
export type RememberingBroker = {
  make: MakeBroker
  /** Everything published, in order. */
  sent: Sent[]
  /** Ids of terminals whose connections the station ended. */
  dismissed: string[]
  /** What the station answers to a terminal that connects. */
  gate: () => Gate
  /** A message of a terminal arrives. */
  arrive: (topic: string, payload: Buffer | string | object, isRetained?: boolean) => void
  /** Takes the broker away, or brings it back. */
  setConnected: (isConnected: boolean) => void
}

export function rememberingBroker(): RememberingBroker {
  const handlers: { pattern: RegExp; handle: (message: Message) => void }[] = []
  const connects: (() => void)[] = []
  const sent: Sent[] = []
  const dismissed: string[] = []
  let isConnected = true
  let asked: Gate | undefined
  return {
    sent,
    dismissed,
    gate: () => asked!,
    make: (gate) => {
      asked = gate
      return Promise.resolve({
        open: () => Promise.resolve(),
        publish: (topic, payload, { isRetained }) => {
          if (!isConnected) return Promise.reject(new Error('the broker is not connected'))
          sent.push({ topic, payload, isRetained })
          return Promise.resolve()
        },
        subscribe: (pattern, handle) => {
          handlers.push({ pattern: new RegExp(`^${pattern.replaceAll('+', '[^/]+')}$`), handle })
          return Promise.resolve()
        },
        onConnect: (handle) => void connects.push(handle),
        disconnect: (name) => void dismissed.push(name),
        isConnected: () => isConnected,
        address: () => ({ port: 1883 }),
        close: () => Promise.resolve(),
      })
    },
    arrive: (topic, payload, isRetained = false) => {
      const bytes = Buffer.isBuffer(payload)
        ? payload
        : Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload))
      for (const { pattern, handle } of handlers) {
        if (pattern.test(topic)) handle({ topic, payload: bytes, isRetained })
      }
    },
    setConnected: (now) => {
      const comesBack = now && !isConnected
      isConnected = now
      if (comesBack) for (const handle of connects) handle()
    },
  }
}
