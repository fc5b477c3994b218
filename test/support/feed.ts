import type { Feed, FeedColumn, FeedSection } from '../../src/channels/feed.ts'
import type { ContentOf, Item, Kind, LedgerLine } from '../../src/content/item.ts'
import { addSeconds } from '../../src/instant.ts'
import { COUNTY, START, STREET, VILLAGE } from './station.ts'

/** A village's feed with something of every kind in it, as composition would hand it over. */

const hash = (seed: number): string => seed.toString(16).padStart(64, 'a')

export function makeItem<K extends Kind>(
  columnId: string,
  kind: K,
  content: ContentOf[K],
  head: Partial<Omit<Item, 'kind' | 'content'>> & { id: string; title: string },
): Item {
  const item = {
    version: 1,
    columnId,
    areaCode: VILLAGE,
    householdId: null,
    summary: '',
    matter: '村级财务收支',
    basis: '《中华人民共和国村民委员会组织法》第三十条',
    timeLimit: '每月 15 日前公开上月账目',
    publisher: '柳树庄村村民委员会',
    audience: '本村全体村民',
    period: '',
    state: 'published',
    validFrom: null,
    validTo: null,
    pinnedAt: null,
    publishedAt: addSeconds(START, -86_400),
    createdAt: START,
    updatedAt: START,
    ...head,
    kind,
    content,
  }
  return item as unknown as Item
}

const PURPOSES: [string, string, number, 'income' | 'expense'][] = [
  ['村道路灯维修及电缆更换', '青禾区供电公司', 486_000, 'expense'],
  ['上级转移支付（村级组织运转经费）', '青禾街道财政所', 3_200_000, 'income'],
  ['保洁员 10 月份工资', '刘桂兰等 6 人', 1_080_000, 'expense'],
  ['村集体果园承包款', '王建国', 1_500_000, 'income'],
  ['文化广场音响维修', '润声电器维修部', 126_050, 'expense'],
  ['重阳节慰问 80 岁以上老人物资（米、面、油）', '惠民超市', 743_280, 'expense'],
  ['办公用水电费', '区自来水公司', 38_460, 'expense'],
]

export function makeLedger(id: string, period: string, title: string, linesCount = PURPOSES.length): Item {
  const lines = PURPOSES.slice(0, linesCount).map(([purpose, payee, amountCents, direction], index): LedgerLine => ({
    line: index + 1,
    date: `${period}-${String(3 + index * 4).padStart(2, '0')}`,
    direction,
    amountCents,
    payee,
    purpose,
    handler: '李春梅',
    vouchers: index === 3 ? [] : Array.from({ length: (index % 2) + 1 }, (_, number) => hash(index * 10 + number)),
  }))
  const change = lines.reduce(
    (sum, { direction, amountCents }) => sum + (direction === 'income' ? amountCents : -amountCents),
    0,
  )
  const content = { openingCents: 12_845_075, lines, closingCents: 12_845_075 + change }
  return makeItem('finance', 'ledger', content, { id, title, period })
}

const PARAGRAPHS = [
  '各位村民：为做好今冬明春农田水利建设，经村“两委”会议研究、村民代表会议表决通过，决定对村东 3.2 公里灌溉渠进行清淤和硬化，工程预算 18.6 万元，其中上级补助 12 万元，村集体自筹 6.6 万元。',
  '工程定于 2026 年 11 月 25 日开工，工期约 30 天。施工期间，东渠沿线机耕路临时封闭，请过往车辆绕行村北公路，注意安全。',
  '工程招标情况、合同、用工和材料支出将在本栏目和“财务公开”逐项逐笔公布，欢迎村民监督。对工程质量有意见的，可向村务监督委员会反映，电话 0536-7251234。',
  '村务监督委员会将全程参与材料验收、工程量核对和竣工验收，每周公布一次进度。工程款按进度支付，每一笔支出都附票据照片，村民在家里用遥控器就能查看。',
  '需要临时用水的农户，请于 11 月 24 日前到村便民服务站登记，由村里统一协调。',
]

function column(
  id: string,
  position: number,
  zh: string,
  items: Item[],
  template: FeedColumn['template'] = 'list',
): FeedColumn {
  return { id, position, name: { zh, en: id }, template, items }
}

function article(columnId: string, id: string, title: string, paragraphs = PARAGRAPHS.slice(0, 2)): Item {
  return makeItem(columnId, 'article', { paragraphs, pictures: [] }, { id, title })
}

const county: FeedSection = {
  id: 'county',
  name: { zh: '区级', en: 'County' },
  areaCode: COUNTY,
  areaName: '青禾区',
  columns: [
    column('news', 1, '要闻公告', [article('news', 'n1', '青禾区今冬明春农田水利建设动员会召开')]),
    column('policies', 2, '政策文件', [
      article('policies', 'p1', '关于做好 2026 年度城乡居民基本医疗保险缴费工作的通知'),
    ]),
    column('policy-explained', 3, '政策解读', [
      makeItem(
        'policy-explained',
        'video',
        { videoHash: null, posterHash: hash(900), seconds: 185, description: PARAGRAPHS.join('') },
        { id: 'v1', title: '三分钟看懂医保缴费新政策', summary: '今年缴费标准、时间和三种缴费办法，一次讲清楚。' },
      ),
    ]),
    column('face-to-face', 4, '问政面对面', []),
    column(
      'guides',
      5,
      '办事指南',
      [
        makeItem(
          'guides',
          'guide',
          {
            steps: [
              '到村便民服务站领取并填写申请表',
              '村委会核实并公示 7 天',
              '街道民政办审核',
              '区民政局审批，资金打入“一卡通”',
            ],
            materials: ['身份证、户口簿原件及复印件', '家庭收入证明', '残疾证（有残疾人的家庭）'],
            place: '青禾街道便民服务中心 3 号窗口',
            telephone: '0536-7251234',
            hours: '周一至周五 9:00–17:00',
            fee: '不收费',
          },
          { id: 'g1', title: '最低生活保障申请' },
        ),
      ],
      'guide',
    ),
    column('subsidies', 6, '惠民补贴', [article('subsidies', 'b1', '2026 年耕地地力保护补贴发放公告')]),
    column('emergency', 7, '应急广播', []),
  ],
}

const street: FeedSection = {
  id: 'street',
  name: { zh: '街道', en: 'Street' },
  areaCode: STREET,
  areaName: '青禾街道',
  columns: [
    column('street-news', 1, '街道动态', [article('street-news', 'sn1', '青禾街道开展冬季消防安全进村入户宣传')]),
    column('street-work', 2, '重点工作', []),
    column('relief', 3, '社会救助公示', [article('relief', 'r1', '2026 年四季度临时救助对象公示')]),
    column('land', 4, '征地与听证', []),
    column('service', 5, '便民服务中心', []),
    column('jobs', 6, '就业招聘', [article('jobs', 'j1', '青禾产业园招聘普工 120 名，包吃住')]),
  ],
}

const ledgers = ['2026-10', '2026-09', '2026-08', '2026-07', '2026-06', '2026-05', '2026-04', '2026-03'].map(
  (period, index) =>
    makeLedger(
      `l${period}`,
      period,
      `柳树庄村 2026 年 ${10 - index} 月份财务收支明细`,
      index === 0 ? PURPOSES.length : 2,
    ),
)

const community: FeedSection = {
  id: 'community',
  name: { zh: '村居', en: 'Village' },
  areaCode: VILLAGE,
  areaName: '柳树庄村',
  columns: [
    column('party', 1, '党务公开', [article('party', 'pa1', '柳树庄村党支部 2026 年发展党员公示')]),
    column('village-affairs', 2, '村务公开', [
      makeItem(
        'village-affairs',
        'notice',
        { paragraphs: PARAGRAPHS, pictures: [hash(500), hash(501)] },
        {
          id: 'va0',
          title: '关于村东灌溉渠清淤硬化工程的公告',
          pinnedAt: START,
          publishedAt: addSeconds(START, -3600),
        },
      ),
      ...Array.from({ length: 8 }, (_, index) =>
        article(
          'village-affairs',
          `va${index + 1}`,
          `村务公开第 ${index + 1} 号：宅基地审批和公益事业建设进展情况说明（按村民代表会议决议）`,
        ),
      ),
    ]),
    column('finance', 3, '财务公开', ledgers, 'ledger'),
    column('assets', 4, '集体三资', [], 'ledger'),
    column('small-powers', 5, '小微权力', [], 'guide'),
    column('decisions', 6, '议事决策', [article('decisions', 'd1', '第三次村民代表会议纪要')]),
    column('heard-again', 7, '村村响回听', []),
    column('notices', 8, '通知公告', [article('notices', 'no1', '本周六停水通知')]),
  ],
}

export const HOUSEHOLD = 'h-0001'

const household: FeedSection = {
  id: 'household',
  name: { zh: '我家', en: 'My home' },
  areaCode: VILLAGE,
  areaName: '柳树庄村',
  columns: [
    column(
      'my-subsidies',
      1,
      '我家补贴',
      [
        makeItem(
          'my-subsidies',
          'ledger',
          {
            openingCents: 0,
            lines: [
              {
                line: 1,
                date: '2026-06-18',
                direction: 'income',
                amountCents: 68_750,
                payee: '区财政局',
                purpose: '耕地地力保护补贴',
                handler: '一卡通',
                vouchers: [],
              },
            ],
            closingCents: 68_750,
          },
          { id: 'private1', title: '我家 2026 年补贴', householdId: HOUSEHOLD, period: '2026' },
        ),
      ],
      'ledger',
    ),
    column('my-applications', 2, '我家办事', []),
    column('my-requests', 3, '我的诉求', []),
    column('my-messages', 4, '我家消息', []),
  ],
}

/** The public feed, or with the household's own section. */
export function makeFeed(householdId: string | null = null): Feed {
  return {
    areaCode: VILLAGE,
    areaName: '柳树庄村',
    householdId,
    sections: householdId === null ? [county, street, community] : [county, street, community, household],
    etag: 'one',
    changesAt: null,
  }
}
