// Whether a store has room, on a disk that has and where files may not become large enough (setrlimit(2), as a quota would have it).
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { StoreError } from '../../src/store/index.ts'
import { watchSpace } from '../../src/store/space.ts'

const dir = mkdtempSync(join(tmpdir(), 'anrf-space-'))
after(() => rmSync(dir, { recursive: true }))

test('a disk with room is not full, whatever a write failed for, and nothing is left of looking', async () => {
  for (const fault of ['full', 'io'] as const) {
    const space = watchSpace(dir)
    assert.equal(await space.watch(Promise.resolve(7)), 7)
    await assert.rejects(space.watch(Promise.reject(new StoreError(fault, 'no'))), { fault })
    assert.equal(await space.isFull(), false)
  }
  assert.deepEqual(readdirSync(dir), [])
})

test('after a write was refused a disk is full until one of 1 MiB is taken', () => {
  const [spaceUrl, errorUrl] = ['space', 'error'].map(
    (name) => new URL(`../../src/store/${name}.ts`, import.meta.url).href,
  )
  const code = `
    import { watchSpace } from ${JSON.stringify(spaceUrl)}
    import { StoreError } from ${JSON.stringify(errorUrl)}
    const space = watchSpace(${JSON.stringify(dir)})
    const before = await watchSpace(${JSON.stringify(dir)}).isFull()
    await space.watch(Promise.reject(new StoreError('full', 'no'))).catch(() => undefined)
    console.log(before, await space.isFull())`
  const run = (limit: string): string =>
    execFileSync(
      'sh',
      ['-c', `trap '' XFSZ; ulimit -f ${limit}; exec "$0" --input-type=module -e "$1"`, process.execPath, code],
      {
        encoding: 'utf8',
      },
    )
  assert.equal(run('200'), 'false true\n')
  assert.equal(run('unlimited'), 'false false\n')
  assert.deepEqual(readdirSync(dir), [])
})
