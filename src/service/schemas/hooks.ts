import { Type } from 'typebox'
import { DELIVERY_STATES } from '../../hooks/index.ts'
import { closed, PageQuery } from './common.ts'

const Count = Type.Integer({ minimum: 0 })

const HookSchema = Type.Object({
  name: Type.String(),
  kind: Type.Enum(['webhook', 'program', 'module']),
  target: Type.String({
    description: 'Its URL without query, the reference of its program, or the path of its module.',
  }),
  on: Type.Array(Type.String()),
  timeoutMs: Type.Integer(),
  onFailure: Type.Enum(['open', 'closed']),
  include: Type.Array(Type.String()),
  counts: Type.Object(
    { asked: Count, allowed: Count, refused: Count, changed: Count, failed: Count, told: Count },
    { description: 'Since this process began.' },
  ),
  deliveries: Type.Record(Type.String(), Count, {
    description: 'Events by the state of their delivery, of all tenants.',
  }),
})

export const HookListSchema = Type.Object({ hooks: Type.Array(HookSchema) })

export const HookTestSchema = Type.Object({
  ok: Type.Boolean(),
  ms: Type.Number(),
  answer: Type.Optional(Type.Unknown({ description: 'What it answered, if anything.' })),
  failure: Type.Optional(Type.String()),
  detail: Type.Optional(Type.String()),
})

export const DeliveryQuerySchema = closed({
  ...PageQuery,
  state: Type.Optional(Type.Enum([...DELIVERY_STATES])),
  hook: Type.Optional(Type.String({ maxLength: 100 })),
})

const DeliverySchema = Type.Object({
  id: Type.String({ format: 'uuid' }),
  hook: Type.String(),
  tenant: Type.String(),
  type: Type.String(),
  subject: Type.String(),
  state: Type.Enum([...DELIVERY_STATES]),
  attempts: Type.Integer(),
  dueAt: Type.String({ format: 'date-time' }),
  createdAt: Type.String({ format: 'date-time' }),
  endedAt: Type.Optional(Type.String({ format: 'date-time' })),
  failure: Type.Optional(Type.String({ description: 'Why the last attempt failed.' })),
  failureDetail: Type.Optional(Type.String({ description: 'What was seen of it; for the scope `operate` only.' })),
})

export const DeliveryListSchema = Type.Object({
  deliveries: Type.Array(DeliverySchema),
  next: Type.Optional(Type.String({ description: 'Give this as `after` for what follows.' })),
})

export const DeliveryDetailsSchema = Type.Object({
  ...DeliverySchema.properties,
  event: Type.Unknown({ description: 'The event as it is sent: CloudEvents 1.0.' }),
})
