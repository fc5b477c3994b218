import { readConfig } from './config.ts'
import { createStation, realEquipment } from './station.ts'
import { listen } from './web/listen.ts'

/** `npm start`: serves what is in DATA_DIR until it is told to stop. */
async function main(): Promise<void> {
  const config = readConfig(process.env)
  const equipment = realEquipment(config)
  const station = await createStation(config, equipment)
  const server = await listen(station.fetch, config.port, config.host)
  const running = await station.start()
  console.log(`ready http://127.0.0.1:${server.port}`)

  const stop = async (): Promise<void> => {
    await server.close()
    await running.stop()
    await station.close()
    process.exit(0)
  }
  process.once('SIGTERM', () => void stop())
  process.once('SIGINT', () => void stop())
}

try {
  await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
