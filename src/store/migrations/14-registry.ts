import type { Migration } from './migration.ts'

export const registry: Migration = {
  name: 'attestations, yanks, approvals, search and dependents of artifacts',
  sql: [
    `create table attestation (
      tenant text not null,
      artifact_id text not null,
      sequence integer not null,
      predicate_type text not null,
      bundle text not null,
      added_at text not null,
      added_by text not null,
      primary key (tenant, artifact_id, sequence)
    )`,
    `insert into attestation (tenant, artifact_id, sequence, predicate_type, bundle, added_at, added_by)
      select tenant, id, 0, 'urn:anrf:predicate:document:v1', signature, published_at, published_by
      from artifact where signature is not null`,
    `alter table artifact add column attestations integer not null default 0`,
    `alter table artifact add column signatures integer not null default 0`,
    `update artifact set attestations = 1, signatures = 1 where signature is not null`,
    `alter table artifact drop column signature`,
    `alter table artifact add column readme text`,
    `alter table artifact add column yanked_at text`,
    `alter table artifact add column yanked_by text`,
    `alter table artifact add column yank_reason text`,
    `alter table artifact add column approval text`,
    `alter table artifact add column widens text`,
    `alter table artifact add column decided_at text`,
    `alter table artifact add column decided_by text`,
    `alter table artifact add column decision_note text`,
    `alter table artifact add column indexed integer not null default 0`,
    `create table artifact_term (
      tenant text not null,
      term text not null,
      artifact_id text not null,
      weight integer not null,
      primary key (tenant, term, artifact_id)
    )`,
    `create table artifact_call (
      tenant text not null,
      program text not null,
      caller_id text not null,
      version_range text not null,
      primary key (tenant, program, caller_id, version_range)
    )`,
    `create index artifact_by_blob on artifact (blob)`,
    `create index artifact_by_readme on artifact (readme)`,
  ],
}
