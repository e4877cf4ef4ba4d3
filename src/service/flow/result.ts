import { sha256Hex } from '../../base/index.ts'
import { canonicalJson } from '../../document/index.ts'
import { insertExecution } from '../executions.ts'
import { problemOfOutcome, type ExecuteAnswer, type ProblemBody } from '../problem.ts'
import { known, type Flow, type Step } from './flow.ts'

/** Step 8: the answer, given only when the record of the execution is durable. */
export const giveResult: Step = async (flow) => {
  const { services, principal, body } = flow.call
  const answer = answerOf(flow)
  const status = 'output' in answer ? 200 : answer.status
  await insertExecution(services.store.sql, {
    executionId: flow.executionId,
    anrfId: known(flow.loaded).artifact.id,
    entry: flow.entry ?? body.entry ?? '',
    mode: flow.mode,
    keyId: known(principal).keyId,
    startedAt: flow.startedAt.toISOString(),
    finishedAt: new Date().toISOString(),
    inputsDigest: `sha256:${sha256Hex(canonicalJson(body.inputs ?? {}))}`,
    outcome: known(flow.outcome).kind,
    status,
    answer,
  })
  flow.reply = { status, body: answer, headers: { location: `/executions/${flow.executionId}` } }
  return undefined
}

function answerOf(flow: Flow): ExecuteAnswer | ProblemBody {
  const outcome = known(flow.outcome)
  const { executionId, mode, report } = flow
  const anrfId = known(flow.loaded).artifact.id
  const logs = report?.logs ?? []
  const lowered = flow.clamped && flow.clamped.length > 0 ? { clamped: flow.clamped } : {}
  if (outcome.kind === 'returned') {
    const { usage, world } = known(report)
    return {
      output: { result: outcome.value },
      logs,
      executionId,
      anrfId,
      mode,
      usage,
      ...lowered,
      ...(world && { world }),
    }
  }
  const { requestId } = flow.call
  const used = report ? { usage: report.usage } : {}
  return problemOfOutcome(outcome, { executionId, anrfId, requestId, logs, ...used, ...lowered })
}
