import { Type } from 'typebox'
import { EFFECT_STATES, PROGRESS } from '../executions/outcomes.ts'
import { UsageSchema, ClampedSchema, HookDeedsSchema, IsolationSchema, WarningsSchema } from './common.ts'

const EffectsSummarySchema = Type.Object(
  {
    count: Type.Integer(),
    unknown: Type.Integer({ description: 'Calls of which nobody knows whether they were done.' }),
    calls: Type.Array(
      Type.Object({
        sequence: Type.Integer(),
        name: Type.String(),
        state: Type.Enum(Object.keys(EFFECT_STATES)),
      }),
    ),
  },
  { description: 'The effects that it had, without what was said in them.' },
)

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
    progress: Type.Optional(Type.Enum(Object.keys(PROGRESS), { description: 'How far the execution has come.' })),
    effects: Type.Optional(EffectsSummarySchema),
    logs: Type.Optional(Type.Array(Type.String())),
    isolation: Type.Optional(IsolationSchema),
    usage: Type.Optional(UsageSchema),
    clamped: Type.Optional(ClampedSchema),
    hooks: Type.Optional(HookDeedsSchema),
    violatedPolicies: Type.Optional(
      Type.Array(Type.String(), { description: 'Quotas that are used up, by their names in `RateLimit-Policy`.' }),
    ),
    policy: Type.Optional(Type.Unknown({ description: 'What policies refuse, and why.' })),
    warnings: Type.Optional(WarningsSchema),
  },
  { $id: 'Problem' },
)
