/** One limit of an execution. Everything that names limits reads these rows: docs, flags, HTTP fields, clamping, tests. */
type LimitRow = {
  readonly unit: string
  readonly default: number
  readonly ceiling: number
  /** What is bounded: one execution, or all that one principal has at once. */
  readonly of: 'execution' | 'principal'
  readonly enforcedBy: 'engine' | 'parent'
  /** What is counted. */
  readonly doc: string
  /** How it is enforced. */
  readonly how: string
  /** What slips through. */
  readonly slips: string
}

/** The fuel ceiling stays below 2^53 so that a counter is exact in an f64. */
export const LIMITS = {
  fuel: {
    unit: 'events',
    default: 2_000_000_000,
    ceiling: 1_000_000_000_000,
    of: 'execution',
    enforcedBy: 'engine',
    doc: 'loop back-edges, calls on call cycles and the work of linear operations',
    how: 'The engine charges loop rounds, calls on call cycles and linear library work before they happen.',
    slips: 'Straight code between two charges is free. It is bounded by the size of the program.',
  },
  allocation: {
    unit: 'bytes',
    default: 16 * 2 ** 30,
    ceiling: 2 ** 50,
    of: 'execution',
    enforcedBy: 'engine',
    doc: 'bytes ever allocated, by the formulas of the operation table; freed memory is not given back',
    how: 'The engine adds the bytes of each allocating operation before it happens.',
    slips: 'The formulas are models: V8 may use somewhat more or less.',
  },
  memory: {
    unit: 'bytes',
    default: 256 * 2 ** 20,
    ceiling: 2 ** 31,
    of: 'execution',
    enforcedBy: 'engine',
    doc: 'bytes live at once, and the most that one operation may ask for; sampled as allocation grows',
    how: "Layers. The engine refuses one operation that asks for more, and samples live bytes each time 16 MiB more were allocated. The worker's heap is capped at 1.25 times the limit plus 96 MiB; V8 ends the process there. On Linux the parent reads the resident size every 10 ms and kills above 1.5 times the limit plus 192 MiB; where control groups are delegated (v1 or v2), the kernel does so at once for what a worker takes after its start.",
    slips:
      'Up to 16 MiB between two samples; garbage counts until a sample collects it. A list that grows is copied, and both copies count. V8 gives no array of 2^27 elements: in the JIT making one, in the interpreter growing to one ends the run here, whatever the limit. Off Linux only the first two layers exist, and memory outside of the heap is not bounded by the parent.',
  },
  depth: {
    unit: 'calls',
    default: 10_000,
    ceiling: 1_000_000,
    of: 'execution',
    enforcedBy: 'engine',
    doc: 'nested calls of functions on call cycles',
    how: "The engine counts nested calls of functions on call cycles. The interpreter has its own stack; in the JIT calls are calls of the host, and a run for which the host's stack is too small begins anew in the interpreter.",
    slips: 'Calls outside of cycles are not counted: there are at most as many as functions.',
  },
  wall: {
    unit: 'ms',
    default: 10_000,
    ceiling: 600_000,
    of: 'execution',
    enforcedBy: 'parent',
    doc: 'time from the start of the run to its answer',
    how: "The parent's timer, from handing the run to the worker until its answer; then SIGKILL.",
    slips:
      'A few milliseconds of scheduling. Waiting in the queue does not count. A program that is loaded for the first time is loaded within the limit.',
  },
  cpu: {
    unit: 'ms',
    default: 60_000,
    ceiling: 600_000,
    of: 'execution',
    enforcedBy: 'parent',
    doc: 'processor time of the worker process, all its threads, from the start of the run',
    how: 'On Linux the parent reads the processor time of the worker every 10 ms and kills above the limit. A service also has the kernel end it two seconds later (RLIMIT_CPU), which holds while the parent cannot look.',
    slips:
      'The first 10 ms, then up to one period and one tick of the kernel (10 ms) for each thread. Loading the program and collecting garbage count. Off Linux only `wall` bounds time.',
  },
  output: {
    unit: 'bytes',
    default: 8 * 2 ** 20,
    ceiling: 64 * 2 ** 20,
    of: 'execution',
    enforcedBy: 'engine',
    doc: 'size of the encoded result',
    how: 'The engine stops encoding a result at the limit; the parent refuses a frame of more than 8 times the limit plus 1 MiB.',
    slips: 'The arguments after the call, which `anrf batch` shows, have the same bound of their own.',
  },
  logs: {
    unit: 'bytes',
    default: 2 ** 20,
    ceiling: 16 * 2 ** 20,
    of: 'execution',
    enforcedBy: 'engine',
    doc: 'size of all log lines',
    how: 'The engine counts the bytes of each line and its line end; the parent cuts at twice the limit plus 64 KiB, whatever the worker does.',
    slips: 'Nothing.',
  },
  effects: {
    unit: 'calls',
    default: 1000,
    ceiling: 1_000_000,
    of: 'execution',
    enforcedBy: 'parent',
    doc: 'calls of effects, those that were denied too',
    how: 'The parent counts each call as it comes, before anything looks at it.',
    slips: 'Log lines, clock and chance are no calls: they have limits of their own, or cost nothing.',
  },
  io: {
    unit: 'bytes',
    default: 64 * 2 ** 20,
    ceiling: 16 * 2 ** 30,
    of: 'execution',
    enforcedBy: 'parent',
    doc: 'bytes that effects took out and brought in',
    how: 'The broker in the parent counts the bytes of arguments and results of effects, its only way to the world. The engine ends a run whose call has more arguments than that.',
    slips: 'What is on its way when the limit is reached: at most one buffer of the system for each call under way.',
  },
  concurrency: {
    unit: 'executions',
    default: 64,
    ceiling: 10_000,
    of: 'principal',
    enforcedBy: 'parent',
    doc: 'executions of the same principal that run or wait at once',
    how: 'The pool counts the executions of each principal; one more is not begun, and answered 429.',
    slips: 'Nothing. Each execution is held to the limit that it was given itself.',
  },
} as const satisfies Record<string, LimitRow>

export type LimitName = keyof typeof LIMITS
export type Limits = { readonly [K in LimitName]: number }

export const LIMIT_NAMES = Object.keys(LIMITS) as readonly LimitName[]

/** A limit that was asked for and lowered, in the unit of the limit. */
export type Clamped = { readonly limit: LimitName; readonly asked: number; readonly given: number }

/**
 * The limits of a run: defaults overlaid with `asked`, each clamped to `[1, ceiling]`. Ceilings are those of the table,
 * lowered by `ceilings`; `clamped` names what was asked for in vain.
 */
export function clampLimits(
  asked: Partial<Limits>,
  ceilings: Partial<Limits> = {},
): { readonly limits: Limits; readonly clamped: readonly Clamped[] } {
  const limits: Record<string, number> = {}
  const clamped: Clamped[] = []
  for (const limit of LIMIT_NAMES) {
    const wanted = asked[limit] ?? LIMITS[limit].default
    const ceiling = Math.min(LIMITS[limit].ceiling, ceilings[limit] ?? Infinity)
    const given = Math.max(1, Math.min(ceiling, Math.floor(wanted)))
    limits[limit] = given
    if (asked[limit] !== undefined && given < Math.floor(wanted)) clamped.push({ limit, asked: wanted, given })
  }
  return { limits: limits as Limits, clamped }
}

/** The limits of a run, where nobody needs to know what was lowered. */
export function resolveLimits(asked: Partial<Limits> = {}): Limits {
  return clampLimits(asked).limits
}
