import { createHash } from 'node:crypto'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import type { EdgeAddress } from '../../src/equipment/voice-edge.ts'

/**
 * The network voice's service, as far as its client sees it: TLS, a WebSocket (RFC 6455), and in it a configuration and a
 * request in SSML, answered by a beginning, audio in parts, and an end. How it answers is up to the test.
 */
export type EdgeService = {
  address: EdgeAddress
  /** The SSML of each request. */
  requests: string[]
  close: () => Promise<void>
}

/** `speaks` answers audio; `hangs` never answers; `breaks` closes in the middle; `babbles` sends what is no message. */
export type EdgeManner = 'speaks' | 'hangs' | 'breaks' | 'babbles'

export const SPOKEN = Buffer.alloc(5000, 'audio of a network voice ')

// A key that protects nothing: it belongs to a certificate that only these tests trust.
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg2kDSeDLR7G0C0y1U
JikfnXqAcLFD0q1CCUqtx0twOm6hRANCAAQCOekCq4zy/rfQssBa0XWFLWHx+BML
IM8RS7v8dme5i8TmnBQyWVeRb2xrA9rH8ANPtzBReJW783yMJflFUSdL
-----END PRIVATE KEY-----
`
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBijCCATGgAwIBAgIBATAKBggqhkjOPQQDAjAjMSEwHwYDVQQDDBhzcGVlY2gu
cGxhdGZvcm0uYmluZy5jb20wIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAw
MDBaMCMxITAfBgNVBAMMGHNwZWVjaC5wbGF0Zm9ybS5iaW5nLmNvbTBZMBMGByqG
SM49AgEGCCqGSM49AwEHA0IABAI56QKrjPL+t9CywFrRdYUtYfH4EwsgzxFLu/x2
Z7mLxOacFDJZV5FvbGsD2sfwA0+3MFF4lbvzfIwl+UVRJ0ujVDBSMCMGA1UdEQQc
MBqCGHNwZWVjaC5wbGF0Zm9ybS5iaW5nLmNvbTAMBgNVHRMEBTADAQH/MB0GA1Ud
DgQWBBTz7i5G0Rz6XhpLZE9Y9QYe1W7hJDAKBggqhkjOPQQDAgNHADBEAiAr4Zmw
kjLli11yBvlcSqAaoj7e/preh0hRzvJkZzK6qAIgStru4c5lPVCXotxEogDr/0M1
94Y/l5xgBcjrzPXfkpI=
-----END CERTIFICATE-----
`

export async function edgeService(manner: EdgeManner): Promise<EdgeService> {
  const requests: string[] = []
  const sockets = new Set<Duplex>()
  const server = createServer({ key: KEY, cert: CERTIFICATE })
  server.on('upgrade', (request, socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    const accept = createHash('sha1')
      .update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest('base64')
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    )
    readFrames(socket, (message) => {
      const id = /X-RequestId:(\w+)/.exec(message)?.[1]
      if (!id || !message.includes('Path:ssml')) return
      requests.push(message.slice(message.indexOf('\r\n\r\n') + 4))
      answer(socket, id, manner)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    address: { host: '127.0.0.1', port: (server.address() as AddressInfo).port, certificate: CERTIFICATE },
    requests,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function answer(socket: Duplex, id: string, manner: EdgeManner): void {
  if (manner === 'hangs') return
  if (manner === 'babbles') {
    socket.write(frame(1, Buffer.from('no header at all')))
    return
  }
  const text = (path: string): Buffer =>
    frame(1, Buffer.from(`X-RequestId:${id}\r\nContent-Type:application/json\r\nPath:${path}\r\n\r\n{}`))
  const audio = (part: Uint8Array): Buffer => {
    const header = Buffer.from(`X-RequestId:${id}\r\nContent-Type:audio/mpeg\r\nPath:audio\r\n`)
    const length = Buffer.alloc(2)
    length.writeUInt16BE(header.length)
    return frame(2, Buffer.concat([length, header, part]))
  }
  socket.write(text('turn.start'))
  socket.write(audio(SPOKEN.subarray(0, 3000)))
  if (manner === 'breaks') {
    socket.destroy()
    return
  }
  socket.write(audio(SPOKEN.subarray(3000)))
  socket.write(text('turn.end'))
}

/** One unmasked frame: opcode 1 is text, 2 is bytes. */
function frame(opcode: number, payload: Buffer): Buffer {
  const header = payload.length < 126 ? Buffer.alloc(2) : Buffer.alloc(4)
  header[0] = 0x80 | opcode
  if (payload.length < 126) {
    header[1] = payload.length
  } else {
    header[1] = 126
    header.writeUInt16BE(payload.length, 2)
  }
  return Buffer.concat([header, payload])
}

/** Reads a client's masked frames of up to 64 KB and hands over their text. */
function readFrames(socket: Duplex, onText: (text: string) => void): void {
  let pending = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk])
    while (pending.length >= 6) {
      const short = pending[1]! & 0x7f
      const start = short === 126 ? 4 : 2
      const length = short === 126 ? pending.readUInt16BE(2) : short
      const end = start + 4 + length
      if (pending.length < end) return
      const mask = pending.subarray(start, start + 4)
      const payload = pending.subarray(start + 4, end).map((byte, index) => byte ^ mask[index % 4]!)
      if ((pending[0]! & 0x0f) === 1) onText(Buffer.from(payload).toString('utf8'))
      pending = pending.subarray(end)
    }
  })
}
