import { scopesOf, sufficientScopes, type PolicyAction } from './actions.ts'
import { DEFAULT_PROFILE } from './profiles/profile.ts'
import { RUN_WITH, type Decision, type Determining, type PolicyRequest } from './request.ts'
import { scopeGroup } from './schema.ts'

const scopePolicyId = (scope: string): string => `default/scope/${scope}`
const PROFILE_POLICY_ID = 'default/profile'

/** Ids that policies of operators may not begin with. */
export const DEFAULT_PREFIX = 'default/'

const scopeReason = (scope: string): string => `the key has a scope that suffices for ${scope}`
const PROFILE_REASON = 'everybody may run programs with the profile default'

/** The policies that every service has: what scopes permit, and the profile `default` for all. By id, as Cedar text. */
export function defaultPolicies(actions: readonly PolicyAction[]): ReadonlyMap<string, string> {
  const ofScopes = scopesOf(actions).map((scope) => [scopePolicyId(scope), printScopePolicy(scope)] as const)
  const ofProfile = printPolicy(
    PROFILE_POLICY_ID,
    PROFILE_REASON,
    `permit(principal, action == Action::"${RUN_WITH}", resource == Profile::"${DEFAULT_PROFILE}");`,
  )
  return new Map([...ofScopes, [PROFILE_POLICY_ID, ofProfile]])
}

/** The default set as a file. */
export function printDefaultSet(actions: readonly PolicyAction[]): string {
  return `${[...defaultPolicies(actions).values()].join('\n\n')}\n`
}

function printScopePolicy(scope: string): string {
  return printPolicy(
    scopePolicyId(scope),
    scopeReason(scope),
    `permit(principal, action in Action::"${scopeGroup(scope)}", resource)
when { principal.scopes.containsAny(${JSON.stringify(sufficientScopes(scope))}) };`,
  )
}

const printPolicy = (id: string, reason: string, body: string): string => `@id("${id}")\n@reason("${reason}")\n${body}`

/**
 * What the default set decides, without Cedar: a service that has no policies of its own asks nothing else. That both are the
 * same is a test (test/policy/default-set.test.ts).
 */
export function decideByDefault(actions: ReadonlyMap<string, PolicyAction>, request: PolicyRequest): Decision {
  const policy = permitOf(actions, request)
  return { allowed: policy !== undefined, policies: policy ? [policy] : [], errors: [] }
}

function permitOf(actions: ReadonlyMap<string, PolicyAction>, request: PolicyRequest): Determining | undefined {
  const { principal, action, resource } = request
  if (action === RUN_WITH) {
    const isDefault = resource.kind === 'Profile' && resource.id === DEFAULT_PROFILE
    return isDefault ? { id: PROFILE_POLICY_ID, effect: 'permit', reason: PROFILE_REASON } : undefined
  }
  const row = actions.get(action)
  if (!row || row.resource !== resource.kind) return undefined
  if (!sufficientScopes(row.scope).some((scope) => principal.scopes.includes(scope))) return undefined
  return { id: scopePolicyId(row.scope), effect: 'permit', reason: scopeReason(row.scope) }
}
