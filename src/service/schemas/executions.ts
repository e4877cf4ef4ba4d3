import { Type } from 'typebox'
import { MODE_CHOICES } from '../../base/index.ts'
import { OUTCOMES } from '../executions/outcomes.ts'
import { closed, PageQuery, UsageSchema } from './common.ts'

export const ExecutionSchema = Type.Object({
  executionId: Type.String({ format: 'uuid' }),
  anrfId: Type.String(),
  entry: Type.String(),
  mode: Type.String(),
  principal: Type.String({ description: 'Who asked for it.' }),
  tenant: Type.String(),
  startedAt: Type.String({ format: 'date-time' }),
  inputsDigest: Type.String(),
  outcome: Type.String({ description: 'How it ended, or `queued`, `running` or `suspended`.' }),
  priority: Type.Optional(Type.String()),
  deadline: Type.Optional(Type.String({ format: 'date-time' })),
  finishedAt: Type.Optional(Type.String({ format: 'date-time' })),
  status: Type.Optional(Type.Integer()),
  answer: Type.Optional(Type.Unknown({ description: 'The body that the caller got, until it expires.' })),
  expired: Type.Optional(
    Type.Object(
      {
        at: Type.String({ format: 'date-time' }),
        outcome: Type.Object({ kind: Type.String(), digest: Type.String() }),
        logs: Type.Object({ lines: Type.Integer(), digest: Type.String() }),
        usage: Type.Optional(UsageSchema),
        code: Type.Optional(Type.String()),
      },
      { description: 'What stays of the answer, with digests as in the receipt.' },
    ),
  ),
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
      used: Type.Optional(
        Type.Object(
          { fuel: Type.Number(), allocation: Type.Number(), effects: Type.Number() },
          { description: 'What a program used that was called, with those that it called.' },
        ),
      ),
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

const Time = (description: string) => Type.Optional(Type.String({ format: 'date-time', description }))
const Text = (description: string) => Type.Optional(Type.String({ minLength: 1, maxLength: 200, description }))

export const ExecutionQuerySchema = closed({
  ...PageQuery,
  program: Text('A digest, or a name for all of its versions.'),
  entry: Text('The exported function that ran.'),
  outcome: Type.Optional(
    Type.Enum([...Object.keys(OUTCOMES), 'queued', 'running'], {
      description: 'How it ended, or `queued`, `running`, `suspended`.',
    }),
  ),
  principal: Text('Who asked for it; administrators only.'),
  batch: Text('The batch that it belongs to.'),
  from: Time('Those that began then or later.'),
  to: Time('Those that began before.'),
  state: Type.Optional(Type.Enum(['open', 'ended'], { description: '`open`: those that wait or run.' })),
})

const ListedExecutionSchema = Type.Object({
  id: Type.String({ format: 'uuid' }),
  anrfId: Type.String(),
  entry: Type.String(),
  mode: Type.String(),
  principal: Type.String(),
  startedAt: Type.String({ format: 'date-time' }),
  finishedAt: Type.Optional(Type.String({ format: 'date-time' })),
  outcome: Type.String(),
  status: Type.Optional(Type.Integer()),
  batch: Type.Optional(Type.String()),
  expiredAt: Type.Optional(Type.String({ format: 'date-time', description: 'Since when its payload is gone.' })),
})

export const ExecutionListSchema = Type.Object({
  executions: Type.Array(ListedExecutionSchema),
  next: Type.Optional(Type.String({ description: 'Give this as `after` for what follows.' })),
})

export const LogQuerySchema = closed({
  after: Type.Optional(Type.String({ pattern: '^[0-9]{1,9}$', description: 'How many lines to leave out.' })),
})

export const LogsSchema = Type.Object({
  executionId: Type.String({ format: 'uuid' }),
  logs: Type.Array(Type.String()),
  next: Type.Integer({ description: 'Give this as `after` for what follows.' }),
  end: Type.Optional(
    Type.Object({ outcome: Type.String(), status: Type.Integer() }, { description: 'Once it has ended.' }),
  ),
})
