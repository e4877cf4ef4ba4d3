import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CAPABILITIES, formatLog } from '../../src/effects/index.ts'
import { OP_NAMES, opRow } from '../../src/ir/index.ts'

test('every operation that is seen outside belongs to a capability, and every capability to one', () => {
  const outside = OP_NAMES.filter((name) => opRow(name).effect === 'world')
  assert.deepEqual(
    Object.entries(CAPABILITIES)
      .flatMap(([capability, { ops }]) => ops.map((op) => [op, capability]))
      .sort(),
    outside.map((op) => [op, opRow(op).capability]).sort(),
  )
})

test('a format string in first place counts, as in Node', () => {
  assert.equal(formatLog(['%s has %d%%', 'a', 5, { b: 1 }]), 'a has 5% { b: 1 }')
  assert.equal(formatLog([]), '')
})
