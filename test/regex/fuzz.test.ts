// Random patterns must match what they match in Node, and fail to be patterns with the same words.
// ANRF_FUZZ_SEED=N begins at a seed, ANRF_FUZZ_SECONDS=N goes on for a time.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ours, theirs } from './compare.ts'
import { randomCase } from './patterns.ts'
import { Random } from './random.ts'

const SEED = Number(process.env['ANRF_FUZZ_SEED'] ?? 1)
const SECONDS = Number(process.env['ANRF_FUZZ_SECONDS'] ?? 0)
/** Cases of a plain run, in batches of one seed each. */
const BATCHES = 20
const BATCH = 1_000

test('random patterns do what they do in Node', () => {
  const end = Date.now() + SECONDS * 1000
  const tally = { matched: 0, none: 0, invalid: 0, 'left out': 0 }
  let seed = SEED
  for (; seed < SEED + BATCHES || Date.now() < end; seed++) {
    const random = new Random(seed)
    for (let i = 0; i < BATCH; i++) {
      const given = randomCase(random)
      const mine = ours(given)
      if (mine === 'given up' || mine === 'unsupported') {
        tally['left out']++
        continue
      }
      assert.equal(mine, theirs(given), `seed ${seed}: ${JSON.stringify(given)}`)
      tally[mine === 'none' ? 'none' : mine.startsWith('Invalid') ? 'invalid' : 'matched']++
    }
  }
  console.log(`seeds ${SEED} to ${seed - 1}: ${JSON.stringify(tally)}`)
  assert.ok(tally.matched > BATCH * BATCHES * 0.3, 'many patterns match something')
})
