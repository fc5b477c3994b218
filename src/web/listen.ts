import { createAdaptorServer } from '@hono/node-server'
import type { Server } from 'node:http'

// Thousands of loudspeakers return at one instant after a power cut; a short queue would leave most of them unserved.
const LISTEN_BACKLOG = 4096

type Fetch = (request: Request) => Response | Promise<Response>

/** Accepts requests. Answers with the port in use (0 asks the system for one) and a way to stop. */
export function listen(
  fetch: Fetch,
  port: number,
  host: string,
): Promise<{ port: number; server: Server; close: () => Promise<void> }> {
  return new Promise((resolve, reject) => {
    // A live microphone may speak for longer than Node's default of 300 s a request; body limits guard every other route.
    const server = createAdaptorServer({ fetch, serverOptions: { requestTimeout: 0 } }) as Server
    server.once('error', reject)
    server.listen({ port, host, backlog: LISTEN_BACKLOG }, () => {
      server.off('error', reject)
      const address = server.address()
      resolve({
        port: typeof address === 'object' && address ? address.port : port,
        server,
        close: () =>
          new Promise((done) => {
            server.close(() => done())
            server.closeAllConnections()
          }),
      })
    })
  })
}
