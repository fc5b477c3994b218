import { join } from 'node:path'
import { levelOf, type Area } from '../../src/areas/division.ts'
import type { Feed } from '../../src/channels/feed.ts'
import type { Journal } from '../../src/equipment/journal.ts'
import { createTemplates } from '../../src/equipment/templates.ts'
import type { ActiveAlert } from '../../src/television/overlay.ts'
import { createTelevision, type Television, type TelevisionParts } from '../../src/television/television.ts'
import { HOUSEHOLD, makeFeed } from './feed.ts'
import { COUNTY, FAR_VILLAGE, OTHER_STREET, OTHER_VILLAGE, START, STREET, VILLAGE } from './station.ts'

export const TEMPLATES = join(import.meta.dirname, '..', '..', 'templates')

export const TEST_AREAS: Area[] = [
  [COUNTY, '青禾区', null],
  [STREET, '青禾街道', COUNTY],
  [VILLAGE, '柳树庄村', STREET],
  [OTHER_VILLAGE, '东河村', STREET],
  [OTHER_STREET, '南塘街道', COUNTY],
  [FAR_VILLAGE, '石桥村', OTHER_STREET],
].map(([code, name, parentCode]) => ({
  code: code!,
  name: name!,
  parentCode: parentCode ?? null,
  level: levelOf(code!),
  validFrom: null,
  validTo: null,
}))

/** A red alert for the village, in force for five hours. */
export const rain: ActiveAlert = {
  id: 'a1',
  purpose: 'actual',
  severity: 1,
  eventCode: '11B03',
  title: '暴雨红色预警',
  text: '请立即停止户外活动，低洼处住户向村委会大院转移。',
  senderName: '青禾区应急管理局',
  issuedAt: START,
  endsAt: '2026-11-22T04:00:00.000Z',
}

export type TestPortal = { television: Television; alerts: ActiveAlert[]; notes: string[]; feeds: Map<string, Feed> }

/** A portal on fixed feeds: the village's, and that of one household in it. Alerts are whatever stands in `alerts`. */
export function testPortal(overrides: Partial<TelevisionParts> = {}, areas = TEST_AREAS): TestPortal {
  const templates = createTemplates({ directory: TEMPLATES, escape: 'html' })
  const alerts: ActiveAlert[] = []
  const notes: string[] = []
  const feeds = new Map([
    ['', makeFeed()],
    [HOUSEHOLD, makeFeed(HOUSEHOLD)],
  ])
  const note: Journal['error'] = (message) => void notes.push(message)
  const television = createTelevision({
    directory: TEMPLATES,
    zone: 'Asia/Shanghai',
    journal: { info: note, warn: note, error: note },
    template: templates.file,
    areas: {
      all: async () => areas,
      find: async (code) => areas.find((area) => area.code === code),
    },
    feed: async (areaCode, _now, householdId = '') => ({ ...(feeds.get(householdId) ?? makeFeed()), areaCode }),
    activeAlerts: async () => alerts,
    nowPlaying: async () => null,
    comingUp: async () => [],
    ...overrides,
  })
  return { television, alerts, notes, feeds }
}
