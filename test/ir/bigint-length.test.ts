import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bigintLength } from '../../src/ir/index.ts'

/** The definition: digits of 64 bits of the magnitude, but one for what fits into 64 bits with its sign. */
const lengthOf = (x: bigint): number =>
  BigInt.asIntN(64, x) === x ? 1 : Math.ceil((x < 0n ? -x : x).toString(2).length / 64)

test('the length of integers is right around every power of two, of either sign, and beyond the table', () => {
  for (let bits = 0; bits < 4400; bits += bits % 64 > 2 && bits % 64 < 61 ? 7 : 1)
    for (const near of [-2n, -1n, 0n, 1n])
      for (const sign of [1n, -1n]) {
        const x = sign * ((1n << BigInt(bits)) + near)
        assert.equal(bigintLength(x), lengthOf(x), `${sign} * (2^${bits} + ${near})`)
      }
})
