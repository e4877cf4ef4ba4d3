// Makes all that a store has of executions older, so that nobody waits for days: ids have the time that they were made at (RFC 9562).
import { openStore, type Query, type Row } from '../../src/store/index.ts'

const DAY_MS = 86_400_000

const IDS = {
  execution: ['id', 'batch'],
  run: ['execution_id', 'batch'],
  effect_call: ['execution_id'],
  decision: ['execution_id'],
  batch: ['id'],
  batch_item: ['batch_id', 'execution_id'],
  idempotency: ['subject'],
  trace_execution: ['execution_id'],
} as const
const TIMES = {
  execution: ['started_at', 'finished_at'],
  run: ['started_at'],
  batch: ['created_at', 'finished_at'],
} as const

/** The id that the execution or batch has when it is older by so many days. */
export function olderId(id: string, days: number): string {
  const ms = Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16) - days * DAY_MS
  const hex = ms.toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}${id.slice(13)}`
}

/** No service may have the store open. Keys of requests stay as new as they are, unless they are to age too. */
export async function ageStore(dir: string, days: number, { withKeys = false } = {}): Promise<void> {
  const { sql, close } = await openStore(dir).then((store) => ({ ...store }))
  await sql.tx(async (query) => {
    for (const [table, columns] of Object.entries(IDS))
      for (const column of columns) await change(query, table, column, (id) => olderId(id, days))
    const times = withKeys ? { ...TIMES, idempotency: ['created_at'] } : TIMES
    for (const [table, columns] of Object.entries(times))
      for (const column of columns)
        await change(query, table, column, (at) => new Date(Date.parse(at) - days * DAY_MS).toISOString())
    const rows = await query<Row & { id: string; answer: string }>(
      `select id, answer from execution where answer <> ''`,
    )
    for (const { id, answer } of rows) {
      const aged = JSON.stringify({ ...(JSON.parse(answer) as object), executionId: id })
      await query('update execution set answer = ? where id = ?', [aged, id])
    }
  })
  close()
}

async function change(query: Query, table: string, column: string, older: (text: string) => string): Promise<void> {
  const rows = await query<Row & { value: string }>(
    `select distinct ${column} as value from ${table} where ${column} is not null`,
  )
  for (const { value } of rows)
    await query(`update ${table} set ${column} = ? where ${column} = ?`, [older(value), value])
}
