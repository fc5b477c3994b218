import type { LedgerLine } from '../content/item.ts'
import { addDays } from '../instant.ts'
import { text, type Affair } from './affairs.ts'
import { dateInWords, dayInWords, dayOf, type Calendar } from './calendar.ts'
import { chanceOf } from './chance.ts'
import type { Village } from './county.ts'
import { personName } from './names.ts'

/** A household of a village, as the register knows it. */
export type Home = { id: string; areaCode: string; name: string; address: string }

/** Household number `index` of a village. */
export function homeOf(village: Village, index: number): Home {
  const chance = chanceOf('home', village.code, index)
  const number = String(index + 1).padStart(3, '0')
  return {
    id: `${village.code}-${number}`,
    areaCode: village.code,
    name: personName(chance, chance.happens(0.5) ? village.surname : undefined),
    address: village.isCommunity
      ? `${village.name}${chance.whole(1, 28)} 号楼 ${chance.whole(1, 4)} 单元 ${chance.whole(1, 11)}0${chance.whole(1, 2)} 室`
      : `${village.name}${chance.whole(1, 8)} 组 ${index + 1} 号`,
  }
}

/** What only the household itself may see: what it received, what it applied for, what it asked, what it was told. */
export function householdAffairs(home: Home, village: Village, calendar: Calendar): Affair[] {
  const chance = chanceOf('household', home.id)
  const base = {
    areaCode: village.code,
    householdId: home.id,
    basis: '《中华人民共和国政府信息公开条例》',
    timeLimit: '办理后及时告知',
    audience: `${home.name}家庭`,
    period: '',
  }
  const day = (ago: number): string => calendar.daysAgo(ago + chance.whole(0, 6))
  return [
    subsidies(home, village, calendar),
    ...chance.draw(APPLICATIONS, 2).map(([name, done, next], index): Affair => {
      const applied = day(12 + index * 40)
      return {
        ...base,
        columnId: 'my-applications',
        kind: 'article',
        title: name,
        summary: index === 0 ? next : '已办结',
        matter: '办事进度',
        publisher: `${village.streetName}便民服务中心`,
        publishedAt: calendar.at(addDays(applied, 3), '11:30'),
        content: text([
          `申请人：${home.name}　受理日期：${dateInWords(applied)}　受理号：${applied.slice(0, 4)}${String(chance.whole(1, 99_999)).padStart(5, '0')}`,
          `第一步　受理：${dayInWords(applied)}材料齐全，窗口已受理。`,
          `第二步　审核：${done}。`,
          index === 0 ? `第三步　${next}，办好后在“我家消息”里通知您。` : `第三步　办结：结果已送达，请核对。`,
        ]),
      }
    }),
    ...chance.draw(REQUESTS, chance.whole(1, 2)).map(([asked, reply, days], index): Affair => {
      const asks = day(20 + index * 50)
      return {
        ...base,
        columnId: 'my-requests',
        kind: 'article',
        title: asked,
        summary: '已答复',
        matter: '群众诉求',
        publisher: village.committee,
        publishedAt: calendar.at(addDays(asks, days), '17:15'),
        content: text([
          `您在${dayInWords(asks)}反映：${asked}。`,
          `答复：${reply}`,
          `办理人：${village.deputy}，用时 ${days} 天。对结果不满意的，可以打 ${village.telephone} 要求复查。`,
        ]),
      }
    }),
    ...chance.draw(MESSAGES, 2).map(([title, words], index): Affair => {
      const sent = day(3 + index * 21)
      return {
        ...base,
        columnId: 'my-messages',
        kind: 'notice',
        title,
        summary: dayInWords(sent),
        matter: '到户通知',
        publisher: village.committee,
        publishedAt: calendar.at(sent, '08:40'),
        content: text([`${home.name}家：${words}`, `${village.committee}　${dateInWords(sent)}`]),
      }
    }),
  ]
}

const APPLICATIONS = [
  ['高龄津贴申领', '年龄和户籍信息比对通过', '待发放，次月十五日前到账'],
  ['医疗费用手工报销', '票据审核通过，核定报销金额', '待拨付到社保卡'],
  ['宅基地翻建审批', '街道已到现场丈量', '待公示期满后发批准书'],
  ['残疾人证换领', '评定结果已公示', '制证中，可邮寄到家'],
  ['临时救助申请', '入户调查完成，信息核对通过', '待街道会议研究'],
  ['生育登记和育儿补贴', '登记已完成', '补贴待本季度集中发放'],
  ['不动产登记代办', '材料已移交登记中心', '待领证'],
] as const

const REQUESTS = [
  ['门前路灯不亮', '电工当天到场，更换灯头和控制器，已经恢复。', 2],
  ['下雨天巷子积水', '已清理雨水口两处，入汛前由施工队重新找坡，费用列入下月财务公开。', 6],
  ['自来水水压低', '供水单位检查后更换了进户阀门，早晚高峰水压已正常。', 4],
  ['大喇叭声音太大影响孩子睡觉', '午间音量已调低，应急广播不受影响。', 1],
  ['邻居柴草堆放占道', '村里现场协调，柴草已移到指定堆放点。', 3],
  ['地力补贴面积少算两分', '经复核，实测面积有误，已更正并补发。', 9],
] as const

const MESSAGES = [
  ['医保缴费提醒', '您家还有一位家庭成员没有缴纳明年居民医保，请在集中缴费期内办理，需要代办请联系村便民服务站。'],
  ['家庭医生上门随访', '家庭医生将于近日上门随访，量血压、测血糖，请老人留在家中。'],
  ['燃气安全检查', '燃气公司将入户检查，检查人员佩戴工作证，不收费、不推销。'],
  ['社保卡到期更换', '您家有一张社保卡即将到期，可以到街道社保窗口当场换领新卡。'],
  ['补贴到账通知', '今年的耕地地力保护补贴已经发到您的“一卡通”，可以在“我家补贴”里核对面积和金额。'],
  ['老人生存认证提醒', '领取养老金的老人请用手机或到村里完成今年的资格认证，以免影响发放。'],
] as const

function subsidies(home: Home, village: Village, calendar: Calendar): Affair {
  const chance = chanceOf('subsidies', home.id)
  const year = calendar.months.at(-1)!.slice(0, 4)
  const months = calendar.months.filter((month) => month.startsWith(year))
  const mu = chance.whole(18, 96) / 10
  const finance = `${village.streetName}财政所`
  const lines: Omit<LedgerLine, 'line'>[] = []
  const add = (month: string | undefined, amountCents: number, purpose: string, payee: string): void => {
    if (!month) return
    lines.push({
      date: dayOf(month, chance.whole(8, 18)),
      direction: 'income',
      amountCents,
      payee,
      purpose,
      handler: village.clerk,
      vouchers: [],
    })
  }
  add(
    months[Math.min(5, months.length - 1)],
    Math.round(mu * 12_580),
    `耕地地力保护补贴（${mu.toFixed(1)} 亩）`,
    finance,
  )
  if (chance.happens(0.4))
    add(months[Math.min(3, months.length - 1)], chance.whole(2, 8) * 4000, '农机购置补贴', '青禾农机服务站')
  const monthly = chance.pick([
    [18_600, '城乡居民基础养老金（一人）'],
    [37_200, '城乡居民基础养老金（两人）'],
    [10_000, '高龄津贴'],
    [16_800, '残疾人两项补贴'],
  ] as const)
  for (const month of months) add(month, monthly[0], monthly[1], finance)
  const sorted = lines
    .sort((one, other) => (one.date < other.date ? -1 : 1))
    .map((line, index) => ({ ...line, line: index + 1 }))
  const closingCents = sorted.reduce((sum, line) => sum + line.amountCents, 0)
  return {
    columnId: 'my-subsidies',
    areaCode: village.code,
    householdId: home.id,
    kind: 'ledger',
    title: `${year}年我家领取的补贴`,
    summary: `共 ${sorted.length} 笔`,
    matter: '惠民惠农财政补贴',
    basis: '《关于进一步加强惠民惠农财政补贴资金“一卡通”管理的指导意见》',
    timeLimit: '发放后五个工作日内',
    publisher: finance,
    audience: `${home.name}家庭`,
    period: year,
    publishedAt: calendar.at(addDays(dayOf(months.at(-1)!, 20), chance.whole(0, 5)), '09:30'),
    content: { openingCents: 0, lines: sorted, closingCents },
  }
}
