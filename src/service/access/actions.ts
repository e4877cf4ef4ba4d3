import type { PolicyAction } from '../../policy/index.ts'
import type { Route } from '../routes/route.ts'

type ActionResource = PolicyAction['resource']

/** What routes are about, by the beginning of their path; the parameter names the one. Other routes are about the service. */
const SUBJECTS: readonly { readonly path: string; readonly param: string; readonly kind: ActionResource }[] = [
  { path: '/artifacts/:id', param: 'id', kind: 'Program' },
  { path: '/execute/:anrfId', param: 'anrfId', kind: 'Program' },
  { path: '/executions/:id', param: 'id', kind: 'Execution' },
]

/** What a route is about, and the parameter that names it. */
export function subjectOf({ path }: Route): { readonly kind: ActionResource; readonly param?: string } {
  return SUBJECTS.find((row) => path === row.path || path.startsWith(`${row.path}/`)) ?? { kind: 'Service' }
}

/** The actions of policies: one per route that needs a key. */
export function actionsOf(routes: readonly Route[]): readonly PolicyAction[] {
  return routes.flatMap((route) =>
    route.scope === undefined ? [] : [{ name: route.action, scope: route.scope, resource: subjectOf(route).kind }],
  )
}
