import type { Migration } from './migration.ts'

/** What programs used that were called, as JSON. */
export const nested: Migration = {
  name: 'nested',
  sql: ['alter table effect_call add column used text'],
}
