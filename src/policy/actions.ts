import type { ResourceKind } from './request.ts'

/** Something that policies decide on, as the table of routes gives it. */
export type PolicyAction = {
  /** `topic.verb` */
  readonly name: string
  /** The scope by which a key may do it; every scope is a group of actions, `scope:NAME`. */
  readonly scope: string
  readonly resource: Exclude<ResourceKind, 'Profile'>
}

/** The scope that has what `admin` has not: what concerns the whole service. */
const OPERATE = 'operate'
const ADMIN = 'admin'

/** The scopes of a key that suffice for what asks for `scope`. Both the native decision and the default policies come from it. */
export const sufficientScopes = (scope: string): readonly string[] =>
  scope === OPERATE || scope === ADMIN ? [scope] : [scope, ADMIN]

/** The scopes that actions ask for, each once. */
export function scopesOf(actions: readonly PolicyAction[]): readonly string[] {
  return [...new Set(actions.map(({ scope }) => scope))].sort()
}

/** The group of all actions of a topic: `executions` for `executions.start`. */
export const topicOf = ({ name }: PolicyAction): string => name.slice(0, name.indexOf('.'))
