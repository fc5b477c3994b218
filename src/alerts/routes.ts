import { z } from '@hono/zod-openapi'
import { door, json, routes } from '../web/app.ts'
import { personOf } from '../web/guard.ts'
import { areaCode, id, instant, page, title } from '../web/input.ts'
import { ALERT_TEXT_LIMIT, alertStates, isEventCode, type Alert as AlertRecord, type Severity } from './alert.ts'
import type { Alerts } from './alerts.ts'

const TARGETS_LIMIT = 500
const SENDER_LIMIT = 60

const severity = z
  .number()
  .int()
  .min(1)
  .max(4)
  .transform((value) => value as Severity)
  .openapi({ type: 'integer', description: '1 red, 2 orange, 3 yellow, 4 blue', example: 2 })

const made = z.object({
  purpose: z.enum(['actual', 'drill']).default('actual'),
  severity,
  eventCode: z
    .string()
    .refine(isEventCode, '应为五位事件编码，如 10203 或 11B03|must be an event code such as 10203 or 11B03')
    .optional(),
  title,
  text: z.string().trim().min(1).max(ALERT_TEXT_LIMIT),
  targets: z.array(areaCode).min(1).max(TARGETS_LIMIT),
  senderName: z.string().trim().min(1).max(SENDER_LIMIT).optional(),
  endsAt: instant,
  repeatEverySeconds: z.number().int().min(60).max(3600).optional(),
})

const Alert = z
  .object({
    id,
    purpose: z.enum(['actual', 'drill']),
    state: z.enum(alertStates),
    severity: z.number().int(),
    eventCode: z.string(),
    title: z.string(),
    text: z.string(),
    areaCode,
    targets: z.array(areaCode),
    senderName: z.string(),
    startsAt: z.string(),
    endsAt: z.string(),
    repeatEverySeconds: z.number(),
    issuedBy: z.string(),
    issuedAt: z.string().nullable(),
    endedBy: z.string().nullable(),
    endedAt: z.string().nullable(),
    endReason: z.string().nullable(),
    updatesId: z.string().nullable(),
  })
  .openapi('Alert')

const Coverage = z
  .object({
    loudspeakers: z.number(),
    sent: z.number(),
    heard: z.number(),
    finished: z.number(),
    failed: z.number(),
    missed: z.number(),
  })
  .openapi('Coverage', { description: 'Loudspeakers it is meant for, and what they made of it' })

/** Emergency messages. */
export function alertRoutes(alerts: Alerts) {
  return routes()
    .openapi(
      door('alerts.issue', {
        method: 'post',
        path: '/api/alerts',
        summary: 'Issue an emergency notice: it takes loudspeakers and televisions over at once',
        description: 'The header Idempotency-Key names the request: sent again, it answers 200 with the alert it made.',
        tags: ['alerts'],
        request: {
          headers: z.object({
            'idempotency-key': z
              .string()
              .regex(/^[\w-]{8,64}$/, '应为 8 到 64 位字母数字|has 8 to 64 letters or digits')
              .optional(),
          }),
          body: json(made),
        },
        responses: { 201: json(Alert), 200: json(Alert, 'The alert that this request made before') },
      }),
      async (c) => {
        const key = c.req.valid('header')['idempotency-key'] ?? null
        const { alert, isNew } = await alerts.issue(personOf(c), c.req.valid('json'), key, c.get('now'))
        return isNew ? c.json(alertBody(alert), 201) : c.json(alertBody(alert), 200)
      },
    )
    .openapi(
      door('alerts.issue', {
        method: 'post',
        path: '/api/alerts/{id}/update',
        summary: 'Replace an alert by one with other words, severity, targets or end',
        tags: ['alerts'],
        request: { params: z.object({ id }), body: json(made.omit({ purpose: true }).partial()) },
        responses: { 201: json(Alert) },
      }),
      async (c) => {
        const alert = await alerts.update(personOf(c), c.req.valid('param').id, c.req.valid('json'), c.get('now'))
        return c.json(alertBody(alert), 201)
      },
    )
    .openapi(
      door('alerts.issue', {
        method: 'post',
        path: '/api/alerts/{id}/cancel',
        summary: 'Cancel an alert: it falls silent everywhere at once',
        tags: ['alerts'],
        request: {
          params: z.object({ id }),
          body: json(z.object({ reason: z.string().trim().max(200).optional() })),
        },
        responses: { 200: json(Alert) },
      }),
      async (c) => {
        const { reason } = c.req.valid('json')
        const alert = await alerts.cancel(personOf(c), c.req.valid('param').id, reason || null, c.get('now'))
        return c.json(alertBody(alert), 200)
      },
    )
    .openapi(
      door('alerts.read', {
        method: 'get',
        path: '/api/alerts',
        summary: 'Alerts of your area and inside it, newest first',
        tags: ['alerts'],
        request: { query: z.object({ area: areaCode.optional(), state: z.enum(alertStates).optional(), ...page }) },
        responses: { 200: json(z.object({ alerts: z.array(Alert) })) },
      }),
      async (c) => {
        const person = personOf(c)
        const { area, ...rest } = c.req.valid('query')
        const list = await alerts.list(person, area ?? person.areaCode, rest)
        return c.json({ alerts: list.map(alertBody) }, 200)
      },
    )
    .openapi(
      door('alerts.read', {
        method: 'get',
        path: '/api/alerts/{id}',
        summary: 'An alert, and how many loudspeakers it has reached',
        tags: ['alerts'],
        request: { params: z.object({ id }) },
        responses: { 200: json(z.object({ alert: Alert, coverage: Coverage })) },
      }),
      async (c) => {
        const { alert, coverage } = await alerts.read(personOf(c), c.req.valid('param').id)
        return c.json({ alert: alertBody(alert), coverage }, 200)
      },
    )
}

function alertBody(alert: AlertRecord): z.infer<typeof Alert> {
  const { recordingKey: _recordingKey, requestKey: _requestKey, ...body } = alert
  return body
}
