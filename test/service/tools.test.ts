// A service with tools, secrets and a server to reach: what programs get of them over HTTP.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { parseGrants } from '../../src/effects/index.ts'
import { readSecret, readTools } from '../../src/broker/index.ts'
import { buildDocument, encodeDocument } from '../../src/document/index.ts'
import { compile } from '../../src/front/index.ts'
import { startServer } from '../broker/server.ts'
import { libraryWith } from '../effects/library.ts'
import { startTestService, stopTestService, type TestService } from './harness.ts'

const SECRET = 'the-value-of-the-key'
const PROGRAM = `
import { lookup } from 'tool:crm'
import { fetch } from 'anrf:http'
import { secret } from 'anrf:secrets'

export async function report(id: string, url: string): Promise<string[]> {
  const key = await secret('CRM_KEY')
  const [found, answer] = await Promise.all([lookup({ id }), fetch(url, { headers: { 'x-key': key } })])
  console.log(key)
  return [found.name, (await answer.text()).replace(key, 'KEY')]
}
`

const operation = {
  description: '',
  input: { type: 'object', properties: { id: { type: 'string' } } },
  output: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] },
  binding: { function: 'lookup' },
}
const TOOLS = { tools: [{ name: 'crm', description: '', operations: { lookup: operation } }] }
const functions = { lookup: async (input: unknown) => ({ name: `customer ${(input as { id: string }).id}` }) }

const echo = await startServer((request, response) => response.end(`got ${String(request.headers['x-key'])}`))
const url = `http://127.0.0.1:${echo.port}`
let running: TestService

before(async () => {
  const tools = readTools(TOOLS, { folder: '/', functions })
  const secret = readSecret('CRM_KEY', SECRET, [url])
  const granted = parseGrants(['tool:crm', 'secrets=CRM_KEY', `http=+private ${url}`])
  assert.ok('tools' in tools && 'secret' in secret && 'grants' in granted)
  running = await startTestService({ ...tools, secrets: [secret.secret], grants: granted.grants })
  const library = libraryWith([...tools.tools.values()].map(({ description }) => description))
  const { program } = compile({ read: (path) => (path === 'main.ts' ? PROGRAM : undefined) }, library, {
    main: 'main.ts',
  })
  const { module, describe } = program!
  await running.client.publish(
    encodeDocument(buildDocument({ name: 'shop', version: '1.0.0', module, program: describe() })),
  )
})
after(() => stopTestService(running))

test('a program of a service uses tools and secrets, and no answer, log or record has the value of a secret', async () => {
  const answer = await running.ask('POST', '/execute/shop', { body: { inputs: { id: 'c1', url } } })
  assert.equal(answer.status, 200, JSON.stringify(answer.body))
  assert.deepEqual(answer.body['output'], { result: ['customer c1', 'got KEY'] })
  assert.equal(echo.seen[0]!.headers['x-key'], SECRET)
  const id = String(answer.body['executionId'])
  for (const path of [`/executions/${id}`, `/executions/${id}/effects`, `/executions/${id}/receipt`])
    assert.ok(!JSON.stringify((await running.ask('GET', path)).body).includes(SECRET), path)
  assert.match(JSON.stringify(answer.body['logs']), /^\["anrf-secret-CRM_KEY-[0-9a-f]{20}"\]$/)
})
