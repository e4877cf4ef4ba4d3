import type { Migration } from './migration.ts'

export const kv: Migration = {
  name: 'values that programs keep',
  sql: [
    `create table kv (
      principal text not null,
      program text not null,
      key text not null,
      value text not null,
      primary key (principal, program, key)
    )`,
    `create table kv_space (
      principal text not null,
      program text not null,
      keys integer not null,
      size_bytes integer not null,
      primary key (principal, program)
    )`,
  ],
}
