import assert from 'node:assert/strict'
import { globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { documentId } from '../../src/document/index.ts'
import { createRegistry, type PublishResult, type Registry } from '../../src/registry/index.ts'
import { createCache } from '../../src/registry/cache.ts'
import { openStore, StoreError, type Store } from '../../src/store/index.ts'
import { troubleDocument, troubleDocumentBytes } from '../service/programs.ts'

const dir = mkdtempSync(join(tmpdir(), 'anrf-registry-'))
let store: Store
let registry: Registry
before(async () => {
  store = await openStore(dir)
  registry = createRegistry({ store })
})
after(() => {
  store.close()
  rmSync(dir, { recursive: true })
})

const publish = (version: string, description?: string): Promise<PublishResult> =>
  registry.publish({ bytes: troubleDocumentBytes(version, description), tenant: 'default', publishedBy: 'test' })

test('what is published is found by digest, version and name, and loads', async () => {
  for (const version of ['1.0.0', '1.2.0', '1.10.0', '2.0.0-beta']) assert.ok('artifact' in (await publish(version)))
  const id = documentId(troubleDocument('1.2.0'))
  assert.equal((await registry.resolve('default', 'trouble'))?.version, '1.10.0')
  assert.equal((await registry.resolve('default', 'trouble@1.2.0'))?.id, id)
  assert.equal((await registry.resolve('default', id))?.version, '1.2.0')
  for (const reference of ['', '@', 'trouble@', 'trouble@latest', 'trouble@3', 'sha256:', "' or 1=1", 'TROUBLE'])
    assert.equal(await registry.resolve('default', reference), undefined, reference)
  const loaded = await registry.load((await registry.resolve('default', id))!)
  assert.ok('opened' in loaded && loaded.opened.id === id)
})

test('a version is taken for ever, and publishing the same again changes nothing', async () => {
  const first = await publish('3.0.0')
  const again = await publish('3.0.0')
  assert.ok('artifact' in first && 'artifact' in again)
  assert.deepEqual([first.isNew, again.isNew], [true, false])
  assert.equal(again.artifact.publishedAt, first.artifact.publishedAt)
  const other = await publish('3.0.0', 'Another program')
  assert.equal('refused' in other && other.refused, 'conflict')
})

test('of two that publish one version at the same time one wins', async () => {
  const results = await Promise.all(['a', 'b', 'c'].map((description) => publish('4.0.0', description)))
  assert.equal(results.filter((result) => 'artifact' in result).length, 1)
})

test('a changed blob is not loaded', async () => {
  const published = await publish('5.0.0')
  assert.ok('artifact' in published)
  const { blob } = published.artifact
  const [path] = globSync(join(dir, 'blobs', blob.slice(7, 9), blob.slice(9)))
  writeFileSync(path!, troubleDocumentBytes('5.0.1'))
  await assert.rejects(
    registry.load(published.artifact),
    (error) => error instanceof StoreError && error.fault === 'corrupt',
  )
})

test('the cache loads a key once at a time, forgets what was used least, and never keeps a failure', async () => {
  const loads: string[] = []
  const cache = createCache<string>(2, (value) => value !== 'bad')
  const get = (key: string, value = key): Promise<string> =>
    cache.get(key, async () => {
      loads.push(key)
      if (value === 'throw') throw new Error('no')
      return value
    })
  await Promise.all([get('a'), get('a')])
  await get('b')
  await get('a')
  await get('c')
  await get('a')
  await get('b')
  assert.deepEqual(loads, ['a', 'b', 'c', 'b'])
  await get('d', 'bad')
  await get('d', 'bad')
  await assert.rejects(get('e', 'throw'))
  assert.equal(await get('e'), 'e')
  assert.deepEqual(loads.slice(4), ['d', 'd', 'e', 'e'])
})
