import type { Migration } from './migration.ts'

export const lists: Migration = {
  name: 'lists of executions',
  sql: [
    `alter table execution add column batch text`,
    `alter table run add column batch text`,
    `create index execution_by_tenant on execution (tenant, id)`,
    `create index execution_by_batch on execution (batch, id)`,
    `create index run_by_batch on run (batch)`,
  ],
}
