import type { Clamped, Encoded, Limits, Mode, ModeChoice, Outcome } from '../../base/index.ts'
import type { IoAccount } from '../../broker/index.ts'
import type { World } from '../../effects/index.ts'
import type { Asked, Priority, Session, StoredRun, VerificationStatus } from '../../journal/index.ts'
import type { HookDeed, SuspendedAnswer } from '../../client/index.ts'
import type { Granted } from '../../policy/index.ts'
import type { Loaded } from '../../registry/index.ts'
import type { ExecuteReport } from '../../sandbox/index.ts'
import type { Span } from '../../telemetry/index.ts'
import type { Call, Reply } from '../context.ts'
import type { Reservation } from '../http/idempotency.ts'
import type { Preference } from '../http/prefer.ts'
import type { Problem } from '../http/problem.ts'

/** The body of `POST /execute/{anrfId}`. */
export type ExecuteBody = {
  readonly inputs?: unknown
  readonly entry?: string
  readonly limits?: Partial<Limits>
  readonly world?: Partial<World>
  readonly priority?: Priority
  /** RFC 3339: what has not begun then never does. */
  readonly deadline?: string
  /** The same in ms from now. */
  readonly timeout?: number
}
export type ExecuteQuery = {
  readonly mode?: ModeChoice
  readonly process?: 'pooled' | 'fresh'
  readonly profile?: string
}

export type ExecuteCall = Call<ExecuteBody, ExecuteQuery>

/** What a program may use at most that another one called. */
export type CallerBounds = { readonly limits: Partial<Limits>; readonly account: IoAccount }

/** How a program ended that another one called. */
export type Inside = { readonly outcome: Outcome; readonly report?: ExecuteReport; readonly cpuMs: number }

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
  /** Given when the execution is to be accepted, and its end not to be waited for, or not for long. */
  readonly preference?: Preference
  /** How it is to be run; limits that were lowered are added when it is kept. */
  readonly asked: Asked
  /** How many programs called each other to get here: 0 for one that was asked for over HTTP. */
  readonly depth: number
  /** Of a program that a program called: what it may use at most, and where its bytes count too. */
  readonly bounds?: CallerBounds
  /** Executes another program for the same principal; how that ended. */
  readonly executeInside: (call: ExecuteCall, reference: string, depth: number, bounds: CallerBounds) => Promise<Inside>
  /** `sha256:` and the digest of the inputs as canonical JSON. */
  readonly inputsDigest: string
  /** The span of the step under way. */
  span: Span
  /** Spans of calls of effects, by their idempotency keys. */
  readonly effectSpans: Map<string, Span>
  loaded?: Loaded
  entry?: string
  args?: readonly Encoded[]
  limits?: Limits
  /** Limits that were asked for and lowered to a ceiling. */
  clamped?: readonly Clamped[]
  /** What verifiers said so far. */
  verification?: VerificationStatus
  /** With what the program may be run. */
  granted?: Granted & { readonly revision: string }
  /** What hooks decided or changed so far. */
  hookDeeds?: readonly HookDeed[]
  /** Of an execution with effects, or that was accepted: what it takes to take it up in another process. */
  run?: StoredRun
  /** The key of the request, which is to be done once. */
  reservation?: Reservation
  /** The way of the run to the world. */
  session?: Session | undefined
  /** A worker was asked for. */
  hasBegun?: boolean
  /** When a worker took it last, by `performance.now`. */
  ranMs?: number
  /** Processor time of programs that it called, and of those that these called. */
  nestedCpuMs?: number
  /** Of an execution that was suspended: what its caller was told. */
  before?: SuspendedAnswer
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

/** The identity of the program, which need not have been loaded to end its execution. */
export const anrfIdOf = ({ run, loaded }: Flow): string => run?.artifactId ?? known(loaded).artifact.id
