import autocannon from 'autocannon'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { median, printTable } from './machine.ts'
import { startUntilReady } from './process.ts'

const SECONDS = 5
const CONNECTIONS = 16
const ROUNDS = 3
const COLD_VILLAGES = 200
const QUIET_LIMIT_SECONDS = 180

type Load = { perSecond: number; p99Milliseconds: number; wrong: number }

/** Village feeds beside a bare Hono route that answers a body of the same size: whole, and unchanged (304). */
export async function run(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'xiangyin-bench-'))
  const station = await startUntilReady(['src/demo/main.ts', '--no-crowd'], {
    DATA_DIR: directory,
    PORT: '0',
    MQTT_PORT: '0',
    NETWORK_VOICE: 'off',
  })
  try {
    await untilQuiet(station.url)
    const villages = Array.from({ length: COLD_VILLAGES }, (_, index) => `${370_799_001_200 + index}`)
    const cold: number[] = []
    for (const village of villages) {
      const start = performance.now()
      const answer = await fetch(`${station.url}/feeds/${village}`)
      await answer.arrayBuffer()
      if (answer.ok) cold.push(performance.now() - start)
    }
    const path = '/feeds/370799001200'
    const first = await fetch(`${station.url}${path}`, { headers: { 'accept-encoding': 'identity' } })
    const bytes = (await first.arrayBuffer()).byteLength
    const etag = first.headers.get('etag') ?? ''
    const bare = await startUntilReady(['bench/bare.ts'], { BYTES: String(bytes) })
    try {
      const rows: [string, string, string, Record<string, string>][] = [
        ['whole feed (200)', `${station.url}${path}`, `${bare.url}/feed`, {}],
        ['unchanged feed (304)', `${station.url}${path}`, `${bare.url}/feed`, { 'if-none-match': etag }],
      ]
      const results: (string | number)[][] = []
      for (const [name, ours, theirs, headers] of rows) {
        const oursLoad = await rounds(ours, headers)
        const bareLoad = await rounds(theirs, headers)
        results.push([
          name,
          Math.round(oursLoad.perSecond),
          Math.round(bareLoad.perSecond),
          `${Math.round((100 * oursLoad.perSecond) / bareLoad.perSecond)} %`,
          `${oursLoad.p99Milliseconds} / ${bareLoad.p99Milliseconds}`,
          oursLoad.wrong + bareLoad.wrong,
        ])
      }
      printTable(
        ['village feed', 'ours, requests/s', 'bare Hono route', 'ratio', 'p99 ms, ours / bare', 'faults'],
        results,
      )
      const sorted = cold.toSorted((one, other) => one - other)
      console.log(
        `\nA cold village feed of about ${Math.round(bytes / 1024)} kB over HTTP: median ${median(cold).toFixed(1)} ms, ` +
          `p99 ${sorted[Math.floor(sorted.length * 0.99)]?.toFixed(1)} ms (${cold.length} villages).`,
      )
    } finally {
      await bare.stop()
    }
  } finally {
    await station.stop()
    rmSync(directory, { recursive: true, force: true })
  }
}

/** Waits until the demo has made its recordings: what prepares would be measured with what serves. */
async function untilQuiet(url: string): Promise<void> {
  for (let second = 0; second < QUIET_LIMIT_SECONDS; second++) {
    const metrics = await (await fetch(`${url}/metrics`)).text()
    if (/xiangyin_recordings\{state="pending"\} 0/.test(metrics)) return
    await new Promise((resolve) => setTimeout(resolve, 1000))
  }
}

/** The median round of several, so that one disturbance of the machine doesn't decide. */
async function rounds(url: string, headers: Record<string, string>): Promise<Load> {
  const loads: Load[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const result = await autocannon({ url, headers, connections: CONNECTIONS, duration: SECONDS })
    const expected = headers['if-none-match'] ? result['3xx'] : result['2xx']
    loads.push({
      perSecond: expected / result.duration,
      p99Milliseconds: result.latency.p99,
      wrong: result.errors + result.timeouts + result['4xx'] + result['5xx'],
    })
  }
  return loads.toSorted((one, other) => one.perSecond - other.perSecond)[Math.floor(ROUNDS / 2)]!
}
