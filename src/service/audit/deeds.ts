import type { AuditEvent } from '../../audit/index.ts'
import type { Call } from '../context.ts'
import { known } from '../flow/flow.ts'

/**
 * What a request did to `subject`, for `recordEvent` in the transaction that does it: every handler that changes something calls
 * both, so that there is no deed without an entry. `details` never have what programs read or wrote, nor secrets. `tenant` is
 * whose the subject is, by default the tenant of the caller: an entry is for the admins of those whom it is about, also when an
 * operator of another tenant did it, and for no others.
 */
export function deedOf(
  call: Call,
  subject: string,
  details?: AuditEvent['details'],
  tenant = known(call.principal).tenant,
): AuditEvent {
  const { id: principal } = known(call.principal)
  return { action: call.action, tenant, principal, subject, outcome: 'done', ...(details && { details }) }
}

/** Who does what nobody asked for over HTTP: the service itself, or whoever may write its store. */
export const SERVICE = 'service'

/** What the service did by itself in a tenant. */
export function ownDeed(action: string, tenant: string, subject: string, details?: AuditEvent['details']): AuditEvent {
  return { action, tenant, principal: SERVICE, subject, outcome: 'done', ...(details && { details }) }
}
