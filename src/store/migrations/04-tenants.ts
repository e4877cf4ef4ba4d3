import type { Migration } from './migration.ts'

export const tenants: Migration = {
  name: 'principals and tenants',
  sql: [
    `alter table execution rename column key_id to principal`,
    `alter table execution add column tenant text not null default 'default'`,
    `create index execution_by_principal on execution (tenant, principal, id)`,
    `alter table run rename column key_id to principal`,
    `alter table run add column tenant text not null default 'default'`,
    `alter table api_key add column principal text`,
    `update api_key set principal = id`,
    `alter table api_key add column tenant text not null default 'default'`,
    `alter table artifact rename to artifact_before`,
    `create table artifact (
      tenant text not null,
      id text not null,
      name text,
      version text,
      blob text not null,
      size_bytes integer not null,
      signature text,
      published_at text not null,
      published_by text not null,
      primary key (tenant, id),
      unique (tenant, name, version)
    )`,
    `insert into artifact (tenant, id, name, version, blob, size_bytes, signature, published_at, published_by)
      select 'default', id, name, version, blob, size_bytes, signature, published_at, published_by from artifact_before`,
    `drop table artifact_before`,
  ],
}
