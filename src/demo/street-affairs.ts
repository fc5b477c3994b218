import type { Area } from '../areas/division.ts'
import { endOf } from '../content/period.ts'
import { addDays, type LocalDate } from '../instant.ts'
import { text, type Affair, type Elements, type Words } from './affairs.ts'
import { dateInWords, dayInWords, dayOf, periodInWords, type Calendar } from './calendar.ts'
import { chanceOf, type Chance } from './chance.ts'
import { telephoneOf, type Village } from './county.ts'
import { covered, personName } from './names.ts'

/** A year of a street's affairs, in every column of the street. */
export function streetAffairs(street: Area, villages: Village[], calendar: Calendar): Affair[] {
  return [
    ...news(street, villages, calendar),
    ...keyWork(street, villages, calendar),
    ...relief(street, villages, calendar),
    ...land(street, villages, calendar),
    ...serviceCentre(street, calendar),
    ...jobs(street, calendar),
  ]
}

const NEWS: Elements = {
  matter: '街道工作动态',
  basis: '《中华人民共和国政府信息公开条例》',
  timeLimit: '信息形成之日起二十个工作日内',
  audience: '全社会',
}

type Story = (
  street: Area,
  village: Village,
  chance: Chance,
  day: LocalDate,
) => [title: string, summary: string, ...paragraphs: string[]]

const STORIES: Story[] = [
  (street, village, chance, day) => [
    `${street.name}开展重要环节防汛演练`,
    `出动 ${chance.whole(60, 180)} 人`,
    `${dayInWords(day)}，${street.name}在${village.name}河段组织防汛演练，模拟上游泄洪、低洼院落进水，检验预警、转移、安置三个环节。`,
    `演练用村里大喇叭发布预警，从发出口令到最后一户群众撤离用时 ${chance.whole(14, 26)} 分钟。街道要求各村把转移责任人、联系电话贴到户。`,
  ],
  (street, village, chance) => [
    `${street.name}组织观摩村庄环境整治`,
    `${chance.whole(10, 18)} 个村参加`,
    `观摩组先后来到${village.name}等村，看背街小巷、看坑塘排水、看农户庭院，现场打分、当场排名。`,
    `排名后三位的村说明原因和整改时限，半个月后复看。街道拿出 ${chance.whole(5, 20)} 万元奖补资金，多干多奖。`,
  ],
  (_, village, chance) => [
    `农技员下田指导${chance.pick(['小麦春管', '玉米抗倒', '大蒜追肥', '西瓜压蔓', '大棚保温'])}`,
    `服务农户 ${chance.whole(60, 260)} 户`,
    `街道农业综合服务中心组织农技员分片包村，在${village.name}田间查看苗情，讲解水肥管理和病虫害识别，发放明白纸。`,
    '需要上门指导的农户可以拨打便民服务中心电话预约，也可以让村文书代为登记。',
  ],
  (street, village, chance) => [
    `${street.name}召开居民议事会商量停车难`,
    `收集意见 ${chance.whole(12, 40)} 条`,
    `街道邀请居民代表、物业、沿街商户和交警中队坐到一起，围绕${village.name}周边早晚高峰停车难逐条商量。`,
    `会议商定：盘活闲置地块增加车位 ${chance.whole(40, 160)} 个，学校门口设即停即走区，三个月后再听一次意见。`,
  ],
  (street, village, chance) => [
    `“送戏下乡”走进${village.name}`,
    '地方戏曲专场',
    `区剧团在${village.name}文化广场演出，${chance.whole(200, 600)} 多名群众观看。演出前，街道工作人员宣讲了移风易俗和防诈骗知识。`,
    `今年${street.name}计划送戏 ${chance.whole(24, 60)} 场，每个村至少一场，场次安排在各村“通知公告”里公布。`,
  ],
  (street, _, chance) => [
    `${street.name}便民服务中心延时服务`,
    '中午不休息，周六上午照常',
    '为方便上班和赶集的群众，便民服务中心社保、医保、户籍三个窗口实行中午值班和周六上午延时服务。',
    `一个多月来，延时时段办理业务 ${chance.whole(160, 480)} 件。老人、残疾人和行动不便的群众可以预约上门。`,
  ],
  (street, village, chance) => [
    `敬老月里走访百岁老人`,
    `全街道百岁老人 ${chance.whole(3, 9)} 位`,
    `${street.name}走访慰问${village.name}等村的百岁老人，送去高龄津贴和生活用品，家庭医生现场量血压、测血糖。`,
    '八十岁以上老人可以申领高龄津贴，由本人或者亲属带身份证、社保卡到村里登记。',
  ],
  (street, _, chance) => [
    `${street.name}启动燃气安全入户检查`,
    `计划检查 ${chance.whole(1800, 5200)} 户`,
    '检查内容包括胶管、阀门、报警器和通风条件，对独居老人家庭免费更换老化胶管。',
    '检查人员佩戴工作证，检查不收费、不推销。遇到推销报警器的请拒绝并举报。',
  ],
]

function news(street: Area, villages: Village[], calendar: Calendar): Affair[] {
  const chance = chanceOf('street-news', street.code)
  const stories = [...chance.draw(STORIES, STORIES.length), ...chance.draw(STORIES, 4)]
  return stories.map((story, index): Affair => {
    const day = calendar.daysAgo(2 + index * 27 - chance.whole(0, Math.min(18, index * 18)))
    const own = chanceOf('street-story', street.code, index)
    const [title, summary, ...paragraphs] = story(street, own.pick(villages), own, day)
    return affair(street, 'street-news', NEWS, calendar.at(day, '16:50'), {
      kind: 'article',
      title: index < STORIES.length ? title : `${title}（第二批）`,
      summary,
      content: text(paragraphs),
    })
  })
}

const KEY_WORK: Elements = {
  matter: '重点工作进展',
  basis: '街道年度工作要点',
  timeLimit: '每季度终了后二十日内',
  audience: '全社会',
}

function keyWork(street: Area, villages: Village[], calendar: Calendar): Affair[] {
  const quarterly = calendar.quarters.map((period, index): Affair => {
    const chance = chanceOf('key-work', street.code, period)
    const share = 22 + index * 23
    return affair(street, 'key-work', KEY_WORK, calendar.at(addDays(endOf(period), chance.whole(5, 15)), '09:40'), {
      kind: 'article',
      title: `${periodInWords(period)}重点工作进展`,
      summary: `十项工作完成全年任务的 ${share + chance.whole(-4, 4)}%`,
      period,
      content: text([
        `道路：农村公路养护 ${chance.whole(18, 60)} 公里，硬化生产路 ${chance.whole(3, 14)} 公里，完成全年计划的 ${share}%。`,
        `供水：老旧管网改造涉及 ${chance.whole(4, 12)} 个村，已完工 ${chance.whole(1, 4)} 个村，水质检测全部合格。`,
        `集体经济：收入二十万元以上的村 ${Math.round(villages.length * 0.4) + index * 2} 个，占 ${Math.round(((villages.length * 0.4 + index * 2) / villages.length) * 100)}%。`,
        `环境整治：清理垃圾 ${chance.whole(600, 2400)} 吨，整治坑塘 ${chance.whole(5, 18)} 处。`,
        `村务公开：${villages.length} 个村（社区）全部在数字电视公开，抽查 ${chance.whole(16, 30)} 个村的票据，退回补充 ${chance.whole(2, 9)} 笔。`,
        `下一步：${chance.pick(['集中攻坚管网改造，入冬前完成回填', '汛前完成全部排水沟清淤', '抓好秋收秋种和秸秆禁烧', '做好防火和群众温暖过冬工作'])}。`,
      ]),
    })
  })
  const chance = chanceOf('projects', street.code)
  const projects = ['农村生活污水治理', '高标准农田建设', '老旧小区改造', '幸福食堂建设'].map((name, index): Affair => {
    const day = dayOf(calendar.months[2 + index * 3 - (index > 2 ? 1 : 0)]!, chance.whole(5, 24))
    const [one, two] = chance.draw(villages, 2)
    return affair(street, 'key-work', { ...KEY_WORK, matter: '重点项目' }, calendar.at(day, '10:10'), {
      kind: 'notice',
      title: `${name}项目实施情况`,
      summary: `总投资 ${chance.whole(80, 1200)} 万元`,
      content: text([
        `${street.name}${name}项目涉及${one!.name}、${(two ?? one!).name}等 ${chance.whole(3, 14)} 个村（社区），按照公开招标程序确定施工和监理单位。`,
        `目前形象进度 ${chance.whole(35, 96)}%，已拨付资金占合同价的 ${chance.whole(30, 70)}%。质量监督电话 ${telephoneOf(street.code)}。`,
        '各村选派两名村民监督员在现场，发现问题可以要求停工整改。',
      ]),
    })
  })
  return [...quarterly, ...projects]
}

const RELIEF: Elements = {
  matter: '社会救助',
  basis: '《社会救助暂行办法》',
  timeLimit: '每季度公布，审核公示七天',
  audience: '全社会，名单在本村范围公示',
}

function relief(street: Area, villages: Village[], calendar: Calendar): Affair[] {
  const quarterly = calendar.quarters.map((period): Affair => {
    const chance = chanceOf('relief', street.code, period)
    const homes = villages.length * 6 + chance.whole(0, 40)
    return affair(street, 'relief', RELIEF, calendar.at(addDays(endOf(period), chance.whole(4, 16)), '11:20'), {
      kind: 'article',
      title: `${periodInWords(period)}社会救助资金发放情况`,
      summary: `低保 ${homes} 户，特困 ${Math.round(homes / 4)} 人`,
      period,
      content: text([
        `最低生活保障：${homes} 户 ${Math.round(homes * 1.6)} 人，其中本季度新增 ${chance.whole(4, 20)} 户，退出 ${chance.whole(3, 16)} 户。农村低保标准每人每月 ${chance.pick([866, 908])} 元，按家庭人均收入补差发放。`,
        `特困人员供养：${Math.round(homes / 4)} 人，分散供养和集中供养按标准发放，照料护理补贴按自理能力三档执行。`,
        `临时救助：救助 ${chance.whole(12, 46)} 人次，其中先行救助 ${chance.whole(3, 12)} 人次，从申请到发放最快当天办结。`,
        `残疾人两项补贴：困难生活补贴 ${chance.whole(160, 420)} 人，重度护理补贴 ${chance.whole(220, 560)} 人。`,
        `资金全部通过“一卡通”社会化发放。举报和咨询电话：${telephoneOf(street.code)}。`,
      ]),
    })
  })
  const chance = chanceOf('reviews', street.code)
  const reviews = Array.from({ length: 4 }, (_, index): Affair => {
    const village = chance.pick(villages)
    const day = dayOf(calendar.months[1 + index * 3]!, chance.whole(4, 25))
    const names = Array.from({ length: chance.whole(4, 9) }, () => covered(personName(chance)))
    return affair(street, 'relief', RELIEF, calendar.at(day, '09:25'), {
      kind: 'notice',
      title: `低保和临时救助审核公示（${dayInWords(day)}）`,
      summary: `${names.length} 户，公示七天`,
      content: text([
        `经个人申请、信息核对、入户调查，${village.name}等村以下申请人符合条件，拟给予救助：${names.join('、')}。`,
        `其中${names[0]}因${chance.pick(['突发重病', '家庭成员遭遇交通事故', '房屋失火', '子女就学支出大'])}申请临时救助，拟一次性救助 ${chance.whole(8, 40) * 100} 元；其余申请最低生活保障。`,
        `公示期：${dateInWords(day)}起七天。对公示对象有异议的，请向街道社会救助窗口实名反映，我们为反映人保密。`,
      ]),
    })
  })
  return [...quarterly, ...reviews]
}

const LAND: Elements = {
  matter: '征地信息和听证',
  basis: '《中华人民共和国土地管理法》第四十七条、《自然资源听证规定》',
  timeLimit: '征收土地公告不少于三十日',
  audience: '被征地村集体和农户，全社会',
}

const WORKS = [
  '城乡供水主管道建设',
  '区道拓宽改造',
  '中心小学扩建',
  '农产品冷链物流园',
  '污水处理厂二期',
  '公交场站建设',
]

function land(street: Area, villages: Village[], calendar: Calendar): Affair[] {
  const chance = chanceOf('land', street.code)
  return chance.draw(WORKS, 3).flatMap((work, index): Affair[] => {
    const village = chance.pick(villages)
    const mu = chance.whole(120, 980) / 10
    const homes = chance.whole(9, 46)
    const price = chance.pick([58_000, 62_000, 66_500, 71_000])
    const month = calendar.months[1 + index * 3]!
    const first = dayOf(month, chance.whole(3, 12))
    const hearing = addDays(first, 36)
    const present = chance.whole(18, 60)
    const speakers = chance.whole(5, 12)
    const number = `青禾征预告〔${month.slice(0, 4)}〕${chance.whole(3, 60)} 号`
    const elements = LAND
    return [
      affair(street, 'land', elements, calendar.at(first, '10:00'), {
        kind: 'notice',
        title: `${work}拟征收土地预公告`,
        summary: `${village.name}，${mu.toFixed(1)} 亩`,
        content: text([
          `${number}：因${work}需要，拟征收${village.name}农民集体土地 ${mu.toFixed(1)} 亩（其中耕地 ${(mu * 0.82).toFixed(1)} 亩），涉及农户 ${homes} 户。`,
          '自本公告之日起，在拟征收范围内抢栽抢建的，不予补偿。土地现状调查由街道、村和农户三方共同签字确认。',
          `公告期三十日，张贴在村公开栏，同时在电视公开。咨询电话：${telephoneOf(street.code)}。`,
        ]),
      }),
      affair(street, 'land', elements, calendar.at(addDays(first, 20), '10:00'), {
        kind: 'notice',
        title: `${work}征地补偿安置方案`,
        summary: `综合地价每亩 ${price.toLocaleString('en-US')} 元`,
        content: text([
          `土地补偿费和安置补助费按区片综合地价每亩 ${price.toLocaleString('en-US')} 元执行，总额 ${Math.round(mu * price).toLocaleString('en-US')} 元；青苗补偿费每亩 ${chance.pick(['1,600', '1,800', '2,000'])} 元，地上附着物按清点结果据实补偿。`,
          `被征地农民社会保障：${homes * 2 + chance.whole(0, 20)} 人符合参保条件，缴费补贴每亩 ${chance.pick(['15,000', '18,000'])} 元，专户存储。`,
          '对方案有意见的，可以在公告期内申请听证。补偿款先存入专户，分配方案由村民会议讨论决定，分配结果逐户公开。',
        ]),
      }),
      affair(street, 'land', elements, calendar.at(addDays(hearing, 3), '15:30'), {
        kind: 'article',
        title: `${work}征地听证会纪要`,
        summary: `${present} 人参加，${speakers} 人发言`,
        content: text([
          `${dayInWords(hearing)}，听证会在${village.name}会议室举行，村民代表、街道、自然资源部门、律师和社会监督员共 ${present} 人参加，${speakers} 人发言。`,
          `提出意见 ${speakers + chance.whole(1, 5)} 条，采纳 ${speakers - chance.whole(1, 3)} 条：青苗补偿按实际作物分类计算；断头生产路由施工单位恢复；灌溉渠先改线后施工。`,
          '没有采纳的意见当场说明了理由，并书面答复提出人。听证笔录经参加人签字，可以到街道查阅。',
        ]),
      }),
    ]
  })
}

const SERVICES: { name: string; steps: string[]; materials: string[]; hours: string; window: number }[] = [
  {
    name: '城乡居民养老保险参保登记',
    steps: ['带身份证到社保窗口', '选择缴费档次', '签订银行扣款协议或手机缴费', '当场打印登记表'],
    materials: ['居民身份证', '社会保障卡', '特殊群体证明（有的话）'],
    hours: '即办',
    window: 3,
  },
  {
    name: '城乡居民医保参保和异地就医备案',
    steps: ['到医保窗口或者手机申请', '核对参保信息', '登记异地就医地点', '备案立即生效'],
    materials: ['医保电子凭证或身份证', '异地居住承诺书（长期居住的）'],
    hours: '即办',
    window: 4,
  },
  {
    name: '残疾人证新办和换领',
    steps: ['提交申请和照片', '到指定医院评定（行动不便可上门评定）', '结果公示五天', '制证，可邮寄'],
    materials: ['身份证、户口簿', '近期两寸照片', '病历资料'],
    hours: '三十个工作日',
    window: 6,
  },
  {
    name: '八十岁以上老人高龄津贴申领',
    steps: ['本人或亲属提出申请，村里可代办', '街道审核', '次月起按月发放', '每年生存认证一次（可手机认证）'],
    materials: ['身份证', '社会保障卡', '委托书（代办的）'],
    hours: '五个工作日',
    window: 5,
  },
  {
    name: '灵活就业登记和社保补贴',
    steps: ['到就业窗口登记', '填写申请表', '街道初审、区级复核', '公示后补贴到社保卡'],
    materials: ['身份证', '就业困难人员证明或离校证明', '缴费记录'],
    hours: '二十个工作日',
    window: 2,
  },
  {
    name: '生育登记和育儿补贴申请',
    steps: ['手机或者窗口填写信息', '上传结婚证、出生证明', '当场登记', '审核后补贴发到指定账户'],
    materials: ['夫妻双方身份证', '结婚证', '出生医学证明'],
    hours: '登记即办，补贴按季发放',
    window: 5,
  },
  {
    name: '退役军人优待证申领',
    steps: ['提交申请和承诺书', '信息采集、拍照', '逐级审核', '领取并激活'],
    materials: ['退役证件', '身份证', '一寸照片'],
    hours: '约四十个工作日',
    window: 7,
  },
  {
    name: '公租房和危房改造申请',
    steps: ['提出书面申请', '房屋安全鉴定（危改）', '评审小组评议并公示', '批准后签订协议', '完工验收，补助到户'],
    materials: ['申请表', '身份证、户口簿', '收入和住房情况承诺书'],
    hours: '三十个工作日',
    window: 8,
  },
]

function serviceCentre(street: Area, calendar: Calendar): Affair[] {
  const chance = chanceOf('services', street.code)
  const day = dayOf(calendar.months[1]!, chance.whole(4, 22))
  return SERVICES.map(({ name, steps, materials, hours, window }, index): Affair =>
    affair(
      street,
      'service-centre',
      {
        matter: '便民服务事项',
        basis: '本区政务服务事项清单',
        timeLimit: '事项变更之日起二十个工作日内更新',
        audience: '办事群众',
      },
      calendar.at(day, `14:${10 + index}`),
      {
        kind: 'guide',
        title: name,
        summary: `${steps.length} 步，${window} 号窗口`,
        content: {
          steps,
          materials,
          place: `${street.name}便民服务中心 ${window} 号窗口`,
          telephone: telephoneOf(street.code),
          hours: `${hours}；周一至周五 8:30–17:00，周六上午延时服务`,
          fee: '不收费',
        },
      },
    ),
  )
}

const EMPLOYERS = [
  '青禾聚源包装有限公司',
  '望海水产食品加工厂',
  '金穗面粉厂',
  '云岭纺织车间',
  '南塘智能装备厂',
  '青禾冷链物流园',
  '春晖蔬菜育苗基地',
  '锦程家政服务部',
]

function jobs(street: Area, calendar: Calendar): Affair[] {
  const elements: Elements = {
    matter: '就业信息',
    basis: '《就业服务与就业管理规定》',
    timeLimit: '随时公开',
    audience: '求职人员',
  }
  const chance = chanceOf('jobs', street.code)
  return Array.from({ length: 7 }, (_, index): Affair => {
    const day = calendar.daysAgo(4 + index * 24 - chance.whole(0, Math.min(12, index * 12)))
    if (index % 3 === 0) {
      const when = addDays(day, chance.whole(5, 12))
      return affair(street, 'jobs', elements, calendar.at(day, '09:00'), {
        kind: 'notice',
        title: `${dayInWords(when)}家门口招聘会`,
        summary: `${chance.whole(18, 46)} 家单位，岗位 ${chance.whole(300, 1100)} 个`,
        content: text([
          `时间：${dateInWords(when)} 8:30–11:30；地点：${chance.pick(['便民服务中心广场', '集贸市场北门', '文化活动中心'])}。`,
          `参加单位有${chance.draw(EMPLOYERS, 4).join('、')}等，岗位包括包装工、质检员、叉车工、缝纫工、家政和保安，月工资 ${chance.whole(34, 48) * 100}–${chance.whole(56, 88) * 100} 元。`,
          '现场设技能培训、创业贷款、工伤维权咨询台。求职、招聘都不收费。',
        ]),
      })
    }
    const employer = chance.pick(EMPLOYERS)
    const posts = chance.draw(
      ['包装工', '质检员', '叉车工', '缝纫工', '电工', '保洁员', '仓库管理员', '拣货员', '食堂帮厨'],
      3,
    )
    return affair(street, 'jobs', elements, calendar.at(day, '11:10'), {
      kind: 'article',
      title: `${employer}招聘`,
      summary: `${posts.join('、')}共 ${chance.whole(6, 40)} 人`,
      content: text([
        ...posts.map(
          (post) =>
            `${post}：${chance.whole(2, 14)} 人，${chance.whole(18, 25)}–${chance.whole(45, 58)} 岁，月工资 ${chance.whole(32, 45) * 100}–${chance.whole(48, 72) * 100} 元，${chance.pick(['两班倒', '长白班', '月休四天', '计件，多劳多得'])}。`,
        ),
        `签劳动合同，缴五险，${chance.pick(['提供午餐', '免费班车到村口', '夏季有高温补贴', '提供住宿'])}。报名请到街道就业窗口登记，或者打 ${telephoneOf(street.code)}。`,
        '用人单位要求交押金、扣身份证的，请拒绝并向劳动监察举报。',
      ]),
    })
  })
}

function affair(street: Area, columnId: string, elements: Elements, publishedAt: string, words: Words): Affair {
  return {
    columnId,
    areaCode: street.code,
    publisher: `${street.name}办事处`,
    ...elements,
    period: '',
    publishedAt,
    ...words,
  }
}
