import type { Approval } from '../../broker/index.ts'
import type { Query, Row, Sql } from '../../store/index.ts'

type DecisionRow = Row & { readonly approved: number; readonly decided_by: string; readonly note: string }

/** The decision on what an execution asked in a call, once there is one. */
export async function findDecision(sql: Sql, executionId: string, sequence: number): Promise<Approval | undefined> {
  const [row] = await sql.query<DecisionRow>('select * from decision where execution_id = ? and sequence = ?', [
    executionId,
    sequence,
  ])
  return row && { approved: row.approved === 1, by: row.decided_by, note: row.note }
}

/** Takes away what was decided in an execution that has ended: nobody asks again. */
export async function removeDecisions(query: Query, executionId: string): Promise<void> {
  await query('delete from decision where execution_id = ?', [executionId])
}

/** Keeps a decision; false when there is one already. */
export async function insertDecision(
  query: Query,
  executionId: string,
  sequence: number,
  { approved, by, note }: Approval,
): Promise<boolean> {
  const inserted = await query(
    `insert into decision (execution_id, sequence, approved, decided_by, note, decided_at) values (?, ?, ?, ?, ?, ?)
      on conflict (execution_id, sequence) do nothing returning sequence`,
    [executionId, sequence, approved ? 1 : 0, by, note, new Date().toISOString()],
  )
  return inserted.length > 0
}
