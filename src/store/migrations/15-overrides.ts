import type { Migration } from './migration.ts'

export const overrides: Migration = {
  name: 'overrides of rules, and with what executions ran',
  sql: [
    `create table policy_override (
      id text primary key,
      tenant text not null,
      principal text not null,
      program text not null,
      rule text not null,
      justification text not null,
      requested_by text not null,
      requested_at text not null,
      expires_at text not null,
      decided_by text,
      decided_at text,
      approved integer,
      note text,
      revoked_by text,
      revoked_at text
    )`,
    `create index policy_override_by_run on policy_override (tenant, principal, program)`,
    `alter table execution add column policy text`,
  ],
}
