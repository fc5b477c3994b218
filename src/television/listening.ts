import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isAreaCode, type Area } from '../areas/division.ts'
import { hashOf } from '../equipment/store.ts'
import type { Template } from '../equipment/templates.ts'
import { notFound } from '../errors.ts'
import { addSeconds, civil, type Instant } from '../instant.ts'

/** The listening page: in a browser, what a loudspeaker of a village plays now, from where it is. */

export type AiringClass = 'alert' | 'drill' | 'notice' | 'daily'

/** What a loudspeaker of the area plays: which recording (`/recordings/<hash>.mp3`), and how far into it. */
export type Playing = {
  airingId: string
  title: string
  class: AiringClass
  hash: string
  seconds: number
  positionSeconds: number
}

export type NowPlaying = (areaCode: string, now: Instant) => Promise<Playing | null>

export type Coming = { airingId: string; title: string; class: AiringClass; dueAt: Instant; seconds: number }

/** The airings that the area is still to hear, by time. */
export type ComingUp = (areaCode: string, now: Instant) => Promise<Coming[]>

/** The most airings that the page lists. */
export const COMING_LIMIT = 12
/** How far ahead "what's next" looks. */
const AHEAD_SECONDS = 86_400

export type Listening = ReturnType<typeof createListening>

export function createListening(parts: {
  /** `templates/`: the page and its script lie in `listen/`. */
  directory: string
  zone: string
  template: (name: string) => Template
  areas: { find: (code: string) => Promise<Area | undefined>; chain: (code: string) => Promise<Area[]> }
  nowPlaying: NowPlaying
  comingUp: ComingUp
}) {
  const { zone, template, areas, nowPlaying, comingUp } = parts
  const script = readFileSync(join(parts.directory, 'listen', 'listen.js'), 'utf8')
  const [drawPage, drawMissing] = [template('listen/page'), template('listen/missing')]
  const scriptVersion = hashOf(script).slice(0, 12)

  const known = async (areaCode: string): Promise<Area> => {
    const area = isAreaCode(areaCode) ? await areas.find(areaCode) : undefined
    if (!area) throw notFound(`没有区划 ${areaCode}`, `There is no area ${areaCode}`)
    return area
  }

  /** Throws `not-found` for a code that no area has. */
  const now = async (areaCode: string, at: Instant) => {
    await known(areaCode)
    const until = addSeconds(at, AHEAD_SECONDS)
    const coming = await comingUp(areaCode, at)
    const today = civil(at, zone).date
    return {
      now: await nowPlaying(areaCode, at),
      next: coming
        .filter(({ dueAt }) => dueAt > at && dueAt <= until)
        .slice(0, COMING_LIMIT)
        .map((each) => {
          const { date, time } = civil(each.dueAt, zone)
          return { ...each, timeText: `${date === today ? '' : '明天 '}${time.slice(0, 5)}` }
        }),
    }
  }

  return {
    script,
    scriptVersion,
    now,
    /** The page for an address that no area has. */
    missing: (): string => drawMissing({}),

    /** The page of an area. Throws `not-found` for a code that no area has. */
    page: async (areaCode: string): Promise<string> => {
      const area = await known(areaCode)
      const above = (await areas.chain(areaCode)).slice(1).reverse()
      return drawPage({
        areaCode,
        areaName: area.name,
        above: above.map(({ name }) => name).join(' · '),
        scriptVersion,
      })
    },
  }
}
