import { sha256Hex, type Clamped, type Encoded, type Limits, type Mode, type Pending } from '../base/index.ts'
import type { HookDeed } from '../client/index.ts'
import type { Amounts, EffectCall, JournalDigest, JournalEntry, World } from '../effects/index.ts'
import type { Query, Row, Sql } from '../store/index.ts'
import { UNKNOWN, type Answered, type JournalWriter } from './session.ts'

/**
 * `queued`: it was accepted and has not begun; `running`: a process works on it; `suspended`: it waits for answers; `kept`: it
 * has ended, and its inputs are kept.
 */
export type RunState = 'queued' | 'running' | 'suspended' | 'kept'

/** In the order in which accepted executions are begun. */
export const PRIORITIES = ['high', 'normal', 'low'] as const
export type Priority = (typeof PRIORITIES)[number]

/** How an execution is to be run, as its caller asked. */
export type Asked = {
  readonly priority: Priority
  /** ISO 8601, UTC: what has not begun then never does. */
  readonly startBy?: string
  /** In a process of its own. */
  readonly isFresh: boolean
  /** Limits that were asked for and lowered. */
  readonly clamped: readonly Clamped[]
  /** The profile that its caller asked for, and the one that it was given. */
  readonly profile?: string
  readonly granted?: string
  /** What hooks did before it was accepted. */
  readonly hookDeeds?: readonly HookDeed[]
  /** Its place in a batch. */
  readonly batch?: { readonly id: string; readonly position: number }
}

/** An execution that can be taken up or done again: what it was asked for, beside its record. */
export type StoredRun = {
  readonly executionId: string
  readonly artifactId: string
  /** Who asked. */
  readonly principal: string
  readonly tenant: string
  readonly entry: string
  readonly mode: Mode
  readonly args: readonly Encoded[]
  readonly inputsDigest: string
  readonly limits: Limits
  readonly world: World
  readonly grants: readonly string[]
  /** ISO 8601, UTC. */
  readonly startedAt: string
  readonly state: RunState
  /** The instance that works on it. */
  readonly owner: string
  /** Grows each time that a process takes the execution up: who has an older number may write no more. */
  readonly epoch: number
  readonly waitsFor: readonly Pending[]
  readonly asked: Asked
  /** Somebody wants it ended: whoever has it does so. */
  readonly isCancelAsked: boolean
}

type RunRow = Row & { readonly [K in (typeof TEXTS)[number]]: string } & {
  readonly epoch: number
  readonly cancel_asked: number
}
const TEXTS = [
  'execution_id',
  'artifact_id',
  'principal',
  'tenant',
  'entry',
  'mode',
  'args',
  'inputs_digest',
  'limits',
  'world',
  'grants',
  'started_at',
  'state',
  'owner',
  'waits_for',
  'asked',
] as const

export async function insertRun(query: Query, run: StoredRun): Promise<void> {
  const columns = [...TEXTS, 'epoch']
  await query(
    `insert into run (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})
      on conflict (execution_id) do update set state = excluded.state, waits_for = excluded.waits_for`,
    [
      run.executionId,
      run.artifactId,
      run.principal,
      run.tenant,
      run.entry,
      run.mode,
      JSON.stringify(run.args),
      run.inputsDigest,
      JSON.stringify(run.limits),
      JSON.stringify(run.world),
      JSON.stringify(run.grants),
      run.startedAt,
      run.state,
      run.owner,
      JSON.stringify(run.waitsFor),
      JSON.stringify(run.asked),
      run.epoch,
    ],
  )
}

export async function findRun(sql: Sql, executionId: string): Promise<StoredRun | undefined> {
  const [row] = await sql.query<RunRow>('select * from run where execution_id = ?', [executionId])
  return row && runOf(row)
}

/** An execution that waits or runs, without what it was asked for. */
export type OpenRun = Pick<StoredRun, 'executionId' | 'principal' | 'owner' | 'asked'>

type OpenRow = Row & Pick<RunRow, 'execution_id' | 'principal' | 'owner' | 'asked'>

/** Executions in a state, oldest first; of the suspended ones those of which anything was decided. */
export async function listRuns(sql: Sql, state: 'queued' | 'running' | 'suspended'): Promise<readonly OpenRun[]> {
  const decided = 'and exists (select 1 from decision where decision.execution_id = run.execution_id)'
  const rows = await sql.query<OpenRow>(
    `select execution_id, principal, owner, asked from run where state = ? ${state === 'suspended' ? decided : ''}
      order by started_at, execution_id`,
    [state],
  )
  return rows.map(({ execution_id: executionId, principal, owner, asked }) => ({
    executionId,
    principal,
    owner,
    asked: JSON.parse(asked) as Asked,
  }))
}

/** Wants an execution ended that waits or runs; what is known of it, or undefined when there is no such execution. */
export async function askToCancel(query: Query, executionId: string): Promise<StoredRun | undefined> {
  const [row] = await query<RunRow>(
    `update run set cancel_asked = 1 where execution_id = ? and state in ('queued', 'running', 'suspended') returning *`,
    [executionId],
  )
  return row && runOf(row)
}

/** Executions of this owner that somebody wants ended. */
export async function listCancelled(sql: Sql, owner: string): Promise<readonly string[]> {
  const rows = await sql.query<Pick<RunRow, 'execution_id'>>(
    'select execution_id from run where cancel_asked = 1 and owner = ?',
    [owner],
  )
  return rows.map(({ execution_id: executionId }) => executionId)
}

function runOf(row: RunRow): StoredRun {
  return {
    executionId: row.execution_id,
    artifactId: row.artifact_id,
    principal: row.principal,
    tenant: row.tenant,
    entry: row.entry,
    mode: row.mode as Mode,
    args: JSON.parse(row.args) as Encoded[],
    inputsDigest: row.inputs_digest,
    limits: JSON.parse(row.limits) as Limits,
    world: JSON.parse(row.world) as World,
    grants: JSON.parse(row.grants) as string[],
    startedAt: row.started_at,
    state: row.state as RunState,
    owner: row.owner,
    epoch: row.epoch,
    waitsFor: JSON.parse(row.waits_for) as Pending[],
    asked: JSON.parse(row.asked) as Asked,
    isCancelAsked: row.cancel_asked === 1,
  }
}

/** Takes an execution up from whoever had it in the state that was seen; undefined when somebody else was faster. */
export async function claimRun(sql: Sql, run: StoredRun, owner: string): Promise<StoredRun | undefined> {
  const epoch = run.epoch + 1
  const [row] = await sql.tx((query) =>
    query<RunRow>(
      `update run set state = 'running', owner = ?, epoch = ? where execution_id = ? and epoch = ? and state = ? returning *`,
      [owner, epoch, run.executionId, run.epoch, run.state],
    ),
  )
  return row && runOf(row)
}

/**
 * Gives an execution back that was claimed and could not be worked on now: it is what it was `before`, and anybody may take it
 * up. One of which an attempt was begun meanwhile is left as by a process that has ended.
 */
export async function giveRunBack(sql: Sql, claimed: StoredRun, before: StoredRun): Promise<void> {
  const { executionId, owner, epoch } = claimed
  await sql.tx((query) =>
    query(
      `update run set state = case epoch when ? then ? else 'running' end, owner = case epoch when ? then ? else '' end
        where execution_id = ? and owner = ? and state = 'running'`,
      [epoch, before.state, epoch, before.owner, executionId, owner],
    ),
  )
}

/** The run has ended, or another attempt has taken it up: what would still be written does not count. */
export class Fenced extends Error {
  override readonly name = 'Fenced'
}

/** Makes sure that a run is still under way and ours; to be asked in the transaction that writes. */
async function requireEpoch(query: Query, executionId: string, epoch: number): Promise<void> {
  const [row] = await query<Pick<RunRow, 'epoch' | 'state'>>('select epoch, state from run where execution_id = ?', [
    executionId,
  ])
  if (row?.epoch !== epoch || row.state !== 'running')
    throw new Fenced(`execution ${executionId} has ended or was taken up`)
}

/** Ends what is kept of a run: it is suspended, or kept for replay, or only digests of its effects stay. */
export async function closeRun(
  query: Query,
  { executionId, epoch }: Pick<StoredRun, 'executionId' | 'epoch'>,
  end: { readonly state: 'suspended' | 'kept' | 'dropped'; readonly waitsFor: readonly Pending[] },
): Promise<void> {
  await requireEpoch(query, executionId, epoch)
  if (end.state === 'dropped') {
    await dropPayload(query, executionId)
    return
  }
  const waitsFor = JSON.stringify(end.waitsFor)
  await query('update run set state = ?, waits_for = ? where execution_id = ?', [end.state, waitsFor, executionId])
}

/**
 * Leaves only digests of the arguments and effects of an execution that has ended. Rows are written anew: one that is made smaller in its
 * place keeps the page that it has (SQLite joins pages when rows are deleted, not when they shrink), so that the file would not get smaller.
 */
export async function dropPayload(query: Query, executionId: string): Promise<void> {
  await query('delete from run where execution_id = ?', [executionId])
  const calls = await query(
    `delete from effect_call where execution_id = ?
      returning execution_id, sequence, name, args_digest, answer_order, elapsed, answer_digest, cancelled`,
    [executionId],
  )
  for (const call of calls)
    await query(
      `insert into effect_call (execution_id, sequence, name, args_digest, answer_order, elapsed, answer_digest, cancelled)
        values (?, ?, ?, ?, ?, ?, ?, ?)`,
      Object.values(call),
    )
}

/** Leaves nothing of what was kept to take an execution up or to do it again. */
export async function removeJournal(query: Query, executionId: string): Promise<void> {
  await query('delete from run where execution_id = ?', [executionId])
  await query('delete from effect_call where execution_id = ?', [executionId])
}

/** The journal of an execution in the store, as long as the process has it. */
export function storedJournal(
  sql: Sql,
  { executionId, epoch }: Pick<StoredRun, 'executionId' | 'epoch'>,
): JournalWriter {
  const write = (work: (query: Query) => Promise<void>): Promise<void> =>
    sql.tx(async (query) => {
      await requireEpoch(query, executionId, epoch)
      await work(query)
    })
  return {
    begin: (call) => write((query) => insertCall(query, executionId, call)),
    answer: (answered) =>
      write(async (query) => {
        for (const entry of answered) await insertAnswer(query, executionId, entry)
      }),
    cancel: (call) =>
      write(async (query) => {
        await insertCall(query, executionId, call)
        await query('update effect_call set cancelled = 1 where execution_id = ? and sequence = ?', [
          executionId,
          call.sequence,
        ])
      }),
  }
}

async function insertCall(query: Query, executionId: string, { sequence, name, args }: EffectCall): Promise<void> {
  await query(
    `insert into effect_call (execution_id, sequence, name, args, args_digest, cancelled) values (?, ?, ?, ?, ?, 0)
      on conflict (execution_id, sequence) do nothing`,
    [executionId, sequence, name, args, digest(args)],
  )
}

async function insertAnswer(query: Query, executionId: string, entry: Answered): Promise<void> {
  await insertCall(query, executionId, entry)
  await query(
    `update effect_call set answer_order = ?, elapsed = ?, answer = ?, answer_digest = ?, used = ?
      where execution_id = ? and sequence = ?`,
    [
      entry.order,
      entry.elapsed,
      entry.text,
      digest(entry.text),
      entry.used ? JSON.stringify(entry.used) : null,
      executionId,
      entry.sequence,
    ],
  )
}

type CallRow = Row & {
  readonly sequence: number
  readonly name: string
  readonly args: string | null
  readonly args_digest: string
  readonly answer_order: number | null
  readonly elapsed: number | null
  readonly answer: string | null
  readonly answer_digest: string | null
  readonly used: string | null
  readonly cancelled: number
}

/** The calls of an execution, in order, without what was said in them. */
export async function readDigests(sql: Sql, executionId: string): Promise<readonly JournalDigest[]> {
  return (await rowsOf(sql, executionId)).map((row) => ({
    ...common(row),
    argsDigest: row.args_digest,
    ...(row.answer_digest === null ? {} : { answerDigest: row.answer_digest }),
  }))
}

/** The calls of an execution whose content is kept, in order. */
export async function readJournal(sql: Sql, executionId: string): Promise<readonly JournalEntry[]> {
  return (await rowsOf(sql, executionId)).map((row) => ({
    ...common(row),
    args: row.args ?? '',
    ...(row.answer === null ? {} : { text: row.answer }),
  }))
}

function rowsOf(sql: Sql, executionId: string): Promise<readonly CallRow[]> {
  return sql.query<CallRow>('select * from effect_call where execution_id = ? order by sequence', [executionId])
}

const common = ({ sequence, name, answer_order: order, elapsed, used, cancelled }: CallRow) => ({
  sequence,
  name,
  ...(order === null ? {} : { order }),
  ...(elapsed === null ? {} : { elapsed }),
  ...(used === null ? {} : { used: JSON.parse(used) as Amounts }),
  ...(cancelled ? { cancelled: true as const } : {}),
})

/** The digest of an answer that says that it was lost. */
export const UNKNOWN_DIGEST = digest(UNKNOWN)

function digest(text: string): string {
  return `sha256:${sha256Hex(text)}`
}
