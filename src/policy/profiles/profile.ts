import type { IsolationLevel, Limits } from '../../base/index.ts'
import type { Grant } from '../../effects/index.ts'

/** The profile that everybody may use unless a policy forbids it. A document may say what it holds. */
export const DEFAULT_PROFILE = 'default'

/** The levels at which documents are verified. */
export const VERIFICATION_LEVELS = ['static', 'module'] as const
export type VerificationLevel = (typeof VERIFICATION_LEVELS)[number]

/** Signatures that a program must have. */
export type RequiredSignature = {
  /** Ids of keys (`sha256:...`), any of which counts. */
  readonly keys: readonly string[]
  /** How many of them must have signed. */
  readonly threshold: number
}

/** What the rules of a profile say, by the name of the rule. An absent rule bounds nothing beyond the service's own settings. */
export type ProfileRules = {
  /** All that a run may do to the world, beyond what every run may. */
  readonly grants?: readonly Grant[]
  readonly ceilings?: Partial<Limits>
  /** The weakest that will do. */
  readonly isolation?: IsolationLevel
  readonly process?: 'fresh'
  readonly signature?: RequiredSignature
  readonly verification?: VerificationLevel
}

export type RuleName = keyof ProfileRules

/** What a program may be run with. */
export type Profile = { readonly name: string; readonly about?: string; readonly rules: ProfileRules }

/** What the operator's settings bound, for everybody; no profile and no override goes beyond. */
export type OperatorBounds = {
  readonly grants: readonly Grant[]
  readonly ceilings: Partial<Limits>
  /** Ids of the keys whose signatures count at all. */
  readonly trustedKeys: readonly string[]
}
