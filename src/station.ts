import { join } from 'node:path'
import { accountRoutes } from './accounts/routes.ts'
import { createAccounts } from './accounts/accounts.ts'
import { createAreas } from './areas/areas.ts'
import { areaRoutes } from './areas/routes.ts'
import type { Config } from './config.ts'
import { connect } from './database/connect.ts'
import { migrate } from './database/migrate.ts'
import { systemClock, type Clock } from './equipment/clock.ts'
import { systemDice, type Dice } from './equipment/dice.ts'
import { cronHeartbeat, type Heartbeat } from './equipment/heartbeat.ts'
import { systemJournal, type Journal } from './equipment/journal.ts'
import { fileStore, type Store } from './equipment/store.ts'
import { createApp, routes } from './web/app.ts'
import { createMetrics, documentRoutes } from './web/documents.ts'

/** Everything outside the program. The real one is made by `realEquipment`; tests bring their own. */
export type Equipment = {
  clock: Clock
  dice: Dice
  journal: Journal
  heartbeat: Heartbeat
  store: Store
}

export function realEquipment(config: Config): Equipment {
  const clock = systemClock
  return {
    clock,
    dice: systemDice(clock),
    journal: systemJournal(),
    heartbeat: cronHeartbeat,
    store: fileStore(join(config.dataDir, 'store')),
  }
}

export type Station = Awaited<ReturnType<typeof createStation>>

/** The routes of the API, whose types the console's client is made from. */
export type Api = Station['api']

// A code that no area has: asking for it shows that the database answers.
const NOWHERE = '000000000000'

/** The whole station, from top to bottom. Nothing runs until `start`. */
export async function createStation(config: Config, equipment: Equipment) {
  const { clock, dice, journal, heartbeat } = equipment
  const databases = connect(config.database)
  const { writer: db, reader } = databases
  await migrate(db, databases.schema)

  const metrics = createMetrics()
  const areas = createAreas({ db, dice })
  const accounts = createAccounts({ db, reader, dice })

  const app = createApp({ clock, journal, identify: accounts.identify })
  const api = routes().route('/', accountRoutes(accounts, config.zone)).route('/', areaRoutes(areas))
  app.route('/', api)
  app.route('/', documentRoutes(api, { metrics, isReady: async () => void (await areas.find(NOWHERE)) }))

  return {
    api,
    /** Every route there is, for the authorisation test. */
    routes: app.routes,
    db,
    areas,
    accounts,
    fetch: (request: Request, ...rest: unknown[]) => app.fetch(request, ...(rest as [])),
    start: () => {
      const pulse = heartbeat(async () => {})
      return { stop: () => pulse.stop() }
    },
    close: () => databases.close(),
  }
}
