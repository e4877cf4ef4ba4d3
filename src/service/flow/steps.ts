import { resolveMode } from '../../base/index.ts'
import { randomUUIDv7 } from 'node:crypto'
import type { Call, Reply } from '../context.ts'
import type { Problem } from '../problem.ts'
import { execute } from './execute.ts'
import { known, type ExecuteBody, type ExecuteQuery, type Flow, type Step } from './flow.ts'
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
  { name: 'execute', step: execute, when: 'open' },
  { name: 'verify after', step: verifyAfter, when: 'ran' },
  { name: 'monitor', step: monitor, when: 'always' },
  { name: 'result', step: giveResult, when: 'always' },
]

/** Runs the steps for one `POST /execute/{anrfId}`. */
export async function runFlow(
  call: Call<ExecuteBody, ExecuteQuery>,
  reference: string,
): Promise<Reply | { readonly problem: Problem }> {
  const flow: Flow = {
    call,
    reference,
    executionId: randomUUIDv7(),
    startedAt: new Date(),
    mode: resolveMode(call.query.mode),
  }
  for (const { step, when } of STEPS) {
    if (when === 'open' && flow.outcome) continue
    if (when === 'ran' && !flow.report) continue
    const refusal = await step(flow)
    if (refusal) return { problem: refusal }
  }
  return known(flow.reply)
}
