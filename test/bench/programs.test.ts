// The programs that are measured give their checksums in every mode and in Node; a figure of a wrong program says nothing.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileToModule, prepare, runOnce } from '../../bench/anrf.ts'
import { describeGoals } from '../../bench/goals.ts'
import { geometricMean, median, spread } from '../../bench/measure.ts'
import { openInNode } from '../../bench/peers.ts'
import { IDIOMS, PROGRAMS } from '../../bench/programs.ts'
import type { Mode } from '../../src/base/index.ts'
import { MODES } from '../../src/engine/index.ts'

for (const [name, { small }] of Object.entries({ ...PROGRAMS, ...IDIOMS }))
  test(`${name} gives its checksum in every mode and in Node`, async () => {
    const program = prepare(compileToModule(name))
    for (const mode of Object.keys(MODES) as Mode[]) assert.equal(runOnce(program, mode, small.n), small.checksum, mode)
    assert.equal((await openInNode(name)).run(small.n), small.checksum)
  })

test('the middle, the spread and the mean of ratios', () => {
  assert.equal(median([3, 1, 2]), 2)
  assert.equal(median([4, 1, 2, 3]), 2.5)
  assert.equal(spread([10, 10, 10]), 0)
  assert.equal(spread([8, 10, 12]), 0.1)
  assert.equal(geometricMean([0.5, 2]), 1)
})

test('a goal is met or missed, and not spoken of when its figure was not measured', () => {
  const [line, ...others] = describeGoals([{ name: 'geomean jit/node', value: 0.8, unit: 'x' }])
  assert.match(line!, /^missed geomean jit\/node +0.80x {2}\(at most 0.75x\)$/)
  assert.deepEqual(others, [])
  assert.match(describeGoals([{ name: 'run of a cached program', value: 0.5, unit: 'ms' }])[0]!, /^met /)
})
