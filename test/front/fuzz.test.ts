// Random well-typed programs must do in ANRF what they do in Node, values, logs and exceptions alike.
// ANRF_FUZZ_SEED=N begins at a seed, ANRF_FUZZ_SECONDS=N goes on for a time.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compareSeeds } from './fuzz/compare.ts'

const BATCH = 40
const SEED = Number(process.env['ANRF_FUZZ_SEED'] ?? 1)
const SECONDS = Number(process.env['ANRF_FUZZ_SECONDS'] ?? 0)
/** Programs of a plain run. */
const COUNT = 120

test('generated programs do what they do in Node', async () => {
  const tally: Record<string, number> = {}
  const end = Date.now() + SECONDS * 1000
  let seed = SEED
  for (; seed < SEED + COUNT || Date.now() < end; seed += BATCH) {
    const verdicts = await compareSeeds(Array.from({ length: BATCH }, (_, i) => seed + i))
    for (const { kind } of verdicts) tally[kind] = (tally[kind] ?? 0) + 1
    const bad = verdicts.find(({ kind }) => kind === 'different' || kind === 'crashed')
    assert.equal(bad && `seed ${bad.seed} ${bad.kind}: ${bad.detail}\n${bad.source}`, undefined)
  }
  console.log(`seeds ${SEED} to ${seed - 1}: ${JSON.stringify(tally)}`)
  const equal = tally['equal'] ?? 0
  assert.ok(equal > (seed - SEED) / 2, 'most generated programs are compiled and run to their end')
})
