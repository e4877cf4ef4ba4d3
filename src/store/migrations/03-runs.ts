import type { Migration } from './migration.ts'

export const runs: Migration = {
  name: 'runs that can be taken up, and their effects',
  sql: [
    `create table run (
      execution_id text primary key,
      artifact_id text not null,
      key_id text not null,
      entry text not null,
      mode text not null,
      args text not null,
      inputs_digest text not null,
      limits text not null,
      world text not null,
      grants text not null,
      started_at text not null,
      state text not null,
      owner text not null,
      waits_for text not null,
      epoch integer not null
    )`,
    `create index run_by_state on run (state, started_at)`,
    `create table effect_call (
      execution_id text not null,
      sequence integer not null,
      name text not null,
      args text,
      args_digest text not null,
      answer_order integer,
      elapsed integer,
      answer text,
      answer_digest text,
      cancelled integer not null,
      primary key (execution_id, sequence)
    )`,
    `create table decision (
      execution_id text not null,
      sequence integer not null,
      approved integer not null,
      decided_by text not null,
      note text not null,
      decided_at text not null,
      primary key (execution_id, sequence)
    )`,
    `alter table execution add column args_digest text`,
    `alter table execution add column world text`,
    `alter table execution add column limits text`,
    `alter table execution add column isolation text`,
  ],
}
