import { BOOL, F64, I32, optional, STRING, UNDEFINED, type Expr } from '../../../src/ir/index.ts'
import { findOwnLists } from '../../../src/wasm/lower/own-lists.ts'
import {
  constant,
  isLeaf,
  make,
  otherOp,
  otherOperand,
  swapped,
  wrongOp,
  type FuncSite,
  type SeededBug,
} from './mutation.ts'

const number = (at: Expr, value: number): Expr => constant(at, value, F64)
/** Whether a list is one of those whose storage and length compiled code keeps in locals of their own. */
const isOwnList = (list: Expr, { func }: FuncSite): boolean =>
  list.kind === 'local' && findOwnLists(func).has(list.local)
/** An index that may be evaluated twice: the end of a list too. */
const isPlace = (e: Expr): boolean => isLeaf(e) || (e.kind === 'op' && e.op === 'array.length' && e.args.every(isLeaf))
const plusOne = (arg: Expr): Expr => make(arg, 'f64.add', F64, [arg, number(arg, 1)])

export const STRING_BUGS: readonly SeededBug[] = [
  { name: 'string.slice ends one late', area: 'strings', mutate: otherOperand('string.slice', 2, plusOne) },
  { name: 'string.substring is string.slice', area: 'strings', mutate: otherOp('string.substring', 'string.slice') },
  {
    name: 'string.relative_at does not count from the end',
    area: 'strings',
    mutate: otherOp('string.relative_at', 'string.at'),
  },
  { name: 'string.lt is string.le', area: 'strings', mutate: otherOp('string.lt', 'string.le') },
  { name: 'string.concat takes its operands in the wrong order', area: 'strings', mutate: swapped('string.concat') },
  {
    name: 'string.index_of begins at the start',
    area: 'strings',
    mutate: otherOperand('string.index_of', 2, (from) => number(from, 0)),
  },
  {
    name: 'string.code_at gives 0 beyond the end',
    area: 'strings',
    mutate: wrongOp('string.code_at', (e) => make(e, 'f64.from_i32', F64, [make(e, 'f64.to_i32', I32, [e])])),
  },
  {
    name: 'string.replace_all replaces once',
    area: 'strings',
    mutate: otherOp('string.replace_all', 'string.replace'),
  },
  { name: 'string.trim trims one side', area: 'strings', mutate: otherOp('string.trim', 'string.trim_start') },
  {
    name: 'string.eq compares lengths',
    area: 'strings',
    mutate: wrongOp('string.eq', (e) =>
      make(
        e,
        'f64.eq',
        BOOL,
        e.args.map((s) => make(s, 'string.length', F64, [s])),
      ),
    ),
  },
  {
    name: 'string.code_point_at knows no surrogates',
    area: 'strings',
    mutate: wrongOp('string.code_point_at', (e) =>
      make(e, 'dyn.box', optional(F64), [{ ...e, op: 'string.code_at', type: F64 }], [optional(F64)]),
    ),
  },
  {
    name: 'string.pad_start pads with a space only',
    area: 'strings',
    mutate: otherOperand('string.pad_start', 2, (fill) => constant(fill, ' ', STRING)),
  },
]

export const ARRAY_BUGS: readonly SeededBug[] = [
  {
    name: 'array.get_opt of numbers gives NaN where nothing is',
    area: 'arrays',
    mutate: wrongOp('array.get_opt', (e) => {
      const { type } = e.args[0]!
      if (type.kind !== 'array' || type.elem.kind !== 'f64') return e
      return make(e, 'dyn.box', e.type, [{ ...e, op: 'array.get_nan', type: F64 }], [e.type])
    }),
  },
  { name: 'array.get_nan traps', area: 'arrays', mutate: otherOp('array.get_nan', 'array.get') },
  {
    name: 'array.get takes fractions as indexes',
    area: 'arrays',
    mutate: otherOperand('array.get', 1, (i) => make(i, 'math.trunc', F64, [i])),
  },
  {
    name: 'array.get_nan takes indexes modulo 2^32',
    area: 'arrays',
    mutate: otherOperand('array.get_nan', 1, (i) => make(i, 'f64.from_u32', F64, [make(i, 'f64.to_i32', I32, [i])])),
  },
  { name: 'array.slice ends one late', area: 'arrays', mutate: otherOperand('array.slice', 2, plusOne) },
  {
    name: 'array.set takes indexes modulo 2^32',
    area: 'arrays',
    mutate: otherOperand('array.set', 1, (i) => make(i, 'f64.from_u32', F64, [make(i, 'f64.to_i32', I32, [i])])),
  },
  {
    name: 'array.push gives the index',
    area: 'arrays',
    mutate: wrongOp('array.push', (e) => make(e, 'f64.sub', F64, [e, number(e, 1)])),
  },
  {
    name: 'array.push to a list whose length is kept in a local leaves that length',
    area: 'arrays',
    mutate: wrongOp('array.push', (e, site) => {
      const [list, element] = e.args
      if (!isOwnList(list!, site) || !isLeaf(element!)) return e
      return plusOne(make(e, 'array.length', F64, [list!]))
    }),
  },
  {
    name: 'array.set beyond a list whose storage is kept in a local is lost',
    area: 'arrays',
    mutate: wrongOp('array.set', (e, site) => {
      const [list, at] = e.args
      if (!isOwnList(list!, site) || !isPlace(at!)) return e
      const test = make(e, 'f64.lt', BOOL, [at!, make(e, 'array.length', F64, [list!])])
      return { kind: 'cond', test, then: e, else: constant(e, undefined, UNDEFINED), type: e.type, span: e.span }
    }),
  },
  { name: 'array.pop is array.shift', area: 'arrays', mutate: otherOp('array.pop', 'array.shift') },
  {
    name: 'array.includes is a search by array.index_of',
    area: 'arrays',
    mutate: wrongOp('array.includes', (e) =>
      make(e, 'f64.ge', BOOL, [{ ...e, op: 'array.index_of', type: F64 }, number(e, 0)]),
    ),
  },
  {
    name: 'array.has compares with the length',
    area: 'arrays',
    mutate: wrongOp('array.has', (e) =>
      isLeaf(e.args[0]!) ? make(e, 'f64.gt', BOOL, [make(e, 'array.length', F64, [e.args[0]!]), e.args[1]!]) : e,
    ),
  },
  {
    name: 'array.fill goes on to the end',
    area: 'arrays',
    mutate: otherOperand('array.fill', 3, (end) => number(end, Infinity)),
  },
  { name: 'array.splice removes one more', area: 'arrays', mutate: otherOperand('array.splice', 2, plusOne) },
  {
    name: 'array.last_index_of begins at the end',
    area: 'arrays',
    mutate: otherOperand('array.last_index_of', 2, (from) => number(from, Infinity)),
  },
  { name: 'array.concat takes its operands in the wrong order', area: 'arrays', mutate: swapped('array.concat') },
  { name: 'array.append prepends', area: 'arrays', mutate: otherOp('array.append', 'array.prepend') },
  {
    name: 'tuple.get takes the next element',
    area: 'arrays',
    mutate: wrongOp('tuple.get', (e) => {
      const { type } = e.args[0]!
      const at = (e.imm[0] as number) + 1
      return type.kind === 'tuple' && type.elems[at]?.kind === e.type.kind && e.type.kind === 'f64'
        ? { ...e, imm: [at] }
        : e
    }),
  },
]
