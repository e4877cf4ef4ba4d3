export {
  DEFAULT_CONFIG,
  environmentLayer,
  readConfig,
  readLayers,
  type Layer,
  type ServiceConfig,
} from './settings/config.ts'
export { CONFIG_FILE, readAssignments, readConfigFile } from './settings/config-file.ts'
export { describeConfig } from './settings/describe-config.ts'
export { type Verifier } from './flow/verifier.ts'
export { HooksError } from '../hooks/index.ts'
export { IsolationError } from './isolate.ts'
export { createKey, listKeys, revokeKey } from './identity/keys.ts'
export { boundsOf, policyActions } from './access/policy-actions.ts'
export { PoliciesError } from './access/policy-book.ts'
export { type RunningService } from './service.ts'
export { startService } from './start.ts'
