import type { Migration } from './migration.ts'

export const gateway: Migration = {
  name: 'tenants by name, and keys that end',
  sql: [
    `create table tenant (
      id text primary key,
      label text not null,
      created_at text not null,
      disabled_at text,
      quotas text
    )`,
    `insert into tenant (id, label, created_at)
      select tenant, '', min(at) from
        (select tenant, created_at as at from api_key union all select tenant, published_at as at from artifact) as seen
        group by tenant`,
    `alter table api_key add column expires_at text`,
    `alter table api_key add column last_used_at text`,
    `create index api_key_by_tenant on api_key (tenant, id)`,
    `create index api_key_by_principal on api_key (principal)`,
  ],
}
