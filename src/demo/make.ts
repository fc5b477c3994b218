import { addAlert } from '../alerts/store.ts'
import { audit } from '../accounts/audit.ts'
import { addPerson } from '../accounts/store.ts'
import { saveAreas, saveHouseholds } from '../areas/store.ts'
import { addBulletin, type Bulletin } from '../bulletins/store.ts'
import { filled, type BulletinTemplate } from '../bulletins/templates.ts'
import { secretHashOf } from '../codecs/speaker-link.ts'
import type { ContentOf } from '../content/item.ts'
import { endOf } from '../content/period.ts'
import { addItems, addPictures, type Picture } from '../content/store.ts'
import type { Database } from '../database/connect.ts'
import type { PersonRow } from '../database/schema.ts'
import type { Draw } from '../equipment/pictures.ts'
import { createTemplates } from '../equipment/templates.ts'
import { hashOf, type Store } from '../equipment/store.ts'
import { addDays, addSeconds, type Instant } from '../instant.ts'
import { addSchedule, type Schedule } from '../playout/store.ts'
import type { Role } from '../web/guard.ts'
import { addTerminals, noteState } from '../terminals/store.ts'
import { demoId, itemOf, type Affair } from './affairs.ts'
import { broadcasts, type Broadcast } from './broadcasts.ts'
import { calendarOf, periodInWords, type Calendar } from './calendar.ts'
import { chanceOf } from './chance.ts'
import { countyAffairs } from './county-affairs.ts'
import {
  COUNTY_CODE,
  demoCounty,
  FIRST_VILLAGE,
  villagesFirst,
  type County,
  type Extent,
  type Village,
} from './county.ts'
import { pastAirings, pastAlerts, type AiredSchedule, type Loudspeaker } from './history.ts'
import { homeOf, householdAffairs, type Home } from './household-affairs.ts'
import { countyLedgers, withVouchers, type Ledgers } from './ledgers.ts'
import { signIns, staff } from './people.ts'
import { drawReceipt, receiptKey, type Receipt } from './receipts.ts'
import { addPastAirings, addPastDeliveries, markDemo } from './store.ts'
import { streetAffairs } from './street-affairs.ts'
import { villageAffairs } from './village-affairs.ts'

export type Size = {
  extent: Extent
  /** In all. */
  households: number
  loudspeakers: number
}

export const FULL: Pick<Size, 'households' | 'loudspeakers'> = { households: 150_000, loudspeakers: 5000 }
export const HOUSEHOLDS_A_VILLAGE = 20
export const LOUDSPEAKERS_A_VILLAGE = 2

/** Households with private affairs and a box: all of the first villages, some of the others. */
const WHOLLY_EQUIPPED_VILLAGES = 5
const EQUIPPED_HOMES = 3

type Words = Pick<Broadcast, 'text' | 'class' | 'repeatCount'>

export type MakingParts = {
  db: Database
  store: Store
  draw: Draw
  zone: string
  /** Asks for words to be spoken; the station renders them when it runs. */
  speak: (db: Database, words: Words, now: Instant) => Promise<{ key: string }>
  /** Each is filled in once, and lies in the drawer. */
  templates: readonly BulletinTemplate[]
  /** Passwords are hashed slowly by design; who makes many counties may hash them otherwise. */
  hash: (password: string) => Promise<string>
  progress: (words: string) => void
}

/** The loudspeakers of a county of this size, with the secrets that they prove themselves with. */
export function demoLoudspeakers(size: Size): (Loudspeaker & { name: string; secret: string })[] {
  return loudspeakersOf(demoCounty(size.extent), size.loudspeakers)
}

/** The box of the first household of the first village. */
export function demoBox(): { id: string; token: string } {
  const village = demoCounty().villages.find(({ code }) => code === FIRST_VILLAGE)!
  return boxOf(homeOf(village, 0))
}

export type Made = {
  county: County
  loudspeakers: (Loudspeaker & { secret: string })[]
  box: { id: string; token: string; home: Home }
}

/** Makes the county in one transaction: it is there whole, or not at all. The same instant and size make the same county. */
export async function makeCounty(parts: MakingParts, size: Size, now: Instant): Promise<Made> {
  const { db, progress } = parts
  const calendar = calendarOf(now, parts.zone)
  const county = demoCounty(size.extent)
  progress(`青禾区：${county.streets.length} 个街道，${county.villages.length} 个村（社区）`)

  const ledgers = countyLedgers(county, calendar)
  // Passwords first: their hashing waits on the same threads as the drawings.
  const people = await demoPeople(parts, county, now)
  const drawing = drawReceipts(parts, receiptsToDraw(ledgers, county), now)
  const homes = homesOf(county, size.households)
  const loudspeakers = loudspeakersOf(county, size.loudspeakers)

  // Whatever fails, no drawing is left behind that nobody waits for.
  const making = db.transaction().execute(async (db) => {
    await saveAreas(db, county.areas)
    for (const person of people) await addPerson(db, person)
    await saveHouseholds(
      db,
      [...homes.values()].flat().map((home) => ({ ...home, createdAt: now })),
    )
    progress(`家庭 ${size.households} 户，人员 ${people.length} 名`)

    await addEquipment(db, county, homes, loudspeakers, now)
    await addProgramme(parts, db, county, holding('operator', people), loudspeakers, calendar)
    await addPastAlerts(db, county, holding('official', people), loudspeakers, calendar)
    progress(`大喇叭 ${loudspeakers.length} 台，播出记录已写入`)

    const affairs = await addAffairs(db, county, calendar, homes, ledgers)
    progress(`公开信息 ${affairs} 条`)
    const { rows, hashes } = await drawing
    await addPictures(db, rows)
    const books = await addLedgers(db, county, calendar, ledgers, hashes)
    progress(`财务账目 ${books} 份，票据 ${rows.length} 张`)

    await audit(db, {
      id: demoId(now, 'audit'),
      at: now,
      by: 'station',
      action: 'demo.made',
      subject: 'area',
      subjectId: county.areas[0]!.code,
      areaCode: county.areas[0]!.code,
      after: { villages: county.villages.length, households: size.households, loudspeakers: loudspeakers.length },
    })
    const { villages } = county
    await markDemo(db, {
      madeAt: now,
      villages: villages.length,
      households: size.households,
      loudspeakers: loudspeakers.length,
    })
  })
  await Promise.all([making, drawing])
  return { county, loudspeakers, box: boxOf(homes.get(FIRST_VILLAGE)![0]!) }
}

async function demoPeople(parts: MakingParts, county: County, now: Instant): Promise<PersonRow[]> {
  const signingIn = await Promise.all(
    signIns(county).map(async ({ username, password, areaCode, name }): Promise<PersonRow> => ({
      id: demoId(now, 'person', username),
      username,
      name,
      role: username,
      areaCode,
      telephone: null,
      passwordHash: await parts.hash(password),
      createdAt: now,
      disabledAt: null,
    })),
  )
  return [...signingIn, ...staff(county, now)]
}

function holding(role: Role, people: PersonRow[]): PersonRow {
  return people.find((person) => person.role === role)!
}

async function addPastAlerts(
  db: Database,
  county: County,
  official: PersonRow,
  loudspeakers: Loudspeaker[],
  calendar: Calendar,
): Promise<void> {
  const past = pastAlerts(county, official, loudspeakers, calendar)
  for (const alert of past.alerts) await addAlert(db, alert)
  await addPastAirings(db, past.airings)
  for (const delivery of past.deliveries) await addPastDeliveries(db, delivery)
}

// Ledgers and their receipts

function receiptsToDraw(ledgers: Ledgers, county: County): Map<string, { receipt: Receipt; areaCode: string }> {
  const receipts = new Map<string, { receipt: Receipt; areaCode: string }>()
  for (const village of county.villages) {
    for (const ledger of ledgers.get(village.code)!.values()) {
      for (const receipt of ledger.lines.flatMap((line) => line.receipts)) {
        const areaCode = receipt.buyer.startsWith(village.streetName) ? village.streetCode : village.code
        receipts.set(receiptKey(receipt), { receipt, areaCode })
      }
    }
  }
  return receipts
}

type Drawn = { hashes: Map<string, string>; rows: Picture[] }

/** All of them are handed over at once: the drawing library works through them beside the database, on threads of its own. */
async function drawReceipts(
  parts: MakingParts,
  receipts: Map<string, { receipt: Receipt; areaCode: string }>,
  now: Instant,
): Promise<Drawn> {
  const drawn = await Promise.all(
    Array.from(receipts, async ([key, { receipt, areaCode }]) => {
      const { jpeg, width, height } = await parts.draw(drawReceipt(receipt))
      const hash = await parts.store.put(jpeg)
      return { key, hash, tvHash: null, thumbHash: null, width, height, bytes: jpeg.length, areaCode, createdAt: now }
    }),
  )
  return {
    hashes: new Map(drawn.map(({ key, hash }) => [key, hash])),
    rows: drawn.map(({ key: _key, ...row }) => row),
  }
}

// Households and what they and their villages publish

function homesOf(county: County, households: number): Map<string, Home[]> {
  const villages = villagesFirst(county)
  const each = Math.floor(households / villages.length)
  const more = households % villages.length
  return new Map(
    villages.map((village, index) => [
      village.code,
      Array.from({ length: each + (index < more ? 1 : 0) }, (_, number) => homeOf(village, number)),
    ]),
  )
}

/** The households of a village that have a box. */
function equipped(homes: Home[], place: number): Home[] {
  return homes.slice(0, place < WHOLLY_EQUIPPED_VILLAGES ? HOUSEHOLDS_A_VILLAGE : EQUIPPED_HOMES)
}

/** Everything that is published but the monthly ledgers, which wait for their receipts. */
async function addAffairs(
  db: Database,
  county: County,
  calendar: Calendar,
  homes: Map<string, Home[]>,
  ledgers: Ledgers,
): Promise<number> {
  const affairs = [...countyAffairs(county, calendar)]
  for (const street of county.streets) {
    const villages = county.villages.filter((village) => village.streetCode === street.code)
    affairs.push(...streetAffairs(street, villages, calendar))
  }
  for (const [place, village] of villagesFirst(county).entries()) {
    affairs.push(...villageAffairs(village, calendar, ledgers.get(village.code)!))
    for (const home of equipped(homes.get(village.code)!, place))
      affairs.push(...householdAffairs(home, village, calendar))
  }
  return publish(db, affairs, calendar.now)
}

async function addLedgers(
  db: Database,
  county: County,
  calendar: Calendar,
  ledgers: Ledgers,
  hashes: Map<string, string>,
): Promise<number> {
  const affairs = county.villages.flatMap((village) =>
    Array.from(ledgers.get(village.code)!, ([month, ledger]) =>
      ledgerAffair(village, month, withVouchers(ledger, hashes, receiptKey), calendar),
    ),
  )
  return publish(db, affairs, calendar.now)
}

async function publish(db: Database, affairs: Affair[], now: Instant): Promise<number> {
  await addItems(db, affairs.map(itemOf), { author: { personId: null, personName: '平台' }, reason: '', at: now })
  return affairs.length
}

function ledgerAffair(village: Village, month: string, content: ContentOf['ledger'], calendar: Calendar): Affair {
  const chance = chanceOf('ledger-published', village.code, month)
  const income = content.lines.filter((line) => line.direction === 'income').length
  return {
    columnId: 'finance',
    areaCode: village.code,
    kind: 'ledger',
    title: `${periodInWords(month)}财务收支明细`,
    summary: `收入 ${income} 笔，支出 ${content.lines.length - income} 笔`,
    matter: '财务公开',
    basis: '《农村集体经济组织财务公开规定》（农经发〔2011〕13号）',
    timeLimit: '次月十五日前逐笔公开',
    publisher: village.cooperative,
    audience: '本集体经济组织成员',
    period: month,
    publishedAt: calendar.at(
      addDays(endOf(month), chance.whole(3, 13)),
      `${String(chance.whole(8, 17)).padStart(2, '0')}:${chance.whole(10, 59)}`,
    ),
    content,
  }
}

// Equipment

/** A made-up secret: it can be worked out by anyone, like the demo's passwords, and opens nothing but the demo. */
export function demoSecret(id: string): string {
  return hashOf(`demo ${id}`).slice(0, 32)
}

function boxOf(home: Home): Made['box'] {
  const id = `box-${home.id}`
  return { id, token: `t_${id}_${demoSecret(id)}`, home }
}

function loudspeakersOf(county: County, total: number): (Loudspeaker & { name: string; secret: string })[] {
  const villages = villagesFirst(county)
  const places = [
    '村委会屋顶',
    '文化广场',
    '村东头',
    '村西头',
    '村南口',
    '村北口',
    '小学门口',
    '卫生室旁',
    '中心街',
    '麦场',
    '桥头',
    '果园路口',
  ]
  return villages.flatMap((village, index) => {
    const count = Math.floor(total / villages.length) + (index < total % villages.length ? 1 : 0)
    return Array.from({ length: count }, (_, number) => {
      const id = `speaker-${village.code}-${number + 1}`
      return {
        id,
        areaCode: village.code,
        name: `${village.name}${places[number % places.length]}`,
        secret: demoSecret(id),
      }
    })
  })
}

async function addEquipment(
  db: Database,
  county: County,
  homes: Map<string, Home[]>,
  loudspeakers: ReturnType<typeof loudspeakersOf>,
  now: Instant,
): Promise<void> {
  const createdAt = addSeconds(now, -300 * 86_400)
  const boxes = villagesFirst(county).flatMap((village, place) =>
    equipped(homes.get(village.code)!, place).map((home) => ({ home, id: boxOf(home).id })),
  )
  await addTerminals(db, [
    ...loudspeakers.map(({ id, areaCode, name, secret }) => ({
      id,
      kind: 'loudspeaker' as const,
      areaCode,
      householdId: null,
      name,
      secretHash: secretHashOf(secret),
      createdAt,
    })),
    ...boxes.map(({ home, id }) => ({
      id,
      kind: 'box' as const,
      areaCode: home.areaCode,
      householdId: home.id,
      name: `${home.name}家机顶盒`,
      secretHash: secretHashOf(demoSecret(id)),
      createdAt,
    })),
  ])
  // They were all heard of, and are gone now: nobody plays them until a loudspeaker program is started.
  const heard = loudspeakers.filter(({ id }) => !chanceOf('never-heard', id).happens(0.01)).map(({ id }) => id)
  const state = { state: 'online' as const, playing: null, volume: 80, version: '1.0.0', freeBytes: 1_600_000_000 }
  await noteState(db, heard, state, addSeconds(now, -3600))
  await noteState(db, heard, { ...state, state: 'offline' }, now)
}

// What is to be heard, and what was

/** Speech takes about this long a character, and the chimes around it this long. */
const SECONDS_A_CHARACTER = 0.23
const CHIME_SECONDS = 7

function written(
  by: { id: string },
  at: Instant,
): Pick<Bulletin, 'templateId' | 'values' | 'voice' | 'createdBy' | 'createdAt' | 'updatedAt'> {
  return { templateId: null, values: {}, voice: null, createdBy: by.id, createdAt: at, updatedAt: at }
}

/** One draft of every template, filled in with its own examples, for the days to come. */
async function addFilledTemplates(
  templates: readonly BulletinTemplate[],
  db: Database,
  operator: { id: string },
  calendar: Calendar,
): Promise<void> {
  const engine = createTemplates()
  for (const template of templates) {
    const values = Object.fromEntries(
      template.values.map(({ name, kind, example }) => [name, kind === 'date' ? addDays(calendar.today, 1) : example]),
    )
    const at = addSeconds(calendar.now, -3 * 86_400)
    await addBulletin(db, {
      ...written(operator, at),
      id: demoId(at, 'template', template.id),
      areaCode: COUNTY_CODE,
      title: template.name.zh,
      class: template.class,
      templateId: template.id,
      values,
      text: filled(template, values, engine),
      repeatCount: template.class === 'daily' ? 1 : 2,
      afterPreemption: 'resume',
      recordingKey: null,
      state: 'draft',
    })
  }
}

async function addProgramme(
  parts: MakingParts,
  db: Database,
  county: County,
  operator: { id: string; name: string },
  loudspeakers: Loudspeaker[],
  calendar: Calendar,
): Promise<void> {
  const now = calendar.now
  const aired: AiredSchedule[] = []
  for (const broadcast of broadcasts(county, calendar)) {
    const made = addSeconds(now, -30 * 86_400)
    const id = demoId(made, 'bulletin', broadcast.areaCode, broadcast.title)
    const { key } = await parts.speak(
      db,
      { text: broadcast.text, class: broadcast.class, repeatCount: broadcast.repeatCount },
      now,
    )
    const { areaCode, title, text, repeatCount, afterPreemption } = broadcast
    await addBulletin(db, {
      ...written(operator, made),
      id,
      areaCode,
      title,
      class: broadcast.class,
      text,
      repeatCount,
      afterPreemption,
      recordingKey: key,
      state: 'ready',
    })
    if (!broadcast.rule) continue
    const schedule: Schedule = {
      id: demoId(made, 'schedule', areaCode, title),
      bulletinId: id,
      areaCode,
      title,
      targets: broadcast.targets,
      rule: broadcast.rule,
      graceSeconds: 900,
      state: 'active',
      createdBy: operator.id,
      createdAt: made,
      updatedAt: made,
    }
    await addSchedule(db, schedule)
    const seconds = Math.round((text.length * SECONDS_A_CHARACTER * repeatCount + CHIME_SECONDS) * 10) / 10
    aired.push({ schedule, class: broadcast.class, afterPreemption, recordingKey: key, seconds })
  }
  await addFilledTemplates(parts.templates, db, operator, calendar)
  const past = pastAirings(aired, loudspeakers, calendar)
  await addPastAirings(db, past.airings)
  for (const delivery of past.deliveries) await addPastDeliveries(db, delivery)
}
