import type { Migration } from './migration.ts'

export const accepted: Migration = {
  name: 'executions that are accepted before they run',
  sql: [
    `alter table run add column asked text not null default '{"priority":"normal","isFresh":false,"clamped":[]}'`,
    `alter table run add column cancel_asked integer not null default 0`,
    `alter table execution add column verification text`,
    `create index run_to_cancel on run (owner) where cancel_asked = 1`,
  ],
}
