import type { Area } from '../areas/division.ts'
import type { ContentOf, LedgerLine } from '../content/item.ts'
import { endOf } from '../content/period.ts'
import { addDays, type LocalDate } from '../instant.ts'
import { dayOf, type Calendar } from './calendar.ts'
import { chanceOf, type Chance } from './chance.ts'
import { FIRST_VILLAGE, villagesFirst, type County, type Village } from './county.ts'
import { personName, SHOPS } from './names.ts'
import type { Receipt, ReceiptLine } from './receipts.ts'

/**
 * A village's money, month by month. Villages of a street keep their accounts with the street's agency (村账街道代管), so a
 * purchase that the agency paid is drawn once and stands in the ledgers of several of its villages; a purchase the village paid itself
 * names the village.
 */
export type Purchase = { date: LocalDate; payee: string; purpose: string; receipt: Receipt }

/** A ledger line before its receipt is drawn. */
export type DraftLine = Omit<LedgerLine, 'vouchers'> & { receipts: Receipt[] }

export type DraftLedger = { openingCents: number; lines: DraftLine[]; closingCents: number }

type Goods = { name: string; unit: string; fromCents: number; toCents: number; most: number }

type Expense = {
  purpose: string[]
  payee: readonly string[]
  kind: Receipt['kind']
  goods: Goods[]
  /** The months it belongs to; every month when absent. */
  months?: number[]
}

const goods = (name: string, unit: string, from: number, to: number, most: number): Goods => ({
  name,
  unit,
  fromCents: Math.round(from * 100),
  toCents: Math.round(to * 100),
  most,
})

const EXPENSES: Expense[] = [
  {
    purpose: ['村委办公用品', '购置档案整理用品', '便民服务站打印耗材'],
    payee: SHOPS.stationery,
    kind: 'invoice',
    goods: [
      goods('A4 打印纸', '包', 21, 26, 12),
      goods('档案盒', '个', 6, 9, 40),
      goods('硒鼓', '支', 128, 198, 3),
      goods('中性笔', '盒', 15, 24, 6),
    ],
  },
  {
    purpose: ['村内排水沟维修材料', '公共厕所维修材料', '村碑和花墙修补材料'],
    payee: SHOPS.hardware,
    kind: 'invoice',
    goods: [goods('水泥', '袋', 19, 26, 60), goods('PVC 管', '米', 14, 36, 50), goods('中砂', '立方米', 110, 145, 12)],
  },
  {
    purpose: ['活动室屋顶防水维修', '村卫生室屋顶补漏'],
    payee: SHOPS.building,
    kind: 'invoice',
    goods: [goods('防水卷材铺贴', '平方米', 38, 56, 90), goods('女儿墙修补', '处', 120, 260, 4)],
    months: [3, 4, 5, 6, 9],
  },
  {
    purpose: ['更换村内路灯', '文化广场照明维修', '机井配电箱维修'],
    payee: SHOPS.electrics,
    kind: 'invoice',
    goods: [
      goods('LED 路灯头', '盏', 118, 186, 12),
      goods('铜芯电线', '卷', 145, 260, 4),
      goods('漏电保护器', '只', 58, 96, 5),
    ],
  },
  {
    purpose: ['防火巡逻车加油', '洒水车加油', '村务用车加油'],
    payee: SHOPS.fuel,
    kind: 'slip',
    goods: [goods('92 号车用汽油', '升', 7.2, 8.1, 60)],
  },
  {
    purpose: ['村内道路坑洼修补', '生产路整平铺砂', '健身广场铺砖'],
    payee: SHOPS.building,
    kind: 'invoice',
    goods: [goods('路面修补', '平方米', 46, 88, 120), goods('路沿石', '米', 26, 42, 60)],
  },
  {
    purpose: ['灌溉渠清淤', '村西沟清淤', '清理主干道两侧堆积物'],
    payee: SHOPS.machine,
    kind: 'receipt',
    goods: [goods('挖掘机台班', '台班', 900, 1250, 5), goods('自卸车运输', '趟', 120, 180, 14)],
    months: [2, 3, 4, 5, 6, 9, 10, 11],
  },
  {
    purpose: ['生活垃圾清运', '公共区域保洁服务'],
    payee: SHOPS.cleaning,
    kind: 'invoice',
    goods: [goods('垃圾清运服务', '月', 1800, 3600, 1), goods('垃圾桶', '个', 95, 148, 8)],
  },
  {
    purpose: ['三务公开栏版面制作', '移风易俗宣传栏', '防溺水警示牌'],
    payee: SHOPS.print,
    kind: 'receipt',
    goods: [goods('公开栏版面', '块', 85, 160, 8), goods('宣传横幅', '条', 45, 80, 10)],
  },
  {
    purpose: ['走访慰问困难老人', '重阳节慰问高龄老人', '慰问退役军人家庭'],
    payee: SHOPS.food,
    kind: 'slip',
    goods: [
      goods('大米 10 kg', '袋', 42, 62, 16),
      goods('花生油 5 L', '桶', 78, 118, 14),
      goods('挂面', '箱', 28, 45, 12),
    ],
    months: [1, 2, 8, 9, 10, 12],
  },
  {
    purpose: ['道路两侧补植苗木', '村口绿地养护'],
    payee: SHOPS.green,
    kind: 'invoice',
    goods: [goods('国槐', '株', 65, 120, 30), goods('大叶黄杨', '株', 4, 8, 200), goods('浇水养护', '次', 260, 420, 4)],
    months: [3, 4, 5, 10, 11],
  },
  {
    purpose: ['美国白蛾防治药剂', '统防统治用药'],
    payee: SHOPS.farm,
    kind: 'invoice',
    goods: [goods('苦参碱可溶液剂', '瓶', 24, 38, 40), goods('甲维盐水分散粒剂', '袋', 9, 15, 80)],
    months: [5, 6, 7, 8, 9],
  },
  {
    purpose: ['防汛沙袋和排水泵', '防汛应急物资'],
    payee: SHOPS.hardware,
    kind: 'invoice',
    goods: [goods('编织沙袋', '条', 1, 2.5, 400), goods('潜水泵', '台', 480, 760, 2), goods('水带', '米', 8, 14, 60)],
    months: [6, 7, 8],
  },
  {
    purpose: ['清雪除冰用工具和融雪剂', '冬季取暖煤改电维修'],
    payee: SHOPS.hardware,
    kind: 'slip',
    goods: [goods('推雪板', '把', 35, 58, 12), goods('环保融雪剂', '袋', 38, 55, 20)],
    months: [11, 12, 1, 2],
  },
  {
    purpose: ['三夏防火灭火器充装', '秸秆禁烧值班物资'],
    payee: SHOPS.hardware,
    kind: 'slip',
    goods: [goods('灭火器充装', '具', 28, 45, 20), goods('强光手电', '支', 38, 66, 6)],
    months: [5, 6, 9, 10],
  },
  {
    purpose: ['办公室和路灯电费', '机井公用电费'],
    payee: ['青禾供电服务站'],
    kind: 'invoice',
    goods: [goods('电费', '千瓦时', 0.54, 0.62, 4200)],
  },
  {
    purpose: ['村委办公室水费'],
    payee: ['青禾自来水服务所'],
    kind: 'invoice',
    goods: [goods('自来水', '立方米', 3.1, 4.2, 90)],
  },
  {
    purpose: ['会议室宽带和监控通信费'],
    payee: ['青禾通信服务厅'],
    kind: 'invoice',
    goods: [goods('宽带专线', '月', 168, 299, 1), goods('视频监控流量', '路', 20, 35, 12)],
  },
  {
    purpose: ['征订报刊'],
    payee: ['青禾邮政支局'],
    kind: 'receipt',
    goods: [goods('党报党刊', '份', 288, 456, 4), goods('农业科技报', '份', 96, 156, 3)],
    months: [11, 12, 1],
  },
  {
    purpose: ['大喇叭立杆加固和线路检修', '广播室功放维修'],
    payee: ['青禾广电服务站'],
    kind: 'invoice',
    goods: [goods('线路检修', '次', 160, 320, 2), goods('号角喇叭', '只', 220, 340, 2)],
  },
]

const WAGES = [
  '村内保洁员劳务费',
  '护林防火员劳务费',
  '清理小广告临时用工',
  '排水沟清淤临时用工',
  '环境整治集中用工',
  '泵站看护劳务费',
]

type Income = {
  purpose: string
  payer: (village: Village, chance: Chance) => string
  from: number
  to: number
  months?: number[]
}

const INCOMES: Income[] = [
  { purpose: '村级组织运转经费', payer: (village) => `${village.streetName}财政所`, from: 6000, to: 14_000 },
  { purpose: '机动地承包费', payer: (village, chance) => personName(chance, village.surname), from: 3200, to: 18_000 },
  { purpose: '集体厂房租金', payer: () => '青禾聚源包装有限公司', from: 8000, to: 26_000, months: [1, 4, 7, 10] },
  { purpose: '沿街房租金', payer: (_, chance) => personName(chance), from: 2400, to: 9600 },
  {
    purpose: '坑塘水面承包费',
    payer: (village, chance) => personName(chance, village.surname),
    from: 2600,
    to: 8800,
    months: [3, 9, 12],
  },
  { purpose: '村集体光伏发电收益', payer: () => '青禾供电服务站', from: 1900, to: 5200 },
  { purpose: '冷库仓储服务收入', payer: () => '青禾鲜达果蔬合作社', from: 3600, to: 12_000, months: [5, 6, 10, 11] },
  {
    purpose: '农机作业服务收入',
    payer: (_, chance) => `${personName(chance)}等农户`,
    from: 1500,
    to: 7200,
    months: [6, 7, 10],
  },
  {
    purpose: '人居环境整治奖补资金',
    payer: (village) => `${village.streetName}财政所`,
    from: 10_000,
    to: 30_000,
    months: [2, 6, 11],
  },
  { purpose: '银行存款利息', payer: () => '青禾农商银行', from: 60, to: 420, months: [3, 6, 9, 12] },
  { purpose: '废旧物资处置收入', payer: (_, chance) => personName(chance), from: 200, to: 1600 },
]

/** The purchases that a street's agency paid for its villages in a month. */
function agencyPurchases(street: Area, month: string, lastDay: number, count: number): Purchase[] {
  return Array.from({ length: count }, (_, index) =>
    purchaseOf(
      chanceOf('agency', street.code, month, index),
      `${street.name}农村集体资金代管专户`,
      month,
      lastDay,
      index,
    ),
  )
}

/** One purchase of the month, with the receipt that belongs to it. `index` walks the kinds of expense, so that few repeat. */
function purchaseOf(chance: Chance, buyer: string, month: string, lastDay: number, index: number): Purchase {
  const monthNumber = Number(month.slice(5, 7))
  const fitting = EXPENSES.filter((expense) => !expense.months || expense.months.includes(monthNumber))
  const expense = fitting[(index + monthNumber) % fitting.length]!
  const date = dayOf(month, chance.whole(1, lastDay))
  const payee = chance.pick(expense.payee)
  const purpose = chance.pick(expense.purpose)
  const lines = chance
    .draw(expense.goods, chance.whole(1, Math.min(3, expense.goods.length)))
    .map((each): ReceiptLine => {
      const quantity = chance.whole(Math.ceil(each.most / 4), each.most)
      const priceCents = priceOf(chance, each)
      return { name: each.name, unit: each.unit, quantity, priceCents, amountCents: quantity * priceCents }
    })
  return { date, payee, purpose, receipt: receiptOf(chance, expense.kind, date, buyer, payee, purpose, lines) }
}

/** Shops price in halves of a yuan; what is metered has its own price to the cent. */
function priceOf(chance: Chance, each: Goods): number {
  const price = chance.whole(each.fromCents, each.toCents)
  return each.fromCents < 1000 ? price : Math.round(price / 50) * 50
}

/** Wages are paid on a list that every worker signs. */
function wagesOf(chance: Chance, village: Village, month: string, lastDay: number): Purchase {
  const date = dayOf(month, chance.whole(Math.min(20, lastDay), lastDay))
  const purpose = chance.pick(WAGES)
  const dayRate = chance.whole(8, 13) * 1000
  const lines = Array.from({ length: chance.whole(2, 5) }, (): ReceiptLine => {
    const quantity = chance.whole(3, 22)
    const name = personName(chance, chance.happens(0.6) ? village.surname : undefined)
    return { name, unit: '天', quantity, priceCents: dayRate, amountCents: quantity * dayRate }
  })
  const payee = `${lines[0]!.name}等${lines.length}人`
  return { date, payee, purpose, receipt: receiptOf(chance, 'wages', date, village.cooperative, payee, purpose, lines) }
}

function receiptOf(
  chance: Chance,
  kind: Receipt['kind'],
  date: LocalDate,
  buyer: string,
  seller: string,
  purpose: string,
  lines: ReceiptLine[],
): Receipt {
  return {
    kind,
    number: String(chance.whole(10_000_000, 99_999_999)),
    date,
    buyer,
    seller,
    purpose,
    lines,
    totalCents: lines.reduce((sum, line) => sum + line.amountCents, 0),
  }
}

/** A month of a village's ledger: 8 to 16 lines, oldest first. `own` villages paid for themselves, others through the agency. */
function monthlyLedger(
  village: Village,
  month: string,
  lastDay: number,
  openingCents: number,
  agency: Purchase[] | 'own',
): DraftLedger {
  const chance = chanceOf('ledger', village.code, month)
  const monthNumber = Number(month.slice(5, 7))
  const incomes = chance
    .draw(
      INCOMES.filter((income) => !income.months || income.months.includes(monthNumber)),
      chance.whole(2, 4),
    )
    .map((income): Omit<DraftLine, 'line'> => ({
      date: dayOf(month, chance.whole(1, lastDay)),
      direction: 'income',
      amountCents:
        income.from < 1000
          ? chance.whole(income.from * 100, income.to * 100)
          : chance.whole(income.from / 100, income.to / 100) * 10_000,
      payee: income.payer(village, chance),
      purpose: income.purpose,
      handler: village.accountant,
      receipts: [],
    }))
  const count = chance.whole(6, 11)
  const purchases =
    agency === 'own'
      ? [
          ...Array.from({ length: count - 1 }, (_, index) =>
            purchaseOf(chance, village.cooperative, month, lastDay, index * 2),
          ),
          wagesOf(chance, village, month, lastDay),
        ]
      : chance.draw(agency, count)
  // A village spends what it has: purchases that would empty the account wait for another month.
  let left = openingCents + incomes.reduce((sum, income) => sum + income.amountCents, 0)
  const expenses = purchases.flatMap((purchase): Omit<DraftLine, 'line'>[] => {
    if (purchase.receipt.totalCents > left) return []
    left -= purchase.receipt.totalCents
    return [
      {
        date: purchase.date,
        direction: 'expense',
        amountCents: purchase.receipt.totalCents,
        payee: purchase.payee,
        purpose: purchase.purpose,
        handler: chance.pick([village.clerk, village.deputy, village.accountant]),
        receipts: [purchase.receipt],
      },
    ]
  })
  const lines = [...incomes, ...expenses]
    .sort((one, other) => (one.date === other.date ? 0 : one.date < other.date ? -1 : 1))
    .map((line, index) => ({ ...line, line: index + 1 }))
  return { openingCents, lines, closingCents: left }
}

/** The ledger with the hashes of its drawn receipts. */
export function withVouchers(
  ledger: DraftLedger,
  hashes: Map<string, string>,
  keyOf: (receipt: Receipt) => string,
): ContentOf['ledger'] {
  return {
    ...ledger,
    lines: ledger.lines.map(({ receipts, ...line }) => ({
      ...line,
      vouchers: receipts.flatMap((receipt) => hashes.get(keyOf(receipt)) ?? []),
    })),
  }
}

/** Villages whose newest months have receipts in their own name; the others' were paid by their street's agency. */
const OWN_RECEIPT_VILLAGES = 8
const NEWEST_MONTHS = 2
const AGENCY_PURCHASES_NEWEST = 24
const AGENCY_PURCHASES_OLDER = 10
/** One village in this many has not published its newest month yet: a supervisor must have something to see. */
const LATE_ONE_IN = 36
/** Every village's ledgers, by code and month. */
export type Ledgers = Map<string, Map<string, DraftLedger>>

/** A year of every village's money: what one month closes with, the next opens with. */
export function countyLedgers(county: County, calendar: Calendar): Ledgers {
  const agencies = new Map<string, Purchase[]>()
  const newest = calendar.months.slice(-NEWEST_MONTHS)
  for (const street of county.streets) {
    for (const month of calendar.months) {
      const count = newest.includes(month) ? AGENCY_PURCHASES_NEWEST : AGENCY_PURCHASES_OLDER
      agencies.set(`${street.code} ${month}`, agencyPurchases(street, month, lastDayOf(month), count))
    }
  }
  const own = new Set(
    villagesFirst(county)
      .slice(0, OWN_RECEIPT_VILLAGES)
      .map((village) => village.code),
  )
  return new Map(
    county.villages.map((village) => {
      const chance = chanceOf('balance', village.code)
      const late = village.code !== FIRST_VILLAGE && chance.whole(1, LATE_ONE_IN) === 1
      let openingCents = chance.whole(600, 4200) * 10_000 + chance.whole(0, 9999)
      const months = new Map<string, DraftLedger>()
      for (const month of late ? calendar.months.slice(0, -1) : calendar.months) {
        const paysItself = village.code === FIRST_VILLAGE || (own.has(village.code) && newest.includes(month))
        const agency = paysItself ? 'own' : agencies.get(`${village.streetCode} ${month}`)!
        const ledger = monthlyLedger(village, month, lastDayOf(month), openingCents, agency)
        months.set(month, ledger)
        openingCents = ledger.closingCents
      }
      return [village.code, months]
    }),
  )
}

function lastDayOf(month: string): number {
  return Number(addDays(endOf(month), -1).slice(8, 10))
}
