import { yuan } from '../content/ledger.ts'
import { endOf } from '../content/period.ts'
import { addDays, type LocalDate } from '../instant.ts'
import { text, type Affair, type Elements } from './affairs.ts'
import { dateInWords, dayInWords, dayOf, periodInWords, type Calendar } from './calendar.ts'
import { chanceOf, type Chance } from './chance.ts'
import type { Village } from './county.ts'
import type { DraftLedger } from './ledgers.ts'
import { covered, personName } from './names.ts'

/** A year of a village's affairs, in every column but the monthly finances, which `ledgers.ts` writes. */
export function villageAffairs(village: Village, calendar: Calendar, ledgers: Map<string, DraftLedger>): Affair[] {
  return [
    ...partyAffairs(village, calendar),
    ...generalAffairs(village, calendar),
    ...assets(village, calendar, ledgers),
    ...smallPowers(village, calendar),
    ...decisions(village, calendar),
    ...heardAgain(village, calendar),
    ...notices(village, calendar),
  ]
}

const PARTY: Elements = {
  matter: '党务公开',
  basis: '《中国共产党党务公开条例（试行）》',
  timeLimit: '每季度公开一次，重要事项及时公开',
  audience: '本村党员和群众',
}

const PARTY_TOPICS = [
  ['学习农村集体经济组织法', '逐条对照本村集体经济组织运行情况，查找出三处需要完善的制度'],
  ['清理房前屋后，建设和美乡村', '全体党员分成四个小组，清理柴草杂物，粉刷墙面，带头拆除自家门前乱搭棚子'],
  ['走访困难户，了解急难事', '走访独居老人、困难家庭和重病户，收集意见建议并逐条登记，能当场解决的当场解决'],
  ['重温入党誓词，过政治生日', '为本季度入党的党员过政治生日，老党员讲述带领群众打井修路的经历'],
  ['护林防火，党员先行', '划分责任地块，在进山路口和坟头集中的地方轮流值守'],
  ['防汛隐患排查', '沿村内排水沟和低洼院落逐户排查，清理堵点，登记老旧房屋'],
  ['移风易俗从我做起', '党员签订承诺书，带头做到婚事新办、丧事简办，不收受人情重礼'],
  ['听民意、议实事', '围绕道路、路灯、排水等群众反映集中的问题开展讨论，形成办理清单'],
] as const

function partyAffairs(village: Village, calendar: Calendar): Affair[] {
  const base = { columnId: 'party', areaCode: village.code, publisher: village.branch, ...PARTY }
  const perCapita = chanceOf('dues', village.code).whole(1650, 2980)
  const quarterly = calendar.quarters.map((period): Affair => {
    const chance = chanceOf('party', village.code, period)
    const dues = village.partyMembers * perCapita * 3 + chance.whole(0, 9) * 100
    const meetings = chance.whole(3, 5)
    const [topic, did] = chance.pick(PARTY_TOPICS)
    return {
      ...base,
      kind: 'article',
      title: `${periodInWords(period)}党务公开`,
      summary: `党员 ${village.partyMembers} 名，收缴党费 ${yuan(dues)} 元`,
      period,
      publishedAt: publishedAfter(calendar, period, chance),
      content: text([
        `组织情况：${village.branch}现有党员 ${village.partyMembers} 名，其中女党员 ${Math.round(village.partyMembers * 0.27)} 名，党员中心户 ${chance.whole(4, 9)} 户。书记${village.secretary}，负责全面工作；委员${village.deputy}分管组织和集体经济，${village.clerk}分管宣传和便民服务。`,
        `党费收缴：本季度应缴党员 ${village.partyMembers} 名，实缴 ${village.partyMembers} 名，共收缴 ${yuan(dues)} 元，已于季末全额上缴${village.streetName}党工委，无截留、无拖欠。`,
        `组织生活：召开支部党员大会 ${chance.whole(1, 2)} 次、支部委员会 ${meetings} 次，上党课 1 次。主题党日以“${topic}”为主题，${did}。`,
        `发展党员：入党申请人 ${chance.whole(1, 5)} 名，入党积极分子 ${chance.whole(1, 3)} 名，${chance.happens(0.4) ? '预备党员 1 名，正在考察期内' : '本季度没有新接收预备党员'}。`,
        `监督电话：${village.telephone}。对公开内容有疑问的，可以向支部纪检委员或者街道纪工委反映。`,
      ]),
    }
  })
  const months = chanceOf('party-days', village.code).draw(calendar.months, 4).sort()
  const days = months.map((month, index): Affair => {
    const chance = chanceOf('party-day', village.code, month)
    const [topic, did] = PARTY_TOPICS[(chance.whole(0, 1) + index * 2) % PARTY_TOPICS.length]!
    const day = dayOf(month, chance.whole(5, 25))
    const present = Math.round(village.partyMembers * chance.whole(72, 94) * 0.01)
    return {
      ...base,
      kind: 'article',
      title: `${Number(month.slice(5, 7))}月主题党日：${topic}`,
      summary: `${present} 名党员参加`,
      period: '',
      publishedAt: calendar.at(addDays(day, 2), '16:20'),
      content: text([
        `${dayInWords(day)}，${village.branch}组织开展“${topic}”主题党日活动，应到党员 ${village.partyMembers} 名，实到 ${present} 名，请假的已经补学。`,
        `活动中，${did}。`,
        `支部书记${village.secretary}对下一步工作提出要求：${chance.pick(['说到的事情要有时限、有责任人，下次主题党日先报结果', '党员要把群众的小事当成支部的大事来办', '办实事清单要贴到公开栏，办完一件销一件', '年轻党员要主动认领岗位，帮助老人使用电视和手机办事'])}。`,
      ]),
    }
  })
  const month = calendar.months[chanceOf('candidate', village.code).whole(2, 9)]!
  const chance = chanceOf('candidate', village.code, month)
  const name = personName(chance, village.surname)
  const day = dayOf(month, chance.whole(6, 24))
  return [
    ...quarterly,
    ...days,
    {
      ...base,
      kind: 'notice',
      matter: '发展党员公示',
      title: `关于拟接收${name}同志为预备党员的公示`,
      summary: '公示期五个工作日',
      period: '',
      publishedAt: calendar.at(day, '09:10'),
      content: text([
        `经支部委员会研究、党员大会讨论，拟接收${name}同志为中共预备党员，现予公示。`,
        `${name}，${chance.pick(['务农', '在本村经营家庭农场', '村卫生室乡村医生', '退役军人', '合作社技术员'])}，${chance.whole(26, 46)} 岁，${chance.pick(['高中', '大专', '本科'])}文化，${chance.whole(1, 3)} 年前递交入党申请书，培养联系人为${village.deputy}、${village.clerk}。`,
        `公示时间：${dateInWords(day)}至${dateInWords(addDays(day, 7))}。对公示对象有意见的，可以在公示期内当面或者打电话向街道党工委组织办反映，反映情况要实事求是。`,
      ]),
    },
  ]
}

const GENERAL: Elements = {
  matter: '村务公开',
  basis: '《中华人民共和国村民委员会组织法》第三十条',
  timeLimit: '一般事项每季度公布一次，重大事项随时公布',
  audience: '本村全体村民',
}

type Topic = (
  village: Village,
  chance: Chance,
  day: LocalDate,
) => Pick<Affair, 'title' | 'summary' | 'matter'> & { paragraphs: string[] }

const GENERAL_TOPICS: Topic[] = [
  (village, chance, day) => {
    const names = people(chance, village, chance.whole(2, 4))
    return {
      title: `宅基地申请审核结果公示（${names.length} 户）`,
      summary: names.map(covered).join('、'),
      matter: '宅基地审批',
      paragraphs: [
        `经本人申请、村民小组会议讨论、村级审查，以下农户申请使用宅基地符合“一户一宅”和村庄规划，现予公示：`,
        ...names.map(
          (name, index) =>
            `${index + 1}. ${covered(name)}，家庭人口 ${chance.whole(3, 6)} 人，申请${chance.pick(['原址翻建', '原址翻建', '新申请'])}，面积 ${chance.whole(160, 198)} 平方米，位置在${chance.pick(['村东头', '村西头', '村南片', '老村委后身', '中心街北侧'])}。`,
        ),
        `公示期自${dateInWords(day)}起七天。有异议的请到村委会或者拨打 ${village.telephone} 反映。公示无异议后报街道办事处审批。`,
      ],
    }
  },
  (village, chance) => {
    const count = chance.whole(5, 16)
    const names = people(chance, village, Math.min(6, count))
    return {
      title: '享受农村低保和特困供养人员名单',
      summary: `本村享受低保 ${count} 户`,
      matter: '社会救助',
      paragraphs: [
        `本村目前享受农村最低生活保障 ${count} 户 ${count + chance.whole(2, 9)} 人，特困供养 ${chance.whole(1, 4)} 人，享受困难残疾人生活补贴 ${chance.whole(3, 9)} 人。`,
        `本期复核涉及：${names.map(covered).join('、')}。其中继续享受 ${names.length - 1} 户，收入变化后调整标准 1 户。`,
        `救助金由区级财政通过“一卡通”直接发放到户，村里不经手。家庭收入、人口或者财产发生变化的，请主动告知村救助协理员${village.clerk}。`,
      ],
    }
  },
  (village, chance) => ({
    title: '城乡居民医保参保缴费情况公示',
    summary: `应参保 ${village.population} 人，已参保 ${Math.round(village.population * 0.973)} 人`,
    matter: '协助政府工作',
    paragraphs: [
      `本村应参保 ${village.population} 人，截至目前已参保 ${Math.round(village.population * 0.973)} 人，其中由财政资助参保的特困、低保和脱贫享受政策人员 ${chance.whole(8, 30)} 人。`,
      '还没有缴费的村民可以用手机缴费，也可以到村便民服务站由代办员帮助办理。集中缴费期结束后再参保的，要按规定设置待遇等待期。',
      `代办员：${village.clerk}，电话 ${village.telephone}。代办不收取任何费用。`,
    ],
  }),
  (village, chance) => ({
    title: '耕地地力保护补贴面积核定公示',
    summary: `核定补贴面积 ${village.farmlandMu - chance.whole(10, 60)} 亩`,
    matter: '惠农补贴',
    paragraphs: [
      `经农户申报、村级核实、街道抽查，本村今年种植面积（${village.crop}）核定如下：享受补贴农户 ${village.households - chance.whole(6, 30)} 户，补贴面积共 ${village.farmlandMu - chance.whole(40, 90)} 亩。`,
      '抛荒地、已征收土地、林地和设施农业用地不享受补贴，面积已经按照上年公示数扣除。',
      '分户面积张贴在村公开栏，每户可以在自家电视“我家补贴”里查到自己的面积和金额。公示期七天，面积有出入的请到村委会复核。',
    ],
  }),
  (village, chance) => ({
    title: '村集体机动地发包结果公示',
    summary: `发包 ${Math.round(village.farmlandMu / 40)} 亩，期限三年`,
    matter: '土地承包',
    paragraphs: [
      `经村民代表会议同意，村集体${chance.pick(['村北', '村南', '河西', '机井东', '林场边'])}机动地通过街道农村产权交易平台公开竞价发包，参加竞价 ${chance.whole(3, 7)} 人，成交价每亩每年 ${chance.whole(520, 980)} 元，承包期三年。`,
      '承包款一年一交，交款后开具收据并计入当月财务公开。合同存街道农村经济经营服务中心备查。',
      `竞价全过程由村务监督委员会${village.supervisor}等人现场监督，没有收到异议。`,
    ],
  }),
  (village, chance) => ({
    title: '村庄清洁和垃圾分类评比结果',
    summary: '评出清洁户并张榜',
    matter: '人居环境整治',
    paragraphs: [
      `由党员、村民代表和妇女小组长组成的评比小组对全村 ${village.households} 户进行了入户评比，评出“清洁庭院”${chance.whole(12, 40)} 户、需要改进的 ${chance.whole(2, 8)} 户。`,
      `${people(chance, village, 4).join('、')}四户庭院整洁、柴草归位、分类准确，作为示范户挂牌。`,
      '需要改进的农户由包片党员帮助整理，半个月后复查。评比结果计入村规民约积分，可以到村积分超市兑换日用品。',
    ],
  }),
  (village, chance, day) => ({
    title: `${day.slice(0, 4)}年征兵政策和报名情况公开`,
    summary: `本村适龄青年 ${chance.whole(6, 22)} 人`,
    matter: '征兵工作',
    paragraphs: [
      `今年本村完成兵役登记 ${chance.whole(6, 18)} 人，网上应征报名 ${chance.whole(1, 4)} 人，${chance.happens(0.5) ? '1 人通过体检和政治考核，正在定兵公示' : '正在等待体检通知'}。`,
      '征兵工作不收取任何费用，任何人以“帮忙”为名收钱都可以举报。',
      `咨询电话：${village.telephone}（村民兵连）。`,
    ],
  }),
  (_, chance) => ({
    title: '计划生育服务和奖励扶助公示',
    summary: `奖励扶助 ${chance.whole(4, 15)} 人`,
    matter: '计划生育政策落实',
    paragraphs: [
      `本季度全村办理生育登记 ${chance.whole(1, 6)} 例，为育龄群众提供免费孕前检查 ${chance.whole(1, 4)} 人次。`,
      `符合农村部分计划生育家庭奖励扶助条件的 ${chance.whole(4, 15)} 人，已完成年审，资金由区级直接发放到本人账户。`,
      '三孩生育支持政策、育儿补贴申领办法可以在电视“办事指南”里查看，也可以请村卫生室代为申报。',
    ],
  }),
]

function generalAffairs(village: Village, calendar: Calendar): Affair[] {
  const base = { columnId: 'village-affairs', areaCode: village.code, publisher: village.committee, ...GENERAL }
  const quarterly = calendar.quarters.map((period): Affair => {
    const chance = chanceOf('general', village.code, period)
    const calls = chance.whole(12, 60)
    return {
      ...base,
      kind: 'article',
      title: `${periodInWords(period)}村务公开`,
      summary: `召开村民代表会议 ${chance.whole(1, 3)} 次，为民代办 ${calls} 件`,
      period,
      publishedAt: publishedAfter(calendar, period, chance),
      content: text([
        `会议决议：本季度召开村民代表会议，应到代表 ${village.representatives} 名，实到 ${village.representatives - chance.whole(0, 4)} 名，讨论通过${chance.pick(['村内路灯改造方案', '灌溉渠清淤用工方案', '公益岗位人员名单', '村规民约积分办法', '冬季清雪分段责任', '健身广场选址'])}，已按决议落实。`,
        `便民服务：村便民服务站代办社保、医保、残疾人证、老年优待等事项 ${calls} 件，全部办结，平均 ${chance.whole(1, 3)} 个工作日，不收费。`,
        `公益岗位：安排公益性岗位 ${chance.whole(3, 9)} 人，负责保洁、护路和看护泵站，岗位补贴由街道按月发放。`,
        `水电费收缴：本季度农田灌溉用电执行统一电价，村里不加价；生活用水每立方米 ${chance.pick(['3.20', '3.45', '3.60'])} 元，由供水单位直接收取。`,
        `矛盾调解：调解邻里、土地边界等纠纷 ${chance.whole(1, 6)} 起，全部达成协议。`,
        `村务监督委员会${village.supervisor}等 ${chance.whole(3, 5)} 人已审核以上内容。`,
      ]),
    }
  })
  const chance = chanceOf('general-topics', village.code)
  const topics = chance.draw(GENERAL_TOPICS, 6).map((topic, index): Affair => {
    const month = calendar.months[Math.min(11, index * 2 + chance.whole(0, 1))]!
    const day = dayOf(month, chance.whole(3, 27))
    const { paragraphs, ...rest } = topic(village, chanceOf('general-topic', village.code, index), day)
    return {
      ...base,
      ...rest,
      kind: 'notice',
      period: '',
      publishedAt: calendar.at(day, '10:30'),
      content: text(paragraphs),
    }
  })
  return [...quarterly, ...topics]
}

const ASSETS: Elements = {
  matter: '集体资金、资产、资源',
  basis: '《农村集体经济组织财务公开规定》（农经发〔2011〕13号）',
  timeLimit: '每季度终了后二十日内',
  audience: '本集体经济组织成员',
}

function assets(village: Village, calendar: Calendar, ledgers: Map<string, DraftLedger>): Affair[] {
  const base = { columnId: 'assets', areaCode: village.code, publisher: village.cooperative, ...ASSETS }
  const own = chanceOf('assets', village.code)
  const buildings = own.whole(260, 980)
  const wells = own.whole(4, 22)
  const lamps = own.whole(30, 160)
  const pondMu = own.whole(0, 38)
  const woodMu = own.whole(20, 180)
  const quarterly = calendar.quarters.map((period): Affair => {
    const chance = chanceOf('assets', village.code, period)
    const months = [...ledgers.keys()].filter(
      (month) => endOf(month) <= endOf(period) && addDays(endOf(period), -93) < endOf(month),
    )
    const first = ledgers.get(months[0] ?? '')
    const last = ledgers.get(months.at(-1) ?? '')
    const money =
      first && last
        ? `期初 ${yuan(first.openingCents)} 元，期末 ${yuan(last.closingCents)} 元，与每月财务公开一致`
        : '收支与每月财务公开一致'
    return {
      ...base,
      kind: 'article',
      title: `${periodInWords(period)}集体“三资”公开`,
      summary: `货币资金${last ? ` ${yuan(last.closingCents)} 元` : '详见正文'}，耕地 ${village.farmlandMu} 亩`,
      period,
      publishedAt: publishedAfter(calendar, period, chance),
      content: text([
        `资金：集体账户${money}，全部由${village.streetName}农村经济经营服务中心代管，村级只设报账员。`,
        `资产：办公和活动用房 ${buildings} 平方米，机井 ${wells} 眼，路灯 ${lamps} 盏，大喇叭 2 套，${own.happens(0.5) ? '光伏发电设备 1 套，' : ''}本季度${chance.pick(['没有新增和处置固定资产', '新增路灯 6 盏，已登记入账', '报废旧水泵 1 台，残值已交账', '更换配电箱 1 台，旧件已登记'])}。`,
        `资源：集体耕地 ${village.farmlandMu} 亩，林地 ${woodMu} 亩，坑塘水面 ${pondMu} 亩。发包、租赁合同 ${chance.whole(4, 12)} 份，本季度到期 ${chance.whole(0, 2)} 份，按程序公开发包。`,
        `债权债务：应收承包款 ${chance.whole(0, 26) * 100} 元，${chance.happens(0.8) ? '无对外借款' : `应付工程尾款 ${chance.whole(4, 30) * 1000} 元`}。`,
        `民主理财小组审核意见：账款相符，手续齐全，同意公开。组长：${village.supervisor}。`,
      ]),
    }
  })
  const chance = chanceOf('contracts', village.code)
  const contractYear = calendar.lastYear
  const lines = Array.from({ length: chance.whole(4, 8) }, (_, index) => ({
    line: index + 1,
    date: dayOf(`${contractYear}-${String(index + 3).padStart(2, '0')}`, chance.whole(2, 27)),
    direction: 'income' as const,
    amountCents: chance.whole(18, 160) * 10_000,
    payee: personName(chance, chance.happens(0.6) ? village.surname : undefined),
    purpose: chance.pick([
      '村北机动地承包款',
      '坑塘水面承包款',
      '沿街房租金',
      '果园承包款',
      '大棚场地租金',
      '旧校舍租金',
      '晒场租用费',
    ]),
    handler: village.accountant,
    vouchers: [],
  }))
  return [
    ...quarterly,
    {
      ...base,
      kind: 'ledger',
      matter: '资产资源发包租赁',
      title: `${contractYear}年资产资源承包租赁合同兑现台账`,
      summary: `合同 ${lines.length} 份，全部兑现`,
      period: contractYear,
      publishedAt: calendar.at(dayOf(monthAfter(contractYear), chance.whole(8, 18)), '15:40'),
      content: { openingCents: 0, lines, closingCents: lines.reduce((sum, line) => sum + line.amountCents, 0) },
    },
  ]
}

type Power = {
  name: string
  steps: string[]
  materials: string[]
  hours: string
  who: 'secretary' | 'deputy' | 'accountant' | 'clerk' | 'supervisor'
}

const POWERS: Power[] = [
  {
    name: '村级重大事项决策',
    steps: [
      '党支部会提议，形成初步意见',
      '村“两委”会商议，明确方案和资金来源',
      '党员大会审议，记录赞成和反对意见',
      '村民会议或者村民代表会议决议，到会人数和票数当场公布',
      '决议内容公开不少于七天',
      '实施结果公开，村务监督委员会全程监督',
    ],
    materials: ['会议记录和签到表', '表决票', '公示照片'],
    hours: '提议到决议一般不超过三十天',
    who: 'secretary',
  },
  {
    name: '村级工程项目建设',
    steps: [
      '确定项目：按重大事项决策程序通过',
      '编制预算：五万元以上委托有资质的单位',
      '招标或者询价：在街道公共资源交易平台进行，三万元以下可以询价，不少于三家',
      '签订合同并公示',
      '施工：村务监督委员会派人到现场，变更要重新表决',
      '验收、审计、付款，结果张榜',
    ],
    materials: ['项目申报表', '预算书', '中标通知书或询价记录', '合同', '验收单', '审计报告'],
    hours: '按合同工期',
    who: 'deputy',
  },
  {
    name: '物资和服务采购',
    steps: [
      '经手人提出采购申请',
      '两千元以下由书记、主任联签；两千元以上由“两委”会研究',
      '货比三家，留存报价',
      '两人以上验收入库',
      '凭发票、验收单报账，当月公开',
    ],
    materials: ['采购申请单', '报价记录', '发票', '验收单'],
    hours: '五个工作日',
    who: 'accountant',
  },
  {
    name: '集体资产资源发包租赁',
    steps: [
      '清查核实资产资源的位置、面积和年限',
      '拟订方案并经村民代表会议同意',
      '街道审核后在产权交易平台公告不少于七天',
      '公开竞价',
      '公示成交结果五天',
      '签订合同、收款、入账、公开',
    ],
    materials: ['资产资源登记表', '会议决议', '街道审核意见', '合同'],
    hours: '公告到签约约二十天',
    who: 'deputy',
  },
  {
    name: '财务收支报账',
    steps: [
      '取得真实合法的票据，写明用途，经手人签字',
      '村务监督委员会审核，不合规的退回',
      '书记、主任按权限审批',
      '报账员每月二十五日前到街道代管中心报账',
      '次月十五日前在电视和公开栏逐笔公开',
    ],
    materials: ['原始票据', '审批单', '会议记录（大额支出）'],
    hours: '每月二十五日前',
    who: 'accountant',
  },
  {
    name: '宅基地申请',
    steps: [
      '农户提出书面申请',
      '村民小组讨论并公示',
      '村级审查村庄规划和“一户一宅”',
      '街道实地到场：审查、丈量',
      '街道审批，发放批准书',
      '施工前放线，完工后验收',
    ],
    materials: ['宅基地申请表', '户口簿和身份证复印件', '使用承诺书', '四邻意见'],
    hours: '受理后二十个工作日（不含公示）',
    who: 'clerk',
  },
  {
    name: '低保和临时救助申请',
    steps: [
      '向街道提出申请，村里可以代为提交',
      '村里协助入户调查',
      '民主评议（有争议时）',
      '街道审核并在村公示七天',
      '批准后按月发到“一卡通”',
    ],
    materials: ['申请书和授权核对书', '身份证、户口簿', '收入和支出证明', '诊断证明（因病的）'],
    hours: '低保三十个工作日，急难型临时救助可先行救助',
    who: 'clerk',
  },
  {
    name: '村级印章使用和开具证明',
    steps: [
      '本人说明用途，查验身份',
      '对照“不应由村里出具的证明”目录',
      '符合的由书记或主任审批',
      '登记用印时间、事由、经手人',
      '当场盖章',
    ],
    materials: ['本人身份证', '有关事实材料'],
    hours: '即来即办',
    who: 'clerk',
  },
  {
    name: '公益岗位和临时用工选用',
    steps: [
      '公布岗位、人数和报酬',
      '本人报名',
      '村“两委”会按条件排序，困难家庭优先',
      '公示三天',
      '签订用工协议，按天记工',
      '发放劳务费，领款人本人签字，当月公开',
    ],
    materials: ['报名表', '用工记录', '发放表'],
    hours: '十个工作日',
    who: 'deputy',
  },
]

function smallPowers(village: Village, calendar: Calendar): Affair[] {
  const chance = chanceOf('powers', village.code)
  const day = dayOf(monthAfter(calendar.lastYear), chance.whole(6, 24))
  return chance.draw(POWERS, 7).map((power, index): Affair => ({
    columnId: 'small-powers',
    areaCode: village.code,
    kind: 'guide',
    title: power.name,
    summary: `${power.steps.length} 步，责任人 ${village[power.who]}`,
    matter: '村级小微权力清单',
    basis: '《村务管理 事项运行流程编制指南》及本区小微权力清单',
    timeLimit: '清单每年一月公布，调整后及时更新',
    publisher: village.committee,
    audience: '本村全体村民',
    period: calendar.lastYear,
    publishedAt: calendar.at(day, `09:${10 + index}`),
    content: {
      steps: power.steps,
      materials: power.materials,
      place: `${village.name}便民服务站（${village.isCommunity ? '社区党群服务中心一楼' : '村委会院内'}）`,
      telephone: village.telephone,
      hours: power.hours,
      fee: '不收费',
    },
  }))
}

const PROJECTS = [
  ['主街两侧安装太阳能路灯', '解决夜间出行看不清的问题', 28, 96],
  ['硬化村北生产路', '让收割机和运粮车进得去、出得来', 60, 240],
  ['维修灌溉机井并更换水泵', '保证春灌和秋播用水', 18, 70],
  ['改造村民活动广场', '增设座椅、健身器材和遮阳棚', 30, 120],
  ['疏通村内主排水沟', '雨天不再倒灌进院', 16, 64],
  ['建设幸福食堂', '为七十岁以上老人提供午餐', 24, 88],
  ['更新村村响大喇叭和线路', '让村西头也听得清', 6, 18],
  ['流转土地发展设施大棚', '引进育苗企业，增加集体收入', 80, 320],
  ['修订村规民约和积分办法', '把移风易俗、环境卫生写进积分', 1, 3],
  ['购买村集体财产和意外伤害保险', '为老人和公益岗位人员投保', 3, 12],
] as const

function decisions(village: Village, calendar: Calendar): Affair[] {
  const chance = chanceOf('decisions', village.code)
  return chance.draw(PROJECTS, 4).map(([project, why, from, to], index): Affair => {
    const month = calendar.months[2 + index * 3 - chance.whole(0, 2)]!
    const day = dayOf(month, chance.whole(4, 26))
    const present = village.representatives - chance.whole(0, 5)
    const against = chance.whole(0, 2)
    const money = chance.whole(from, to) * 1000
    return {
      columnId: 'decisions',
      areaCode: village.code,
      kind: 'article',
      title: `“四议两公开”：${project}`,
      summary: `实到代表 ${present} 名，同意 ${present - against} 票`,
      matter: '重大事项民主决策',
      basis: '《中华人民共和国村民委员会组织法》第二十四条',
      timeLimit: '决议后三日内公开，实施结果完工后公开',
      publisher: village.committee,
      audience: '本村全体村民',
      period: '',
      publishedAt: calendar.at(addDays(day, chance.whole(1, 3)), '17:05'),
      content: text([
        `提议：${dayInWords(addDays(day, -16))}，${village.branch}委员会根据群众意见提出${project}，目的是${why}。`,
        `商议：${dayInWords(addDays(day, -12))}，村“两委”会议商定预算 ${money.toLocaleString('en-US')} 元，资金来源为${chance.pick(['村集体收入', '上级奖补资金和村集体自筹', '街道项目资金', '村集体收入，不向村民筹资'])}。`,
        `审议：${dayInWords(addDays(day, -6))}，党员大会应到 ${village.partyMembers} 名，实到 ${Math.round(village.partyMembers * 0.82)} 名，审议同意，并建议${chance.pick(['先做群众反映最集中的路段', '公开询价不少于三家', '留足百分之五的质量保证金', '完工后请村民代表一起验收', '把维护责任落实到人'])}。`,
        `决议：${dayInWords(day)}，村民代表会议应到 ${village.representatives} 名，实到 ${present} 名，同意 ${present - against} 票，${against > 0 ? `不同意 ${against} 票` : '没有反对票'}，决议通过。`,
        `公开：决议自即日起公开七天。实施过程由村务监督委员会${village.supervisor}负责监督，完工验收和付款情况将在“财务公开”里逐笔列出。`,
      ]),
    }
  })
}

const HEARD = [
  [
    '护林防火提醒',
    '野外不用火，上坟献鲜花。进山入林不带火种，不在地头烧秸秆、烧荒草。发现火情先撤到安全地方，再拨打报警电话。',
  ],
  ['城乡居民医保集中缴费', '缴费可以用手机，也可以到村便民服务站代办。一老一小别漏缴，缴了费看病才能报销。'],
  ['防范电信诈骗', '凡是让您转账的“公检法”，凡是先交钱的贷款，凡是要验证码的客服，都是诈骗。拿不准就找村里问一问。'],
  ['小麦春季管理要点', '弱苗早追肥，旺苗先镇压。拔节前后看墒情浇水，一喷三防不要漏掉地边地角。'],
  ['老年人免费体检通知', '六十五岁以上老人带身份证、空腹到村卫生室，抽血、心电图、腹部彩超都不收钱。'],
  ['汛期安全提醒', '低洼院落提前清沟，危旧房屋下雨时不住人，不到河道、坑塘里戏水捕鱼，看好孩子。'],
  ['秸秆禁烧和综合利用', '秸秆可以还田、可以打捆，不能点火。收割作业前先和合作社约好打捆车。'],
  ['冬季取暖防一氧化碳', '炉具烟囱常检查，睡前封好炉、开点窗，不用炭盆取暖，感觉头晕马上到院里。'],
  ['文明祭祀倡议', '提倡鲜花祭扫、植树追思，不在路口烧纸，不在林地、麦田边燃放鞭炮。'],
  ['交通安全提醒', '三轮车、农用车不载人，骑电动车戴头盔，晚上出门穿浅色衣服。'],
] as const

function heardAgain(village: Village, calendar: Calendar): Affair[] {
  const chance = chanceOf('heard', village.code)
  return chance.draw(HEARD, 5).map(([title, words], index): Affair => {
    const day = calendar.daysAgo(3 + index * 8 + chance.whole(0, 4))
    const time = chance.pick(['07:00', '11:40', '18:30'])
    return {
      columnId: 'heard-again',
      areaCode: village.code,
      kind: 'article',
      title: `回听：${title}`,
      summary: `${dayInWords(day)} ${time} 播出`,
      matter: '应急广播内容回听',
      basis: '《应急广播管理暂行办法》',
      timeLimit: '播出后一个工作日内',
      publisher: `${village.name}广播室`,
      audience: '本村全体村民',
      period: '',
      publishedAt: calendar.at(day, '20:00'),
      content: text([
        `${dayInWords(day)} ${time}，村里大喇叭播出了以下内容，没有听清的村民可以在这里再看一遍：`,
        words,
        `播音：${village.clerk}。觉得喇叭声音小、听不清的，请打 ${village.telephone} 告诉我们具体位置。`,
      ]),
    }
  })
}

const NOTICES: ((
  village: Village,
  chance: Chance,
  day: LocalDate,
) => [title: string, summary: string, ...paragraphs: string[]])[] = [
  (_, chance, day) => {
    const when = addDays(day, 2)
    return [
      `${dayInWords(when)}检修线路停电通知`,
      `${dayInWords(when)} 8:00–${chance.whole(11, 16)}:30`,
      `因${chance.pick(['更换变压器', '线路改造', '树障清理', '台区增容'])}，${dayInWords(when)}上午八点起本村${chance.pick(['全村', '中心街以北', '中心街以南', '东片'])}停电，预计当天下午恢复。`,
      '请提前给手机、制氧机等设备充好电，冷藏药品妥善保存，用电恢复前不要触碰线路和开关。',
    ]
  },
  (village, chance) => [
    '六十五岁以上老人免费体检',
    `地点：${village.name}卫生室`,
    `${village.streetName}卫生院医生到村为六十五岁以上老人免费体检，请老人带身份证和医保卡，早上空腹前来。`,
    '行动不便的老人请家属提前登记，由家庭医生上门检查。',
    `登记电话：${village.telephone}，体检时间每天 7:00–${chance.whole(10, 11)}:00。`,
  ],
  (_, chance) => [
    '公益电影放映',
    `${chance.pick(['本周五', '本周六', '下周三'])}晚七点，文化广场`,
    `放映影片为${chance.pick(['农村题材故事片', '革命历史故事片', '戏曲电影', '科教短片和故事片'])}，请自带小板凳，看管好孩子。遇到下雨顺延。`,
  ],
  (_, chance) => [
    '家犬狂犬病疫苗免费接种',
    `${chance.whole(8, 9)}:00 开始，村委会院内`,
    '街道畜牧兽医站到村为家犬免费接种疫苗，请拴好牵引绳，由成年人牵到现场。',
    '散养犬不在家的，请提前告诉村里登记补种。接种当天不给犬洗澡。',
  ],
  (village) => [
    '自来水管网冲洗通知',
    '夜间 22:00 至次日 5:00',
    `供水单位对${village.name}主管道进行冲洗消毒，期间水压降低，早晨用水先放水两三分钟，水清后再用。`,
    '太阳能热水器请提前上满水。',
  ],
  (village, chance) => [
    '秋冬季护林防火值班安排',
    `值班电话 ${village.telephone}`,
    `自即日起，村里每天安排 ${chance.whole(2, 5)} 人在进山路口、公墓和麦场值守。进入林区不得吸烟、用火，外来车辆登记。`,
    '举报野外用火属实的，按规定给予奖励。',
  ],
  (_, chance) => [
    '电动车充电桩启用',
    `共 ${chance.whole(6, 16)} 个接口`,
    `${chance.pick(['村委会门口', '文化广场东侧', '卫生室旁', '超市门口'])}新装电动车充电桩已经启用，扫码或者刷卡充电，每千瓦时 ${chance.pick(['0.75', '0.80', '0.85'])} 元。`,
    '请不要把电动车推进屋里或者楼道充电，不要从窗户往外拉线。',
  ],
  (village, chance) => [
    '新型职业农民培训报名',
    `名额 ${chance.whole(3, 8)} 人，免费`,
    `区农广校举办${chance.pick(['设施蔬菜', '小麦高产', '果树修剪', '无人机飞防', '直播带货'])}培训班，每期 ${chance.whole(3, 7)} 天，食宿和教材免费，结业发证书。`,
    `想参加的请到村便民服务站找${village.clerk}报名。`,
  ],
  (_, chance) => [
    '村内道路施工绕行',
    `工期约 ${chance.whole(5, 15)} 天`,
    `${chance.pick(['中心街', '村南路', '通往麦场的生产路', '小学门前路'])}开挖铺设${chance.pick(['污水管', '燃气管', '供水管'])}，请车辆绕行，老人孩子远离沟槽。`,
    '施工影响到自家出入的，请打电话联系，由施工方铺设临时便道。',
  ],
]

function notices(village: Village, calendar: Calendar): Affair[] {
  const chance = chanceOf('notices', village.code)
  return chance.draw(NOTICES, 6).map((compose, index): Affair => {
    const day = calendar.daysAgo(
      1 + index * 9 - chance.whole(0, Math.min(6, index * 6)) + (index === 0 ? chance.whole(0, 3) : 0),
    )
    const [title, summary, ...paragraphs] = compose(village, chanceOf('notice', village.code, index), day)
    return {
      columnId: 'notices',
      areaCode: village.code,
      kind: 'notice',
      title,
      summary,
      matter: '便民通知',
      basis: GENERAL.basis,
      timeLimit: '随时公开',
      publisher: village.committee,
      audience: '本村全体村民',
      period: '',
      publishedAt: calendar.at(day, chance.pick(['08:20', '10:15', '15:30', '17:40'])),
      ...(index === 0 ? { isPinned: true } : {}),
      content: text([...paragraphs, `${village.committee}　${dateInWords(day)}`]),
    }
  })
}

function people(chance: Chance, village: Village, count: number): string[] {
  return Array.from({ length: count }, () => personName(chance, chance.happens(0.55) ? village.surname : undefined))
}

/** `2026-01` after `2025`. */
function monthAfter(year: string): string {
  return endOf(year).slice(0, 7)
}

/** When a period's affairs were published: some days into the next period, and never after now. */
function publishedAfter(calendar: Calendar, period: string, chance: Chance): string {
  return calendar.at(
    addDays(endOf(period), chance.whole(4, 16)),
    `${String(chance.whole(8, 17)).padStart(2, '0')}:${chance.whole(10, 59)}`,
  )
}
