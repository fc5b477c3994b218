import { access, constants, rm, stat, statfs, writeFile } from 'node:fs/promises'
import { createServer, connect as connectSocket } from 'node:net'
import { dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { readConfig, type Config } from './config.ts'
import { connect } from './database/connect.ts'
import { pendingMigrations } from './database/migrate.ts'
import { systemClock } from './equipment/clock.ts'
import { ffmpegEncoder, type Encoder } from './equipment/encoder.ts'
import type { Voice, VoiceName } from './equipment/voice.ts'
import type { Language, Text } from './errors.ts'
import { civil, instantFrom, milliseconds, type Instant } from './instant.ts'
import { realVoices } from './station.ts'

/**
 * `npm run doctor [-- --en]`: what the station would find on this machine, and what to do about what is missing. It changes
 * nothing and never hangs. It ends with 0 when the station can run, weak as some of it may be, and with 1 when something would stop it.
 */

/** `good` is as it should be, `weak` works less well than it could, `bad` keeps the station from its work. */
export type Finding = { name: Text; state: 'good' | 'weak' | 'bad'; found: Text; advice?: Text }

type Check = { name: Text; look: (signal: AbortSignal) => Promise<Omit<Finding, 'name'>> }

const DEADLINE_SECONDS = 12
const NODE_NEEDED = 24
const FREE_BYTES_NEEDED = 200_000_000
const FREE_BYTES_WANTED = 2_000_000_000
const ROOT = resolve(import.meta.dirname, '..')
const PHRASE = '乡亲们早上好。'

export type Examined = {
  config: Config
  encoder: Encoder
  voices: Voice[]
  now: () => Instant
  deadlineSeconds?: number
}

/** Looks at everything at once and answers in the order of the list; what does not answer in time is said to hang. */
export async function examine(examined: Examined): Promise<Finding[]> {
  const { deadlineSeconds = DEADLINE_SECONDS } = examined
  return Promise.all(
    checksOf(examined).map(async ({ name, look }): Promise<Finding> => {
      const signal = AbortSignal.timeout(deadlineSeconds * 1000)
      try {
        return { name, ...(await Promise.race([look(signal), ended(signal)])) }
      } catch (error) {
        const late = signal.aborted
        const reason = (error as Error).message
        return {
          name,
          state: 'bad',
          found: late
            ? { zh: `${deadlineSeconds} 秒内没有回应`, en: `did not answer within ${deadlineSeconds} s` }
            : { zh: `检查失败：${reason}`, en: `the look failed: ${reason}` },
          advice: { zh: '排除故障后再运行一次', en: 'Mend it and look again' },
        }
      }
    }),
  )
}

function ended(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) =>
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }),
  )
}

function checksOf({ config, encoder, voices, now }: Examined): Check[] {
  return [
    { name: { zh: 'Node', en: 'Node' }, look: () => Promise.resolve(node()) },
    { name: { zh: '数据目录', en: 'DATA_DIR' }, look: () => dataDirectory(config.dataDir) },
    { name: { zh: '磁盘空间', en: 'Disk' }, look: () => disk(config.dataDir) },
    { name: { zh: '数据库', en: 'Database' }, look: () => database(config) },
    { name: { zh: '服务端口', en: 'Port' }, look: () => port('PORT', config.port, config.host) },
    { name: { zh: '消息代理', en: 'Broker' }, look: (signal) => broker(config, signal) },
    { name: { zh: '音频编码', en: 'Encoder' }, look: () => encoding(encoder) },
    ...voices.map((voice): Check => ({ name: VOICES[voice.name], look: (signal) => speaking(voice, signal) })),
    { name: { zh: '时钟', en: 'Clock' }, look: () => clock(now(), config.zone) },
    { name: { zh: '中文字体', en: 'Chinese font' }, look: () => font() },
    { name: { zh: '控制台', en: 'Console' }, look: () => builtConsole() },
  ]
}

function node(): Omit<Finding, 'name'> {
  const { version, platform, arch } = process
  const found = { zh: `${version} ${platform}-${arch}`, en: `${version} ${platform}-${arch}` }
  if (Number(version.slice(1).split('.')[0]) >= NODE_NEEDED) return { state: 'good', found }
  return {
    state: 'bad',
    found,
    advice: {
      zh: `需要 Node ${NODE_NEEDED}：请用 npm run 启动，它会使用随程序安装的版本；或自行安装`,
      en: `Node ${NODE_NEEDED} is needed: start with npm run, which uses the one installed with the program, or install it`,
    },
  }
}

async function dataDirectory(directory: string): Promise<Omit<Finding, 'name'>> {
  const found = { zh: directory, en: directory }
  const place = await nearestThere(directory)
  const probe = join(place, `.doctor-${process.pid}`)
  try {
    await writeFile(probe, '')
    await rm(probe)
    return { state: 'good', found }
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? (error as Error).message
    return {
      state: 'bad',
      found: { zh: `${directory} 不可写（${reason}）`, en: `${directory} cannot be written (${reason})` },
      advice: {
        zh: '更改该目录的所有者或权限，或用 DATA_DIR 指定别处',
        en: 'Change its owner or mode, or name another place with DATA_DIR',
      },
    }
  }
}

/** The directory, or the nearest above it that exists: that is where it would be made. */
async function nearestThere(directory: string): Promise<string> {
  const isThere = await stat(directory).then(
    (found) => found.isDirectory(),
    () => false,
  )
  return isThere || dirname(directory) === directory ? directory : nearestThere(dirname(directory))
}

async function disk(directory: string): Promise<Omit<Finding, 'name'>> {
  const { bavail, bsize } = await statfs(await nearestThere(directory))
  const free = bavail * bsize
  const size = `${(free / 1e9).toFixed(1)} GB`
  const found = { zh: `剩余 ${size}`, en: `${size} free` }
  const advice = {
    zh: '清理磁盘，或把 DATA_DIR 移到更大的盘（一个县约需 2 GB）',
    en: 'Make room, or move DATA_DIR to a larger disk (a county needs about 2 GB)',
  }
  if (free < FREE_BYTES_NEEDED) return { state: 'bad', found, advice }
  return free < FREE_BYTES_WANTED ? { state: 'weak', found, advice } : { state: 'good', found }
}

async function database({ database: address }: Config): Promise<Omit<Finding, 'name'>> {
  const kind = address.kind === 'sqlite' ? 'SQLite' : 'PostgreSQL'
  if (address.kind === 'sqlite' && !(await isReadable(address.file))) {
    return {
      state: 'good',
      found: { zh: `${kind}，尚未建立，首次启动时自动建立`, en: `${kind}, not there yet; the first start makes it` },
    }
  }
  const databases = connect(address)
  try {
    const pending = await pendingMigrations(databases.writer, address.kind === 'postgres' ? address.schema : undefined)
    const found =
      pending.length === 0
        ? { zh: `${kind}，结构为最新`, en: `${kind}, up to date` }
        : {
            zh: `${kind}，启动时将升级：${pending.join('、')}`,
            en: `${kind}; the next start migrates: ${pending.join(', ')}`,
          }
    return { state: 'good', found }
  } catch (error) {
    const reason = (error as Error).message
    return {
      state: 'bad',
      found: { zh: `${kind} 无法使用：${reason}`, en: `${kind} cannot be used: ${reason}` },
      advice:
        address.kind === 'sqlite'
          ? {
              zh: '检查文件权限；文件损坏时用备份恢复',
              en: 'Check the mode of the file; restore it from a backup if it is damaged',
            }
          : {
              zh: '检查 DATABASE_URL、网络和数据库账号权限',
              en: 'Check DATABASE_URL, the network, and the rights of the account',
            },
    }
  } finally {
    await databases.close()
  }
}

async function isReadable(file: string): Promise<boolean> {
  return access(file, constants.R_OK).then(
    () => true,
    () => false,
  )
}

function port(name: string, number: number, host: string): Promise<Omit<Finding, 'name'>> {
  return new Promise((answer) => {
    const probe = createServer()
    probe.once('error', (error: NodeJS.ErrnoException) =>
      answer({
        state: 'weak',
        found: { zh: `${name} ${number} 不可用（${error.code}）`, en: `${name} ${number} is not free (${error.code})` },
        advice: {
          zh: `如果平台正在运行，这是正常的；否则换一个 ${name}`,
          en: `That is right while the station runs; otherwise give another ${name}`,
        },
      }),
    )
    probe.listen({ port: number, host }, () => {
      probe.close(() =>
        answer({ state: 'good', found: { zh: `${name} ${number} 空闲`, en: `${name} ${number} is free` } }),
      )
    })
  })
}

async function broker(config: Config, signal: AbortSignal): Promise<Omit<Finding, 'name'>> {
  if (config.mqttUrl === undefined) return port('MQTT_PORT', config.mqttPort, config.host)
  const { hostname, port: number, protocol } = new URL(config.mqttUrl)
  const place = `${hostname}:${number || (protocol === 'mqtts:' ? 8883 : 1883)}`
  try {
    await reach(hostname, Number(number || (protocol === 'mqtts:' ? 8883 : 1883)), signal)
    return { state: 'good', found: { zh: `${place} 可以连接`, en: `${place} answers` } }
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? (error as Error).message
    return {
      state: 'bad',
      found: { zh: `${place} 连不上（${reason}）`, en: `${place} cannot be reached (${reason})` },
      advice: {
        zh: '检查消息代理是否运行、防火墙是否放行；去掉 MQTT_URL 则使用内置代理',
        en: 'See that the broker runs and the firewall lets it through; without MQTT_URL the built-in one is used',
      },
    }
  }
}

function reach(host: string, number: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connectSocket({ host, port: number, signal })
    socket.once('connect', () => {
      socket.destroy()
      resolve()
    })
    socket.once('error', reject)
  })
}

async function encoding(encoder: Encoder): Promise<Omit<Finding, 'name'>> {
  const { path, origin, version, fault } = await encoder.inspect()
  if (fault !== null) {
    return {
      state: 'bad',
      found: { zh: `${path} 无法运行：${fault}`, en: `${path} does not run: ${fault}` },
      advice: { zh: '安装 ffmpeg（apt-get install ffmpeg）', en: 'Install ffmpeg (apt-get install ffmpeg)' },
    }
  }
  if (origin === 'system')
    return { state: 'good', found: { zh: `系统的 ffmpeg ${version}`, en: `the system's ffmpeg ${version}` } }
  return {
    state: 'weak',
    found: { zh: `随 npm 安装的 ffmpeg ${version}`, en: `the ffmpeg that came with npm, ${version}` },
    advice: {
      zh: '可以使用，但版本旧、速度慢；建议安装系统的 ffmpeg（apt-get install ffmpeg）',
      en: "It does all that is needed, but is old and slow; install the system's (apt-get install ffmpeg)",
    },
  }
}

const VOICES: Record<VoiceName, Text> = {
  edge: { zh: '网络语音', en: 'Network voice' },
  sherpa: { zh: '本地模型语音', en: "The county's voice" },
  espeak: { zh: '离线语音', en: 'Offline voice' },
}

const VOICE_ADVICE: Record<VoiceName, Text> = {
  edge: {
    zh: '不能上外网时属正常，会自动改用其他语音；可设 NETWORK_VOICE=off 不再尝试',
    en: 'Right in a closed network: other voices speak instead; NETWORK_VOICE=off stops asking',
  },
  sherpa: {
    zh: '检查 VOICE_MODEL_DIR 里的模型文件是否齐全',
    en: 'See that the files of the model in VOICE_MODEL_DIR are all there',
  },
  espeak: { zh: '重新安装依赖（npm ci）', en: 'Install the dependencies again (npm ci)' },
}

/** Only without the voice that is always there can nothing be said at all. */
async function speaking(voice: Voice, signal: AbortSignal): Promise<Omit<Finding, 'name'>> {
  const began = performance.now()
  try {
    const { audio } = await voice.speak(PHRASE, {}, signal)
    const seconds = ((performance.now() - began) / 1000).toFixed(1)
    const kilobytes = Math.round(audio.length / 1024)
    return {
      state: 'good',
      found: {
        zh: `${seconds} 秒说完一句（${kilobytes} KB）`,
        en: `said a sentence in ${seconds} s (${kilobytes} KB)`,
      },
    }
  } catch (error) {
    const reason = (await reasonOf(voice, signal)) ?? (error as Error).message
    return {
      state: voice.name === 'espeak' ? 'bad' : 'weak',
      found: { zh: `不可用：${reason}`, en: `does not speak: ${reason}` },
      advice: VOICE_ADVICE[voice.name],
    }
  }
}

async function reasonOf(voice: Voice, signal: AbortSignal): Promise<string | null> {
  if (signal.aborted) return null
  return voice.inspect().catch(() => null)
}

/** A clock that stands before the program was installed is a clock without a battery; other skew only a time server can tell. */
async function clock(now: Instant, zone: string): Promise<Omit<Finding, 'name'>> {
  const { date, time } = civil(now, zone)
  const found = { zh: `${date} ${time}（${zone}）`, en: `${date} ${time} in ${zone}` }
  const installedAt = instantFrom((await stat(join(ROOT, 'package.json'))).mtimeMs)
  if (milliseconds(now) < milliseconds(installedAt)) {
    return {
      state: 'bad',
      found: {
        zh: `${found.zh}，早于程序安装的时间`,
        en: `${found.en}, which is before the program was installed`,
      },
      advice: {
        zh: '校准时钟并启用对时（timedatectl set-ntp true）：节目按时间播出',
        en: 'Set the clock and keep it right (timedatectl set-ntp true): the programme goes by it',
      },
    }
  }
  return { state: 'good', found }
}

async function font(): Promise<Omit<Finding, 'name'>> {
  const file = join(ROOT, 'media/fonts/NotoSansSC-Subset.otf')
  if (await isReadable(file)) {
    return { state: 'good', found: { zh: '随程序提供（Noto Sans SC）', en: 'comes with the program (Noto Sans SC)' } }
  }
  return {
    state: 'weak',
    found: { zh: `${file} 不存在`, en: `${file} is missing` },
    advice: { zh: '从程序包恢复 media 目录', en: "Restore the program's media directory" },
  }
}

async function builtConsole(): Promise<Omit<Finding, 'name'>> {
  if (await isReadable(join(ROOT, 'dist/console/index.html')))
    return { state: 'good', found: { zh: '已构建', en: 'built' } }
  return {
    state: 'weak',
    found: { zh: '还没有构建', en: 'not built yet' },
    advice: { zh: '运行 npm run build', en: 'Run npm run build' },
  }
}

const MARKS: Record<Finding['state'], string> = { good: '✓', weak: '!', bad: '✗' }

/** The findings as a person reads them: in Chinese with English below, or in one language alone. */
export function report(findings: Finding[], only?: Language): string {
  return findings
    .flatMap(({ name, state, found, advice }) => {
      const line = (language: Language): string => {
        const what = `${name[language]}${language === 'zh' ? '：' : ': '}${found[language]}`
        return advice ? `${what}${language === 'zh' ? '。→ ' : '. → '}${advice[language]}` : what
      }
      return only ? [`${MARKS[state]} ${line(only)}`] : [`${MARKS[state]} ${line('zh')}`, `  ${line('en')}`]
    })
    .join('\n')
}

if (import.meta.main) {
  try {
    const { values } = parseArgs({ options: { en: { type: 'boolean' } } })
    const config = readConfig(process.env)
    // Not the station's whole equipment: that would make its directories and its key.
    const findings = await examine({ config, encoder: ffmpegEncoder(), voices: realVoices(config), now: systemClock })
    console.log(report(findings, values.en ? 'en' : undefined))
    process.exit(findings.some(({ state }) => state === 'bad') ? 1 : 0)
  } catch (error) {
    console.error((error as Error).message)
    process.exit(1)
  }
}
