/** What a client of the broker may touch: exact topics, never patterns. */
export type Admission = { publish: ReadonlySet<string>; subscribe: ReadonlySet<string> }

/** What the embedded broker asks before it lets a client do anything. An external broker is told by its own configuration. */
export type Gate = {
  /** What the client may touch, or `undefined` when the name and the password don't fit. */
  admit: (name: string, password: string) => Promise<Admission | undefined>
  /** Told of everything that was refused, and why. */
  refused: (name: string, reason: string) => void
}

export type Message = {
  topic: string
  payload: Buffer
  /** It is not new: the broker kept it, and hands it out because the station has just subscribed. */
  isRetained: boolean
}

/** The messenger between station and terminals: MQTT, at least once (QoS 1). */
export type Broker = {
  /** Begins to accept, or to seek, connections. Rejects when it cannot. */
  open: () => Promise<void>
  /**
   * Resolves when the broker has the message; rejects when it has not. An empty payload that is retained clears the topic. The station does
   * not hear itself.
   */
  publish: (topic: string, payload: Buffer, options: { isRetained: boolean }) => Promise<void>
  /** Hands over every message of the topics; `+` stands for one level. Kept through reconnects. */
  subscribe: (pattern: string, handle: (message: Message) => void) => Promise<void>
  /** Told each time the broker is there (again), since an external one may have lost what it retained. */
  onConnect: (handle: () => void) => void
  /** Ends the connection of a client whose credential was revoked; an external broker keeps it until its own list is changed. */
  disconnect: (name: string) => void
  isConnected: () => boolean
  /** Where terminals find it: a port of this host, or an address elsewhere. */
  address: () => { port: number } | { url: string }
  close: () => Promise<void>
}

/** A terminal's larger packets end its connection: 64 KiB of message, the longest that the station reads, and its topic. */
export const PACKET_LIMIT_BYTES = 65 * 1024

export type MakeBroker = (gate: Gate) => Promise<Broker>
