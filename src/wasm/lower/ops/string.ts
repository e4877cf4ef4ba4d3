import { STRING_LENGTH_MAX, type Expr } from '../../../ir/index.ts'
import { EXTERNREF, F64, HEAP, I32 } from '../../encoder/index.ts'
import { pushNone } from '../slots.ts'
import type { FuncLowering, OpExpr } from '../func.ts'
import { index, position } from '../numbers.ts'
import { optionalOf } from '../../layout/values.ts'
import { stringsFromHost } from '../../runtime/arrays.ts'
import { equalTexts, mayHaveUnit, sliceText, substringText, textOfUnit } from '../../runtime/strings.ts'
import { testTypeof } from './dynamic.ts'
import { equalTags } from '../tags.ts'
import { comparesUnits, unitAt } from './units.ts'
import { helper, inLocals, onStack, type Lower } from './combine.ts'

/**
 * Strings are the host's, and these are the leaf operations on them (docs/decisions/0012). What scanning and building
 * programs do all the time is code in place; everything else is the operation of the host.
 */

const hosted: Lower = onStack((_c, f, e) => f.call(f.m.imports.operation(e.op)))

const codeAt: Lower = (f, e) =>
  unitAt(
    f,
    e,
    position,
    F64,
    () => void f.c.op('f64.convert_i32_u'),
    () => void f.c.f64(NaN),
  )

/** ToInt32 of the code unit; there is none where NaN would be. */
export const wholeCodeAt: Lower = (f, e) =>
  unitAt(
    f,
    e,
    position,
    I32,
    () => undefined,
    () => void f.c.i32(0),
  )

const charAt: Lower = (f, e) => {
  const { c, m } = f
  const one = (): void => void c.call(textOfUnit(m))
  unitAt(f, e, position, EXTERNREF, one, () => void c.globalGet(m.string('')))
}

const at: Lower = (f, e) => {
  const { c, m } = f
  const one = (): void => void c.call(textOfUnit(m))
  unitAt(f, e, index, EXTERNREF, one, () => c.refNull(HEAP.extern, true))
}

const get: Lower = (f, e) => {
  const { c, m } = f
  const one = (): void => void c.call(textOfUnit(m))
  const missing = (): void => {
    f.at(e.span)
    f.trap('index-out-of-bounds')
  }
  unitAt(f, e, index, EXTERNREF, one, missing)
}

const order = (sense: 'i32.lt_s' | 'i32.le_s'): Lower => {
  const ofAny = onStack((c, f) => void c.call(f.m.imports.builtin('compare')).i32(0).op(sense))
  return (f, e) => comparesUnits(f, e) || ofAny(f, e)
}

const equal: Lower = (f, e) => testTypeof(f, e) || comparesTags(f, e) || comparesUnits(f, e) || helper(equalTexts)(f, e)

/** Tags and texts that are compared with them are short: comparing two takes one unit of fuel, unless one is empty, which no tag is. */
function comparesTags(f: FuncLowering, e: OpExpr): boolean {
  const [a, b] = e.args as readonly [Expr, Expr]
  if (!equalTags(f, a, b, [])) return false
  f.at(e.span)
  if (![a, b].some((side) => side.kind === 'const' && side.value === '')) f.burn(1)
  return true
}

/** Strings beyond the host's bound are a RangeError, after the charges. */
const concat: Lower = inLocals((f, [a, b]) => {
  const { c, m } = f
  const length = m.imports.builtin('length')
  c.get(a!).call(length).get(b!).call(length).op('i32.add').i32(STRING_LENGTH_MAX).op('i32.gt_u').rarely().if()
  f.fail('raiseStringLength')
  c.end()
  c.get(a!).get(b!).call(m.imports.builtin('concat'))
})

/** Prefixes up to this length are compared unit by unit. */
const PREFIX_MAX = 4

/** Whether a string begins with another, which mostly is a short constant. */
const startsWith: Lower = (f, e) => {
  const [, search, from] = e.args as readonly [Expr, Expr, Expr]
  const prefix = search.kind === 'const' ? (search.value as string) : ''
  const isShort = prefix.length > 0 && prefix.length <= PREFIX_MAX
  if (!isShort || from.kind !== 'const' || from.value !== 0) return hosted(f, e)
  shortPrefix(f, e, prefix)
}

function shortPrefix(f: FuncLowering, e: OpExpr, prefix: string): void {
  inLocals((_, [text]) => {
    const { c, m } = f
    c.get(text!).call(m.imports.builtin('length')).i32(prefix.length).op('i32.ge_u').if(I32)
    for (let i = 0; i < prefix.length; i++) {
      c.get(text!).i32(i).call(m.imports.builtin('charCodeAt')).i32(prefix.charCodeAt(i)).op('i32.eq')
      if (i < prefix.length - 1) c.if(I32)
    }
    for (let i = 0; i < prefix.length; i++) c.else().i32(0).end()
  })(f, e)
}

/** Replacing one unit, which short texts mostly do not have: what escapes does that with every text. */
const replace: Lower = (f, e) => {
  const search = e.args[1]!
  const unit = search.kind === 'const' ? (search.value as string) : ''
  if (unit.length !== 1) return hosted(f, e)
  inLocals((_, [text, one, other]) => {
    const { c, m } = f
    c.get(text!).i32(unit.charCodeAt(0)).call(mayHaveUnit(m)).if(EXTERNREF)
    c.get(text!).get(one!).get(other!)
    f.call(m.imports.operation(e.op))
    c.else().get(text!).end()
  })(f, e)
}

const listFromHost: Lower = onStack((c, f, e) => {
  f.call(f.m.imports.operation(e.op))
  c.call(stringsFromHost(f.m))
})

export const STRING_OPS = {
  'string.length': ((f, e) => {
    f.value(e.args[0]!)
    f.c.call(f.m.imports.builtin('length')).op('f64.convert_i32_s')
  }) as Lower,
  'string.concat': concat,
  'string.eq': equal,
  'string.lt': order('i32.lt_s'),
  'string.le': order('i32.le_s'),
  'string.at': at,
  'string.char_at': charAt,
  'string.relative_at': hosted,
  'string.code_at': codeAt,
  'string.code_point_at': onStack((c, f, e) => {
    const optional = optionalOf(e.type)!
    f.call(f.m.imports.operation(e.op))
    f.withLocal(F64, (x) => {
      c.set(x)
      pushNone(f.m, c, optional)
      c.get(x).get(x).get(x).op('f64.ne').select(F64)
    })
  }),
  'string.slice': helper(sliceText),
  'string.substring': helper(substringText),
  'string.substr': hosted,
  'string.index_of': hosted,
  'string.last_index_of': hosted,
  'string.includes': hosted,
  'string.starts_with': startsWith,
  'string.ends_with': hosted,
  'string.repeat': hosted,
  'string.pad_start': hosted,
  'string.pad_end': hosted,
  'string.trim': hosted,
  'string.trim_start': hosted,
  'string.trim_end': hosted,
  'string.to_upper': hosted,
  'string.to_lower': hosted,
  'string.replace': replace,
  'string.replace_all': replace,
  'string.to_number': hosted,
  'string.parse_int': hosted,
  'string.parse_float': hosted,
  'string.from_code': ((f, e) => {
    f.value({ kind: 'op', op: 'f64.to_i32', imm: [], args: e.args, type: { kind: 'i32' }, span: e.span })
    f.at(e.span)
    f.allocate(16)
    // What is beyond a code unit is cut off (22.1.2.1).
    f.c.i32(0xffff).op('i32.and').call(textOfUnit(f.m))
  }) as Lower,
  'string.from_code_point': hosted,
  'string.locale_compare': hosted,
  'string.normalize': hosted,
  'string.truthy': ((f, e) => {
    f.value(e.args[0]!)
    f.c.call(f.m.imports.builtin('length')).i32(0).op('i32.ne')
  }) as Lower,
  'string.split': listFromHost,
  'string.get': get,
  'string.to_index': hosted,
  'string.chars': listFromHost,
}
