import { isHookPrincipal } from '../../hooks/index.ts'
import { findPrincipal, isKey } from '../keys.ts'
import type { Principal, Scope } from '../principal.ts'
import { problem, type Problem } from '../problem.ts'
import { findTenant } from '../tenants.ts'
import type { Services } from '../context.ts'
import { type Step } from './flow.ts'

/** Step 1: who asks was authenticated and may do what the route does (see `authorize`); here the service itself must be willing. */
export const admit: Step = async ({ call }) => {
  return call.services.isStopping() ? overloaded('the service is stopping') : undefined
}

/** The principal of an `Authorization` header, or why there is none. */
export async function authenticate(services: Services, header: string | undefined): Promise<Principal | Problem> {
  const credential = /^Bearer +(\S+)$/i.exec(header ?? '')?.[1]
  if (credential === undefined) return unauthenticated('the request has no key: send `Authorization: Bearer KEY`')
  const principal = await principalOfKey(services, credential)
  if ('status' in principal) return principal
  // What hooks run has no hooks: nobody is one by the name of a key.
  if (isHookPrincipal(principal.id)) return unauthenticated('nobody asks by the name of a hook', 'invalid_token')
  const tenant = await findTenant(services.store.sql.query, principal.tenant)
  if (tenant && tenant.disabledAt === undefined) return principal
  return problem('ANRF5021', `the tenant ${principal.tenant} is ${tenant ? 'disabled' : 'not known'} here`)
}

async function principalOfKey({ store }: Services, key: string): Promise<Principal | Problem> {
  if (!isKey(key)) return unauthenticated('the credential has not the form of a key, `anrf_ID_SECRET`')
  const found = await findPrincipal(store.sql, key)
  if (!('refused' in found)) return found
  if (found.refused === 'unknown') return unauthenticated('the key is not valid here', 'invalid_token')
  return problem(
    'ANRF5020',
    `the key ${found.refused === 'expired' ? 'has expired' : 'was revoked'}`,
    challenge('invalid_token'),
  )
}

/** The principal has no scope that suffices. */
export function lacking({ id }: Principal, scope: Scope): Problem {
  return problem('ANRF5002', `${id} lacks the scope ${scope}`, challenge('insufficient_scope', scope))
}

const RETRY_AFTER_S = 1

/** The service cannot take the request now. */
export function overloaded(detail: string): Problem {
  return problem('ANRF5005', detail, { headers: { 'retry-after': String(RETRY_AFTER_S) } })
}

/** The caller has too much under way. */
export function tooMany(detail: string): Problem {
  return problem('ANRF5011', detail, { headers: { 'retry-after': String(RETRY_AFTER_S) } })
}

function unauthenticated(detail: string, error?: 'invalid_token'): Problem {
  return problem('ANRF5001', detail, challenge(error))
}

/** RFC 6750, section 3: what was wrong with the credential, if there was one. */
function challenge(error?: string, scope?: Scope): Pick<Problem, 'headers'> {
  const parts = ['realm="anrf"', ...(error ? [`error="${error}"`] : []), ...(scope ? [`scope="${scope}"`] : [])]
  return { headers: { 'www-authenticate': `Bearer ${parts.join(', ')}` } }
}
