import type { Migration } from './migration.ts'

/** The index has only what may expire still: a sweep does not pass over all that has. */
export const retention: Migration = {
  name: 'payloads that expire',
  sql: [
    `alter table execution add column expired text`,
    `create index execution_to_expire on execution (tenant, id) where expired is null`,
    `alter table batch add column expired_at text`,
    `create index idempotency_by_subject on idempotency (subject)`,
  ],
}
