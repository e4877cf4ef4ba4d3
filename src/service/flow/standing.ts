import type { StoredRun } from '../../journal/index.ts'
import type { Services } from '../context.ts'
import { isLive, listKeysOf } from '../identity/keys.ts'
import { includesScope, type Principal } from '../identity/principal.ts'
import { problem, type Problem } from '../http/problem.ts'
import { findTenant } from '../identity/tenants.ts'

/**
 * For whom a stored execution may go on: the principal that asked for it, with the rights that it has now. Nothing is asked of
 * whoever decided: an approval does not bring back what was taken away.
 */
export async function findStanding(
  { store, tokens }: Services,
  { executionId, principal: id, tenant: tenantId }: Pick<StoredRun, 'executionId' | 'principal' | 'tenant'>,
): Promise<Principal | Problem> {
  const { query } = store.sql
  const ended = (why: string): Problem => problem('ANRF5022', `the execution ${executionId} does not go on: ${why}`)
  const tenant = await findTenant(query, tenantId)
  if (!tenant || tenant.disabledAt !== undefined) return ended(`the tenant ${tenantId} is not served`)
  if (tokens.isIssued(tenantId, id)) return { id, tenant: tenantId, scopes: ['execute'] }
  const keys = (await listKeysOf(query, tenantId, id)).filter((key) => isLive(key))
  const scopes = [...new Set(keys.flatMap((key) => key.scopes))]
  if (includesScope(scopes, 'execute')) return { id, tenant: tenantId, scopes }
  return ended(`${id} has no valid key with the scope execute any more`)
}
