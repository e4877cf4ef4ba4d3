// The whole flow over HTTP with real neighbours: an OpenID Connect issuer, signing keys, a webhook receiver, an OCI registry and a
// Prometheus, each a process of its own on loopback. From a source file to an answer that can be proved.
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { runCommandLine } from '../../src/apps/cli/command-line.ts'
import { generateSigningKey, trustedKeyOf } from '../../src/document/index.ts'
import { parseGrants } from '../../src/effects/index.ts'
import { checkReceipt, readRecording } from '../../src/journal/index.ts'
import { readIssuers } from '../../src/service/gateway/issuer.ts'
import { manifestOf, webhook } from '../hooks/manifest.ts'
import { SECRET, startReceiver } from '../hooks/receiver.ts'
import { hasDockerRegistry, INSTALL, startDockerRegistry } from '../registry/docker-registry.ts'
import { sayMissing, startPrometheus } from '../telemetry/prometheus.ts'
import { freshDir, startTestService, stopTestService, type Answer, type TestService } from './harness.ts'
import { AUDIENCE, CLIENT, makeKey, startIssuer, type TestIssuer } from './issuer.ts'

const SOURCE = `import { get, set } from 'anrf:kv'

/**
 * Counts visits of somebody.
 * @param who whose visits
 */
export async function visit(who: string): Promise<number> {
  const before = await get('visits of ' + who)
  const visits = (typeof before === 'number' ? before : 0) + 1
  await set('visits of ' + who, visits)
  console.log('visit', visits)
  return visits
}
`
const POLICY = `@id("not-on-sundays") @reason("nobody called sunday is counted")
forbid(principal, action == Action::"executions.start", resource is Program)
when { resource has name && resource.name == "sunday" };`
const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736'

const folder = freshDir()
const key = generateSigningKey()
const receiver = await startReceiver(SECRET)
let issuer: TestIssuer
let on: TestService
/** An admin of the tenant of those who come with tokens. */
let admin: string

before(async () => {
  issuer = await startIssuer([await makeKey('first')])
  mkdirSync(join(folder, 'policies'))
  writeFileSync(join(folder, 'policies/sundays.cedar'), POLICY)
  writeFileSync(join(folder, 'visits.ts'), SOURCE)
  writeFileSync(join(folder, 'key.pem'), key.privateKey)
  const issuers = readIssuers({ issuers: [{ issuer: issuer.url, audience: AUDIENCE, tenant: { value: 'acme' } }] })
  assert.ok('issuers' in issuers, JSON.stringify(issuers))
  const grants = parseGrants(['kv'])
  assert.ok('grants' in grants)
  on = await startTestService({
    issuers: issuers.issuers,
    hooks: manifestOf({ hooks: [{ name: 'guard', on: ['before'], ...webhook(`${receiver.url}/allow`) }] }),
    policyFolder: join(folder, 'policies'),
    grants: grants.grants,
    trustedKeys: [trustedKeyOf(key.publicKey)!],
    signatureRules: [{ pattern: '*', count: 1 }],
    isRecorded: true,
    metricsListen: { host: '127.0.0.1', port: 0 },
  })
  await on.ask('POST', '/tenants', { body: { id: 'acme' } })
  const made = await on.ask('POST', '/keys', { body: { label: 'admin', scopes: ['admin'], tenant: 'acme' } })
  admin = String(made.body['key'])
})
after(async () => {
  await stopTestService(on)
  await issuer.stop()
})

/** Runs the command line in this process, as somebody. */
async function anrf(words: readonly string[], token: string): Promise<string> {
  const said = { out: '', err: '' }
  const terminal = {
    out: (text: string | Uint8Array): void => void (said.out += String(text)),
    err: (text: string): void => void (said.err += text),
    colours: false,
    readStdin: () => Promise.resolve(''),
    folder,
    env: { ANRF_SERVER: on.service.url, ANRF_KEY: token, ANRF_DATA: on.dir, HOME: folder },
    stopped: new AbortController().signal,
  }
  assert.equal(await runCommandLine(terminal, words), 'ok', said.err + said.out)
  return said.out
}

const visit = (token: string, headers: Readonly<Record<string, string>> = {}, program = 'visits'): Promise<Answer> =>
  on.ask('POST', `/execute/${program}`, { key: token, headers, body: { inputs: { who: 'Ada' } } })

test('a signed program is published with a token, an unsigned one is not', async () => {
  const token = await issuer.ask('publish read')
  await anrf(['build', 'visits.ts', '--output', 'visits.anrf.json', '--sign', 'key.pem'], token)
  const document = JSON.parse(readFileSync(join(folder, 'visits.anrf.json'), 'utf8')) as unknown
  const signature = JSON.parse(readFileSync(join(folder, 'visits.anrf.json.sig'), 'utf8')) as unknown
  const bare = await on.ask('POST', '/artifacts', { key: token, body: { document } })
  assert.equal(bare.status, 422, JSON.stringify(bare.body))
  const signed = await on.ask('POST', '/artifacts', { key: token, body: { document, signature } })
  assert.equal(signed.status, 201, JSON.stringify(signed.body))
  assert.deepEqual([signed.body['name'], signed.body['version']], ['visits', '1.0.0'])
})

test('a request goes through every step, and leaves a record, a trace, an event, a receipt and an entry', async () => {
  const token = await issuer.ask('execute read')
  const sent = { traceparent: `00-${TRACE_ID}-00f067aa0ba902b7-01` }
  const answer = await visit(token, sent)
  assert.equal(answer.status, 200, JSON.stringify(answer.body))
  assert.deepEqual([answer.body['output'], answer.body['logs']], [{ result: 1 }, ['visit 1']])
  const id = String(answer.body['executionId'])
  const get = (path: string): Promise<Answer> => on.ask('GET', `/executions/${id}${path}`, { key: token })

  const record = await get('')
  assert.equal(record.body['principal'], `acme:${issuer.url}#${CLIENT.id}`)
  const trace = await anrf(['trace', id], token)
  for (const step of [
    'admit',
    'load',
    'validate inputs',
    'govern',
    'verify before',
    'execute',
    'verify after',
    'result',
  ])
    assert.ok(trace.includes(step), `${step}\n${trace}`)
  assert.ok(trace.includes(TRACE_ID))
  assert.equal(receiver.seen.at(-1)!.event.subject, id)
  const effects = (await get('/effects')).body['effects'] as { name: string }[]
  assert.deepEqual(
    effects.map(({ name }) => name),
    ['kv.get', 'kv.set'],
  )

  const recording = readRecording(Buffer.from(JSON.stringify((await get('/recording')).body)))
  assert.ok('executionId' in recording)
  const trusted = (await on.ask('GET', '/receipt-key', { key: null })).body['publicKey'] as string
  const receipt = checkReceipt((await get('/receipt')).body, recording, [trustedKeyOf(trusted)!])
  assert.ok('keys' in receipt, JSON.stringify(receipt))
  const replayed = await on.ask('POST', `/executions/${id}/replay`, { key: token, body: { mode: 'jit' } })
  assert.equal(replayed.body['kind'], 'same')
})

test('what a policy forbids, a token may not, or another tenant asks for is not done, and why is said', async () => {
  const token = await issuer.ask('execute read')
  const publisher = await issuer.ask('publish')
  await anrf(['build', 'visits.ts', '--name', 'sunday', '--output', 'sunday.json', '--sign', 'key.pem'], publisher)
  const [document, signature] = ['sunday.json', 'sunday.json.sig'].map(
    (name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as unknown,
  )
  await on.ask('POST', '/artifacts', { key: publisher, body: { document, signature } })
  const forbidden = await visit(token, {}, 'sunday')
  assert.equal(`${forbidden.status} ${String(forbidden.body['code'])}`, '403 ANRF5033')
  assert.match(JSON.stringify(forbidden.body), /nobody called sunday is counted/)
  assert.equal((await visit(publisher)).status, 403)
  assert.equal((await visit(on.key)).status, 404, 'of another tenant')
  const entries = await on.ask('GET', '/audit/tenant/entries?outcome=refused', { key: admin })
  assert.match(JSON.stringify(entries.body), /not-on-sundays/)
})

test('the audit log is verified offline against a checkpoint that was kept elsewhere', async () => {
  writeFileSync(join(folder, 'checkpoint.txt'), await anrf(['audit', 'checkpoint'], on.key))
  await visit(await issuer.ask('execute read'))
  assert.match(
    await anrf(['audit', 'verify', '--checkpoint', 'checkpoint.txt'], on.key),
    /^ok: [1-9]\d* entries, 0 redacted, root /m,
  )
})

test('the program goes to an OCI registry and comes back as the same program', { timeout: 60_000 }, async (t) => {
  if (!hasDockerRegistry) return t.diagnostic(INSTALL)
  const registry = await startDockerRegistry()
  try {
    await anrf(['push', 'visits@1.0.0', `${registry.host}/programs/visits`], admin)
    await anrf(['pull', `${registry.host}/programs/visits:1.0.0`, '--output', 'pulled.tar'], admin)
    await anrf(['export', 'visits@1.0.0', 'exported.tar'], admin)
    assert.deepEqual(readFileSync(join(folder, 'pulled.tar')), readFileSync(join(folder, 'exported.tar')))
  } finally {
    await registry.close()
  }
})

test('a Prometheus counts what was executed', { timeout: 60_000 }, async (t) => {
  const prometheus = await startPrometheus(new URL(on.service.metricsUrl!).host)
  if (!prometheus) return sayMissing(t, 'prometheus')
  try {
    const count = 'sum(anrf_execution_duration_seconds_count{anrf_outcome="returned"})'
    assert.equal(await prometheus.until(count, (n) => n >= 2), 2)
  } finally {
    await prometheus.close()
  }
})
