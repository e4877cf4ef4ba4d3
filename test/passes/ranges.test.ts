// Ranges are sound: whatever an operation gives for values of some ranges is in the range that is said of it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OP_NAMES, opRow, type OpName } from '../../src/ir/index.ts'
import { signatureOf } from '../../src/ir/signature.ts'
import { rangeOfOp } from '../../src/passes/narrow/arithmetic.ts'
import { assume, RELATIONS } from '../../src/passes/narrow/compare.ts'
import { join, only, widen, type Range } from '../../src/passes/narrow/range.ts'
import { makeRandom } from '../ir/random.ts'

const EDGES = [0, 1, 2, 3, 7, 0.5, 1.5, 5e-324, 2 ** 31 - 1, 2 ** 31, 2 ** 31 + 1, 2 ** 32 - 1, 2 ** 32, 2 ** 53, 1e300]
const VALUES = [...EDGES.flatMap((x) => [x, -x]), Infinity, -Infinity, NaN]
const ROUNDS = 3000

const rangeOf = (values: readonly number[]): Range => values.map(only).reduce(join)

function isIn(value: number, { lo, hi, whole, nan, minusZero }: Range): boolean {
  if (Number.isNaN(value)) return nan
  if (Object.is(value, -0)) return minusZero
  return value >= lo && value <= hi && (!whole || Number.isInteger(value) || !Number.isFinite(value))
}

/** Operations on one or two numbers that give a number. */
const ARITHMETIC = OP_NAMES.filter((op) => {
  const { params, result, rest } = signatureOf(op)
  const isNumber = (pattern: (typeof params)[number]): boolean =>
    pattern.kind === 'plain' && (pattern.type.kind === 'f64' || pattern.type.kind === 'i32')
  return opRow(op).eval && !rest && params.length > 0 && params.length < 3 && [...params, result].every(isNumber)
})

/** Values of each operand, and a few of them each: what one range stands for. */
function chooseValues(op: OpName, { pick, int }: ReturnType<typeof makeRandom>): number[][] {
  return signatureOf(op).params.map((pattern) => {
    const isBits = pattern.kind === 'plain' && pattern.type.kind === 'i32'
    return Array.from({ length: 1 + int(3) }, () => (isBits ? pick(VALUES) | 0 : pick(VALUES)))
  })
}

for (const op of ARITHMETIC)
  test(`results of ${op} are in its range`, () => {
    const random = makeRandom(ARITHMETIC.indexOf(op))
    const result = signatureOf(op).result
    const type = result.kind === 'plain' ? result.type : assert.fail()
    const meaning = opRow(op).eval as (a: number, b?: number) => number
    for (let round = 0; round < ROUNDS; round++) {
      const [first, second = [undefined]] = chooseValues(op, random) as [number[], (number | undefined)[]?]
      const operands = second[0] === undefined ? [first] : [first, second as number[]]
      const range = rangeOfOp(op, type, operands.map(rangeOf))
      for (const a of first)
        for (const b of second)
          assert.ok(isIn(meaning(a, b), range), `${op}(${a}, ${b}) is not in ${JSON.stringify(range)}`)
    }
  })

test('what a comparison leaves of a range keeps every value for which it holds', () => {
  const random = makeRandom(1)
  for (const [op, relation] of Object.entries(RELATIONS)) {
    const holds = opRow(op as OpName).eval as (a: number, b: number) => boolean
    for (let round = 0; round < ROUNDS; round++) {
      const [left, right] = chooseValues(op as OpName, random) as [number[], number[]]
      for (const sense of [true, false]) {
        const known = assume(rangeOf(left), relation, rangeOf(right), sense)
        for (const a of left)
          for (const b of right) if (holds(a, b) === sense) assert.ok(isIn(a, known), `${a} ${relation} ${b}: ${sense}`)
      }
    }
  }
})

test('a widened range holds both that it is made of', () => {
  const random = makeRandom(2)
  for (let round = 0; round < ROUNDS; round++) {
    const [first, second] = chooseValues('f64.add', random) as [number[], number[]]
    for (const isLast of [true, false]) {
      const range = widen(rangeOf(first), rangeOf(second), isLast)
      for (const value of [...first, ...second])
        assert.ok(isIn(value, range), `${value} of ${first.join()} and ${second.join()}`)
    }
  }
})
