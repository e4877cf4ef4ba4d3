import { programIdOf } from '../../sandbox/index.ts'
import { known, type Step } from './flow.ts'
import { overloaded } from './gateway.ts'

/** Step 5: one run in a worker process, under the limits. */
export const execute: Step = async (flow) => {
  const { services, signal } = flow.call
  const { program } = known(flow.loaded).opened
  const report = await services.pool.execute(
    {
      programId: programIdCached(program),
      programBytes: program,
      entry: known(flow.entry),
      args: known(flow.args),
      limits: known(flow.limits),
      mode: flow.mode,
      world: flow.call.body.world ?? {},
      executionId: flow.executionId,
    },
    signal,
  )
  if ('rejected' in report)
    return overloaded(report.rejected === 'closing' ? 'the service is stopping' : 'all workers are busy')
  flow.report = report
  flow.outcome = report.outcome
  return undefined
}

/** A loaded program stays in memory, so its digest is computed once. */
const programIds = new WeakMap<Uint8Array, string>()

function programIdCached(program: Uint8Array): string {
  const id = programIds.get(program) ?? programIdOf(program)
  programIds.set(program, id)
  return id
}
