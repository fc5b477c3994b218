import { join } from 'node:path'
import { accountRoutes } from './accounts/routes.ts'
import { createAccounts } from './accounts/accounts.ts'
import { createAirtime } from './airtime/airtime.ts'
import { airtimeRoutes } from './airtime/routes.ts'
import { createAlerts } from './alerts/alerts.ts'
import { alertRoutes } from './alerts/routes.ts'
import { createAreas } from './areas/areas.ts'
import { areaRoutes } from './areas/routes.ts'
import { createChannels } from './channels/channels.ts'
import { channelRoutes } from './channels/routes.ts'
import { createBulletins } from './bulletins/bulletins.ts'
import { bulletinRoutes } from './bulletins/routes.ts'
import { loadSounds, sirenOf } from './bulletins/sounds.ts'
import type { Config } from './config.ts'
import { createContent } from './content/content.ts'
import { createImports } from './content/imports.ts'
import { createPictures } from './content/pictures.ts'
import { contentRoutes } from './content/routes.ts'
import { createVideos } from './content/videos.ts'
import { connect } from './database/connect.ts'
import { migrate } from './database/migrate.ts'
import type { MakeBroker } from './equipment/broker.ts'
import { embeddedBroker } from './equipment/broker-embedded.ts'
import { remoteBroker } from './equipment/broker-remote.ts'
import { systemClock, type Clock } from './equipment/clock.ts'
import { systemDice, type Dice } from './equipment/dice.ts'
import { ffmpegEncoder, type Encoder } from './equipment/encoder.ts'
import { cronHeartbeat, type Heartbeat } from './equipment/heartbeat.ts'
import { systemJournal, type Journal } from './equipment/journal.ts'
import { sharpPictures, type Pictures } from './equipment/pictures.ts'
import { fileSigner, type Signer } from './equipment/signer.ts'
import { fileStore, type Store } from './equipment/store.ts'
import { createTemplates } from './equipment/templates.ts'
import { edgeVoice } from './equipment/voice-edge.ts'
import { espeakVoice } from './equipment/voice-espeak.ts'
import { sherpaVoice } from './equipment/voice-sherpa.ts'
import type { Voice } from './equipment/voice.ts'
import type { Instant } from './instant.ts'
import { loadLibrary } from './library.ts'
import { createPlayout, type Beat } from './playout/playout.ts'
import { precedenceBy } from './playout/precedence.ts'
import { playoutRoutes } from './playout/routes.ts'
import { createLink } from './terminals/link.ts'
import { terminalRoutes } from './terminals/routes.ts'
import { createTerminals } from './terminals/terminals.ts'
import { createListening } from './television/listening.ts'
import { televisionPages, televisionRoutes } from './television/routes.ts'
import { createTelevision } from './television/television.ts'
import { createApp, routes } from './web/app.ts'
import { createMetrics, documentRoutes } from './web/documents.ts'
import type { Identify } from './web/guard.ts'
import { staticRoutes } from './web/static.ts'

/** Everything outside the program. The real one is made by `realEquipment`; tests bring their own. */
export type Equipment = {
  clock: Clock
  dice: Dice
  journal: Journal
  heartbeat: Heartbeat
  store: Store
  pictures: Pictures
  broker: MakeBroker
  signer: Signer
  encoder: Encoder
  /** In order of quality; the last one is always there. */
  voices: Voice[]
}

export function realEquipment(config: Config): Equipment {
  const clock = systemClock
  return {
    clock,
    dice: systemDice(clock),
    journal: systemJournal(),
    heartbeat: cronHeartbeat,
    store: fileStore(join(config.dataDir, 'store')),
    pictures: sharpPictures(),
    broker: config.mqttUrl
      ? remoteBroker(config.mqttUrl)
      : embeddedBroker({ port: config.mqttPort, host: config.host }),
    signer: fileSigner(join(config.dataDir, 'keys')),
    encoder: ffmpegEncoder(),
    voices: realVoices(config),
  }
}

/** In order of quality: the one on the network, the county's own, the one that is always there. */
export function realVoices(config: Pick<Config, 'networkVoice' | 'voiceModelDir'>): Voice[] {
  return [
    ...(config.networkVoice ? [edgeVoice()] : []),
    ...(config.voiceModelDir === undefined ? [] : [sherpaVoice(config.voiceModelDir)]),
    espeakVoice(),
  ]
}

export type Station = Awaited<ReturnType<typeof createStation>>

/** The routes of the API, whose types the console's client is made from. */
export type Api = Station['api']

// A code that no area has: asking for it shows that the database answers.
const NOWHERE = '000000000000'

/** The whole station, from top to bottom. Nothing runs until `start`. */
export async function createStation(config: Config, equipment: Equipment) {
  const { clock, dice, journal, heartbeat, store } = equipment
  const library = await loadLibrary()
  const databases = connect(config.database, (error) =>
    journal.warn('the database ended a connection; the next statement opens another', { reason: error.message }),
  )
  const { writer: db, reader } = databases
  await migrate(db, databases.schema)

  const metrics = createMetrics()
  const areas = createAreas({ db, dice })
  const accounts = createAccounts({ db, reader, dice })
  const { sections, columns } = library
  const content = createContent({ db, reader, dice, areas, columns, zone: config.zone })
  const pictures = createPictures({ db, reader, dice, store, tools: equipment.pictures })
  const videos = createVideos({
    db,
    reader,
    dice,
    journal,
    store,
    encoder: equipment.encoder,
    pictures,
    directory: join(config.dataDir, 'uploads'),
  })
  const { referenceFaults } = content
  const imports = createImports({ db, reader, dice, areas, columns, referenceFaults, zone: config.zone })
  const channels = createChannels({ reader, sections, columns })
  const bulletins = await createBulletins({
    db,
    dice,
    store,
    journal,
    encoder: equipment.encoder,
    voices: equipment.voices,
    sounds: await loadSounds(),
    templates: library.bulletins,
  })
  const terminals = createTerminals({ db, reader, dice, areas, dismiss: (id) => broker.disconnect(id) })
  const broker = await equipment.broker({
    admit: terminals.admit,
    refused: (name, reason) => link.refused(name, reason),
  })
  const link = await createLink({
    db,
    broker,
    signer: equipment.signer,
    dice,
    clock,
    journal,
    receive: (batches, now) => playout.receive(batches, now),
  })
  const playout = createPlayout({
    db,
    reader,
    dice,
    journal,
    zone: config.zone,
    link,
    precedenceOf: precedenceBy(library.precedence),
    siren: ({ severity, class: kind }) => bulletins.fixedSounds[kind === 'drill' ? 'drill' : sirenOf(severity)],
    sirenHashes: Object.values(bulletins.fixedSounds).map((sound) => sound.hash),
  })
  const alerts = createAlerts({
    db,
    reader,
    dice,
    zone: config.zone,
    areas,
    playout,
    speak: bulletins.speak,
  })
  const airtime = createAirtime({ reader, zone: config.zone })

  metrics.gauge('xiangyin_loudspeakers', 'Loudspeakers by state', 'state', () => terminals.counts())
  metrics.gauge('xiangyin_recordings', 'Recordings by state', 'state', bulletins.countRecordings)
  const beatTook = metrics.duration('xiangyin_beat_seconds', 'How long a beat takes')
  const stepFailed = metrics.count(
    'xiangyin_beat_faults_total',
    'Steps of beats that failed and were tried again',
    'step',
  )

  const { nowPlaying, comingUp } = playout
  const directory = join(import.meta.dirname, '../templates')
  const template = createTemplates({ directory, escape: 'html' }).file
  const television = createTelevision({
    directory,
    zone: config.zone,
    journal,
    template,
    areas,
    feed: channels.feed,
    activeAlerts: alerts.activeAlerts,
    nowPlaying,
    comingUp,
  })
  const listening = createListening({ directory, zone: config.zone, template, areas, nowPlaying, comingUp })

  /** One turn of the heart. What fails in it is noted, and tried again by the next. */
  const beat = async (): Promise<Beat> => {
    const now = clock()
    const began = performance.now()
    const faults: string[] = []
    const step = async (name: string, part: (now: Instant) => Promise<unknown>): Promise<void> => {
      try {
        await part(now)
      } catch (error) {
        faults.push(name)
        journal.warn('a step of the beat failed; the next beat tries again', { step: name, reason: String(error) })
      }
    }
    await step('alerts', alerts.expire)
    const made = await playout.beat(now)
    await step('link', link.tick)
    faults.push(...made.faults)
    beatTook((performance.now() - began) / 1000)
    for (const name of faults) stepFailed(name)
    return { ...made, faults }
  }

  const identify: Identify = async (token, now) =>
    (await terminals.identify(token)) ?? (await accounts.identify(token, now))
  const isSecure = config.publicUrl.startsWith('https:')
  const app = createApp({ clock, journal, identify })
  const api = routes()
    .route('/', accountRoutes(accounts, { zone: config.zone, trustedProxies: config.trustedProxies, isSecure }))
    .route('/', areaRoutes(areas))
    .route('/', contentRoutes({ content, imports, pictures, videos, store }))
    .route('/', channelRoutes(channels))
    .route('/', terminalRoutes(terminals, link))
    .route('/', bulletinRoutes(bulletins, store))
    .route('/', playoutRoutes(playout, config.zone))
    .route('/', alertRoutes(alerts))
    .route('/', airtimeRoutes(airtime, config.zone))
    .route('/', televisionRoutes({ television, listening }))
  app.route('/', api)
  app.route('/', documentRoutes(api, { metrics, isReady: async () => void (await areas.find(NOWHERE)) }))
  app.route('/', televisionPages({ television, listening, identify, isSecure }))
  app.route('/', staticRoutes('/console/', join(import.meta.dirname, '../dist/console')))

  return {
    api,
    /** Every route there is, for the authorisation test. */
    routes: app.routes,
    db,
    areas,
    accounts,
    content,
    pictures,
    videos,
    imports,
    channels,
    bulletins,
    fetch: (request: Request, ...rest: unknown[]) => app.fetch(request, ...(rest as [])),
    terminals,
    link,
    broker,
    playout,
    alerts,
    airtime,
    beat,
    start: async () => {
      await broker.open()
      bulletins.wakeWith(clock)
      const pulse = heartbeat(async () => {
        await beat()
        // Beside the beat, never inside it: rendering takes as long as it takes.
        void bulletins.render(clock())
        void videos.make(clock())
      })
      return { stop: () => pulse.stop() }
    },
    close: async () => {
      await bulletins.close()
      await videos.close()
      await broker.close()
      await link.settle()
      await databases.close()
    },
  }
}
