import { Type } from 'typebox'
import { LEVELS, type Level } from '../flow/verifier.ts'
import { closed } from './common.ts'

export const ListQuerySchema = closed({
  name: Type.Optional(Type.String({ maxLength: 100 })),
  q: Type.Optional(
    Type.String({ maxLength: 200, description: 'Words of name, tags, description, entries, contracts and README.' }),
  ),
  tag: Type.Optional(Type.String({ maxLength: 100, description: 'A tag of its intent.' })),
  capability: Type.Optional(Type.String({ maxLength: 100, description: 'A capability that it asks for.' })),
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

const KeySchema = Type.Object({ keyId: Type.String(), name: Type.Optional(Type.String()) })

const ArtifactSchema = Type.Object({
  id: Type.String(),
  name: Type.Optional(Type.String()),
  version: Type.Optional(Type.String()),
  sizeBytes: Type.Integer(),
  isSigned: Type.Boolean(),
  publishedAt: Type.String({ format: 'date-time' }),
  publishedBy: Type.String(),
  yanked: Type.Optional(
    Type.Object(
      { at: Type.String({ format: 'date-time' }), by: Type.String(), reason: Type.String() },
      { description: 'Names and ranges do not stand for it any more.' },
    ),
  ),
  approval: Type.Optional(
    Type.Object(
      {
        state: Type.Enum(['waiting', 'approved', 'refused']),
        widens: Type.String({ description: 'The version than which it may touch more.' }),
        at: Type.Optional(Type.String({ format: 'date-time' })),
        by: Type.Optional(Type.String()),
        note: Type.Optional(Type.String()),
      },
      { description: 'Names and ranges stand for it when it is approved.' },
    ),
  ),
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
  tags: Type.Array(Type.String()),
  constraints: Type.Array(
    Type.Object({ type: Type.String(), description: Type.String(), formalSpec: Type.Optional(Type.String()) }),
    { description: 'Purposes and contracts of its intent.' },
  ),
  entries: Type.Array(EntrySchema),
  capabilities: Type.Array(Type.String()),
  limits: Type.Unknown(),
  verification: VerificationSchema,
  hasReadme: Type.Boolean(),
  signedBy: Type.Array(KeySchema, { description: 'The trusted keys whose signatures are valid now.' }),
  attestations: Type.Integer({ description: 'Statements about it, see its referrers.' }),
})

export const ChangedArtifactSchema = ArtifactSchema

export const PublishedSchema = Type.Object({ ...ArtifactSchema.properties, warnings: Type.Array(Type.Unknown()) })

export const ArtifactListSchema = Type.Object({
  artifacts: Type.Array(ArtifactSchema),
  next: Type.Optional(Type.String({ description: 'Give this as `after` for what follows.' })),
})

/** A Sigstore bundle; its own reader says what is wrong with one. */
export const BundleSchema = Type.Unknown({
  description:
    'A Sigstore bundle: an in-toto Statement v1 about the artifact in a DSSE envelope, signed by a trusted key.',
})

export const AttachedSchema = Type.Object({
  digest: Type.String({ description: 'Of the bundle as canonical JSON.' }),
  predicateType: Type.String(),
  artifact: ArtifactSchema,
})

export const ReferrersQuerySchema = closed({
  type: Type.Optional(Type.String({ maxLength: 300, description: 'The type of the predicate; all types without it.' })),
})

export const ReferrersSchema = Type.Object({
  referrers: Type.Array(
    Type.Object({
      digest: Type.String(),
      predicateType: Type.String(),
      addedAt: Type.String({ format: 'date-time' }),
      addedBy: Type.String(),
      bundle: Type.Unknown({ description: 'The Sigstore bundle.' }),
    }),
  ),
})

export const YankBodySchema = closed({
  reason: Type.String({ minLength: 1, maxLength: 1000, description: 'Told to whoever still uses it.' }),
})

export const ApprovalBodySchema = closed({
  approved: Type.Boolean(),
  note: Type.Optional(Type.String({ maxLength: 10_000 })),
})

export const DependentsSchema = Type.Object({
  dependents: Type.Array(
    Type.Object({
      id: Type.String(),
      name: Type.Optional(Type.String()),
      version: Type.Optional(Type.String()),
      reference: Type.String({ description: 'What it calls this program by.' }),
    }),
  ),
})

const Value = Type.Union([Type.String(), Type.Number(), Type.Boolean()])

export const DiffSchema = Type.Object({
  before: Type.String(),
  after: Type.String(),
  widens: Type.Boolean({ description: 'Whether the second one may touch what the first one could not.' }),
  changes: Type.Array(
    Type.Object({
      topic: Type.String(),
      name: Type.String(),
      kind: Type.Enum(['added', 'removed', 'widened', 'narrowed', 'changed']),
      before: Type.Optional(Value),
      after: Type.Optional(Value),
      widens: Type.Boolean(),
    }),
  ),
})
