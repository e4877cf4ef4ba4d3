import type { Query, Row } from './sql.ts'

/** Where rows name blobs by their digest. A blob that no row names is nobody's. */
export const BLOB_COLUMNS = [{ table: 'artifact', column: 'blob' }] as const

/** Every digest that a row names, once. */
export async function blobDigests(query: Query): Promise<readonly string[]> {
  const found = new Set<string>()
  for (const { table, column } of BLOB_COLUMNS) {
    const rows = await query<Row & { digest: string }>(
      `select distinct ${column} as digest from ${table} where ${column} is not null`,
    )
    for (const { digest } of rows) found.add(digest)
  }
  return [...found].sort()
}
