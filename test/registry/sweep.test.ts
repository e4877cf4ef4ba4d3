// Blobs that nobody needs are removed, and a publication never loses its own, however the two fall together.
import assert from 'node:assert/strict'
import { globSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { StoreError } from '../../src/store/index.ts'
import { documentOf } from './documents.ts'
import { accepted, openTestRegistry, publishDocument } from './open-registry.ts'

const running = (): boolean => false

/** Makes all blobs as old as the sweep wants them. */
function age(dir: string): void {
  for (const path of globSync(join(dir, 'blobs', '*', '*'))) utimesSync(path, 1, 1)
}

test('blobs without an artifact go when they are old, those of artifacts and READMEs stay', async () => {
  const on = await openTestRegistry()
  const artifact = accepted(await publishDocument(on.registry, documentOf(), { readme: 'x' }))
  const orphan = await on.store.blobs.put(Buffer.from('nobody needs this'))
  assert.equal((await on.registry.tidy(running)).removed, 0)
  age(on.dir)
  assert.equal((await on.registry.tidy(running)).removed, 1)
  assert.equal(on.store.blobs.has(orphan), false)
  assert.ok('opened' in (await on.registry.load(artifact)))
  assert.equal(Buffer.from((await on.registry.readme(artifact))!).toString(), 'x')
  on.close()
})

test('publications and sweeps at the same time lose nothing', async () => {
  const on = await openTestRegistry()
  const documents = Array.from({ length: 20 }, (_, i) => documentOf({ version: `1.0.${i}` }))
  for (let round = 0; round < 5; round++) {
    const work = documents.map(async (document) => {
      const result = await publishDocument(on.registry, document)
      age(on.dir)
      return result
    })
    const sweeps = Array.from({ length: 5 }, () => on.registry.tidy(running))
    const [results] = await Promise.all([Promise.all(work), Promise.all(sweeps)])
    for (const artifact of results.map(accepted)) assert.ok(on.store.blobs.has(artifact.blob), String(artifact.version))
  }
  on.close()
})

test('a changed byte on disk is a typed failure, never a run, and publishing again mends it', async () => {
  const on = await openTestRegistry()
  const document = documentOf()
  const artifact = accepted(await publishDocument(on.registry, document))
  const [path] = globSync(join(on.dir, 'blobs', '*', artifact.blob.slice(9)))
  writeFileSync(path!, 'something else')
  const isCorrupt = (error: unknown): boolean => error instanceof StoreError && error.fault === 'corrupt'
  await assert.rejects(on.registry.load(artifact), isCorrupt)
  accepted(await publishDocument(on.registry, document))
  assert.ok('opened' in (await on.registry.load(artifact)))
  on.close()
})
