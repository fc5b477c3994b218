import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { areasFromIndentedText, areasFromRows } from './areas/import.ts'
import { readConfig } from './config.ts'
import { readCsv } from './equipment/csv.ts'
import { createStation, realEquipment } from './station.ts'

const USAGE = `npm run setup -- --areas areas.csv --admin zhang --name 张三
  --areas  the county's division tree: CSV (code,name,parentCode,validFrom,validTo) or indented text (name#code)
  --admin  the sign-in name of the first administrator, who acts for the whole county
  --name   their name`

/** `npm run setup`: what a new DATA_DIR needs before anyone can sign in. The password is made here and shown once. */
async function setUp(): Promise<void> {
  const { values } = parseArgs({
    options: { areas: { type: 'string' }, admin: { type: 'string' }, name: { type: 'string' } },
  })
  if (!values.areas || !values.admin) throw new Error(USAGE)
  const bytes = await readFile(values.areas)
  const read = values.areas.toLowerCase().endsWith('.csv')
    ? areasFromRows(readCsv(bytes))
    : areasFromIndentedText(bytes.toString())
  for (const fault of read.faults)
    console.error(`line ${fault.line}: ${fault.field}: ${fault.message.zh} (${fault.message.en})`)
  const top = read.areas.find((area) => area.parentCode === null)
  if (!top) throw new Error(`${values.areas} holds no area: ${USAGE}`)

  const config = readConfig(process.env)
  const equipment = realEquipment(config)
  const station = await createStation(config, equipment)
  const now = equipment.clock()
  const { accepted } = await station.areas.import('station', read, now)
  const password = equipment.dice.secret().slice(0, 16)
  await station.accounts.addPerson(
    'station',
    { username: values.admin, name: values.name ?? values.admin, role: 'admin', areaCode: top.code, password },
    now,
  )
  await station.close()
  console.log(`${accepted} areas of ${top.name} (${top.code}) are in ${config.dataDir}.`)
  console.log(`Sign in as ${values.admin} with ${password} and change it; it is not shown again.`)
}

try {
  await setUp()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
