import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runDurability } from './run.ts'

// `npm run durability -- --kills 1000` does the same for longer.
test('kills at random points lose nothing that was acknowledged and repeat no effect', async (t) => {
  const seed = Date.now() % 2 ** 31
  t.diagnostic(`seed ${seed}`)
  const report = await runDurability({ kills: 5, seed, batch: 6 })
  t.diagnostic(JSON.stringify(report))
  assert.equal(report.serviceKills, 5)
  assert.ok(report.executions > 0 && report.effects > 0 && report.deepChecks > 0)
})
