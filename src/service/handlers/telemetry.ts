import { EXPOSITION_TYPE, exposeMetrics, type TraceOwner } from '../../telemetry/index.ts'
import type { Call, Reply } from '../context.ts'
import { known } from '../flow/flow.ts'
import type { Principal } from '../identity/principal.ts'
import { problem, type Problem } from '../http/problem.ts'

type Answer = Promise<Reply | { readonly problem: Problem }>

/** `GET /metrics` */
export async function getMetrics({ services }: Call): Answer {
  if (!services.config.hasMetrics)
    return { problem: problem('ANRF5003', 'this service counts nothing: it has ANRF_METRICS=off') }
  const body = await exposeMetrics(services.telemetry.metrics)
  return { status: 200, body, headers: { 'content-type': EXPOSITION_TYPE } }
}

/** `GET /traces/{id}`, by the id of an execution or of a trace. */
export async function getTraces({ services, principal, params }: Call): Answer {
  const id = known(params['id'])
  const { traces } = services.telemetry
  if (!traces) return { problem: problem('ANRF5003', 'this service keeps no traces: it has ANRF_TRACES=0') }
  const found = await traces.find(id, seenBy(known(principal)))
  if (found.length === 0) return { problem: problem('ANRF5003', `there is no trace of ${JSON.stringify(id)}`) }
  return { status: 200, body: { traces: found } }
}

/** Operators see all, administrators those of their tenant, others their own: looked for as such, so that those of others take no room. */
function seenBy({ id, tenant, scopes }: Principal): TraceOwner {
  if (scopes.includes('operate')) return {}
  return scopes.includes('admin') ? { tenant } : { tenant, principal: id }
}
