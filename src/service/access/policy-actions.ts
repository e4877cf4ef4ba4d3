import type { OperatorBounds, PolicyAction } from '../../policy/index.ts'
import type { ServiceConfig } from '../settings/config.ts'

/** The actions of a service, for policies that are looked at without one. The routes are loaded here and not before. */
export async function policyActions(): Promise<readonly PolicyAction[]> {
  const [{ ROUTES }, { actionsOf }] = await Promise.all([import('../routes/index.ts'), import('./actions.ts')])
  return actionsOf(ROUTES)
}

/** What the settings of a service bound for everybody. */
export function boundsOf({ grants, ceilings, trustedKeys }: ServiceConfig): OperatorBounds {
  return { grants, ceilings, trustedKeys: trustedKeys.map(({ keyId }) => keyId) }
}
