import type { Migration } from './migration.ts'

export const artifacts: Migration = {
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
}
