import type { Clamped, Encoded, Limits, Mode, ModeChoice, Outcome } from '../../base/index.ts'
import type { World } from '../../effects/index.ts'
import type { HookDeed } from '../../client/index.ts'
import type { StoredRun } from '../../journal/index.ts'
import type { Loaded } from '../../registry/index.ts'
import type { ExecuteReport } from '../../sandbox/index.ts'
import type { Call, Reply } from '../context.ts'
import type { Problem } from '../problem.ts'

/** The body of `POST /execute/{anrfId}`. */
export type ExecuteBody = {
  readonly inputs?: unknown
  readonly entry?: string
  readonly limits?: Partial<Limits>
  readonly world?: Partial<World>
}
export type ExecuteQuery = { readonly mode?: ModeChoice; readonly process?: 'pooled' | 'fresh' }

export type ExecuteCall = Call<ExecuteBody, ExecuteQuery>

/** An execution on its way through the steps, each of which adds what the next ones need. */
export type Flow = {
  readonly call: ExecuteCall
  /** The name, version or digest that was asked for. */
  readonly reference: string
  readonly executionId: string
  readonly startedAt: Date
  /** The mode that runs; `auto` was resolved. */
  readonly mode: Mode
  /** What the run is told of clock and chance. */
  readonly world: World
  /** How many programs called each other to get here: 0 for one that was asked for over HTTP. */
  readonly depth: number
  /** Executes another program for the same principal; how that ended. */
  readonly executeInside: (call: ExecuteCall, reference: string, depth: number) => Promise<Outcome>
  /** `sha256:` and the digest of the inputs as canonical JSON. */
  readonly inputsDigest: string
  loaded?: Loaded
  entry?: string
  args?: readonly Encoded[]
  limits?: Limits
  /** Limits that were asked for and lowered to a ceiling. */
  clamped?: readonly Clamped[]
  /** What hooks decided or changed so far. */
  hookDeeds?: readonly HookDeed[]
  /** Of an execution with effects: what it takes to take it up in another process. */
  run?: StoredRun
  /** What the worker said; absent when it was not asked. */
  report?: ExecuteReport
  /** How the execution ended, as the caller is told: set once by the step that ends it. */
  outcome?: Outcome
  reply?: Reply
}

/**
 * One step. A problem ends the flow at once, as if nothing had been asked for: no execution is
 * recorded. A step that ends the execution sets `flow.outcome`.
 */
export type Step = (flow: Flow) => Promise<Problem | undefined>

/** What an earlier step has set; its absence is a defect in the order of the steps. */
export function known<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('a step of the flow needs what no earlier step has set')
  return value
}
