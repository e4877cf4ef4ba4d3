/**
 * The schema, as the list of its changes: a store remembers how many it has taken. Rows are never
 * edited once released. SQL in the subset that SQLite and PostgreSQL share; times are ISO 8601 UTC.
 */
export const MIGRATIONS: readonly { readonly name: string; readonly sql: readonly string[] }[] = [
  {
    name: 'artifacts, executions and keys',
    sql: [
      `create table artifact (
        id text primary key,
        name text,
        version text,
        blob text not null,
        size_bytes integer not null,
        signature text,
        published_at text not null,
        published_by text not null,
        unique (name, version)
      )`,
      `create table execution (
        id text primary key,
        artifact_id text not null,
        entry text not null,
        mode text not null,
        key_id text not null,
        started_at text not null,
        finished_at text not null,
        inputs_digest text not null,
        outcome text not null,
        status integer not null,
        answer text not null
      )`,
      `create index execution_by_artifact on execution (artifact_id, started_at)`,
      `create table api_key (
        id text primary key,
        secret_hash text not null,
        scopes text not null,
        label text not null,
        created_at text not null,
        revoked_at text
      )`,
    ],
  },
  {
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
  },
  {
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
  },
]
