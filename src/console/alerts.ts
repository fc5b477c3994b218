import { answer, api } from './client.ts'

export async function fetchAlerts(query: {
  area?: string
  state?: 'issued' | 'updated' | 'cancelled' | 'expired'
  after?: string
}) {
  return (await answer(api.alerts.$get({ query: { limit: '50', ...query } }))).alerts
}

export type Alert = Awaited<ReturnType<typeof fetchAlerts>>[number]

export const severities = [1, 2, 3, 4] as const
export type Severity = (typeof severities)[number]

/** The alerts that stand, asked for often: an alert must not be on air without everyone at a console knowing. */
export const alertsInForce = {
  queryKey: ['alerts', 'in-force'],
  queryFn: () => fetchAlerts({ state: 'issued' }),
  refetchInterval: 3000,
}

/** A fresh key of a request, so that sending it again, after a lost answer, cannot issue an alert twice. */
export function requestKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
