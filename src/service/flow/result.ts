import { recordEvent, type AuditEvent } from '../../audit/index.ts'
import type { ProblemBody } from '../../client/index.ts'
import { closeRun, digestOf, insertRun } from '../../journal/index.ts'
import type { Query } from '../../store/index.ts'
import { insertExecution, type ExecutionFacts, type ExecutionRecord } from '../executions.ts'
import { OUTCOME_STATUS, problemOfOutcome, type Answer } from '../problem.ts'
import { known, type Flow, type Step } from './flow.ts'
import { newRun } from './session.ts'

/** Step 8: the answer, given only when the record of the execution is durable. */
export const giveResult: Step = async (flow) => {
  const { services, principal, body } = flow.call
  const answer = answerOf(flow)
  const status = 'status' in answer ? answer.status : OUTCOME_STATUS[known(flow.outcome).kind]
  const record: ExecutionRecord = {
    executionId: flow.executionId,
    anrfId: known(flow.loaded).artifact.id,
    entry: flow.entry ?? body.entry ?? '',
    mode: flow.mode,
    principal: known(principal).id,
    tenant: known(principal).tenant,
    startedAt: flow.startedAt.toISOString(),
    finishedAt: new Date().toISOString(),
    inputsDigest: flow.inputsDigest,
    outcome: known(flow.outcome).kind,
    status,
    answer,
    ...(flow.report && { facts: factsOf(flow) }),
  }
  await services.store.sql.tx(async (query) => {
    await insertExecution(query, record)
    await endRun(query, flow)
    await recordEvent(query, auditEventOf(record))
  })
  flow.reply = { status, body: answer, headers: { location: `/executions/${flow.executionId}` } }
  return undefined
}

function auditEventOf(record: ExecutionRecord): AuditEvent {
  const { tenant, principal, executionId, anrfId, entry, mode, inputsDigest, outcome } = record
  const details = { anrfId, entry, mode, inputsDigest, outcome }
  const action = outcome === 'suspended' ? 'executions.suspend' : 'executions.end'
  const told = { action, tenant, principal, subject: executionId, details }
  if (outcome !== 'refused') return { ...told, outcome: outcome === 'crashed' ? 'failed' : 'done' }
  return { ...told, outcome: 'refused', reasons: reasonsOf(record.answer) }
}

/** The codes of what was wrong; messages may quote inputs. */
function reasonsOf(answer: Answer): readonly string[] {
  const { diagnostics = [] } = answer as ProblemBody
  return [...new Set(diagnostics.map(({ code }) => code))]
}

/** What a receipt says beside the answer. */
function factsOf(flow: Flow): ExecutionFacts {
  const argsDigest = digestOf(known(flow.args))
  return { argsDigest, limits: known(flow.limits), world: flow.world, isolation: known(flow.report).isolation }
}

/** What is kept of the run: what it takes to go on, or to do it again, or nothing. */
async function endRun(query: Query, flow: Flow): Promise<void> {
  const outcome = known(flow.outcome)
  const { isRecorded } = flow.call.services.config
  if (outcome.kind === 'suspended') {
    await closeRun(query, known(flow.run), { state: 'suspended', waitsFor: outcome.waitsFor })
  } else if (flow.run) {
    await closeRun(query, flow.run, { state: isRecorded ? 'kept' : 'dropped', waitsFor: [] })
  } else if (isRecorded && flow.report) {
    await insertRun(query, { ...newRun(flow), state: 'kept' })
  }
}

function answerOf(flow: Flow): Answer {
  const outcome = known(flow.outcome)
  const { executionId, mode, report } = flow
  const anrfId = known(flow.loaded).artifact.id
  const logs = report?.logs ?? []
  const { clamped = [], hookDeeds = [] } = flow
  const lowered = { ...(clamped.length > 0 && { clamped }), ...(hookDeeds.length > 0 && { hooks: hookDeeds }) }
  if (outcome.kind === 'returned') {
    const { usage, world, isolation } = known(report)
    return {
      output: { result: outcome.value },
      logs,
      executionId,
      anrfId,
      mode,
      isolation,
      usage,
      ...lowered,
      ...(world && { world }),
    }
  }
  if (outcome.kind === 'suspended') {
    const { usage, isolation } = known(report)
    return { outcome, logs, executionId, anrfId, mode, isolation, usage, ...lowered }
  }
  const { requestId } = flow.call
  const ran = report ? { usage: report.usage, isolation: report.isolation } : {}
  return problemOfOutcome(outcome, { executionId, anrfId, requestId, logs, ...ran, ...lowered })
}
