import { Type } from 'typebox'
import { LEVELS, type Level } from '../flow/verifier.ts'
import { closed } from './common.ts'

export const ListQuerySchema = closed({
  name: Type.Optional(Type.String({ maxLength: 100 })),
  after: Type.Optional(Type.String({ maxLength: 100, description: 'Continue behind this id.' })),
  limit: Type.Optional(Type.String({ pattern: '^([1-9][0-9]{0,2})$', description: 'At most 999; 100 by default.' })),
})

export const DocumentQuerySchema = closed({
  form: Type.Optional(Type.Enum(['protobuf', 'json'], { description: 'The encoding of the document.' })),
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

const VerificationStatus = Type.Enum(['verified', 'declined', 'failed'])

const VerificationSchema = Type.Object({
  status: VerificationStatus,
  results: Type.Array(
    Type.Object({
      verifier: Type.String(),
      level: Type.Enum(Object.keys(LEVELS) as Level[]),
      version: Type.String(),
      required: Type.Boolean({ description: 'Whether what it declines is not run.' }),
      status: VerificationStatus,
      findings: Type.Array(Type.Unknown()),
      verifiedAt: Type.String({ format: 'date-time' }),
    }),
  ),
})

export const VerifiedSchema = Type.Object({
  anrfId: Type.String(),
  name: Type.Optional(Type.String()),
  version: Type.Optional(Type.String()),
  ...VerificationSchema.properties,
})

export const ArtifactDetailsSchema = Type.Object({
  ...ArtifactSchema.properties,
  description: Type.String(),
  entries: Type.Array(EntrySchema),
  capabilities: Type.Array(Type.String()),
  limits: Type.Unknown(),
  verification: VerificationSchema,
})

export const PublishedSchema = Type.Object({ ...ArtifactSchema.properties, warnings: Type.Array(Type.Unknown()) })

export const ArtifactListSchema = Type.Object({
  artifacts: Type.Array(ArtifactSchema),
  next: Type.Optional(Type.String({ description: 'Give this as `after` for what follows.' })),
})
