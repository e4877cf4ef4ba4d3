import type { Migration } from './migration.ts'

/** Entries of the form before were never released, and no tree covers them. */
export const auditTree: Migration = {
  name: 'audit log as a Merkle tree',
  sql: [
    `drop table audit_entry`,
    `create table audit_entry (
      sequence integer primary key,
      version integer not null,
      at text not null,
      tenant text not null,
      action text not null,
      outcome text not null,
      seal text not null,
      redacts text,
      salt text,
      principal text,
      subject text,
      reasons text,
      details text
    )`,
    `create table audit_node (
      level integer not null,
      position integer not null,
      hash text not null,
      primary key (level, position)
    )`,
    `create table audit_head (
      id integer primary key,
      size integer not null,
      peaks text not null,
      checkpoint text not null
    )`,
  ],
}
