import { ARTIFACT_ROUTES } from './artifacts.ts'
import { AUDIT_ROUTES } from './audit.ts'
import { BATCH_ROUTES } from './batches.ts'
import { EXECUTION_ROUTES } from './executions.ts'
import { HEALTH_ROUTES } from './health.ts'
import { HOOK_ROUTES } from './hooks.ts'
import { IDENTITY_ROUTES } from './identity.ts'
import { KEY_ROUTES } from './keys.ts'
import { TENANT_ROUTES } from './tenants.ts'
import { TELEMETRY_ROUTES } from './telemetry.ts'
import { OVERRIDE_ROUTES } from './overrides.ts'
import { POLICY_ROUTES } from './policies.ts'
import type { Route } from './route.ts'

/** Every route of the service, by topic. */
export const ROUTES: readonly Route[] = [
  ...ARTIFACT_ROUTES,
  ...EXECUTION_ROUTES,
  ...BATCH_ROUTES,
  ...KEY_ROUTES,
  ...TENANT_ROUTES,
  ...POLICY_ROUTES,
  ...HOOK_ROUTES,
  ...AUDIT_ROUTES,
  ...OVERRIDE_ROUTES,
  ...HEALTH_ROUTES,
  ...IDENTITY_ROUTES,
  ...TELEMETRY_ROUTES,
]
