import { audit } from '../accounts/audit.ts'
import type { Areas } from '../areas/areas.ts'
import { contains, requireArea } from '../areas/division.ts'
import { isCredential, passwordOf, secretHashOf } from '../codecs/speaker-link.ts'
import type { Database } from '../database/connect.ts'
import type { Admission } from '../equipment/broker.ts'
import type { Dice } from '../equipment/dice.ts'
import { conflict, invalid, notFound, StationError, type Detail } from '../errors.ts'
import type { Instant } from '../instant.ts'
import type { Person, TerminalCaller } from '../web/guard.ts'
import { householdFaultOf, type NewTerminal, type TerminalImport } from './import.ts'
import {
  addTerminals,
  changeTerminal,
  credentialOf,
  loudspeakersInside,
  terminalById,
  terminalCounts,
  terminalsInside,
  type TerminalFilter,
} from './store.ts'
import { admissionOf, partsOfToken, type Terminal } from './terminal.ts'

/** The most loudspeakers one area's list holds: a county has 5,000. */
export const LOUDSPEAKER_LIMIT = 20_000

/** What a terminal proves itself with, shown this once. `mqttPassword` is for the password file of an external broker. */
export type Credential = { id: string; secret: string; token: string; mqttPassword: string }

export type TerminalChange = { name?: string | undefined; areaCode?: string | undefined }

export type Terminals = ReturnType<typeof createTerminals>

/** The register of loudspeakers and boxes: where each stands, whose it is, and what it proves itself with. */
export function createTerminals(parts: {
  db: Database
  reader: Database
  dice: Dice
  areas: Pick<Areas, 'chain' | 'requireKnown' | 'household'>
  /** Ends the connection of a terminal whose credential or place has changed. */
  dismiss: (id: string) => void
}) {
  const { db, reader, dice, areas, dismiss } = parts

  const codesAround = async (areaCode: string): Promise<string[]> =>
    (await areas.chain(areaCode)).map((area) => area.code)

  const requireHousehold = async (terminal: NewTerminal): Promise<void> => {
    const fault = householdFaultOf(terminal.kind, terminal.householdId)
    if (fault) throw invalid(fault.field, fault.message.zh, fault.message.en)
    if (terminal.householdId === undefined) return
    const household = await areas.household(terminal.householdId)
    if (household?.areaCode !== terminal.areaCode) {
      throw invalid('householdId', '该区划内没有这个家庭', 'There is no such household in the area')
    }
  }

  const prepare = (terminal: NewTerminal, now: Instant) => {
    const secret = dice.secret()
    const row = {
      id: terminal.id ?? dice.id(),
      kind: terminal.kind,
      areaCode: terminal.areaCode,
      householdId: terminal.householdId ?? null,
      name: terminal.name,
      secretHash: secretHashOf(secret),
      createdAt: now,
    }
    return { row, credential: credentialFor(row.id, secret) }
  }

  return {
    /** Throws `invalid` on an unknown area or household, `forbidden` outside the maker's area, `conflict` when the id is taken. */
    add: async (by: Person, terminal: NewTerminal, now: Instant): Promise<Terminal & { credential: Credential }> => {
      requireArea(by, terminal.areaCode)
      await areas.requireKnown([terminal.areaCode], 'areaCode')
      await requireHousehold(terminal)
      const { row, credential } = prepare(terminal, now)
      return db.transaction().execute(async (db) => {
        if ((await addTerminals(db, [row])).size === 0) {
          throw conflict(`终端编号 ${row.id} 已有人使用`, `The id ${row.id} is taken`)
        }
        const added = (await terminalById(db, row.id))!
        await audit(db, {
          id: dice.id(),
          at: now,
          by,
          action: 'terminal.added',
          subject: 'terminal',
          subjectId: row.id,
          areaCode: row.areaCode,
          after: added,
        })
        return { ...added, credential }
      })
    },

    /** Adds the good rows of a sheet and names the bad ones. The credentials are shown this once. */
    import: async (
      by: Person | 'station',
      read: TerminalImport,
      now: Instant,
    ): Promise<{ credentials: Credential[]; faults: Detail[] }> => {
      const faults = [...read.faults]
      const refuse = (line: number, column: string, zh: string, en: string): void =>
        void faults.push({ field: column, column, line, message: { zh, en } })
      const known = new Map<string, boolean>()
      const prepared: ReturnType<typeof prepare>[] = []
      const lines = new Map<string, number>()
      for (const terminal of read.terminals) {
        const { line, areaCode } = terminal
        if (by !== 'station' && !contains(by.areaCode, areaCode)) {
          refuse(line, 'areaCode', `${areaCode} 不在您的管理范围内`, `${areaCode} is outside the area you act for`)
          continue
        }
        if (!known.has(areaCode)) known.set(areaCode, (await codesAround(areaCode)).includes(areaCode))
        if (!known.get(areaCode)) {
          refuse(line, 'areaCode', `没有区划 ${areaCode}`, `There is no area ${areaCode}`)
          continue
        }
        const household = terminal.householdId === undefined ? undefined : await areas.household(terminal.householdId)
        if (terminal.householdId !== undefined && household?.areaCode !== areaCode) {
          refuse(line, 'householdId', '该区划内没有这个家庭', 'There is no such household in the area')
          continue
        }
        const each = prepare(terminal, now)
        prepared.push(each)
        lines.set(each.row.id, line)
      }
      const added = await db.transaction().execute(async (db) => {
        const rows = prepared.map((each) => each.row)
        const added = await addTerminals(db, rows)
        await audit(db, {
          id: dice.id(),
          at: now,
          by,
          action: 'terminals.imported',
          subject: 'terminal',
          subjectId: rows[0]?.id ?? '',
          areaCode: by === 'station' ? null : by.areaCode,
          after: { accepted: added.size, rejected: read.terminals.length + read.faults.length - added.size },
        })
        return added
      })
      for (const [id, line] of lines) {
        if (!added.has(id)) refuse(line, 'id', `终端编号 ${id} 已有人使用`, `The id ${id} is taken`)
      }
      faults.sort((one, other) => (one.line ?? 0) - (other.line ?? 0))
      return {
        credentials: prepared.filter(({ row }) => added.has(row.id)).map(({ credential }) => credential),
        faults,
      }
    },

    list: async (by: Person, filter: TerminalFilter): Promise<Terminal[]> => {
      requireArea(by, filter.areaCode)
      return terminalsInside(reader, filter)
    },

    /** How many loudspeakers of the area, or of all areas, are in each state. */
    counts: async (areaCode?: string): Promise<Record<Terminal['state'], number>> => {
      const counts = { new: 0, online: 0, offline: 0 }
      for (const { state, count } of await terminalCounts(reader, areaCode, 'loudspeaker')) counts[state] = count
      return counts
    },

    terminal: (id: string): Promise<Terminal | undefined> => terminalById(db, id),

    ownTerminal: (by: Person, id: string): Promise<Terminal> => own(db, by, id),

    /** The loudspeakers that hear what is said to an area. `db` is the caller's transaction, if it has one. */
    loudspeakersInside: (areaCode: string, within: Database = db): Promise<{ id: string; areaCode: string }[]> =>
      loudspeakersInside(within, areaCode, LOUDSPEAKER_LIMIT),

    /** Renames or moves a loudspeaker; a box stays with its household. A loudspeaker that moved connects anew, to other topics. */
    change: async (by: Person, id: string, change: TerminalChange, now: Instant): Promise<Terminal> => {
      if (change.areaCode !== undefined) {
        requireArea(by, change.areaCode)
        await areas.requireKnown([change.areaCode], 'areaCode')
      }
      const { before, after } = await db.transaction().execute(async (db) => {
        const before = await own(db, by, id)
        const moves = change.areaCode !== undefined && change.areaCode !== before.areaCode
        if (moves && before.kind === 'box') {
          throw conflict('机顶盒随家庭，不能单独迁移', 'A box stays with its household')
        }
        const columns = {
          ...(change.name === undefined ? {} : { name: change.name }),
          ...(change.areaCode === undefined ? {} : { areaCode: change.areaCode }),
        }
        if (Object.keys(columns).length > 0) await changeTerminal(db, id, columns)
        const after = (await terminalById(db, id))!
        await audit(db, {
          id: dice.id(),
          at: now,
          by,
          action: 'terminal.changed',
          subject: 'terminal',
          subjectId: id,
          areaCode: after.areaCode,
          before,
          after,
        })
        return { before, after }
      })
      if (after.areaCode !== before.areaCode) dismiss(id)
      return after
    },

    /** Ends a terminal's credential for good; its past stays. */
    revoke: async (by: Person, id: string, now: Instant): Promise<Terminal> => {
      const after = await db.transaction().execute(async (db) => {
        const before = await own(db, by, id)
        if (before.revokedAt) throw conflict('该终端已停用', 'The terminal is revoked already')
        await changeTerminal(db, id, { revokedAt: now, state: 'offline' })
        const after = (await terminalById(db, id))!
        await audit(db, {
          id: dice.id(),
          at: now,
          by,
          action: 'terminal.revoked',
          subject: 'terminal',
          subjectId: id,
          areaCode: after.areaCode,
          before,
          after,
        })
        return after
      })
      dismiss(id)
      return after
    },

    /** Gives a terminal a new secret; the old one ends at once. */
    rotate: async (by: Person, id: string, now: Instant): Promise<Credential> => {
      const secret = dice.secret()
      await db.transaction().execute(async (db) => {
        const before = await own(db, by, id)
        if (before.revokedAt) throw conflict('该终端已停用', 'The terminal is revoked')
        await changeTerminal(db, id, { secretHash: secretHashOf(secret) })
        await audit(db, {
          id: dice.id(),
          at: now,
          by,
          action: 'terminal.credential-rotated',
          subject: 'terminal',
          subjectId: id,
          areaCode: before.areaCode,
        })
      })
      dismiss(id)
      return credentialFor(id, secret)
    },

    /** Who holds a terminal's token `t_<id>_…`. */
    identify: async (token: string): Promise<TerminalCaller | undefined> => {
      const parts = partsOfToken(token)
      const known = parts && (await credentialOf(db, parts.id))
      if (!known || !isCredential(parts.credential, known.secretHash)) return undefined
      const { id, kind, areaCode, householdId } = known
      return { kind: 'terminal', id, terminalKind: kind, areaCode, householdId }
    },

    /** What a loudspeaker may touch at the broker, when its password is right. */
    admit: async (id: string, password: string): Promise<Admission | undefined> => {
      const known = await credentialOf(db, id)
      if (known?.kind !== 'loudspeaker' || !isCredential(password, known.secretHash)) return undefined
      return admissionOf(id, await codesAround(known.areaCode))
    },

    /** Where a loudspeaker stands, and what proofs for it are made with. Throws `forbidden` for a box. */
    loudspeaker: async (id: string): Promise<{ areaCodes: string[]; secretHash: string }> => {
      const known = await credentialOf(db, id)
      if (known?.kind !== 'loudspeaker') {
        throw new StationError('forbidden', {
          zh: '只有大喇叭使用广播链路',
          en: 'Only loudspeakers use the speaker link',
        })
      }
      return { areaCodes: await codesAround(known.areaCode), secretHash: known.secretHash }
    },
  }
}

function credentialFor(id: string, secret: string): Credential {
  const mqttPassword = passwordOf(secretHashOf(secret))
  return { id, secret, token: `t_${id}_${secret}`, mqttPassword }
}

async function own(db: Database, by: Person, id: string): Promise<Terminal> {
  const terminal = await terminalById(db, id)
  if (!terminal) throw notFound('没有这个终端', 'There is no such terminal')
  requireArea(by, terminal.areaCode)
  return terminal
}
