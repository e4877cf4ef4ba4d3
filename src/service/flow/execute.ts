import { programIdOf, type Rejection } from '../../sandbox/index.ts'
import type { Problem } from '../problem.ts'
import { known, type Step } from './flow.ts'
import { overloaded, tooMany } from './gateway.ts'

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
      principal: known(flow.call.principal).keyId,
      isFresh: services.config.freshProcesses || flow.call.query.process === 'fresh',
    },
    signal,
  )
  if ('rejected' in report) return turnedAway(report.rejected, known(flow.limits).concurrency)
  flow.report = report
  flow.outcome = report.outcome
  return undefined
}

function turnedAway(reason: Rejection['rejected'], concurrency: number): Problem {
  if (reason === 'closing') return overloaded('the service is stopping')
  if (reason === 'overloaded') return overloaded('all workers are busy')
  return tooMany(`the key has ${concurrency} executions under way, as many as it may`)
}

/** A loaded program stays in memory, so its digest is computed once. */
const programIds = new WeakMap<Uint8Array, string>()

function programIdCached(program: Uint8Array): string {
  const id = programIds.get(program) ?? programIdOf(program)
  programIds.set(program, id)
  return id
}
