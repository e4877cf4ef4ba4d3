import { artifacts } from './01-artifacts.ts'
import { kv } from './02-kv.ts'
import { runs } from './03-runs.ts'
import { tenants } from './04-tenants.ts'
import { audit } from './05-audit.ts'
import { gateway } from './06-gateway.ts'
import { auditTree } from './07-audit-tree.ts'
import { accepted } from './08-accepted.ts'
import { traces } from './09-traces.ts'
import { idempotency } from './10-idempotency.ts'
import { deliveries } from './11-deliveries.ts'
import { lists } from './12-lists.ts'
import { verification } from './13-verification.ts'
import { registry } from './14-registry.ts'
import { overrides } from './15-overrides.ts'
import { batches } from './16-batches.ts'
import { retention } from './17-retention.ts'
import { nested } from './18-nested.ts'
import type { Migration } from './migration.ts'

/**
 * The schema, as the list of its changes: a store remembers how many it has taken. Rows are never
 * edited once released. SQL in the subset that SQLite and PostgreSQL share; times are ISO 8601 UTC.
 */
export const MIGRATIONS: readonly Migration[] = [
  artifacts,
  kv,
  runs,
  tenants,
  audit,
  gateway,
  auditTree,
  accepted,
  traces,
  idempotency,
  deliveries,
  lists,
  verification,
  registry,
  overrides,
  batches,
  retention,
  nested,
]

/** Where a store remembers which changes it has taken. */
export const MIGRATION_TABLE =
  'create table if not exists migration (number integer primary key, name text not null, applied_at text not null)'
