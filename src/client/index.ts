export { createClient, type Client } from './client.ts'
export {
  AnrfError,
  unwrap,
  type ExecuteAnswer,
  type HookDeed,
  type ProblemBody,
  type Result,
  type SuspendedAnswer,
} from './problem.ts'
export { type CallOptions, type ClientOptions } from './transport.ts'
