export {
  DEFAULT_CONFIG,
  environmentLayer,
  readConfig,
  readLayers,
  SETTINGS,
  type Layer,
  type ServiceConfig,
} from './config.ts'
export { CONFIG_FILE, readAssignments, readConfigFile } from './config-file.ts'
export { describeConfig } from './describe-config.ts'
export { type Verifier } from './flow/verifier.ts'
export { HooksError } from '../hooks/index.ts'
export { IsolationError } from './isolate.ts'
export { createKey, listKeys, revokeKey } from './keys.ts'
export { boundsOf, policyActions } from './policy-actions.ts'
export { PoliciesError } from './policy-book.ts'
export { type RunningService } from './service.ts'
export { startService } from './start.ts'
