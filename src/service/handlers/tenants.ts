import { recordEvent } from '../../audit/index.ts'
import type { Call, Reply } from '../context.ts'
import { deedOf } from '../audit/deeds.ts'
import { known } from '../flow/flow.ts'
import { problem, type Problem } from '../http/problem.ts'
import { resumeAll } from '../executions/runs.ts'
import { overlay, type QuotaOverrides } from '../quotas/table.ts'
import { findQuotas, findTenant, insertTenant, listTenants, setQuotas, setTenantDisabled } from '../identity/tenants.ts'
import { readPage, type PageQuery } from './page.ts'

type Answer = Promise<Reply | { readonly problem: Problem }>

/** `POST /tenants` */
export async function postTenant(call: Call<{ readonly id: string; readonly label?: string }>): Answer {
  const { id, label = '' } = call.body
  const tenant = await call.services.store.sql.tx(async (query) => {
    const made = await insertTenant(query, { id, label })
    if (made) await recordEvent(query, deedOf(call, id, { label }, id))
    return made
  })
  if (!tenant) return { problem: problem('ANRF5006', `there is a tenant ${id} already`) }
  return { status: 201, body: tenant, headers: { location: `/tenants/${id}` } }
}

/** `GET /tenants` */
export async function getTenants(call: Call<unknown, PageQuery>): Answer {
  const { items: tenants, next } = await readPage(call.query, (range) =>
    listTenants(call.services.store.sql.query, range),
  )
  return { status: 200, body: { tenants, ...next } }
}

/** `GET /tenants/{id}` */
export async function getTenant(call: Call): Answer {
  const tenant = await findTenant(call.services.store.sql.query, known(call.params['id']))
  return tenant ? { status: 200, body: tenant } : noTenant(call)
}

/** `POST /tenants/{id}/disable`: its requests are refused, and what is suspended stays so. */
export async function disableTenant(call: Call): Answer {
  if (call.params['id'] === known(call.principal).tenant)
    return { problem: problem('ANRF5006', 'nobody disables the own tenant: that request would be the last one') }
  return setDisabled(call, true)
}

/** `POST /tenants/{id}/enable` */
export async function enableTenant(call: Call): Answer {
  const answer = await setDisabled(call, false)
  if ('status' in answer) void resumeAll(call.services, call.log)
  return answer
}

async function setDisabled(call: Call, isDisabled: boolean): Answer {
  const tenant = await call.services.store.sql.tx(async (query) => {
    const changed = await setTenantDisabled(query, known(call.params['id']), isDisabled)
    if (changed) await recordEvent(query, deedOf(call, changed.id, undefined, changed.id))
    return changed
  })
  return tenant ? { status: 200, body: tenant } : noTenant(call)
}

const noTenant = ({ params }: Call): { readonly problem: Problem } => ({
  problem: problem('ANRF5003', `there is no tenant ${JSON.stringify(params['id'])}`),
})

/** `GET /tenants/{id}/quotas`: what the tenant has in place of the quotas of the service, and what is in force. */
export async function getQuotas(call: Call): Answer {
  const id = known(call.params['id'])
  const { query } = call.services.store.sql
  if (!(await findTenant(query, id))) return noTenant(call)
  const overrides = await findQuotas(query, id)
  return { status: 200, body: { overrides, inForce: overlay(call.services.config.quotas, overrides) } }
}

/** `PUT /tenants/{id}/quotas` */
export async function putQuotas(call: Call<QuotaOverrides>): Answer {
  const id = known(call.params['id'])
  const { meter, store } = call.services
  const isKnown = await store.sql.tx(async (query) => {
    const isSet = await setQuotas(query, id, call.body)
    if (isSet) await recordEvent(query, deedOf(call, id, { quotas: call.body }, id))
    return isSet
  })
  if (!isKnown) return noTenant(call)
  meter.forget(id)
  return getQuotas(call)
}
