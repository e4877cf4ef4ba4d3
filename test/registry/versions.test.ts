// What names, ranges and pins stand for: yanked versions, dependents, search, README.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { fitsRange, parseRange } from '../../src/base/index.ts'
import type { Artifact } from '../../src/registry/index.ts'
import { newestFirst, predecessorOf } from '../../src/registry/versions.ts'
import { wordsOf } from '../../src/registry/search.ts'
import { compiledDocument, documentOf } from './documents.ts'
import { accepted, openTestRegistry, publishDocument, TENANT, type TestRegistry } from './open-registry.ts'

let on: TestRegistry
before(async () => {
  on = await openTestRegistry()
})
after(() => on.close())

const publish = async (name: string, ...versions: string[]): Promise<Artifact[]> => {
  const published: Artifact[] = []
  for (const version of versions)
    published.push(accepted(await publishDocument(on.registry, documentOf({ name, version }))))
  return published
}
const versionOf = async (reference: string): Promise<string | undefined> =>
  (await on.registry.resolve(TENANT, reference))?.version

test('a bare name stands for the newest release, a range for the newest version in it', async () => {
  await publish('range', '1.0.0', '1.2.0', '1.10.0', '2.0.0', '2.1.0-rc.1', '3.0.0-beta')
  const cases: Record<string, string | undefined> = {
    range: '2.0.0',
    'range@1': '1.10.0',
    'range@^1.2': '1.10.0',
    'range@~1.2': '1.2.0',
    'range@>=1 <1.10': '1.2.0',
    'range@1.0.0 || 1.2.0': '1.2.0',
    'range@*': '2.0.0',
    'range@^3.0.0-alpha': '3.0.0-beta',
    'range@2.1.0-rc.1': '2.1.0-rc.1',
    'range@3': undefined,
    'range@1.2.1': undefined,
    'range@': undefined,
    'range@latest': undefined,
  }
  for (const [reference, version] of Object.entries(cases)) assert.equal(await versionOf(reference), version, reference)
})

test('pre-releases stand for a name only when there is no release', () => {
  assert.deepEqual(newestFirst(['1.0.0', '1.10.0', '1.9.0', '2.0.0-rc.1']), ['1.10.0', '1.9.0', '1.0.0'])
  assert.deepEqual(newestFirst(['2.0.0-rc.1', '2.0.0-rc.10', '2.0.0-rc.9'])[0], '2.0.0-rc.10')
  assert.deepEqual(newestFirst([]), [])
})

test('the newest in a range is in it, and nothing in it is newer', () => {
  const version = fc
    .tuple(fc.nat(2), fc.nat(2), fc.nat(2), fc.constantFrom('', '-a', '-b.1'))
    .map(([major, minor, patch, pre]) => `${major}.${minor}.${patch}${pre}`)
  const range = fc.constantFrom('*', '1', '^1', '~1.1', '^0.1', '>=1.0.0-a', '1 - 2', '<2 || 2.1.0')
  fc.assert(
    fc.property(fc.array(version, { maxLength: 8 }), range, (versions, text) => {
      const parsed = parseRange(text)!
      const [newest, ...others] = newestFirst(versions, parsed)
      const fitting = versions.filter((one) => fitsRange(parsed, one))
      assert.equal(newest !== undefined, fitting.length > 0)
      assert.equal(others.length, Math.max(0, fitting.length - 1))
    }),
    { numRuns: 500 },
  )
})

test('a version is compared with the one before it, or with the oldest where it is the first', () => {
  assert.equal(predecessorOf('1.1.0', ['1.0.0', '0.9.0', '2.0.0']), '1.0.0')
  assert.equal(predecessorOf('0.1.0', ['1.0.0', '0.9.0']), '0.9.0')
  assert.equal(predecessorOf('1.0.0', ['1.0.0']), undefined)
})

test('a yanked version is still served to whoever pins it, and by no name or range', async () => {
  const [, second] = await publish('yank', '1.0.0', '1.1.0')
  const yanked = await on.registry.yank(second!, 'alice', 'loses data')
  assert.deepEqual([yanked?.yanked?.by, yanked?.yanked?.reason], ['alice', 'loses data'])
  assert.equal(await on.registry.yank(second!, 'bob', 'again'), undefined)
  assert.equal(await versionOf('yank'), '1.0.0')
  assert.equal(await versionOf('yank@^1'), '1.0.0')
  const pinned = await on.registry.resolve(TENANT, 'yank@1.1.0')
  assert.equal(pinned?.yanked?.reason, 'loses data')
  assert.equal(await versionOf(second!.id), '1.1.0')
  assert.ok('opened' in (await on.registry.load(pinned!)))
  assert.equal((await on.registry.unyank(second!, 'alice'))?.yanked, undefined)
  assert.equal(await on.registry.unyank(second!, 'alice'), undefined)
  assert.equal(await versionOf('yank'), '1.1.0')
})

test('yanking the only version leaves a name without meaning, not with another', async () => {
  const [only] = await publish('lonely', '1.0.0')
  await on.registry.yank(only!, 'alice', 'x')
  assert.equal(await versionOf('lonely'), undefined)
  assert.equal(await versionOf('lonely@*'), undefined)
})

test('a README is published beside a document, and stays', async () => {
  const document = documentOf({ name: 'readme' })
  const artifact = accepted(await publishDocument(on.registry, document))
  assert.equal(await on.registry.readme(artifact), undefined)
  const withText = accepted(await publishDocument(on.registry, document, { readme: '# Sample\n' }))
  assert.equal(Buffer.from((await on.registry.readme(withText))!).toString(), '# Sample\n')
  const other = await publishDocument(on.registry, document, { readme: '# Another' })
  assert.equal('refused' in other && other.refused, 'conflict')
  const large = await publishDocument(on.registry, documentOf({ name: 'large' }), { readme: 'x'.repeat(2 ** 20 + 1) })
  assert.ok('refused' in large && large.diagnostics[0]?.code === 'ANRF3008')
})

test('dependents are those whose code or document names a program, by ranges that the version is in', async () => {
  await publish('invoice', '1.2.0', '2.0.0')
  const source = (call: string): string =>
    `import { call } from 'anrf:programs'\nexport async function main(n: number): Promise<any> { ${call} }\n`
  const callers = {
    'caller-any': `return call('invoice', { n })`,
    'caller-one': `return call('invoice@^1', { n }, 'main')`,
    'caller-two': `const name = n > 1 ? 'other' : 'invoice@^1'; return call(name, { n })`,
    'caller-pin': `return [await call('invoice@2.0.0'), await call('nobody')]`,
  }
  for (const [name, code] of Object.entries(callers))
    accepted(await publishDocument(on.registry, compiledDocument(source(code), name)))
  accepted(
    await publishDocument(
      on.registry,
      documentOf({ name: 'declared', capabilities: [{ name: 'programs', scopes: ['invoice@~1.2'] }] }),
    ),
  )
  const dependents = async (reference: string): Promise<string[]> => {
    const found = await on.registry.dependents((await on.registry.resolve(TENANT, reference))!)
    return found.map(({ name, reference: by }) => `${name} by ${by}`).sort()
  }
  assert.deepEqual(await dependents('invoice@1.2.0'), [
    'caller-any by invoice',
    'caller-one by invoice@^1',
    'declared by invoice@~1.2',
  ])
  assert.deepEqual(await dependents('invoice@2.0.0'), ['caller-any by invoice', 'caller-pin by invoice@2.0.0'])
})

test('a search finds the newest version of what has all its words, the best first', async () => {
  const parts = (name: string, description: string, tags: readonly string[] = []) => ({ name, description, tags })
  for (const version of ['1.0.0', '1.1.0'])
    accepted(
      await publishDocument(on.registry, documentOf({ ...parts('tax-report', 'Sums up taxes', ['money']), version })),
    )
  accepted(await publishDocument(on.registry, documentOf(parts('sums', 'Adds numbers for a report'))))
  accepted(
    await publishDocument(
      on.registry,
      documentOf({ ...parts('fetcher', 'Reads a tax table'), capabilities: [{ name: 'http' }] }),
      { readme: 'Überprüfung of reportTables' },
    ),
  )
  const search = async (text?: string, more: { tag?: string; capability?: string } = {}): Promise<string[]> =>
    (await on.registry.search(TENANT, { text, ...more }, 10)).map(({ name, version }) => `${name}@${version}`)
  assert.deepEqual(await search('report'), ['tax-report@1.1.0', 'sums@1.0.0', 'fetcher@1.0.0'])
  assert.deepEqual(await search('rep tax'), ['tax-report@1.1.0', 'fetcher@1.0.0'])
  assert.deepEqual(await search('überprüfung'), ['fetcher@1.0.0'])
  assert.deepEqual(await search('tables'), ['fetcher@1.0.0'])
  assert.deepEqual(await search('tax', { capability: 'http' }), ['fetcher@1.0.0'])
  assert.deepEqual(await search(undefined, { tag: 'Money' }), ['tax-report@1.1.0'])
  assert.deepEqual(await search(undefined, { tag: 'mon' }), [])
  for (const nothing of ['nobody', '%', "' or 1=1 --", '_', '***']) assert.deepEqual(await search(nothing), [], nothing)
  const newest = await on.registry.resolve(TENANT, 'tax-report@1.1.0')
  await on.registry.yank(newest!, 'alice', 'x')
  assert.deepEqual(await search('taxes'), ['tax-report@1.0.0'])
})

test('a tenant sees nothing of another: names, digests, search, dependents', async () => {
  const document = documentOf({ name: 'private', description: 'unheard of' })
  const mine = accepted(await publishDocument(on.registry, document))
  const theirs = accepted(await publishDocument(on.registry, document, { tenant: 'other' }))
  await on.registry.yank(theirs, 'mallory', 'theirs')
  assert.equal((await on.registry.resolve(TENANT, mine.id))?.yanked, undefined)
  assert.equal(await on.registry.resolve('third', mine.id), undefined)
  assert.equal(await on.registry.resolve('third', 'private'), undefined)
  assert.deepEqual(await on.registry.search('third', { text: 'unheard' }, 10), [])
  accepted(
    await publishDocument(
      on.registry,
      documentOf({ name: 'spy', capabilities: [{ name: 'programs', scopes: ['private'] }] }),
      { tenant: 'other' },
    ),
  )
  assert.deepEqual(await on.registry.dependents(mine), [])
})

test('words are of any script, small, and the parts of camelCase too', () => {
  assert.deepEqual(wordsOf('sumOfLines, v2 — 売上 ＡＢＣ'), ['sumoflines', 'sum', 'of', 'lines', 'v2', '売上', 'abc'])
})
