import { z } from '@hono/zod-openapi'
import { requireArea } from '../areas/division.ts'
import type { Language } from '../errors.ts'
import { civil, type Instant } from '../instant.ts'
import { door, json, routes } from '../web/app.ts'
import { personOf } from '../web/guard.ts'
import { areaCode, id, localDate, localTime, page, title } from '../web/input.ts'
import { deliveryStates } from './delivery.ts'
import { GRACE_LIMIT_SECONDS, RUNDOWN_LIMIT, TARGETS_LIMIT, type Playout } from './playout.ts'
import { DATES_LIMIT, TIMES_LIMIT, type Rule } from './recurrence.ts'
import type { Airing, CurrentAiring, Schedule } from './store.ts'

const times = z.array(localTime).min(1).max(TIMES_LIMIT)
const until = localDate.nullable().default(null)

const Rule = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('daily'), times, from: localDate, until }),
    z.object({
      kind: z.literal('weekdays'),
      weekdays: z.array(z.number().int().min(1).max(7)).min(1).max(7).openapi({ description: '1 Monday to 7 Sunday' }),
      times,
      from: localDate,
      until,
    }),
    z.object({ kind: z.literal('dates'), dates: z.array(localDate).min(1).max(DATES_LIMIT), times }),
  ])
  .refine((rule) => rule.kind === 'dates' || rule.until === null || rule.until >= rule.from, {
    path: ['until'],
    message: '截止日期早于开始日期|ends before it begins',
  })
  .openapi('Rule', { description: 'When a schedule fires, in civil time; a time may carry seconds (10:31:15)' })

const targets = z.array(areaCode).min(1).max(TARGETS_LIMIT)
const graceSeconds = z
  .number()
  .int()
  .min(10)
  .max(GRACE_LIMIT_SECONDS)
  .openapi({ description: 'How late it may begin or return, in seconds' })

const scheduleState = z.enum(['active', 'paused', 'ended'])

const Schedule = z
  .object({
    id,
    bulletinId: id,
    bulletinTitle: z.string().optional(),
    areaCode,
    title: z.string(),
    targets: z.array(areaCode),
    rule: Rule,
    graceSeconds: z.number(),
    state: scheduleState,
    nextAt: z.string().nullable(),
    createdBy: z.string(),
    createdAt: z.string(),
    updatedAt: z.string(),
  })
  .openapi('Schedule')

const airingClass = z.enum(['alert', 'drill', 'notice', 'daily'])
const airingState = z.enum(['due', 'on-air', 'aired', 'pre-empted', 'expired', 'cancelled', 'failed'])

const Airing = z
  .object({
    id,
    scheduleId: z.string().nullable(),
    alertId: z.string().nullable(),
    bulletinId: z.string().nullable(),
    areaCode,
    areaName: z.string(),
    localDate: z.string(),
    slot: z.string(),
    class: airingClass,
    title: z.string(),
    state: airingState,
    dueAt: z.string(),
    untilAt: z.string(),
    startedAt: z.string().nullable(),
    endedAt: z.string().nullable(),
    plannedSeconds: z.number(),
    playedSeconds: z.number(),
    repeatEverySeconds: z.number().nullable(),
    afterPreemption: z.enum(['resume', 'restart', 'drop']),
    preemptedAt: z.string().nullable(),
    preemptedBy: z.string().nullable(),
    deliveryCount: z.number(),
    heardCount: z.number(),
    reportedSeconds: z.number(),
    reason: z.string().nullable(),
  })
  .openapi('Airing')

const Receipt = z.object({
  receiptId: z.string(),
  kind: z.enum(['fetched', 'started', 'finished', 'pre-empted', 'failed']),
  at: z.string(),
  playedSeconds: z.number().nullable(),
  reason: z.string().nullable(),
  receivedAt: z.string(),
})

const Delivery = z
  .object({
    terminalId: z.string(),
    terminalName: z.string(),
    areaCode,
    state: z.enum(deliveryStates),
    plannedAt: z.string(),
    sentAt: z.string().nullable(),
    fetchedAt: z.string().nullable(),
    startedAt: z.string().nullable(),
    finishedAt: z.string().nullable(),
    playedSeconds: z.number(),
    plays: z.number(),
    reason: z.string().nullable(),
    receipts: z.array(Receipt),
  })
  .openapi('Delivery')

const Brief = z.object({
  airingId: id,
  alertId: z.string().nullable(),
  areaCode,
  areaName: z.string(),
  title: z.string(),
  class: airingClass,
  dueAt: z.string(),
  startedAt: z.string().nullable(),
  untilAt: z.string(),
  seconds: z.number(),
})

const Overview = z
  .object({
    areaCode,
    onAir: z.array(Brief),
    next: z.array(Brief),
    alertIds: z.array(z.string()),
    loudspeakers: z.number(),
    silent: z.number(),
    today: z.object({
      date: z.string(),
      airings: z.number().openapi({ description: 'Those that are due by now; the other figures are of these' }),
      finished: z.number(),
      plannedSeconds: z.number().openapi({ description: 'Planned length × loudspeakers' }),
      reportedSeconds: z.number().openapi({ description: 'What loudspeakers reported as sounded' }),
      coming: z.number().openapi({ description: 'Airings that are not due yet' }),
    }),
  })
  .openapi('Overview')

const made = z.object({
  bulletinId: id,
  title: title.optional(),
  targets,
  rule: Rule,
  graceSeconds: graceSeconds.optional(),
})

const ScheduleParams = z.object({ id })

/** Schedules, the rundown, deliveries, and the overview. */
export function playoutRoutes(playout: Playout, zone: string) {
  const scheduleBody = (schedule: Schedule & { bulletinTitle?: string }, now: Instant) => ({
    ...schedule,
    nextAt: schedule.state === 'active' ? (playout.nextFiring(schedule.rule, now) ?? null) : null,
  })

  return routes()
    .openapi(
      door('playout.read', {
        method: 'get',
        path: '/api/schedules',
        summary: 'Schedules made for your area or inside it, newest first',
        tags: ['playout'],
        request: { query: z.object({ area: areaCode.optional(), state: scheduleState.optional(), ...page }) },
        responses: { 200: json(z.object({ schedules: z.array(Schedule) })) },
      }),
      async (c) => {
        const person = personOf(c)
        const { area, ...rest } = c.req.valid('query')
        const schedules = await playout.schedules(person, area ?? person.areaCode, rest)
        return c.json({ schedules: schedules.map((schedule) => scheduleBody(schedule, c.get('now'))) }, 200)
      },
    )
    .openapi(
      door('playout.write', {
        method: 'post',
        path: '/api/schedules',
        summary: 'Schedule a bulletin: once in a minute, or repeated',
        tags: ['playout'],
        request: { body: json(made) },
        responses: { 201: json(Schedule) },
      }),
      async (c) => {
        const schedule = await playout.addSchedule(personOf(c), c.req.valid('json'), c.get('now'))
        return c.json(scheduleBody(schedule, c.get('now')), 201)
      },
    )
    .openapi(
      door('playout.read', {
        method: 'get',
        path: '/api/schedules/{id}',
        summary: 'A schedule',
        tags: ['playout'],
        request: { params: ScheduleParams },
        responses: { 200: json(Schedule) },
      }),
      async (c) =>
        c.json(scheduleBody(await playout.schedule(personOf(c), c.req.valid('param').id), c.get('now')), 200),
    )
    .openapi(
      door('playout.write', {
        method: 'patch',
        path: '/api/schedules/{id}',
        summary: 'Change when and where a schedule airs; pause, resume or end it',
        tags: ['playout'],
        request: {
          params: ScheduleParams,
          body: json(made.omit({ bulletinId: true }).extend({ state: scheduleState }).partial()),
        },
        responses: { 200: json(Schedule) },
      }),
      async (c) => {
        const { id } = c.req.valid('param')
        const schedule = await playout.changeSchedule(personOf(c), id, c.req.valid('json'), c.get('now'))
        return c.json(scheduleBody(schedule, c.get('now')), 200)
      },
    )
    .openapi(
      door('playout.read', {
        method: 'get',
        path: '/api/rundown',
        summary: 'The airings of a day that an area hears, its own and those of the areas that contain it',
        tags: ['playout'],
        request: {
          query: z.object({
            area: areaCode.optional(),
            date: localDate.optional(),
            inside: z
              .enum(['yes', 'no'])
              .default('no')
              .openapi({ description: 'yes: also the airings of the areas inside it' }),
          }),
        },
        responses: {
          200: json(
            z.object({
              areaCode,
              date: z.string(),
              airings: z.array(Airing),
              isCut: z.boolean().openapi({ description: `the day has more than ${RUNDOWN_LIMIT} airings` }),
            }),
          ),
        },
      }),
      async (c) => {
        const person = personOf(c)
        const query = c.req.valid('query')
        const area = query.area ?? person.areaCode
        requireArea(person, area)
        const date = query.date ?? civil(c.get('now'), zone).date
        const { airings, isCut } = await playout.rundown(area, date, query.inside === 'yes')
        const body = airings.map((airing) => airingBody(airing, c.get('language')))
        return c.json({ areaCode: area, date, airings: body, isCut }, 200)
      },
    )
    .openapi(
      door('playout.read', {
        method: 'get',
        path: '/api/airings/{id}',
        summary: 'An airing',
        tags: ['playout'],
        request: { params: z.object({ id }) },
        responses: { 200: json(Airing) },
      }),
      async (c) =>
        c.json(airingBody(await playout.airing(personOf(c), c.req.valid('param').id), c.get('language')), 200),
    )
    .openapi(
      door('playout.write', {
        method: 'post',
        path: '/api/airings/{id}/cancel',
        summary: 'Skip an airing that is due, or take it off the air',
        tags: ['playout'],
        request: { params: z.object({ id }) },
        responses: { 200: json(Airing) },
      }),
      async (c) => {
        const airing = await playout.cancelAiring(personOf(c), c.req.valid('param').id, c.get('now'))
        return c.json(airingBody(airing, c.get('language')), 200)
      },
    )
    .openapi(
      door('playout.read', {
        method: 'get',
        path: '/api/airings/{id}/deliveries',
        summary: 'The deliveries of an airing to the loudspeakers of your area, with every receipt',
        tags: ['playout'],
        request: {
          params: z.object({ id }),
          query: z.object({ state: z.enum(deliveryStates).optional(), ...page }),
        },
        responses: {
          200: json(
            z.object({
              airing: Airing,
              counts: z.partialRecord(z.enum(deliveryStates), z.number()),
              deliveries: z.array(Delivery),
            }),
          ),
        },
      }),
      async (c) => {
        const { id } = c.req.valid('param')
        const { airing, counts, deliveries } = await playout.deliveries(personOf(c), id, c.req.valid('query'))
        return c.json({ airing: airingBody(airing, c.get('language')), counts, deliveries }, 200)
      },
    )
    .openapi(
      door('playout.read', {
        method: 'get',
        path: '/api/overview',
        summary: 'On air now, what comes next, silent loudspeakers, alerts in force, today in hours',
        tags: ['playout'],
        request: { query: z.object({ area: areaCode.optional() }) },
        responses: { 200: json(Overview) },
      }),
      async (c) => {
        const person = personOf(c)
        const area = c.req.valid('query').area ?? person.areaCode
        requireArea(person, area)
        const { onAir, next, ...rest } = await playout.overview(area, c.get('now'))
        return c.json({ areaCode: area, onAir: onAir.map(briefOf), next: next.map(briefOf), ...rest }, 200)
      },
    )
}

function airingBody(airing: Airing, language: Language): z.infer<typeof Airing> {
  const { precedence: _precedence, recordingKey: _key, onAirSince: _since, sentAt: _sent, reason, ...body } = airing
  return { ...body, reason: reasonIn(reason, language) }
}

/** Reasons of the station are kept in both languages; whatever else stands there is shown as it is. */
function reasonIn(reason: string | null, language: Language): string | null {
  if (!reason?.startsWith('{')) return reason
  return (JSON.parse(reason) as Record<Language, string>)[language]
}

function briefOf(airing: CurrentAiring & { areaName: string }): z.infer<typeof Brief> {
  const { id, class: kind, plannedSeconds, alertId, areaCode, areaName, title, dueAt, startedAt, untilAt } = airing
  return {
    airingId: id,
    alertId,
    areaCode,
    areaName,
    title,
    class: kind,
    dueAt,
    startedAt,
    untilAt,
    seconds: plannedSeconds,
  }
}
