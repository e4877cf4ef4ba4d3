// What a new version may touch that the old one could not, and the approval that it waits for.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { encodeDocument, openDocument, type Document, type Opened } from '../../src/document/index.ts'
import { diffOpened, type Change } from '../../src/registry/diff/diff.ts'
import { predecessorOf } from '../../src/registry/versions.ts'
import { compiledDocument, documentOf, entriesModule } from './documents.ts'
import { accepted, openTestRegistry, publishDocument, TENANT } from './open-registry.ts'

function open(document: Document): Opened {
  const opened = openDocument(encodeDocument(document))
  if ('diagnostics' in opened) throw new Error(JSON.stringify(opened.diagnostics))
  return opened
}
const diff = (a: Document, b: Document): readonly Change[] => diffOpened(open(a), open(b)).changes
const texts = (changes: readonly Change[]): string[] =>
  changes.map(({ topic, name, kind, widens }) => `${widens ? '! ' : ''}${topic} ${name} ${kind}`)

test('capabilities, scopes, limits and isolation: what is more widens, what is less does not', () => {
  const plain = documentOf()
  const http = documentOf({ capabilities: [{ name: 'http', scopes: ['a.example.com'] }] })
  assert.deepEqual(texts(diff(plain, http)), ['! capability http added', '! host * added'])
  assert.deepEqual(texts(diff(http, plain)), ['capability http removed', 'host * removed'])
  const two = documentOf({ capabilities: [{ name: 'http', scopes: ['a.example.com', 'b.example.com'] }] })
  assert.deepEqual(texts(diff(http, two)), ['! scope http=b.example.com added'])
  const all = documentOf({ capabilities: [{ name: 'http' }] })
  assert.deepEqual(texts(diff(two, all)), [
    '! scope http=* added',
    'scope http=a.example.com removed',
    'scope http=b.example.com removed',
  ])
  assert.equal(diffOpened(open(all), open(two)).widens, false)
  const slow = documentOf({ limits: { wall: 5000, fuel: 1000 } })
  const fast = documentOf({ limits: { wall: 1000, fuel: 2000 } })
  assert.deepEqual(texts(diff(slow, fast)), ['! limit fuel widened', 'limit wall narrowed'])
})

test('isolation that is given up, an override and access to files widen', () => {
  const edited = documentOf()
  const { isolationRequirements } = edited.security
  isolationRequirements!.processIsolation = false
  isolationRequirements!.resourceLimits!.filesystem = 'ReadOnly'
  isolationRequirements!.resourceLimits!.network = true
  edited.security.overrideStatus = true
  const before = { document: documentOf(), module: open(documentOf()).module } as Opened
  const after = { document: edited, module: before.module } as Opened
  assert.deepEqual(texts(diffOpened(before, after).changes), [
    '! isolation process_isolation widened',
    '! isolation override widened',
    '! isolation network widened',
    '! isolation filesystem widened',
  ])
  assert.equal(diffOpened(after, before).widens, false)
})

test('operations, tools, programs, secrets and hosts are read from the code', () => {
  const source = (body: string): string =>
    `import { readText as read, writeText as write } from 'anrf:files'\nimport { fetch } from 'anrf:http'\nimport { secret } from 'anrf:secrets'\n` +
    `import { call } from 'anrf:programs'\nexport async function main(n: string): Promise<any> { ${body} }\n`
  const document = (body: string): Document => compiledDocument(source(body), 'effects')
  const reads = document(`return read('data/x')`)
  assert.deepEqual(texts(diff(reads, document(`await write('data/x', n); return read('data/x')`))), [
    '! operation files.write added',
  ])
  const asks = document(`return (await fetch('https://a.example.com/x')).text()`)
  const others = document(`return (await fetch('https://b.example.com/x')).text()`)
  assert.deepEqual(texts(diff(asks, others)), [
    'host https://a.example.com removed',
    '! host https://b.example.com added',
  ])
  const anywhere = document(`return (await fetch(n)).text()`)
  assert.deepEqual(texts(diff(asks, anywhere)), ['! host * added', 'host https://a.example.com removed'])
  assert.equal(diffOpened(open(anywhere), open(asks)).widens, false)
  assert.deepEqual(texts(diff(document(`return call('a')`), document(`await call('b@^1'); return call('a')`))), [
    '! program b@^1 added',
  ])
  assert.deepEqual(texts(diff(document(`return secret('A')`), document(`return secret('B')`))), [
    'secret A removed',
    '! secret B added',
  ])
})

test('entries and their inputs are compared, and widen nothing by themselves', () => {
  const objects = 'record 1 Line { amount: f64, note?: string }\nrecord 2 Line2 { amount: f64, note: string }'
  const document = (entries: Record<string, string>): Document =>
    documentOf({ module: entriesModule(entries, objects) })
  const cases: readonly (readonly [string, string, string])[] = [
    ['a: f64', 'a: union<f64 | string>', 'widened'],
    ['a: f64', 'a?: union<f64 | undefined>', 'widened'],
    ['a: f64', 'a: f64; b?: union<f64 | undefined>', 'widened'],
    ['a: f64', 'a: f64; b: f64', 'changed'],
    ['a: f64', 'a: string', 'changed'],
    ['a: f64', 'b: f64', 'changed'],
    ['a: object 1', 'a: object 2', 'narrowed'],
    ['a: array<f64>', 'a: json', 'widened'],
    ['a: object 1', 'a: json', 'widened'],
    ['a: tuple<f64, f64>', 'a: tuple<f64>', 'changed'],
    ['a: map<string, f64>', 'a: map<string, union<f64 | null>>', 'widened'],
    ['a: nested<array<self> | f64>', 'a: nested<array<self> | f64 | string>', 'widened'],
    ['a: nested<array<self> | f64>', 'a: json', 'widened'],
    ['a: nested<array<self> | f64>', 'a: nested<f64 | set<self>>', 'changed'],
    ['a: json', 'a: nested<array<self> | bigint | bool | dict<self> | f64 | null | string | undefined>', 'widened'],
  ]
  for (const [before, after, kind] of cases)
    assert.deepEqual(texts(diff(document({ main: before }), document({ main: after }))), [`input main ${kind}`], after)
  assert.deepEqual(texts(diff(document({ a: '' }), document({ b: '' }))), ['entry a removed', 'entry b added'])
})

test('recursive types are compared to an end', () => {
  const objects =
    'record 1 Tree { left?: object 1, value: f64 }\nrecord 2 Tree { left?: object 2, value: union<f64 | string> }'
  const [a, b] = ['a: object 1', 'a: object 2'].map((main) => documentOf({ module: entriesModule({ main }, objects) }))
  assert.deepEqual(texts(diff(a!, b!)), ['input main widened'])
  assert.deepEqual(texts(diff(b!, a!)), ['input main narrowed'])
})

const scopes = fc.uniqueArray(fc.constantFrom('a.example.com', 'b.example.com', 'c.example.com'), { maxLength: 3 })
const capability = fc.record({ name: fc.constantFrom('http', 'kv', 'files', 'tool:crm', 'secrets'), scopes })
const parameter = fc.constantFrom(
  '',
  'x: f64',
  'x?: union<f64 | undefined>',
  'x: string',
  'x: union<f64 | string>',
  'x: array<json>',
  'y: f64',
)
const document = fc
  .record({
    capabilities: fc.uniqueArray(capability, { selector: ({ name }) => name, maxLength: 4 }),
    limits: fc.record({ fuel: fc.integer({ min: 1, max: 3 }), wall: fc.integer({ min: 1, max: 3 }) }),
    entries: fc.dictionary(fc.constantFrom('main', 'sum', 'total'), parameter, { minKeys: 1, maxKeys: 3 }),
  })
  .map(({ capabilities, limits, entries }) => documentOf({ capabilities, limits, module: entriesModule(entries) }))

const INVERSE = {
  added: 'removed',
  removed: 'added',
  widened: 'narrowed',
  narrowed: 'widened',
  changed: 'changed',
} as const

test('a version does not differ from itself, and a difference read backwards is its inverse', () => {
  fc.assert(
    fc.property(document, document, (a, b) => {
      const [left, right] = [open(a), open(b)]
      assert.deepEqual(diffOpened(left, left), { changes: [], widens: false })
      const forth = diffOpened(left, right).changes.map(({ topic, name, kind }) => [topic, name, kind])
      const back = diffOpened(right, left).changes.map(({ topic, name, kind }) => [topic, name, INVERSE[kind]])
      assert.deepEqual(forth, back)
    }),
    { numRuns: 300 },
  )
})

test('a program that may do all that two others may widens neither of them less than they do each other', () => {
  // If c adds nothing to b, and b nothing to a, then c adds nothing to a.
  fc.assert(
    fc.property(document, document, document, (a, b, c) => {
      const [x, y, z] = [open(a), open(b), open(c)]
      if (diffOpened(x, y).widens || diffOpened(y, z).widens) return
      assert.equal(diffOpened(x, z).widens, false)
    }),
    { numRuns: 500 },
  )
})

test('a version that may touch more waits for somebody else, and so do those after it', async () => {
  const on = await openTestRegistry({ approval: 'widening' })
  const publish = (version: string, ...capabilities: string[]) =>
    publishDocument(
      on.registry,
      documentOf({ version, capabilities: capabilities.map((name) => ({ name, scopes: name === 'kv' ? [] : ['x'] })) }),
      { by: 'author' },
    )
  const resolved = async (reference = 'sample'): Promise<string | undefined> =>
    (await on.registry.resolve(TENANT, reference))?.version
  assert.equal(accepted(await publish('1.0.0', 'kv')).approval, undefined)
  assert.equal(accepted(await publish('1.0.1', 'kv')).approval, undefined)
  const wide = await publish('1.1.0', 'kv', 'http')
  assert.ok('artifact' in wide && wide.warnings[0]?.code === 'ANRF5053')
  assert.match(
    wide.warnings[0].message,
    /sample@1\.1\.0 may touch more than sample@1\.0\.1 \(capability http, host \*\)/,
  )
  // Publishing it once more under another version is no way around, nor is an older version number.
  assert.equal(accepted(await publish('1.1.1', 'kv', 'http')).approval?.state, 'waiting')
  assert.equal(accepted(await publish('0.9.0', 'kv', 'http')).approval?.state, 'waiting')
  assert.equal(accepted(await publish('2.0.0-rc.1', 'kv', 'http')).approval?.state, 'waiting')
  assert.equal(accepted(await publish('1.1.2', 'kv')).approval, undefined)
  assert.deepEqual(
    [await resolved(), await resolved('sample@^1'), await resolved('sample@1.1.0')],
    ['1.1.2', '1.1.2', '1.1.0'],
  )
  const { artifact } = wide
  assert.deepEqual(await on.registry.decide(artifact, { approved: true, by: 'author', note: '' }), { refused: 'own' })
  const decided = await on.registry.decide(artifact, { approved: true, by: 'reviewer', note: 'it asks the rates' })
  assert.ok('artifact' in decided)
  assert.deepEqual([decided.artifact.approval?.by, decided.artifact.approval?.note], ['reviewer', 'it asks the rates'])
  assert.deepEqual(await on.registry.decide(artifact, { approved: false, by: 'reviewer', note: '' }), {
    refused: 'decided',
  })
  assert.equal(await resolved('sample@1.1.0'), '1.1.0')
  // Approved authority is a measure for what follows.
  assert.equal(accepted(await publish('1.1.3', 'kv', 'http')).approval?.state, 'waiting')
  assert.equal(accepted(await publish('1.1.0-x', 'kv')).approval, undefined)
  on.close()
})

test('a refused version is never found by name', async () => {
  const on = await openTestRegistry({ approval: 'widening' })
  accepted(await publishDocument(on.registry, documentOf()))
  const wide = documentOf({ version: '1.1.0', capabilities: [{ name: 'kv' }] })
  const artifact = accepted(await publishDocument(on.registry, wide))
  await on.registry.decide(artifact, { approved: false, by: 'reviewer', note: 'no' })
  assert.equal((await on.registry.resolve(TENANT, 'sample'))?.version, '1.0.0')
  assert.equal(accepted(await publishDocument(on.registry, wide)).approval?.state, 'refused')
  on.close()
})

test('of many versions published at once none slips past the comparison', async () => {
  const on = await openTestRegistry({ approval: 'widening' })
  const versions = Array.from({ length: 12 }, (_, i) => `1.${i}.0`)
  const results = await Promise.all(
    versions.map((version, i) =>
      publishDocument(on.registry, documentOf({ version, capabilities: i % 2 === 0 ? [] : [{ name: 'kv' }] })),
    ),
  )
  results.map(accepted)
  // In the order in which they were taken, each was compared with the version before it that was open then.
  const told = await on.store.sql.query<{ details: string }>('select details from audit_entry order by sequence')
  const open: string[] = []
  for (const { details } of told) {
    const { version, approval } = JSON.parse(details) as { version: string; approval?: string }
    const hasKv = (one: string): boolean => Number(one.split('.')[1]) % 2 === 1
    const before = predecessorOf(version, open)
    const isWider = before !== undefined && hasKv(version) && !hasKv(before)
    assert.equal(approval, isWider ? 'waiting' : undefined, `${version} after ${before}`)
    if (!isWider) open.push(version)
  }
  assert.equal(told.length, versions.length)
  on.close()
})
