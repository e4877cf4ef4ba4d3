import { recordEvent } from '../../audit/index.ts'
import { diagnostic } from '../../base/index.ts'
import type { SuspendedAnswer } from '../../client/index.ts'
import { claimRun, findRun, giveRunBack, listRuns, type OpenRun, type StoredRun } from '../../journal/index.ts'
import type { Job, Later } from '../accepted/dispatcher.ts'
import { laterOf } from '../accepted/later.ts'
import { NO_SPAN } from '../../telemetry/index.ts'
import type { Log, Services } from '../context.ts'
import { findDecision } from './decisions.ts'
import { findExecution } from './records.ts'
import type { ExecuteCall } from '../flow/flow.ts'
import { findStanding } from '../flow/standing.ts'
import { endRun, takeUp } from '../flow/steps.ts'
import { inTrace } from '../http/observe.ts'
import type { Answer, Problem } from '../http/problem.ts'

/** The work on an execution that is in the store: begins it, or goes on with it, if nobody else does. */
export function jobOf(services: Services, run: OpenRun, log: Log): Job {
  const { executionId, principal, asked } = run
  return {
    principal,
    priority: asked.priority,
    run: () => workOn(services, executionId, log),
    ...(asked.startBy !== undefined && { expireAt: Date.parse(asked.startBy) }),
  }
}

/** What this process knows of executions that it is to go on with. */
type Recovery = {
  /** They are in its queue. */
  readonly taken: Set<string>
  /** They have no rights any more, which the audit log was told once; they go on when the rights are back. */
  readonly rightless: Map<string, StoredRun>
}

const recoveries = new WeakMap<Services, Recovery>()

function recoveryOf(services: Services): Recovery {
  const recovery = recoveries.get(services) ?? { taken: new Set(), rightless: new Map() }
  recoveries.set(services, recovery)
  return recovery
}

/**
 * Goes on with the executions whose processes are gone, with those that were suspended and decided when nobody was left to
 * go on, and with those that have their rights back. What they did is in their journals and is not done again.
 */
export async function recoverRuns(services: Services, log: Log): Promise<void> {
  const { sql } = services.store
  const { taken, rightless } = recoveryOf(services)
  const alive = new Map<string, boolean>([[services.instance.id, true]])
  const isLeft = ({ owner }: OpenRun): boolean => {
    if (!alive.has(owner)) alive.set(owner, services.instance.isAlive(owner))
    return !alive.get(owner)
  }
  const left = [...(await listRuns(sql, 'running')), ...(await listRuns(sql, 'queued'))].filter(isLeft)
  const decided = await listRuns(sql, 'suspended')
  const found = [...left, ...decided].filter(({ executionId }) => !rightless.has(executionId))
  for (const run of [...found, ...(await takeRightful(services, rightless))]) takeOnce(services, taken, run, log)
}

function takeOnce(services: Services, taken: Recovery['taken'], run: OpenRun, log: Log): void {
  const { executionId } = run
  if (taken.has(executionId)) return
  taken.add(executionId)
  const job = jobOf(services, run, log)
  const runOnce = async (): Promise<Later | undefined> => {
    const later = await job.run()
    if (!later) taken.delete(executionId)
    return later
  }
  services.dispatcher.addAgain({ ...job, run: runOnce })
}

/** Those that have their rights back. */
async function takeRightful(services: Services, rightless: Recovery['rightless']): Promise<readonly StoredRun[]> {
  const rightful = new Map<string, boolean>()
  const runs: StoredRun[] = []
  for (const run of rightless.values()) {
    const whose = JSON.stringify([run.tenant, run.principal])
    if (!rightful.has(whose)) rightful.set(whose, !('status' in (await findStanding(services, run))))
    if (rightful.get(whose)) runs.push(run)
  }
  for (const { executionId } of runs) rightless.delete(executionId)
  return runs
}

/** Goes on with what can go on again, because a tenant or an identity may have its rights back. Never rejects. */
export async function resumeAll(services: Services, log: Log): Promise<void> {
  const { taken, rightless } = recoveryOf(services)
  for (const run of rightless.values()) takeOnce(services, taken, run, log)
  rightless.clear()
  await recoverRuns(services, log).catch((error: unknown) => log.error({ err: error }, 'executions were not taken up'))
}

/** Goes on with an execution of which something was decided. */
export function resumeRun(services: Services, run: OpenRun, log: Log): void {
  services.dispatcher.addAgain(jobOf(services, run, log))
}

/**
 * Takes an execution up, unless somebody else was faster or its rights have ended, and runs it to its end, a stop, or a suspension
 * of which nothing is decided: a decision on another call may come while it runs. Never rejects.
 */
async function workOn(services: Services, executionId: string, log: Log): Promise<Later | undefined> {
  try {
    for (;;) {
      const run = await findRun(services.store.sql, executionId)
      if (!run || !(await isToBeTaken(services, run))) return undefined
      const standing = isOver(run) ? undefined : await findStanding(services, run)
      if (standing && 'status' in standing) return await noteEnded(services, run, standing, log)
      const claimed = await claimRun(services.store.sql, run, services.instance.id)
      if (!claimed) return undefined
      if (run.state !== 'queued') log.info({ executionId, epoch: claimed.epoch }, 'an execution is taken up')
      const later = await workOnClaimed(services, claimed, run, log)
      if (services.isStopping()) return undefined
      if (later) return later
    }
  } catch (error) {
    log.error({ err: error, executionId }, 'an execution could not be taken up')
    return undefined
  }
}

/** Whether nothing of it is to run any more, whatever rights it has. */
function isOver({ state, asked, isCancelAsked }: StoredRun): boolean {
  return isCancelAsked || (state === 'queued' && asked.startBy !== undefined && Date.parse(asked.startBy) <= Date.now())
}

/** It stays as it is, to be gone on with when the rights are back. */
async function noteEnded(services: Services, run: StoredRun, { code, detail }: Problem, log: Log): Promise<undefined> {
  const { executionId, principal, tenant } = run
  log.warn({ executionId, detail }, 'an execution has no rights any more')
  recoveryOf(services).rightless.set(executionId, run)
  const told = { action: 'executions.resume', tenant, principal, subject: executionId, reasons: [`${code}: ${detail}`] }
  await services.store.sql.tx((query) => recordEvent(query, { ...told, outcome: 'refused' }))
}

async function isToBeTaken(services: Services, run: StoredRun): Promise<boolean> {
  if (run.state === 'queued') return true
  if (run.state === 'suspended') return isDecided(services, run)
  return run.state === 'running' && !services.instance.isAlive(run.owner)
}

async function workOnClaimed(
  services: Services,
  claimed: StoredRun,
  before: StoredRun,
  log: Log,
): Promise<Later | undefined> {
  if (claimed.isCancelAsked) return endCancelled(services, claimed, before, log)
  const refusal = await takeUpTraced(services, claimed, log)
  if (!refusal || services.isStopping()) return undefined
  const later = laterOf(refusal)
  if (!later) return endRefused(services, claimed, refusal, log)
  await giveRunBack(services.store.sql, claimed, before)
  return later
}

/** What was accepted may not be run here any more. */
async function endRefused(services: Services, run: StoredRun, refusal: Problem, log: Log): Promise<undefined> {
  const { executionId } = run
  log.warn({ executionId, detail: refusal.detail }, 'an execution could not be gone on with')
  const said = refusal.diagnostics ?? [diagnostic(refusal.code ?? 'ANRF5008', { message: refusal.detail })]
  await endRun(callFor(services, run, log), run, { kind: 'refused', diagnostics: said }, {})
}

/** Ends a claimed execution that nobody works on; `before` is what it was when it was claimed. */
export async function endCancelled(
  services: Services,
  run: StoredRun,
  before: StoredRun,
  log: Log,
): Promise<undefined> {
  const record = await findExecution(services.store.sql, run.executionId)
  const told = record?.answer && isSuspended(record.answer) ? record.answer : undefined
  const hasBegun = before.state !== 'queued'
  const message = hasBegun ? 'the execution was cancelled' : 'the execution was cancelled before it began'
  await endRun(
    callFor(services, run, log),
    run,
    { kind: 'cancelled', message },
    { hasBegun, ...(told && { before: told }) },
  )
}

function isSuspended(answer: Answer): answer is SuspendedAnswer {
  return 'outcome' in answer && answer.outcome?.kind === 'suspended'
}

function takeUpTraced(services: Services, run: StoredRun, log: Log): Promise<Problem | undefined> {
  const owner = { id: run.principal, tenant: run.tenant }
  return inTrace(services.telemetry, 'take up an execution', owner, (span) =>
    takeUp({ ...callFor(services, run, log), span }, run),
  )
}

/** Whether there is an answer to anything that a suspended execution waits for. */
async function isDecided({ store }: Services, { executionId, waitsFor }: StoredRun): Promise<boolean> {
  const decisions = await Promise.all(waitsFor.map(({ sequence }) => findDecision(store.sql, executionId, sequence)))
  return decisions.some((decision) => decision !== undefined)
}

/** A call that nobody waits for. */
function callFor(
  services: Services,
  { executionId, principal: id, tenant, mode, asked: { profile } }: StoredRun,
  log: Log,
): ExecuteCall {
  return {
    services,
    action: 'executions.start',
    principal: { id, tenant, scopes: ['execute'] },
    params: {},
    query: { mode, ...(profile !== undefined && { profile }) },
    body: {},
    contentType: '',
    headers: {},
    requestId: executionId,
    signal: new AbortController().signal,
    log,
    span: NO_SPAN,
  }
}
