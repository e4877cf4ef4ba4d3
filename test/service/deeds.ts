// How each route that changes something is made to do so, once: the test of the audit log asks for a row here for every route with `leaves`.
import { setTimeout as sleep } from 'node:timers/promises'
import {
  buildDocument,
  encodeDocument,
  generateSigningKey,
  signDocument,
  signStatement,
  trustedKeyOf,
} from '../../src/document/index.ts'
import { parseGrants } from '../../src/effects/index.ts'
import { compile } from '../../src/front/index.ts'
import type { ServiceConfig } from '../../src/service/index.ts'
import { library } from '../golden/anrf.ts'
import { manifestOf } from '../hooks/manifest.ts'
import type { Answer, Ask } from './harness.ts'
import { troubleDocument, troubleDocumentBytes, wideDocumentBytes } from './programs.ts'

/** Does what the route of this action does; the answer of that request. */
export type Deed = (ask: Ask, keyOf: KeyOf) => Promise<Answer>

/** A key of another caller with these scopes. */
export type KeyOf = (scope: string) => Promise<string>

const signingKey = generateSigningKey()

/** What the service must be configured with for all deeds. */
export const DEEDS_CONFIG: Partial<ServiceConfig> = {
  grants: grantsOf(['approvals']),
  hooks: manifestOf({ hooks: [{ name: 'deeds', on: ['artifact.published'], module: './module.mjs' }] }),
  trustedKeys: [trustedKeyOf(signingKey.publicKey)!],
  approval: 'widening',
}

let made = 0

export const DEEDS: Readonly<Record<string, Deed>> = {
  'artifacts.publish': (ask) => publish(ask, troubleDocumentBytes(`9.0.${++made}`)),
  'artifacts.sign': async (ask) => {
    const version = `9.1.${++made}`
    await publish(ask, troubleDocumentBytes(version))
    return ask('POST', `/artifacts/trouble@${version}/signatures`, {
      body: signDocument(troubleDocument(version), signingKey),
    })
  },
  'artifacts.attest': async (ask) => {
    const version = `9.1.${++made}`
    const { body } = await publish(ask, troubleDocumentBytes(version))
    const sha256 = String(body['id']).slice(7)
    const subject = [{ name: 'trouble', digest: { sha256 } }]
    const statement = { subject, predicateType: 'https://example.com/review/v1', predicate: {} }
    return ask('POST', `/artifacts/trouble@${version}/referrers`, { body: signStatement(statement, signingKey) })
  },
  'artifacts.yank': async (ask) => {
    const version = `9.1.${++made}`
    await publish(ask, troubleDocumentBytes(version))
    return ask('POST', `/artifacts/trouble@${version}/yank`, { body: { reason: 'a defect' } })
  },
  'artifacts.unyank': async (ask) => {
    const version = `9.1.${++made}`
    await publish(ask, troubleDocumentBytes(version))
    await ask('POST', `/artifacts/trouble@${version}/yank`, { body: { reason: 'a defect' } })
    return ask('DELETE', `/artifacts/trouble@${version}/yank`)
  },
  'artifacts.approve': async (ask, keyOf) => {
    const version = `9.2.${++made}`
    const publisher = await keyOf('publish')
    await publish(ask, troubleDocumentBytes(`9.1.${++made}`))
    const type = 'application/octet-stream'
    await ask('POST', '/artifacts', { body: wideDocumentBytes(version), type, key: publisher })
    return ask('POST', `/artifacts/trouble@${version}/approval`, { body: { approved: true } })
  },
  'executions.start': async (ask) => {
    await publish(ask, troubleDocumentBytes())
    return ask('POST', '/execute/trouble@1.0.0', { body: { entry: 'add', inputs: { a: 1, b: 2 } } })
  },
  'batches.create': async (ask) => {
    await publish(ask, troubleDocumentBytes())
    const batch = { program: 'trouble@1.0.0', entry: 'count', inputs: [{}, {}] }
    const answer = await ask('POST', '/batches', { body: batch })
    await untilBatchEnded(ask, String(answer.body['batchId']))
    return answer
  },
  'batches.cancel': async (ask) => {
    await publish(ask, troubleDocumentBytes())
    const spin = { program: 'trouble@1.0.0', entry: 'spin', limits: { fuel: 1e12, wall: 60_000 }, inputs: [{}, {}] }
    const { body } = await ask('POST', '/batches', { body: spin })
    const answer = await ask('POST', `/batches/${String(body['batchId'])}/cancel`)
    await untilBatchEnded(ask, String(body['batchId']))
    return answer
  },
  'executions.cancel': async (ask) => {
    await publish(ask, troubleDocumentBytes())
    const body = { entry: 'spin', limits: { fuel: 1e12, wall: 60_000 } }
    const accepted = await ask('POST', '/execute/trouble@1.0.0', { body, headers: { prefer: 'respond-async' } })
    return ask('POST', `/executions/${String(accepted.body['executionId'])}/cancel`)
  },
  'executions.decide': async (ask) => {
    await publish(ask, approvalDocumentBytes())
    const { body } = await ask('POST', '/execute/approval', { body: { inputs: {} } })
    return ask('POST', `/executions/${String(body['executionId'])}/decisions/0`, { body: { approved: true } })
  },
  'deliveries.redeliver': async (ask) => {
    await publish(ask, troubleDocumentBytes(`9.1.${++made}`))
    for (;;) {
      const { body } = await ask('GET', '/deliveries?state=delivered')
      const [delivery] = body['deliveries'] as { id: string }[]
      if (delivery) return ask('POST', `/deliveries/${delivery.id}/redeliver`)
    }
  },
  'keys.create': (ask) => ask('POST', '/keys', { body: { label: 'deed', scopes: ['read'] } }),
  'keys.revoke': async (ask) => {
    const { body } = await ask('POST', '/keys', { body: { label: 'short', scopes: ['read'] } })
    return ask('DELETE', `/keys/${String(body['id'])}`)
  },
  'keys.rotate': async (ask) => {
    const { body } = await ask('POST', '/keys', { body: { label: 'old', scopes: ['read'] } })
    return ask('POST', `/keys/${String(body['id'])}/rotate`, { body: {} })
  },
  'tenants.create': (ask) => ask('POST', '/tenants', { body: { id: `deed-${++made}` } }),
  'tenants.disable': async (ask) => ask('POST', `/tenants/${await makeTenant(ask)}/disable`),
  'tenants.set-quotas': async (ask) =>
    ask('PUT', `/tenants/${await makeTenant(ask)}/quotas`, {
      body: { 'tenant-concurrency': { quota: 3, windowSeconds: 1 } },
    }),
  'tenants.enable': async (ask) => {
    const id = await makeTenant(ask)
    await ask('POST', `/tenants/${id}/disable`)
    return ask('POST', `/tenants/${id}/enable`)
  },
  'policies.reload': (ask) => ask('POST', '/policies/reload'),
  'overrides.request': (ask) => requestOverride(ask),
  'overrides.decide': async (ask) => {
    const { body } = await requestOverride(ask, await makeKey(ask))
    return ask('POST', `/overrides/${String(body['id'])}/decision`, { body: { approved: true } })
  },
  'overrides.revoke': async (ask) => {
    const { body } = await requestOverride(ask)
    return ask('DELETE', `/overrides/${String(body['id'])}`)
  },
}

async function makeKey(ask: Ask): Promise<string> {
  return String((await ask('POST', '/keys', { body: { label: 'asks', scopes: ['execute'] } })).body['key'])
}

async function requestOverride(ask: Ask, key?: string): Promise<Answer> {
  await publish(ask, troubleDocumentBytes())
  const expiresAt = new Date(Date.now() + 60_000).toISOString()
  const body = { program: 'trouble@1.0.0', rule: 'ceilings', justification: 'the quarter ends today', expiresAt }
  return ask('POST', '/overrides', { body, ...(key !== undefined && { key }) })
}

/** What goes on behind the answer leaves entries too, which are not those of the next deed. */
async function untilBatchEnded(ask: Ask, id: string): Promise<void> {
  while ((await ask('GET', `/batches/${id}`)).body['state'] === 'running') await sleep(20)
}

async function makeTenant(ask: Ask): Promise<string> {
  return String((await ask('POST', '/tenants', { body: { id: `deed-${++made}` } })).body['id'])
}

/** Routes that are asked with POST or DELETE and change nothing. */
export const READERS: ReadonlySet<string> = new Set([
  'executions.replay',
  'policies.explain',
  'hooks.test',
  'artifacts.verify',
])

function publish(ask: Ask, body: Uint8Array): Promise<Answer> {
  return ask('POST', '/artifacts', { body, type: 'application/octet-stream' })
}

function grantsOf(texts: readonly string[]): NonNullable<ServiceConfig['grants']> {
  const parsed = parseGrants(texts)
  if ('diagnostics' in parsed) throw new Error(JSON.stringify(parsed.diagnostics))
  return parsed.grants
}

/** A program that waits for a decision on its first call. */
export function approvalDocumentBytes(): Uint8Array {
  const text = `import { requestApproval } from 'anrf:approvals'
    export async function ask(): Promise<boolean> { return (await requestApproval('May I?')).approved }`
  const { program, diagnostics } = compile({ read: (path) => (path === 'main.ts' ? text : undefined) }, library, {
    main: 'main.ts',
  })
  if (!program) throw new Error(diagnostics.map((d) => d.message).join('; '))
  const { module, describe } = program
  return encodeDocument(buildDocument({ name: 'approval', version: '1.0.0', module, program: describe() }))
}
