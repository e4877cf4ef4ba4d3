import type { Migration } from './migration.ts'

export const batches: Migration = {
  name: 'batches',
  sql: [
    `create table batch (
      id text primary key,
      tenant text not null,
      principal text not null,
      artifact_id text not null,
      request text not null,
      items integer not null,
      state text not null,
      cancel_asked integer not null,
      owner text not null,
      created_at text not null,
      finished_at text
    )`,
    `create index batch_by_tenant on batch (tenant, id)`,
    `create index batch_by_state on batch (state, owner)`,
    `create table batch_item (
      batch_id text not null,
      position integer not null,
      inputs text not null,
      execution_id text,
      outcome text,
      status integer,
      primary key (batch_id, position)
    )`,
    `create index batch_item_by_outcome on batch_item (batch_id, outcome)`,
  ],
}
