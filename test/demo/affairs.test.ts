import { beforeAll, describe, expect, it } from 'vitest'
import { isAreaCode } from '../../src/areas/division.ts'
import { draftFaults } from '../../src/content/draft.ts'
import type { Item } from '../../src/content/item.ts'
import { ledgerFaults } from '../../src/content/ledger.ts'
import { itemOf, type Affair } from '../../src/demo/affairs.ts'
import { calendarOf } from '../../src/demo/calendar.ts'
import { countyAffairs } from '../../src/demo/county-affairs.ts'
import { demoCounty, FIRST_VILLAGE } from '../../src/demo/county.ts'
import { homeOf, householdAffairs } from '../../src/demo/household-affairs.ts'
import { countyLedgers, withVouchers, type DraftLedger } from '../../src/demo/ledgers.ts'
import { drawReceipt } from '../../src/demo/receipts.ts'
import { streetAffairs } from '../../src/demo/street-affairs.ts'
import { villageAffairs } from '../../src/demo/village-affairs.ts'
import { hashOf } from '../../src/equipment/store.ts'
import { loadLibrary, type Library } from '../../src/library.ts'
import { START } from '../support/station.ts'

const county = demoCounty()
const calendar = calendarOf(START, 'Asia/Shanghai')
const ledgers = countyLedgers(county, calendar)

const affairs: Affair[] = [
  ...countyAffairs(county, calendar),
  ...county.streets.flatMap((street) =>
    streetAffairs(
      street,
      county.villages.filter((village) => village.streetCode === street.code),
      calendar,
    ),
  ),
  ...county.villages.flatMap((village) => villageAffairs(village, calendar, ledgers.get(village.code)!)),
  ...county.villages.flatMap((village) => householdAffairs(homeOf(village, 0), village, calendar)),
]
const books: DraftLedger[] = [...ledgers.values()].flatMap((months) => [...months.values()])

/** Every text of a value, however deep. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(textsOf) : []
}

/** Everything of four villages that follows from the instant, hashed. */
function made(now: string): string {
  const own = calendarOf(now, 'Asia/Shanghai')
  const some = demoCounty({ streets: 1, villages: 4 })
  const money = countyLedgers(some, own)
  return hashOf(
    JSON.stringify([
      some,
      [...money].map(([code, months]) => [code, [...months]]),
      some.villages.map((village) => villageAffairs(village, own, money.get(village.code)!).map(itemOf)),
    ]),
  )
}

describe('the demo county', () => {
  let library: Library
  beforeAll(async () => {
    library = await loadLibrary()
  })

  it('has five streets and 421 villages, the first of them 370799001200', () => {
    expect(county.streets.map((street) => street.code)).toEqual([1, 2, 3, 4, 5].map((number) => `37079900${number}000`))
    expect(county.villages).toHaveLength(421)
    expect(county.areas.every((area) => isAreaCode(area.code))).toBe(true)
    expect(new Set(county.areas.map((area) => area.code)).size).toBe(county.areas.length)
    const villages = county.villages.filter((village) => !village.isCommunity)
    expect(villages[0]).toMatchObject({ code: FIRST_VILLAGE, name: '柳树庄村' })
    for (const village of county.villages) {
      const order = Number(village.code.slice(9))
      expect(village.isCommunity ? order < 200 : order >= 200, village.code).toBe(true)
    }
  })

  it('repeats no name, and borrows none from a real county', () => {
    expect(new Set(county.areas.map((area) => area.name)).size).toBe(county.areas.length)
    const words = textsOf([county.areas, affairs]).join('\n')
    for (const real of ['寒亭', '潍坊', '杨家埠', '固堤', '高里', '朱里', '万源', '商南', '天长市', '上街区']) {
      expect(words).not.toContain(real)
    }
  })

  it('is the same at every making from the same instant, and another at another', () => {
    expect(made(START)).toBe(made(START))
    expect(made(START)).not.toBe(made('2027-03-05T02:00:00.000Z'))
  })

  it('writes what a clerk could have published: every affair passes the checks of its column', () => {
    const columns = new Map(library.columns.map((column) => [column.id, column]))
    for (const affair of affairs) {
      const faults = draftFaults(itemOf(affair), columns.get(affair.columnId))
      expect(faults, `${affair.areaCode} ${affair.title}`).toEqual([])
    }
  })

  it('fills every column of the county, of each street, and of every village', () => {
    const filled = new Set(affairs.map((affair) => `${affair.areaCode} ${affair.columnId}`))
    const places = { county: [county.areas[0]!], street: county.streets, community: county.villages, household: [] }
    for (const { id, columns } of library.sections) {
      for (const column of columns) {
        // The monthly finances are the ledgers below.
        if (column.id === 'finance') continue
        for (const place of places[id])
          expect(filled, `${place.name} ${column.id}`).toContain(`${place.code} ${column.id}`)
      }
    }
    expect([...ledgers.values()].every((months) => months.size >= 11)).toBe(true)
  })

  it('leaves no trace of how its texts were made', () => {
    const traces = /undefined|null|NaN|Infinity|\[object|[{}$]|。。|，，|、、|，。|--/
    expect(textsOf(affairs).filter((text) => traces.test(text))).toEqual([])
  })

  it('publishes nothing after now, and gives no two items one id', () => {
    const items = affairs.map(itemOf)
    expect(items.filter((item) => item.publishedAt! > START)).toEqual([])
    expect(new Set(items.map((item) => item.id)).size).toBe(items.length)
  })

  it('keeps ledgers that add up, of eight to sixteen lines, each opening as the last one closed', () => {
    for (const months of ledgers.values()) {
      let before: DraftLedger | undefined
      for (const [month, ledger] of months) {
        expect(
          ledgerFaults(
            withVouchers(ledger, new Map(), () => ''),
            month,
          ),
        ).toEqual([])
        expect(ledger.lines.length, month).toBeGreaterThanOrEqual(8)
        expect(ledger.lines.length, month).toBeLessThanOrEqual(16)
        expect(ledger.closingCents).toBeGreaterThanOrEqual(0)
        if (before) expect(ledger.openingCents).toBe(before.closingCents)
        before = ledger
      }
    }
  })

  it('gives every expense a receipt of the same amount, day, payee and purpose', () => {
    const lines = books.flatMap((book) => book.lines).filter(({ direction }) => direction === 'expense')
    const matching = lines.filter(({ amountCents, date, payee, purpose, receipts: [receipt] }) => {
      const sum = receipt?.lines.reduce((cents, each) => cents + each.quantity * each.priceCents, 0)
      const isSame = receipt?.date === date && receipt.seller === payee && receipt.purpose === purpose
      return isSame && receipt.totalCents === amountCents && sum === amountCents
    })
    expect(matching).toHaveLength(lines.length)
  })

  it('has no two villages whose newest ledgers are alike', () => {
    const newest = [...ledgers.values()].map((months) => JSON.stringify([...months.values()].at(-1)!.lines))
    expect(new Set(newest).size).toBe(newest.length)
  })

  it('leaves some villages late, so that a supervisor has something to see', () => {
    const late = [...ledgers.values()].filter((months) => !months.has(calendar.months.at(-1)!))
    expect(late.length).toBeGreaterThan(2)
    expect(late.length).toBeLessThan(40)
  })

  it('draws with no character that the shipped font lacks', () => {
    const drawn = new Set(
      books.slice(0, 400).flatMap(({ lines }) => lines.flatMap((line) => line.receipts.map(drawReceipt))),
    )
    const characters = new Set([...drawn].flatMap((svg) => Array.from(svg.replaceAll(/<[^>]*>/g, ''))))
    expect(characters.size).toBeGreaterThan(200)
    expect([...characters].filter((character) => !IN_FONT.has(character))).toEqual([])
  })

  it('keeps households to themselves', () => {
    const items: Item[] = householdAffairs(homeOf(county.villages[0]!, 3), county.villages[0]!, calendar).map(itemOf)
    expect(new Set(items.map((item) => item.columnId)).size).toBe(4)
    expect(items.every((item) => item.householdId === `${county.villages[0]!.code}-004`)).toBe(true)
  })
})

/** ASCII, and what GB 2312 holds: the characters that media/fonts/NotoSansSC-Subset.otf was cut to. */
const IN_FONT = ((): Set<string> => {
  const decoder = new TextDecoder('gb18030')
  const known = new Set(Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)))
  known.add('¥')
  for (let high = 0xa1; high <= 0xf7; high++) {
    for (let low = 0xa1; low <= 0xfe; low++) known.add(decoder.decode(Uint8Array.of(high, low)))
  }
  return known
})()
