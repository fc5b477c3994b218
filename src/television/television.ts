import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Area } from '../areas/division.ts'
import { isAreaCode } from '../areas/division.ts'
import type { Feed } from '../channels/feed.ts'
import type { Journal } from '../equipment/journal.ts'
import { hashOf } from '../equipment/store.ts'
import type { Template } from '../equipment/templates.ts'
import { civil, type Instant } from '../instant.ts'
import { address, readQuery, type PageName } from './address.ts'
import { readKeys } from './keys.ts'
import type { ComingUp, NowPlaying } from './listening.ts'
import { overlayCards, type ActiveAlert, type ActiveAlerts, type OverlayCard } from './overlay.ts'
import { messagePage, pageTemplates, type Page } from './page.ts'
import { choiceOf, placesPage } from './places.ts'
import { portalPage } from './portal.ts'
import type { Radio } from './shelves.ts'

/** The box that asks, when it proved to be one: where it stands and whose it is. */
export type Box = { areaCode: string; householdId: string | null }

export type TelevisionRequest = {
  page: PageName
  values: Record<string, string>
  box: Box | undefined
  /** The keys of the alerts that were hidden with OK on this box. */
  hiddenKeys: string[]
}

export type TelevisionParts = {
  /** `templates/`: the portal's lie in `tv/`. */
  directory: string
  zone: string
  journal: Journal
  /** The file of `tv/` with that name, compiled for HTML. */
  template: (name: string) => Template
  areas: { all: () => Promise<Area[]>; find: (code: string) => Promise<Area | undefined> }
  feed: (areaCode: string, now: Instant, householdId?: string) => Promise<Feed>
  activeAlerts: ActiveAlerts
  nowPlaying: NowPlaying
  comingUp: ComingUp
}

/** The answer to a box that asks for alerts; `body` is `alerts` as JSON. */
export type DrawnAlerts = { etag: string; body: string; alerts: { key: string; overlay: string; strip: string }[] }

export type Television = ReturnType<typeof createTelevision>

/** The portal on the television: pages for a request, the alerts that lie over them, and the one script they load. */
export function createTelevision(parts: TelevisionParts) {
  const { zone, journal, template, areas, activeAlerts } = parts
  // Compiled at the start, so that a template that is missing or broken stops the station and not an evening's pages.
  const drawings = new Map(pageTemplates.map((name) => [name, template(`tv/${name}`)]))
  const drawOverlay = template('tv/alert-overlay')
  const drawStrip = template('tv/alert-strip')
  const keys = readKeys(readFileSync(join(parts.directory, 'tv', 'keys.json'), 'utf8'))
  const code = readFileSync(join(parts.directory, 'tv', 'portal.js'), 'utf8')
  const script = code.replace('/* keys */ {}', () => JSON.stringify(keys))
  const scriptVersion = hashOf(script).slice(0, 12)

  const radioOf = async (areaCode: string, now: Instant): Promise<Radio> => {
    const playing = await parts.nowPlaying(areaCode, now)
    const [next] = (await parts.comingUp(areaCode, now)).filter(({ dueAt }) => dueAt > now)
    return {
      onAir: playing?.title ?? null,
      next: next ? { timeText: civil(next.dueAt, zone).time.slice(0, 5), title: next.title } : null,
    }
  }

  const choosePlace = async (request: TelevisionRequest, now: Instant): Promise<Page> => {
    const query = readQuery(request.values)
    const choice = choiceOf(await areas.all(), query.inside)
    if (choice && choice.children.length > 0) return placesPage({ now, zone }, choice, query)
    const lines = choice ? ['这个区划下面还没有村（社区）。'] : ['没有这个区划，请重新选择。']
    return messagePage(
      { now, zone },
      {
        status: 404,
        place: '乡音',
        heading: '没有可以选择的村（社区）',
        lines,
        back: './',
        button: '重新选择',
        mark: '?',
      },
    )
  }

  const pageFor = async (request: TelevisionRequest, now: Instant): Promise<{ page: Page; areaCode: string }> => {
    const { values, box } = request
    const areaCode = values.area ?? (values.inside === undefined ? box?.areaCode : undefined)
    if (areaCode === undefined && request.page === '') return { page: await choosePlace(request, now), areaCode: '' }
    const area = areaCode !== undefined && isAreaCode(areaCode) ? await areas.find(areaCode) : undefined
    if (!area) {
      const lines = ['地址中的区划代码不对，或这个区划不在本平台。', '请重新选择所在的街道和村。']
      const message = { status: 404, place: '乡音', heading: '没有找到这个村（社区）', lines, mark: '?' } as const
      return { page: messagePage({ now, zone }, { ...message, back: './', button: '重新选择' }), areaCode: '' }
    }
    // A household's own section is composed for its own box alone, and only while that box shows its own village.
    const householdId = box?.areaCode === area.code ? (box.householdId ?? undefined) : undefined
    const feed = await parts.feed(area.code, now, householdId)
    const radio = request.page === '' ? await radioOf(area.code, now) : { onAir: null, next: null }
    const homeBack = box ? '' : address('', { inside: area.parentCode ?? undefined, focus: `a-${area.code}` })
    const page = portalPage({ feed, radio, now, zone }, request.page, readQuery(values), homeBack)
    return { page, areaCode: area.code }
  }

  const draw = (page: Page, areaCode: string, alerts: OverlayCard[], hiddenKeys: string[]): string => {
    const shown = alerts.find(({ key }) => !hiddenKeys.includes(key))
    return drawings.get(page.template)!({
      ...page,
      areaCode,
      scriptVersion,
      alert: shown ?? alerts[0] ?? null,
      isOverlaid: shown !== undefined,
      moreAlerts: Math.max(0, alerts.length - 1),
    })
  }

  // Kept drawn by what is drawn: every box asks every few seconds, most of them for the same. Dates are worded by the day, which
  // begins with a minute everywhere; so a minute is as long as anything is kept.
  let drawn = new Map<string, DrawnAlerts>()
  let drawnMinute = ''
  const drawnAlerts = (active: ActiveAlert[], now: Instant): DrawnAlerts => {
    const minute = now.slice(0, 'YYYY-MM-DDTHH:MM'.length)
    if (minute !== drawnMinute) drawn = new Map()
    drawnMinute = minute
    const key = active.length === 0 ? '' : JSON.stringify(active)
    let answer = drawn.get(key)
    if (!answer) {
      const cards = overlayCards(active, now, zone)
      const moreAlerts = cards.length - 1
      const alerts = cards.map((alert) => ({
        key: alert.key,
        overlay: drawOverlay({ alert, moreAlerts }),
        strip: drawStrip({ alert, moreAlerts }),
      }))
      const body = JSON.stringify({ alerts })
      answer = { etag: `"${hashOf(body).slice(0, 16)}"`, body, alerts }
      drawn.set(key, answer)
    }
    return answer
  }

  return {
    script,
    scriptVersion,

    /**
     * The page of a request, with the alerts in force drawn over it. Never throws: what is not there, and a fault of our own, are pages
     * that can be read from a sofa and left with Back.
     */
    page: async (request: TelevisionRequest, now: Instant): Promise<{ status: number; html: string }> => {
      try {
        const { page, areaCode } = await pageFor(request, now)
        const alerts = areaCode === '' ? [] : overlayCards(await activeAlerts(areaCode, now), now, zone)
        return { status: page.status, html: draw(page, areaCode, alerts, request.hiddenKeys) }
      } catch (error) {
        journal.error('a television page failed by our own fault', {
          page: request.page,
          error: error instanceof Error ? (error.stack ?? error.message) : String(error),
        })
        const lines = ['平台正在处理，请稍后再试。', '应急广播不受影响。']
        const message = { status: 500, place: '乡音', heading: '这个页面暂时打不开', lines, mark: '!' } as const
        const page = messagePage({ now, zone }, { ...message, back: './', button: '返回首页' })
        return { status: 500, html: draw(page, '', [], []) }
      }
    },

    /**
     * The alerts in force in an area, each drawn as an overlay and as a strip. The tag changes exactly when the answer does.
     * An area that does not exist has none.
     */
    alerts: async (areaCode: string, now: Instant): Promise<DrawnAlerts> =>
      drawnAlerts(isAreaCode(areaCode) ? await activeAlerts(areaCode, now) : [], now),
  }
}
