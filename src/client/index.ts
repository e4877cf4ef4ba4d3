export { createClient, type Client } from './client.ts'
export { type LogEvent } from './follow.ts'
export {
  AnrfError,
  unwrap,
  type AcceptedAnswer,
  type EffectsSummary,
  type EffectState,
  type ExecuteAnswer,
  type HookDeed,
  type ProblemBody,
  type Progress,
  type Result,
  type SuspendedAnswer,
} from './problem.ts'
export { parseRetryAfter } from './retry.ts'
export { type CallOptions, type ClientOptions } from './transport.ts'
