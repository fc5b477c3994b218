import { chainOf, isAreaCode, requireArea } from '../areas/division.ts'
import { areaOf, areasByCode } from '../areas/store.ts'
import type { Database } from '../database/connect.ts'
import type { Dice } from '../equipment/dice.ts'
import { hashOf } from '../equipment/store.ts'
import { conflict, invalid, notFound, StationError } from '../errors.ts'
import { addSeconds, type Instant } from '../instant.ts'
import type { Caller, Person, Role } from '../web/guard.ts'
import { audit } from './audit.ts'
import { DECOY_HASH, hashPassword, isPassword, requireRoomToHash } from './password.ts'
import {
  addPerson,
  addSession,
  auditInside,
  changePerson,
  peopleInside,
  personById,
  personByUsername,
  personOfSession,
  revokeSessions,
  sessionsOf,
  type PersonRecord,
} from './store.ts'
import { ADDRESS_FREE_ATTEMPTS, createThrottle, FREE_ATTEMPTS, NAME_FREE_ATTEMPTS } from './throttle.ts'

export const SESSION_SECONDS = 12 * 3600
const PEOPLE_LIMIT = 2000

export type NewPerson = {
  username: string
  name: string
  role: Role
  areaCode: string
  telephone?: string | undefined
  password: string
}

export type PersonChange = Partial<Omit<NewPerson, 'username'>> & { isDisabled?: boolean | undefined }

export type Accounts = ReturnType<typeof createAccounts>

/** People, what they may do and for which area, their sessions, and the trail of what they did. */
export function createAccounts(parts: { db: Database; reader: Database; dice: Dice }) {
  const { db, reader, dice } = parts
  const throttle = createThrottle()

  /** Refuses while one of the keys waits, and counts the attempt with each of them. */
  const reserve = (keys: [key: string, freeAttempts: number][], now: Instant): void => {
    const wait = Math.max(...keys.map(([key]) => throttle.waitSeconds(key, now)))
    if (wait > 0) {
      throw new StationError(
        'forbidden',
        {
          zh: `尝试次数过多，请 ${Math.ceil(wait)} 秒后再试`,
          en: `Too many attempts; try again in ${Math.ceil(wait)} s`,
        },
        { retryAfterSeconds: wait },
      )
    }
    requireRoomToHash()
    for (const [key, freeAttempts] of keys) throttle.tried(key, freeAttempts, now)
  }

  return {
    /**
     * Checks a name and a password and opens a session. The token is shown this once and stored hashed.
     * Throws `unauthorized` when they don't fit, `forbidden` with `retryAfterSeconds` after too many tries.
     */
    signIn: async (username: string, password: string, client: string, address: string, now: Instant) => {
      const name = username.toLowerCase()
      const keys: [string, number][] = [
        [`name ${name} at ${address}`, FREE_ATTEMPTS],
        [`address ${address}`, ADDRESS_FREE_ATTEMPTS],
        [`name ${name}`, NAME_FREE_ATTEMPTS],
      ]
      const person = await personByUsername(db, username)
      reserve(keys, now)
      // A name that doesn't exist costs the same time as one that does, so that names can't be told apart from outside.
      const isRight = await isPassword(password, person?.passwordHash ?? DECOY_HASH)
      if (!person || !isRight || person.disabledAt) {
        throw new StationError('unauthorized', { zh: '用户名或密码不对', en: 'The name or the password is wrong' })
      }
      for (const [key] of keys) throttle.succeeded(key)
      const token = `s_${dice.secret()}`
      const session = {
        id: dice.id(),
        tokenHash: hashOf(token),
        personId: person.id,
        createdAt: now,
        expiresAt: addSeconds(now, SESSION_SECONDS),
        client: client.slice(0, 200),
      }
      await db.transaction().execute(async (db) => {
        await addSession(db, session)
        await audit(db, {
          id: dice.id(),
          at: now,
          by: personCaller(person, session.id),
          action: 'session.opened',
          subject: 'session',
          subjectId: session.id,
          areaCode: person.areaCode,
        })
      })
      return { token, expiresAt: session.expiresAt, person: withoutHash(person) }
    },

    /** Who holds the token of an open session. */
    identify: async (token: string, now: Instant): Promise<Caller | undefined> => {
      // By the reader: while a write waits for a locked database, callers are still known.
      const person = await personOfSession(reader, hashOf(token), now)
      return person && personCaller(person, person.sessionId)
    },

    signOut: async (by: Person, now: Instant): Promise<void> => {
      await db.transaction().execute(async (db) => {
        await revokeSessions(db, by.id, now, by.sessionId)
        await audit(db, {
          id: dice.id(),
          at: now,
          by,
          action: 'session.closed',
          subject: 'session',
          subjectId: by.sessionId,
          areaCode: by.areaCode,
        })
      })
    },

    sessions: (by: Person, now: Instant) => sessionsOf(db, by.id, now),

    /** Ends one of the person's own sessions, on a telephone left behind. Throws `not-found` when it isn't theirs or is over. */
    endSession: async (by: Person, sessionId: string, now: Instant): Promise<void> => {
      await db.transaction().execute(async (db) => {
        if ((await revokeSessions(db, by.id, now, sessionId)) === 0) {
          throw notFound('没有这次登录', 'There is no such session')
        }
        await audit(db, {
          id: dice.id(),
          at: now,
          by,
          action: 'session.revoked',
          subject: 'session',
          subjectId: sessionId,
          areaCode: by.areaCode,
        })
      })
    },

    /** Changes the person's own password and ends their other sessions. Throws `forbidden` when the old one is wrong. */
    changePassword: async (by: Person, given: { current: string; next: string }, now: Instant): Promise<void> => {
      const person = await personByUsername(db, by.username)
      const key = `person ${by.id}`
      reserve([[key, FREE_ATTEMPTS]], now)
      if (!person || !(await isPassword(given.current, person.passwordHash))) {
        throw new StationError('forbidden', { zh: '原密码不对', en: 'The current password is wrong' })
      }
      throttle.succeeded(key)
      const passwordHash = await hashPassword(given.next)
      await db.transaction().execute(async (db) => {
        await changePerson(db, by.id, { passwordHash })
        for (const session of await sessionsOf(db, by.id, now)) {
          if (session.id !== by.sessionId) await revokeSessions(db, by.id, now, session.id)
        }
        await audit(db, {
          id: dice.id(),
          at: now,
          by,
          action: 'person.password-set',
          subject: 'person',
          subjectId: by.id,
          areaCode: by.areaCode,
        })
      })
    },

    people: (by: Person): Promise<PersonRecord[]> => peopleInside(reader, by.areaCode, PEOPLE_LIMIT),

    /** Throws `invalid` on an unknown area, `forbidden` outside the maker's area, `conflict` when the name is taken. */
    addPerson: async (by: Person | 'station', person: NewPerson, now: Instant): Promise<PersonRecord> => {
      if (by !== 'station') requireArea(by, person.areaCode)
      await requireKnownArea(db, person.areaCode)
      const row = {
        id: dice.id(),
        username: person.username,
        name: person.name,
        role: person.role,
        areaCode: person.areaCode,
        telephone: person.telephone ?? null,
        passwordHash: await hashPassword(person.password),
        createdAt: now,
        disabledAt: null,
      }
      await db.transaction().execute(async (db) => {
        if (!(await addPerson(db, row))) {
          throw conflict(`用户名「${person.username}」已有人使用`, `The name "${person.username}" is taken`)
        }
        await audit(db, {
          id: dice.id(),
          at: now,
          by,
          action: 'person.added',
          subject: 'person',
          subjectId: row.id,
          areaCode: row.areaCode,
          after: withoutHash(row),
        })
      })
      return withoutHash(row)
    },

    /** Changes a person. A new password, a new role or area, or disabling ends all their sessions. */
    changePerson: async (by: Person, id: string, change: PersonChange, now: Instant): Promise<PersonRecord> => {
      const passwordHash = change.password === undefined ? undefined : await hashPassword(change.password)
      return db.transaction().execute(async (db) => {
        const before = await personById(db, id)
        if (!before) throw notFound('没有这个人员', 'There is no such person')
        requireArea(by, before.areaCode)
        if (change.areaCode !== undefined) {
          requireArea(by, change.areaCode)
          await requireKnownArea(db, change.areaCode)
        }
        if (before.id === by.id && (change.isDisabled || (change.role && change.role !== before.role))) {
          throw conflict('不能停用自己或更改自己的角色', 'You cannot disable yourself or change your own role')
        }
        const columns = Object.fromEntries(
          Object.entries({
            name: change.name,
            role: change.role,
            areaCode: change.areaCode,
            telephone: change.telephone,
            passwordHash,
            disabledAt: change.isDisabled === undefined ? undefined : change.isDisabled ? now : null,
          }).filter(([, value]) => value !== undefined),
        )
        if (Object.keys(columns).length > 0) await changePerson(db, id, columns)
        const after = (await personById(db, id))!
        if (passwordHash || after.role !== before.role || after.areaCode !== before.areaCode || after.disabledAt) {
          await revokeSessions(db, id, now)
        }
        await audit(db, {
          id: dice.id(),
          at: now,
          by,
          action: passwordHash ? 'person.password-set' : 'person.changed',
          subject: 'person',
          subjectId: id,
          areaCode: after.areaCode,
          before,
          after,
        })
        return after
      })
    },

    auditTrail: async (
      by: Person,
      filter: {
        limit: number
        after?: string | undefined
        personId?: string | undefined
        subject?: string | undefined
        subjectId?: string | undefined
      },
    ) => {
      // What belongs to no area is the whole station's: it is shown to whom nobody stands above.
      const above = await areasByCode(reader, chainOf(by.areaCode).slice(1))
      return auditInside(reader, by.areaCode, { ...filter, withoutArea: above.size === 0 })
    },
  }
}

async function requireKnownArea(db: Database, code: string): Promise<void> {
  if (!isAreaCode(code) || !(await areaOf(db, code))) {
    throw invalid('areaCode', `没有区划 ${code}`, `There is no area ${code}`)
  }
}

function personCaller(person: PersonRecord, sessionId: string): Person {
  const { id, username, name, role, areaCode } = person
  return { kind: 'person', id, username, name, role, areaCode, sessionId }
}

function withoutHash(record: PersonRecord & { passwordHash: string }): PersonRecord {
  const { passwordHash: _hash, ...person } = record
  return person
}
