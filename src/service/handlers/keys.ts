import { recordEvent } from '../../audit/index.ts'
import type { Query } from '../../store/index.ts'
import type { Call, Reply } from '../context.ts'
import { deedOf } from '../audit/deeds.ts'
import { known } from '../flow/flow.ts'
import {
  endKey,
  factsOf,
  findLiveKey,
  insertKey,
  listKeys,
  listKeysOf,
  rotateKey,
  type KeyInfo,
  type KeySpec,
} from '../identity/keys.ts'
import { includesScope, scopesBeyond, type Principal, type Scope } from '../identity/principal.ts'
import { problem, type Problem } from '../http/problem.ts'
import { resumeAll } from '../executions/runs.ts'
import { findTenant } from '../identity/tenants.ts'
import { readPage, type PageQuery } from './page.ts'

type Refused = { readonly problem: Problem }

/** `POST /keys`: the only time that the key's text is given. */
export async function postKey(call: Call<KeySpec>): Promise<Reply | Refused> {
  const by = known(call.principal)
  const { tenant = by.tenant } = call.body
  const expiresAt = futureOf(call.body.expiresAt)
  if (expiresAt && 'problem' in expiresAt) return expiresAt
  const refusal = refuseTenant(by, tenant) ?? refuseScopes(by, call.body.scopes, 'the new key')
  if (refusal) return refusal
  const made = await call.services.store.sql.tx<Reply | Refused>(async (query) => {
    if (!(await findTenant(query, tenant))) return noTenant(tenant)
    const taken = await refuseIdentity(query, by, tenant, call.body.principal)
    if (taken) return taken
    const spec = { ...call.body, tenant, ...(expiresAt && { expiresAt: expiresAt.iso }) }
    const body = await insertKey(query, spec)
    await recordEvent(query, deedOf(call, body.id, factsOf(spec), tenant))
    return { status: 201, body }
  })
  // What was left suspended when the last key of the identity ended goes on.
  if (call.body.principal !== undefined && 'status' in made) void resumeAll(call.services, call.log)
  return made
}

/** Another key for an identity may do as that identity: only who may do all that it ever could makes one. */
async function refuseIdentity(
  query: Query,
  by: Principal,
  tenant: string,
  principal: string | undefined,
): Promise<Refused | undefined> {
  if (principal === undefined) return undefined
  const keys = await listKeysOf(query, tenant, principal)
  if (keys.length === 0)
    return { problem: problem('ANRF5003', `no key of ${tenant} has the identity ${JSON.stringify(principal)}`) }
  return refuseScopes(
    by,
    keys.flatMap(({ scopes }) => scopes),
    'another key of that identity',
  )
}

/** `GET /keys` */
export async function getKeys(call: Call<unknown, PageQuery & { readonly tenant?: string }>): Promise<Reply | Refused> {
  const by = known(call.principal)
  const { tenant = by.tenant } = call.query
  const refusal = refuseTenant(by, tenant)
  if (refusal) return refusal
  const { items: keys, next } = await readPage(call.query, (range) => listKeys(call.services.store.sql, tenant, range))
  return { status: 200, body: { keys, ...next } }
}

/** `POST /keys/{id}/rotate`: another key for the same principal; the one before stays valid for a while. */
export async function postRotation(
  call: Call<{ readonly graceSeconds?: number; readonly expiresAt?: string }>,
): Promise<Reply | Refused> {
  const by = known(call.principal)
  const { graceSeconds = DAY_S } = call.body
  const asked = futureOf(call.body.expiresAt)
  if (asked && 'problem' in asked) return asked
  return call.services.store.sql.tx(async (query) => {
    const old = await findOwnKey(query, call)
    if ('problem' in old) return old
    const refusal = refuseScopes(by, old.scopes, 'the new key')
    if (refusal) return refusal
    const expiresAt = asked?.iso ?? lifetimeAgain(old)
    const body = await rotateKey(query, old, { expiresAt, graceMs: graceSeconds * 1000 })
    const facts = { newKey: body.id, oldExpiresAt: body.oldExpiresAt }
    await recordEvent(query, deedOf(call, old.id, facts, old.tenant))
    return { status: 201, body }
  })
}

const DAY_S = 86_400

/** As long from now as the key was to live when it was made. */
function lifetimeAgain({ createdAt, expiresAt }: KeyInfo): string | undefined {
  if (expiresAt === undefined) return undefined
  return new Date(Date.now() + Date.parse(expiresAt) - Date.parse(createdAt)).toISOString()
}

/** `DELETE /keys/{id}` */
export async function deleteKey(call: Call): Promise<Reply | Refused> {
  const by = known(call.principal)
  return call.services.store.sql.tx(async (query) => {
    const old = await findOwnKey(query, call)
    if ('problem' in old) return old
    const refusal = refuseScopes(by, old.scopes, 'the key')
    if (refusal) return refusal
    await endKey(query, old.id)
    await recordEvent(query, deedOf(call, old.id, undefined, old.tenant))
    return { status: 204, body: undefined }
  })
}

/** A valid key of the caller's tenant, or of any for who operates the service. */
async function findOwnKey(query: Query, { params, principal }: Call): Promise<KeyInfo | Refused> {
  const id = known(params['id'])
  const by = known(principal)
  const found = await findLiveKey(query, id)
  if (found && (found.tenant === by.tenant || by.scopes.includes('operate'))) return found
  return { problem: problem('ANRF5003', `there is no valid key ${JSON.stringify(id)}`) }
}

function refuseTenant({ id, tenant: own, scopes }: Principal, tenant: string): Refused | undefined {
  if (tenant === own || includesScope(scopes, 'operate')) return undefined
  return { problem: problem('ANRF5002', `${id} lacks the scope operate, which the keys of another tenant ask for`) }
}

function refuseScopes({ id, scopes }: Principal, asked: readonly Scope[], whose: string): Refused | undefined {
  const beyond = [...new Set(scopesBeyond(scopes, asked))]
  if (beyond.length === 0) return undefined
  return { problem: problem('ANRF5002', `${id} lacks the scope ${beyond.join(', ')}, which ${whose} has`) }
}

function futureOf(text: string | undefined): { readonly iso: string } | Refused | undefined {
  if (text === undefined) return undefined
  const at = new Date(text)
  if (at.getTime() > Date.now()) return { iso: at.toISOString() }
  return { problem: problem('ANRF5004', `expiresAt is ${JSON.stringify(text)}, not a time to come`) }
}

const noTenant = (id: string): Refused => ({ problem: problem('ANRF5003', `there is no tenant ${id}`) })
