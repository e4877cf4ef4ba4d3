import { pure, type OpRow } from './row.ts'

type N = number

const DOUBLE = new Float64Array(1)
const SINGLE = new Float32Array(DOUBLE.buffer)
const WORDS = new Uint32Array(DOUBLE.buffer)

/** The bits of a number, NaN always the same: ECMA-262 leaves to engines which of its bit patterns they give. */
function bitsOf(x: N): readonly [low: N, high: N] {
  DOUBLE[0] = x
  return x === x ? [WORDS[0]!, WORDS[1]!] : [0, 0x7ff8_0000]
}

function fromBits(low: N, high: N): N {
  WORDS[0] = low
  WORDS[1] = high
  const [x] = DOUBLE
  return x === x ? x! : NaN
}

function singleBitsOf(x: N): N {
  SINGLE[0] = x
  return x === x ? WORDS[0]! : 0x7fc0_0000
}

function singleFromBits(bits: N): N {
  WORDS[0] = bits
  const [x] = SINGLE
  return x === x ? x! : NaN
}

const MADE = { effect: 'alloc', throws: ['RangeError'], bytes: { base: 64, per: 1, of: 'storage' } } as const
const PART = { effect: 'alloc', bytes: { base: 64 } } as const

/**
 * Operations on typed arrays and buffers (ECMA-262 23.2, 25.1) and on the bits of numbers. An index is present when it is an integer from 0 below the
 * length. What is stored is converted to the element type (table 71), what is read is the number that the element is. Elements in
 * buffers are little-endian. Codes 544-575.
 */
export const TYPED_OPS = {
  'typed.new': {
    code: 544,
    sig: '(f64) -> *',
    imm: ['object'],
    doc: 'a new typed array of so many zeros, in a buffer of its own; RangeError unless the length is an integer from 0 to 2^53-1',
    fuel: { per: 1 / 64, of: 'storage' },
    ...MADE,
  },
  'typed.view': {
    code: 545,
    sig: '(*, f64, f64) -> *',
    imm: ['object'],
    doc: 'a typed array over bytes of a buffer: from an offset that is a multiple of the element size, so many elements; traps where they are not all in it',
    traps: ['index-out-of-bounds'],
    ...PART,
  },
  'typed.window': {
    code: 546,
    sig: '(*, f64, f64) -> *',
    doc: 'a typed array over elements of another: from an index, so many of them; traps where they are not all in it',
    traps: ['index-out-of-bounds'],
    ...PART,
  },
  'typed.length': { code: 547, sig: '(*) -> f64', doc: 'the number of elements', effect: 'read' },
  'typed.offset': {
    code: 548,
    sig: '(*) -> f64',
    doc: 'where the first element is in the buffer, in bytes',
    effect: 'read',
  },
  'typed.buffer': { code: 549, sig: '(*) -> *', doc: 'the buffer', effect: 'read' },
  'typed.get': {
    code: 550,
    sig: '(*, f64) -> f64',
    imm: ['name'],
    doc: 'the element at an index; traps when it is not present. The immediate is the name of the definition, here and in the next rows',
    effect: 'read',
    traps: ['index-out-of-bounds'],
  },
  'typed.get_opt': {
    code: 551,
    sig: '(*, f64) -> f64?',
    imm: ['name'],
    doc: 'the element at an index, undefined when it is not present',
    effect: 'read',
  },
  'typed.get_nan': {
    code: 552,
    sig: '(*, f64) -> f64',
    imm: ['name'],
    doc: 'the element at an index, NaN when it is not present',
    effect: 'read',
  },
  'typed.get_i32': {
    code: 553,
    sig: '(*, f64) -> i32',
    imm: ['name'],
    doc: 'ToInt32 of the element at an index, which is an integer; traps when it is not present',
    effect: 'read',
    traps: ['index-out-of-bounds'],
  },
  'typed.bits': {
    code: 554,
    sig: '(*, f64) -> i32',
    imm: ['name'],
    doc: 'ToInt32 of the element at an index, which is an integer; 0 when it is not present',
    effect: 'read',
  },
  'typed.set': {
    code: 555,
    sig: '(*, f64, f64) -> undefined',
    imm: ['name'],
    doc: 'sets the element at an index; nothing when it is not present',
    effect: 'write',
  },
  'typed.fill': {
    code: 556,
    sig: '(*, f64, f64, f64) -> undefined',
    doc: 'sets the elements from an index to another, exclusive, to a value; traps unless these are integers from 0 to the length, the first not greater',
    effect: 'write',
    fuel: { per: 1 / 8, of: 'arg0' },
    traps: ['index-out-of-bounds'],
  },
  'typed.copy': {
    code: 557,
    sig: '(*, *, f64, f64) -> undefined',
    doc: 'copies elements of the second operand, of the same element type, from the index in the fourth on, to the first from the index in the third on, as many as both have, as if they were read before any is written; traps unless the indexes are integers from 0 to the lengths. Between views bytes are copied',
    effect: 'write',
    fuel: { per: 1 / 8, of: 'less' },
    traps: ['index-out-of-bounds'],
  },
  'buffer.new': {
    code: 558,
    sig: '(f64) -> *',
    imm: ['object'],
    doc: 'a new buffer of so many bytes that are 0; RangeError unless the length is an integer from 0 to 2^53-1',
    fuel: { per: 1 / 64, of: 'storage' },
    ...MADE,
  },
  'buffer.length': { code: 559, sig: '(*) -> f64', doc: 'the number of bytes', effect: 'read' },
  'f64.low_bits': pure(
    560,
    '(f64) -> f64',
    'the low 32 bits of a double (IEEE 754 binary64), unsigned',
    (x: N) => bitsOf(x)[0],
  ),
  'f64.high_bits': pure(561, '(f64) -> f64', 'the high 32 bits of a double, unsigned', (x: N) => bitsOf(x)[1]),
  'f64.from_bits': pure(
    562,
    '(f64, f64) -> f64',
    'the double whose low and high 32 bits are those of the operands',
    fromBits,
  ),
  'f32.bits': pure(563, '(f64) -> f64', 'the bits of a number rounded to a single (binary32), unsigned', singleBitsOf),
  'f32.from_bits': pure(
    564,
    '(f64) -> f64',
    'the single whose bits are the low 32 bits of the operand',
    singleFromBits,
  ),
} as const satisfies Record<string, OpRow>
