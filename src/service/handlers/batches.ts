import { randomUUIDv7 } from 'node:crypto'
import { recordEvent } from '../../audit/index.ts'
import type { Reply, Call, Services } from '../context.ts'
import { startBatch } from '../batches/runner.ts'
import {
  askToCancelBatch,
  countOutcomes,
  findBatch,
  insertBatch,
  listResults,
  type BatchRequest,
  type ItemResult,
  type StoredBatch,
} from '../batches/store.ts'
import { cancelExecution } from '../executions/cancel.ts'
import { deedOf } from '../audit/deeds.ts'
import { askedOf } from '../flow/asked.ts'
import { known, type ExecuteCall } from '../flow/flow.ts'
import { chooseEntry } from '../flow/validate-inputs.ts'
import { tooMany } from '../flow/gateway.ts'
import { claimKey, releaseKey, settleKey, type Reservation } from '../http/idempotency.ts'
import { listExecutions } from '../executions/list.ts'
import { includesScope } from '../identity/principal.ts'
import { problem, problemOfDiagnostics, type Problem } from '../http/problem.ts'
import { streamOf } from '../http/streams.ts'

type Answer = Promise<Reply | { readonly problem: Problem }>

/** The body of `POST /batches`; members beside `inputs` may be in the query, for bodies of JSON lines. */
type BatchBody = Omit<BatchRequest, 'concurrency'> & {
  readonly program?: string
  readonly inputs: readonly unknown[]
  readonly timeout?: number
  readonly concurrency?: number
}
type BatchQuery = { readonly program?: string; readonly entry?: string; readonly concurrency?: string }

/** `POST /batches` */
export async function postBatch(call: Call<BatchBody, BatchQuery>): Answer {
  const id = randomUUIDv7()
  const claim = await claimKey(call, id)
  if (claim.kind === 'refused') return claim
  if (claim.kind === 'done') return acceptedBatch(claim.subject, true)
  const reservation = claim.kind === 'reserved' ? claim.reservation : undefined
  let isBegun = false
  try {
    const refusal = await beginBatch(call, id, reservation)
    isBegun = refusal === undefined
    return refusal ? { problem: { progress: 'not-started', ...refusal } } : acceptedBatch(id, false)
  } finally {
    if (!isBegun && reservation) await releaseKey(call, reservation)
  }
}

function acceptedBatch(batchId: string, isAgain: boolean): Reply {
  const replayed = isAgain ? { 'idempotent-replayed': 'true' } : {}
  return { status: 202, body: { batchId }, headers: { location: `/batches/${batchId}`, ...replayed } }
}

async function beginBatch(
  call: Call<BatchBody, BatchQuery>,
  id: string,
  reservation: Reservation | undefined,
): Promise<Problem | undefined> {
  const { services, body, query, log } = call
  const {
    inputs,
    program = query.program,
    entry = query.entry,
    concurrency = Number(query.concurrency ?? services.config.workers),
  } = body
  const { batchItemsMax } = services.config
  if (inputs.length === 0 || inputs.length > batchItemsMax)
    return problem('ANRF5044', `a batch has from 1 to ${batchItemsMax} items, not ${inputs.length}`)
  if (program === undefined) return problem('ANRF5004', 'a batch names its `program`')
  const asked = askedOf(call as ExecuteCall)
  if ('status' in asked) return asked
  const found = await findProgram(call, program, entry)
  if ('problem' in found) return found.problem
  const { mode, limits, priority } = body
  const request: BatchRequest = {
    concurrency,
    ...(entry !== undefined && { entry }),
    ...(mode && { mode }),
    ...(limits && { limits }),
    ...(priority && { priority }),
    ...(asked.startBy !== undefined && { deadline: asked.startBy }),
  }
  const { id: principal, tenant } = known(call.principal)
  const owner = services.instance.id
  const times = { createdAt: new Date().toISOString() }
  const batch: StoredBatch = {
    id,
    tenant,
    principal,
    artifactId: found.id,
    request,
    items: inputs.length,
    state: 'running',
    isCancelAsked: false,
    owner,
    ...times,
  }
  await services.store.sql.tx(async (tx) => {
    await insertBatch(tx, batch, inputs)
    await settleKey(tx, reservation)
    await recordEvent(tx, deedOf(call, id, { anrfId: found.id, items: inputs.length }))
  })
  startBatch(services, batch, log)
  return undefined
}

/** The artifact, if it may be run here and has the entry: what is wrong for all items is said once. */
async function findProgram(
  { services, principal }: Call<BatchBody, BatchQuery>,
  program: string,
  entry: string | undefined,
): Promise<{ readonly id: string } | { readonly problem: Problem }> {
  const artifact = await services.registry.resolve(known(principal).tenant, program)
  if (!artifact) return { problem: problem('ANRF5003', `there is no artifact ${JSON.stringify(program)}`) }
  const loaded = await services.registry.load(artifact)
  if ('diagnostics' in loaded) return { problem: problemOfDiagnostics(loaded.diagnostics) }
  if (chooseEntry(loaded.opened.module, entry) !== undefined) return artifact
  const names = loaded.opened.module.entries.map(({ name }) => name).join(', ')
  return { problem: problem('ANRF1105', `name one of the entries: ${names}`) }
}

/** `GET /batches/{id}` */
export async function getBatch(call: Call): Answer {
  const batch = await findOwnBatch(call)
  if (!batch) return noBatch(call)
  return { status: 200, body: await describeBatch(call.services, batch) }
}

async function describeBatch({ store }: Services, batch: StoredBatch): Promise<object> {
  const {
    id: batchId,
    artifactId: anrfId,
    principal,
    items,
    state,
    isCancelAsked,
    createdAt,
    finishedAt,
    expiredAt,
    request,
  } = batch
  const outcomes = await countOutcomes(store.sql.query, batchId)
  const times = { createdAt, ...(finishedAt !== undefined && { finishedAt }), ...(expiredAt && { expiredAt }) }
  const done = items - (outcomes['pending'] ?? 0) - (outcomes['suspended'] ?? 0)
  return { batchId, anrfId, principal, state, items, done, outcomes, isCancelled: isCancelAsked, request, ...times }
}

/** `POST /batches/{id}/cancel`: what has not begun never does, and what runs is ended. */
export async function postBatchCancel(call: Call): Answer {
  const { services, log } = call
  const own = await findOwnBatch(call)
  if (!own) return noBatch(call)
  const { id, tenant } = own
  const isFirst = await services.store.sql.tx(async (query) => {
    const asked = await askToCancelBatch(query, id)
    if (asked) await recordEvent(query, deedOf(call, id))
    return asked !== undefined
  })
  if (!isFirst && !own.isCancelAsked) return { problem: problem('ANRF5040', `the batch ${id} has ended`) }
  const open = await listExecutions(services.store.sql, { tenant, batch: id, state: 'open', limit: own.items })
  const suspended = await listExecutions(services.store.sql, {
    tenant,
    batch: id,
    outcome: 'suspended',
    limit: own.items,
  })
  const ids = new Set([...services.live.ofBatch(id), ...[...open, ...suspended].map((one) => one.id)])
  const deed = { ...deedOf(call, id), action: 'executions.cancel' }
  await Promise.all([...ids].map((one) => cancelExecution(services, one, { ...deed, subject: one }, log)))
  return { status: 200, body: await describeBatch(services, (await findBatch(services.store.sql, id)) ?? own) }
}

type ResultQuery = { readonly after?: string; readonly limit?: string; readonly follow?: 'true' | 'false' }

/** `GET /batches/{id}/results`: a page as JSON, or all as JSON lines. */
export async function getBatchResults(call: Call<unknown, ResultQuery>): Answer {
  const batch = await findOwnBatch(call)
  if (!batch) return noBatch(call)
  const { services, query, signal, headers } = call
  const after = query.after === undefined ? -1 : Number(query.after)
  if (!String(headers['accept'] ?? '').includes('application/jsonl')) {
    const limit = Number(query.limit ?? 100)
    const results = await listResults(services.store.sql, batch.id, after, limit)
    const last = results.at(-1)
    const next = last && results.length === limit ? { next: String(last.position) } : {}
    return { status: 200, body: { results, ...next } }
  }
  const close = services.streams.open(known(call.principal).id)
  if (!close) return { problem: tooMany('the key has as many streams open as it may') }
  const lines = linesOf(services, batch.id, after, query.follow === 'true', signal)
  const stream = streamOf(lines, services.config.streamStallMs)
  stream.once('close', close)
  return { status: 200, body: stream, headers: { 'content-type': 'application/jsonl', 'cache-control': 'no-store' } }
}

const PAGE = 100
const LOOK_MS = 250

/** Results in the order of their positions; when they are followed, each is waited for, until the batch has ended. */
async function* linesOf(
  { store, isStopping }: Services,
  id: string,
  after: number,
  isFollowed: boolean,
  signal: AbortSignal,
): AsyncGenerator<string> {
  for (let at = after; !signal.aborted && !isStopping();) {
    const hasEnded = (await findBatch(store.sql, id))?.state !== 'running'
    const page = await listResults(store.sql, id, at, PAGE)
    const ready = isFollowed && !hasEnded ? withoutGaps(page, at) : page
    for (const one of ready) yield `${JSON.stringify(one)}\n`
    at = ready.at(-1)?.position ?? at
    if (ready.length > 0) continue
    if (!isFollowed || hasEnded) return
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
}

/** Those that have ended for good, as long as none is missing. */
function withoutGaps(results: readonly ItemResult[], after: number): readonly ItemResult[] {
  const end = results.findIndex(({ position, outcome }, i) => position !== after + 1 + i || outcome === 'suspended')
  return end < 0 ? results : results.slice(0, end)
}

async function findOwnBatch({ services, params, principal }: Call): Promise<StoredBatch | undefined> {
  const batch = await findBatch(services.store.sql, known(params['id']))
  const asker = known(principal)
  if (batch?.tenant !== asker.tenant) return undefined
  return batch.principal === asker.id || includesScope(asker.scopes, 'admin') ? batch : undefined
}

const noBatch = ({ params }: Call): { readonly problem: Problem } => ({
  problem: problem('ANRF5003', `there is no batch ${JSON.stringify(params['id'])}`),
})
