import type { Migration } from './migration.ts'

export const audit: Migration = {
  name: 'audit log',
  sql: [`create table audit_entry (sequence integer primary key, entry text not null)`],
}
