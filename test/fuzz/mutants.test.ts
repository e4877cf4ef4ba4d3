// `npm run fuzz -- --kind mutants` changes programs of the goldens: a seed always gives the same program, and most are programs still.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeRandom } from '../ir/random.ts'
import { ENGINES } from './engines.ts'
import { mutateSource } from './mutants/mutate.ts'
import { judgeMutant } from './mutants/session.ts'
import { emptyTally } from './tally.ts'

const SOURCE = `
type Item = { name: string; price: number; tags?: string[] }
const items: Item[] = [{ name: 'a', price: 3, tags: ['x'] }, { name: 'b', price: -1 }]
export function main(limit: number): unknown {
  let total = 0
  for (const { price, tags = [] } of items) if (price < limit) total += price + tags.length
  return [total, items.map((item) => item.tags?.[0] ?? item.name), items.find((item) => item.price > limit)?.name]
}
`
const SEEDS = 60

test('a seed gives one program, and seeds give many', () => {
  const texts = Array.from({ length: SEEDS }, (_, seed) => mutateSource(SOURCE, makeRandom(seed)))
  assert.deepEqual(
    texts,
    texts.map((_, seed) => mutateSource(SOURCE, makeRandom(seed))),
  )
  assert.ok(new Set(texts).size > SEEDS * 0.8)
})

test('changed programs are refused, or do in every mode what they do in Node', async () => {
  const tally = emptyTally()
  for (let seed = 0; seed < SEEDS; seed++) {
    const source = mutateSource(SOURCE, makeRandom(seed))
    const calls = [{ entry: 'main', args: [2] }]
    const found = await judgeMutant({ seed, isModule: true, source, calls }, ENGINES, tally)
    assert.equal(found, undefined, `seed ${seed}: ${found?.text}\n${source}`)
  }
  assert.ok(tally.runs > SEEDS / 2, JSON.stringify(tally.ends))
  assert.ok((tally.ends['refused'] ?? 0) > 0)
})
