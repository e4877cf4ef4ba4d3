import { randomUUIDv7 } from 'node:crypto'
import { diagnostic, resolveMode, sha256Hex, type Outcome } from '../../base/index.ts'
import { canonicalJson } from '../../document/index.ts'
import type { Asked, StoredRun } from '../../journal/index.ts'
import { newWorld } from '../../sandbox/index.ts'
import type { Reply } from '../context.ts'
import { askHooksAfter, askHooksBefore } from './ask-hooks.ts'
import type { BatchPlace } from '../batches/store.ts'
import { problemOfError } from '../http/errors.ts'
import { readPrefer } from '../http/prefer.ts'
import { problem, type Problem } from '../http/problem.ts'
import { claimKey, releaseKey, type Reservation } from '../http/idempotency.ts'
import { accept, replyAgain } from './accept.ts'
import { askedOf } from './asked.ts'
import { execute } from './execute.ts'
import { known, type CallerBounds, type ExecuteCall, type Flow, type Inside, type Step } from './flow.ts'
import { admit } from './gateway.ts'
import { govern } from './govern.ts'
import { load } from './load.ts'
import { spendFuel, takeQuota } from './meter.ts'
import { monitor } from './monitor.ts'
import { giveResult } from './result.ts'
import { validateInputs } from './validate-inputs.ts'
import { verifyAfter } from './verify-after.ts'
import { verifyBefore } from './verify-before.ts'

type StepRow = {
  readonly name: string
  readonly step: Step
  /** `open`: as long as nothing ended or accepted the execution; `ran`: after a worker ran it; `ended`: when it has an outcome. */
  readonly when: 'open' | 'ran' | 'ended'
  /** Whether the step is for those that were accepted before too, when they are taken up. */
  readonly isRepeated: boolean
}

/** The life of an execution, in order. */
export const STEPS: readonly StepRow[] = [
  { name: 'admit', step: admit, when: 'open', isRepeated: false },
  { name: 'load', step: load, when: 'open', isRepeated: true },
  { name: 'take quota', step: takeQuota, when: 'open', isRepeated: false },
  { name: 'validate inputs', step: validateInputs, when: 'open', isRepeated: false },
  { name: 'govern', step: govern, when: 'open', isRepeated: true },
  { name: 'verify before', step: verifyBefore, when: 'open', isRepeated: true },
  { name: 'ask hooks before', step: askHooksBefore, when: 'open', isRepeated: false },
  { name: 'accept', step: accept, when: 'open', isRepeated: false },
  { name: 'execute', step: execute, when: 'open', isRepeated: true },
  { name: 'spend fuel', step: spendFuel, when: 'ran', isRepeated: true },
  { name: 'verify after', step: verifyAfter, when: 'ran', isRepeated: true },
  { name: 'ask hooks after', step: askHooksAfter, when: 'ran', isRepeated: true },
  { name: 'monitor', step: monitor, when: 'ended', isRepeated: true },
  { name: 'result', step: giveResult, when: 'ended', isRepeated: true },
]

/** What was checked when the execution was accepted is not checked again; the program itself is. */
const REPEATED = STEPS.filter(({ isRepeated }) => isRepeated)

/** Runs the steps for one `POST /execute/{anrfId}`. */
export async function runFlow(call: ExecuteCall, reference: string): Promise<Reply | { readonly problem: Problem }> {
  const asked = askedOf(call)
  if ('status' in asked) return { problem: { ...asked, progress: 'not-started' } }
  const preference = readPrefer(textOf(call.headers['prefer']))
  const flow = newFlow(call, reference, asked, { depth: 0, ...(preference && { preference }) })
  const claim = await claimKey(call, flow.executionId)
  if (claim.kind === 'refused') return claim
  if (claim.kind === 'done') return replyAgain(call.services, claim.subject, preference)
  return claim.kind === 'reserved' ? runOnce(flow, claim.reservation) : runFirst(flow)
}

/** As {@link runFirst}, for a request with a key, which is free again when nothing came of it. */
async function runOnce(flow: Flow, reservation: Reservation): Promise<Reply | { readonly problem: Problem }> {
  flow.reservation = reservation
  const answer = await runFirst(flow)
  if ('problem' in answer) await releaseKey(flow.call, reservation)
  return answer
}

async function runFirst(flow: Flow): Promise<Reply | { readonly problem: Problem }> {
  try {
    const refusal = await runSteps(flow, STEPS)
    return refusal ? { problem: { progress: 'not-started', ...refusal } } : known(flow.reply)
  } catch (error) {
    return { problem: failed(flow, error) }
  }
}

const textOf = (field: string | string[] | undefined): string | undefined =>
  Array.isArray(field) ? field.join(', ') : field

/** The service failed in the middle: what is known of the execution then. */
function failed({ call, executionId, hasBegun }: Flow, error: unknown): Problem {
  const known = problemOfError(error)
  if (!known || known.status === 500) call.log.error({ err: error, executionId }, 'an execution failed')
  const said =
    known ?? problem('ANRF5008', `something went wrong here; the service's log has it under ${call.requestId}`)
  return { ...said, executionId, requestId: call.requestId, progress: hasBegun ? 'unknown' : 'not-started' }
}

/** Runs one item of a batch; why it cannot be run, or not now. */
export async function runItem(call: ExecuteCall, reference: string, batch: BatchPlace): Promise<Problem | undefined> {
  const asked = askedOf(call)
  return 'status' in asked ? asked : runSteps(newFlow(call, reference, { ...asked, batch }, { depth: 0 }), STEPS)
}

/** Goes on with an execution that another process began, that was accepted, or suspended; why it cannot be gone on with now. */
export function takeUp(call: ExecuteCall, run: StoredRun): Promise<Problem | undefined> {
  return runSteps(flowOf(call, run), REPEATED)
}

/** Ends an execution that nobody works on, and that was claimed to be ended. `before`: what is known of it already. */
export function endRun(
  call: ExecuteCall,
  run: StoredRun,
  outcome: Outcome,
  before: Pick<Flow, 'hasBegun' | 'before'>,
): Promise<Problem | undefined> {
  return runSteps({ ...flowOf(call, run), ...before, outcome }, REPEATED)
}

function flowOf(call: ExecuteCall, run: StoredRun): Flow {
  const { executionId, entry, args, limits, inputsDigest, world, mode, asked } = run
  const startedAt = new Date(run.startedAt)
  const begun = { executionId, inputsDigest, world, mode, startedAt }
  const { clamped, hookDeeds } = asked
  const kept = { entry, args, limits, clamped, run, ...(hookDeeds && { hookDeeds }) }
  return { ...newFlow(call, run.artifactId, asked, { depth: 0 }), ...begun, ...kept }
}

const PLAIN: Asked = { priority: 'normal', isFresh: false, clamped: [] }

async function executeInside(
  call: ExecuteCall,
  reference: string,
  depth: number,
  bounds: CallerBounds,
): Promise<Inside> {
  // Whoever asks for a profile asks for it for the programs that are called too.
  const { profile } = call.query
  const flow = newFlow(call, reference, { ...PLAIN, ...(profile !== undefined && { profile }) }, { depth, bounds })
  const refusal = await runSteps(flow, STEPS)
  const { report, nestedCpuMs = 0 } = flow
  const cpuMs = nestedCpuMs + (report?.usage.cpuMs ?? 0)
  if (!refusal) return { outcome: known(flow.outcome), cpuMs, ...(report && { report }) }
  const diagnostics = [diagnostic(refusal.code ?? 'ANRF5008', { message: refusal.detail })]
  return { outcome: { kind: 'refused', diagnostics }, cpuMs, ...(report && { report }) }
}

/** Executes the program of a hook, which has no hooks. */
export async function executeForHook(
  call: ExecuteCall,
  reference: string,
): Promise<Outcome | { readonly kind: 'busy'; readonly detail: string }> {
  const flow = newFlow(call, reference, PLAIN, { depth: 0 })
  const refusal = await runSteps(flow, STEPS)
  if (!refusal) return known(flow.outcome)
  const { code, detail } = refusal
  if (code === 'ANRF5005' || code === 'ANRF5011' || code === 'ANRF5025') return { kind: 'busy', detail }
  return { kind: 'refused', diagnostics: [diagnostic(code ?? 'ANRF5008', { message: detail })] }
}

function newFlow(
  call: ExecuteCall,
  reference: string,
  asked: Asked,
  how: Pick<Flow, 'depth' | 'preference' | 'bounds'>,
): Flow {
  return {
    call,
    reference,
    asked,
    executionId: randomUUIDv7(),
    startedAt: new Date(),
    mode: resolveMode(call.query.mode),
    world: newWorld(call.body.world),
    ...how,
    executeInside,
    inputsDigest: `sha256:${sha256Hex(canonicalJson(call.body.inputs ?? {}))}`,
    span: call.span,
    effectSpans: new Map(),
  }
}

async function runSteps(flow: Flow, steps: readonly StepRow[]): Promise<Problem | undefined> {
  try {
    for (const row of steps) {
      const { when } = row
      if (when === 'open' && (flow.outcome || flow.reply)) continue
      if (when === 'ran' && !flow.report) continue
      if (when === 'ended' && !flow.outcome) continue
      const refusal = await runStep(flow, row)
      if (refusal) return refusal
    }
    return undefined
  } finally {
    flow.call.services.live.end(flow.executionId)
  }
}

async function runStep(flow: Flow, { name, step }: StepRow): Promise<Problem | undefined> {
  const span = flow.call.span.child(name)
  flow.span = span
  try {
    const refusal = await step(flow)
    if (refusal) span.fail(refusal.code ?? String(refusal.status))
    return refusal
  } catch (error) {
    span.fail('exception')
    throw error
  } finally {
    span.end()
  }
}
