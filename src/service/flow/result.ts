import { recordEvent, type AuditEvent } from '../../audit/index.ts'
import type { EffectsSummary, ProblemBody } from '../../client/index.ts'
import { diagnostic, type Diagnostic } from '../../base/index.ts'
import { closeRun, digestOf, insertRun, readDigests, UNKNOWN_DIGEST, type PolicyFacts } from '../../journal/index.ts'
import { labelOf } from '../../registry/index.ts'
import type { Query } from '../../store/index.ts'
import { insertExecution, type ExecutionFacts, type KeptRecord } from '../executions/records.ts'
import { endItem } from '../batches/store.ts'
import { settleKey, unsettleKey } from '../http/idempotency.ts'
import { OUTCOMES, summarizeEffects } from '../executions/outcomes.ts'
import { problemOfOutcome, type Answer } from '../http/problem.ts'
import { anrfIdOf, known, type Flow, type Step } from './flow.ts'
import { newRun } from './session.ts'

/** Step 8: the answer, given only when the record of the execution is durable. */
export const giveResult: Step = async (flow) => {
  const { services, principal, body } = flow.call
  const effects = await effectsOf(flow)
  const answer = answerOf(flow, effects)
  const status = 'status' in answer ? answer.status : OUTCOMES[known(flow.outcome).kind].status
  const record: KeptRecord = {
    executionId: flow.executionId,
    anrfId: anrfIdOf(flow),
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
    ...(flow.asked.batch && { batch: flow.asked.batch.id }),
    ...(flow.report && { facts: factsOf(flow) }),
  }
  await services.store.sql.tx(async (query) => {
    await insertExecution(query, record)
    await closeOrKeep(query, flow)
    await (wasLeft(flow, effects) ? unsettleKey : settleKey)(query, flow.reservation)
    const { executionId, outcome } = record
    await endItem(query, flow.asked.batch, { executionId, outcome, status })
    await recordEvent(query, auditEventOf(record, flow))
  })
  flow.reply = { status, body: answer, headers: { location: `/executions/${flow.executionId}` } }
  return undefined
}

/**
 * Whether it was ended only because its caller lost the connection, and did nothing to the world: whoever asks again with the same key
 * wants its result, and has it from another execution.
 */
function wasLeft({ call, outcome, executionId }: Flow, effects: EffectsSummary | undefined): boolean {
  const isCancelAsked = call.services.live.find(executionId)?.isCancelAsked ?? false
  return outcome?.kind === 'cancelled' && call.signal.aborted && !isCancelAsked && effects === undefined
}

/** The effects of an execution that did not return, from its journal and from what was under way. */
async function effectsOf({ run, session, outcome, call, executionId }: Flow): Promise<EffectsSummary | undefined> {
  if (!run || outcome?.kind === 'returned') return undefined
  const calls = await readDigests(call.services.store.sql, executionId)
  const noted = new Set(calls.map(({ sequence }) => sequence))
  const underWay = session?.underWay().filter(({ sequence }) => !noted.has(sequence)) ?? []
  return summarizeEffects([...calls, ...underWay], UNKNOWN_DIGEST)
}

function auditEventOf(record: KeptRecord, { granted }: Flow): AuditEvent {
  const { tenant, principal, executionId, anrfId, entry, mode, inputsDigest, outcome, answer } = record
  const policy = granted && { ...policyFactsOf(granted), policies: granted.policies.map(({ id }) => id) }
  const details = { anrfId, entry, mode, inputsDigest, outcome, ...(policy && { policy }) }
  const action = outcome === 'suspended' ? 'executions.suspend' : 'executions.end'
  const told = { action, tenant, principal, subject: executionId, details }
  if (outcome !== 'refused') return { ...told, outcome: outcome === 'crashed' ? 'failed' : 'done' }
  return { ...told, outcome: 'refused', reasons: reasonsOf(answer) }
}

/** The codes of what was wrong; messages may quote inputs. */
function reasonsOf(answer: Answer): readonly string[] {
  const { diagnostics = [] } = answer as ProblemBody
  return [...new Set(diagnostics.map(({ code }) => code))]
}

/** What a receipt says beside the answer. */
function factsOf(flow: Flow): ExecutionFacts {
  return {
    argsDigest: digestOf(known(flow.args)),
    limits: known(flow.limits),
    world: flow.world,
    isolation: known(flow.report).isolation,
    verification: flow.verification ?? 'none',
    policy: policyFactsOf(known(flow.granted)),
  }
}

const policyFactsOf = ({ revision, profile, overrides }: NonNullable<Flow['granted']>): PolicyFacts => ({
  revision,
  profile,
  overrides,
})

/** What is kept of the run: what it takes to go on, or to do it again, or nothing. */
async function closeOrKeep(query: Query, flow: Flow): Promise<void> {
  const outcome = known(flow.outcome)
  const { isRecorded } = flow.call.services.config
  // Without a run there is nothing to be done again.
  const state = isRecorded && flow.report ? 'kept' : 'dropped'
  if (outcome.kind === 'suspended') {
    await closeRun(query, known(flow.run), { state: 'suspended', waitsFor: outcome.waitsFor })
  } else if (flow.run) {
    await closeRun(query, flow.run, { state, waitsFor: [] })
  } else if (state === 'kept') {
    await insertRun(query, { ...newRun(flow), state })
  }
}

/** What a caller should know of the version that ran, whatever it did. */
function warningsOf({ loaded }: Flow): readonly Diagnostic[] {
  const yanked = loaded?.artifact.yanked
  if (!loaded || !yanked) return []
  return [diagnostic('ANRF5052', { message: `${labelOf(loaded.artifact)} was yanked: ${yanked.reason}` })]
}

function answerOf(flow: Flow, effects: EffectsSummary | undefined): Answer {
  const outcome = known(flow.outcome)
  const { executionId, mode, report, before } = flow
  const anrfId = anrfIdOf(flow)
  const logs = report?.logs ?? before?.logs ?? []
  const { clamped = [], hookDeeds = [] } = flow
  const warnings = warningsOf(flow)
  const lowered = {
    ...(clamped.length > 0 && { clamped }),
    ...(hookDeeds.length > 0 && { hooks: hookDeeds }),
    ...(warnings.length > 0 && { warnings }),
  }
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
  const more = { ...lowered, ...(effects && { effects }) }
  if (outcome.kind === 'suspended') {
    const { usage, isolation } = known(report)
    return { outcome, logs, executionId, anrfId, mode, isolation, usage, ...more }
  }
  const { requestId } = flow.call
  const ran = report ?? before
  const used = ran ? { usage: ran.usage, isolation: ran.isolation } : {}
  const progress = hasRun(flow) || effects ? 'ended' : 'not-started'
  return problemOfOutcome(outcome, { executionId, anrfId, requestId, progress, logs, ...used, ...more })
}

/** Whether anything of it ran; that a worker was asked for it is not enough. */
function hasRun({ outcome, hasBegun, report, before }: Flow): boolean {
  if (outcome?.kind === 'expired') return false
  return before !== undefined || (report ? report.usage.wallMs > 0 : hasBegun === true)
}
