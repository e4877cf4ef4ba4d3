type LimitRow = {
  readonly unit: string
  readonly default: number
  readonly ceiling: number
  readonly enforcedBy: 'engine' | 'parent'
  readonly doc: string
}

/**
 * Every limit of an execution, once: docs, flags, HTTP fields and clamping read these rows.
 * The fuel ceiling stays below 2^53 so that a counter is exact in an f64.
 */
export const LIMITS = {
  fuel: {
    unit: 'events',
    default: 2_000_000_000,
    ceiling: 1_000_000_000_000,
    enforcedBy: 'engine',
    doc: 'loop back-edges, calls on call cycles and the work of linear operations',
  },
  allocation: {
    unit: 'bytes',
    default: 16 * 2 ** 30,
    ceiling: 2 ** 50,
    enforcedBy: 'engine',
    doc: 'bytes ever allocated, by the formulas of the operation table; freed memory is not given back',
  },
  memory: {
    unit: 'bytes',
    default: 256 * 2 ** 20,
    ceiling: 2 ** 31,
    enforcedBy: 'engine',
    doc: 'bytes live at once, and the most that one operation may ask for; sampled as allocation grows',
  },
  depth: {
    unit: 'calls',
    default: 10_000,
    ceiling: 1_000_000,
    enforcedBy: 'engine',
    doc: 'nested calls of functions on call cycles',
  },
  wall: {
    unit: 'ms',
    default: 10_000,
    ceiling: 600_000,
    enforcedBy: 'parent',
    doc: 'time from the start of the run to its answer',
  },
  output: {
    unit: 'bytes',
    default: 8 * 2 ** 20,
    ceiling: 64 * 2 ** 20,
    enforcedBy: 'engine',
    doc: 'size of the encoded result',
  },
  logs: { unit: 'bytes', default: 2 ** 20, ceiling: 16 * 2 ** 20, enforcedBy: 'engine', doc: 'size of all log lines' },
} as const satisfies Record<string, LimitRow>

export type LimitName = keyof typeof LIMITS
export type Limits = { readonly [K in LimitName]: number }

export const LIMIT_NAMES = Object.keys(LIMITS) as readonly LimitName[]

/** The limits of a run: defaults overlaid with `asked`, each clamped to `[1, ceiling]`. */
export function resolveLimits(asked: Partial<Limits> = {}): Limits {
  const of = (name: LimitName): number =>
    Math.max(1, Math.min(LIMITS[name].ceiling, Math.floor(asked[name] ?? LIMITS[name].default)))
  return Object.fromEntries(LIMIT_NAMES.map((name) => [name, of(name)])) as Limits
}
