import { EXPOSITION_TYPE, exposeMetrics, type TraceRecord } from '../../telemetry/index.ts'
import type { Call, Reply } from '../context.ts'
import { known } from '../flow/flow.ts'
import type { Principal } from '../principal.ts'
import { problem, type Problem } from '../problem.ts'

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
  const found = (await traces.find(id)).filter((trace) => maySee(known(principal), trace))
  if (found.length === 0) return { problem: problem('ANRF5003', `there is no trace of ${JSON.stringify(id)}`) }
  return { status: 200, body: { traces: found } }
}

/** Who asked for it, administrators of the tenant, and those who operate the service. */
function maySee({ id, tenant, scopes }: Principal, trace: TraceRecord): boolean {
  if (scopes.includes('operate')) return true
  return trace.tenant === tenant && (trace.principal === id || scopes.includes('admin'))
}
