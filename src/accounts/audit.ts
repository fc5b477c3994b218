import type { Database } from '../database/connect.ts'
import type { Instant } from '../instant.ts'
import type { Caller } from '../web/guard.ts'
import { addAuditRow } from './store.ts'

/** A change, as the audit trail tells it: who did what to which thing, what it was before and after, when. */
export type Change = {
  id: string
  at: Instant
  /** The person or terminal that did it; `station` when the station did it by itself. */
  by: Caller | 'station'
  /** A verb of the slice: `item.published`, `alert.issued`. */
  action: string
  subject: string
  subjectId: string
  areaCode: string | null
  before?: unknown
  after?: unknown
}

/** Writes the change beside what it changes: the caller's transaction holds both or neither. Never pass a secret in. */
export async function audit(db: Database, change: Change): Promise<void> {
  const { by } = change
  const who =
    by === 'station'
      ? { personId: null, personName: '平台', role: 'station' }
      : by.kind === 'person'
        ? { personId: by.id, personName: by.name, role: by.role }
        : { personId: null, personName: by.id, role: by.terminalKind }
  await addAuditRow(db, {
    id: change.id,
    at: change.at,
    ...who,
    action: change.action,
    subject: change.subject,
    subjectId: change.subjectId,
    areaCode: change.areaCode,
    beforeJson: change.before === undefined ? null : JSON.stringify(change.before),
    afterJson: change.after === undefined ? null : JSON.stringify(change.after),
  })
}
