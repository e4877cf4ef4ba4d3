import { Type, type TProperties, type TSchema } from 'typebox'
import { ISOLATION_LEVELS, LIMIT_NAMES, LIMITS } from '../../base/index.ts'

// What comes from outside is closed: a member that nobody knows is most often a misspelling.
export const closed = <P extends TProperties>(properties: P) => Type.Object(properties, { additionalProperties: false })

const Limit = (name: (typeof LIMIT_NAMES)[number]): TSchema =>
  Type.Integer({
    minimum: 1,
    description: `${LIMITS[name].unit}: ${LIMITS[name].doc}; lowered to the ceiling, ${LIMITS[name].ceiling} or what the service sets`,
  })

export const LimitsSchema = closed(Object.fromEntries(LIMIT_NAMES.map((name) => [name, Type.Optional(Limit(name))])))

export const Time = Type.Integer({ minimum: 0, description: 'The time that the program reads, in ms since 1970; now.' })

export const Seed = Type.Integer({ minimum: 0, description: 'Where its random numbers begin; by chance.' })

export const UsageSchema = Type.Object({
  fuel: Type.Number(),
  allocatedBytes: Type.Number(),
  depthMax: Type.Number(),
  logBytes: Type.Number(),
  wallMs: Type.Number(),
  cpuMs: Type.Number(),
  peakBytes: Type.Number(),
  effects: Type.Number(),
  bytesIn: Type.Number(),
  bytesOut: Type.Number(),
  nestedFuel: Type.Number({
    description: 'Of programs that it called, and of those that these called; beside its own.',
  }),
  nestedAllocatedBytes: Type.Number(),
  nestedEffects: Type.Number(),
  nestedBytes: Type.Number(),
})

export const ClampedSchema = Type.Array(
  Type.Object({ limit: Type.Enum([...LIMIT_NAMES]), asked: Type.Number(), given: Type.Number() }),
  { description: 'Limits that were asked for and lowered to a ceiling.' },
)

export const IsolationSchema = Type.Enum(Object.keys(ISOLATION_LEVELS), {
  description: 'What kept the worker from the machine.',
})

/** How lists are read in parts. */
export const PageQuery = {
  after: Type.Optional(Type.String({ maxLength: 200, description: 'Continue behind this id.' })),
  limit: Type.Optional(Type.String({ pattern: '^([1-9][0-9]{0,2})$', description: 'At most 999; 100 by default.' })),
}

export const HookDeedsSchema = Type.Array(
  Type.Object({
    hook: Type.String(),
    stage: Type.Enum(['before', 'after']),
    did: Type.Enum(['narrowed', 'redacted', 'refused', 'failed']),
    limits: Type.Optional(ClampedSchema),
    pointers: Type.Optional(Type.Array(Type.String())),
    reason: Type.Optional(Type.String()),
    why: Type.Optional(Type.String({ description: 'Why it gave no answer.' })),
    open: Type.Optional(Type.Boolean({ description: 'Whether the execution went on without its answer.' })),
  }),
  { description: 'What hooks decided or changed.' },
)

export const WarningsSchema = Type.Array(Type.Unknown(), {
  description: 'Diagnostics about the version that ran, such as that it was yanked.',
})
