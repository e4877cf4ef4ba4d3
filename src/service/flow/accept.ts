import { recordEvent } from '../../audit/index.ts'
import { findRun, insertRun, type StoredRun } from '../../journal/index.ts'
import type { Reply, Services } from '../context.ts'
import { findExecution, type ExecutionRecord } from '../executions/records.ts'
import { settleKey } from '../http/idempotency.ts'
import type { Preference } from '../http/prefer.ts'
import type { AcceptedAnswer } from '../../client/index.ts'
import { problem, type Problem } from '../http/problem.ts'
import { known, type Step } from './flow.ts'
import { overloaded, tooMany } from './gateway.ts'
import { newRun } from './session.ts'

/**
 * What is not to be answered in place is accepted: once that is durable it runs, whatever becomes of its caller and of this
 * process.
 */
export const accept: Step = async (flow) => {
  const { preference, call } = flow
  if (!preference) return undefined
  const { services } = call
  const { id: principal, tenant } = known(call.principal)
  const full = services.dispatcher.reserve(principal)
  if (full)
    return full === 'all' ? overloaded('too many executions wait') : tooMany('the key has too many executions waiting')
  const run: StoredRun = { ...newRun(flow), state: 'queued' }
  const { executionId, artifactId: anrfId, entry, mode, inputsDigest } = run
  try {
    await services.store.sql.tx(async (query) => {
      await insertRun(query, run)
      await settleKey(query, flow.reservation)
      const details = { anrfId, entry, mode, inputsDigest, ...run.asked }
      const what = { action: 'executions.accept', tenant, principal, subject: executionId, details }
      await recordEvent(query, { ...what, outcome: 'done' })
    })
  } catch (error) {
    services.dispatcher.release(principal)
    throw error
  }
  services.enqueue(run, call.log)
  flow.reply = await replyInTime(services, run, preference, call.signal)
  return undefined
}

/** The answer of an execution that ends within the time that its caller would wait, or where to ask for it. */
async function replyInTime(
  { live, store }: Services,
  { executionId, artifactId }: StoredRun,
  { waitMs, applied }: Preference,
  signal: AbortSignal,
): Promise<Reply> {
  const look = (): Promise<ExecutionRecord | undefined> => findExecution(store.sql, executionId)
  const record = waitMs > 0 ? await live.ends.until(executionId, waitMs, look, signal) : undefined
  const reply = record ? replyOfRecord(record) : acceptedReply({ executionId, anrfId: artifactId, outcome: 'queued' })
  return { ...reply, headers: { ...reply.headers, 'preference-applied': applied } }
}

export function acceptedReply(body: AcceptedAnswer): Reply {
  return { status: 202, body, headers: { location: `/executions/${body.executionId}` } }
}

/** What the caller of an execution got, or would have got. Not for one whose payload has expired. */
function replyOfRecord({ executionId, status, answer }: ExecutionRecord): Reply {
  return { status, body: answer, headers: { location: `/executions/${executionId}` } }
}

/** The answer to a request that was done before with the same key. */
export async function replyAgain(
  { store }: Services,
  executionId: string,
  preference: Preference | undefined,
): Promise<Reply | { readonly problem: Problem }> {
  const run = await findRun(store.sql, executionId)
  const record = await findExecution(store.sql, executionId)
  const anrfId = run?.artifactId ?? record?.anrfId
  if (anrfId === undefined || record?.expired) {
    const gone =
      anrfId === undefined ? 'execution is no longer on record' : `answer has expired: execution ${executionId}`
    return { problem: problem('ANRF5042', `the request with this key was done, and its ${gone}`) }
  }
  const isAccepted = preference && (preference.waitMs === 0 || !record)
  if (isAccepted) return again(acceptedReply({ executionId, anrfId, outcome: 'queued' }), preference)
  if (record) return again(replyOfRecord(record), preference)
  const detail = `the request with this key is under way as execution ${executionId}`
  return { problem: problem('ANRF5042', detail, { executionId, progress: 'under-way' }) }
}

function again(reply: Reply, preference: Preference | undefined): Reply {
  const applied = preference && { 'preference-applied': preference.applied }
  return { ...reply, headers: { ...reply.headers, ...applied, 'idempotent-replayed': 'true' } }
}
