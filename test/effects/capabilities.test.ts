import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CAPABILITIES } from '../../src/effects/index.ts'
import { OP_NAMES, opRow } from '../../src/ir/index.ts'

test('every operation that asks or tells the world has its capability, and each capability its operations', () => {
  const asking = OP_NAMES.filter((name) => (opRow(name).capability ?? '*') !== '*')
  assert.deepEqual(
    Object.entries(CAPABILITIES)
      .flatMap(([capability, { ops }]) => ops.map((op) => [op, capability]))
      .sort(),
    asking.map((op) => [op, opRow(op).capability]).sort(),
  )
  const outside = OP_NAMES.filter((name) => opRow(name).effect === 'world' && !asking.includes(name))
  assert.deepEqual(outside.sort(), ['effect.answer', 'effect.cancel', 'effect.next', 'effect.start'])
})
