import type { Clamped, Code, Diagnostic, Encoded, ExecutionUsage, IsolationLevel, Outcome } from '../base/index.ts'
import type { World } from '../effects/index.ts'

/** The body of a failed request: application/problem+json, RFC 9457, with extension members. */
export type ProblemBody = {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  /** The same as `detail`, for clients that look for an error in one member. */
  readonly error: string
  readonly code?: Code
  /** What is wrong in particular; `pointer` names the place in the inputs, the body or the document. */
  readonly diagnostics?: readonly Diagnostic[]
  /** Names the request in the service's log. */
  readonly requestId?: string
  readonly executionId?: string
  readonly anrfId?: string
  readonly outcome?: Outcome
  /** How far the execution that was asked for has come. */
  readonly progress?: Progress
  /** Which effects it had, if any. */
  readonly effects?: EffectsSummary
  readonly logs?: readonly string[]
  /** What kept the worker from the machine, where one ran. */
  readonly isolation?: IsolationLevel
  readonly usage?: ExecutionUsage
  /** Limits that were asked for and lowered. */
  readonly clamped?: readonly Clamped[]
  /** What hooks decided or changed; absent when nothing. */
  readonly hooks?: readonly HookDeed[]
  /** What to know of the version that ran, such as that it was yanked. */
  readonly warnings?: readonly Diagnostic[]
  /** Of what policies refuse. */
  readonly policy?: PolicyRefusal
  /** The quotas that are used up, by the names that `RateLimit-Policy` has them by. */
  readonly violatedPolicies?: readonly string[]
}

/** What policies refuse, and why. */
export type PolicyRefusal = {
  readonly action: string
  /** Those that forbid it, with their reasons. */
  readonly policies: readonly {
    readonly id: string
    readonly effect: 'permit' | 'forbid'
    readonly reason?: string | undefined
  }[]
  /** Policies that could not be evaluated, which denies. */
  readonly errors: readonly string[]
  /** Of a run: for each profile the rules that are not met, and what would be; `run-with` is the policies' permission. */
  readonly profiles?: readonly {
    readonly profile: string
    readonly rule: string
    readonly message: string
    readonly allowed: readonly string[]
  }[]
  /** How to ask for an exception. */
  readonly override?: { readonly request: string; readonly program: string; readonly rules: readonly string[] }
}

/** What a hook decided or changed; what let everything pass is not told. */
export type HookDeed =
  | { readonly hook: string; readonly stage: 'before'; readonly did: 'narrowed'; readonly limits: readonly Clamped[] }
  | { readonly hook: string; readonly stage: 'after'; readonly did: 'redacted'; readonly pointers: readonly string[] }
  | { readonly hook: string; readonly stage: 'before' | 'after'; readonly did: 'refused'; readonly reason: string }
  /** It gave no answer: the execution went on without (`open`), or was refused. */
  | {
      readonly hook: string
      readonly stage: 'before' | 'after'
      readonly did: 'failed'
      readonly why: string
      readonly reason: string
      readonly open: boolean
    }

/** The body of a successful execution. */
export type ExecuteAnswer = {
  readonly output: { readonly result: Encoded }
  readonly logs: readonly string[]
  readonly executionId: string
  /** The identity of the document that ran, whatever name it was asked for by. */
  readonly anrfId: string
  readonly mode: string
  readonly isolation: IsolationLevel
  readonly usage: ExecutionUsage
  /** Limits that were asked for and lowered; absent when there are none. */
  readonly clamped?: readonly Clamped[]
  /** What to know of the version that ran, such as that it was yanked. */
  readonly warnings?: readonly Diagnostic[]
  /** What the program was told of the world, if it read clock or chance. */
  readonly world?: World
  /** What hooks decided or changed; absent when nothing. */
  readonly hooks?: readonly HookDeed[]
}

/** The body of an execution that waits for what may take days; its record says how it goes on. */
export type SuspendedAnswer = Omit<ExecuteAnswer, 'output' | 'world'> & {
  readonly outcome: Extract<Outcome, { kind: 'suspended' }>
  readonly effects?: EffectsSummary
}

/** The body of an execution that was accepted and has not ended. */
export type AcceptedAnswer = {
  readonly executionId: string
  readonly anrfId: string
  readonly outcome: 'queued' | 'running' | 'suspended'
}

/** How far an execution has come that did not return. */
export type Progress = 'not-started' | 'under-way' | 'ended' | 'unknown'

/** What is known of a call of an effect when its execution ended. */
export type EffectState = 'acknowledged' | 'unknown' | 'given-up'

/** Which effects an execution had, without what was said in them. */
export type EffectsSummary = {
  readonly count: number
  /** How many are not `acknowledged`. */
  readonly unknown: number
  /** In order, at most a thousand; `GET /executions/{id}/effects` has all. */
  readonly calls: readonly { readonly sequence: number; readonly name: string; readonly state: EffectState }[]
}

/** What a service answered: the value, or the problem. A service that cannot be reached is a problem of status 0. */
export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: ProblemBody; readonly retryAfterMs?: number }

/** A problem as an exception, for callers who would rather catch: see {@link unwrap}. */
export class AnrfError extends Error {
  override readonly name = 'AnrfError'
  readonly problem: ProblemBody

  constructor(problem: ProblemBody) {
    super(problem.detail)
    this.problem = problem
  }

  /** The code of the problem, which `anrf --explain` explains. */
  get code(): Code | undefined {
    return this.problem.code
  }

  /** The HTTP status; 0 when the service could not be reached. */
  get status(): number {
    return this.problem.status
  }
}

/** The value of a result. Throws the problem as an {@link AnrfError}. */
export function unwrap<T>(result: Result<T>): T {
  if (result.ok) return result.value
  throw new AnrfError(result.problem)
}

/** The problem that an answer without success is, whatever answered: a proxy on the way knows nothing of RFC 9457. */
export function problemOf(response: Response, body: unknown): ProblemBody {
  if (typeof body === 'object' && body !== null && 'title' in body && 'detail' in body) return body as ProblemBody
  const detail = `the service answered ${response.status} ${response.statusText}`
  return { type: 'about:blank', title: 'Unexpected answer', status: response.status, detail, error: detail }
}

/** The problem of a service that did not answer. */
export function unreachable(url: string, error: unknown): ProblemBody {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const detail = `${url} cannot be reached: ${cause instanceof Error ? cause.message : String(cause)}`
  const title = 'Service overloaded or stopping'
  return { type: 'urn:anrf:problem:ANRF5005', title, status: 0, detail, error: detail, code: 'ANRF5005' }
}
