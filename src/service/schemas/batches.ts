import { Type } from 'typebox'
import { closed, PageQuery } from './common.ts'
import { ExecuteBodySchema, ExecuteQuerySchema } from './execute.ts'

const CONCURRENCY_MAX = 64
const { entry, limits, priority, deadline, timeout } = ExecuteBodySchema.properties

export const BatchBodySchema = closed({
  program: Type.Optional(Type.String({ maxLength: 300, description: 'A digest, `name@version` or a name.' })),
  inputs: Type.Array(Type.Unknown(), { description: 'The inputs of each item: an object keyed by parameter name.' }),
  entry,
  mode: ExecuteQuerySchema.properties.mode,
  limits,
  priority,
  deadline,
  timeout,
  concurrency: Type.Optional(
    Type.Integer({ minimum: 1, maximum: CONCURRENCY_MAX, description: 'Items at once; as many as there are workers.' }),
  ),
})

export const BatchQuerySchema = closed({
  program: Type.Optional(Type.String({ maxLength: 300, description: 'Where the body is JSON lines.' })),
  entry: Type.Optional(Type.String({ maxLength: 1000, description: 'Where the body is JSON lines.' })),
  concurrency: Type.Optional(Type.String({ pattern: '^([1-9]|[1-5][0-9]|6[0-4])$' })),
})

export const BatchAcceptedSchema = Type.Object({ batchId: Type.String({ format: 'uuid' }) })

export const BatchSchema = Type.Object({
  batchId: Type.String({ format: 'uuid' }),
  anrfId: Type.String(),
  principal: Type.String(),
  state: Type.Enum(['running', 'ended']),
  items: Type.Integer(),
  done: Type.Integer({ description: 'Items that have ended.' }),
  outcomes: Type.Unknown({ description: 'How many items came to which outcome; `pending`: to none yet.' }),
  isCancelled: Type.Boolean(),
  request: Type.Unknown({ description: 'How each item is run.' }),
  createdAt: Type.String({ format: 'date-time' }),
  finishedAt: Type.Optional(Type.String({ format: 'date-time' })),
  expiredAt: Type.Optional(Type.String({ format: 'date-time', description: 'Since when its inputs are gone.' })),
})

export const ResultQuerySchema = closed({
  after: Type.Optional(Type.String({ pattern: '^[0-9]{1,9}$', description: 'Continue behind this position.' })),
  limit: PageQuery.limit,
  follow: Type.Optional(
    Type.Enum(['true', 'false'], { description: 'For JSON lines: whether to wait for those that have not ended.' }),
  ),
})

export const BatchResultsSchema = Type.Object({
  results: Type.Array(
    Type.Object({
      position: Type.Integer(),
      outcome: Type.String(),
      status: Type.Integer(),
      executionId: Type.Optional(Type.String({ format: 'uuid' })),
      answer: Type.Optional(Type.Unknown({ description: 'What the caller of the execution alone would have got.' })),
      expiredAt: Type.Optional(Type.String({ format: 'date-time', description: 'Since when the answer is gone.' })),
    }),
  ),
  next: Type.Optional(Type.String({ description: 'Give this as `after` for what follows.' })),
})
