// Whatever is altered in a log is seen, against one checkpoint that was kept elsewhere: a small run of `npm run audit-mutations`.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GO_ABSENT } from './go-verifier.ts'
import { runMutations } from './run-mutations.ts'

test('every mutation of a log is seen, by our verifier and by one in Go', async (t) => {
  const seed = Date.now() % 2 ** 31
  t.diagnostic(`seed ${seed}`)
  const { missed, controls, kinds, hasGo } = await runMutations({ folders: 150, stores: 75, seed })
  if (!hasGo) t.diagnostic(`by ours only: ${GO_ABSENT}`)
  assert.deepEqual(controls, [])
  assert.deepEqual(missed, [])
  assert.ok(Object.keys(kinds).length > 30, String(Object.keys(kinds).length))
})
