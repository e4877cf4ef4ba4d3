// What the service tells of an execution: its trace, to whom it is shown and sent, and what is counted.
import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { unwrap } from '../../src/client/index.ts'
import { buildDocument, encodeDocument } from '../../src/document/index.ts'
import { parseGrants, type Grant } from '../../src/effects/index.ts'
import { compile } from '../../src/front/index.ts'
import { STEPS } from '../../src/service/flow/steps.ts'
import { library } from '../golden/anrf.ts'
import { startTestService, stopTestService, type TestService } from './harness.ts'

const PROGRAM = `
import { fetch } from 'anrf:http'
import { call } from 'anrf:programs'

export async function ask(url: string, word: string): Promise<string> {
  console.log('said', word)
  return (await fetch(url, { method: 'POST', body: word })).text()
}
export async function outer(url: string): Promise<unknown> {
  return call('telemetry@1.0.0', { url, word: 'inside' }, 'ask')
}
export function spin(): number {
  let n = 0
  while (true) n++
}
`

function documentBytes(): Uint8Array {
  const source = { read: (path: string) => (path === 'main.ts' ? PROGRAM : undefined) }
  const { program, diagnostics } = compile(source, library, { main: 'main.ts' })
  if (!program) throw new Error(diagnostics.map((d) => d.message).join('; '))
  const { module, describe } = program
  return encodeDocument(buildDocument({ name: 'telemetry', version: '1.0.0', module, program: describe() }))
}

function grantsOf(texts: readonly string[]): readonly Grant[] {
  const parsed = parseGrants(texts)
  if ('diagnostics' in parsed) throw new Error(JSON.stringify(parsed.diagnostics))
  return parsed.grants
}

type Sent = { readonly url: string; readonly headers: IncomingMessage['headers']; readonly body: string }

/** Something that takes requests and keeps them. */
async function listen(): Promise<{ server: Server; port: number; sent: Sent[] }> {
  const sent: Sent[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      sent.push({ url: request.url!, headers: request.headers, body })
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return { server, port: (server.address() as AddressInfo).port, sent }
}

const SECRET = 'a word that is nobody else’s business'
const [TRACE, SPAN] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7']
let world: Awaited<ReturnType<typeof listen>>
let collector: Awaited<ReturnType<typeof listen>>
let on: TestService
let url: string

before(async () => {
  ;[world, collector] = await Promise.all([listen(), listen()])
  url = `http://127.0.0.1:${world.port}/`
  on = await startTestService({
    grants: grantsOf([`http=+private POST ${url}`, 'programs=telemetry']),
    otlpUrl: `http://127.0.0.1:${collector.port}`,
    otlpHeaders: { 'x-team': 'a' },
    serviceName: 'anrf-test',
    metricsMs: 100,
    metricsListen: { host: '127.0.0.1', port: 0 },
    workers: 2,
  })
  unwrap(await on.client.publish(documentBytes()))
})
after(async () => {
  await stopTestService(on)
  for (const { server } of [world, collector]) {
    server.closeAllConnections()
    server.close()
  }
})

type Traces = { traces: { traceId: string; principal?: string; executionIds: string[]; spans: SpanLike[] }[] }
type SpanLike = { spanId: string; parentId?: string; name: string; error?: string; attributes: Record<string, unknown> }

async function execute(entry: string, inputs: object, headers: Record<string, string> = {}): Promise<string> {
  const answer = await fetch(`${on.service.url}/execute/telemetry`, {
    method: 'POST',
    headers: { authorization: `Bearer ${on.key}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ entry, inputs, ...(entry === 'spin' && { limits: { fuel: 1000 } }) }),
  })
  return String(((await answer.json()) as Record<string, unknown>)['executionId'])
}

async function traceOf(id: string): Promise<Traces['traces'][number]> {
  const { body } = await on.ask('GET', `/traces/${id}`)
  const { traces } = body as unknown as Traces
  assert.equal(traces?.length, 1, JSON.stringify(body))
  return traces[0]!
}

const stepNames = STEPS.map(({ name }) => name)

test('a trace has a span for every step, for the run and for what it calls, under the caller’s', async () => {
  const id = await execute('ask', { url, word: SECRET }, { traceparent: `00-${TRACE}-${SPAN}-01` })
  const { traceId, spans } = await traceOf(id)
  assert.equal(traceId, TRACE)
  const root = spans.find(({ name }) => name === 'POST /execute/{anrfId}')!
  assert.equal(root.parentId, SPAN)
  assert.deepEqual(
    spans.filter(({ parentId }) => parentId === root.spanId).map(({ name }) => name),
    stepNames,
  )
  const under = (name: string): string | undefined =>
    spans.find(({ spanId }) => spanId === spans.find((span) => span.name === name)!.parentId)?.name
  assert.deepEqual(
    [under('wait for a worker'), under('run in a worker'), under('effect http.fetch')],
    ['execute', 'execute', 'run in a worker'],
  )
  assert.deepEqual(
    [
      root.attributes['anrf.execution.id'],
      root.attributes['anrf.outcome'],
      root.attributes['http.response.status_code'],
    ],
    [id, 'returned', 200],
  )
  assert.deepEqual((await on.ask('GET', `/traces/${TRACE}`)).status, 200)
})

test('payloads, results, log lines, addresses and keys are in no trace', async () => {
  const text = JSON.stringify(await traceOf(await execute('ask', { url, word: SECRET })))
  for (const secret of [SECRET, 'said', `127.0.0.1:${world.port}`, on.key.split('_')[2]!])
    assert.ok(!text.includes(secret), secret)
})

test('a failure has its type, of which there are few', async () => {
  const { spans } = await traceOf(await execute('spin', {}))
  const errors = spans.filter(({ error }) => error !== undefined).map(({ name, error }) => [name, error])
  assert.deepEqual(errors, [
    ['run in a worker', 'limited.fuel'],
    ['POST /execute/{anrfId}', 'limited.fuel'],
  ])
  const denied = await traceOf(await execute('ask', { url: 'http://elsewhere.example/', word: 'x' }))
  assert.equal(denied.spans.find(({ name }) => name === 'effect http.fetch')?.error, 'denied')
})

test('a program that another one calls has its steps under the call, and both executions lead to the trace', async () => {
  const { executionIds, spans } = await traceOf(await execute('outer', { url }))
  assert.equal(executionIds.length, 2)
  const call = spans.find(({ name }) => name === 'effect programs.call')!
  const inner = spans.filter(({ parentId }) => parentId === call.spanId).map(({ name }) => name)
  assert.deepEqual(inner, stepNames)
  assert.deepEqual((await traceOf(executionIds[0]!)).spans.length, spans.length)
})

test('executions that nobody waits for, also those of a batch, have a trace each', async () => {
  const accepted = await execute('spin', {}, { prefer: 'respond-async' })
  const { body: batch } = await on.ask('POST', '/batches', {
    body: { program: 'telemetry', entry: 'spin', inputs: [{}, {}], limits: { fuel: 1000 } },
  })
  const path = `/executions?batch=${String(batch['batchId'])}&state=ended`
  let ended: { id: string }[] = []
  while (ended.length < 2) ended = (await on.ask('GET', path)).body['executions'] as { id: string }[]
  while ((await on.ask('GET', `/executions/${accepted}`)).body['outcome'] !== 'limited');
  for (const id of [accepted, ...ended.map((execution) => execution.id)]) {
    const { executionIds, spans } = await traceOf(id)
    assert.deepEqual(executionIds, [id])
    assert.equal(spans.find(({ name }) => name === 'run in a worker')?.error, 'limited.fuel')
  }
})

test('traces are shown to whoever asked for the execution, to admins of the tenant and to operators, and to nobody else', async () => {
  const key = async (scopes: string[], tenant = 'default'): Promise<string> =>
    String((await on.ask('POST', '/keys', { body: { label: 'x', scopes, tenant } })).body['key'])
  assert.equal((await on.ask('POST', '/tenants', { body: { id: 'acme' } })).status, 201)
  const id = await execute('spin', {})
  const status = async (other: string): Promise<number> => (await on.ask('GET', `/traces/${id}`, { key: other })).status
  assert.deepEqual(
    [
      await status(await key(['read', 'execute'])),
      await status(await key(['admin'])),
      await status(await key(['read', 'operate'])),
      await status(await key(['admin', 'read'], 'acme')),
    ],
    [404, 200, 200, 404],
  )
  const mine = await key(['read', 'execute'])
  const own = await on.ask('POST', '/execute/telemetry', {
    key: mine,
    body: { entry: 'spin', inputs: {}, limits: { fuel: 5 } },
  })
  assert.equal((await on.ask('GET', `/traces/${String(own.body['executionId'])}`, { key: mine })).status, 200)
  // A trace id is the caller's choice: theirs must not open what is not theirs.
  assert.equal((await on.ask('GET', `/traces/${TRACE}`, { key: mine })).status, 404)
})

test('no host is told which trace a call belongs to, unless the operator named it', async () => {
  world.sent.length = 0
  await execute('ask', { url, word: 'x' })
  assert.equal(world.sent.length, 1)
  assert.equal(world.sent[0]!.headers['traceparent'], undefined)
  for (const [hosts, isTold] of [
    [['127.0.0.1'], true],
    [['*'], true],
    [['*.example.com', 'localhost'], false],
  ] as const) {
    world.sent.length = 0
    const other = await startTestService({ grants: grantsOf([`http=+private POST ${url}`]), traceHosts: hosts })
    unwrap(await other.client.publish(documentBytes()))
    const answer = await other.ask('POST', '/execute/telemetry', { body: { entry: 'ask', inputs: { url, word: 'x' } } })
    const { traces } = (await other.ask('GET', `/traces/${String(answer.body['executionId'])}`))
      .body as unknown as Traces
    const { traceId, spans } = traces[0]!
    const call = spans.find(({ name }) => name === 'effect http.fetch')!
    const expected = isTold ? `00-${traceId}-${call.spanId}-01` : undefined
    assert.equal(world.sent[0]!.headers['traceparent'], expected, hosts.join())
    await stopTestService(other)
  }
})

test('a collector gets traces and metrics by OTLP, with the names of the service and the headers that were asked for', async () => {
  const id = await execute('ask', { url, word: SECRET })
  const { traceId, spans } = await traceOf(id)
  const exported = (): string => collector.sent.map(({ body }) => body).join('\n')
  for (let i = 0; i < 400 && !(exported().includes(traceId) && exported().includes('anrf.execution.fuel')); i++)
    await sleep(25)
  const traces = collector.sent.find(({ url: at, body }) => at === '/v1/traces' && body.includes(traceId))
  assert.ok(traces, 'no trace came')
  assert.equal(traces.headers['x-team'], 'a')
  type Exported = {
    resourceSpans: {
      resource: { attributes: { key: string; value: { stringValue?: string } }[] }
      scopeSpans: { spans: { traceId: string; spanId: string; parentSpanId?: string; name: string; kind: number }[] }[]
    }[]
  }
  const [first] = (JSON.parse(traces.body) as Exported).resourceSpans
  assert.equal(first!.resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue, 'anrf-test')
  const seen = first!.scopeSpans.flatMap((scope) => scope.spans).filter((span) => span.traceId === traceId)
  assert.deepEqual(new Set(seen.map(({ spanId }) => spanId)), new Set(spans.map(({ spanId }) => spanId)))
  assert.equal(seen.find(({ name }) => name.startsWith('POST'))?.kind, 2)
  const metrics = collector.sent.find(
    ({ url: at, body }) => at === '/v1/metrics' && body.includes('anrf.execution.fuel'),
  )
  assert.ok(metrics, 'no metrics came')
  assert.ok(!exported().includes(SECRET))
})

test('metrics are for operators, or on a port of their own without a key', async () => {
  await execute('spin', {})
  const open = await (await fetch(on.service.metricsUrl!)).text()
  assert.match(open, /anrf_execution_duration_seconds_count\{anrf_mode="interpret",anrf_outcome="limited"\} [1-9]/)
  assert.match(open, /anrf_effect_duration_seconds_count\{anrf_capability="http",anrf_result="denied"\} 1/)
  assert.match(open, /anrf_program_loads_total\{anrf_cache="hit"\} [1-9]/)
  assert.match(
    open,
    /http_server_request_duration_seconds_count\{[^}]*http_route="\/execute\/\{anrfId\}",http_response_status_code="422"\} [1-9]/,
  )
  assert.equal((await fetch(on.service.metricsUrl!.replace('/metrics', '/keys'))).status, 404)
  const byKey = unwrap(await on.client.metrics.read())
  assert.match(byKey, /^# HELP http_server_request_duration_seconds/)
  assert.equal((await on.ask('GET', '/metrics', { key: null })).status, 401)
})

test('what is turned away is counted by its code', async () => {
  const body = { entry: 'spin', inputs: {}, limits: { fuel: 100_000_000, concurrency: 1, wall: 2000 } }
  const asked = await Promise.all([0, 1].map(() => on.ask('POST', '/execute/telemetry', { body })))
  assert.ok(
    asked.some(({ status }) => status === 429),
    asked.map(({ status }) => status).join(),
  )
  assert.match(
    unwrap(await on.client.metrics.read()),
    /anrf_rejections_total\{http_route="\/execute\/\{anrfId\}",anrf_code="ANRF5011"\} 1/,
  )
})

test('what is switched off is not there, and says so', async () => {
  const off = await startTestService({ tracesMax: 0, hasMetrics: false })
  assert.match(String((await off.ask('GET', '/metrics')).body['detail']), /ANRF_METRICS=off/)
  assert.match(String((await off.ask('GET', `/traces/${TRACE}`)).body['detail']), /ANRF_TRACES=0/)
  assert.equal(off.service.metricsUrl, undefined)
  await stopTestService(off)
})
