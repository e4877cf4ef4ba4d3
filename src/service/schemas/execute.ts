import { Type } from 'typebox'
import { MODE_CHOICES } from '../../base/index.ts'
import {
  closed,
  LimitsSchema,
  Time,
  Seed,
  UsageSchema,
  ClampedSchema,
  HookDeedsSchema,
  IsolationSchema,
} from './common.ts'

export const ExecuteBodySchema = closed({
  inputs: Type.Optional(Type.Unknown({ description: 'An object keyed by parameter name.' })),
  entry: Type.Optional(Type.String({ maxLength: 1000, description: 'The exported function to run.' })),
  limits: Type.Optional(LimitsSchema),
  world: Type.Optional(closed({ time: Type.Optional(Time), seed: Type.Optional(Seed) })),
})

export const ExecuteQuerySchema = closed({
  mode: Type.Optional(Type.Enum([...MODE_CHOICES], { description: 'How to run.' })),
  process: Type.Optional(
    Type.Enum(['pooled', 'fresh'], { description: 'Whether in a process that nothing ran in before; pooled.' }),
  ),
})

export const ExecuteAnswerSchema = Type.Object({
  output: Type.Object({ result: Type.Unknown() }),
  logs: Type.Array(Type.String()),
  executionId: Type.String({ format: 'uuid' }),
  anrfId: Type.String(),
  mode: Type.String(),
  isolation: IsolationSchema,
  usage: UsageSchema,
  clamped: Type.Optional(ClampedSchema),
  hooks: Type.Optional(HookDeedsSchema),
  world: Type.Optional(Type.Object({ time: Time, seed: Seed })),
})

export const SuspendedSchema = Type.Object({
  outcome: Type.Unknown({ description: '`kind`: suspended, and in `waitsFor` the calls without an answer.' }),
  logs: Type.Array(Type.String()),
  executionId: Type.String({ format: 'uuid' }),
  anrfId: Type.String(),
  mode: Type.String(),
  usage: UsageSchema,
  clamped: Type.Optional(ClampedSchema),
  hooks: Type.Optional(HookDeedsSchema),
})
