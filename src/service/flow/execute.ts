import type { StoredRun } from '../../journal/index.ts'
import { closeRun } from '../../journal/index.ts'
import { programIdOf, type ExecuteRequest, type Rejection } from '../../sandbox/index.ts'
import type { Problem } from '../problem.ts'
import { known, type Flow, type Step } from './flow.ts'
import { overloaded, tooMany } from './gateway.ts'
import { beginAgain, beginRun, hasEffects, openSession } from './session.ts'

/** How often an execution with effects is taken up again when its worker dies: what it did is in its journal. */
const ATTEMPTS_MAX = 3

/** Step 5: one run in a worker process, under the limits. */
export const execute: Step = async (flow) => {
  const { services } = flow.call
  const isTakenUp = flow.run !== undefined
  let run = hasEffects(known(flow.loaded).opened.module) ? (flow.run ??= await beginRun(flow)) : undefined
  for (let attempt = 1; ; attempt++) {
    if (run && attempt > 1) flow.run = run = await beginAgain(flow, run)
    const report = await services.pool.execute(await requestOf(flow, run), flow.call.signal)
    if ('rejected' in report) {
      const hasBegun = isTakenUp || attempt > 1
      if (run && !hasBegun) await forget(flow, run)
      // Its caller must not ask for it again, as what is turned away may be: it ends as the attempt before did.
      if (attempt > 1 && !isTakenUp && !services.isStopping()) return undefined
      return turnedAway(report.rejected, known(flow.limits).concurrency)
    }
    // A stop is no end of what can be taken up: the next start goes on with it.
    if (run && report.outcome.kind === 'cancelled' && services.isStopping())
      return overloaded(`the service is stopping; the execution ${flow.executionId} goes on when it is back`)
    flow.report = report
    flow.outcome = report.outcome
    if (!run || report.outcome.kind !== 'crashed' || attempt === ATTEMPTS_MAX) return undefined
  }
}

async function requestOf(flow: Flow, run: StoredRun | undefined): Promise<ExecuteRequest> {
  const { program } = known(flow.loaded).opened
  return {
    programId: programIdCached(program),
    programBytes: program,
    entry: known(flow.entry),
    args: known(flow.args),
    limits: known(flow.limits),
    mode: flow.mode,
    world: flow.world,
    executionId: flow.executionId,
    principal: known(flow.call.principal).id,
    depth: flow.depth,
    isFresh: flow.call.services.config.freshProcesses || flow.call.query.process === 'fresh',
    ...(run && { effects: await openSession(flow, run) }),
  }
}

/** The execution was not begun: nothing is to be taken up. */
async function forget({ call }: Flow, run: StoredRun): Promise<void> {
  await call.services.store.sql.tx((query) => closeRun(query, run, { state: 'dropped', waitsFor: [] }))
}

/** The problem of a request that the pool does not take. */
export function turnedAway(reason: Rejection['rejected'], concurrency: number): Problem {
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
