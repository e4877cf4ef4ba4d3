import type { Migration } from './migration.ts'

export const verification: Migration = {
  name: 'what verifiers found of documents',
  sql: [
    `create table verification (
      document_id text not null,
      verifier text not null,
      version text not null,
      status text not null,
      findings text not null,
      verified_at text not null,
      primary key (document_id, verifier, version)
    )`,
  ],
}
