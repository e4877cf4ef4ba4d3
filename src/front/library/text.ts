import { admits, F64, membersOf, STRING, UNDEFINED, type Expr } from '../../ir/index.ts'
import { numberOf } from '../emit/bigint.ts'
import type { FunctionContext } from '../emit/context.ts'
import { isMissing, toNumber, toText } from '../emit/convert.ts'
import { emit } from '../emit/expressions.ts'
import { cond, num as number, op, str as text } from '../emit/make.ts'
import { callConversion, methodOf } from '../emit/primitive.ts'
import { FN } from '../kinds.ts'
import { padding, splitAtText } from './asked-texts.ts'
import { flowResult, method, withoutUndefined } from './leaf.ts'
import { localeCase, localeCompare, numberToLocale } from './locale.ts'
import { collectingRow, preludeRow } from './prelude.ts'
import { match, matchAll, noPattern, search, split } from './regexp.ts'
import { replacing } from './regexp-replace.ts'
import { num, str, type EmitUse, type Result, type Row } from './row.ts'

const replacer = (name: 'string.replace' | 'string.replace_all', prelude: string): Row => {
  const plain = method(name, [str(), str()], 'str')
  const withFunction = preludeRow(prelude)
  return {
    flow: (use) => {
      plain.flow(use)
      const by = use.slots[1]
      if (by) use.a.solver.watch(by, () => by.root().kinds & FN && withFunction.flow(use))
    },
    emit: (use) => {
      const by = use.args[1]
      return by && use.c.typeOf(by.value).kind === 'func' ? withFunction.emit(use) : plain.emit(use)
    },
  }
}

const concat: Row = {
  flow: (use) => flowResult(use, 'str'),
  emit: ({ c, self, args }) =>
    args.reduce((all, arg) => op('string.concat', [all, toText(c, emit(c, arg.value))], STRING, self.span), self),
}

const itself = (out: Result): Row => ({ flow: (use) => flowResult(use, out), emit: ({ self }) => self })
const booleanToString: Row = { flow: (use) => flowResult(use, 'str'), emit: ({ c, self }) => toText(c, self) }

/** Methods of strings (ECMA-262 22.1.3). */
export const STRING_METHODS: Readonly<Record<string, Row>> = {
  '@@iterator': preludeRow('string_iterator'),
  at: method('string.relative_at', [num()], 'str?'),
  charAt: method('string.char_at', [num()], 'str'),
  charCodeAt: method('string.code_at', [num()], 'num'),
  codePointAt: method('string.code_point_at', [num()], 'num?'),
  concat,
  endsWith: noPattern('endsWith', method('string.ends_with', [str(), num(Infinity)], 'bool')),
  includes: noPattern('includes', method('string.includes', [str(), num(0)], 'bool')),
  indexOf: method('string.index_of', [str(), num(0)], 'num'),
  isWellFormed: preludeRow('string_isWellFormed'),
  lastIndexOf: method('string.last_index_of', [str(), num(NaN)], 'num'),
  localeCompare: localeCompare(method('string.locale_compare', [str()], 'num')),
  match,
  matchAll,
  normalize: method('string.normalize', [str('NFC')], 'str'),
  padEnd: padding('string.pad_end'),
  padStart: padding('string.pad_start'),
  repeat: method('string.repeat', [num()], 'str'),
  replace: replacing('replace', replacer('string.replace', 'string_replace_with')),
  replaceAll: replacing('replaceAll', replacer('string.replace_all', 'string_replaceAll_with')),
  search,
  slice: method('string.slice', [num(), num(Infinity)], 'str'),
  split: split(splitAtText),
  startsWith: noPattern('startsWith', method('string.starts_with', [str(), num(0)], 'bool')),
  substr: method('string.substr', [num(), num(Infinity)], 'str'),
  substring: method('string.substring', [num(), num(Infinity)], 'str'),
  toLocaleLowerCase: localeCase(method('string.to_lower', [], 'str'), 'locale.lower'),
  toLocaleUpperCase: localeCase(method('string.to_upper', [], 'str'), 'locale.upper'),
  toLowerCase: method('string.to_lower', [], 'str'),
  toString: itself('str'),
  toUpperCase: method('string.to_upper', [], 'str'),
  toWellFormed: preludeRow('string_toWellFormed'),
  trim: method('string.trim', [], 'str'),
  trimEnd: method('string.trim_end', [], 'str'),
  trimStart: method('string.trim_start', [], 'str'),
  valueOf: itself('str'),
}

const numberToString: Row = {
  flow: (use) => flowResult(use, 'str'),
  emit: (use) => (use.args.length === 0 ? toText(use.c, use.self) : RADIX.emit(use)),
}
const RADIX = method('f64.to_radix', [num(10)], 'str')

/** A method whose digits may be left out, or be undefined, which means something else than any number of them. */
function withDigits(name: 'f64.to_precision' | 'f64.to_exponential', without: (use: EmitUse, x: Expr) => Expr): Row {
  const given = method(name, [num()], 'str')
  return {
    flow: given.flow,
    emit: (use) => {
      const { c, at, args, self } = use
      const [digits] = args
      if (!digits) return without(use, self)
      if (!admits(c.typeOf(digits.value), UNDEFINED)) return given.emit(use)
      return c.using(self, (x) =>
        c.using(emit(c, digits.value), (n) => {
          const some = op(name, [x, toNumber(c, withoutUndefined(n))], STRING, at.span)
          return cond(isMissing(n, false), without(use, x), some, at.span)
        }),
      )
    },
  }
}

const toPrecision = withDigits('f64.to_precision', ({ c }, x) => toText(c, x))
const toExponential = withDigits('f64.to_exponential', ({ at }, x) =>
  op('f64.to_exponential_all', [x], STRING, at.span),
)

/** Methods of numbers (21.1.3). */
export const NUMBER_METHODS: Readonly<Record<string, Row>> = {
  toExponential,
  toLocaleString: numberToLocale,
  toFixed: method('f64.to_fixed', [num(0)], 'str'),
  toPrecision,
  toString: numberToString,
  valueOf: itself('num'),
}

/** Methods of booleans (20.3.3). */
export const BOOLEAN_METHODS: Readonly<Record<string, Row>> = {
  toString: booleanToString,
  valueOf: itself('bool'),
}

const codes = (name: 'string.from_code' | 'string.from_code_point', prelude: string): Row => ({
  flow: (use) => {
    flowResult(use, 'str')
    if (use.args.some((arg) => arg.kind === 'spread')) collectingRow(prelude).flow(use)
  },
  emit: (use) =>
    use.args.some((arg) => arg.kind === 'spread') ? collectingRow(prelude).emit(use) : fixedCodes(use, name),
})

function fixedCodes({ c, args, at }: EmitUse, name: 'string.from_code' | 'string.from_code_point'): Expr {
  const parts = args.map((arg) => op(name, [toNumber(c, emit(c, arg.value))], STRING, at.span))
  const [first, ...rest] = parts
  return first
    ? rest.reduce((all, part) => op('string.concat', [all, part], STRING, at.span), first)
    : text('', at.span)
}

/** The text of any value; only here symbols have one without being asked for it (22.1.1.1). */
function shownText(c: FunctionContext, x: Expr): Expr {
  if (!membersOf(x.type).some((type) => c.program.types.isSymbol(type))) return toText(c, x)
  return c.dispatch(x, STRING, (one) => {
    const method = c.program.types.isSymbol(one.type) ? methodOf(c, one.type, 'toString') : undefined
    return method ? callConversion(c, { method }, one, 'string') : toText(c, one)
  })
}

/** Functions of String and Number, and the global ones that read text. */
export const TEXT_FUNCTIONS: Readonly<Record<string, Row>> = {
  String: {
    flow: (use) => flowResult(use, 'str'),
    emit: ({ c, args, at }) => {
      if (!args[0]) return text('', at.span)
      // In the prelude it stands for ToString.
      return (c.program.isOfPrelude(at.span) ? toText : shownText)(c, emit(c, args[0].value))
    },
  },
  Number: {
    flow: (use) => flowResult(use, 'num'),
    emit: ({ c, args, at }) =>
      args[0] ? numberOf(c, emit(c, args[0].value), (x) => toNumber(c, x)) : number(0, at.span),
  },
  'String.fromCharCode': codes('string.from_code', 'string_from_codes'),
  'String.fromCodePoint': codes('string.from_code_point', 'string_from_code_points'),
  parseInt: parse('string.parse_int'),
  'Number.parseInt': parse('string.parse_int'),
  parseFloat: parse('string.parse_float'),
  'Number.parseFloat': parse('string.parse_float'),
}

function parse(name: 'string.parse_int' | 'string.parse_float'): Row {
  return {
    flow: (use) => flowResult(use, 'num'),
    emit: ({ c, args, at }) => {
      const source = args[0] ? toText(c, emit(c, args[0].value)) : text('undefined', at.span)
      const radix = args[1] ? toNumber(c, emit(c, args[1].value)) : number(0, at.span)
      return op(name, name === 'string.parse_int' ? [source, radix] : [source], F64, at.span)
    },
  }
}
