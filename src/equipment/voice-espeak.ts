import { childWorker } from './child.ts'
import { wavOf, type Speech, type Voice } from './voice.ts'

/** Where a stop is, how long the voice is silent. Outdoors the echo of one clause must end before the next begins. */
const PAUSES: [pattern: RegExp, seconds: number][] = [
  [/[\n]/, 1.1],
  [/[。！？…]/, 0.9],
  [/[，；：]/, 0.45],
  [/[、]/, 0.25],
]
const CLAUSE = /([^\n。！？…，；：、]*)([\n。！？…，；：、]+|$)/g

/** At this speed of eSpeak's own scale a bulletin with its pauses comes out at about 180 characters a minute. */
const WORDS_PER_MINUTE = 185

/**
 * What eSpeak NG misreads, in syllables it reads right: pinyin with tones. It has no syllable -iong at all (it spells such
 * characters as English), and knows too few words for some characters of several readings.
 */
const SYLLABLES: Record<string, string> = {
  xong1: '兄凶匈汹洶胸忷恟讻',
  xong2: '雄熊',
  xong4: '夐诇',
  qong1: '匔芎',
  qong2: '穷琼穹茕筇邛蛩跫銎儝卭宆惸桏睘藭赹輁',
  jong1: '扃坰冂埛駫',
  jong3: '窘炯迥冏囧煚颎泂侰僒皛熲褧',
}
const WORDS: Record<string, string> = {
  还款: 'huan2款',
  还贷: 'huan2贷',
  还田: 'huan2田',
  还林: 'huan2林',
  还草: 'huan2草',
  还建: 'huan2建',
  还账: 'huan2账',
  还钱: 'huan2钱',
  还书: 'huan2书',
  支行: '支hang2',
  总行: '总hang2',
  农行: '农hang2',
  商行: '商hang2',
  农商行: '农商hang2',
  行距: 'hang2距',
  行号: 'hang2号',
  行道树: 'hang2道树',
  重启: 'chong2启',
  重播: 'chong2播',
  重装: 'chong2装',
  重测: 'chong2测',
  重报: 'chong2报',
  重发: 'chong2发',
  长势: 'zhang3势',
  乡长: '乡zhang3',
  区长: '区zhang3',
  处长: 'chu4 zhang3',
  片长: '片zhang3',
  河长: '河zhang3',
  林长: '林zhang3',
  田长: '田zhang3',
  路长: '路zhang3',
  楼长: '楼zhang3',
  散养: 'san3养',
  散煤: 'san3煤',
  散乱污: 'san3乱污',
  种养: 'zhong4养',
  种粮: 'zhong4粮',
  种田: 'zhong4田',
  倒闸: 'dao3闸',
  占地: '占di4',
  地里: 'di4里',
  地力: 'di4力',
  地块: 'di4块',
  差旅: 'chai1旅',
  角色: 'jue2色',
  盛饭: 'cheng2饭',
  重阳: 'chong2阳',
}

const READINGS = new Map<string, string>([
  ...Object.entries(SYLLABLES).flatMap(([syllable, characters]) =>
    Array.from(characters, (character): [string, string] => [character, syllable]),
  ),
  ...Object.entries(WORDS),
])
const MISREAD = new RegExp([...READINGS.keys()].sort((a, b) => b.length - a.length).join('|'), 'gu')

/** The script in characters and pinyin that eSpeak NG reads as Mandarin, in clauses with the pause after each. */
export function clausesOf(script: string): { text: string; pauseSeconds: number }[] {
  const clauses: { text: string; pauseSeconds: number }[] = []
  for (const [, words, stops] of script.matchAll(CLAUSE)) {
    const pauseSeconds = PAUSES.find(([pattern]) => pattern.test(stops ?? ''))?.[1] ?? 0
    const text = (words ?? '').replaceAll(MISREAD, (word) => ` ${READINGS.get(word)!} `).trim()
    if (text !== '') clauses.push({ text, pauseSeconds })
    else if (clauses.length > 0) clauses.at(-1)!.pauseSeconds = Math.max(clauses.at(-1)!.pauseSeconds, pauseSeconds)
  }
  return clauses
}

export type EspeakVoice = Voice & {
  /** The sounds of a text in the International Phonetic Alphabet, as eSpeak writes them: for tests of readings. */
  phonemes: (text: string, signal: AbortSignal) => Promise<string>
  pid: () => number | undefined
}

/** The voice that is always there: WebAssembly in a long-lived process, about a hundred times faster than speech. */
export function espeakVoice(): EspeakVoice {
  const worker = childWorker(new URL('./voice-espeak-child.ts', import.meta.url))
  return {
    name: 'espeak',
    speak: async (script, options, signal): Promise<Speech> => {
      const clauses = clausesOf(script)
      if (clauses.length === 0) throw new Error('there is nothing to say')
      const wordsPerMinute = Math.round(WORDS_PER_MINUTE * (options.rate ?? 1))
      const { pcm, sampleRate } = (await worker.ask({ clauses, wordsPerMinute }, signal)) as {
        pcm: Uint8Array
        sampleRate: number
      }
      if (pcm.length === 0) throw new Error('it said nothing')
      return { audio: wavOf(pcm, sampleRate), mediaType: 'audio/wav' }
    },
    phonemes: async (text, signal) => {
      const spoken = clausesOf(text).map((clause) => clause.text)
      const { ipa } = (await worker.ask({ phonemes: spoken.join('。') }, signal)) as { ipa: string }
      return ipa
    },
    inspect: async () => {
      try {
        await worker.ask({ phonemes: '好' }, AbortSignal.timeout(10_000))
        return null
      } catch (error) {
        return (error as Error).message
      }
    },
    pid: worker.pid,
    close: worker.close,
  }
}
