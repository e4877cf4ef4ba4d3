import type { Code, ExecutionUsage, Limits, Outcome } from '../../base/index.ts'
import type { World } from '../../effects/index.ts'
import type { PolicyFacts, ReceiptFacts, VerificationStatus } from '../../journal/index.ts'
import type { Query, Row, Sql } from '../../store/index.ts'
import type { Answer } from '../http/problem.ts'

/** What a receipt says of a run beside the answer that the caller got. */
export type ExecutionFacts = {
  readonly argsDigest: string
  readonly limits: Limits
  readonly world: World
  readonly isolation: string
  /** Whether verifiers looked at it when it ran. */
  readonly verification: VerificationStatus
  /** Absent for what ran before it was kept. */
  readonly policy?: PolicyFacts
}

/** What stays of an answer whose payload has expired: all that a receipt says of it, and nothing that was said in it. */
export type ExpiredAnswer = Pick<ReceiptFacts, 'outcome' | 'logs'> & {
  /** ISO 8601, UTC. */
  readonly at: string
  readonly usage?: ExecutionUsage
  /** Of an answer that was a problem. */
  readonly code?: Code
}

/** What is kept of an execution. Inputs are kept as their digest only. */
export type ExecutionRecord = {
  readonly executionId: string
  readonly anrfId: string
  readonly entry: string
  readonly mode: string
  /** Who asked. */
  readonly principal: string
  readonly tenant: string
  /** ISO 8601, UTC. */
  readonly startedAt: string
  readonly finishedAt: string
  readonly inputsDigest: string
  readonly outcome: Outcome['kind']
  readonly status: number
  /** The body that the caller got; absent when its payload has expired. */
  readonly answer?: Answer
  /** Present when its payload has expired. */
  readonly expired?: ExpiredAnswer
  /** The batch that it is of. */
  readonly batch?: string
  /** Absent when no worker was asked. */
  readonly facts?: ExecutionFacts
}

/** A record whose payload is there. */
export type KeptRecord = ExecutionRecord & { readonly answer: Answer }

type ExecutionRow = Row & {
  readonly id: string
  readonly artifact_id: string
  readonly entry: string
  readonly mode: string
  readonly principal: string
  readonly tenant: string
  readonly started_at: string
  readonly finished_at: string
  readonly inputs_digest: string
  readonly outcome: string
  readonly status: number
  readonly answer: string
  readonly args_digest: string | null
  readonly limits: string | null
  readonly world: string | null
  readonly isolation: string | null
  readonly verification: VerificationStatus | null
  readonly policy: string | null
  readonly batch: string | null
  readonly expired: string | null
}

function factsOf(row: ExecutionRow): Pick<ExecutionRecord, 'facts'> {
  const { args_digest: argsDigest, limits, world, isolation } = row
  if (argsDigest === null || limits === null || world === null || isolation === null) return {}
  const parsed = { limits: JSON.parse(limits) as Limits, world: JSON.parse(world) as World }
  // Of those from before it was kept nobody can say that they were checked.
  const policy = row.policy === null ? {} : { policy: JSON.parse(row.policy) as PolicyFacts }
  return { facts: { argsDigest, ...parsed, isolation, verification: row.verification ?? 'none', ...policy } }
}

/** An execution that was suspended gets its record again when it ends. */
export async function insertExecution(query: Query, record: KeptRecord): Promise<void> {
  const { facts } = record
  const values = {
    id: record.executionId,
    artifact_id: record.anrfId,
    entry: record.entry,
    mode: record.mode,
    principal: record.principal,
    tenant: record.tenant,
    started_at: record.startedAt,
    finished_at: record.finishedAt,
    inputs_digest: record.inputsDigest,
    outcome: record.outcome,
    status: record.status,
    answer: JSON.stringify(record.answer),
    args_digest: facts?.argsDigest ?? null,
    limits: facts ? JSON.stringify(facts.limits) : null,
    world: facts ? JSON.stringify(facts.world) : null,
    isolation: facts?.isolation ?? null,
    verification: facts?.verification ?? null,
    policy: facts?.policy ? JSON.stringify(facts.policy) : null,
    batch: record.batch ?? null,
  }
  await query(INSERT, Object.values(values))
}

const COLUMNS =
  'id, artifact_id, entry, mode, principal, tenant, started_at, finished_at, inputs_digest, outcome, status, answer, args_digest, limits, world, isolation, verification, policy, batch'
const INSERT = `insert into execution (${COLUMNS}) values (${COLUMNS.replaceAll(/\w+/g, '?')})
  on conflict (id) do update set finished_at = excluded.finished_at, outcome = excluded.outcome, status = excluded.status,
    answer = excluded.answer, args_digest = coalesce(excluded.args_digest, execution.args_digest),
    limits = coalesce(excluded.limits, execution.limits), world = coalesce(excluded.world, execution.world),
    isolation = coalesce(excluded.isolation, execution.isolation),
    verification = coalesce(excluded.verification, execution.verification), policy = coalesce(excluded.policy, execution.policy)`

/** Leaves of the answer of an execution what does not expire; false when that was done, or the execution is gone. */
export async function expireAnswer(query: Query, executionId: string, expired: ExpiredAnswer): Promise<boolean> {
  // Written anew, as `dropPayload` does and says why.
  const text = 'delete from execution where id = ? and expired is null returning *'
  const [row] = await query<ExecutionRow>(text, [executionId])
  if (!row) return false
  const left = { ...row, answer: '', expired: JSON.stringify(expired) }
  const columns = Object.keys(left)
  await query(
    `insert into execution (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`,
    Object.values(left),
  )
  return true
}

/** Whether there was one. */
export async function removeExecution(query: Query, executionId: string): Promise<boolean> {
  return (await query('delete from execution where id = ? returning id', [executionId])).length > 0
}

export async function findExecution(
  sql: Pick<Sql, 'query'>,
  executionId: string,
): Promise<ExecutionRecord | undefined> {
  const [row] = await sql.query<ExecutionRow>('select * from execution where id = ?', [executionId])
  return (
    row && {
      executionId: row.id,
      anrfId: row.artifact_id,
      entry: row.entry,
      mode: row.mode,
      principal: row.principal,
      tenant: row.tenant,
      startedAt: row.started_at,
      finishedAt: row.finished_at,
      inputsDigest: row.inputs_digest,
      outcome: row.outcome as Outcome['kind'],
      status: row.status,
      ...(row.expired === null
        ? { answer: JSON.parse(row.answer) as Answer }
        : { expired: JSON.parse(row.expired) as ExpiredAnswer }),
      ...(row.batch !== null && { batch: row.batch }),
      ...factsOf(row),
    }
  )
}
