import type { Alert } from '../alerts/alert.ts'
import { contains } from '../areas/division.ts'
import type { AiringRow } from '../database/schema.ts'
import { addSeconds, civil, type Instant } from '../instant.ts'
import { emergencyRank, issuerOf, precedenceBy, scheduledRank } from '../playout/precedence.ts'
import { expand } from '../playout/recurrence.ts'
import type { Schedule } from '../playout/store.ts'
import { demoId } from './affairs.ts'
import type { Calendar } from './calendar.ts'
import { chanceOf } from './chance.ts'
import { COUNTY_CODE, type County } from './county.ts'
import type { PastDelivery } from './store.ts'

/** What was on air before the county was made. Every airing here is over; what is still to come, the beat plans by itself. */

export type AiredSchedule = {
  schedule: Schedule
  class: 'daily' | 'notice' | 'emergency'
  afterPreemption: AiringRow['afterPreemption']
  recordingKey: string | null
  /** How long it lasts, as well as that can be known before it is spoken. */
  seconds: number
}

export type Past = { airings: AiringRow[]; deliveries: PastDelivery[] }

/** Receipts are written out for the latest days; of the days before, what they came to. */
const RECEIPT_DAYS = 3
/** One loudspeaker in this many is silent on a day. */
const SILENT_ONE_IN = 40

const precedenceOf = precedenceBy()

/** The airings of these schedules until now, and their deliveries. */
export function pastAirings(scheduled: AiredSchedule[], loudspeakers: Loudspeaker[], calendar: Calendar): Past {
  const past: Past = { airings: [], deliveries: [] }
  for (const { schedule, class: kind, afterPreemption, recordingKey, seconds } of scheduled) {
    const firings = expand(schedule.rule, '2000-01-01T00:00:00.000Z', calendar.now, calendar.zone)
    for (const { localDate, slot, dueAt } of firings) {
      const endedAt = addSeconds(dueAt, seconds)
      if (endedAt >= calendar.now) continue
      for (const areaCode of schedule.targets) {
        const id = demoId(dueAt, 'airing', schedule.id, areaCode, localDate, slot)
        const rank = scheduledRank(kind)
        const facts = { rank, issuer: issuerOf(schedule.areaCode), severity: 0, dueAt, id }
        const airing = {
          ...OVER,
          id,
          scheduleId: schedule.id,
          bulletinId: schedule.bulletinId,
          areaCode,
          localDate,
          slot,
          class: kind === 'daily' ? ('daily' as const) : ('notice' as const),
          title: schedule.title,
          precedence: precedenceOf(facts),
          dueAt,
          untilAt: addSeconds(dueAt, schedule.graceSeconds),
          recordingKey,
          plannedSeconds: seconds,
          afterPreemption,
          startedAt: dueAt,
          endedAt,
          playedSeconds: seconds,
          sentAt: addSeconds(dueAt, -3600),
        }
        past.airings.push(airing)
        past.deliveries.push(deliveriesOf(airing, 1, seconds, loudspeakers, calendar))
      }
    }
  }
  return past
}

const OVER = {
  alertId: null,
  scheduleId: null,
  bulletinId: null,
  recordingKey: null,
  repeatEverySeconds: null,
  state: 'aired' as const,
  onAirSince: null,
  preemptedAt: null,
  preemptedBy: null,
  deliveryCount: 0,
  heardCount: 0,
  reportedSeconds: 0,
  reason: null,
}

export type Loudspeaker = { id: string; areaCode: string }

function deliveriesOf(
  airing: AiringRow,
  plays: number,
  playedSeconds: number,
  loudspeakers: Loudspeaker[],
  calendar: Calendar,
): PastDelivery {
  const chance = chanceOf('deliveries', airing.id)
  const inside = loudspeakers.filter(({ areaCode }) => contains(airing.areaCode, areaCode))
  const missedBy = inside.filter(({ id }) => chanceOf('silent', id, airing.localDate).whole(1, SILENT_ONE_IN) === 1)
  return {
    airingId: airing.id,
    areaCode: airing.areaCode,
    sentAt: airing.sentAt!,
    fetchedAt: addSeconds(airing.sentAt!, chance.whole(2, 40)),
    startedAt: addSeconds(airing.startedAt!, chance.whole(20, 400) / 1000),
    finishedAt: addSeconds(airing.endedAt!, chance.whole(20, 400) / 1000),
    playedSeconds,
    plays,
    missedBy: missedBy.map(({ id }) => id),
    withReceipts: airing.localDate > calendar.daysAgo(RECEIPT_DAYS),
  }
}

type PastAlert = Pick<Alert, 'purpose' | 'severity' | 'eventCode' | 'title' | 'text' | 'state'> & {
  daysAgo: number
  time: string
  minutes: number
  targets: (county: County) => string[]
}

const ALERTS: PastAlert[] = [
  {
    purpose: 'drill',
    severity: 2,
    eventCode: '11B03',
    title: '全区防汛应急广播演练',
    text: '现在进行防汛应急广播演练，各村按照预案检查终端、核对转移名单。演练期间生产生活照常进行。',
    state: 'cancelled',
    daysAgo: 10,
    time: '10:00',
    minutes: 6,
    targets: () => [COUNTY_CODE],
  },
  {
    purpose: 'actual',
    severity: 4,
    eventCode: '11B06',
    title: '大风蓝色预警',
    text: '预计未来十二小时将出现六到七级偏北大风，请加固大棚和临时搭建物，停止户外高空作业，渔船回港避风。',
    state: 'expired',
    daysAgo: 16,
    time: '15:20',
    minutes: 30,
    targets: (county) => county.streets.slice(-2).map((street) => street.code),
  },
]

const REPEAT_SECONDS = 180
const ALERT_SECONDS = 48

/** The alerts that lie behind, each with its airings. */
export function pastAlerts(
  county: County,
  official: { id: string },
  loudspeakers: Loudspeaker[],
  calendar: Calendar,
): Past & { alerts: Alert[] } {
  const past: Past & { alerts: Alert[] } = { alerts: [], airings: [], deliveries: [] }
  for (const { daysAgo, time, minutes, targets, ...words } of ALERTS) {
    const startsAt = calendar.at(calendar.daysAgo(daysAgo), time)
    const endsAt = addSeconds(startsAt, minutes * 60)
    const id = demoId(startsAt, 'alert', words.title)
    const codes = targets(county)
    past.alerts.push({
      ...words,
      id,
      areaCode: COUNTY_CODE,
      targets: codes,
      senderName: '青禾区应急管理局',
      startsAt,
      endsAt: words.state === 'cancelled' ? addSeconds(startsAt, minutes * 120) : endsAt,
      repeatEverySeconds: REPEAT_SECONDS,
      recordingKey: null,
      issuedBy: official.id,
      issuedAt: startsAt,
      endedBy: words.state === 'cancelled' ? official.id : null,
      endedAt: endsAt,
      endReason: words.state === 'cancelled' ? '演练结束' : null,
      updatesId: null,
      requestKey: null,
    })
    for (const areaCode of codes) {
      const airing = alertAiring(id, areaCode, words, startsAt, endsAt, calendar)
      const plays = Math.floor((minutes * 60) / REPEAT_SECONDS)
      past.airings.push(airing)
      past.deliveries.push(deliveriesOf(airing, plays, plays * ALERT_SECONDS, loudspeakers, calendar))
    }
  }
  return past
}

function alertAiring(
  alertId: string,
  areaCode: string,
  words: Pick<Alert, 'purpose' | 'severity' | 'title'>,
  startsAt: Instant,
  endsAt: Instant,
  calendar: Calendar,
): AiringRow {
  const id = demoId(startsAt, 'airing', alertId, areaCode)
  const rank = words.purpose === 'drill' ? 'drill' : emergencyRank('county')
  return {
    ...OVER,
    id,
    alertId,
    areaCode,
    localDate: civil(startsAt, calendar.zone).date,
    slot: alertId,
    class: words.purpose === 'drill' ? 'drill' : 'alert',
    title: words.title,
    precedence: precedenceOf({ rank, issuer: 'county', severity: words.severity, dueAt: startsAt, id }),
    dueAt: startsAt,
    untilAt: endsAt,
    plannedSeconds: ALERT_SECONDS,
    repeatEverySeconds: REPEAT_SECONDS,
    afterPreemption: 'restart',
    startedAt: startsAt,
    endedAt: endsAt,
    playedSeconds: Math.floor((Date.parse(endsAt) - Date.parse(startsAt)) / 1000),
    sentAt: startsAt,
  }
}
