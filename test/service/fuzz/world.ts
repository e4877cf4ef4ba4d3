// Two tenants that have one of everything, with data that only their own keys may read.
import assert from 'node:assert/strict'
import { askerOf, type Ask } from '../harness.ts'
import { troubleDocumentBytes } from '../programs.ts'

/** One tenant as it is attacked: what it has, and the text that nobody else may see. */
export type Tenant = {
  readonly id: string
  /** Stands in every text that the tenant has written: descriptions, inputs, results, logs, labels. */
  readonly marker: string
  /** Keys by what they may do. */
  readonly keys: readonly string[]
  /** Values for parameters of paths, by their name or by the topic of the route. */
  readonly ids: Readonly<Record<'artifacts' | 'executions' | 'keys' | 'batches' | 'overrides', readonly string[]>>
}

export type World = {
  readonly url: string
  readonly operator: string
  readonly tenants: readonly [Tenant, Tenant]
}

export async function makeWorld(url: string, operator: string): Promise<World> {
  const ask = askerOf(url, operator)
  // Those that operators' requests may disable.
  for (const id of ['gamma', 'delta']) await ask('POST', '/tenants', { body: { id } })
  return { url, operator, tenants: [await makeTenant(ask, 'alpha'), await makeTenant(ask, 'beta')] }
}

async function makeTenant(ask: Ask, id: string): Promise<Tenant> {
  const marker = `marker-of-${id}-6d61726b6572`
  const label = `${marker} key`
  assert.equal((await ask('POST', '/tenants', { body: { id } })).status, 201)
  const makeKey = async (scopes: readonly string[]): Promise<{ id: string; key: string }> =>
    (await ask('POST', '/keys', { body: { label, scopes, tenant: id } })).body as { id: string; key: string }
  const admin = (await makeKey(['admin'])).key
  const keys = [admin, (await makeKey(['execute', 'read'])).key, (await makeKey(['publish', 'approve'])).key]
  const body = troubleDocumentBytes('1.0.0', `${marker} description`)
  const published = await ask('POST', '/artifacts', { key: admin, body, type: 'application/octet-stream' })
  assert.equal(published.status, 201)
  const run = async (entry: string, inputs: object): Promise<string> =>
    String((await ask('POST', '/execute/trouble', { key: admin, body: { entry, inputs } })).body['executionId'])
  const executions = [
    await run('echo', { text: `${marker} text` }),
    await run('fail', { message: `${marker} failure` }),
  ]
  const batch = await ask('POST', '/batches', {
    key: admin,
    body: { program: 'trouble', entry: 'echo', inputs: [{ text: `${marker} item` }] },
  })
  assert.equal(batch.status, 202)
  const override = await ask('POST', '/overrides', {
    key: admin,
    body: {
      program: 'trouble',
      rule: 'signature',
      justification: `${marker} justification`,
      expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
    },
  })
  assert.equal(override.status, 201, JSON.stringify(override.body))
  const spare = [await makeKey(['read']), await makeKey(['read'])]
  const artifacts = ['trouble', 'trouble@1.0.0', String(published.body['id'])]
  const ids = {
    artifacts,
    executions,
    keys: spare.map((one) => one.id),
    batches: [String(batch.body['batchId'])],
    overrides: [String(override.body['id'])],
  }
  return { id, marker, keys, ids }
}
