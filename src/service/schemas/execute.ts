import { Type } from 'typebox'
import { MODE_CHOICES } from '../../base/index.ts'
import { PRIORITIES } from '../../journal/index.ts'
import {
  closed,
  LimitsSchema,
  Time,
  Seed,
  UsageSchema,
  ClampedSchema,
  HookDeedsSchema,
  IsolationSchema,
  WarningsSchema,
} from './common.ts'

/** A year. */
const TIMEOUT_MS_MAX = 366 * 86_400_000

export const ExecuteBodySchema = closed({
  inputs: Type.Optional(Type.Unknown({ description: 'An object keyed by parameter name.' })),
  entry: Type.Optional(Type.String({ maxLength: 1000, description: 'The exported function to run.' })),
  limits: Type.Optional(LimitsSchema),
  world: Type.Optional(closed({ time: Type.Optional(Time), seed: Type.Optional(Seed) })),
  priority: Type.Optional(
    Type.Enum([...PRIORITIES], { description: 'Which of those that wait is begun first; normal.' }),
  ),
  deadline: Type.Optional(
    Type.String({ format: 'date-time', description: 'What has not begun by then is not run: outcome expired.' }),
  ),
  timeout: Type.Optional(
    Type.Integer({ minimum: 1, maximum: TIMEOUT_MS_MAX, description: 'The deadline as milliseconds from now.' }),
  ),
})

export const ExecuteQuerySchema = closed({
  mode: Type.Optional(Type.Enum([...MODE_CHOICES], { description: 'How to run.' })),
  process: Type.Optional(
    Type.Enum(['pooled', 'fresh'], { description: 'Whether in a process that nothing ran in before; pooled.' }),
  ),
  profile: Type.Optional(
    Type.String({ maxLength: 64, description: 'With which profile (docs/POLICY.md); the first that fits.' }),
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
  warnings: Type.Optional(WarningsSchema),
  world: Type.Optional(Type.Object({ time: Time, seed: Seed })),
})

const SuspendedSchema = Type.Object({
  outcome: Type.Unknown({ description: '`kind`: suspended, and in `waitsFor` the calls without an answer.' }),
  logs: Type.Array(Type.String()),
  executionId: Type.String({ format: 'uuid' }),
  anrfId: Type.String(),
  mode: Type.String(),
  usage: UsageSchema,
  clamped: Type.Optional(ClampedSchema),
  hooks: Type.Optional(HookDeedsSchema),
  warnings: Type.Optional(WarningsSchema),
})

/** An execution that was accepted, and where it stands. */
export const UnderWaySchema = Type.Object({
  executionId: Type.String({ format: 'uuid' }),
  anrfId: Type.String(),
  outcome: Type.Enum(['queued', 'running', 'suspended']),
})

export const NotEndedSchema = Type.Union([UnderWaySchema, SuspendedSchema])
