import { sufficientScopes } from '../../policy/index.ts'

/**
 * What a caller may do in its tenant; `admin` everything there. What concerns the whole service (its policies, its audit log,
 * its metrics, its tenants) only `operate` may do.
 */
export const SCOPES = ['operate', 'admin', 'publish', 'execute', 'approve', 'read'] as const
export type Scope = (typeof SCOPES)[number]

/** Who asks. Nobody sees or touches anything of another tenant. */
export type Principal = {
  /** The same for every key of one caller, and unique among all tenants. */
  readonly id: string
  readonly tenant: string
  readonly scopes: readonly Scope[]
}

/** The tenant of a service that has only one. */
export const DEFAULT_TENANT = 'default'

/** Whether someone with `scopes` may do what `scope` allows. */
export function includesScope(scopes: readonly Scope[], scope: Scope): boolean {
  return sufficientScopes(scope).some((sufficient) => scopes.some((has) => has === sufficient))
}

/** Which of the scopes `asked` are beyond what `scopes` allow: nobody gives what they do not have. */
export function scopesBeyond(scopes: readonly Scope[], asked: readonly Scope[]): readonly Scope[] {
  return asked.filter((scope) => !includesScope(scopes, scope))
}
