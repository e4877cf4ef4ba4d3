import { isHookPrincipal } from '../../hooks/index.ts'
import { findPrincipal, isKey } from '../identity/keys.ts'
import type { Principal, Scope } from '../identity/principal.ts'
import { problem, type Problem } from '../http/problem.ts'
import { challenge } from '../gateway/challenge.ts'
import { isToken } from '../gateway/tokens.ts'
import { findTenant } from '../identity/tenants.ts'
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
  const principal = isKey(credential)
    ? await principalOfKey(services, credential)
    : await principalOfToken(services, credential)
  if ('status' in principal) return principal
  // What hooks run has no hooks: nobody is one by the name of a key.
  if (isHookPrincipal(principal.id)) return unauthenticated('nobody asks by the name of a hook', 'invalid_token')
  const tenant = await findTenant(services.store.sql.query, principal.tenant)
  if (tenant && tenant.disabledAt === undefined) return principal
  return problem('ANRF5021', `the tenant ${principal.tenant} is ${tenant ? 'disabled' : 'not known'} here`)
}

async function principalOfToken({ config, tokens }: Services, token: string): Promise<Principal | Problem> {
  if (config.issuers.length > 0 && isToken(token)) return tokens.authenticate(token)
  return unauthenticated('the credential has not the form of a key, `anrf_ID_SECRET`', 'invalid_token')
}

async function principalOfKey({ store }: Services, key: string): Promise<Principal | Problem> {
  const found = await findPrincipal(store.sql, key)
  if (!('refused' in found)) return found
  if (found.refused === 'unknown') return unauthenticated('the key is not valid here', 'invalid_token')
  return problem(
    'ANRF5020',
    `the key ${found.refused === 'expired' ? 'has expired' : 'was revoked'}`,
    challenge({ error: 'invalid_token' }),
  )
}

/** The principal has no scope that suffices. */
export function lacking({ id }: Principal, scope: Scope): Problem {
  return problem('ANRF5002', `${id} lacks the scope ${scope}`, challenge({ error: 'insufficient_scope', scope }))
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
  return problem('ANRF5001', detail, challenge(error && { error }))
}
