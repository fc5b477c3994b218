import { inside } from '../areas/store.ts'
import type { Database } from '../database/connect.ts'
import type { AuditRow, PersonRow } from '../database/schema.ts'
import type { Instant } from '../instant.ts'
import type { Role } from '../web/guard.ts'

export type PersonRecord = {
  id: string
  username: string
  name: string
  role: Role
  areaCode: string
  telephone: string | null
  createdAt: Instant
  disabledAt: Instant | null
}

const PERSON = ['id', 'username', 'name', 'role', 'areaCode', 'telephone', 'createdAt', 'disabledAt'] as const

export async function personByUsername(
  db: Database,
  username: string,
): Promise<(PersonRecord & { passwordHash: string }) | undefined> {
  return db
    .selectFrom('people')
    .select([...PERSON, 'passwordHash'])
    .where('username', '=', username)
    .executeTakeFirst()
}

export async function personById(db: Database, id: string): Promise<PersonRecord | undefined> {
  return db.selectFrom('people').select(PERSON).where('id', '=', id).executeTakeFirst()
}

export async function peopleInside(db: Database, areaCode: string, limit: number): Promise<PersonRecord[]> {
  return db
    .selectFrom('people')
    .select(PERSON)
    .where(inside('areaCode', areaCode))
    .orderBy('username')
    .limit(limit)
    .execute()
}

/** Adds a person; answers whether the name was free. */
export async function addPerson(db: Database, person: PersonRow): Promise<boolean> {
  const added = await db
    .insertInto('people')
    .values(person)
    .onConflict((conflict) => conflict.column('username').doNothing())
    .executeTakeFirst()
  return Number(added.numInsertedOrUpdatedRows ?? 0) > 0
}

export async function changePerson(
  db: Database,
  id: string,
  change: Partial<Pick<PersonRow, 'name' | 'role' | 'areaCode' | 'telephone' | 'passwordHash' | 'disabledAt'>>,
): Promise<void> {
  await db.updateTable('people').set(change).where('id', '=', id).execute()
}

export async function addSession(
  db: Database,
  session: { id: string; tokenHash: string; personId: string; createdAt: Instant; expiresAt: Instant; client: string },
): Promise<void> {
  await db
    .insertInto('sessions')
    .values({ ...session, revokedAt: null })
    .execute()
}

/** The person of a session that is neither revoked nor over, and not disabled. */
export async function personOfSession(
  db: Database,
  tokenHash: string,
  now: Instant,
): Promise<(PersonRecord & { sessionId: string }) | undefined> {
  return db
    .selectFrom('sessions')
    .innerJoin('people', 'people.id', 'sessions.personId')
    .select([
      'people.id',
      'people.username',
      'people.name',
      'people.role',
      'people.areaCode',
      'people.telephone',
      'people.createdAt',
      'people.disabledAt',
      'sessions.id as sessionId',
    ])
    .where('sessions.tokenHash', '=', tokenHash)
    .where('sessions.revokedAt', 'is', null)
    .where('sessions.expiresAt', '>', now)
    .where('people.disabledAt', 'is', null)
    .executeTakeFirst()
}

export async function sessionsOf(
  db: Database,
  personId: string,
  now: Instant,
): Promise<{ id: string; createdAt: Instant; expiresAt: Instant; client: string }[]> {
  return db
    .selectFrom('sessions')
    .select(['id', 'createdAt', 'expiresAt', 'client'])
    .where('personId', '=', personId)
    .where('revokedAt', 'is', null)
    .where('expiresAt', '>', now)
    .orderBy('createdAt', 'desc')
    .execute()
}

/** Ends sessions of a person: one, or all. Answers how many ended. */
export async function revokeSessions(
  db: Database,
  personId: string,
  now: Instant,
  sessionId?: string,
): Promise<number> {
  let query = db
    .updateTable('sessions')
    .set({ revokedAt: now })
    .where('personId', '=', personId)
    .where('revokedAt', 'is', null)
  if (sessionId !== undefined) query = query.where('id', '=', sessionId)
  const result = await query.executeTakeFirst()
  return Number(result.numUpdatedRows)
}

export async function addAuditRow(db: Database, row: AuditRow): Promise<void> {
  await db.insertInto('audit').values(row).execute()
}

/** Audit rows of an area and everything inside it, and those of no area (settings, the station's own imports) if asked for, newest first. */
export async function auditInside(
  db: Database,
  areaCode: string,
  filter: {
    withoutArea: boolean
    limit: number
    after?: string | undefined
    personId?: string | undefined
    subject?: string | undefined
    subjectId?: string | undefined
  },
): Promise<AuditRow[]> {
  let query = db.selectFrom('audit').selectAll()
  query = filter.withoutArea
    ? query.where((where) => where.or([inside('areaCode', areaCode), where('areaCode', 'is', null)]))
    : query.where(inside('areaCode', areaCode))
  if (filter.after) query = query.where('id', '<', filter.after)
  if (filter.personId) query = query.where('personId', '=', filter.personId)
  if (filter.subject) query = query.where('subject', '=', filter.subject)
  if (filter.subjectId) query = query.where('subjectId', '=', filter.subjectId)
  return query.orderBy('id', 'desc').limit(filter.limit).execute()
}
