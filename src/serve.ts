import type { Config } from './config.ts'
import { createStation, type Equipment, type Station } from './station.ts'
import { listen } from './web/listen.ts'

export type Serving = { station: Station; url: string }

/**
 * Opens the station, answers requests and keeps the beat until the process is told to stop. `prepare` runs before anyone can
 * reach it. Answers once a request has really been answered.
 */
export async function serve(
  config: Config,
  equipment: Equipment,
  prepare: (station: Station) => Promise<void> = () => Promise.resolve(),
): Promise<Serving> {
  const station = await createStation(config, equipment)
  await prepare(station)
  const server = await listen(station.fetch, config.port, config.host).catch((error: unknown) => {
    throw taken(error, `PORT ${config.port}`)
  })
  const running = await station.start().catch((error: unknown) => {
    throw taken(error, `MQTT_PORT ${config.mqttPort}`)
  })

  let stopping: Promise<void> | undefined
  const stop = async (): Promise<void> => {
    await server.close()
    await running.stop()
    await station.close()
    process.exit(0)
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void (stopping ??= stop()))

  const url = `http://127.0.0.1:${server.port}`
  const answer = await fetch(`${url}/readyz`)
  if (!answer.ok) throw new Error(`${url}/readyz answers ${answer.status}: ${await answer.text()}`)
  return { station, url }
}

function taken(error: unknown, name: string): unknown {
  if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') return error
  return new Error(`${name} 已被其他程序占用，请换一个\n${name} is taken by another program; give another one`)
}

/** Runs a command's main function; what goes wrong is said in one piece, and the process ends with 1. */
export async function run(main: () => Promise<void>): Promise<void> {
  try {
    await main()
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exit(1)
  }
}
