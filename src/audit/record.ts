import type { Query } from '../store/index.ts'
import { entryOf, type Range } from './entry.ts'
import type { AuditEvent } from './event.ts'

/**
 * Keeps an event for ever. To be called with the query of the transaction that does what the event tells, so that there is
 * neither a deed without an entry nor an entry without a deed. The commit puts it under a checkpoint (`openAuditedStore`).
 */
export function recordEvent(query: Query, event: AuditEvent): Promise<void> {
  return insertEntry(query, event)
}

/** The same for an event that says which entries were redacted. */
export async function insertEntry(query: Query, event: AuditEvent, redacts?: readonly Range[]): Promise<void> {
  const { version, at, tenant, action, outcome, seal, sealed } = entryOf(event, redacts)
  const ranges = redacts === undefined ? null : JSON.stringify(redacts)
  const { salt, principal, subject, reasons, details } = sealed!
  const values = [version, at, tenant, action, outcome, seal, ranges, salt, principal, subject, reasons, details]
  await query(INSERT, values)
}

const INSERT = `insert into audit_entry
  (sequence, version, at, tenant, action, outcome, seal, redacts, salt, principal, subject, reasons, details)
  select coalesce(max(sequence), -1) + 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? from audit_entry`
