import { Type } from 'typebox'

const SpanSchema = Type.Object({
  spanId: Type.String(),
  parentId: Type.Optional(Type.String({ description: 'Of the caller for the first span.' })),
  name: Type.String(),
  kind: Type.Enum(['server', 'client', 'internal']),
  startUs: Type.Integer({ description: 'Microseconds since the trace began here.' }),
  durationUs: Type.Integer(),
  attributes: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()])),
  error: Type.Optional(Type.String({ description: 'error.type of a span that failed.' })),
})

const TraceSchema = Type.Object({
  traceId: Type.String({ description: '32 hexadecimal digits.' }),
  startedMs: Type.Integer({ description: 'ms since 1970.' }),
  isSampled: Type.Boolean({ description: 'Whether a collector gets it too.' }),
  tenant: Type.Optional(Type.String()),
  principal: Type.Optional(Type.String()),
  executionIds: Type.Array(Type.String()),
  spans: Type.Array(SpanSchema, { description: 'In the order in which they ended.' }),
  dropped: Type.Integer({ description: 'Spans that were too many to keep.' }),
})

export const TracesSchema = Type.Object({ traces: Type.Array(TraceSchema) })
