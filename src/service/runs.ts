import { setTimeout as sleep } from 'node:timers/promises'
import { claimRun, findRun, listRunning, type StoredRun } from '../journal/index.ts'
import type { Log, Services } from './context.ts'
import type { ExecuteCall } from './flow/flow.ts'
import { takeUp } from './flow/steps.ts'

/** How long an execution waits that finds all workers busy. */
const BUSY_WAIT_MS = 500

/**
 * Goes on with the executions whose processes are gone, as many at once as there are workers. What they did is in their
 * journals and is not done again.
 */
export async function recoverRuns(services: Services, log: Log): Promise<void> {
  const left = (await listRunning(services.store.sql)).filter((run) => !services.instance.isAlive(run.owner))
  const work = async (): Promise<void> => {
    for (let run = left.shift(); run && !services.isStopping(); run = left.shift()) await resumeRun(services, run, log)
  }
  await Promise.all(Array.from({ length: services.config.workers }, work))
}

/** Goes on with an execution that was suspended, if it still is. Never rejects. */
export async function resumeSuspended(services: Services, executionId: string, log: Log): Promise<void> {
  const run = await findRun(services.store.sql, executionId)
  if (run?.state === 'suspended') await resumeRun(services, run, log)
}

/** Takes an execution up, unless somebody else was faster, and runs it to its end, its next suspension or a stop. Never rejects. */
async function resumeRun(services: Services, run: StoredRun, log: Log): Promise<void> {
  const { executionId } = run
  try {
    const claimed = await claimRun(services.store.sql, run, services.instance.id)
    if (!claimed) return
    log.info({ executionId, epoch: claimed.epoch }, 'an execution is taken up')
    for (;;) {
      const refusal = await takeUp(callFor(services, claimed, log), claimed)
      if (refusal?.code !== 'ANRF5005' || services.isStopping()) {
        if (refusal) log.warn({ executionId, detail: refusal.detail }, 'an execution could not be gone on with')
        return
      }
      await sleep(BUSY_WAIT_MS)
    }
  } catch (error) {
    log.error({ err: error, executionId }, 'an execution could not be taken up')
  }
}

/** A call that nobody waits for. */
function callFor(services: Services, { executionId, keyId, mode }: StoredRun, log: Log): ExecuteCall {
  return {
    services,
    principal: { keyId, scopes: ['execute'] },
    params: {},
    query: { mode },
    body: {},
    contentType: '',
    requestId: executionId,
    signal: new AbortController().signal,
    log,
  }
}
