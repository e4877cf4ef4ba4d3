// Publishing and executing over HTTP, and what is wrong with requests.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import {
  documentId,
  encodeDocumentJson,
  generateSigningKey,
  signDocument,
  trustedKeyOf,
} from '../../src/document/index.ts'
import { complaintsOf, startTestService, stopTestService, type Answer, type TestService } from './harness.ts'
import { troubleDocument, troubleDocumentBytes } from './programs.ts'

const signingKey = generateSigningKey()
const OCTETS = 'application/octet-stream'
let on: TestService

before(async () => {
  on = await startTestService({ trustedKeys: [trustedKeyOf(signingKey.publicKey)!], bodyBytesMax: 4 * 2 ** 20 })
  assert.equal((await on.client.publish(troubleDocumentBytes())).ok, true)
})
after(() => stopTestService(on))

const execute = (body: unknown, path = 'trouble'): Promise<Answer> => on.ask('POST', `/execute/${path}`, { body })

async function assertAlive(): Promise<void> {
  const { status, body } = await execute({ inputs: { a: 1, b: 2 }, entry: 'add' })
  assert.equal(status, 200)
  assert.deepEqual(body['output'], { result: 3 })
}

function assertProblem(answer: Answer, status: number, code: string): void {
  assert.equal(answer.status, status, JSON.stringify(answer.body))
  assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/)
  assert.equal(answer.body['code'], code)
  assert.equal(answer.body['status'], status)
  assert.equal(typeof answer.body['error'], 'string')
}

test('an execution answers with output, logs and its id, and its record can be read', async () => {
  const { status, body } = await execute({ inputs: { a: 1, b: 2 }, entry: 'add' })
  assert.equal(status, 200)
  assert.deepEqual(body['output'], { result: 3 })
  assert.deepEqual(body['logs'], ['adding 1'])
  assert.equal(body['anrfId'], documentId(troubleDocument()))
  // Version 7: the ids of executions sort by time.
  assert.match(String(body['executionId']), /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  const record = await on.ask('GET', `/executions/${String(body['executionId'])}`)
  assert.equal(record.status, 200)
  assert.deepEqual(record.body['answer'], body)
  assert.equal(record.body['outcome'], 'returned')
  assert.equal(record.body['entry'], 'add')
})

test('a program is found by digest, by name and version, and by name', async () => {
  const id = documentId(troubleDocument())
  for (const reference of [id, 'trouble@1.0.0', 'trouble']) {
    const { status, body } = await execute({ inputs: { a: 1, b: 2 }, entry: 'add' }, encodeURIComponent(reference))
    assert.equal(status, 200)
    assert.equal(body['anrfId'], id)
  }
  assert.equal((await execute({ inputs: { a: 1, b: 2 }, entry: 'add' }, id)).status, 200)
})

test('the mode is chosen by query, and an unknown one is refused', async () => {
  const body = { inputs: { a: 1, b: 2 }, entry: 'add' }
  for (const [asked, used] of [
    ['interpret', 'interpret'],
    ['auto', 'interpret'],
    ['jit', 'jit'],
  ]) {
    const answer = (await execute(body, `trouble?mode=${asked}`)).body
    assert.equal(answer['mode'], used)
    assert.deepEqual(answer['output'], { result: 3 })
  }
  assertProblem(await execute(body, 'trouble?mode=fast'), 422, 'ANRF5004')
})

test('values that JSON cannot hold come and go tagged, and -0 as itself', async () => {
  const tagged = await execute({ inputs: { x: { $: '-0' } }, entry: 'inverse' })
  assert.deepEqual(tagged.body['output'], { result: { $: '-Infinity' } })
  const plain = await execute('{"inputs":{"x":-0},"entry":"inverse"}')
  assert.deepEqual(plain.body['output'], { result: { $: '-Infinity' } })
})

test('inputs that do not fit are refused with every place that is wrong, and recorded', async () => {
  const wrong = await execute({
    inputs: { lines: [{ amount: 1 }, { amount: 'two' }, 3], label: null, extra: 1 },
    entry: 'total',
  })
  assert.deepEqual(complaintsOf(wrong.body).sort(), [
    'ANRF4001 /inputs/label',
    'ANRF4001 /inputs/lines/1/amount',
    'ANRF4001 /inputs/lines/2',
    'ANRF4003 /inputs/extra',
  ])
  assert.equal(wrong.status, 422)
  assert.match(String(wrong.body['error']), /expected/)
  assert.equal((wrong.body['outcome'] as { kind: string }).kind, 'refused')
  const record = await on.ask('GET', `/executions/${String(wrong.body['executionId'])}`)
  assert.equal(record.body['outcome'], 'refused')
  const missing = await execute({ entry: 'add', inputs: { a: 1 } })
  assert.deepEqual(
    complaintsOf(missing.body).map((text) => text.slice(0, 8)),
    ['ANRF4002'],
  )
  await assertAlive()
})

test('an entry must be named where there are several, and must exist', async () => {
  assertProblem(await execute({ inputs: {} }), 422, 'ANRF1105')
  assertProblem(await execute({ inputs: {}, entry: 'nothing' }), 422, 'ANRF1105')
  assertProblem(await execute({ inputs: {}, entry: '__proto__' }), 422, 'ANRF1105')
})

test('a body that is not understood is refused with its place', async () => {
  const extra = await execute({ input: {} })
  assertProblem(extra, 422, 'ANRF5004')
  assert.match(String(extra.body['error']), /: input/)
  assertProblem(await execute([]), 422, 'ANRF5004')
  assertProblem(await execute('null'), 422, 'ANRF5004')
  assertProblem(await execute({ inputs: [], entry: 'add' }), 422, 'ANRF4001')
  const limits = await execute({ inputs: {}, limits: { fuel: '1', depth: 0, speed: 3 } })
  assertProblem(limits, 422, 'ANRF5004')
  assert.deepEqual(complaintsOf(limits.body).sort(), [
    'ANRF5004 /limits',
    'ANRF5004 /limits/depth',
    'ANRF5004 /limits/fuel',
  ])
  await assertAlive()
})

test('invalid, deep and huge JSON is refused before anything looks at it', async () => {
  for (const body of ['{"inputs":', '{inputs:{}}', '', '{"a":1}x']) assertProblem(await execute(body), 400, 'ANRF4004')
  assertProblem(await on.ask('POST', '/execute/trouble', { body: Buffer.from([0x22, 0xff, 0x22]) }), 400, 'ANRF4004')
  assertProblem(await execute(`{"inputs":${'['.repeat(100_000)}${']'.repeat(100_000)}}`), 400, 'ANRF4004')
  assertProblem(await execute(`{"inputs":{"text":"${'x'.repeat(5 * 2 ** 20)}"}}`), 413, 'ANRF5007')
  await assertAlive()
})

test('a member that a body has twice is refused with its place', async () => {
  const twice = await execute('{"inputs":{"a":1,"b":2},"entry":"add","inputs":{"a":3,"b":4}}')
  assertProblem(twice, 400, 'ANRF4004')
  assert.deepEqual(complaintsOf(twice.body), ['ANRF4004 /inputs'])
  assert.match(String(twice.body['detail']), /"inputs" is given twice/)
  const escaped = await execute(String.raw`{"entry":"add","inputs":{"a":1,"b":2,"\u0061":3}}`)
  assert.deepEqual(complaintsOf(escaped.body), ['ANRF4004 /inputs/a'])
  const lines = '{"a":1,"b":1}\n\n{"a":1,"b":{"c":[0,{"d":1,"d":1}]}}'
  const batch = await on.ask('POST', '/batches?program=trouble', { body: lines, type: 'application/jsonl' })
  assertProblem(batch, 400, 'ANRF4004')
  assert.deepEqual(complaintsOf(batch.body), ['ANRF4004 /inputs/1/b/c/1/d'])
  const published = await on.ask('POST', '/artifacts', { body: '{"document":"","document":""}' })
  assert.deepEqual(complaintsOf(published.body), ['ANRF4004 /document'])
  const once = await execute('{"inputs":{"a":1,"b":2},"entry":"add","limits":{},"world":{}}')
  assert.equal(once.status, 200, JSON.stringify(once.body))
})

test('names like those of object prototypes are ordinary names', async () => {
  const poisoned = await execute('{"inputs":{"a":1,"b":2,"__proto__":{"polluted":1}},"entry":"add"}')
  assert.deepEqual(complaintsOf(poisoned.body), ['ANRF4003 /inputs/__proto__'])
  assert.equal(({} as Record<string, unknown>)['polluted'], undefined)
  assertProblem(await execute('{"inputs":{},"entry":"add","constructor":{}}'), 422, 'ANRF5004')
  await assertAlive()
})

test('large inputs that fit pass', async () => {
  const text = 'x'.repeat(1_000_000)
  const { body } = await execute({ inputs: { text }, entry: 'echo' })
  assert.deepEqual(body['output'], { result: text })
})

test('unknown artifacts, executions, routes and media types are told apart', async () => {
  assertProblem(await execute({ inputs: {} }, 'nobody'), 404, 'ANRF5003')
  assertProblem(await execute({ inputs: {} }, 'trouble@9.9.9'), 404, 'ANRF5003')
  assertProblem(await execute({ inputs: {} }, `sha256:${'0'.repeat(64)}`), 404, 'ANRF5003')
  assertProblem(await on.ask('GET', '/artifacts/nobody'), 404, 'ANRF5003')
  assertProblem(await on.ask('GET', '/executions/01a207e0-6e40-77fa-9a9a-ec738ad6e677'), 404, 'ANRF5003')
  assertProblem(await on.ask('GET', '/nowhere'), 404, 'ANRF5003')
  assertProblem(await on.ask('GET', '/artifacts/%ff'), 400, 'ANRF5004')
  assertProblem(await on.ask('POST', '/execute/trouble', { body: '<a/>', type: 'text/xml' }), 415, 'ANRF5004')
  assertProblem(await on.ask('POST', '/execute/trouble', { body: '{}', type: OCTETS }), 415, 'ANRF5004')
})

test('a document is published as bytes, as JSON and in an envelope, and once', async () => {
  const json = encodeDocumentJson(troubleDocument('2.0.0-beta.1'))
  const created = await on.ask('POST', '/artifacts', { body: json })
  assert.equal(created.status, 201, JSON.stringify(created.body))
  assert.equal(created.headers.get('location'), `/artifacts/${String(created.body['id'])}`)
  const again = await on.ask('POST', '/artifacts', { body: troubleDocumentBytes('2.0.0-beta.1'), type: OCTETS })
  assert.equal(again.status, 200)
  assert.equal(again.body['id'], created.body['id'])
  assert.equal(again.body['publishedAt'], created.body['publishedAt'])
  const envelope = await on.ask('POST', '/artifacts', { body: { document: JSON.parse(json) as unknown } })
  assert.equal(envelope.status, 200)
  // A pre-release is not what a bare name stands for while there is a release.
  assert.equal((await on.ask('GET', '/artifacts/trouble')).body['version'], '1.0.0')
})

test('a version that is taken by another document is a conflict', async () => {
  const answer = await on.ask('POST', '/artifacts', { body: troubleDocumentBytes('1.0.0', 'Another'), type: OCTETS })
  assertProblem(answer, 409, 'ANRF5006')
  assert.equal((await on.ask('GET', '/artifacts/trouble@1.0.0')).body['description'], 'Gets into trouble')
})

test('an artifact tells its entries with the schema of their inputs, and gives its document', async () => {
  const { body } = await on.ask('GET', '/artifacts/trouble@1.0.0')
  const entries = body['entries'] as { name: string; inputs: { required?: string[]; properties: object } }[]
  const total = entries.find(({ name }) => name === 'total')!
  assert.deepEqual(Object.keys(total.inputs.properties), ['lines', 'label', 'factor'])
  assert.deepEqual(total.inputs.required, ['lines', 'label'])
  assert.deepEqual(body['capabilities'], ['log'])
  const url = `${on.service.url}/artifacts/trouble@1.0.0/document`
  const headers = { authorization: `Bearer ${on.key}` }
  const bytes = new Uint8Array(await (await fetch(url, { headers })).arrayBuffer())
  assert.deepEqual(bytes, new Uint8Array(troubleDocumentBytes()))
  const json = await on.ask('GET', '/artifacts/trouble@1.0.0/document?form=json')
  assert.equal(json.body['anrf_id'], body['id'])
})

test('artifacts are listed page by page', async () => {
  const seen: string[] = []
  for (let next: string | undefined = ''; next !== undefined;) {
    const { body } = await on.ask('GET', `/artifacts?limit=1&after=${next}`)
    seen.push(...(body['artifacts'] as { id: string }[]).map(({ id }) => id))
    next = body['next'] as string | undefined
  }
  assert.deepEqual(seen, [...new Set(seen)].sort())
  assert.equal(seen.length, ((await on.ask('GET', '/artifacts')).body['artifacts'] as unknown[]).length)
  assertProblem(await on.ask('GET', '/artifacts?limit=-1'), 422, 'ANRF5004')
})

test('documents that are damaged in any way are refused, and none is an error of ours', async () => {
  const bytes = troubleDocumentBytes('3.0.0')
  const attempts = [
    Buffer.alloc(0),
    Buffer.from('{}'),
    Buffer.from('[]'),
    Buffer.from('not a document'),
    bytes.subarray(0, bytes.length / 2),
    Buffer.from(`{"version":${'['.repeat(10_000)}`),
    ...Array.from({ length: 40 }, (_, i) => flip(bytes, Math.floor((i * bytes.length) / 40), i % 8)),
  ]
  for (const body of attempts) {
    const { status, body: answer } = await on.ask('POST', '/artifacts', { body, type: OCTETS })
    assert.ok(status === 422 || status === 400, `${status} ${JSON.stringify(answer).slice(0, 300)}`)
  }
  assertProblem(await on.ask('POST', '/artifacts', { body: Buffer.alloc(5 * 2 ** 20), type: OCTETS }), 413, 'ANRF5007')
  assertProblem(await on.ask('POST', '/artifacts', { body: '{"document":1,"sig":2}' }), 422, 'ANRF5004')
  assertProblem(await on.ask('POST', '/artifacts', { body: '{"document' }), 400, 'ANRF4004')
  await assertAlive()
})

function flip(bytes: Uint8Array, at: number, bit: number): Uint8Array {
  const copy = Uint8Array.from(bytes)
  copy[at] = copy[at]! ^ (1 << bit)
  return copy
}

test('a signature is checked: trusted, forged, over another document, and garbage', async () => {
  const document = troubleDocument('4.0.0')
  const publish = (signature: unknown): Promise<Answer> =>
    on.ask('POST', '/artifacts', {
      body: { document: Buffer.from(troubleDocumentBytes('4.0.0')).toString('base64'), signature },
    })
  assertProblem(await publish(signDocument(document, generateSigningKey())), 422, 'ANRF3003')
  assertProblem(await publish(signDocument(troubleDocument('4.0.1'), signingKey)), 422, 'ANRF3003')
  for (const garbage of [null, 1, 'x', {}, { dsseEnvelope: { payload: 'AAAA', signatures: [{ sig: '' }] } }])
    assertProblem(await publish(garbage), 422, 'ANRF3003')
  const bundle = signDocument(document, signingKey)
  const published = await on.client.publish(troubleDocumentBytes('4.0.0'), bundle)
  assert.ok(published.ok && published.value.isSigned)
  assert.equal((await execute({ inputs: { a: 1, b: 2 }, entry: 'add' }, 'trouble@4.0.0')).status, 200)
})

test('a signature may be added to a document that was published without one', async () => {
  const unsigned = await on.client.publish(troubleDocumentBytes('5.0.0'))
  assert.ok(unsigned.ok && !unsigned.value.isSigned)
  const signed = await on.client.publish(
    troubleDocumentBytes('5.0.0'),
    signDocument(troubleDocument('5.0.0'), signingKey),
  )
  assert.ok(signed.ok && signed.value.isSigned && signed.value.publishedAt === unsigned.value.publishedAt)
})

test('the published example, a document of format graph without a security section, is migrated and runs', async () => {
  const bytes = readFileSync(join(import.meta.dirname, '../document/fixtures/published-sum.json'))
  const published = await on.ask('POST', '/artifacts', { body: bytes })
  assert.equal(published.status, 201)
  assert.deepEqual(
    (published.body['warnings'] as { code: string }[]).map(({ code }) => code),
    ['ANRF3006'],
  )
  const artifact = await on.ask('GET', '/artifacts/sum')
  const [entry] = artifact.body['entries'] as { name: string; inputs: { properties: object } }[]
  const [parameter] = Object.keys(entry!.inputs.properties)
  for (const [numbers, sum] of [
    [[1, 2, 3], 6],
    [[], 0],
  ]) {
    const { body } = await execute({ inputs: { [parameter!]: numbers } }, 'sum')
    assert.deepEqual(body['output'], { result: sum })
  }
})
