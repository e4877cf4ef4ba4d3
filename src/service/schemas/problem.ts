import { Type } from 'typebox'
import { UsageSchema, ClampedSchema, HookDeedsSchema, IsolationSchema } from './common.ts'

/** What every route may answer. */
export const ProblemSchema = Type.Object(
  {
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
    hooks: Type.Optional(HookDeedsSchema),
  },
  { $id: 'Problem' },
)
