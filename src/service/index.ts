export {
  createClient,
  type ArtifactDetails,
  type ArtifactInfo,
  type Client,
  type ClientResult,
  type ExecuteOptions,
} from './client.ts'
export { readConfig, type ServiceConfig } from './config.ts'
export { type ExecutionRecord } from './executions.ts'
export { type Verdict, type Verifier, type VerifySubject } from './flow/verifier.ts'
export { createKey, listKeys, revokeKey } from './keys.ts'
export { type ExecuteAnswer, type ProblemBody } from './problem.ts'
export { type RunningService } from './service.ts'
export { closeOnSignal, startService } from './start.ts'
