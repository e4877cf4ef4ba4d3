import { Type, type TProperties, type TSchema } from 'typebox'
import { ISOLATION_LEVELS, LIMIT_NAMES, LIMITS, MODE_CHOICES } from '../base/index.ts'
import { SCOPES } from './keys.ts'

// What comes from outside is closed: a member that nobody knows is most often a misspelling.
const closed = <P extends TProperties>(properties: P) => Type.Object(properties, { additionalProperties: false })

const Limit = (name: (typeof LIMIT_NAMES)[number]): TSchema =>
  Type.Integer({
    minimum: 1,
    description: `${LIMITS[name].unit}: ${LIMITS[name].doc}; lowered to the ceiling, ${LIMITS[name].ceiling} or what the service sets`,
  })

const LimitsSchema = closed(Object.fromEntries(LIMIT_NAMES.map((name) => [name, Type.Optional(Limit(name))])))

const Time = Type.Integer({ minimum: 0, description: 'The time that the program reads, in ms since 1970; now.' })
const Seed = Type.Integer({ minimum: 0, description: 'Where its random numbers begin; by chance.' })

export const ExecuteBodySchema = closed({
  inputs: Type.Optional(Type.Unknown({ description: 'An object keyed by parameter name.' })),
  entry: Type.Optional(Type.String({ maxLength: 1000, description: 'The exported function to run.' })),
  limits: Type.Optional(LimitsSchema),
  world: Type.Optional(closed({ time: Type.Optional(Time), seed: Type.Optional(Seed) })),
})

export const ExecuteQuerySchema = closed({
  mode: Type.Optional(Type.Enum([...MODE_CHOICES], { description: 'How to run.' })),
  process: Type.Optional(
    Type.Enum(['pooled', 'fresh'], { description: 'Whether in a process that nothing ran in before; pooled.' }),
  ),
})

export const ListQuerySchema = closed({
  name: Type.Optional(Type.String({ maxLength: 100 })),
  after: Type.Optional(Type.String({ maxLength: 100, description: 'Continue behind this id.' })),
  limit: Type.Optional(Type.String({ pattern: '^([1-9][0-9]{0,2})$', description: 'At most 999; 100 by default.' })),
})

export const DocumentQuerySchema = closed({
  form: Type.Optional(Type.Enum(['protobuf', 'json'], { description: 'The encoding of the document.' })),
})

export const KeyBodySchema = closed({
  label: Type.String({ minLength: 1, maxLength: 200 }),
  scopes: Type.Array(Type.Enum([...SCOPES]), { minItems: 1, maxItems: SCOPES.length, uniqueItems: true }),
})

const UsageSchema = Type.Object({
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
})

const ClampedSchema = Type.Array(
  Type.Object({ limit: Type.Enum([...LIMIT_NAMES]), asked: Type.Number(), given: Type.Number() }),
  { description: 'Limits that were asked for and lowered to a ceiling.' },
)

const IsolationSchema = Type.Enum(Object.keys(ISOLATION_LEVELS), {
  description: 'What kept the worker from the machine.',
})

export const ExecuteAnswerSchema = Type.Object({
  output: Type.Object({ result: Type.Unknown() }),
  logs: Type.Array(Type.String()),
  executionId: Type.String({ format: 'uuid' }),
  anrfId: Type.String(),
  mode: Type.String(),
  isolation: IsolationSchema,
  usage: UsageSchema,
  clamped: Type.Optional(ClampedSchema),
  world: Type.Optional(Type.Object({ time: Time, seed: Seed })),
})

export const SuspendedSchema = Type.Object({
  outcome: Type.Unknown({ description: '`kind`: suspended, and in `waitsFor` the calls without an answer.' }),
  logs: Type.Array(Type.String()),
  executionId: Type.String({ format: 'uuid' }),
  anrfId: Type.String(),
  mode: Type.String(),
  usage: UsageSchema,
  clamped: Type.Optional(ClampedSchema),
})

const EntrySchema = Type.Object({
  name: Type.String(),
  inputs: Type.Unknown({ description: 'JSON Schema 2020-12 of the inputs.' }),
})

const ArtifactSchema = Type.Object({
  id: Type.String(),
  name: Type.Optional(Type.String()),
  version: Type.Optional(Type.String()),
  sizeBytes: Type.Integer(),
  isSigned: Type.Boolean(),
  publishedAt: Type.String({ format: 'date-time' }),
  publishedBy: Type.String(),
})

export const ArtifactDetailsSchema = Type.Object({
  ...ArtifactSchema.properties,
  description: Type.String(),
  entries: Type.Array(EntrySchema),
  capabilities: Type.Array(Type.String()),
  limits: Type.Unknown(),
})

export const PublishedSchema = Type.Object({ ...ArtifactSchema.properties, warnings: Type.Array(Type.Unknown()) })

export const ArtifactListSchema = Type.Object({
  artifacts: Type.Array(ArtifactSchema),
  next: Type.Optional(Type.String({ description: 'Give this as `after` for what follows.' })),
})

export const ExecutionSchema = Type.Object({
  executionId: Type.String({ format: 'uuid' }),
  anrfId: Type.String(),
  entry: Type.String(),
  mode: Type.String(),
  keyId: Type.String(),
  startedAt: Type.String({ format: 'date-time' }),
  inputsDigest: Type.String(),
  outcome: Type.String({ description: 'How it ended, or `running` or `suspended`.' }),
  finishedAt: Type.Optional(Type.String({ format: 'date-time' })),
  status: Type.Optional(Type.Integer()),
  answer: Type.Optional(Type.Unknown({ description: 'The body that the caller got.' })),
  facts: Type.Optional(Type.Unknown({ description: 'Limits, world, isolation and the digest of the arguments.' })),
})

export const EffectsSchema = Type.Object({
  effects: Type.Array(
    Type.Object({
      sequence: Type.Integer(),
      name: Type.String(),
      argsDigest: Type.String(),
      order: Type.Optional(Type.Integer({ description: 'Where its answer stands among all answers.' })),
      elapsed: Type.Optional(Type.Integer({ description: 'When the answer came, in ms since the run began.' })),
      answerDigest: Type.Optional(Type.String()),
      cancelled: Type.Optional(Type.Boolean()),
    }),
  ),
})

export const ReceiptSchema = Type.Object({
  mediaType: Type.String(),
  verificationMaterial: Type.Unknown(),
  dsseEnvelope: Type.Unknown({ description: 'DSSE v1 over an in-toto Statement v1 about the document that ran.' }),
})

export const RecordingSchema = Type.Unknown({
  description: 'All that it takes to do the execution again, for `anrf replay`.',
})

export const ReplayBodySchema = closed({
  mode: Type.Optional(Type.Enum(MODE_CHOICES.filter((mode) => mode !== 'auto'))),
})

export const VerdictSchema = Type.Object({
  kind: Type.Enum(['same', 'different', 'not-reproducible']),
  differences: Type.Optional(Type.Array(Type.String())),
  reason: Type.Optional(Type.String()),
})

export const DecisionBodySchema = closed({
  approved: Type.Boolean(),
  note: Type.Optional(Type.String({ maxLength: 10_000 })),
})

export const AcceptedSchema = Type.Object({ executionId: Type.String({ format: 'uuid' }) })

export const ReceiptKeySchema = Type.Object({
  keyId: Type.String(),
  publicKey: Type.String({ description: 'Ed25519, PEM (SPKI).' }),
})

const KeyInfoSchema = Type.Object({
  id: Type.String(),
  label: Type.String(),
  scopes: Type.Array(Type.String()),
  createdAt: Type.String({ format: 'date-time' }),
  revokedAt: Type.Optional(Type.String({ format: 'date-time' })),
})

export const KeyListSchema = Type.Object({ keys: Type.Array(KeyInfoSchema) })
export const NewKeySchema = Type.Object({ id: Type.String(), key: Type.String() })

export const HealthSchema = Type.Object({ status: Type.String() })
export const ReadinessSchema = Type.Object({
  status: Type.String(),
  isolation: IsolationSchema,
  cgroups: Type.Enum(['v1', 'v2', 'none'], {
    description: 'The control groups that bound workers, where they are delegated.',
  }),
  workers: Type.Unknown(),
})

export const ProblemSchema = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.String(),
  error: Type.String(),
  code: Type.Optional(Type.String()),
  diagnostics: Type.Optional(Type.Array(Type.Unknown())),
  requestId: Type.Optional(Type.String()),
  executionId: Type.Optional(Type.String()),
  anrfId: Type.Optional(Type.String()),
  outcome: Type.Optional(Type.Unknown()),
  logs: Type.Optional(Type.Array(Type.String())),
  isolation: Type.Optional(IsolationSchema),
  usage: Type.Optional(UsageSchema),
  clamped: Type.Optional(ClampedSchema),
})
