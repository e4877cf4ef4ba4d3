import { recordEvent } from '../../audit/index.ts'
import type { Mode } from '../../base/index.ts'
import { findRun, readDigests, replayRecording, signReceipt, type StoredRun } from '../../journal/index.ts'
import type { ExecuteReport, ExecuteRequest } from '../../sandbox/index.ts'
import type { Call, Reply } from '../context.ts'
import { cancelExecution } from '../executions/cancel.ts'
import { insertDecision } from '../executions/decisions.ts'
import { deedOf } from '../audit/deeds.ts'
import { isOwn } from '../executions/own.ts'
import { findExecution, type ExecutionRecord } from '../executions/records.ts'
import { known, type ExecuteBody, type ExecuteQuery } from '../flow/flow.ts'
import { acceptedReply } from '../flow/accept.ts'
import { turnedAway } from '../flow/execute.ts'
import { runFlow } from '../flow/steps.ts'
import { payloadExpired, problem, type Problem } from '../http/problem.ts'
import { findFacts, findRecording } from '../executions/recordings.ts'
import { listExecutions, type ExecutionFilter } from '../executions/list.ts'
import { includesScope } from '../identity/principal.ts'
import { resumeRun } from '../executions/runs.ts'
import { readPage, type PageQuery } from './page.ts'
import { readTimes } from './times.ts'

type Answer = Promise<Reply | { readonly problem: Problem }>

/** `POST /execute/{anrfId}` */
export function executeArtifact(call: Call<ExecuteBody, ExecuteQuery>): Answer {
  return runFlow(call, known(call.params['anrfId']))
}

/** `GET /executions/{id}` */
export async function getExecution(call: Call): Answer {
  const { sql } = call.services.store
  const id = known(call.params['id'])
  const run = await findRun(sql, id)
  // Whoever may decide sees what is to be decided, and nothing once it is.
  const { scopes, tenant } = known(call.principal)
  const isUndecided = run?.state === 'suspended' && run.tenant === tenant && scopes.includes('approve')
  if (!isUndecided && !(await isOwn(call, id))) return noExecution(call)
  const record = await findExecution(sql, id)
  // The record of what was suspended is not the last word on what goes on.
  if (record && run?.state !== 'running') return { status: 200, body: record }
  return run ? { status: 200, body: describeRun(run) } : noExecution(call)
}

/** `POST /executions/{id}/cancel` */
export async function postCancel(call: Call): Answer {
  const id = known(call.params['id'])
  if (!(await isOwn(call, id))) return noExecution(call)
  const cancelled = await cancelExecution(call.services, id, deedOf(call, id), call.log)
  if (cancelled.kind === 'asked')
    return acceptedReply({ executionId: id, anrfId: cancelled.anrfId, outcome: 'running' })
  const { record } = cancelled
  if (record?.outcome === 'cancelled') return { status: 200, body: record }
  const how = record ? `ended before: ${record.outcome}` : 'ended'
  return { problem: problem('ANRF5040', `the execution ${id} ${how}`, { executionId: id }) }
}

type ListQuery = PageQuery & Partial<Omit<ExecutionFilter, 'tenant' | 'limit' | 'after'>>

/** `GET /executions`: the own ones; administrators see those of their tenant, or of whom they name. */
export async function getExecutions(call: Call<unknown, ListQuery>): Answer {
  const { services, query } = call
  const { id, tenant, scopes } = known(call.principal)
  const { after, limit, from, to, principal, ...plain } = query
  if (principal !== undefined && principal !== id && !includesScope(scopes, 'admin'))
    return { problem: problem('ANRF5002', 'only administrators see executions of others') }
  const whose = principal ?? (includesScope(scopes, 'admin') ? undefined : id)
  const bounds = readTimes({ from, to })
  if ('problem' in bounds) return bounds
  const filter = { ...plain, ...bounds.times, tenant, ...(whose !== undefined && { principal: whose }) }
  const { items, next } = await readPage({ ...(after && { after }), ...(limit && { limit }) }, (range) =>
    listExecutions(services.store.sql, { ...filter, ...range }),
  )
  return { status: 200, body: { executions: items, ...next } }
}

/** An execution that has not ended yet. */
function describeRun({
  executionId,
  artifactId,
  entry,
  mode,
  principal,
  tenant,
  startedAt,
  inputsDigest,
  state,
  asked,
}: StoredRun): object {
  const { priority, startBy } = asked
  const who = { principal, tenant, priority, ...(startBy !== undefined && { deadline: startBy }) }
  return { executionId, anrfId: artifactId, entry, mode, ...who, startedAt, inputsDigest, outcome: state }
}

/** `GET /executions/{id}/effects` */
export async function getEffects(call: Call): Answer {
  const { sql } = call.services.store
  const id = known(call.params['id'])
  if (!(await isOwn(call, id))) return noExecution(call)
  return { status: 200, body: { effects: await readDigests(sql, id) } }
}

/** `GET /executions/{id}/receipt` */
export async function getReceipt(call: Call): Answer {
  const record = await findOwn(call)
  if (!record) return noExecution(call)
  const facts = await findFacts(call.services, record)
  if (!facts) return { problem: problem('ANRF5003', 'there is no receipt: no worker ran for this execution') }
  return { status: 200, body: signReceipt(facts, known(record.facts).verification, call.services.receiptKey) }
}

/** `GET /executions/{id}/recording` */
export async function getRecording(call: Call): Answer {
  const record = await findOwn(call)
  const recording = record && (await findRecording(call.services, record))
  if (record && !recording) return notKept(record)
  return recording ? { status: 200, body: recording } : noExecution(call)
}

/** `POST /executions/{id}/replay` */
export async function postReplay(call: Call<{ readonly mode?: Mode }>): Answer {
  const record = await findOwn(call)
  if (!record) return noExecution(call)
  const recording = await findRecording(call.services, record)
  if (!recording) return notKept(record)
  const { tenant, anrfId } = record
  const program = (await call.services.registry.resolve(tenant, anrfId))?.name ?? anrfId
  try {
    const run = (request: ExecuteRequest): Promise<ExecuteReport> => executeFor(call, program, request)
    const { verdict } = await replayRecording(recording, run, call.body.mode)
    return { status: 200, body: verdict }
  } catch (error) {
    if (error instanceof TurnedAway) return { problem: error.problem }
    throw error
  }
}

class TurnedAway extends Error {
  readonly problem: Problem
  constructor(problem: Problem) {
    super(problem.detail)
    this.problem = problem
  }
}

/** A run of its own for whoever asks, by their quotas: no worker is used that ran for another key. */
async function executeFor(
  { services, principal: asker, signal }: Call,
  program: string,
  request: ExecuteRequest,
): Promise<ExecuteReport> {
  const { meter, pool, config } = services
  const principal = known(asker)
  const subject = { principal, program }
  const exhausted = await meter.takeExecution(subject)
  if (exhausted) throw new TurnedAway(exhausted)
  const { principalMax, shares } = await meter.concurrency(subject)
  const limits = { ...request.limits, concurrency: Math.min(request.limits.concurrency, principalMax) }
  const asked = { ...request, limits, shares, principal: principal.id, isFresh: config.freshProcesses }
  const report = await pool.execute(asked, signal)
  if ('rejected' in report) throw new TurnedAway(turnedAway(report))
  await meter.spendFuel(subject, report.usage.fuel)
  return report
}

/** `POST /executions/{id}/decisions/{sequence}` */
export async function postDecision(call: Call<{ readonly approved: boolean; readonly note?: string }>): Answer {
  const { services, body, params, principal, log } = call
  const id = known(params['id'])
  const sequence = /^\d{1,10}$/.test(known(params['sequence'])) ? Number(params['sequence']) : undefined
  const run = await findRun(services.store.sql, id)
  const isOurs = run?.tenant === known(principal).tenant
  const isAwaited = isOurs && run.waitsFor.some((pending) => pending.sequence === sequence)
  if (sequence === undefined || !isAwaited)
    return { problem: problem('ANRF5003', `no execution ${id} waits for a decision on call ${params['sequence']}`) }
  const decision = { approved: body.approved, by: known(principal).id, note: body.note ?? '' }
  const isFirst = await services.store.sql.tx(async (query) => {
    const isInserted = await insertDecision(query, id, sequence, decision)
    if (isInserted) await recordEvent(query, deedOf(call, id, { call: sequence, approved: body.approved }))
    return isInserted
  })
  if (!isFirst) return { problem: problem('ANRF5006', `there is a decision on call ${sequence} of ${id} already`) }
  resumeRun(services, run, log)
  return { status: 202, body: { executionId: id }, headers: { location: `/executions/${id}` } }
}

/** `GET /receipt-key` */
export async function getReceiptKey({ services }: Call): Answer {
  const { keyId, publicKey } = services.receiptKey
  return { status: 200, body: { keyId, publicKey } }
}

/** The record of an execution, for whoever asked for it and for administrators. */
async function findOwn(call: Call): Promise<ExecutionRecord | undefined> {
  const id = known(call.params['id'])
  return (await isOwn(call, id)) ? findExecution(call.services.store.sql, id) : undefined
}

const noExecution = ({ params }: Call): { readonly problem: Problem } => ({
  problem: problem('ANRF5003', `there is no execution ${JSON.stringify(params['id'])}`),
})

function notKept({ executionId, expired }: ExecutionRecord): { readonly problem: Problem } {
  if (expired) return { problem: payloadExpired(executionId, expired) }
  const why = 'this service has ANRF_PAYLOADS=drop, or a hook or verifier kept back what came of it'
  return { problem: problem('ANRF5003', `the inputs and effects of ${executionId} were not kept: ${why}`) }
}
