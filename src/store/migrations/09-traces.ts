import type { Migration } from './migration.ts'

export const traces: Migration = {
  name: 'traces of executions',
  sql: [
    `create table trace (
      sequence integer primary key,
      trace_id text not null,
      tenant text,
      principal text,
      started_ms integer not null,
      trace text not null
    )`,
    `create index trace_by_id on trace (trace_id)`,
    `create index trace_by_age on trace (started_ms)`,
    `create table trace_execution (
      execution_id text not null,
      sequence integer not null,
      primary key (execution_id, sequence)
    )`,
    `create index trace_execution_by_sequence on trace_execution (sequence)`,
  ],
}
