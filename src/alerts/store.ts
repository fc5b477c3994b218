import { inside } from '../areas/store.ts'
import type { Database } from '../database/connect.ts'
import type { AlertRow } from '../database/schema.ts'
import type { Instant } from '../instant.ts'
import type { Alert, AlertState, Severity } from './alert.ts'

/** Adds an alert; answers whether it was new: the same person's same request key makes no second one. */
export async function addAlert(db: Database, alert: Alert): Promise<boolean> {
  const { targets, ...columns } = alert
  const result = await db
    .insertInto('alerts')
    .values({ ...columns, targetsJson: JSON.stringify(targets) })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return Number(result.numInsertedOrUpdatedRows ?? 0) > 0
}

export async function alertOf(db: Database, id: string): Promise<Alert | undefined> {
  const row = await db.selectFrom('alerts').selectAll().where('id', '=', id).executeTakeFirst()
  return row && alertFrom(row)
}

export async function alertByRequest(db: Database, issuedBy: string, requestKey: string): Promise<Alert | undefined> {
  const row = await db
    .selectFrom('alerts')
    .selectAll()
    .where('issuedBy', '=', issuedBy)
    .where('requestKey', '=', requestKey)
    .executeTakeFirst()
  return row && alertFrom(row)
}

/** Ends an issued alert; answers whether it stood until now. */
export async function endAlert(
  db: Database,
  id: string,
  end: { state: AlertState; endedBy: string | null; endedAt: Instant; endReason: string | null },
): Promise<boolean> {
  const result = await db
    .updateTable('alerts')
    .set(end)
    .where('id', '=', id)
    .where('state', '=', 'issued')
    .executeTakeFirst()
  return Number(result.numUpdatedRows) > 0
}

/** Ends what has come to its end by itself; answers the ids. */
export async function expireAlerts(db: Database, now: Instant): Promise<string[]> {
  const rows = await db
    .updateTable('alerts')
    .set((expression) => ({ state: 'expired' as const, endedAt: expression.ref('endsAt') }))
    .where('state', 'in', ['approved', 'issued'])
    .where('endsAt', '<=', now)
    .returning('id')
    .execute()
  return rows.map((row) => row.id)
}

/** Issued alerts that have not come to their end. */
export async function issuedAlerts(db: Database, now: Instant): Promise<Alert[]> {
  const rows = await db
    .selectFrom('alerts')
    .selectAll()
    .where('state', '=', 'issued')
    .where('endsAt', '>', now)
    .execute()
  return rows.map(alertFrom)
}

/** Alerts issued for an area or inside it, newest first. */
export async function alertsInside(
  db: Database,
  areaCode: string,
  page: { limit: number; after?: string | undefined; state?: AlertState | undefined },
): Promise<Alert[]> {
  let query = db.selectFrom('alerts').selectAll().where(inside('areaCode', areaCode))
  if (page.after) query = query.where('id', '<', page.after)
  if (page.state) query = query.where('state', '=', page.state)
  return (await query.orderBy('id', 'desc').limit(page.limit).execute()).map(alertFrom)
}

function alertFrom({ targetsJson, ...row }: AlertRow): Alert {
  return { ...row, severity: row.severity as Severity, targets: JSON.parse(targetsJson) as string[] }
}
