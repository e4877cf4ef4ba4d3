import type { Query } from '../store/index.ts'
import type { AuditEvent } from './event.ts'

/**
 * Keeps an event for ever. To be called with the query of the transaction that does what the event tells, so that there is
 * neither a deed without an entry nor an entry without a deed.
 */
export async function recordEvent(query: Query, event: AuditEvent): Promise<void> {
  const entry = JSON.stringify({ at: new Date().toISOString(), ...event })
  await query('insert into audit_entry (sequence, entry) select coalesce(max(sequence), -1) + 1, ? from audit_entry', [
    entry,
  ])
}
