import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { hashPassword } from '../accounts/password.ts'
import { readConfig, type Config } from '../config.ts'
import { writeCsv } from '../equipment/csv.ts'
import { svgDrawings } from '../equipment/pictures.ts'
import { run, serve } from '../serve.ts'
import { realEquipment, type Equipment, type Station } from '../station.ts'
import { buildConsole } from './build.ts'
import { crowdFile, startCrowd } from './crowd.ts'
import { demoCounty, FIRST_VILLAGE } from './county.ts'
import { addFilms, hasFilms, makeFilms } from './films.ts'
import {
  demoBox,
  demoLoudspeakers,
  FULL,
  HOUSEHOLDS_A_VILLAGE,
  LOUDSPEAKERS_A_VILLAGE,
  makeCounty,
  type Size,
} from './make.ts'
import { signIns } from './people.ts'
import { demoMark, holdsCounty, type DemoMark } from './store.ts'

const USAGE = `npm run demo -- [--full] [--households N] [--port P]
  --full        150,000 households and 5,000 loudspeakers
  --households  households a village (${HOUSEHOLDS_A_VILLAGE})
  --no-crowd    leave the loudspeakers silent; otherwise light ones answer everywhere but in the first village
  --port        the port to serve on (PORT, else 8080)`

const HOUSEHOLDS_LIMIT = 500
const ROOT = resolve(import.meta.dirname, '../..')
const FONTS = join(ROOT, 'media/fonts/fonts.conf')

/** `npm run demo`: a made-up county, on the air. Makes it when DATA_DIR holds none, and serves it. */
await run(async () => {
  const began = performance.now()
  const { size, port, hasCrowd } = readArguments(process.argv.slice(2))
  const config = readConfig({
    ...process.env,
    ...(port === undefined ? {} : { PORT: port }),
    MQTT_PORT: process.env.MQTT_PORT ?? (await freeBrokerPort()),
  })
  const equipment = realEquipment(config)
  const say = (words: string): void => console.log(`[${((performance.now() - began) / 1000).toFixed(1)} s] ${words}`)
  const { station, url } = await serve(config, equipment, async (station) => {
    const building = buildConsole(ROOT, say)
    await prepare(station, config, equipment, size, say)
    await building
  })
  console.log(`ready ${url}`)
  const mark = (await demoMark(station.db))!
  tellAddresses(mark, config, url)
  if (hasCrowd) startCrowd(url, config.dataDir, mark.loudspeakers)
  await publishFilms(station, config, equipment, say)
})

function readArguments(args: string[]): { size: Size; port: string | undefined; hasCrowd: boolean } {
  const villages = demoCounty().villages.length
  try {
    const text = { type: 'string' } as const
    const { values } = parseArgs({
      args,
      options: { full: { type: 'boolean' }, households: text, port: text, 'no-crowd': { type: 'boolean' } },
    })
    const each = Number(values.households ?? HOUSEHOLDS_A_VILLAGE)
    if (!Number.isInteger(each) || each < 1 || each > HOUSEHOLDS_LIMIT) {
      throw new Error(`--households is "${values.households}": give a whole number from 1 to ${HOUSEHOLDS_LIMIT}`)
    }
    const size = values.full ? FULL : { households: villages * each, loudspeakers: villages * LOUDSPEAKERS_A_VILLAGE }
    return { size: { extent: {}, ...size }, port: values.port, hasCrowd: !values['no-crowd'] }
  } catch (error) {
    throw new Error(`${(error as Error).message}\n\n${USAGE}`, { cause: error })
  }
}

/** The usual port of MQTT, or any other when something listens there already: loudspeakers ask the station for it anyway. */
function freeBrokerPort(): Promise<string> {
  return new Promise((answer) => {
    const probe = createServer()
    probe.once('error', () => answer('0'))
    probe.listen(1883, () => probe.close(() => answer('1883')))
  })
}

/** Films take the encoder a while, so they come when the county is on the air already; without an encoder it stays without. */
async function publishFilms(
  { db }: Station,
  config: Config,
  equipment: Equipment,
  say: (words: string) => void,
): Promise<void> {
  if (await hasFilms(db)) return
  const { encoder, store, voices, clock } = equipment
  try {
    const draw = svgDrawings(FONTS)
    const films = await makeFilms({ encoder, voice: voices.at(-1)!, draw, store, directory: config.dataDir })
    await addFilms(db, films, config.zone, clock())
    say(`演示视频 ${films.length} 部　Films: ${films.length}`)
  } catch (error) {
    say(`没有演示视频　No films: ${(error as Error).message}`)
  }
}

async function prepare(
  station: Station,
  config: Config,
  equipment: Equipment,
  size: Size,
  say: (words: string) => void,
): Promise<void> {
  const { db } = station
  if (await demoMark(db)) return
  if (await holdsCounty(db)) {
    throw new Error(
      `${config.dataDir} 里已有真实数据，演示不会改动它，请换一个 DATA_DIR\n` +
        `${config.dataDir} holds a county that is no demo, and is left alone; give another DATA_DIR`,
    )
  }
  await makeCounty(
    {
      db,
      store: equipment.store,
      draw: svgDrawings(FONTS),
      zone: config.zone,
      speak: station.bulletins.speak,
      templates: station.bulletins.templates(),
      hash: hashPassword,
      progress: say,
    },
    size,
    equipment.clock(),
  )
  const loudspeakers = demoLoudspeakers(size)
  const sheet = (of: typeof loudspeakers): string =>
    writeCsv(
      ['id', 'secret'],
      of.map(({ id, secret }) => [id, secret]),
    )
  await writeFile(join(config.dataDir, 'demo-loudspeakers.csv'), sheet(loudspeakers))
  await writeFile(crowdFile(config.dataDir), sheet(loudspeakers.filter(({ areaCode }) => areaCode !== FIRST_VILLAGE)))
}

function tellAddresses({ households, loudspeakers }: DemoMark, config: Config, url: string): void {
  const box = demoBox()
  const [loudspeaker] = demoLoudspeakers({ extent: {}, households, loudspeakers })
  const lines = [
    ['控制台　　Console', `${url}/console/`],
    ['电视门户　Television', `${url}/tv/?area=${FIRST_VILLAGE}`],
    ['　家庭版　with a household', `${url}/tv/?token=${box.token}`],
    ['收听　　　Listening', `${url}/listen/${FIRST_VILLAGE}`],
    ['接口文档　API', `${url}/docs`],
    [
      '登录　　　Sign-ins',
      signIns(demoCounty())
        .map(({ username, password }) => `${username} / ${password}`)
        .join('　'),
    ],
    [
      '大喇叭　　Loudspeaker',
      `npm run speaker -- --server ${url} --id ${loudspeaker!.id} --secret ${loudspeaker!.secret}`,
    ],
    [
      '模拟全部　All of them',
      `npm run swarm -- --server ${url} --count ${loudspeakers} --credentials ${join(config.dataDir, 'demo-loudspeakers.csv')}`,
    ],
  ]
  for (const [name, value] of lines) console.log(`  ${name}: ${value}`)
}
