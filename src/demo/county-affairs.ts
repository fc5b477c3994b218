import { endOf } from '../content/period.ts'
import { addDays, type LocalDate } from '../instant.ts'
import { text, type Affair, type Elements, type Words } from './affairs.ts'
import { dateInWords, dayInWords, dayOf, periodInWords, type Calendar } from './calendar.ts'
import { chanceOf, type Chance } from './chance.ts'
import { COUNTY_CODE, COUNTY_NAME, telephoneOf, type County } from './county.ts'

/** A year of the county's affairs, in every column of the county. */
export function countyAffairs(county: County, calendar: Calendar): Affair[] {
  return [
    ...headlines(county, calendar),
    ...policies(calendar),
    ...explained(calendar),
    ...faceToFace(county, calendar),
    ...guides(calendar),
    ...subsidies(county, calendar),
    ...emergency(county, calendar),
  ]
}

const GOVERNMENT = `${COUNTY_NAME}人民政府办公室`

const OPEN: Elements = {
  matter: '政府信息主动公开',
  basis: '《中华人民共和国政府信息公开条例》（国令第711号）',
  timeLimit: '信息形成之日起二十个工作日内',
  audience: '全社会',
}

type Story = (
  county: County,
  chance: Chance,
  day: LocalDate,
) => [title: string, summary: string, ...paragraphs: string[]]

const HEADLINES: Story[] = [
  (county, _, day) => [
    '全区村务在电视上公开到每一张票据',
    `${county.villages.length} 个村（社区）全部接入`,
    `${dayInWords(day)}起，全区 ${county.villages.length} 个村（社区）的党务、村务、财务全部在数字电视公开，财务细化到每一笔收支和对应票据。`,
    '村民用家里的遥控器就能看到本村账目：按数字键进入栏目，选中一笔，按确认键看票据。看不懂的地方可以打公开页下方的监督电话。',
    '区农业农村局要求，次月十五日前没有公开的村，系统自动提醒街道督办。',
  ],
  (_, chance, day) => [
    `区政府常务会议研究${chance.pick(['冬春农田水利建设', '农村供水保障', '义务教育学校布局', '汛前准备工作'])}`,
    `${chance.whole(8, 14)} 名市民代表列席`,
    `${dayInWords(day)}，区政府召开常务会议，邀请市民代表、村民代表列席并发表意见。`,
    `会议逐项听取部门汇报，现场采纳代表意见 ${chance.whole(3, 9)} 条，要求部门在一周内书面反馈落实情况，并在本栏目公布。`,
  ],
  (_, chance) => [
    '农村供水水质检测结果公布',
    '全部指标合格',
    `本月对 ${chance.whole(3, 6)} 处水厂出厂水、${chance.whole(40, 90)} 个村末梢水进行抽检，浑浊度、余氯、菌落总数等指标全部合格。`,
    '下月将增加对老旧管网末端村的抽检频次。发现水质异常请及时拨打供水服务电话。',
  ],
  (_, chance) => [
    '“村村响”应急广播完成升级',
    '县、街道、村三级可直播',
    `升级后，全区大喇叭可以按区、街道、村分别播出，预警信息一秒内切入。平台本年已播出 ${chance.whole(4200, 6800)} 小时，内容包括政策、农事、防火防汛和寻人寻物。`,
    '喇叭声音小、有杂音的，请告诉村文书，广电服务站两个工作日内上门检修。',
  ],
  (_, chance) => [
    `全区粮食${chance.pick(['夏收', '秋收'])}基本结束`,
    `日投入收割机 ${chance.whole(260, 620)} 台`,
    '农机、气象、电力部门联合保障，雨前抢收，烘干点全天开机。机收损失率抽测低于国家标准。',
    '秸秆打捆离田和粉碎还田同步进行，各街道严防露天焚烧。',
  ],
  (_, chance, day) => [
    `${dayInWords(day)}起集中开展食品安全检查`,
    `重点是农村集市和校园周边`,
    `检查组抽查集市食品摊点 ${chance.whole(120, 320)} 个、小作坊 ${chance.whole(30, 80)} 家，责令整改 ${chance.whole(6, 24)} 家，抽检结果在政府网站和电视同时公布。`,
    '购买散装食品请索要凭证，发现过期变质食品可以拨打 12315。',
  ],
  (_, chance) => [
    '区人民医院专家每周下乡坐诊',
    `覆盖 ${chance.whole(4, 5)} 个街道卫生院`,
    '心内、呼吸、骨科、儿科四个科室的专家轮流到街道卫生院坐诊，挂号费、检查费按卫生院标准收取。',
    '坐诊时间表张贴在各村卫生室，需要远程会诊的由村医预约。',
  ],
  (_, chance, day) => [
    `${day.slice(0, 4)}年义务教育招生安排公布`,
    `小学新生约 ${chance.whole(3600, 5200)} 人`,
    '全区继续实行免试就近入学，学区划分保持稳定，网上登记、现场核验。',
    '随迁子女凭居住证登记，由教育部门统筹安排，不收取任何与入学挂钩的费用。',
  ],
  (_, chance) => [
    '防汛抗旱指挥部部署近期防汛工作',
    `巡查堤防 ${chance.whole(60, 180)} 公里`,
    '会议要求对水库、河道、城乡低洼地段逐一落实责任人，转移路线上墙，预警信息用大喇叭、电视、短信同时发布。',
    '群众看到预警信息请按通知转移，不要返回取物。',
  ],
  (_, chance) => [
    '全区新建高标准农田通过验收',
    `面积 ${chance.whole(28, 66) / 10} 万亩`,
    '验收组查看了机井、泵站、田间道路和林网，随机走访农户，群众满意率超过九成五。',
    '项目移交到村后，管护经费由区级和村集体共同承担，每季度公开一次。',
  ],
]

function headlines(county: County, calendar: Calendar): Affair[] {
  const chance = chanceOf('headlines')
  return [...HEADLINES, ...chance.draw(HEADLINES.slice(1), 4)].map((story, index): Affair => {
    const day = calendar.daysAgo(1 + index * 24 - chance.whole(0, Math.min(14, index * 14)))
    const [title, summary, ...paragraphs] = story(county, chanceOf('headline', index), day)
    return affair('headlines', OPEN, calendar.at(day, '18:00'), {
      kind: index % 4 === 3 ? 'notice' : 'article',
      title: index < HEADLINES.length ? title : `${title}（${periodInWords(day.slice(0, 7))}）`,
      summary,
      content: text(paragraphs),
      ...(index === 0 ? { isPinned: true } : {}),
    })
  })
}

const POLICIES = [
  [
    '农村公共设施管护办法',
    '管护',
    '村内道路、路灯、排水、广播、公厕等设施要明确产权、管护责任人和经费来源',
    '区级每年按行政村人口安排管护补助，村集体从经营收入中配套，不足部分通过一事一议筹集',
  ],
  [
    '惠民惠农补贴资金公开公示实施细则',
    '公示',
    '补贴对象、标准、面积、金额在发放前后各公示一次，公示期不少于七天',
    '公示同时在村公开栏和数字电视进行，涉及个人隐私的身份证号、银行账号不得公开',
  ],
  [
    '农村集体资产管理办法',
    '资产',
    '发包、租赁、处置集体资产须经成员（代表）大会同意，并进入农村产权交易平台',
    '合同期限、价款支付和收益分配要逐笔登记，每季度公开',
  ],
  [
    '应急广播管理实施办法',
    '应急广播',
    '应急信息发布按照分级负责的原则，任何单位和个人不得擅自占用',
    '日常播出时段为早晨、中午、傍晚，夜间除应急信息外不播出',
  ],
  [
    '支持返乡创业若干措施',
    '创业',
    '返乡人员首次创办小微企业正常经营一年以上，可以申请一次性创业补贴',
    '创业担保贷款额度提高，贴息期限最长三年',
  ],
  [
    '村级小微权力清单',
    '权力清单',
    '列出村级重大决策、工程项目、物资采购、资产处置等九类事项',
    '清单之外不得设置审批和盖章环节，违反的由街道纪工委处理',
  ],
  [
    '加强农村住房建设管理的通知',
    '建房',
    '新建、翻建住房须先批后建，施工方要有资质或经过培训',
    '三层以上住房须有设计图纸，村里发现隐患要及时上报',
  ],
  [
    '秸秆综合利用奖补办法',
    '秸秆',
    '对秸秆打捆离田、青贮饲料、粉碎还田作业按面积给予补助',
    '发现露天焚烧的，取消所在村当年评优资格',
  ],
  [
    '困难群众救助标准调整的通知',
    '救助',
    '提高最低生活保障、特困供养和孤儿基本生活保障标准',
    '调整从当月起执行，已享受对象不需要重新申请',
  ],
] as const

function policies(calendar: Calendar): Affair[] {
  return POLICIES.map(([name, short, first, second], index): Affair => {
    const chance = chanceOf('policy', index)
    const day = dayOf(calendar.months[11 - index]!, chance.whole(3, 24))
    const number = `青禾政${index % 2 === 0 ? '发' : '办发'}〔${day.slice(0, 4)}〕${chance.whole(2, 46)} 号`
    return affair('policies', { ...OPEN, matter: '规范性文件' }, calendar.at(day, '15:00'), {
      kind: 'article',
      title: `${COUNTY_NAME}${name}`,
      summary: `${number}，自印发之日起施行`,
      content: text([
        `各街道办事处，区政府各部门：《${COUNTY_NAME}${name}》已经区政府常务会议通过，现予印发，请认真执行。文号：${number}。`,
        `一、${first}。`,
        `二、${second}。`,
        `三、各街道要在三十日内组织各村（社区）学习，通过电视和大喇叭宣传${short}要求，让群众听得到、看得懂。`,
        `四、本文件自印发之日起施行，有效期五年，由${COUNTY_NAME}人民政府办公室会同主管部门解释。`,
      ]),
    })
  })
}

function explained(calendar: Calendar): Affair[] {
  return POLICIES.slice(0, 7).map(([name, short, first, second], index): Affair => {
    const chance = chanceOf('explained', index)
    const day = dayOf(calendar.months[11 - index]!, 26)
    return affair('explained', { ...OPEN, matter: '政策解读' }, calendar.at(day, '10:40'), {
      kind: 'article',
      title: `一问一答：${name}讲了什么`,
      summary: `${chance.whole(3, 5)} 分钟看懂`,
      content: text([
        `问：为什么要出台这个文件？　答：近年来群众对${short}方面的反映比较集中，起草时走访了 ${chance.whole(18, 60)} 个村，公开征求意见三十天，收到意见 ${chance.whole(26, 90)} 条，采纳 ${chance.whole(12, 25)} 条。`,
        `问：最主要的变化是什么？　答：${first}。`,
        `问：和我家有什么关系？　答：${second}。`,
        '问：不按文件办怎么办？　答：可以先向街道反映，街道七个工作日内答复；对答复不满意的，可以拨打 12345 热线，也可以在“问政面对面”里提出。',
        `解读人：主管部门政策法规科，电话 ${telephoneOf(COUNTY_CODE)}。`,
      ]),
    })
  })
}

const QUESTIONS = [
  [
    '农村道路坑洼多久能修好',
    '区交通运输局',
    '已列入本年养护计划，破损严重的先修，三个月内完成；不属于农村公路的村内道路，由街道组织一事一议项目解决',
  ],
  [
    '老年人看病报销材料太多',
    '区医疗保障局',
    '门诊慢性病实行“一次认定、长期有效”，外地票据可以通过手机上传，不用再交复印件',
  ],
  ['路灯晚上不亮、熄灯太早', '区住房和城乡建设局', '已更换控制器，熄灯时间由二十二点调整为二十三点，冬季提前开灯'],
  ['校车晚点、站点太远', '区教育和体育局', '新增两条校车线路、六个站点，家长可以在手机上看到车辆位置'],
  ['集市占道经营堵路', '区综合行政执法局', '与村里协商划定临时摊位区，逢集日交警和执法队员现场疏导'],
  ['养老院床位紧张', '区民政局', '年内改造两处街道敬老院，新增护理型床位，价格由政府指导'],
  ['农田灌溉电价不统一', '区农业农村局', '全区执行统一农业生产用电价格，村里加价的一律退还，举报电话已公布'],
  ['垃圾桶不够、清运不及时', '区环境卫生服务中心', '增配垃圾桶，重点路段由一天一运改为一天两运'],
  ['公交末班车太早', '区公共交通公司', '三条线路末班车延后四十分钟，试运行三个月后再听意见'],
  ['办证要跑好几趟', '区行政审批服务局', '企业开办、不动产登记等事项推行一窗受理，材料可以邮寄'],
] as const

function faceToFace(county: County, calendar: Calendar): Affair[] {
  return QUESTIONS.map(([question, answerer, answer], index): Affair => {
    const chance = chanceOf('face-to-face', index)
    const day = calendar.daysAgo(5 + index * 33 - chance.whole(0, Math.min(9, index * 9)))
    const [one, two] = chance.draw(county.villages, 2)
    return affair(
      'face-to-face',
      { ...OPEN, matter: '群众提问和部门答复', timeLimit: '节目播出后三个工作日内' },
      calendar.at(day, '20:30'),
      {
        kind: 'article',
        title: `第 ${60 - index} 期：${question}`,
        summary: `${answerer}现场答复`,
        content: text([
          `本期《问政面对面》邀请${answerer}负责人到场，${one!.name}、${(two ?? one!).name}等村的村民代表提问，热线同步收到问题 ${chance.whole(18, 66)} 个。`,
          `群众提问：${question}，这个问题反映了多次，什么时候能解决？`,
          `${answerer}答复：${answer}。`,
          `现场评议：${chance.whole(40, 60)} 名群众代表评议，满意 ${chance.whole(28, 38)} 票。没有达到八成满意的问题，三十天后再次上线回应。`,
          `办理进展：${chance.pick(['已办结，并回访提问人', '已完成百分之八十，本月底前办结', '方案已公布，正在组织实施'])}。`,
        ]),
      },
    )
  })
}

const GUIDES: { name: string; steps: string[]; materials: string[]; place: string; hours: string; fee: string }[] = [
  {
    name: '身份证到期换领',
    steps: ['到就近户籍窗口，不限户籍地', '采集指纹、拍照', '核对信息并签字', '领取回执，可选择邮寄'],
    materials: ['旧身份证', '户口簿（旧证遗失的）'],
    place: '区政务服务中心公安窗口或任意派出所',
    hours: '二十个工作日内领证',
    fee: '工本费 20 元',
  },
  {
    name: '个体工商户设立登记',
    steps: ['网上或窗口核名', '填写登记申请', '提交经营场所承诺', '当场领取营业执照'],
    materials: ['经营者身份证', '经营场所使用证明或承诺书'],
    place: '区政务服务中心企业开办专区',
    hours: '一个工作日',
    fee: '不收费',
  },
  {
    name: '不动产首次登记（农村房屋）',
    steps: ['村里初审并提供宅基地资料', '现场测绘', '公告十五天', '审核登簿', '领证'],
    materials: ['身份证、户口簿', '宅基地批准文件', '建房验收表'],
    place: '区政务服务中心不动产窗口',
    hours: '公告期满后五个工作日',
    fee: '证书工本费 10 元',
  },
  {
    name: '社会保障卡申领和补换',
    steps: ['到合作银行网点或社保窗口', '填写申请表并拍照', '即时制卡', '激活社保和金融功能'],
    materials: ['身份证', '近期电子照片'],
    place: '区政务服务中心社保窗口、各街道社保窗口',
    hours: '即时制卡',
    fee: '首次免费',
  },
  {
    name: '职工医保转移接续',
    steps: ['线上提交转移申请', '转出地审核', '转入地接收', '缴费年限合并计算'],
    materials: ['身份证'],
    place: '线上办理，或区政务服务中心医保窗口',
    hours: '十五个工作日',
    fee: '不收费',
  },
  {
    name: '农机购置与应用补贴申请',
    steps: ['自主选机购机', '手机上传发票和人机合影', '街道核验机具', '公示后补贴直接到账'],
    materials: ['身份证', '购机发票', '农机牌证（需要上牌的）', '银行卡'],
    place: '各街道农业综合服务中心',
    hours: '三十个工作日',
    fee: '不收费',
  },
  {
    name: '法律援助申请',
    steps: ['说明事项，填写申请表', '审查经济状况（特定事项免查）', '指派律师', '结案回访'],
    materials: ['身份证', '与事项有关的材料', '经济困难承诺书'],
    place: '区公共法律服务中心',
    hours: '三个工作日内决定',
    fee: '不收费',
  },
  {
    name: '婚姻登记预约和跨区办理',
    steps: ['手机预约', '双方到场，填写声明书', '审查登记', '当场领证'],
    materials: ['双方身份证', '两寸合影三张'],
    place: '区婚姻登记处，不限户籍地',
    hours: '当场办结',
    fee: '不收费',
  },
  {
    name: '新生儿出生一件事',
    steps: ['医院提交一张表', '落户、医保、社保卡同时申请', '各部门并联办理', '证件邮寄到家'],
    materials: ['父母身份证', '结婚证', '出生医学证明'],
    place: '助产医院或手机办理',
    hours: '五个工作日',
    fee: '不收费',
  },
  {
    name: '公积金提取（租房、购房、退休）',
    steps: ['选择提取类型', '核验信息', '确认银行卡', '资金到账'],
    materials: ['身份证', '合同或退休证明（系统查不到时）'],
    place: '区公积金服务窗口或手机办理',
    hours: '一个工作日',
    fee: '不收费',
  },
]

function guides(calendar: Calendar): Affair[] {
  const chance = chanceOf('guides')
  const day = dayOf(calendar.months[2]!, chance.whole(4, 20))
  return GUIDES.map(({ name, ...content }, index): Affair =>
    affair('guides', { ...OPEN, matter: '办事指南', audience: '办事群众' }, calendar.at(day, `10:${10 + index}`), {
      kind: 'guide',
      title: name,
      summary: `${content.steps.length} 步，${content.hours}`,
      content: { ...content, telephone: telephoneOf(COUNTY_CODE) },
    }),
  )
}

const SUBSIDIES: Elements = {
  matter: '惠民惠农补贴',
  basis: '《关于进一步加强惠民惠农财政补贴资金“一卡通”管理的指导意见》',
  timeLimit: '每季度终了后二十日内',
  audience: '全社会',
}

function subsidies(county: County, calendar: Calendar): Affair[] {
  const homes = county.villages.reduce((sum, village) => sum + village.households, 0)
  const mu = county.villages.reduce((sum, village) => sum + village.farmlandMu, 0)
  const quarterly = calendar.quarters.map((period): Affair => {
    const chance = chanceOf('county-subsidies', period)
    return affair('subsidies', SUBSIDIES, calendar.at(addDays(endOf(period), chance.whole(6, 15)), '09:00'), {
      kind: 'article',
      title: `${periodInWords(period)}惠民补贴发放情况`,
      summary: `${chance.whole(14, 22)} 项，全部“一卡通”发放`,
      period,
      content: text([
        `耕地地力保护补贴：补贴面积 ${(mu / 10_000).toFixed(2)} 万亩，每亩 125.80 元，涉及农户 ${Math.round(homes * 0.86).toLocaleString('en-US')} 户。`,
        `城乡居民基础养老金：发放 ${Math.round(homes * 0.42).toLocaleString('en-US')} 人，每人每月 186 元起。`,
        `低保和特困供养：按月发放 ${chance.whole(2100, 3600).toLocaleString('en-US')} 人。残疾人两项补贴 ${chance.whole(3200, 5200).toLocaleString('en-US')} 人。`,
        `高龄津贴：八十至八十九岁每人每月 100 元，九十至九十九岁 200 元，百岁老人 500 元。`,
        `本季度发放成功率 ${chance.whole(9952, 9996) / 100}%，没有成功的 ${chance.whole(12, 90)} 户因账号变更退回，正在联系本人更正。`,
        '每户领取明细可以在自家电视“我家补贴”里查看。',
      ]),
    })
  })
  const notices = [
    [
      '农机购置补贴机具种类和额度公布',
      '以实际公示额度为准，先购机后申请，资金用完为止',
      '发现以任何名义收取“代办费”的，请向农机部门举报',
    ],
    [
      '冬季清洁取暖补贴申报',
      '使用气代煤、电代煤的农户按实际用量补贴，由村统一核对',
      '空置房屋不补贴，新增用户请在十月底前登记',
    ],
    ['家电和电动自行车以旧换新补贴', '凭旧机交售凭证和新机发票申领，每人每类一件', '通过手机平台申领，不需要中介'],
    [
      '中小学生营养改善和资助',
      '义务教育家庭经济困难学生生活补助按学期发放到家长社保卡',
      '由学校评议、公示后上报，家长不用自己跑',
    ],
  ] as const
  return [
    ...quarterly,
    ...notices.map(([title, first, second], index): Affair => {
      const chance = chanceOf('subsidy-notice', index)
      const day = dayOf(calendar.months[1 + index * 3]!, chance.whole(5, 22))
      return affair('subsidies', { ...SUBSIDIES, timeLimit: '申报开始前公布' }, calendar.at(day, '14:20'), {
        kind: 'notice',
        title,
        summary: first,
        content: text([`${first}。`, `${second}。`, `咨询电话：${telephoneOf(COUNTY_CODE)}。${dateInWords(day)}`]),
      })
    }),
  ]
}

function emergency(county: County, calendar: Calendar): Affair[] {
  const elements: Elements = {
    matter: '应急广播和应急知识',
    basis: '《应急广播管理暂行办法》《中华人民共和国突发事件应对法》',
    timeLimit: '及时公开',
    audience: '全社会',
  }
  const make = (ago: number, title: string, summary: string, ...paragraphs: string[]): Affair =>
    affair('emergency', elements, calendar.at(calendar.daysAgo(ago), '17:30'), {
      kind: 'article',
      title,
      summary,
      content: text(paragraphs),
    })
  const chance = chanceOf('emergency')
  const minutes = chance.whole(2, 5)
  return [
    make(
      9,
      '全区应急广播演练情况通报',
      `${county.villages.length} 个村（社区）参加`,
      `${dayInWords(calendar.daysAgo(10))}上午，全区组织应急广播演练，从区级平台发出指令到村里大喇叭响起不到一秒，电视同步出现提示。`,
      `演练中 ${county.villages.length} 个村（社区）的终端逐一回执，离线终端 ${chance.whole(6, 18)} 台，广电服务站已安排检修。`,
      '演练信息均标明“演练”字样，请大家听到演练不要惊慌。',
    ),
    make(
      38,
      '大风降温天气应对情况',
      `预警持续 ${minutes * 3} 小时`,
      '区气象台发布大风蓝色预警后，应急广播在两分钟内向相关街道播出提示，提醒加固大棚、停止户外高空作业。',
      '受大风影响，个别大棚薄膜受损，农技人员已到现场指导补救，没有人员受伤。',
    ),
    make(
      74,
      '听懂预警信号：蓝黄橙红怎么分',
      '颜色越深越紧急',
      '蓝色表示一般，黄色表示较重，橙色表示严重，红色表示特别严重。大喇叭先响警笛，再播内容，重复播放到预警结束。',
      '听到红色、橙色预警，请立即停止户外活动，按照村里的安排转移，不要等、不要看。',
    ),
    make(
      120,
      '暴雨来了怎么办',
      '三条保命提示',
      '第一，危旧房屋、低洼院落不住人，听到转移通知马上走；第二，不蹚水、不过桥涵，车辆熄火立即离车；第三，断电后远离电线和配电箱。',
      '家里备一个应急包：手电、收音机、饮用水、干粮、常用药、雨衣和哨子。',
    ),
    make(
      166,
      '防火期野外用火管理通告',
      '林区和林缘一百米内',
      '防火期内，禁止在林区和林缘一百米范围内上坟烧纸、燃放鞭炮、烧荒、野炊。违反的依法处罚，引发火灾的追究刑事责任。',
      '发现火情拨打 119 或者村值班电话，先报位置，再报火势和风向。',
    ),
    make(
      231,
      '应急避难场所名单',
      `${chance.whole(26, 44)} 处`,
      '各街道中小学操场、文化广场设为应急避难场所，备有帐篷、饮用水和照明。',
      '每个村的转移路线图张贴在公开栏，联系人和电话每半年更新一次。请提前和家人走一遍路线。',
    ),
  ]
}

function affair(columnId: string, elements: Elements, publishedAt: string, words: Words): Affair {
  return { columnId, areaCode: COUNTY_CODE, publisher: GOVERNMENT, ...elements, period: '', publishedAt, ...words }
}
