import { randomUUIDv7 } from 'node:crypto'
import { diagnostic, resolveMode, sha256Hex, type Outcome } from '../../base/index.ts'
import { canonicalJson } from '../../document/index.ts'
import type { StoredRun } from '../../journal/index.ts'
import { newWorld } from '../../sandbox/index.ts'
import type { Reply } from '../context.ts'
import type { Problem } from '../problem.ts'
import { askHooksAfter, askHooksBefore } from './ask-hooks.ts'
import { execute } from './execute.ts'
import { known, type ExecuteCall, type Flow, type Step } from './flow.ts'
import { admit } from './gateway.ts'
import { load } from './load.ts'
import { monitor } from './monitor.ts'
import { giveResult } from './result.ts'
import { validateInputs } from './validate-inputs.ts'
import { verifyAfter } from './verify-after.ts'
import { verifyBefore } from './verify-before.ts'

type StepRow = {
  readonly name: string
  readonly step: Step
  /** `open`: as long as nothing ended the execution; `ran`: after a worker ran it; `always`. */
  readonly when: 'open' | 'ran' | 'always'
}

/** The life of an execution, in order. */
const STEPS: readonly StepRow[] = [
  { name: 'admit', step: admit, when: 'open' },
  { name: 'load', step: load, when: 'open' },
  { name: 'validate inputs', step: validateInputs, when: 'open' },
  { name: 'verify before', step: verifyBefore, when: 'open' },
  { name: 'ask hooks before', step: askHooksBefore, when: 'open' },
  { name: 'execute', step: execute, when: 'open' },
  { name: 'verify after', step: verifyAfter, when: 'ran' },
  { name: 'ask hooks after', step: askHooksAfter, when: 'ran' },
  { name: 'monitor', step: monitor, when: 'always' },
  { name: 'result', step: giveResult, when: 'always' },
]

/** Runs the steps for one `POST /execute/{anrfId}`. */
export async function runFlow(call: ExecuteCall, reference: string): Promise<Reply | { readonly problem: Problem }> {
  const flow = newFlow(call, reference)
  const refusal = await runSteps(flow, STEPS)
  return refusal ? { problem: refusal } : known(flow.reply)
}

/** Goes on with an execution that another process began or that was suspended; why it cannot be gone on with now. */
export function takeUp(call: ExecuteCall, run: StoredRun): Promise<Problem | undefined> {
  const { executionId, entry, args, limits, inputsDigest, world, mode } = run
  const startedAt = new Date(run.startedAt)
  const begun = { executionId, inputsDigest, world, mode, startedAt }
  const flow: Flow = { ...newFlow(call, run.artifactId), ...begun, entry, args, limits, run }
  // What was checked then is not checked again; the program itself is.
  const steps = STEPS.filter(({ step }) => step !== admit && step !== validateInputs && step !== askHooksBefore)
  return runSteps(flow, steps)
}

async function executeInside(call: ExecuteCall, reference: string, depth: number): Promise<Outcome> {
  const flow = newFlow(call, reference, depth)
  const refusal = await runSteps(flow, STEPS)
  if (!refusal) return known(flow.outcome)
  return { kind: 'refused', diagnostics: [diagnostic(refusal.code ?? 'ANRF5008', { message: refusal.detail })] }
}

/** Executes the program of a hook, which has no hooks. */
export async function executeForHook(
  call: ExecuteCall,
  reference: string,
): Promise<Outcome | { readonly kind: 'busy'; readonly detail: string }> {
  const flow = newFlow(call, reference)
  const refusal = await runSteps(flow, STEPS)
  if (!refusal) return known(flow.outcome)
  const { code, detail } = refusal
  if (code === 'ANRF5005' || code === 'ANRF5011') return { kind: 'busy', detail }
  return { kind: 'refused', diagnostics: [diagnostic(code ?? 'ANRF5008', { message: detail })] }
}

function newFlow(call: ExecuteCall, reference: string, depth = 0): Flow {
  return {
    call,
    reference,
    executionId: randomUUIDv7(),
    startedAt: new Date(),
    mode: resolveMode(call.query.mode),
    world: newWorld(call.body.world),
    depth,
    executeInside,
    inputsDigest: `sha256:${sha256Hex(canonicalJson(call.body.inputs ?? {}))}`,
  }
}

async function runSteps(flow: Flow, steps: readonly StepRow[]): Promise<Problem | undefined> {
  for (const { step, when } of steps) {
    if (when === 'open' && flow.outcome) continue
    if (when === 'ran' && !flow.report) continue
    const refusal = await step(flow)
    if (refusal) return refusal
  }
  return undefined
}
