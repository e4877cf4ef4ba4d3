import { setTimeout as sleep } from 'node:timers/promises'
import { recordEvent } from '../audit/index.ts'
import { claimRun, findRun, listRuns, type StoredRun } from '../journal/index.ts'
import type { Log, Services } from './context.ts'
import { findDecision } from './decisions.ts'
import type { ExecuteCall } from './flow/flow.ts'
import { findStanding } from './flow/standing.ts'
import { takeUp } from './flow/steps.ts'
import type { Problem } from './problem.ts'

/** How long an execution waits that finds all workers busy, or those of its key. */
const BUSY_WAIT_MS = 500

/**
 * Goes on with the executions whose processes are gone, and with those that were suspended and decided when nobody was left to
 * go on, as many at once as there are workers. What they did is in their journals and is not done again.
 */
export async function recoverRuns(services: Services, log: Log): Promise<void> {
  const { sql } = services.store
  const left = (await listRuns(sql, 'running')).filter((run) => !services.instance.isAlive(run.owner))
  for (const run of await listRuns(sql, 'suspended')) if (await isDecided(services, run)) left.push(run)
  const work = async (): Promise<void> => {
    for (let run = left.shift(); run && !services.isStopping(); run = left.shift()) await resumeRun(services, run, log)
  }
  await Promise.all(Array.from({ length: services.config.workers }, work))
}

/** Goes on with what can go on again, because a tenant or an identity has its rights back. Never rejects. */
export async function resumeAll(services: Services, log: Log): Promise<void> {
  await recoverRuns(services, log).catch((error: unknown) => log.error({ err: error }, 'executions were not taken up'))
}

/** Goes on with an execution that was suspended, if it still is. Never rejects. */
export async function resumeSuspended(services: Services, executionId: string, log: Log): Promise<void> {
  try {
    const run = await findRun(services.store.sql, executionId)
    if (run?.state === 'suspended') await resumeRun(services, run, log)
  } catch (error) {
    log.error({ err: error, executionId }, 'an execution could not be taken up')
  }
}

/**
 * Takes an execution up, unless somebody else was faster or its rights have ended, and runs it to its end, a stop, or a suspension of which nothing is
 * decided: a decision on another call may come while it runs. Never rejects.
 */
async function resumeRun(services: Services, run: StoredRun, log: Log): Promise<void> {
  const { executionId } = run
  try {
    for (let next: StoredRun | undefined = run; next; next = await findDecided(services, executionId)) {
      const standing = await findStanding(services, next)
      if ('status' in standing) return await noteEnded(services, next, standing, log)
      const claimed = await claimRun(services.store.sql, next, services.instance.id)
      if (!claimed) return
      log.info({ executionId, epoch: claimed.epoch }, 'an execution is taken up')
      await runClaimed(services, claimed, log)
    }
  } catch (error) {
    log.error({ err: error, executionId }, 'an execution could not be taken up')
  }
}

/** It stays as it is, to be gone on with when the rights are back. */
async function noteEnded(services: Services, run: StoredRun, { code, detail }: Problem, log: Log): Promise<void> {
  const { executionId, principal, tenant } = run
  log.warn({ executionId, detail }, 'an execution has no rights any more')
  const told = { action: 'executions.resume', tenant, principal, subject: executionId, reasons: [`${code}: ${detail}`] }
  await services.store.sql.tx((query) => recordEvent(query, { ...told, outcome: 'refused' }))
}

async function runClaimed(services: Services, claimed: StoredRun, log: Log): Promise<void> {
  const { executionId, owner } = claimed
  for (let run: StoredRun | undefined = claimed; run?.owner === owner;) {
    const refusal = await takeUp(callFor(services, run, log), run)
    if (!isForNow(refusal) || services.isStopping()) {
      if (refusal) log.warn({ executionId, detail: refusal.detail }, 'an execution could not be gone on with')
      return
    }
    await sleep(BUSY_WAIT_MS)
    // An attempt may have raised the epoch before the workers were busy.
    run = await findRun(services.store.sql, executionId)
  }
}

/** Whether it may be gone on with a little later. */
const isForNow = (refusal: Problem | undefined): boolean => refusal?.code === 'ANRF5005' || refusal?.code === 'ANRF5011'

async function findDecided(services: Services, executionId: string): Promise<StoredRun | undefined> {
  const run = await findRun(services.store.sql, executionId)
  return run?.state === 'suspended' && (await isDecided(services, run)) ? run : undefined
}

/** Whether there is an answer to anything that a suspended execution waits for. */
async function isDecided({ store }: Services, { executionId, waitsFor }: StoredRun): Promise<boolean> {
  const decisions = await Promise.all(waitsFor.map(({ sequence }) => findDecision(store.sql, executionId, sequence)))
  return decisions.some((decision) => decision !== undefined)
}

/** A call that nobody waits for. */
function callFor(services: Services, { executionId, principal: id, tenant, mode }: StoredRun, log: Log): ExecuteCall {
  return {
    services,
    action: 'executions.start',
    principal: { id, tenant, scopes: ['execute'] },
    params: {},
    query: { mode },
    body: {},
    contentType: '',
    requestId: executionId,
    signal: new AbortController().signal,
    log,
  }
}
