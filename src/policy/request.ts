/** Whom a decision is about. The tenant's are the only attributes that nobody can choose for himself. */
export type PolicyPrincipal = { readonly id: string; readonly tenant: string; readonly scopes: readonly string[] }

/** What decisions are about; each is an entity type of the schema, see `schema.ts`. */
export type ResourceKind = 'Service' | 'Program' | 'Execution' | 'Profile'

/** What is told of a program: from the registry, never from the request. */
export type ProgramFacts = {
  /** `sha256:...`, or the reference that was asked for when there is no such program. */
  readonly id: string
  /** Both are what its publisher chose. */
  readonly name?: string
  readonly version?: string
  readonly publishedBy?: string
  readonly isSigned: boolean
}

export type ExecutionFacts = { readonly id: string; readonly owner?: string; readonly program?: ProgramFacts }

export type PolicyResource =
  | { readonly kind: 'Service' }
  | ({ readonly kind: 'Program' } & ProgramFacts)
  | ({ readonly kind: 'Execution' } & ExecutionFacts)
  | { readonly kind: 'Profile'; readonly id: string }

/** What is known of a request beside who, what and on what. */
export type PolicyContext = {
  /** When, in ms since 1970. */
  readonly time: number
  /** Where from: the address of the connection. Absent for what goes on by itself. */
  readonly address?: string
  /** Of `run-with` alone: what is to be run. */
  readonly run?: RunFacts
}

/** A run that asks for a profile. */
export type RunFacts = {
  readonly program: ProgramFacts
  /** What the document asks for, checked against its code. */
  readonly capabilities: readonly string[]
  readonly entry: string
  /** How many programs called each other to get here. */
  readonly depth: number
  /** Whether it began earlier and is gone on with. */
  readonly isResumed: boolean
}

export type PolicyRequest = {
  readonly principal: PolicyPrincipal
  /** The `action` of a route, or {@link RUN_WITH}. */
  readonly action: string
  readonly resource: PolicyResource
  readonly context: PolicyContext
}

/** Running a program with a profile; the resource is the profile, the program is in the context. */
export const RUN_WITH = 'run-with'

/** A policy that made the decision what it is. */
export type Determining = {
  readonly id: string
  readonly effect: 'permit' | 'forbid'
  readonly reason?: string | undefined
}

export type Decision = {
  readonly allowed: boolean
  /** Those that forbid when one does, else those that permit; in the order of their ids. */
  readonly policies: readonly Determining[]
  /** Why it could not be evaluated, which denies whatever else was found. */
  readonly errors: readonly string[]
}
