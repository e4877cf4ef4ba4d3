import { findPrincipal, type Principal, type Scope } from '../keys.ts'
import { problem, type Problem } from '../problem.ts'
import type { Services } from '../context.ts'
import { known, type Step } from './flow.ts'

/** Step 1: who asks was authenticated with every route's scope (see `authenticate`); here the service itself must be willing. */
export const admit: Step = async ({ call }) => {
  const refusal = authorize(known(call.principal), 'execute')
  if (refusal) return refusal
  return call.services.isStopping() ? overloaded('the service is stopping') : undefined
}

/** The principal of an `Authorization` header, or why there is none. */
export async function authenticate(services: Services, header: string | undefined): Promise<Principal | Problem> {
  const key = /^Bearer +(\S+)$/i.exec(header ?? '')?.[1]
  if (key === undefined) return unauthenticated('the request has no key: send `Authorization: Bearer KEY`')
  return (await findPrincipal(services.store.sql, key)) ?? unauthenticated('the key is not valid here')
}

/** Why the principal may not use a route of this scope, if so. */
export function authorize(principal: Principal, scope: Scope): Problem | undefined {
  const { scopes } = principal
  if (scopes.includes(scope) || (scopes.includes('admin') && scope !== 'operate')) return undefined
  return problem('ANRF5002', `${principal.id} lacks the scope ${scope}`)
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

function unauthenticated(detail: string): Problem {
  return problem('ANRF5001', detail, { headers: { 'www-authenticate': 'Bearer realm="anrf"' } })
}
