import type { Limits } from '../../base/index.ts'
import type { Grant } from '../../effects/index.ts'
import type { Decision, Determining } from '../request.ts'
import type { OperatorBounds, Profile, RuleName } from './profile.ts'
import { RULE_NAMES, RULES, type RunSubject } from './rules.ts'

/** The override in force of a rule, for the run that is asked for: its id. */
export type OverrideOf = (rule: RuleName) => string | undefined

/** With what a run is governed. */
export type Granted = {
  readonly profile: string
  readonly grants: readonly Grant[]
  readonly ceilings: Partial<Limits>
  readonly isFresh: boolean
  /** The policies that permit the profile. */
  readonly policies: readonly Determining[]
  /** Ids of overrides without which the profile's rules would bind. */
  readonly overrides: readonly string[]
}

/** Why a profile cannot be used: no policy lets it, or a rule of it is not met. */
export type Unfit = {
  readonly profile: string
  /** `run-with` when policies do not permit it. */
  readonly rule: RuleName | 'run-with'
  readonly message: string
  readonly allowed: readonly string[]
  readonly policies: readonly Determining[]
  readonly errors: readonly string[]
}

export type Choice = { readonly granted: Granted } | { readonly unfit: readonly Unfit[] }

/**
 * The first of the profiles, in their order, that policies permit and whose demands the run meets. Only `asked` is considered
 * when it is given.
 */
export function chooseProfile(
  profiles: readonly Profile[],
  asked: string | undefined,
  decide: (profile: string) => Decision,
  subject: RunSubject,
  bounds: OperatorBounds,
  overrideOf: OverrideOf,
): Choice {
  const considered = asked === undefined ? profiles : profiles.filter(({ name }) => name === asked)
  const unfit: Unfit[] = []
  for (const profile of considered) {
    const decision = decide(profile.name)
    const misfits = decision.allowed
      ? unmetOf(profile, decision, subject, overrideOf)
      : [notPermitted(profile, decision)]
    if (misfits.length === 0) return { granted: grant(profile, decision, bounds, overrideOf) }
    unfit.push(...misfits)
  }
  if (considered.length > 0) return { unfit }
  const names = profiles.map(({ name }) => name)
  const message = `there is no profile ${JSON.stringify(asked)}`
  return { unfit: [{ profile: asked ?? '', rule: 'run-with', message, allowed: names, policies: [], errors: [] }] }
}

function notPermitted({ name }: Profile, { policies, errors }: Decision): Unfit {
  const forbid = policies.map(({ id, reason }) => (reason === undefined ? id : `${id}: ${reason}`))
  const why =
    errors.length > 0
      ? 'a policy could not be evaluated'
      : forbid.length > 0
        ? forbid.join('; ')
        : 'no policy permits it'
  return { profile: name, rule: 'run-with', message: why, allowed: [], policies, errors }
}

function unmetOf(
  profile: Profile,
  { policies }: Decision,
  subject: RunSubject,
  overrideOf: OverrideOf,
): readonly Unfit[] {
  return RULE_NAMES.flatMap((rule) => {
    const value = profile.rules[rule]
    if (value === undefined || overrideOf(rule) !== undefined) return []
    const unmet = RULES[rule].unmet?.(value as never, subject)
    return unmet ? [{ profile: profile.name, rule, ...unmet, policies, errors: [] }] : []
  })
}

/** A rule that is overridden leads back to what the operator's settings bound, never beyond. */
function grant(
  { name, rules }: Profile,
  { policies }: Decision,
  bounds: OperatorBounds,
  overrideOf: OverrideOf,
): Granted {
  const used = RULE_NAMES.filter((rule) => rules[rule] !== undefined).flatMap((rule) => overrideOf(rule) ?? [])
  const isBound = (rule: RuleName): boolean => overrideOf(rule) === undefined
  return {
    profile: name,
    grants: (isBound('grants') && rules.grants) || bounds.grants,
    ceilings: { ...bounds.ceilings, ...(isBound('ceilings') && rules.ceilings) },
    isFresh: isBound('process') && rules.process === 'fresh',
    policies,
    overrides: [...new Set(used)],
  }
}
