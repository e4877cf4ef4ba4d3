import { Type, type TProperties } from 'typebox'
import { closed } from './common.ts'

const Sequence = Type.String({ pattern: '^(0|[1-9][0-9]{0,14})$' })
const Time = Type.String({ format: 'date-time' })
const Text = Type.String({ maxLength: 1000 })

const FILTERS = {
  action: Type.Optional(Text),
  principal: Type.Optional(Text),
  subject: Type.Optional(Text),
  outcome: Type.Optional(Type.Enum(['done', 'refused', 'failed'])),
  from: Type.Optional({ ...Time, description: 'Only entries from this time on.' }),
  until: Type.Optional({ ...Time, description: 'Only entries before this time.' }),
  after: Type.Optional({ ...Sequence, description: 'Continue with the entries before this sequence.' }),
  limit: Type.Optional(Type.String({ pattern: '^([1-9][0-9]{0,2})$', description: 'At most 999; 100 by default.' })),
} satisfies TProperties

export const TenantEntriesQuerySchema = closed(FILTERS)
export const EntriesQuerySchema = closed({ tenant: Type.Optional(Text), ...FILTERS })

const EntrySchema = Type.Object({
  sequence: Type.Integer(),
  version: Type.Integer(),
  at: Time,
  tenant: Type.String(),
  action: Type.String(),
  outcome: Type.String(),
  isRedacted: Type.Boolean({ description: 'Whether who did what was erased.' }),
  principal: Type.Optional(Type.String()),
  subject: Type.Optional(Type.String()),
  reasons: Type.Optional(Type.Array(Type.String())),
  details: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  salt: Type.Optional(Type.String()),
  seal: Type.String(),
  redacts: Type.Optional(Type.Array(Type.Array(Type.Integer()))),
})

export const EntriesSchema = Type.Object({
  entries: Type.Array(EntrySchema, { description: 'The newest first.' }),
  next: Type.Optional(Type.String({ description: 'Give this as `after` for what follows.' })),
})

export const InclusionQuerySchema = closed({
  size: Type.Optional({ ...Sequence, description: 'The size of a checkpoint that you have; the newest.' }),
})

export const ConsistencyQuerySchema = closed({
  to: Type.Optional({ ...Sequence, description: 'The size of a later checkpoint that you have; the newest.' }),
})

const Hashes = Type.Array(Type.String({ description: 'Base64, 32 bytes.' }))
const Checkpoint = Type.Optional(Type.String({ description: 'The checkpoint of this size, if it is the newest.' }))

export const InclusionSchema = Type.Object({
  sequence: Type.Integer(),
  size: Type.Integer(),
  leaf: Type.String({ description: 'What the tree covers of the entry.' }),
  hashes: Hashes,
  checkpoint: Checkpoint,
})

export const ConsistencySchema = Type.Object({
  from: Type.Integer(),
  to: Type.Integer(),
  hashes: Hashes,
  checkpoint: Checkpoint,
})
