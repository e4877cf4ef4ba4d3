import type { Sql } from '../store/index.ts'

/** How many entries the log has. */
export async function countEntries(sql: Sql): Promise<number> {
  const [row] = await sql.query<{ n: number }>('select coalesce(max(sequence), -1) + 1 as n from audit_entry')
  return row!.n
}
