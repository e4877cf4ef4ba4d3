import { recordEvent } from '../../audit/index.ts'
import {
  countDeliveries,
  findDelivery,
  HookFailure,
  listDeliveries,
  newEvent,
  redeliver,
  sendTo,
  type Delivery,
  type DeliveryState,
  type Hook,
} from '../../hooks/index.ts'
import type { Call, Reply } from '../context.ts'
import { deedOf } from '../audit/deeds.ts'
import { eventSource } from '../hooks/event-source.ts'
import { known } from '../flow/flow.ts'
import { includesScope } from '../identity/principal.ts'
import { problem, type Problem } from '../http/problem.ts'
import { readPage, type PageQuery } from './page.ts'

type Answer = Promise<Reply | { readonly problem: Problem }>

/** `GET /hooks` */
export async function getHooks({ services }: Call): Answer {
  const { list, counts } = services.hooks
  const deliveries = await countDeliveries(services.store.sql.query)
  const hooks = list.map(({ name, on, target, timeoutMs, isFailOpen, include }) => ({
    name,
    kind: target.kind,
    target: shownTarget(target),
    on,
    timeoutMs,
    onFailure: isFailOpen ? 'open' : 'closed',
    include,
    counts: counts.of(name),
    deliveries: deliveries.get(name) ?? {},
  }))
  return { status: 200, body: { hooks } }
}

/** Queries of URLs may be secrets. */
function shownTarget(target: Hook['target']): string {
  if (target.kind === 'webhook') return `${target.url.origin}${target.url.pathname}`
  return target.kind === 'program' ? target.reference : target.path
}

/** `POST /hooks/{name}/test` */
export async function postHookTest({ services, params, principal, signal }: Call): Answer {
  const hook = services.hooks.list.find(({ name }) => name === params['name'])
  if (!hook) return { problem: problem('ANRF5003', `there is no hook ${JSON.stringify(params['name'])}`) }
  const { id, tenant } = known(principal)
  const data = { hook: hook.name, principal: id }
  const event = newEvent('test', { source: eventSource(services.receiptKey), subject: hook.name, tenant, data })
  const startedMs = performance.now()
  const ms = (): number => Math.round(performance.now() - startedMs)
  try {
    const answer = await sendTo(hook, event, 'test', signal)
    return { status: 200, body: { ok: true, ms: ms(), ...(answer !== undefined && { answer }) } }
  } catch (error) {
    if (!(error instanceof HookFailure)) throw error
    return { status: 200, body: { ok: false, ms: ms(), failure: error.reason, detail: error.message } }
  }
}

type DeliveryQuery = PageQuery & { readonly state?: DeliveryState; readonly hook?: string }

/** `GET /deliveries` */
export async function getDeliveries(call: Call<unknown, DeliveryQuery>): Answer {
  const { state, hook, ...page } = call.query
  const filter = {
    tenant: known(call.principal).tenant,
    ...(state === undefined ? {} : { state }),
    ...(hook === undefined ? {} : { hook }),
  }
  const { query } = call.services.store.sql
  const { items, next } = await readPage(page, (range) => listDeliveries(query, filter, range))
  return { status: 200, body: { deliveries: items.map((delivery) => shownTo(call, delivery)), ...next } }
}

/** `GET /deliveries/{id}` */
export async function getDelivery(call: Call): Answer {
  const body = await describeDelivery(call)
  return body ? { status: 200, body } : noDelivery(call)
}

/** `POST /deliveries/{id}/redeliver` */
export async function postRedelivery(call: Call): Answer {
  const { services, params, principal } = call
  const id = known(params['id'])
  const isBegun = await services.store.sql.tx(async (query) => {
    const begun = await redeliver(query, known(principal).tenant, id)
    if (begun) await recordEvent(query, deedOf(call, id))
    return begun
  })
  const body = await describeDelivery(call)
  if (!body) return noDelivery(call)
  if (!isBegun) return { problem: problem('ANRF5006', `the event ${id} is on its way already`) }
  services.hooks.wake()
  return { status: 202, body, headers: { location: `/deliveries/${id}` } }
}

async function describeDelivery(call: Call): Promise<object | undefined> {
  const { services, params, principal } = call
  const found = await findDelivery(services.store.sql.query, known(principal).tenant, known(params['id']))
  return found && { ...shownTo(call, found.delivery), event: JSON.parse(found.event) as unknown }
}

/** What was seen of an attempt tells of the network of the service. */
function shownTo({ principal }: Pick<Call, 'principal'>, { failureDetail, ...delivery }: Delivery): object {
  const isOperator = includesScope(known(principal).scopes, 'operate')
  return { ...delivery, ...(isOperator && failureDetail !== undefined && { failureDetail }) }
}

const noDelivery = ({ params }: Call): { readonly problem: Problem } => ({
  problem: problem('ANRF5003', `there is no delivery ${JSON.stringify(params['id'])}`),
})
