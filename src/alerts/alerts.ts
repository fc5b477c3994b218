import { audit } from '../accounts/audit.ts'
import { requireArea, contains } from '../areas/division.ts'
import type { Areas } from '../areas/areas.ts'
import type { Database } from '../database/connect.ts'
import type { Dice } from '../equipment/dice.ts'
import { conflict, invalid, notFound } from '../errors.ts'
import type { Instant } from '../instant.ts'
import type { Playout } from '../playout/playout.ts'
import { issuerOf } from '../playout/precedence.ts'
import type { Person } from '../web/guard.ts'
import {
  DEFAULT_EVENT_CODE,
  isEndAllowed,
  mayBecome,
  outermost,
  REPEAT_EVERY_SECONDS,
  sayings,
  wordsOf,
  type Alert,
  type AlertState,
  type Severity,
} from './alert.ts'
import { rememberInForce } from './in-force.ts'
import { addAlert, alertByRequest, alertOf, alertsInside, endAlert, expireAlerts, issuedAlerts } from './store.ts'

export type NewAlert = {
  purpose: 'actual' | 'drill'
  severity: Severity
  eventCode?: string | undefined
  title: string
  text: string
  targets: string[]
  senderName?: string | undefined
  endsAt: Instant
  repeatEverySeconds?: number | undefined
}

export type AlertUpdate = Partial<Omit<NewAlert, 'purpose'>>

/** How far an alert has come: loudspeakers it is meant for, by what they made of it. */
export type Coverage = {
  loudspeakers: number
  sent: number
  heard: number
  finished: number
  failed: number
  missed: number
}

export type Alerts = ReturnType<typeof createAlerts>

/** Emergency messages: issued by officials, on the air at once, until their end. */
export function createAlerts(parts: {
  db: Database
  reader: Database
  dice: Dice
  zone: string
  areas: Pick<Areas, 'area' | 'requireKnown'>
  playout: Pick<Playout, 'airAlert' | 'endAlert' | 'beat' | 'alertDeliveries'>
  /** Asks for the words' recording, which is made outside the transaction and the beat. */
  speak: (
    db: Database,
    words: { text: string; class: 'emergency' | 'drill'; severity: Severity; repeatCount: number },
    now: Instant,
  ) => Promise<{ key: string }>
}) {
  const { db, reader, dice, zone, areas, playout } = parts
  const inForce = rememberInForce((now) => issuedAlerts(reader, now))

  const requireTargets = async (by: Person, targets: string[]): Promise<string[]> => {
    for (const target of targets) requireArea(by, target)
    await areas.requireKnown([...new Set(targets)], 'targets')
    return outermost(targets)
  }

  /** Puts an alert, its airings and its words into the caller's transaction, in place of the one `before`; answers whether it was new. */
  const issue = async (db: Database, by: Person, alert: Alert, now: Instant, before?: Alert): Promise<boolean> => {
    const { key } = await parts.speak(
      db,
      {
        text: wordsOf(alert, zone),
        class: alert.purpose === 'drill' ? 'drill' : 'emergency',
        severity: alert.severity,
        repeatCount: sayings(alert.severity),
      },
      now,
    )
    const issued: Alert = { ...alert, recordingKey: key }
    if (!(await addAlert(db, issued))) return false
    await playout.airAlert(db, { ...issued, issuer: issuerOf(issued.areaCode) }, now)
    await audit(db, {
      id: dice.id(),
      at: now,
      by,
      action: before === undefined ? 'alert.issued' : 'alert.updated',
      subject: 'alert',
      subjectId: alert.id,
      areaCode: alert.areaCode,
      ...(before === undefined ? {} : { before }),
      after: issued,
    })
    return true
  }

  return {
    /**
     * Issues an alert and takes its targets over before it answers. The same request key again answers the alert it made the first time
     * (`isNew` false). Throws `invalid` (targets, endsAt), `forbidden` outside the official's area, `conflict` when the key was used
     * for something else.
     */
    issue: async (
      by: Person,
      made: NewAlert,
      requestKey: string | null,
      now: Instant,
    ): Promise<{ alert: Alert; isNew: boolean }> => {
      const targets = await requireTargets(by, made.targets)
      // A repeated request is answered before its end is checked: it may come late.
      const earlier = requestKey === null ? undefined : await alertByRequest(db, by.id, requestKey)
      if (!earlier) requireEnd(made.endsAt, now)
      const alert: Alert = {
        id: dice.id(),
        purpose: made.purpose,
        state: 'issued',
        severity: made.severity,
        eventCode: made.eventCode ?? DEFAULT_EVENT_CODE,
        title: made.title,
        text: made.text,
        areaCode: by.areaCode,
        targets,
        senderName: made.senderName ?? (await areas.area(by.areaCode)).name,
        startsAt: now,
        endsAt: made.endsAt,
        repeatEverySeconds: made.repeatEverySeconds ?? REPEAT_EVERY_SECONDS,
        recordingKey: null,
        issuedBy: by.id,
        issuedAt: now,
        endedBy: null,
        endedAt: null,
        endReason: null,
        updatesId: null,
        requestKey,
      }
      const isNew = !earlier && (await db.transaction().execute((db) => issue(db, by, alert, now)))
      inForce.forget()
      if (isNew) await playout.beat(now)
      const stands = isNew ? alert.id : (earlier ?? (await alertByRequest(db, by.id, requestKey ?? '')))?.id
      const standing = (await alertOf(db, stands ?? alert.id))!
      if (!isSameRequest(standing, alert)) {
        throw conflict('这个请求编号已用于另一条应急消息', 'This key was used for another alert')
      }
      return { alert: standing, isNew }
    },

    /**
     * Replaces an alert by a new one with other words, severity, targets or end; the old one is `updated` and falls silent as the new one
     * begins. Throws `conflict` when it no longer stands.
     */
    update: async (by: Person, id: string, change: AlertUpdate, now: Instant): Promise<Alert> => {
      const targets = change.targets && (await requireTargets(by, change.targets))
      const alertId = await db.transaction().execute(async (db) => {
        const before = await ownAlert(db, by, id)
        const endsAt = change.endsAt ?? before.endsAt
        if (before.state === 'issued') requireEnd(endsAt, now)
        await end(db, by, before, 'updated', null, now)
        const alert: Alert = {
          ...before,
          id: dice.id(),
          severity: change.severity ?? before.severity,
          eventCode: change.eventCode ?? before.eventCode,
          title: change.title ?? before.title,
          text: change.text ?? before.text,
          targets: targets ?? before.targets,
          senderName: change.senderName ?? before.senderName,
          startsAt: now,
          endsAt,
          repeatEverySeconds: change.repeatEverySeconds ?? before.repeatEverySeconds,
          issuedBy: by.id,
          issuedAt: now,
          updatesId: id,
          requestKey: null,
        }
        await issue(db, by, alert, now, before)
        return alert.id
      })
      inForce.forget()
      await playout.beat(now)
      return (await alertOf(db, alertId))!
    },

    /** Takes an alert off the air everywhere before it answers. Throws `conflict` when it no longer stands. */
    cancel: async (by: Person, id: string, reason: string | null, now: Instant): Promise<Alert> => {
      await db.transaction().execute(async (db) => {
        const before = await ownAlert(db, by, id)
        await end(db, by, before, 'cancelled', reason, now)
        await audit(db, {
          id: dice.id(),
          at: now,
          by,
          action: 'alert.cancelled',
          subject: 'alert',
          subjectId: id,
          areaCode: before.areaCode,
          before: { state: before.state },
          after: { state: 'cancelled', reason },
        })
      })
      inForce.forget()
      await playout.beat(now)
      return (await alertOf(db, id))!
    },

    /** Ends alerts whose end has come: part of every beat, before anything is played. */
    expire: (now: Instant): Promise<string[]> => expireAlerts(db, now),

    /** The alerts in force in an area, the gravest first. */
    activeAlerts: inForce.at,

    /** The alerts of an area and of what lies inside it, newest first. */
    list: (
      by: Person,
      areaCode: string,
      page: { limit: number; after?: string | undefined; state?: AlertState | undefined },
    ): Promise<Alert[]> => {
      requireArea(by, areaCode)
      return alertsInside(reader, areaCode, page)
    },

    /** An alert and how far it has come. Those who live under it may read it. */
    read: async (by: Person, id: string): Promise<{ alert: Alert; coverage: Coverage }> => {
      const alert = await alertOf(reader, id)
      if (!alert) throw notFound('没有这条应急消息', 'There is no such alert')
      if (!alert.targets.some((target) => contains(target, by.areaCode))) requireArea(by, alert.areaCode)
      return { alert, coverage: await playout.alertDeliveries(id) }
    },
  }

  async function end(
    db: Database,
    by: Person,
    alert: Alert,
    state: 'updated' | 'cancelled',
    reason: string | null,
    now: Instant,
  ): Promise<void> {
    const isEnded =
      mayBecome(alert.state, state) &&
      (await endAlert(db, alert.id, { state, endedBy: by.id, endedAt: now, endReason: reason }))
    if (!isEnded) throw conflict('这条应急消息已经结束', 'This alert is over already')
    const text =
      state === 'updated'
        ? { zh: '应急消息已更新', en: 'The alert was updated' }
        : { zh: `由${by.name}取消`, en: `Cancelled by ${by.name}` }
    await playout.endAlert(db, alert.id, text, now)
  }
}

async function ownAlert(db: Database, by: Person, id: string): Promise<Alert> {
  const alert = await alertOf(db, id)
  if (!alert) throw notFound('没有这条应急消息', 'There is no such alert')
  requireArea(by, alert.areaCode)
  return alert
}

function requireEnd(endsAt: Instant, now: Instant): void {
  if (!isEndAllowed(endsAt, now)) {
    throw invalid('endsAt', '结束时刻应在 1 分钟之后、24 小时之内', 'must lie between a minute and 24 hours ahead')
  }
}

function isSameRequest(one: Alert, other: Alert): boolean {
  return requestOf(one) === requestOf(other)
}

function requestOf({ purpose, severity, title, text, targets, endsAt }: Alert): string {
  return JSON.stringify([purpose, severity, title, text, targets, endsAt])
}
