import type { Rule } from '../playout/recurrence.ts'
import { addDays } from '../instant.ts'
import { dayInWords, type Calendar } from './calendar.ts'
import { chanceOf } from './chance.ts'
import { COUNTY_CODE, COUNTY_NAME, type County, type Village } from './county.ts'

/** A bulletin of the made-up county, and when it is on air. */
export type Broadcast = {
  areaCode: string
  title: string
  class: 'daily' | 'notice' | 'emergency'
  text: string
  repeatCount: number
  afterPreemption: 'resume' | 'restart' | 'drop'
  /** Null for one that waits in the drawer. */
  rule: Rule | null
  targets: string[]
}

/** Days of airings that lie behind the county when it is made. */
export const HISTORY_DAYS = 21
/** Villages that broadcast for themselves; the others carry the county's and their street's programme. */
const SPEAKING_VILLAGES = 24

/** Everything there is to hear: the county's three programmes a day, the streets', some villages', and notices for the drawer. */
export function broadcasts(county: County, calendar: Calendar): Broadcast[] {
  return [
    ...countyProgrammes(calendar),
    ...county.streets.flatMap((street, index): Broadcast[] => [
      {
        areaCode: street.code,
        title: `${street.name}一周服务信息`,
        class: 'daily',
        text: STREET_WORDS[index % STREET_WORDS.length]!.replaceAll('街道名', street.name),
        repeatCount: 1,
        afterPreemption: 'drop',
        rule: {
          kind: 'weekdays',
          weekdays: [1, 3, 5],
          times: [`07:0${index}`],
          from: addDays(calendar.today, -HISTORY_DAYS),
          until: null,
        },
        targets: [street.code],
      },
    ]),
    ...speaking(county).map((village, index) => villageProgramme(village, index, calendar)),
    ...drawer(county, calendar),
  ]
}

function speaking(county: County): Village[] {
  const villages = county.villages.filter((village) => !village.isCommunity)
  const step = Math.max(1, Math.floor(villages.length / SPEAKING_VILLAGES))
  return villages.filter((_, index) => index % step === 0).slice(0, SPEAKING_VILLAGES)
}

function countyProgrammes(calendar: Calendar): Broadcast[] {
  const daily = (time: string, until: string | null = null): Rule => ({
    kind: 'daily',
    times: [time],
    from: addDays(calendar.today, -HISTORY_DAYS),
    until,
  })
  const base = { areaCode: COUNTY_CODE, targets: [COUNTY_CODE], afterPreemption: 'resume' as const, repeatCount: 1 }
  return [
    {
      ...base,
      title: '早间播报：今日要闻和天气提醒',
      class: 'daily',
      text: `乡亲们早上好，这里是${COUNTY_NAME}应急广播。今天的播报有三条。第一条，各村上个月的财务账目已经在电视上公开，打开村务频道就能看到每一笔收支和票据。第二条，早晚温差大，老人和孩子注意添衣，驾车出门注意团雾。第三条，便民服务中心中午不休息，办社保、医保随到随办。祝您一天顺利。`,
      rule: daily('06:40'),
    },
    {
      ...base,
      title: '午间播报：农事和防火',
      class: 'daily',
      text: '乡亲们中午好。现在提醒农事和安全。麦田要看墒情，弱苗早管，旺苗镇压，大棚注意通风排湿。天干物燥，不在田边、林边烧秸秆、烧荒草，上坟提倡献鲜花。发现火情，先撤到安全的地方，再拨打119。',
      rule: daily('11:50'),
    },
    {
      ...base,
      title: '傍晚播报：惠民政策一分钟',
      class: 'daily',
      text: '乡亲们晚上好。现在播送惠民政策。城乡居民医保正在集中缴费，用手机或者到村便民服务站都能办，代办不收钱。八十岁以上老人可以申领高龄津贴。补贴发到“一卡通”，金额可以在电视“我家补贴”里查。有人让您先交钱再领补贴，那是诈骗，请拨打110。',
      rule: daily('18:20'),
    },
    {
      ...base,
      title: '防范电信诈骗专题',
      class: 'notice',
      text: '各位村民，近期冒充客服退款、冒充熟人借钱的诈骗多发。请记住三句话：不点陌生链接，不说验证码，不向陌生账户转账。拿不准的时候，先打村里的电话问一问，或者拨打96110。',
      rule: {
        kind: 'weekdays',
        weekdays: [2, 6],
        times: ['17:30'],
        from: addDays(calendar.today, -14),
        until: addDays(calendar.today, 30),
      },
    },
  ]
}

const STREET_WORDS = [
  '街道名的居民朋友们，这里播送一周服务信息。本周三、周五上午，农技员在便民服务中心坐诊，想问果树修剪和大棚管理的可以带着照片来。家门口招聘会每月第一个周六举行，求职不收费。老年人办高龄津贴、优待证，打电话可以预约上门。',
  '街道名的居民朋友们，现在播送通知。近期进行燃气安全入户检查，检查人员佩戴工作证，不收费、不推销。家里有独居老人的，请亲属帮忙看看胶管和报警器。发现闻到异味，先开窗、关阀门，不要开灯。',
  '街道名的居民朋友们，秋冬季护林防火期已经开始。进山路口设有检查站，请配合登记，不带火种进山。村里安排了流动巡查，举报野外用火有奖励。',
  '街道名的居民朋友们，沿海大风天气增多，渔船请及时回港避风，养殖户加固设施，不要冒险出海作业。海边游玩请远离礁石。紧急情况拨打12395。',
  '街道名的居民朋友们，粮食收购点已经公布当天价格，卖粮请到有资质的收购点，当场过磅、当场结账。晒粮不占用公路，注意安全。',
]

const VILLAGE_WORDS = [
  (village: Village) =>
    `村民朋友们，我是${village.name}广播室。村里上个月的账已经公开，在电视上按栏目进入财务公开就能看到票据，有疑问请打${village.telephone}。`,
  (village: Village) =>
    `${village.name}的乡亲们，村卫生室这几天给六十五岁以上老人免费体检，早上空腹来，带上身份证。行动不便的老人，医生上门。`,
  (village: Village) =>
    `${village.name}的乡亲们，垃圾请扔进桶里，柴草不要堆在路边。本月环境评比结果已经张榜，评上清洁庭院的户可以到积分超市兑换。`,
  (village: Village) =>
    `村民朋友们，${village.name}村民代表会议定于明天晚上七点在村委会会议室召开，请各位代表准时参加，不能来的请提前请假。`,
]

function villageProgramme(village: Village, index: number, calendar: Calendar): Broadcast {
  const chance = chanceOf('programme', village.code)
  return {
    areaCode: village.code,
    title: `${village.name}广播`,
    class: 'daily',
    text: VILLAGE_WORDS[index % VILLAGE_WORDS.length]!(village),
    repeatCount: 2,
    afterPreemption: 'drop',
    rule: {
      kind: 'daily',
      times: [`${chance.pick(['07', '18'])}:${chance.whole(20, 55)}`],
      from: addDays(calendar.today, -HISTORY_DAYS),
      until: null,
    },
    targets: [village.code],
  }
}

/** Bulletins that are written but not on the rundown, one of them for the days to come. */
function drawer(county: County, calendar: Calendar): Broadcast[] {
  const village = county.villages.find((each) => !each.isCommunity)!
  const when = addDays(calendar.today, 2)
  return [
    {
      areaCode: village.code,
      title: `${dayInWords(when)}停电通知`,
      class: 'notice',
      text: `${village.name}的乡亲们请注意，因更换变压器，${dayInWords(when)}上午8点到下午3点半全村停电。家里有制氧机、冷藏药品的请提前准备。`,
      repeatCount: 2,
      afterPreemption: 'resume',
      rule: { kind: 'dates', dates: [addDays(calendar.today, 1), when], times: ['06:50', '18:40'] },
      targets: [village.code],
    },
    {
      areaCode: COUNTY_CODE,
      title: '暴雨红色预警转移通知（预案）',
      class: 'emergency',
      text: '紧急通知：区气象台发布暴雨红色预警，低洼院落、危旧房屋和沿河群众请立即按照村里安排转移，不要携带大件物品，不要返回取物。',
      repeatCount: 3,
      afterPreemption: 'restart',
      rule: null,
      targets: [COUNTY_CODE],
    },
    {
      areaCode: village.code,
      title: '寻物启事',
      class: 'notice',
      text: `村民朋友们，今天上午有人在${village.name}文化广场捡到一串钥匙，失主请到村委会认领。电话${village.telephone}。`,
      repeatCount: 2,
      afterPreemption: 'drop',
      rule: null,
      targets: [village.code],
    },
  ]
}
