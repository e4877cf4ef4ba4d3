// Verifiers: what is proved of every document, and modules of the operator, with results kept by document and version.
import assert from 'node:assert/strict'
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { manifestOf } from '../hooks/manifest.ts'
import { freshDir, startTestService, stopTestService, type Answer, type TestService } from './harness.ts'
import { troubleDocumentBytes } from './programs.ts'

type Report = {
  readonly status: string
  readonly results: readonly { verifier: string; level: string; status: string; findings: { message: string }[] }[]
}

const strict = { name: 'judge', module: './verifier.mjs', timeoutMs: 500, required: true }
let on: TestService

before(async () => {
  on = await startTestService({ hooks: manifestOf({ verifiers: [strict] }) })
})
after(() => stopTestService(on))

let versions = 0
/** Publishes a document that says this of itself. */
async function publish(description: string, at = on): Promise<string> {
  const bytes = troubleDocumentBytes(`1.0.${++versions}`, description)
  const { body } = await at.ask('POST', '/artifacts', { body: bytes, type: 'application/octet-stream' })
  return String(body['id'])
}

const execute = (id: string, entry: string, inputs: object, at = on): Promise<Answer> =>
  at.ask('POST', `/execute/${id}`, { body: { entry, inputs } })
const told = ({ status, results }: Report): unknown[] => [
  status,
  ...results.map((one) => `${one.verifier} ${one.level} ${one.status}`),
]

test('a document that all verify is verified: on the artifact, in the record and in the receipt', async () => {
  const id = await publish('Adds numbers')
  const { body } = await on.ask('GET', `/artifacts/${id}`)
  const expected = ['verified', 'static static verified', 'judge module verified']
  assert.deepEqual(told(body['verification'] as Report), expected)
  const executed = await execute(id, 'echo', { text: 'x' })
  assert.equal(executed.status, 200)
  const path = `/executions/${String(executed.body['executionId'])}`
  const record = await on.ask('GET', path)
  assert.equal((record.body['facts'] as { verification: string }).verification, 'verified')
  const receipt = await on.ask('GET', `${path}/receipt`)
  const { payload } = receipt.body['dsseEnvelope'] as { payload: string }
  const statement = JSON.parse(Buffer.from(payload, 'base64').toString()) as { predicate: { verification: string } }
  assert.equal(statement.predicate.verification, 'verified')
})

test('a document that one declines is not run where that one is required, and nowhere called verified', async () => {
  const id = await publish('unsure')
  const { status, body } = await execute(id, 'echo', { text: 'x' })
  assert.deepEqual([status, body['code'], body['detail']], [422, 'ANRF5010', 'judge: too clever for me'])
  const lax = await startTestService({ hooks: manifestOf({ verifiers: [{ ...strict, required: false }] }) })
  try {
    const there = await publish('unsure', lax)
    const ran = await execute(there, 'echo', { text: 'x' }, lax)
    assert.equal(ran.status, 200)
    const record = await lax.ask('GET', `/executions/${String(ran.body['executionId'])}`)
    assert.equal((record.body['facts'] as { verification: string }).verification, 'declined')
    const shown = await lax.ask('GET', `/artifacts/${there}`)
    assert.equal((shown.body['verification'] as Report).status, 'declined')
  } finally {
    await stopTestService(lax)
  }
})

test('a document that fails is not run; the verifier is asked once, until somebody asks for it anew', async () => {
  const id = await publish('fail')
  const first = await execute(id, 'echo', { text: 'x' })
  const second = await execute(id, 'echo', { text: 'y' })
  assert.equal(first.status, 422)
  assert.match(String(first.body['detail']), /^judge: asked \d+ times$/)
  assert.equal(second.body['detail'], first.body['detail'])
  const anew = await on.ask('POST', `/verify/${id}`)
  assert.equal(anew.status, 200)
  assert.deepEqual(told(anew.body as unknown as Report), ['failed', 'static static verified', 'judge module failed'])
  const third = await execute(id, 'echo', { text: 'z' })
  assert.notEqual(third.body['detail'], first.body['detail'])
})

test('a verifier that hangs or answers nonsense refuses, and is asked again the next time', async () => {
  for (const description of ['hang', 'nonsense']) {
    const id = await publish(description)
    const { status, body } = await execute(id, 'echo', { text: 'x' })
    assert.deepEqual([status, body['detail']], [422, 'the verifier judge failed'])
  }
})

test('an execution is judged before and after it', async () => {
  const id = await publish('Judged')
  const spin = await execute(id, 'spin', {})
  assert.deepEqual([spin.body['detail'], spin.body['usage']], ['judge: spinning is not for today', undefined])
  const wrong = await execute(id, 'echo', { text: 'wrong' })
  assert.equal(wrong.body['detail'], 'judge gave no reason')
  const record = await on.ask('GET', `/executions/${String(wrong.body['executionId'])}`)
  assert.equal((record.body['facts'] as { verification: string }).verification, 'failed')
})

test('how often verifiers were asked, what they said and how long it took is in the metrics', async () => {
  const own = await startTestService({ hooks: manifestOf({ verifiers: [strict] }) })
  const [fine, unsure] = [await publish('Fine', own), await publish('nonsense', own)]
  for (const [entry, inputs] of [
    ['echo', { text: 'x' }],
    ['echo', { text: 'wrong' }],
    ['spin', {}],
  ] as const)
    await execute(fine, entry, inputs, own)
  await execute(unsure, 'echo', { text: 'x' }, own)
  const response = await fetch(`${own.service.url}/metrics`, { headers: { authorization: `Bearer ${own.key}` } })
  const lines = (await response.text()).matchAll(/^anrf_verification_duration_seconds_count\{(.*)\} (\d+)$/gm)
  assert.deepEqual([...lines].map(([, labels, n]) => `${labels!.replaceAll(/anrf_\w+=|"/g, '')} ${n}`).sort(), [
    'judge,after,ok 1',
    'judge,after,refused 1',
    'judge,before,ok 2',
    'judge,before,refused 1',
    // Once for each document, and again when it gave no answer.
    'judge,document,error 1',
    'judge,document,verified 1',
  ])
  await stopTestService(own)
})

test('a document whose bytes were changed on the disk fails when it is verified anew', async () => {
  const id = await publish('Changed later')
  assert.equal((await on.ask('POST', `/verify/${id}`)).status, 200)
  const blobs = join(on.dir, 'blobs')
  const files = readdirSync(blobs, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  for (const file of files) writeFileSync(join(file.parentPath, file.name), 'something else')
  const { status, body } = await on.ask('POST', `/verify/${id}`)
  assert.deepEqual([status, body['code']], [500, 'ANRF5008'])
})

test('results of another version of a verifier do not count', async () => {
  const dir = freshDir()
  const path = join(dir, 'versioned.mjs')
  const startWith = (version: string, status: string, key?: string): Promise<TestService> => {
    writeFileSync(path, `export default { version: '${version}', verify: () => ({ status: '${status}' }) }`)
    const hooks = manifestOf({ verifiers: [{ name: 'versioned', module: path }] }, dir)
    return startTestService({ hooks }, { dir, ...(key !== undefined && { key }) })
  }
  const statusOf = async (at: TestService, id: string): Promise<string> =>
    ((await at.ask('GET', `/artifacts/${id}`)).body['verification'] as Report).status
  const first = await startWith('1', 'verified')
  const id = await publish('Versioned', first)
  assert.equal(await statusOf(first, id), 'verified')
  await first.service.close()
  // The same version is not asked again, whatever it would say.
  const same = await startWith('1', 'failed', first.key)
  assert.equal(await statusOf(same, id), 'verified')
  await same.service.close()
  const next = await startWith('2', 'declined', first.key)
  assert.equal(await statusOf(next, id), 'declined')
  await next.service.close()
  rmSync(dir, { recursive: true, force: true })
})

test('a module without any function that verifies does not fit', async () => {
  const hooks = manifestOf({ verifiers: [{ name: 'empty', module: './no-verifier.mjs' }] })
  await assert.rejects(startTestService({ hooks }), /the verifier empty: its default export has none of the functions/)
})
