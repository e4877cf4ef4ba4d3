import { closeRun } from '../../journal/index.ts'
import { programIdOf, type ExecuteRequest, type Rejection } from '../../sandbox/index.ts'
import { beginItem } from '../batches/store.ts'
import { unsettleKey } from '../http/idempotency.ts'
import type { Problem } from '../http/problem.ts'
import { URGENCY } from './asked.ts'
import { known, type Flow, type Step } from './flow.ts'
import { overloaded, tooMany } from './gateway.ts'
import { subjectOf } from './meter.ts'
import { runInPool } from './run-in-pool.ts'
import { beginAgain, beginRun, hasEffects, openSession } from './session.ts'

/** How often an execution with effects is taken up again when its worker dies: what it did is in its journal. */
const ATTEMPTS_MAX = 3

/** Step 5: one run in a worker process, under the limits. */
export const execute: Step = async (flow) => {
  const { services, principal } = flow.call
  const live = services.live.begin(flow.executionId, known(principal), flow.asked.batch?.id)
  const isTakenUp = flow.run !== undefined
  const hasWorld = hasEffects(known(flow.loaded).opened.module)
  if (hasWorld) flow.run ??= await beginRun(flow)
  for (let attempt = 1; ; attempt++) {
    if (attempt > 1) flow.run = await beginAgain(flow, known(flow.run))
    const request = await requestOf(flow, hasWorld)
    if (live.isCancelAsked) return void (flow.outcome = { kind: 'cancelled', message: 'the execution was cancelled' })
    flow.hasBegun = true
    const report = await runInPool(flow, request)
    if ('rejected' in report) {
      if (attempt === 1 && !isTakenUp) return turnBack(flow, report)
      if (isTakenUp || services.isStopping()) return goesOn(flow, report)
      // Its caller must not ask for it again, as what is turned away may be: it ends as the attempt before did.
      return undefined
    }
    // A stop is no end of what can be taken up: the next start goes on with it.
    const isKept = flow.run !== undefined || flow.asked.batch !== undefined
    if (isKept && report.outcome.kind === 'cancelled' && services.isStopping() && !live.isCancelAsked)
      return goesOn(flow)
    flow.report = report
    flow.outcome = report.outcome
    if (!hasWorld || report.outcome.kind !== 'crashed' || attempt === ATTEMPTS_MAX) return undefined
  }
}

async function requestOf(flow: Flow, hasWorld: boolean): Promise<ExecuteRequest> {
  const { call, asked, executionId } = flow
  const { program } = known(flow.loaded).opened
  const { principalMax, shares } = await call.services.meter.concurrency(subjectOf(flow))
  const limits = known(flow.limits)
  const session = hasWorld ? await openSession(flow, known(flow.run)) : undefined
  flow.session = session
  const log = call.services.live.logger(executionId)
  // What has reached the world already has begun in time.
  const isBound = asked.startBy !== undefined && !session?.isResumed
  return {
    programId: programIdCached(program),
    programBytes: program,
    entry: known(flow.entry),
    args: known(flow.args),
    limits: { ...limits, concurrency: Math.min(limits.concurrency, principalMax) },
    shares,
    mode: flow.mode,
    world: flow.world,
    executionId,
    principal: known(call.principal).id,
    depth: flow.depth,
    isFresh: call.services.config.freshProcesses || asked.isFresh || known(flow.granted).isFresh,
    urgency: URGENCY[asked.priority],
    onLog: (_, line) => log(line),
    ...(isBound && { startBy: Date.parse(asked.startBy) }),
    ...(session && { effects: session }),
  }
}

/** The execution was not begun: nothing is to be taken up. */
async function turnBack(flow: Flow, rejection: Rejection): Promise<Problem> {
  const { run, call } = flow
  flow.hasBegun = false
  if (run)
    await call.services.store.sql.tx(async (query) => {
      await closeRun(query, run, { state: 'dropped', waitsFor: [] })
      await unsettleKey(query, flow.reservation)
      await beginItem(query, run.asked.batch, null)
    })
  return turnedAway(rejection)
}

/** It is in the store, and goes on here when there is room, or elsewhere. */
function goesOn({ executionId, call }: Flow, rejection?: Rejection): Problem {
  const why = call.services.isStopping() ? 'the service is stopping' : 'all workers are busy'
  const { headers, ...busy } = overloaded(`${why}; the execution ${executionId} goes on by itself`)
  return {
    ...busy,
    ...(rejection && violated(rejection)),
    executionId,
    progress: 'under-way',
    headers: { ...headers, location: `/executions/${executionId}` },
  }
}

/** The problem of a request that the pool does not take. */
export function turnedAway(rejection: Rejection): Problem {
  if (rejection.rejected !== 'concurrency')
    return overloaded(rejection.rejected === 'closing' ? 'the service is stopping' : 'all workers are busy')
  const { share, max } = rejection
  const who = share === undefined ? 'the key' : `who shares ${JSON.stringify(share)}`
  return { ...tooMany(`${who} has ${max} executions under way, as many as it may`), ...violated(rejection) }
}

/** The quota of those who share that has no room. */
function violated(rejection: Rejection): Pick<Problem, 'violatedPolicies'> {
  if (rejection.rejected !== 'concurrency' || rejection.share === undefined) return {}
  return { violatedPolicies: [rejection.share.split(' ', 1)[0]!] }
}

/** A loaded program stays in memory, so its digest is computed once. */
const programIds = new WeakMap<Uint8Array, string>()

function programIdCached(program: Uint8Array): string {
  const id = programIds.get(program) ?? programIdOf(program)
  programIds.set(program, id)
  return id
}
