import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runDurability } from './run.ts'

// `npm run durability -- --kills 200` does the same for longer.
test('kills at random points lose no acknowledged execution and repeat no effect', async (t) => {
  const seed = Date.now() % 2 ** 31
  t.diagnostic(`seed ${seed}`)
  const report = await runDurability({ kills: 6, seed, batch: 4 })
  t.diagnostic(JSON.stringify(report))
  assert.equal(report.serviceKills + report.workerKills <= 6 && report.effects > 0, true)
})
