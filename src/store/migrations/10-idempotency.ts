import type { Migration } from './migration.ts'

export const idempotency: Migration = {
  name: 'keys of requests that are done once',
  sql: [
    `create table idempotency (
      principal text not null,
      key text not null,
      fingerprint text not null,
      subject text not null,
      owner text not null,
      settled integer not null,
      created_at text not null,
      primary key (principal, key)
    )`,
    `create index idempotency_by_age on idempotency (created_at)`,
  ],
}
