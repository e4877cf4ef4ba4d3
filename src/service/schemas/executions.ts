import { Type } from 'typebox'
import { MODE_CHOICES } from '../../base/index.ts'
import { closed } from './common.ts'

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
