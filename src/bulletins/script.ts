import { simplified } from '../equipment/simplified.ts'
import { invalid } from '../errors.ts'
import { callDigitsInWords, counted, digitsInWords, integerInWords, numberInWords, yuanInWords } from './numerals.ts'

/**
 * From the words of a bulletin to what a voice is given: Chinese characters and pauses, nothing else. A voice reads characters;
 * how numbers, dates, telephone numbers, units and letters are read is decided here, once for all voices, as an announcer would.
 */

/** The most characters a text may have, and the most its script may become. */
export const TEXT_LIMIT = 4000
export const SCRIPT_LIMIT = 16_000

/** A pattern and what its match is read as. Each leaves characters behind, so that no later one sees the match again. */
type Reading = [pattern: RegExp, read: (match: string, ...groups: string[]) => string]

// A number as it is written: with or without thousands commas and decimals.
const N = String.raw`(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?`
const TO = String.raw`\s*(?:[-~～—–―]{1,2}|至|到)\s*`
const ALONE = String.raw`(?<![\d.])`

const MEASURES =
  '个|位|名|户|家|条|件|台|辆|只|头|匹|棵|株|亩|斤|公斤|千克|克|吨|升|毫升|米|厘米|毫米|公里|千米|平方米|平方公里|立方米|公顷|小时|分钟|秒|天|千|百(?!分)|' +
  '周(?!岁|年)|年(?!级)|次|遍|种(?!植|子)|项|本|张|份|套|箱|桶|袋|瓶|支(?!部)|剂|针|粒|颗|间|座|所|处|元|角|块|万|亿|千瓦|倍|成|批|岁|人|艘|片|组织|场|部|段|顿|回|星期|礼拜|口|堆|排|点'

const UNITS: [pattern: string, name: string][] = [
  ['km/h', '公里每小时'],
  ['m/s', '米每秒'],
  [String.raw`km\^2|km2`, '平方公里'],
  [String.raw`hm\^2|hm2`, '公顷'],
  [String.raw`cm\^2|cm2`, '平方厘米'],
  [String.raw`m\^2|m2`, '平方米'],
  [String.raw`cm\^3|cm3`, '立方厘米'],
  [String.raw`m\^3|m3`, '立方米'],
  ['kW[·.]?h', '千瓦时'],
  ['km', '公里'],
  ['cm', '厘米'],
  ['mm', '毫米'],
  ['kg|KG|Kg', '公斤'],
  ['mg', '毫克'],
  ['ml|mL|ML', '毫升'],
  ['kW', '千瓦'],
  ['kV', '千伏'],
  ['MHz', '兆赫'],
  ['Hz', '赫兹'],
  ['hPa', '百帕'],
  ['dB', '分贝'],
  ['min', '分钟'],
  ['g', '克'],
  ['t', '吨'],
  ['L', '升'],
  ['m', '米'],
  ['V', '伏'],
  ['h', '小时'],
  ['s', '秒'],
]
const UNIT = UNITS.map(([pattern]) => pattern).join('|')

function unitName(written: string): string {
  return UNITS.find(([pattern]) => new RegExp(`^(?:${pattern})$`).test(written))![1]
}

const LETTERS: Record<string, string> = {
  A: '诶',
  B: '必',
  C: '西',
  D: '弟',
  E: '衣',
  F: '艾弗',
  G: '基',
  H: '艾尺',
  I: '爱',
  J: '杰',
  K: '开',
  L: '艾勒',
  M: '艾姆',
  N: '恩',
  O: '欧',
  P: '批',
  Q: '丘',
  R: '阿尔',
  S: '艾斯',
  T: '踢',
  U: '优',
  V: '维',
  W: '达不溜',
  X: '艾克斯',
  Y: '歪',
  Z: '贼德',
}

function lettersInWords(letters: string): string {
  return Array.from(letters.toUpperCase(), (letter) => LETTERS[letter] ?? letter).join('')
}

/** Letters and digits of a number plate or a code, each for itself. */
function codeInWords(code: string): string {
  return lettersInWords(code.replaceAll(/[^A-Za-z\d]/g, '')).replaceAll(/\d+/g, callDigitsInWords)
}

/** Digits in groups with a pause between, as a number is dictated: 3-4-4 for eleven, 3-4 for seven, else in fours. */
function dictated(digits: string): string {
  const groups =
    digits.length === 11 && digits.startsWith('1')
      ? [digits.slice(0, 3), digits.slice(3, 7), digits.slice(7)]
      : digits.length === 7
        ? [digits.slice(0, 3), digits.slice(3)]
        : digits.length <= 6
          ? [digits]
          : digits.match(/\d{1,4}/g)!
  return groups.map(callDigitsInWords).join('，')
}

function callNumber(text: string): string {
  return text
    .split(/[-\s]+/)
    .filter((part) => part !== '')
    .map(dictated)
    .join('，')
}

function timeInWords(hour: string, minute: string, second?: string): string {
  const clock = `${counted(String(Number(hour)))}点`
  if (second !== undefined && second !== '00') return clock + clockPart(minute, '分') + clockPart(second, '秒')
  return minute === '00' ? clock : clock + clockPart(minute, '分')
}

/** Minutes and seconds below ten are read with 零: 8:05 八点零五分. */
function clockPart(value: string, name: string): string {
  return `${value.startsWith('0') ? `零${integerInWords(value[1]!)}` : integerInWords(value)}${name}`
}

const HOUR = '([01]?\\d|2[0-4])'
const MINUTE = '([0-5]\\d)'
const CLOCK = `${HOUR}[:：]${MINUTE}(?:[:：]${MINUTE})?(?![\\d:：])`

const dateInWords = (year: string, month: string, day: string): string =>
  `${digitsInWords(year)}年${integerInWords(String(Number(month)))}月${integerInWords(String(Number(day)))}日`

const isMonth = (text: string): boolean => Number(text) >= 1 && Number(text) <= 12
const isDay = (text: string): boolean => Number(text) >= 1 && Number(text) <= 31

function temperature(sign: string, value: string): string {
  return `${sign === '' ? '' : '零下'}${numberInWords(value)}摄氏度`
}

const PROVINCES = '京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼'
const CALLING = '(?:电话|手机|热线|专线|拨打|致电|拨|号码|联系方式|报警|举报|传真|短信至|呼叫)'
// Between "telephone" and its number: 是, a colon, whose it is.
const SAID = String.raw`[是为]?[:：,，]?\s?(?:\p{Script=Han}{0,4}[:：])?`
const CALL = `\\d{3,12}(?:-\\d{1,8})?(?!\\d|\\.\\d|,\\d{3}|\\s?(?:${MEASURES.replace('|点', '')}))`
const CALLED = '(?:急救|报警|火警|匪警|热线|市民热线|政务服务|服务热线|电话|专线|客服|平台(?=投诉|举报|反映|咨询))'
const NUMBERED =
  '(?:编号|证号|账号|帐号|卡号|户号|批号|尾号|代码|密码|邮编|学号|工号|单号|房号|门牌号?|验证码|频道号|识别码|身份证号?码?|许可证)'
const KNOWN_NUMBERS =
  '12119|12123|12306|12309|12315|12316|12317|12318|12319|12320|12321|12328|12329|12333|12337|12338|12339|12345|12348|12350|12355|12356|12358|12366|12367|12368|12369|12377|12378|12379|12380|12381|12388|12389|12393|12395|12398|95598|95533|95566|95588|95599|95580|10086'

const ROMAN: Record<string, string> = {
  I: '一',
  II: '二',
  III: '三',
  IV: '四',
  V: '五',
  VI: '六',
  VII: '七',
  VIII: '八',
}

const READINGS: Reading[] = [
  // What only the eye can use.
  [/(?:https?:\/\/|www\.)[\w\-./?%&=#:+~@!$*,;]+/gi, () => '网址'],
  [/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, () => '电子邮箱'],

  // Identity cards, number plates, and codes that are named as such.
  [
    /(?<!\d)\d{17}[\dXx](?![\dA-Za-z])/g,
    (match) => [match.slice(0, 6), match.slice(6, 14), match.slice(14)].map(codeInWords).join('，'),
  ],
  [
    new RegExp(`([${PROVINCES}])([A-Za-z])\\s?[·•・.\\- ]?\\s?([A-Za-z\\d]{5,6})(?![A-Za-z\\d])`, 'g'),
    (_, province, city, rest) => `${province}${codeInWords(city)}，${codeInWords(rest)}`,
  ],
  [
    new RegExp(`(${NUMBERED})([为是]?[:：]?\\s?)([A-Za-z\\d][A-Za-z\\d\\-]*)`, 'g'),
    (_, name, between, code) =>
      `${name}${between}${code.length > 8 && /^\d+$/.test(code) ? dictated(code) : codeInWords(code)}`,
  ],

  // Dates and years.
  [
    new RegExp(`${ALONE}((?:19|20)\\d\\d)-(\\d{2})-(\\d{2})(?=\\d{1,2}[:：]\\d{2})`, 'g'),
    (match, year, month, day) => (isMonth(month) && isDay(day) ? dateInWords(year, month, day) : match),
  ],
  [
    new RegExp(`${ALONE}((?:19|20)\\d\\d)([-/.])(\\d{1,2})\\2(\\d{1,2})(?!\\d|[-/.]\\d)`, 'g'),
    (match, year, _, month, day) => (isMonth(month) && isDay(day) ? dateInWords(year, month, day) : match),
  ],
  [
    new RegExp(`${ALONE}((?:19|20)\\d\\d)${TO}((?:19|20)\\d\\d)(?=年|学年|年度)`, 'g'),
    (_, from, to) => `${digitsInWords(from)}至${digitsInWords(to)}`,
  ],
  [
    new RegExp(`${ALONE}((?:19|20)\\d\\d)[-/](0[1-9]|1[0-2])(?![\\d\\-/])(?!年)`, 'g'),
    (_, year, month) => `${digitsInWords(year)}年${integerInWords(String(Number(month)))}月`,
  ],
  [/([〔[(（])((?:19|20)\d\d)(?=[〕\])）])/g, (_, bracket, year) => `${bracket}${digitsInWords(year)}`],
  [new RegExp(`${ALONE}((?:19|20)\\d\\d)(?=\\s?(?:年|级(?!别)|届|版|学年))`, 'g'), (_, year) => digitsInWords(year)],
  [
    new RegExp(`${ALONE}(\\d{2})/(\\d{2})(?![\\d/])`, 'g'),
    (match, month, day) =>
      isMonth(month) && isDay(day)
        ? `${integerInWords(String(Number(month)))}月${integerInWords(String(Number(day)))}日`
        : match,
  ],
  [
    new RegExp(`${ALONE}(\\d{1,2})/(\\d{1,2})(?=[日号前起晚早]|上午|下午|截止|之前|以前)`, 'g'),
    (match, month, day) =>
      isMonth(month) && isDay(day)
        ? `${integerInWords(String(Number(month)))}月${integerInWords(String(Number(day)))}日`
        : match,
  ],
  [/(?<!\d)([5-9])0后(?!天|续|期|面|来)/g, (_, digit) => `${digitsInWords(digit)}零后`],
  [/(?<!\d)00后(?!天|续|期|面|来)/g, () => '零零后'],

  // Times of day.
  [
    new RegExp(`${ALONE}${CLOCK}${TO}${CLOCK}`, 'g'),
    (_, h1, m1, s1, h2, m2, s2) => `${timeInWords(h1, m1, s1)}至${timeInWords(h2, m2, s2)}`,
  ],
  [new RegExp(`${ALONE}${CLOCK}`, 'g'), (_, hour, minute, second) => timeInWords(hour, minute, second)],
  [new RegExp(`${ALONE}(\\d+)[:：](\\d+)(?![\\d:：])`, 'g'), (_, a, b) => `${integerInWords(a)}比${integerInWords(b)}`],

  // Telephone numbers.
  [/(?<!\d)(?:\+?86[- ]?)(?=1[3-9]\d{9})/g, () => ''],
  [/(?<!\d)(1[3-9]\d)[- ]?(\d{4})[- ]?(\d{4})(?!\d)/g, (_, a, b, c) => dictated(`${a}${b}${c}`)],
  [
    /(?<!\d)[(（]?(0\d{2,3})[)）]?[- ]?(\d{7,8})(?:(?:[-—]|转)(\d{1,5}))?(?!\d)/g,
    (_, area, number, extension) =>
      `${dictated(area)}，${dictated(number)}${extension ? `，转${callDigitsInWords(extension)}` : ''}`,
  ],
  [/(?<!\d)([48]00)[- ]?(\d{3,4})[- ]?(\d{3,4})(?!\d)/g, (_, a, b, c) => [a, b, c].map(callDigitsInWords).join('，')],
  [
    new RegExp(`(?<=${CALLING})(${SAID})((?<!\\d)${CALL}(?:\\s?[、或和及/,，]\\s?${CALL})*)`, 'gu'),
    (_, between, numbers) => between + numbers.replaceAll(new RegExp(CALL, 'g'), callNumber),
  ],
  [new RegExp(`(?<![\\d.])(\\d{3,6})(?=${CALLED})`, 'g'), (match) => callNumber(match)],
  [new RegExp(`(?<![\\d.,])(${KNOWN_NUMBERS})(?=[、或和及/,，。；;！!\\s)）]|$)`, 'g'), (match) => callNumber(match)],

  // Other long runs of digits, unless a measure or round thousands make a quantity of them.
  [
    new RegExp(`(?<![\\d.,])(?!\\d*0{4}(?!\\d))\\d{9,}(?![\\d.,]|\\s?(?:${MEASURES}))`, 'g'),
    (match) => dictated(match),
  ],
  [/(?<![\d.,])0(\d)(?=[时点月日号])/g, (_, digit) => integerInWords(digit)],
  [/(?<![\d.,])0(\d)(?=[分秒])/g, (_, digit) => `零${integerInWords(digit)}`],
  [/(?<![\d.,])0\d+(?![\d.])/g, (match) => callDigitsInWords(match)],

  // Places and ways whose numbers are names.
  [/(?<!\d)\d{3,4}(?=室|房间|病房|教室|办公室|诊室|号房)/g, (match) => callDigitsInWords(match)],
  [/(?<!\d)\d{3}(?=国道|省道|县道|路公交|路车|路(?:$|[，。、；到往开停]))/g, (match) => callDigitsInWords(match)],
  [
    /(?<!\d)\d+(?:-\d+){2,}(?!\d)/g,
    (match) =>
      match
        .split('-')
        .map((part) => (part.length > 2 ? callDigitsInWords(part) : integerInWords(part)))
        .join('杠'),
  ],

  // Money.
  [
    new RegExp(`[¥￥]\\s?(${N})\\s?(万|亿|千)?元?`, 'g'),
    (_, amount, unit) => (unit ? `${counted(amount)}${unit}元` : yuanInWords(amount)),
  ],
  [new RegExp(`\\$\\s?(${N})\\s?(万|亿)?(?:美元)?`, 'g'), (_, amount, unit) => `${counted(amount)}${unit ?? ''}美元`],
  [new RegExp(`${ALONE}(${N})${TO}(${N})\\s?元`, 'g'), (_, from, to) => `${yuanInWords(from)}至${yuanInWords(to)}`],
  [new RegExp(`${ALONE}(${N})\\s?元`, 'g'), (_, amount) => yuanInWords(amount)],

  // Shares, temperatures.
  [
    new RegExp(`${ALONE}(${N})%?${TO}(${N})%`, 'g'),
    (_, from, to) => `百分之${numberInWords(from)}至百分之${numberInWords(to)}`,
  ],
  [new RegExp(`${ALONE}(${N})%`, 'g'), (_, share) => `百分之${numberInWords(share)}`],
  [new RegExp(`${ALONE}(${N})‰`, 'g'), (_, share) => `千分之${numberInWords(share)}`],
  [
    new RegExp(`${ALONE}([-−]?)(${N})(?:°C)?(?:[~～—–―]|至|到|-(?=-))([-−]?)(${N})(?:°C|摄氏度)`, 'g'),
    (_, s1, from, s2, to) => `${temperature(s1, from)}至${temperature(s2, to)}`,
  ],
  [new RegExp(`${ALONE}(${N})-(${N})°C`, 'g'), (_, from, to) => `${temperature('', from)}至${temperature('', to)}`],
  [new RegExp(`${ALONE}([-−]?)(${N})\\s?(?:°C|摄氏度)`, 'g'), (_, sign, value) => temperature(sign, value)],
  [/°C/g, () => '摄氏度'],

  // Quantities with units.
  [
    new RegExp(`${ALONE}(${N})${TO}(${N})\\s?(${UNIT})(?![A-Za-z])`, 'g'),
    (_, from, to, unit) => `${counted(from)}至${counted(to)}${unitName(unit)}`,
  ],
  [
    new RegExp(`${ALONE}(${N})\\s?(${UNIT})(?![A-Za-z])`, 'g'),
    (_, amount, unit) => `${counted(amount)}${unitName(unit)}`,
  ],
  [/(?:No\.?|NO\.?|№)\s?(\d+)/g, (_, number) => `第${integerInWords(number)}号`],
  // Codes of letters and digits.
  [
    /[A-Za-z]+[-·]?\d+(?:\.\d+)?(?:[A-Za-z\d]*)/g,
    (match) => (match.includes('.') ? match.replaceAll(/\d+\.\d+/g, numberInWords) : codeInWords(match)),
  ],

  // Ordinals, fractions, ranges and counts.
  [
    new RegExp(`第(\\d+)${TO}(?:第)?(\\d+)`, 'g'),
    (_, from, to) => `第${integerInWords(from)}至第${integerInWords(to)}`,
  ],
  [/第\s?(\d+)/g, (_, number) => `第${integerInWords(number)}`],
  [new RegExp(`${ALONE}(\\d+)/(\\d+)(?![\\d/])`, 'g'), (_, a, b) => `${integerInWords(b)}分之${integerInWords(a)}`],
  [new RegExp(`(?<![\\d.])(\\d{1,2})[·•・](\\d{1,2})(?!\\d)`, 'g'), (_, a, b) => digitsInWords(`${a}${b}`)],
  [
    new RegExp(`${ALONE}(${N})${TO}(${N})(?=\\s?(?:${MEASURES}))`, 'g'),
    (_, from, to) => `${counted(from)}至${counted(to)}`,
  ],
  [new RegExp(`${ALONE}(${N})${TO}(${N})`, 'g'), (_, from, to) => `${numberInWords(from)}至${numberInWords(to)}`],
  [new RegExp(`${ALONE}(${N})(?=\\s?(?:${MEASURES}))`, 'g'), (_, amount) => counted(amount)],

  // Signs before numbers, then what numbers are left.
  [/(?<=^|[^\p{Script=Han}\dA-Za-z)）])[-−](?=\d)/gu, () => '负'],
  [/\+(?=\d)/g, () => '加'],
  [/(\d+)\^(\d+)/g, (_, base, power) => `${integerInWords(base)}的${integerInWords(power)}次方`],
  [/\d+(?:\.\d+){2,}/g, (match) => match.split('.').map(integerInWords).join('点')],
  [new RegExp(N, 'g'), (match) => numberInWords(match)],
  [/\d+/g, (match) => integerInWords(match)],

  // Degrees of an alarm in Roman numerals; then all other letters by name.
  [/(?<![A-Za-z])(VIII|VII|VI|IV|V|III|II|I)(?=级)/g, (_, roman) => ROMAN[roman]!],
  [/[A-Za-z]+/g, (match) => lettersInWords(match)],
]

/** Signs that are words. */
const SIGNS: [RegExp, string][] = [
  [
    /(?<=元|角|分|斤|吨|米|里|时|次|户|人|个|亩|升|克|日|天|月|年|立方米|平方米|千瓦时|顷)\s?\/\s?(?=\p{Script=Han})/gu,
    '每',
  ],
  [/\^二/g, '平方'],
  [/\^三/g, '立方'],
  [/±/g, '正负'],
  [/×/g, '乘'],
  [/÷/g, '除以'],
  [/[=＝]/g, '等于'],
  [/[≤≦]/g, '小于等于'],
  [/[≥≧]/g, '大于等于'],
  [/[<＜](?=\p{Script=Han})/gu, '小于'],
  [/[>＞](?=\p{Script=Han})/gu, '大于'],
  [/&/g, '和'],
  [/%/g, '百分'],
  [/°/g, '度'],
  [/[+＋]/g, '加'],
  [/[〇○◯]/g, '零'],
]

/** Marks of writing as pauses of speech. What is no character and no pause afterwards is left out. */
const PAUSES: [RegExp, string][] = [
  [/\r\n?|[\u2028\u2029\v\f]/g, '\n'],
  [/\.{3,}|…+/g, '。'],
  [/[.．｡](?=\s|$|\p{Script=Han})/gu, '。'],
  [/[!！]/g, '！'],
  [/[?？]/g, '？'],
  [/[;；]/g, '；'],
  [/[:：]/g, '：'],
  [/[,，﹐]/g, '，'],
  [/[—–―]+|-{2,}/g, '，'],
  [/(?<=\p{Script=Han})[~～-](?=\p{Script=Han})/gu, '至'],
  [/[()（）[\]【】{}〔〕]/g, '，'],
  [/(?<=\p{Script=Han})\s?\/\s?(?=\p{Script=Han})/gu, '、'],
  [/[^\S\n]{2,}|[\t\u3000]/g, '，'],
  [/[^\p{Script=Han}，。！？；：、\n]/gu, ''],
]

/** Circled and Roman numerals number a list; superscripts are powers. */
const SHAPES: [RegExp, (match: string) => string][] = [
  [/[①-⑳]/g, (match) => `${match.charCodeAt(0) - 0x24_60 + 1}、`],
  [/[Ⅰ-Ⅻ]/g, (match) => String(match.charCodeAt(0) - 0x21_60 + 1)],
  [/㎡/g, () => 'm^2'],
  [/²/g, () => '^2'],
  [/³/g, () => '^3'],
]

/** Full-width forms as plain ones, letters without accents; punctuation stays as it is written. */
function plain(text: string): string {
  return text
    .replaceAll(/[^，。！？；：（）、…—～\n\s]+/gu, (run) => run.normalize('NFKC'))
    .normalize('NFD')
    .replaceAll(/(?<=\p{Script=Latin})\p{Mn}+/gu, '')
    .normalize('NFC')
}

/**
 * What the voice is given. Throws `invalid` on control characters, on a text of more than 4,000 characters, and on one in which
 * nothing can be spoken. The answer holds only Chinese characters, `，。！？；：、` and line breaks, and is its own script.
 */
export function scriptOf(text: string, field = 'text'): string {
  if (text.length > TEXT_LIMIT) {
    throw invalid(field, `播报文本超过 ${TEXT_LIMIT} 字`, `The text is longer than ${TEXT_LIMIT} characters`)
  }
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u0008\u000E-\u001F\u007F-\u009F\uFFFE\uFFFF]/.test(text) || !text.isWellFormed()) {
    throw invalid(field, '文本含有不可见的控制字符', 'The text holds control characters')
  }
  let words = text.replaceAll(/\p{Cf}/gu, '')
  for (const [pattern, shape] of SHAPES) words = words.replaceAll(pattern, shape)
  words = simplified(plain(words))
  for (const [pattern, read] of READINGS) words = words.replaceAll(pattern, read)
  for (const [pattern, word] of SIGNS) words = words.replaceAll(pattern, word)
  for (const [pattern, pause] of PAUSES) words = words.replaceAll(pattern, pause)
  const script = settled(simplified(words))
  if (script === '') throw invalid(field, '没有可以播报的内容', 'There is nothing to be spoken')
  if (script.length > SCRIPT_LIMIT) throw invalid(field, '播报文本过长', 'The script is too long')
  return script
}

const STRENGTH = '、，：；？！。\n'

/** Of several pauses in a row the strongest counts; none stands at the beginning, and the end is a full stop. */
function settled(words: string): string {
  const single = words.replaceAll(/[，。！？；：、\n]+/g, (marks) =>
    Array.from(marks).reduce((strongest, mark) =>
      STRENGTH.indexOf(mark) > STRENGTH.indexOf(strongest) ? mark : strongest,
    ),
  )
  const trimmed = single.replace(/^[，。！？；：、\n]+/, '')
  if (trimmed === '') return ''
  return trimmed.replace(/[，；：、\n]?$/, (mark) => (mark === '' && /[。！？]$/.test(trimmed) ? '' : '。'))
}

/** About how long a script takes to say once at the station's pace, in seconds. */
export function estimatedSeconds(script: string): number {
  const characters = script.replaceAll(/[^\p{Script=Han}]/gu, '').length
  return Math.round((characters / 185) * 60 * 10) / 10
}
