// Any request to any route gets an answer that is no error of ours. fast-check prints the seed and path of a failure.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { ROUTES } from '../../src/service/routes/index.ts'
import { startTestService, stopTestService, type TestService } from './harness.ts'
import { troubleDocumentBytes } from './programs.ts'

const RUNS = 100
let on: TestService

before(async () => {
  on = await startTestService()
  await on.client.publish(troubleDocumentBytes())
})
after(() => stopTestService(on))

const segment = fc.oneof(
  fc.constantFrom('trouble', 'trouble@1.0.0', 'sha256:', '..', '%00', '__proto__', "'--", 'trouble@'),
  fc.string({ maxLength: 400 }).map(encodeURIComponent),
)
const query = fc.oneof(
  fc.constant(''),
  fc.webQueryParameters(),
  fc.constantFrom('mode=jit', 'limit=0', 'limit=1&limit=2', 'after[]=1', 'form=xml', 'name='),
)
const entry = fc.constantFrom('add', 'echo', 'total', 'fail', 'trap', 'none', '')
const executeBody = fc.record(
  {
    inputs: fc.oneof(
      fc.jsonValue(),
      fc.dictionary(fc.constantFrom('a', 'b', 'text', 'lines', 'label', '$', '__proto__'), fc.jsonValue()),
    ),
    entry: fc.oneof(entry, fc.string()),
    limits: fc.dictionary(fc.constantFrom('fuel', 'wall', 'memory', 'no'), fc.oneof(fc.integer(), fc.jsonValue())),
  },
  { requiredKeys: [] },
)
const body = fc.oneof(
  executeBody.map((value) => JSON.stringify(value)),
  fc.json(),
  fc.string(),
  fc.uint8Array({ maxLength: 2000 }).map((bytes) => Buffer.from(bytes)),
)
const type = fc.constantFrom(
  'application/json',
  'application/octet-stream',
  'text/plain',
  'application/json; charset=x',
  '',
)

for (const { method, path } of ROUTES)
  test(`${method} ${path} answers whatever comes`, async () => {
    await fc.assert(
      fc.asyncProperty(segment, query, body, type, async (name, search, payload, contentType) => {
        const target = `${path.replace(/:\w+/, name)}${search === '' ? '' : `?${search}`}`
        const options = method === 'POST' ? { body: payload, type: contentType } : {}
        const { status, body: answer } = await on.ask(method, target, options)
        assert.ok(status < 500, `${status} ${JSON.stringify(answer)}`)
        if (status >= 400) assert.equal(answer['status'], status)
      }),
      { numRuns: RUNS },
    )
    assert.equal((await on.ask('GET', '/readyz')).status, 200)
  })
