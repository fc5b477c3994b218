import { setImmediate } from 'node:timers/promises'
import { audit } from '../accounts/audit.ts'
import { chainOf, contains, requireArea } from '../areas/division.ts'
import { areaCodes, areasByCode } from '../areas/store.ts'
import type { AlertsInForce, Receipt, Rundown, RundownEntry } from '../codecs/speaker-link.ts'
import { ENTRY_LIMIT } from '../codecs/speaker-link.ts'
import type { Database } from '../database/connect.ts'
import type { Dice } from '../equipment/dice.ts'
import type { Journal } from '../equipment/journal.ts'
import { conflict, invalid, notFound, type Text } from '../errors.ts'
import { addSeconds, civil, secondsBetween, type Instant, type LocalDate } from '../instant.ts'
import type { Person } from '../web/guard.ts'
import { cancellation, decide, endOf, soundingIn, type Move } from './decide.ts'
import type { DeliveryState } from './delivery.ts'
import { emergencyRank, issuerOf, scheduledRank, type IssuerLevel, type PrecedenceOf } from './precedence.ts'
import { expand, isSpent, nextFiring, type Firing, type Rule } from './recurrence.ts'
import {
  activeSchedules,
  addAirings,
  addSchedule,
  airingOf,
  airingsOfDay,
  airingsOfRetired,
  alertCoverage,
  applyReceipts,
  bulletinOf,
  comingOf,
  currentAiring,
  currentAirings,
  deliveriesPage,
  deliveryCounts,
  endSchedules,
  loudspeakersInside,
  markMissed,
  markSent,
  planDeliveries,
  recordMove,
  refreshRecordings,
  renameComing,
  returnableAirings,
  saveSchedule,
  scheduleOf,
  schedulesInside,
  sumsOfDay,
  unplan,
  type Airing,
  type CurrentAiring,
  type NewAiring,
  type PlannedSchedule,
  type Schedule,
} from './store.ts'

/** Loudspeakers hold a day; the plan reaches an hour further, so that it is made once an hour and not every second. */
const HOLD_SECONDS = 24 * 3600
const PLAN_SECONDS = 25 * 3600
const PLAN_EVERY_SECONDS = 60
/** How far back firings that nobody planned (the station was away for days) are still put on record. */
const CATCH_UP_SECONDS = 7 * 86_400
/** Airings and deliveries planned in one beat; what is left waits for the next, so that an alert never waits for a long plan. */
const PLAN_LIMIT = 5000
export const DEFAULT_GRACE_SECONDS = 900
export const GRACE_LIMIT_SECONDS = 4 * 3600
/** A loudspeaker that was away may still report; then what it was sent and never spoke of is missed. */
const MISSED_AFTER_SECONDS = 600
const PUBLISH_DEADLINE_MILLISECONDS = 3000
const PUBLISH_TOGETHER = 50
const FOREVER: Instant = '9999-12-31T23:59:59.999Z'
export const RUNDOWN_LIMIT = 2000
export const TARGETS_LIMIT = 500
const COMING_LIMIT = 20

/** Of 100; emergencies are louder than the day's programme. */
const VOLUME = { alert: 90, drill: 75, notice: 60, daily: 60 } as const

/** The way to the loudspeakers. Answers whether the broker has what was published. */
export type SpeakerLink = {
  publishRundown: (rundown: Rundown, now: Instant) => Promise<boolean>
  publishAlerts: (alerts: AlertsInForce, now: Instant) => Promise<boolean>
}

/** A sound that lies on every loudspeaker already. */
export type FixedSound = { hash: string; seconds: number }

export type PlayoutParts = {
  db: Database
  reader: Database
  dice: Dice
  journal: Journal
  zone: string
  link: SpeakerLink
  precedenceOf: PrecedenceOf
  /** What an alert sounds before its words are spoken. */
  siren: (alert: { severity: number; class: 'alert' | 'drill' }) => FixedSound | undefined
  /** Everything that `siren` can answer. */
  sirenHashes: readonly string[]
}

export type NewSchedule = {
  bulletinId: string
  title?: string | undefined
  targets: string[]
  rule: Rule
  graceSeconds?: number | undefined
}

export type ScheduleChange = Partial<Omit<NewSchedule, 'bulletinId'>> & { state?: Schedule['state'] | undefined }

/** An alert as playout needs it. */
export type AlertToAir = {
  id: string
  purpose: 'actual' | 'drill'
  issuer: IssuerLevel
  severity: number
  title: string
  targets: string[]
  startsAt: Instant
  endsAt: Instant
  repeatEverySeconds: number
  recordingKey: string | null
}

/** What sounds in an area, and how far it is. */
export type Sounding = {
  airingId: string
  alertId: string | null
  areaCode: string
  title: string
  class: CurrentAiring['class']
  hash: string
  seconds: number
  /** Seconds into the recording; beyond its length in the silence between two repetitions. */
  positionSeconds: number
  repeatEverySeconds: number | null
  startedAt: Instant
  untilAt: Instant
}

export type Coming = {
  airingId: string
  areaCode: string
  title: string
  class: CurrentAiring['class']
  dueAt: Instant
  seconds: number
}

/** What a beat came upon: how many airings moved, and what it will try again. */
export type Beat = { moves: Move[]; faults: string[] }

export type Playout = ReturnType<typeof createPlayout>

/** Schedules, airings and deliveries, and the beat that moves them. */
export function createPlayout(parts: PlayoutParts) {
  const { db, reader, dice, journal, zone, link, precedenceOf } = parts

  /** Until when each schedule is planned; forgotten at a restart, since planning again what is planned changes nothing. */
  const plannedUntil = new Map<string, { updatedAt: Instant; until: Instant }>()
  let planAgainAt: Instant | null = null
  let lastBeatAt: Instant | null = null
  /** Whether something changed that loudspeakers have to know. */
  let isStale = true
  /** What each area was sent last, as text; nothing is known after a restart, so everything is sent again. */
  const sentRundowns = new Map<string, string>()
  const sentAlerts = new Map<string, string>()
  let isEverythingSent = false
  /** Airings whose newest deliveries have still to be marked as sent. */
  const unsent = new Set<string>()
  let missedUntil: Instant | null = null

  async function plan(now: Instant): Promise<void> {
    const isTime = planAgainAt === null || now >= planAgainAt || (lastBeatAt !== null && now < lastBeatAt)
    if (!isTime) return
    const schedules = await activeSchedules(db)
    for (const id of plannedUntil.keys()) if (!schedules.has(id)) plannedUntil.delete(id)
    let rows = 0
    const spent: string[] = []
    for (const [id, schedule] of schedules) {
      if (!schedule) {
        journal.error('a schedule cannot be read and is passed over', { scheduleId: id })
        continue
      }
      const known = plannedUntil.get(id)
      const isKnown = known?.updatedAt === schedule.updatedAt
      // Only a rule whose every firing is planned can be over.
      if (isKnown && known.until >= now && isSpent(schedule.rule, now, zone)) {
        spent.push(id)
        continue
      }
      if (isKnown && known.until >= addSeconds(now, HOLD_SECONDS)) continue
      const from = isKnown ? known.until : latest(schedule.updatedAt, addSeconds(now, -CATCH_UP_SECONDS))
      const until = addSeconds(now, PLAN_SECONDS)
      try {
        for (const firing of expand(schedule.rule, from, until, zone)) {
          if (rows >= PLAN_LIMIT) {
            plannedUntil.set(id, { updatedAt: schedule.updatedAt, until: firing.dueAt })
            return
          }
          rows += await planFiring(schedule, firing, now)
          // Whoever waits for the database or for an answer goes between two firings.
          await setImmediate()
        }
        plannedUntil.set(id, { updatedAt: schedule.updatedAt, until })
      } catch (error) {
        journal.error('a schedule could not be planned; the next beat tries again', { scheduleId: id, ...why(error) })
        if (isBusy(error)) throw error
      }
    }
    if (spent.length > 0) await db.transaction().execute((db) => endSchedules(db, spent, now))
    planAgainAt = addSeconds(now, PLAN_EVERY_SECONDS)
  }

  /** Plans one firing in all its targets, or none; answers how many rows it made. */
  async function planFiring(schedule: PlannedSchedule, firing: Firing, now: Instant): Promise<number> {
    const airings = schedule.targets.map((areaCode): NewAiring => {
      const id = dice.id()
      return {
        id,
        scheduleId: schedule.id,
        alertId: null,
        bulletinId: schedule.bulletinId,
        areaCode,
        localDate: firing.localDate,
        slot: firing.slot,
        class: schedule.bulletin.class === 'daily' ? 'daily' : 'notice',
        title: schedule.title,
        precedence: precedenceOf({
          rank: scheduledRank(schedule.bulletin.class),
          issuer: issuerOf(schedule.areaCode),
          severity: 0,
          dueAt: firing.dueAt,
          id,
        }),
        dueAt: firing.dueAt,
        untilAt: addSeconds(firing.dueAt, schedule.graceSeconds),
        recordingKey: schedule.bulletin.recordingKey,
        plannedSeconds: 0,
        repeatEverySeconds: null,
        afterPreemption: schedule.bulletin.afterPreemption,
      }
    })
    return db.transaction().execute(async (db) => {
      const added = await addAirings(db, airings)
      let deliveries = 0
      for (const airing of airings) if (added.has(airing.id)) deliveries += await planDeliveries(db, airing, now)
      if (added.size > 0) isStale = true
      return added.size + deliveries
    })
  }

  /** Follows the bulletins: new words, and those that were taken out of use. */
  async function refresh(now: Instant): Promise<void> {
    const count = await db.transaction().execute(async (db) => {
      const retired = await airingsOfRetired(db)
      if (retired.length > 0) {
        await cancelAll(db, retired, { zh: '广播稿已停用', en: 'The bulletin was retired' }, now)
      }
      return refreshRecordings(db)
    })
    if (count > 0) isStale = true
  }

  async function move(now: Instant): Promise<Move[]> {
    const airings = await currentAirings(db, now)
    const since = lastBeatAt !== null && lastBeatAt > now ? now : lastBeatAt
    const moves = decide(airings, now, since)
    if (moves.length === 0) return []
    const areas = new Map(airings.map((airing) => [airing.id, airing.areaCode]))
    const record = async (db: Database, each: Move): Promise<void> => {
      await recordMove(db, each)
      // Loudspeakers that came since the plan was made take part.
      if (each.kind !== 'start') return
      const added = await planDeliveries(db, { id: each.airingId, areaCode: areas.get(each.airingId)! }, now)
      if (added > 0) unsent.add(each.airingId)
    }
    isStale = true
    try {
      await db.transaction().execute(async (db) => {
        for (const each of moves) await record(db, each)
      })
      return moves
    } catch (error) {
      if (isBusy(error)) throw error
      // One airing that cannot be recorded must not hold up the others.
      const made: Move[] = []
      for (const each of moves) {
        try {
          await db.transaction().execute((db) => record(db, each))
          made.push(each)
        } catch (fault) {
          journal.error('a move could not be recorded; the next beat tries again', { ...each, ...why(fault) })
        }
      }
      return made
    }
  }

  async function send(now: Instant): Promise<void> {
    if (!isStale) return
    // What changes from here on is for the next beat.
    isStale = false
    try {
      await sendAll(now)
    } catch (error) {
      isStale = true
      throw error
    }
  }

  async function sendAll(now: Instant): Promise<void> {
    const all = await currentAirings(db, addSeconds(now, PLAN_SECONDS))
    const returnable = (await returnableAirings(db, addSeconds(now, -2 * GRACE_LIMIT_SECONDS))).filter(
      (airing) => addSeconds(airing.untilAt, airing.plannedSeconds) > now,
    )
    const rundowns = Map.groupBy(
      [...all, ...returnable].filter((airing) => airing.alertId === null && airing.hash !== null),
      (airing) => airing.areaCode,
    )
    const alerts = Map.groupBy(
      all.filter((airing) => airing.alertId !== null && (airing.state !== 'due' || airing.dueAt <= now)),
      (airing) => airing.areaCode,
    )
    const everywhere = isEverythingSent ? [] : await areaCodes(db)

    type Sending = {
      areaCode: string
      airings: CurrentAiring[]
      sent: Map<string, string>
      publish: (of: AlertsInForce, now: Instant) => Promise<boolean>
    }
    // Alerts go first: a day's rundowns never stand between an emergency and its loudspeakers.
    const sendings: Sending[] = [
      ...codesOf(everywhere, alerts, sentAlerts).map((areaCode) => ({
        areaCode,
        airings: alerts.get(areaCode) ?? [],
        sent: sentAlerts,
        publish: link.publishAlerts,
      })),
      ...codesOf(everywhere, rundowns, sentRundowns).map((areaCode) => ({
        areaCode,
        airings: (rundowns.get(areaCode) ?? []).slice(0, ENTRY_LIMIT),
        sent: sentRundowns,
        publish: (of: AlertsInForce, at: Instant) =>
          link.publishRundown({ ...of, holdHashes: [...parts.sirenHashes] }, at),
      })),
    ]
    const failures: string[] = []
    for (let start = 0; start < sendings.length; start += PUBLISH_TOGETHER) {
      const together = sendings.slice(start, start + PUBLISH_TOGETHER)
      const before = failures.length
      await Promise.all(
        together.map(async ({ areaCode, airings, sent, publish }) => {
          const entries = airings.flatMap((airing) => entryOf(airing) ?? [])
          const text = JSON.stringify(entries)
          if (sent.get(areaCode) !== text) {
            if (!(await inTime(publish({ areaCode, entries }, now)))) {
              failures.push(areaCode)
              return
            }
            sent.set(areaCode, text)
          }
          for (const airing of airings) if (airing.sentAt === null) unsent.add(airing.id)
        }),
      )
      // A broker that takes nothing is asked again by the next beat, not for every area in this one.
      if (failures.length - before === together.length) break
    }
    if (unsent.size > 0) {
      const ids = [...unsent]
      await db.transaction().execute((db) => markSent(db, ids, now))
      for (const id of ids) unsent.delete(id)
    }
    if (failures.length > 0) throw new Error(`the broker did not take ${failures.length} messages`)
    isEverythingSent = true
  }

  function entryOf(airing: CurrentAiring): RundownEntry | undefined {
    const sound = soundOf(airing)
    if (!sound.hash) return undefined
    return {
      airingId: airing.id,
      areaCode: airing.areaCode,
      title: airing.title,
      class: airing.class,
      precedence: airing.precedence,
      dueAt: airing.dueAt,
      untilAt: airing.untilAt,
      hash: sound.hash,
      seconds: sound.seconds,
      repeatEverySeconds: airing.repeatEverySeconds,
      afterPreemption: airing.afterPreemption,
      volume: VOLUME[airing.class],
    }
  }

  /** The recording of an airing; of an alert whose words aren't spoken yet, its siren. */
  function soundOf(airing: CurrentAiring): { hash: string | null; seconds: number } {
    if (airing.hash !== null || airing.alertId === null) return { hash: airing.hash, seconds: airing.plannedSeconds }
    const kind = airing.class === 'drill' ? 'drill' : 'alert'
    return (
      parts.siren({ severity: airing.severity ?? 1, class: kind }) ?? { hash: null, seconds: airing.plannedSeconds }
    )
  }

  async function noteMissed(now: Instant): Promise<void> {
    const until = addSeconds(now, -MISSED_AFTER_SECONDS)
    const from = missedUntil ?? addSeconds(until, -86_400)
    if (secondsBetween(from, until) < PLAN_EVERY_SECONDS) return
    await db.transaction().execute((db) => markMissed(db, from, until, addSeconds(from, -2 * 86_400)))
    missedUntil = until
  }

  let turn: Promise<unknown> = Promise.resolve()

  /** One beat after another, whoever asks for it: the heart, or an alert that does not wait for it. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = turn.then(work)
    turn = result.catch(() => {})
    return result
  }

  async function beat(now: Instant): Promise<Beat> {
    const faults: string[] = []
    let moves: Move[] = []
    const step = async (name: string, work: () => Promise<void>): Promise<void> => {
      try {
        await work()
      } catch (error) {
        faults.push(name)
        journal.warn('a step of the beat failed; the next beat tries again', { step: name, ...why(error) })
      }
    }
    await step('plan', () => plan(now))
    await step('refresh', () => refresh(now))
    await step('decide', async () => {
      moves = await move(now)
      lastBeatAt = now
    })
    await step('send', () => send(now))
    await step('note', () => noteMissed(now))
    return { moves, faults }
  }

  async function cancelAll(db: Database, airings: CurrentAiring[], reason: Text, now: Instant): Promise<void> {
    for (const airing of airings) await recordMove(db, cancellation(airing, reason, now))
    isStale = true
  }

  /** What is due already, but waits for the air, would otherwise begin long after its schedule was stopped. */
  async function cancelWaiting(db: Database, schedule: Schedule, now: Instant): Promise<void> {
    const begun = await currentAirings(db, now, { scheduleId: schedule.id })
    const reason =
      schedule.state === 'paused'
        ? { zh: '播出计划已暂停', en: 'The schedule was paused' }
        : { zh: '播出计划已结束', en: 'The schedule was ended' }
    await cancelAll(
      db,
      begun.filter((airing) => airing.state === 'due'),
      reason,
      now,
    )
  }

  async function requireTargets(by: Person, targets: string[]): Promise<string[]> {
    const unique = [...new Set(targets)].sort()
    for (const target of unique) requireArea(by, target)
    const known = await areasByCode(db, unique)
    const missing = unique.filter((code) => !known.has(code))
    if (missing.length > 0) {
      throw invalid('targets', `没有区划 ${missing.join('、')}`, `There is no area ${missing.join(', ')}`)
    }
    // Two airings of one firing in one place would be the same words twice.
    const within = unique.find((code) => unique.some((other) => other !== code && contains(other, code)))
    if (within) {
      throw invalid('targets', `${within} 已包含在另一目标区划内`, `${within} lies inside another target`)
    }
    return unique
  }

  function requireFiring(rule: Rule, now: Instant): void {
    if (!nextFiring(rule, now, zone)) {
      throw invalid('rule', '按此计划今后一年内没有播出时间', 'By this rule nothing airs in the coming year')
    }
  }

  return {
    /**
     * One beat: plan → decide → record → send → note. It never throws: what the world refuses (a locked database, a broker that is down)
     * is left as it stands and tried again by the next. A beat twice at one instant does nothing the second time.
     */
    beat: (now: Instant): Promise<Beat> => inTurn(() => beat(now)),

    /** Keeps receipts, all or none; kept once the promise is. A receipt that comes again changes nothing. */
    receive: (batches: { terminalId: string; receipts: Receipt[] }[], now: Instant): Promise<void> =>
      db.transaction().execute((db) =>
        applyReceipts(
          db,
          batches.flatMap(({ terminalId, receipts }) =>
            receipts.map((receipt) => ({ ...receipt, terminalId, receivedAt: now })),
          ),
        ),
      ),

    /** Puts an alert on the air of its targets. The caller's transaction holds the alert too, and beats when it is committed. */
    airAlert: async (db: Database, alert: AlertToAir, now: Instant): Promise<void> => {
      const kind = alert.purpose === 'drill' ? 'drill' : 'alert'
      const siren = parts.siren({ severity: alert.severity, class: kind })
      const airings = alert.targets.map((areaCode): NewAiring => {
        const id = dice.id()
        return {
          id,
          scheduleId: null,
          alertId: alert.id,
          bulletinId: null,
          areaCode,
          localDate: civil(alert.startsAt, zone).date,
          slot: alert.id,
          class: kind,
          title: alert.title,
          precedence: precedenceOf({
            rank: kind === 'drill' ? 'drill' : emergencyRank(alert.issuer),
            issuer: alert.issuer,
            severity: alert.severity,
            dueAt: alert.startsAt,
            id,
          }),
          dueAt: alert.startsAt,
          untilAt: alert.endsAt,
          recordingKey: alert.recordingKey,
          plannedSeconds: siren?.seconds ?? 0,
          repeatEverySeconds: alert.repeatEverySeconds,
          afterPreemption: 'restart',
        }
      })
      const added = await addAirings(db, airings)
      for (const airing of airings) if (added.has(airing.id)) await planDeliveries(db, airing, now)
      isStale = true
    },

    /** Takes an alert off the air. The caller beats when this is committed. */
    endAlert: async (db: Database, alertId: string, reason: Text, now: Instant): Promise<void> =>
      cancelAll(db, await currentAirings(db, FOREVER, { alertId }), reason, now),

    /** What sounds in an area now, by the rule of every loudspeaker; `null` is silence. */
    nowPlaying: async (areaCode: string, now: Instant): Promise<Sounding | null> => {
      const airings = await currentAirings(reader, now, { areaCodes: chainOf(areaCode) })
      // Loudspeakers fall silent at the end by themselves, whether or not a beat has noted it.
      const airing = soundingIn(
        areaCode,
        airings.filter((each) => endOf(each) > now),
      )
      if (!airing?.onAirSince) return null
      const { hash, seconds } = soundOf(airing)
      if (hash === null) return null
      // An alert's words begin as soon as they are spoken, in place of its siren.
      const since =
        airing.repeatEverySeconds !== null && airing.recordingReadyAt !== null
          ? latest(airing.onAirSince, airing.recordingReadyAt)
          : airing.onAirSince
      const elapsed = Math.max(0, secondsBetween(since, now))
      return {
        airingId: airing.id,
        alertId: airing.alertId,
        areaCode: airing.areaCode,
        title: airing.title,
        class: airing.class,
        hash,
        seconds,
        positionSeconds:
          airing.repeatEverySeconds === null ? airing.playedSeconds + elapsed : elapsed % airing.repeatEverySeconds,
        repeatEverySeconds: airing.repeatEverySeconds,
        startedAt: airing.startedAt ?? airing.onAirSince,
        untilAt: airing.untilAt,
      }
    },

    /** What an area hears next, soonest first. */
    comingUp: async (areaCode: string, now: Instant, limit = COMING_LIMIT): Promise<Coming[]> => {
      const airings = await currentAirings(reader, addSeconds(now, HOLD_SECONDS), { areaCodes: chainOf(areaCode) })
      return airings
        .filter((airing) => airing.state === 'due' && airing.dueAt > now)
        .slice(0, limit)
        .map((airing) => ({
          airingId: airing.id,
          areaCode: airing.areaCode,
          title: airing.title,
          class: airing.class,
          dueAt: airing.dueAt,
          seconds: airing.plannedSeconds,
        }))
    },

    schedules: (
      by: Person,
      areaCode: string,
      page: { limit: number; after?: string | undefined; state?: Schedule['state'] | undefined },
    ) => {
      requireArea(by, areaCode)
      return schedulesInside(reader, areaCode, page)
    },

    schedule: (by: Person, id: string): Promise<Schedule> => ownSchedule(reader, by, id),

    nextFiring: (rule: Rule, now: Instant): Instant | undefined => nextFiring(rule, now, zone)?.dueAt,

    /** Throws `invalid` (bulletin, targets, rule) and `forbidden` outside the maker's area. */
    addSchedule: async (by: Person, made: NewSchedule, now: Instant): Promise<Schedule> => {
      const targets = await requireTargets(by, made.targets)
      requireFiring(made.rule, now)
      const bulletin = await bulletinOf(db, made.bulletinId)
      if (!bulletin || bulletin.state === 'retired') {
        throw invalid('bulletinId', '没有这篇广播稿，或已停用', 'There is no such bulletin, or it is retired')
      }
      // A county's bulletin may be aired by its villages, and a village's by its county.
      if (!contains(bulletin.areaCode, by.areaCode)) requireArea(by, bulletin.areaCode)
      const schedule: Schedule = {
        id: dice.id(),
        bulletinId: bulletin.id,
        areaCode: by.areaCode,
        title: made.title ?? bulletin.title,
        targets,
        rule: made.rule,
        graceSeconds: made.graceSeconds ?? DEFAULT_GRACE_SECONDS,
        state: 'active',
        createdBy: by.id,
        createdAt: now,
        updatedAt: now,
      }
      await db.transaction().execute(async (db) => {
        await addSchedule(db, schedule)
        await audit(db, {
          id: dice.id(),
          at: now,
          by,
          action: 'schedule.added',
          subject: 'schedule',
          subjectId: schedule.id,
          areaCode: schedule.areaCode,
          after: schedule,
        })
      })
      planAgainAt = null
      return schedule
    },

    /**
     * Changes when and where a schedule airs, pauses, resumes or ends it. Coming airings that it no longer wants are taken back; those it
     * still wants stand as they are. One that is due and waits is cancelled when the schedule stops. Throws `conflict` when it has ended.
     */
    changeSchedule: async (by: Person, id: string, change: ScheduleChange, now: Instant): Promise<Schedule> => {
      const targets = change.targets && (await requireTargets(by, change.targets))
      if (change.rule) requireFiring(change.rule, now)
      // In turn with the beat, which must not plan by the rule that is being replaced.
      const changed = await inTurn(() =>
        db.transaction().execute(async (db) => {
          const before = await ownSchedule(db, by, id)
          if (before.state === 'ended') throw conflict('这个播出计划已结束', 'This schedule has ended')
          const after: Schedule = {
            ...before,
            title: change.title ?? before.title,
            targets: targets ?? before.targets,
            rule: change.rule ?? before.rule,
            graceSeconds: change.graceSeconds ?? before.graceSeconds,
            state: change.state ?? before.state,
            updatedAt: now,
          }
          const wanted = new Set(
            after.state === 'active' && after.graceSeconds === before.graceSeconds
              ? expand(after.rule, now, addSeconds(now, 2 * PLAN_SECONDS), zone).flatMap((firing) =>
                  after.targets.map((areaCode) => `${areaCode} ${firing.localDate} ${firing.slot}`),
                )
              : [],
          )
          const coming = await comingOf(db, id, now)
          const unwanted = coming.filter(
            ({ areaCode, localDate, slot }) => !wanted.has(`${areaCode} ${localDate} ${slot}`),
          )
          await unplan(
            db,
            unwanted.map((airing) => airing.id),
          )
          if (after.state !== 'active') await cancelWaiting(db, after, now)
          if (after.title !== before.title) await renameComing(db, id, after.title)
          await saveSchedule(db, after)
          await audit(db, {
            id: dice.id(),
            at: now,
            by,
            action: after.state === before.state ? 'schedule.changed' : `schedule.${after.state}`,
            subject: 'schedule',
            subjectId: id,
            areaCode: before.areaCode,
            before,
            after,
          })
          return after
        }),
      )
      plannedUntil.delete(id)
      planAgainAt = null
      isStale = true
      return changed
    },

    /** The airings of a day that an area hears; with `inside`, also those of the areas inside it. `isCut`: there are more than these. */
    rundown: async (
      areaCode: string,
      date: LocalDate,
      inside: boolean,
    ): Promise<{ airings: Airing[]; isCut: boolean }> => {
      const airings = await airingsOfDay(reader, areaCode, date, { inside, limit: RUNDOWN_LIMIT + 1 })
      return { airings: airings.slice(0, RUNDOWN_LIMIT), isCut: airings.length > RUNDOWN_LIMIT }
    },

    /** Throws `not-found`; `forbidden` when the airing neither lies in the caller's area nor sounds there. */
    airing: async (by: Person, id: string): Promise<Airing> => visibleAiring(reader, by, id),

    /** Skips an airing that is due, or takes it off the air. Throws `conflict` when it is over, or an alert's. */
    cancelAiring: async (by: Person, id: string, now: Instant): Promise<Airing> => {
      await db.transaction().execute(async (db) => {
        const before = await visibleAiring(db, by, id)
        requireArea(by, before.areaCode)
        if (before.alertId !== null) {
          throw conflict('应急播出请在应急消息中取消', 'Cancel the alert itself, not its airing')
        }
        const airing = await currentAiring(db, id)
        if (!airing) throw conflict('这次播出已经结束', 'This airing is over')
        await cancelAll(db, [airing], { zh: `由${by.name}取消`, en: `Cancelled by ${by.name}` }, now)
        await audit(db, {
          id: dice.id(),
          at: now,
          by,
          action: 'airing.cancelled',
          subject: 'airing',
          subjectId: id,
          areaCode: before.areaCode,
          before: { state: before.state },
          after: { state: 'cancelled' },
        })
      })
      await inTurn(() => beat(now))
      return (await airingOf(db, id))!
    },

    deliveries: async (
      by: Person,
      airingId: string,
      page: { limit: number; after?: string | undefined; state?: DeliveryState | undefined },
    ) => {
      const airing = await visibleAiring(reader, by, airingId)
      const counts = await deliveryCounts(reader, airingId, by.areaCode)
      return { airing, counts, deliveries: await deliveriesPage(reader, airingId, by.areaCode, page) }
    },

    /** How far an alert has come: the loudspeakers it is meant for, and what they made of it. */
    alertDeliveries: (alertId: string) => alertCoverage(reader, alertId),

    /** What a person sees first: what is on air and next in their area and inside it, and which loudspeakers are silent. */
    overview: async (areaCode: string, now: Instant) => {
      const airings = await currentAirings(reader, addSeconds(now, HOLD_SECONDS))
      const own = airings.filter((airing) => contains(areaCode, airing.areaCode) || contains(airing.areaCode, areaCode))
      const { date } = civil(now, zone)
      const onAir = own.filter((airing) => airing.state === 'on-air').slice(0, COMING_LIMIT)
      const next = own.filter((airing) => airing.state === 'due' && airing.dueAt > now).slice(0, COMING_LIMIT)
      const areas = await areasByCode(reader, [...new Set([...onAir, ...next].map((airing) => airing.areaCode))])
      const named = (airing: CurrentAiring) => ({
        ...airing,
        areaName: areas.get(airing.areaCode)?.name ?? airing.areaCode,
      })
      return {
        onAir: onAir.map(named),
        next: next.map(named),
        alertIds: [...new Set(own.flatMap((airing) => airing.alertId ?? []))],
        ...(await loudspeakersInside(reader, areaCode)),
        today: { date, ...(await sumsOfDay(reader, areaCode, date, now)) },
      }
    },
  }
}

async function ownSchedule(db: Database, by: Person, id: string): Promise<Schedule> {
  const schedule = await scheduleOf(db, id)
  if (!schedule) throw notFound('没有这个播出计划', 'There is no such schedule')
  requireArea(by, schedule.areaCode)
  return schedule
}

async function visibleAiring(db: Database, by: Person, id: string): Promise<Airing> {
  const airing = await airingOf(db, id)
  if (!airing) throw notFound('没有这次播出', 'There is no such airing')
  if (!contains(airing.areaCode, by.areaCode)) requireArea(by, airing.areaCode)
  return airing
}

/** The areas that have something to be sent, had something before, or are to be told anew after a restart. */
function codesOf(everywhere: string[], airings: Map<string, unknown>, sent: Map<string, string>): string[] {
  return [...new Set([...airings.keys(), ...sent.keys(), ...everywhere])].sort()
}

function latest(one: Instant, other: Instant): Instant {
  return one > other ? one : other
}

/** The broker gets a few seconds; the heart doesn't stop for it. */
async function inTime(work: Promise<boolean>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), PUBLISH_DEADLINE_MILLISECONDS)
  })
  try {
    return await Promise.race([work, deadline])
  } catch {
    return false
  } finally {
    clearTimeout(timer)
  }
}

/** Somebody else holds the database: everything would be refused alike, so nothing more is tried in this beat. */
function isBusy(error: unknown): boolean {
  return /SQLITE_BUSY|database is locked|ECONNREFUSED|Connection terminated/.test(String(error))
}

function why(error: unknown): { reason: string } {
  return { reason: error instanceof Error ? error.message : String(error) }
}
