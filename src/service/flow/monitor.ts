import { anrfIdOf, known, type Step } from './flow.ts'
import { describeExecution } from './run-in-pool.ts'

/** Step 6: what operators see of an execution. Never inputs, outputs or log lines, which belong to the caller. */
export const monitor: Step = async (flow) => {
  describeExecution(flow)
  const outcome = known(flow.outcome)
  const { usage } = flow.report ?? {}
  const fields = {
    executionId: flow.executionId,
    anrfId: anrfIdOf(flow),
    entry: flow.entry,
    mode: flow.mode,
    principal: known(flow.call.principal).id,
    tenant: known(flow.call.principal).tenant,
    outcome: outcome.kind,
    ...(outcome.kind === 'limited' ? { limit: outcome.limit } : {}),
    ...(usage ? { fuel: usage.fuel, allocatedBytes: usage.allocatedBytes, wallMs: usage.wallMs } : {}),
  }
  if (outcome.kind === 'crashed') flow.call.log.error({ ...fields, detail: outcome.message }, 'execution')
  else flow.call.log.info(fields, 'execution')
  return undefined
}
