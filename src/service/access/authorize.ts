import { findRun } from '../../journal/index.ts'
import { type Decision, type ExecutionFacts, type PolicyResource, type ProgramFacts } from '../../policy/index.ts'
import type { Artifact } from '../../registry/index.ts'
import { subjectOf } from './actions.ts'
import type { Services } from '../context.ts'
import { findExecution } from '../executions/records.ts'
import { lacking } from '../flow/gateway.ts'
import type { Principal, Scope } from '../identity/principal.ts'
import { problem, type Problem } from '../http/problem.ts'
import type { Route } from '../routes/route.ts'

type Asked = { readonly params: Readonly<Record<string, string>>; readonly address: string }

/** Why the principal may not use a route, if so. A service without policies of its own looks at scopes alone. */
export async function authorize(
  services: Services,
  principal: Principal,
  route: Route,
  { params, address }: Asked,
): Promise<Problem | undefined> {
  const policies = services.policies.current()
  const resource = await resourceOf(services, principal, route, params, policies.own.length > 0)
  // The policies may have been replaced meanwhile: those that are asked are those in force now.
  const decision = services.policies
    .current()
    .decide({ principal, action: route.action, resource, context: { time: Date.now(), address } })
  return decision.allowed ? undefined : denied(principal, route.action, decision, route.scope ?? 'admin')
}

/** What a route is about, with what the store knows of it when somebody asks. What is not there is denied or not found later. */
async function resourceOf(
  services: Services,
  principal: Principal,
  route: Route,
  params: Asked['params'],
  isLookedUp: boolean,
): Promise<PolicyResource> {
  const { kind, param } = subjectOf(route)
  if (kind === 'Service') return { kind }
  const reference = params[param ?? ''] ?? ''
  if (kind === 'Execution') {
    return { kind, id: reference, ...(isLookedUp && (await executionFacts(services, principal, reference))) }
  }
  const artifact = isLookedUp ? await services.registry.resolve(principal.tenant, reference) : undefined
  return { kind, ...(artifact ? programFacts(artifact) : { id: reference, isSigned: false }) }
}

/** What policies are told of a program. */
export function programFacts({ id, name, version, publishedBy, signatureCount }: Artifact): ProgramFacts {
  return {
    id,
    publishedBy,
    // It was checked when it came, and is checked again before it runs.
    isSigned: signatureCount > 0,
    ...(name !== undefined && { name }),
    ...(version !== undefined && { version }),
  }
}

async function executionFacts(
  { store, registry }: Services,
  { tenant }: Principal,
  id: string,
): Promise<Omit<ExecutionFacts, 'id'>> {
  const record = await findExecution(store.sql, id)
  const run = record ? undefined : await findRun(store.sql, id)
  const found = record ?? run
  if (found?.tenant !== tenant) return {}
  const artifact = await registry.resolve(tenant, record?.anrfId ?? run?.artifactId ?? '')
  return { owner: found.principal, ...(artifact && { program: programFacts(artifact) }) }
}

/** The problem of what policies do not permit. Without a policy that forbids it, it is a scope that is missing. */
export function denied(principal: Principal, action: string, decision: Decision, scope: Scope): Problem {
  const { policies, errors } = decision
  if (policies.length === 0 && errors.length === 0) return lacking(principal, scope)
  const reasons = policies.map(({ id, reason }) => (reason === undefined ? id : `${id} (${reason})`))
  const why = errors.length > 0 ? 'a policy could not be evaluated' : `forbidden by ${reasons.join(', ')}`
  return problem('ANRF5033', `${principal.id} may not do ${action}: ${why}`, { policy: { action, policies, errors } })
}
