import type { Outcome } from '../base/index.ts'
import type { Row, Sql } from '../store/index.ts'
import type { ExecuteAnswer, ProblemBody } from './problem.ts'

/** What is kept of an execution. Inputs are kept as their digest only. */
export type ExecutionRecord = {
  readonly executionId: string
  readonly anrfId: string
  readonly entry: string
  readonly mode: string
  /** Id of the key that asked. */
  readonly keyId: string
  /** ISO 8601, UTC. */
  readonly startedAt: string
  readonly finishedAt: string
  readonly inputsDigest: string
  readonly outcome: Outcome['kind']
  readonly status: number
  /** The body that the caller got. */
  readonly answer: ExecuteAnswer | ProblemBody
}

type ExecutionRow = Row & {
  readonly id: string
  readonly artifact_id: string
  readonly entry: string
  readonly mode: string
  readonly key_id: string
  readonly started_at: string
  readonly finished_at: string
  readonly inputs_digest: string
  readonly outcome: string
  readonly status: number
  readonly answer: string
}

/** Durable when the promise resolves: an answer is given only after that. */
export async function insertExecution(sql: Sql, record: ExecutionRecord): Promise<void> {
  const { executionId, anrfId, entry, mode, keyId, startedAt, finishedAt, inputsDigest, outcome, status } = record
  await sql.tx((query) =>
    query(
      `insert into execution
         (id, artifact_id, entry, mode, key_id, started_at, finished_at, inputs_digest, outcome, status, answer)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        executionId,
        anrfId,
        entry,
        mode,
        keyId,
        startedAt,
        finishedAt,
        inputsDigest,
        outcome,
        status,
        JSON.stringify(record.answer),
      ],
    ),
  )
}

export async function findExecution(sql: Sql, executionId: string): Promise<ExecutionRecord | undefined> {
  const [row] = await sql.query<ExecutionRow>('select * from execution where id = ?', [executionId])
  return (
    row && {
      executionId: row.id,
      anrfId: row.artifact_id,
      entry: row.entry,
      mode: row.mode,
      keyId: row.key_id,
      startedAt: row.started_at,
      finishedAt: row.finished_at,
      inputsDigest: row.inputs_digest,
      outcome: row.outcome as Outcome['kind'],
      status: row.status,
      answer: JSON.parse(row.answer) as ExecutionRecord['answer'],
    }
  )
}
