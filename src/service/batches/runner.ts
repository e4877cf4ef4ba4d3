import { TIMER_MS_MAX } from '../../base/index.ts'
import { NO_SPAN } from '../../telemetry/index.ts'
import type { Job, Later } from '../accepted/dispatcher.ts'
import { laterOf } from '../accepted/later.ts'
import type { Log, Services } from '../context.ts'
import type { ExecuteBody, ExecuteCall } from '../flow/flow.ts'
import { findStanding } from '../flow/standing.ts'
import { runItem } from '../flow/steps.ts'
import { inTrace } from '../http/observe.ts'
import type { Principal } from '../identity/principal.ts'
import {
  claimBatch,
  endItem,
  EXPIRED,
  expireItems,
  findBatch,
  listOpenBatches,
  listPending,
  type BatchPlace,
  type BatchRequest,
  type PendingItem,
  type StoredBatch,
} from './store.ts'

/** Items that are read at once. */
const READ_AHEAD = 100
/** Items that are expired in one transaction. */
const EXPIRED_AT_ONCE = 1000
/** An item whose principal has no rights any more: that lasts, and must cost little. */
const RIGHTLESS: Later = { waitMs: 5000, keeps: 'job' }

/** Feeds the items of one batch to the dispatcher, as many at once as it may, until none is left, it is cancelled, or late. */
async function feed(services: Services, batch: StoredBatch, log: Log): Promise<void> {
  const { id, request } = batch
  let [under, at] = [0, -1]
  let wake = Promise.withResolvers<void>()
  const wakeUp = (): void => {
    wake.resolve()
    wake = Promise.withResolvers()
  }
  const alarm = setAlarm(request, wakeUp)
  try {
    for (;;) {
      const items = await listPending(services.store.sql, id, at, READ_AHEAD)
      for (const item of items) {
        while (under >= request.concurrency && !isLate(batch)) await wake.promise
        const now = await findBatch(services.store.sql, id)
        if (!now || now.isCancelAsked || services.isStopping()) return
        if (isLate(batch)) return await expireBehind(services, id, at)
        under++
        at = item.position
        const done = (): void => (under--, wakeUp())
        services.dispatcher.addAgain(jobOf(services, now, item, log, done))
      }
      if (items.length === 0) return
    }
  } finally {
    alarm.clear()
  }
}

const isLate = ({ request: { deadline } }: StoredBatch): boolean =>
  deadline !== undefined && Date.parse(deadline) <= Date.now()

/** Tells once when the deadline of a batch has come; a timer cannot be set for longer than 24 days at once. */
function setAlarm({ deadline }: BatchRequest, tell: () => void): { clear(): void } {
  let timer: NodeJS.Timeout | undefined
  const set = (): void => {
    const leftMs = deadline === undefined ? Infinity : Date.parse(deadline) - Date.now()
    if (leftMs <= 0) tell()
    else if (leftMs < Infinity) timer = setTimeout(set, Math.min(leftMs, TIMER_MS_MAX)).unref()
  }
  set()
  return { clear: () => clearTimeout(timer) }
}

/** Ends what waits behind the items that the dispatcher was given, which has the deadlines of those. */
async function expireBehind({ store }: Services, id: string, at: number): Promise<void> {
  while ((await store.sql.tx((query) => expireItems(query, id, at, EXPIRED_AT_ONCE))) === EXPIRED_AT_ONCE);
}

/** An item that cannot run now gives its place back: what waits for rights, workers or a quota keeps nobody else waiting. */
function jobOf(services: Services, batch: StoredBatch, item: PendingItem, log: Log, done: () => void): Job {
  const { deadline, priority = 'normal' } = batch.request
  const run = async (): Promise<Later | undefined> => {
    try {
      const later = await runOne(services, batch, item, log)
      if (!later) done()
      return later
    } catch (error) {
      log.error({ err: error, batch: batch.id, position: item.position }, 'an item of a batch failed')
      await endFailed(services, { id: batch.id, position: item.position }, log)
      return void done()
    }
  }
  const expiry = deadline === undefined ? {} : { expireAt: Date.parse(deadline) }
  return { principal: batch.principal, priority, run, ...expiry }
}

/** The service failed in the middle of an item, which is not to be left without an end. */
async function endFailed(services: Services, place: BatchPlace, log: Log): Promise<void> {
  const end = { executionId: null, outcome: 'failed', status: 500 }
  await services.store.sql
    .tx((query) => endItem(query, place, end))
    .catch((error: unknown) => log.error({ err: error, ...place }, 'the end of an item could not be kept'))
}

/** Runs an item to its end, if its principal may and workers are to be had; else how it waits for that. */
async function runOne(services: Services, batch: StoredBatch, item: PendingItem, log: Log): Promise<Later | undefined> {
  const place = { id: batch.id, position: item.position }
  const now = await findBatch(services.store.sql, batch.id)
  if (!now || now.isCancelAsked || services.isStopping()) return undefined
  // Whatever it waited for does not matter any more.
  if (isLate(batch)) {
    await services.store.sql.tx((query) => endItem(query, place, { executionId: null, ...EXPIRED }))
    return undefined
  }
  const standing = await findStanding(services, { ...batch, executionId: `${batch.id}:${item.position}` })
  if ('status' in standing) return RIGHTLESS
  const refusal = await inTrace(services.telemetry, 'run an item of a batch', standing, (span) =>
    runItem({ ...callOf(services, batch, item, standing, log), span }, batch.artifactId, place),
  )
  if (!refusal) return undefined
  const { status, code } = refusal
  const later = laterOf(refusal)
  if (later) return later
  log.warn({ batch: batch.id, position: item.position, code }, 'an item of a batch was refused')
  const end = { executionId: null, outcome: 'refused', status }
  await services.store.sql.tx((query) => endItem(query, place, end))
  return undefined
}

function callOf(
  services: Services,
  { id, request }: StoredBatch,
  { inputs }: PendingItem,
  principal: Principal,
  log: Log,
): ExecuteCall {
  const { entry, mode, limits, priority, deadline } = request
  const body: ExecuteBody = {
    inputs,
    ...(entry !== undefined && { entry }),
    ...(limits && { limits }),
    ...(priority && { priority }),
    ...(deadline !== undefined && { deadline }),
  }
  return {
    services,
    action: 'executions.start',
    principal,
    params: {},
    query: mode === undefined ? {} : { mode },
    body,
    contentType: '',
    headers: {},
    requestId: id,
    signal: new AbortController().signal,
    log,
    span: NO_SPAN,
  }
}

/** Batches that this process feeds. */
const fed = new WeakMap<Services, Map<string, Promise<void>>>()

function fedBy(services: Services): Map<string, Promise<void>> {
  const batches = fed.get(services) ?? new Map<string, Promise<void>>()
  fed.set(services, batches)
  return batches
}

/** Runs the items of a batch that this process owns. */
export function startBatch(services: Services, batch: StoredBatch, log: Log): void {
  const batches = fedBy(services)
  if (batches.has(batch.id)) return
  const feeding = feed(services, batch, log)
    .catch((error: unknown) => log.error({ err: error, batch: batch.id }, 'a batch failed'))
    .finally(() => batches.delete(batch.id))
  batches.set(batch.id, feeding)
}

/** Goes on with batches whose processes are gone; ends what this one runs of batches that are to be cancelled. */
export async function recoverBatches(services: Services, log: Log): Promise<void> {
  const { instance, store, live, pool } = services
  for (const batch of await listOpenBatches(store.sql)) {
    if (batch.isCancelAsked) {
      for (const id of live.ofBatch(batch.id)) if (live.askToCancel(id)) pool.cancel(id)
    } else if (batch.owner !== instance.id && !instance.isAlive(batch.owner)) {
      if (await claimBatch(store.sql, batch, instance.id)) startBatch(services, batch, log)
    }
  }
}
