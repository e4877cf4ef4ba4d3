import type { OpRow } from './row.ts'

const element = { effect: 'read' } as const
const BUILT = { effect: 'alloc', fuel: { per: 1 / 8, of: 'result' }, bytes: { base: 32, per: 8, of: 'result' } } as const
const SEARCH = { effect: 'read', fuel: { per: 1 / 4, of: 'arg0' } } as const
const MOVE = { effect: 'write', fuel: { per: 1 / 8, of: 'arg0' } } as const

/** Operations on arrays and tuples. An index is present when it is an integer below the length and no hole. Codes 192-255. */
export const ARRAY_OPS = {
  'array.new': { code: 192, sig: '(...T) -> array<T>', imm: ['type'], doc: 'a new array of the operands; the immediate is the element type', effect: 'alloc', bytes: { base: 32, per: 8, of: 'count' } },
  'array.holes': {
    code: 193,
    sig: '(f64) -> *',
    imm: ['type'],
    doc: 'new Array(n): a new array of n holes; RangeError unless n is an integer from 0 to 2^32-1',
    effect: 'alloc',
    fuel: { per: 1 / 8, of: 'number0' },
    bytes: { base: 32, per: 8, of: 'number0' },
    throws: ['RangeError'],
  },
  'array.length': { code: 194, sig: '(array<T>) -> f64', doc: 'the length', ...element },
  'array.get': { code: 195, sig: '(array<T>, f64) -> T', doc: 'the element at an index; traps when it is not present', effect: 'read', traps: ['index-out-of-bounds'] },
  'array.get_opt': { code: 196, sig: '(array<T>, f64) -> T?', doc: 'the element at an index, undefined when it is not present', ...element },
  'array.get_nan': { code: 197, sig: '(array<f64>, f64) -> f64', doc: 'the element at an index, NaN when it is not present: what arithmetic makes of undefined', ...element },
  'array.set': {
    code: 198,
    sig: '(array<T>, f64, T) -> undefined',
    doc: 'sets the element at an index from 0 to 2^32-2; beyond the length the array grows, with holes between. Traps at any other index, where JavaScript would set a property',
    effect: 'write',
    bytes: { per: 8, of: 'growth' },
    traps: ['index-out-of-bounds'],
  },
  'array.set_length': { code: 199, sig: '(array<T>, f64) -> undefined', doc: 'truncates, or extends with holes', effect: 'write', bytes: { per: 8, of: 'growth' }, throws: ['RangeError'] },
  'array.has': { code: 200, sig: '(array<T>, f64) -> bool', doc: 'whether the index is present', ...element },
  'array.push': { code: 201, sig: '(array<T>, T) -> f64', doc: 'appends an element; the new length', effect: 'write', bytes: { base: 8 } },
  'array.append': {
    code: 202,
    sig: '(array<T>, array<T>) -> f64',
    doc: 'appends all elements of the second array as iteration gives them; the new length. A hole is undefined where T admits it and traps elsewhere',
    effect: 'write',
    fuel: { per: 1 / 8, of: 'arg1' },
    bytes: { per: 8, of: 'arg1' },
    traps: ['index-out-of-bounds'],
  },
  'array.pop': { code: 203, sig: '(array<T>) -> T?', doc: 'removes and returns the last element', effect: 'write' },
  'array.shift': { code: 204, sig: '(array<T>) -> T?', doc: 'removes and returns the first element', effect: 'write', fuel: { per: 1 / 64, of: 'arg0' } },
  'array.prepend': { code: 205, sig: '(array<T>, array<T>) -> f64', doc: 'unshift with the elements of the second array; the new length', effect: 'write', fuel: { per: 1 / 8, of: 'both' }, bytes: { per: 8, of: 'arg1' } },
  'array.slice': { code: 206, sig: '(array<T>, f64, f64) -> array<T>', doc: 'slice(start, end); holes stay holes', ...BUILT },
  'array.concat': { code: 207, sig: '(array<T>, array<T>) -> array<T>', doc: 'concat; holes stay holes', ...BUILT },
  'array.splice': {
    code: 208,
    sig: '(array<T>, f64, f64, array<T>) -> array<T>',
    doc: 'splice(start, count, ...items); the removed elements',
    effect: 'write',
    fuel: { per: 1 / 8, of: 'arg0' },
    bytes: { base: 32, per: 8, of: 'both' },
  },
  'array.reverse': { code: 209, sig: '(array<T>) -> array<T>', doc: 'reverses in place; the same array', ...MOVE },
  'array.fill': { code: 210, sig: '(array<T>, T, f64, f64) -> array<T>', doc: 'fill(value, start, end); the same array', ...MOVE },
  'array.copy_within': { code: 211, sig: '(array<T>, f64, f64, f64) -> array<T>', doc: 'copyWithin(target, start, end); the same array', ...MOVE },
  'array.index_of': { code: 212, sig: '(array<T>, T, f64) -> f64', doc: 'indexOf(value, from) by strict equality', ...SEARCH },
  'array.last_index_of': { code: 213, sig: '(array<T>, T, f64) -> f64', doc: 'lastIndexOf(value, from)', ...SEARCH },
  'array.includes': { code: 214, sig: '(array<T>, T, f64) -> bool', doc: 'includes(value, from) by SameValueZero; a hole counts as undefined', ...SEARCH },
  'array.join': {
    code: 215,
    sig: '(array<T>, string) -> string',
    doc: 'join(separator): holes, undefined and null give nothing, other elements what dyn.to_string gives',
    effect: 'read',
    fuel: { per: 1, of: 'arg0' },
    bytes: { base: 16, per: 2, of: 'result' },
  },
  'tuple.new': { code: 224, sig: '(...*) -> *', imm: ['type'], doc: 'a new tuple of the operands; the immediate is its type', effect: 'alloc', bytes: { base: 32, per: 8, of: 'count' } },
  'tuple.get': { code: 225, sig: '(*) -> *', imm: ['index'], doc: 'the element at a constant index below the length', effect: 'read' },
  'tuple.set': { code: 226, sig: '(*, *) -> undefined', imm: ['index'], doc: 'sets the element at a constant index below the length', effect: 'write' },
} as const satisfies Record<string, OpRow>
