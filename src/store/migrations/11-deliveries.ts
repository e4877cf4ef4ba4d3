import type { Migration } from './migration.ts'

export const deliveries: Migration = {
  name: 'events on their way to hooks',
  sql: [
    `create table delivery (
      id text primary key,
      hook text not null,
      tenant text not null,
      type text not null,
      subject text not null,
      event text not null,
      state text not null,
      attempts integer not null,
      due_at text not null,
      owner text not null,
      failure text not null,
      failure_detail text not null,
      created_at text not null,
      ended_at text
    )`,
    `create index delivery_by_state on delivery (state, hook, due_at)`,
    `create index delivery_by_tenant on delivery (tenant, id)`,
  ],
}
