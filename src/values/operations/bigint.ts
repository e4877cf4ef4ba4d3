import { BIGINT_BITS_MAX, bigintLength, OPS } from '../../ir/index.ts'
import type { HostOperation, ValueHost } from '../host.ts'
import { evaluate } from './evaluate.ts'

type B = bigint

/** Runs `meaning` unless the integer that it would make is larger than the memory limit. Too long for the host is a RangeError and costs nothing. */
function bounded(meaning: HostOperation, bitsOf: (a: B, b: B) => number): HostOperation {
  return (a: B, b: B, c: never, d: never, site: unknown, host: ValueHost) => {
    const bits = bitsOf(a, b)
    if (bits > 65_536 && bits <= BIGINT_BITS_MAX) host.requireMemory(bits / 8)
    return meaning(a as never, b as never, c, d, site, host)
  }
}

const bits = (x: B): number => 64 * bigintLength(x)
/** -1, 0 and 1 stay small whatever the exponent. */
const powerBits = (a: B, b: B): number =>
  a >= -1n && a <= 1n ? 64 : Number(b) * (bits(a) === 64 ? bitLength(a) : bits(a))
const bitLength = (a: B): number => Math.log2(Math.abs(Number(a))) + 1
const shifted = (a: B, by: B): number => (a === 0n || by < 0n ? 64 : bits(a) + Number(by))

/** Integers: those that may be far longer than their operands. */
export const BIGINT_OPERATIONS = {
  'bigint.mul': bounded(evaluate(OPS['bigint.mul']), (a, b) => bits(a) + bits(b)),
  'bigint.pow': bounded(evaluate(OPS['bigint.pow']), powerBits),
  'bigint.shl': bounded(evaluate(OPS['bigint.shl']), shifted),
  'bigint.shr': bounded(evaluate(OPS['bigint.shr']), (a, b) => shifted(a, -b)),
  'bigint.as_uint': bounded(evaluate(OPS['bigint.as_uint']), (n, x) => (x < 0n ? Number(n) : 64)),
} satisfies Record<string, HostOperation>
