import assert from 'node:assert/strict'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { readSecret, readTools, repeatableWith, type Host, type ToolFunction } from '../../src/broker/index.ts'
import { callerOf, type Caller } from './harness.ts'
import { startServer } from './server.ts'

const folder = join(import.meta.dirname, 'fixtures')
const SECRET = 'crm-key-123456'

type Given = {
  operations: Record<string, object>
  functions?: Record<string, ToolFunction>
  host?: Host
  grants?: string[]
  io?: number
}

/** A caller with one tool `crm`, whose operations take and give anything unless they say otherwise. */
function callerWith({ operations, functions = {}, host = {}, grants = ['tool:crm'], io = 2 ** 24 }: Given): Caller {
  const described = Object.entries(operations).map(([name, row]) => [
    name,
    { description: '', input: true, output: true, ...row },
  ])
  const manifest = { tools: [{ name: 'crm', description: '', operations: Object.fromEntries(described) as object }] }
  const read = readTools(manifest, { folder, functions })
  assert.ok('tools' in read, JSON.stringify(read))
  return callerOf({ grants, host: { ...host, tools: read.tools }, limits: { io } })
}

const command = (does: string, more: object = {}): object => ({
  binding: { command: [process.execPath, join(folder, 'tool.mjs'), does] },
  ...more,
})
const INPUT = {
  type: 'object',
  properties: { id: { type: 'string', pattern: '^c[0-9]+$' } },
  required: ['id'],
  additionalProperties: false,
}

test('a function of the embedding program gets what fits the schema, and gives what fits', async () => {
  const seen: unknown[] = []
  const functions: Record<string, ToolFunction> = {
    lookup: async (input, { key }) => {
      seen.push(input, key)
      return { name: 'Ada', gone: undefined }
    },
    wrong: async () => ({ name: 1 }),
    broken: async () => {
      throw new RangeError('no such customer')
    },
  }
  const output = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] }
  const row = (name: string): object => ({ input: INPUT, output, binding: { function: name } })
  const { value, call, failure } = callerWith({
    operations: { lookup: row('lookup'), wrong: row('wrong'), broken: row('broken') },
    functions,
  })
  assert.deepEqual(await value('tool:crm.lookup', { id: 'c1' }), { name: 'Ada' })
  assert.deepEqual(seen, [{ id: 'c1' }, 'run:0'])
  assert.deepEqual(await call('tool:crm.lookup', { id: 'x' }), {
    error: {
      name: 'arguments',
      message: 'tool:crm.lookup: the input does not fit: /id must match pattern "^c[0-9]+$"',
    },
  })
  for (const args of [{}, { id: 1 }, { id: 'c1', more: 1 }, null, 'c1', '{', '{"id":"c1","__proto__":{}}'])
    assert.equal(await failure('tool:crm.lookup', args), 'arguments', JSON.stringify(args))
  assert.equal(seen.length, 2)
  assert.deepEqual(await call('tool:crm.wrong', { id: 'c1' }), {
    error: { name: 'failed', message: 'tool:crm.wrong: the output does not fit its schema: /name must be string' },
  })
  assert.deepEqual(await call('tool:crm.broken', { id: 'c1' }), {
    error: { name: 'failed', message: 'tool:crm.broken: no such customer' },
  })
})

test('a tool says itself whether it may be called again when nobody knows what came of it', () => {
  const row = { description: '', input: true, output: true, binding: { function: 'f' } }
  const operations = { read: { ...row, repeatable: true }, write: row }
  const read = readTools(
    { tools: [{ name: 'crm', description: '', operations }] },
    { folder, functions: { f: async () => 1 } },
  )
  assert.ok('tools' in read)
  const isRepeatable = repeatableWith(read.tools)
  const repeats = (name: string): boolean => isRepeatable({ sequence: 0, name, args: '{"method":"GET"}' })
  assert.deepEqual(
    [
      'tool:crm.read',
      'tool:crm.write',
      'tool:crm.toString',
      'tool:erp.read',
      'kv.get',
      'files.append',
      'http.fetch',
    ].map(repeats),
    [true, false, false, false, true, false, true],
  )
})

test('a tool needs its grant, and one of its operations the grant of that', async () => {
  const functions = { f: async () => 1 }
  const operations = { a: { binding: { function: 'f' } }, b: { binding: { function: 'f' } } }
  const only = callerWith({ operations, functions, grants: ['tool:crm=a'] })
  assert.equal(await only.value('tool:crm.a', null), 1)
  assert.equal(await only.failure('tool:crm.b', null), 'denied')
  assert.equal(await only.failure('tool:erp.a', null), 'denied')
  assert.equal(await callerWith({ operations, functions }).failure('tool:crm.c', null), 'unavailable')
  assert.equal(await callerOf({ grants: ['tool:crm'] }).failure('tool:crm.a', null), 'unavailable')
})

test('a command has its input and output as JSON, an empty environment and its own folder', async () => {
  const { value, call, failure } = callerWith({
    operations: {
      echo: command('echo'),
      environment: command('environment'),
      fail: command('fail'),
      garbage: command('garbage'),
      missing: { binding: { command: ['./not-there'] } },
    },
  })
  const input = { text: 'ä"\n$(id); `x`', list: [1, null] }
  assert.deepEqual(await value('tool:crm.echo', input), input)
  assert.deepEqual(await value('tool:crm.environment', null), { names: [], folder })
  assert.deepEqual(await call('tool:crm.fail', null), {
    error: { name: 'failed', message: 'tool:crm.fail: it ended with 3: no such customer' },
  })
  assert.equal(await failure('tool:crm.garbage', null), 'failed')
  assert.equal(await failure('tool:crm.missing', null), 'failed')
})

test('a command ends with its time, its output, its bytes or its call, and all that it started with it', async () => {
  const bounded = callerWith({
    operations: {
      sleep: command('sleep', { timeoutMs: 300 }),
      flood: command('flood', { outputBytesMax: 100_000 }),
      orphan: command('orphan', { timeoutMs: 2000 }),
      slow: command('sleep'),
    },
  })
  assert.equal(await bounded.failure('tool:crm.sleep', null), 'timeout')
  assert.equal(await bounded.failure('tool:crm.flood', null), 'too-large')
  assert.equal(await bounded.failure('tool:crm.orphan', null), 'timeout')
  const controller = new AbortController()
  const pending = bounded.call('tool:crm.slow', null, controller.signal)
  setImmediate(() => controller.abort())
  const given = await pending
  assert.ok('error' in given && given.error.name === 'cancelled')
  const poor = callerWith({ operations: { flood: command('flood', { outputBytesMax: 2 ** 24 }) }, io: 100_000 })
  assert.deepEqual(await poor.call('tool:crm.flood', null), { ended: 'io' })
})

test('a function that never comes back ends with its time', async () => {
  const functions = { never: () => new Promise<never>(() => undefined) }
  const caller = callerWith({ operations: { never: { binding: { function: 'never' }, timeoutMs: 20 } }, functions })
  assert.equal(await caller.failure('tool:crm.never', null), 'timeout')
})

const endpoint = await startServer((request, response) => {
  const { pathname } = new URL(request.url!, 'http://x')
  const status = Number(/^\/status\/(\d+)$/.exec(pathname)?.[1] ?? 200)
  if (status !== 200)
    response.writeHead(status, { location: '/' }).end(`refused ${String(request.headers.authorization)}`)
  else if (pathname === '/text') response.end('no json')
  else response.end(JSON.stringify({ said: request.headers.authorization ?? null, url: request.url }))
})
const url = `http://127.0.0.1:${endpoint.port}`

function secretHost(): Host {
  const read = readSecret('CRM_KEY', SECRET, [url])
  assert.ok('secret' in read)
  return { secrets: [read.secret] }
}

test('an endpoint gets the input with the key of the call, and the secrets of the host, which nobody sees', async () => {
  const headers = { authorization: 'Bearer {secret:CRM_KEY}', 'x-mine': 'yes' }
  const row = (path: string): object => ({ binding: { http: { url: `${url}${path}`, headers } } })
  const { value, call, failure } = callerWith({
    operations: {
      lookup: row('/?key={secret:CRM_KEY}&a=b'),
      text: row('/text'),
      teapot: row('/status/418'),
      moved: row('/status/302'),
    },
    host: secretHost(),
  })
  const answer = await value('tool:crm.lookup', { id: 'c1' })
  const { method, url: target, headers: sent, body } = endpoint.seen[0]!
  assert.deepEqual([method, target, body], ['POST', `/?key=${SECRET}&a=b`, '{"id":"c1"}'])
  assert.deepEqual(
    [sent.authorization, sent['x-mine'], sent['content-type']],
    [`Bearer ${SECRET}`, 'yes', 'application/json'],
  )
  assert.equal(sent['idempotency-key'], '"run:0"')
  assert.match(
    JSON.stringify(answer),
    /^\{"said":"Bearer anrf-secret-CRM_KEY-[0-9a-f]{20}","url":"\/\?key=anrf-secret-CRM_KEY-/,
  )
  assert.equal(await failure('tool:crm.text', {}), 'failed')
  const refused = await call('tool:crm.teapot', {})
  assert.ok(
    'error' in refused && refused.error.message.startsWith('tool:crm.teapot: status 418: refused Bearer anrf-secret-'),
  )
  const before = endpoint.seen.length
  assert.equal(await failure('tool:crm.moved', {}), 'failed')
  assert.equal(endpoint.seen.length, before + 1)
})

test('a secret that the host has not, or not for the endpoint, is not sent', async () => {
  const row = { binding: { http: { url, headers: { authorization: '{secret:CRM_KEY}' } } } }
  assert.equal(await callerWith({ operations: { a: row } }).failure('tool:crm.a', {}), 'unavailable')
  const other = readSecret('CRM_KEY', SECRET, ['api.example.com'])
  assert.ok('secret' in other)
  assert.equal(
    await callerWith({ operations: { a: row }, host: { secrets: [other.secret] } }).failure('tool:crm.a', {}),
    'unavailable',
  )
})

test('a placeholder in an input stays one', async () => {
  const caller = callerWith({
    operations: { echo: command('echo'), send: { binding: { http: { url } } } },
    host: secretHost(),
    grants: ['tool:crm', 'secrets=CRM_KEY'],
  })
  const key = await caller.value('secrets.use', { name: 'CRM_KEY' })
  assert.deepEqual(await caller.value('tool:crm.echo', { key }), { key })
  await caller.value('tool:crm.send', { key, reference: '{secret:CRM_KEY}' })
  assert.equal(endpoint.seen.at(-1)!.body, JSON.stringify({ key, reference: '{secret:CRM_KEY}' }))
})

test('a secret that a tool gives away by itself is taken out', async () => {
  const functions = { leak: async () => ({ key: `${SECRET}!` }) }
  const { value } = callerWith({
    operations: { leak: { binding: { function: 'leak' } } },
    functions,
    host: secretHost(),
  })
  assert.match(JSON.stringify(await value('tool:crm.leak', null)), /^\{"key":"anrf-secret-CRM_KEY-[0-9a-f]{20}!"\}$/)
})

test('a pattern of a schema cannot keep the host busy', async () => {
  const input = { type: 'string', pattern: '^(a+)+$' }
  const { call, value } = callerWith({
    operations: { f: { input, binding: { function: 'f' } } },
    functions: { f: async () => 1 },
  })
  assert.equal(await value('tool:crm.f', '"aaaa"'), 1)
  assert.deepEqual(await call('tool:crm.f', `"${'a'.repeat(40)}!"`), {
    error: {
      name: 'arguments',
      message: 'tool:crm.f: the input does not fit: a text takes too long to be matched with a pattern',
    },
  })
})

test('all that is wrong with a file of tools is told together, each with its place', () => {
  const f = { function: 'f' }
  const operation = (more: object): object => ({ description: '', input: true, output: true, binding: f, ...more })
  const tool = (name: string, operations: object): object => ({ name, description: '', operations })
  const problems = (manifest: unknown): unknown => {
    const read = readTools(manifest, { folder: dirname(folder), functions: { f: async () => 1 } })
    return (
      'diagnostics' in read && read.diagnostics.map(({ code, pointer, message }) => `${code} ${pointer} ${message}`)
    )
  }
  assert.deepEqual(problems({ tools: [tool('ok', { run: operation({}) })] }), false)
  assert.deepEqual(problems({ tool: [] }), [
    'ANRF4012  must have required properties tools',
    'ANRF4012 /tool there is no such member',
    'ANRF4012  must not have additional properties',
  ])
  assert.deepEqual(
    problems({
      tools: [
        tool('a b', { delete: operation({}) }),
        tool('c', {
          one: operation({ input: { type: 'objekt' }, output: { pattern: '(' } }),
          two: operation({ binding: { command: ['ls'] } }),
          three: operation({ binding: { http: { url: 'ftp://x' } } }),
          four: operation({ binding: { function: 'g' } }),
          five: operation({ input: { typ: 'string' } }),
          six: operation({ input: { $ref: 'https://example.com/schema' } }),
        }),
        tool('c', {}),
      ],
    }),
    [
      'ANRF4012 /tools/0/name a name has letters, digits, `-` and `_`',
      'ANRF4012 /tools/0/operations/delete an operation is named as a function of TypeScript may be',
      'ANRF4012 /tools/1/operations/one/input no JSON Schema that can be used: schema is invalid: data/type must be equal to one of the allowed values, data/type must be array, data/type must match a schema in anyOf',
      'ANRF4012 /tools/1/operations/one/output no JSON Schema that can be used: the pattern "(" cannot be used',
      'ANRF4012 /tools/1/operations/two/binding expected the path of a command, such as ./ls, not a bare name',
      'ANRF4012 /tools/1/operations/three/binding "ftp://x" is no http: or https: URL',
      'ANRF4012 /tools/1/operations/four/binding there is no function g here',
      'ANRF4012 /tools/1/operations/five/input no JSON Schema that can be used: strict mode: unknown keyword: "typ"',
      "ANRF4012 /tools/1/operations/six/input no JSON Schema that can be used: can't resolve reference https://example.com/schema from id #",
      'ANRF4012 /tools/2/name there is another tool c',
    ],
  )
})
