import type { Chance } from './chance.ts'

/** Names that nobody in particular bears: common surnames with common given names, thrown together by chance. */

export const SURNAMES = Array.from(
  '王李张刘陈杨赵黄周吴徐孙马朱胡郭何高林郑谢罗梁宋唐许韩冯邓曹彭曾萧田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范石廖贾韦付方邹熊白孟秦邱侯尹薛闫段雷龙陶毛邵万顾贺龚钱',
)

const GIVEN_MALE =
  '建军 志刚 永福 文斌 立新 玉林 春生 海涛 德顺 长河 兴旺 广财 金山 宝田 守信 传友 云峰 学礼 光明 庆丰 树林 福来 洪亮 新民 大勇 成林 玉柱 万里 景明 安邦 增产 来顺 向阳 学农 召平 同心 继先 连喜 士林 敬业'.split(
    ' ',
  )
const GIVEN_FEMALE =
  '秀兰 玉梅 春梅 丽华 海燕 桂英 红霞 爱华 淑珍 凤英 雪芹 玉兰 彩云 翠萍 美玲 素芳 金凤 月娥 瑞香 兰英 巧云 晓燕 冬梅 慧敏 文静 银花 敏芝 小凤 玉娟 艳芳'.split(
    ' ',
  )

export function personName(chance: Chance, surname?: string): string {
  return (surname ?? chance.pick(SURNAMES)) + chance.pick(chance.happens(0.6) ? GIVEN_MALE : GIVEN_FEMALE)
}

/** A name as a public list may show it: the middle character is covered. */
export function covered(name: string): string {
  return name.length < 3 ? `${name[0]}*` : `${name[0]}*${name.slice(2)}`
}

/** A mobile number with its middle covered, of a range that no carrier has given out. */
export function coveredTelephone(chance: Chance): string {
  return `1${chance.pick(['39', '58', '86'])}****${chance.whole(1000, 9999)}`
}

const VILLAGE_STEMS =
  '三里 五里 八里 柳行 槐树 桃园 枣林 杏花 石榴 苇湾 芦荡 沙窝 龙泉 凤凰 月河 清水 白鹭 雁翎 太平 永安 长兴 仁和 新兴 丰产 双槐 古井 砚台 牌坊 茶棚 渡口 望河 临河 上湖 下湖 青石 黄土 高坡 平川 花园 粉坊 油坊 纸坊 铁匠 马场 羊栏 鹿台 鹤鸣 莲池 菱角 稻香 麦场 棉厂 盐滩 海眼 潮头 葛藤 荆条 榆钱 梧桐 银杏 松林 柏山 竹园 栗子 核桃 山楂'.split(
    ' ',
  )
const STEM_ENDS = ['庄村', '村', '店村', '屯村', '沟村', '湾村', '桥村']
const SURNAME_ENDS = [
  '家庄村',
  '家村',
  '家屯村',
  '家埠村',
  '家洼村',
  '家河村',
  '家疃村',
  '家官庄村',
  '家沟村',
  '家营村',
  '家堡村',
  '家岭村',
]
const SIDES = [
  ['东', '西'],
  ['南', '北'],
  ['前', '后'],
  ['大', '小'],
]

/** Names of villages, none of them in `taken`: families, landmarks, and twins on two sides of a road. */
export function villageNames(chance: Chance, count: number, taken: Set<string>): string[] {
  const names: string[] = []
  const add = (name: string): void => {
    if (taken.has(name) || names.length >= count) return
    taken.add(name)
    names.push(name)
  }
  while (names.length < count) {
    const landmark = chance.pick(VILLAGE_STEMS)
    const stem = chance.happens(0.62)
      ? chance.pick(SURNAMES) + chance.pick(SURNAME_ENDS)
      : landmark + chance.pick(STEM_ENDS.filter((end) => !landmark.endsWith(end[0]!)))
    if (chance.happens(0.13)) {
      for (const side of chance.pick(SIDES)) add(side + stem)
    } else if (chance.happens(0.05)) {
      const family = stem.replace(/村$/, '')
      for (const order of ['一', '二', '三']) add(`${family}${order}村`)
    } else add(stem)
  }
  return names
}

export const COMMUNITY_NAMES =
  '文昌 春晓 青禾里 学府 凤鸣 滨河 锦绣 祥和 银河 康宁 朝阳 盛世 南塘里 荷风 明月 书香 安居 福星 云岭里 松涛 清泉 望海里 海棠 渔港 潮音 金穗里 麦香 丰泽 兴业 友谊'
    .split(' ')
    .map((name) => `${name}社区`)

/** Made-up businesses around a street: where its villages buy and who works for them. */
export const SHOPS = {
  stationery: ['文华办公用品店', '博雅文具行', '启明图文快印部'],
  hardware: ['顺达五金建材店', '众鑫五金机电部', '永固建材经营部'],
  electrics: ['亮辉灯具电料行', '佳明电器商行'],
  fuel: ['青禾第二加油站', '南郊加油站', '云岭加油站'],
  farm: ['丰收农资经营部', '惠农种子化肥店', '沃土农资超市'],
  building: ['青禾恒基建筑工程队', '云岭路桥养护队', '鑫源水利工程队', '同力安装工程队'],
  machine: ['富民农机合作社', '大田农机服务队'],
  cleaning: ['洁净环卫服务部', '绿源保洁服务部'],
  print: ['彩虹广告制作部', '新视角广告设计部'],
  food: ['福满园超市', '邻家生活超市', '天天鲜粮油店'],
  green: ['春晖苗木场', '绿野园林苗圃'],
} as const
