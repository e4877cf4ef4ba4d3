import assert from 'node:assert/strict'
import { test } from 'node:test'
import { enlargeBanks, giveBackBanks, takeBanks, type BankSet } from '../../src/interp/bank-set.ts'

const lengthsOf = ({ F, I, R, S }: BankSet): readonly number[] => [F, I, R, S].map(({ length }) => length)

function fill({ F, I, R, S }: BankSet): void {
  F.fill(1.5)
  I.fill(7)
  R.fill('of another run')
  S.fill(9)
}

test('banks that a run has left are empty for the next one', () => {
  const first = takeBanks(10)
  fill(first)
  giveBackBanks(first)
  const next = takeBanks(10)
  assert.equal(next.F, first.F)
  assert.deepEqual([...new Set([...next.F, ...next.I, ...next.S])], [0])
  assert.deepEqual([...new Set(next.R)], [undefined])
})

test('two runs at once never have the same banks', () => {
  giveBackBanks(takeBanks(10))
  const [one, other] = [takeBanks(10), takeBanks(10)]
  assert.notEqual(one.F, other.F)
  assert.notEqual(one.R, other.R)
})

test('banks grow by doubling, keep what they hold, and are not kept then', () => {
  const small = takeBanks(10)
  fill(small)
  const large = enlargeBanks(small, 200)
  assert.deepEqual(lengthsOf(large), [256, 256, 256, 256])
  assert.deepEqual([large.F[63], large.F[64], large.R[63], large.R[64]], [1.5, 0, 'of another run', undefined])
  giveBackBanks(large)
  assert.deepEqual(lengthsOf(takeBanks(10)), [64, 64, 64, 64])
})
