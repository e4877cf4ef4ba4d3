import { recordEvent } from '../../audit/index.ts'
import type { Call, Reply } from '../context.ts'
import { deedOf } from '../audit/deeds.ts'
import { known } from '../flow/flow.ts'
import {
  decideOverride,
  findOverride,
  insertOverride,
  listOverrides,
  OVERRIDE_DAYS_MAX,
  revokeOverride,
  type Override,
} from '../access/overrides.ts'
import { includesScope, type Principal } from '../identity/principal.ts'
import { problem, type Problem } from '../http/problem.ts'
import type { OverrideBody } from '../schemas/overrides.ts'

type Answer = Promise<Reply | { readonly problem: Problem }>

const DAY_MS = 86_400_000

/** `POST /overrides`: asks for an exception, which changes nothing until it is approved. */
export async function postOverride(call: Call<OverrideBody>): Answer {
  const { services, body } = call
  const asker = known(call.principal)
  const { rule, justification, principal = asker.id } = body
  if (principal !== asker.id && !includesScope(asker.scopes, 'admin'))
    return { problem: problem('ANRF5035', `only an admin of the tenant asks for others: ${asker.id} is not one`) }
  const expiresAt = Date.parse(body.expiresAt)
  const left = expiresAt - Date.now()
  if (!(left > 0 && left <= OVERRIDE_DAYS_MAX * DAY_MS))
    return { problem: problem('ANRF5004', `expiresAt is not within ${OVERRIDE_DAYS_MAX} days from now`) }
  const artifact = await services.registry.resolve(asker.tenant, body.program)
  if (!artifact) return { problem: problem('ANRF5003', `there is no artifact ${JSON.stringify(body.program)}`) }
  const override = await services.store.sql.tx(async (query) => {
    const kept = await insertOverride(query, {
      tenant: asker.tenant,
      principal,
      program: artifact.id,
      rule,
      justification,
      requestedBy: asker.id,
      expiresAt: new Date(expiresAt).toISOString(),
    })
    await recordEvent(query, deedOf(call, kept.id, factsOf(kept)))
    return kept
  })
  return { status: 201, body: override, headers: { location: `/overrides/${override.id}` } }
}

/** `GET /overrides`: one's own; those of the tenant for its admins, all for who operates the service. */
export async function getOverrides(call: Call<unknown, { after?: string; limit?: string }>): Promise<Reply> {
  const { id, tenant, scopes } = known(call.principal)
  const limit = Number(call.query.limit ?? 100)
  const { after } = call.query
  const found = await listOverrides(call.services.store.sql, {
    limit,
    ...(after !== undefined && { after }),
    ...(!includesScope(scopes, 'operate') && { tenant }),
    ...(!includesScope(scopes, 'operate') && !includesScope(scopes, 'admin') && { principal: id }),
  })
  const last = found.at(-1)
  return { status: 200, body: { overrides: found, ...(last && found.length === limit && { next: last.id }) } }
}

/** `GET /overrides/{id}` */
export async function getOverride(call: Call): Answer {
  const override = await findOverride(call.services.store.sql.query, known(call.params['id']))
  return override && isSeenBy(override, known(call.principal)) ? { status: 200, body: override } : notFound(call)
}

function isSeenBy({ tenant, principal, requestedBy }: Override, asker: Principal): boolean {
  if (includesScope(asker.scopes, 'operate')) return true
  const isConcerned = principal === asker.id || requestedBy === asker.id
  return tenant === asker.tenant && (isConcerned || includesScope(asker.scopes, 'admin'))
}

/** `POST /overrides/{id}/decision`: by somebody who neither asked for it nor gains by it. */
export async function decide(call: Call<{ readonly approved: boolean; readonly note?: string }>): Answer {
  const id = known(call.params['id'])
  const by = known(call.principal).id
  const { approved, note = '' } = call.body
  return call.services.store.sql.tx(async (query) => {
    const asked = await findOverride(query, id)
    if (!asked) return notFound(call)
    if (approved && (asked.requestedBy === by || asked.principal === by))
      return {
        problem: problem('ANRF5035', `${by} asked for the override ${id} or gains by it: somebody else approves`),
      }
    if (!(await decideOverride(query, id, { approved, by, note }))) return ended(asked)
    const decided = known(await findOverride(query, id))
    await recordEvent(query, deedOf(call, id, { ...factsOf(decided), approved, note }, decided.tenant))
    return { status: 200, body: decided }
  })
}

/** `DELETE /overrides/{id}`: ends it at once. */
export async function deleteOverride(call: Call): Answer {
  const id = known(call.params['id'])
  return call.services.store.sql.tx(async (query) => {
    const asked = await findOverride(query, id)
    if (!asked) return notFound(call)
    if (!(await revokeOverride(query, id, known(call.principal).id))) return ended(asked)
    await recordEvent(query, deedOf(call, id, factsOf(asked), asked.tenant))
    return { status: 204, body: undefined }
  })
}

const factsOf = ({ tenant, principal, program, rule, justification, expiresAt }: Override): Record<string, string> => ({
  overrideTenant: tenant,
  overridePrincipal: principal,
  program,
  rule,
  justification,
  expiresAt,
})

const ended = ({ id, state }: Override): { readonly problem: Problem } => ({
  problem: problem('ANRF5006', `the override ${id} is ${state} already`),
})

const notFound = ({ params }: Call): { readonly problem: Problem } => ({
  problem: problem('ANRF5003', `there is no override ${JSON.stringify(params['id'])}`),
})
