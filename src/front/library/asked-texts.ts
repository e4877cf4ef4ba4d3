import { admits, arrayOf, BOOL, F64, membersOf, STRING, UNDEFINED, type Expr } from '../../ir/index.ts'
import type { FunctionContext } from '../emit/context.ts'
import { isMissing, toNumber, toText } from '../emit/convert.ts'
import { emit } from '../emit/expressions.ts'
import { widenStrings } from '../emit/literals.ts'
import { coerce, cond, num as number, op, seq, str as text } from '../emit/make.ts'
import { isReference } from '../emit/primitive.ts'
import type { HArg } from '../hir.ts'
import { method, stringsElem, withoutUndefined } from './leaf.ts'
import { num, str, type EmitUse, type Row } from './row.ts'

// Methods of texts that do not convert their arguments one after the other, which can be seen of objects alone.

/** Whether an argument may be an object, which can tell that it was asked for its text. */
const mayTell = (c: FunctionContext, arg: HArg | undefined): boolean =>
  arg !== undefined && membersOf(c.typeOf(arg.value)).some(isReference)

/** A value converted, or the default where it is undefined. */
function convertedOr(c: FunctionContext, x: Expr, byDefault: Expr, convert: (x: Expr) => Expr): Expr {
  if (!admits(x.type, UNDEFINED)) return convert(x)
  if (x.type.kind === 'undefined') return byDefault
  return c.using(x, (one) => cond(isMissing(one, false), byDefault, convert(withoutUndefined(one)), x.span))
}

const UINT32_MAX = 4294967295
const SPLIT = method('string.split', [str(), num(UINT32_MAX)], 'strs')

/** split at a text (22.1.3.23): the limit is converted before the separator. */
export const splitAtText: Row = {
  flow: SPLIT.flow,
  emit: (use) => {
    const { c, at, self, args } = use
    const { span } = at
    if (args.length === 0)
      return widenStrings(c, op('array.new', [self], arrayOf(STRING), span, [STRING]), stringsElem(c, at))
    const [separator, limit] = args
    if (!separator || !limit || !mayTell(c, separator)) return SPLIT.emit(use)
    const [own, by, most] = keepAll(use, [separator, limit])
    const count = c.keep(convertedOr(c, most!.value, number(UINT32_MAX, span), (x) => toNumber(c, x)))
    const parts = op('string.split', [own!.value, toText(c, by!.value), count.value], arrayOf(STRING), span)
    const before = [...own!.body, ...by!.body, ...most!.body, ...count.body]
    return seq(before, widenStrings(c, parts, stringsElem(c, at)))
  },
}

/** padStart and padEnd (22.1.3.17.1): the filler is not asked where nothing is filled. */
export function padding(name: 'string.pad_start' | 'string.pad_end'): Row {
  const plain = method(name, [num(), str(' ')], 'str')
  return {
    flow: plain.flow,
    emit: (use) => {
      const { c, at, args } = use
      const { span } = at
      const [length, filler] = args
      if (!length || !filler || !mayTell(c, filler)) return plain.emit(use)
      const [own, most, fill] = keepAll(use, [length, filler])
      const count = c.keep(toNumber(c, most!.value))
      const units = op('string.length', [own!.value], F64, span)
      const isLonger = op('f64.ge', [count.value, op('f64.add', [units, number(1, span)], F64, span)], BOOL, span)
      const by = convertedOr(c, fill!.value, text(' ', span), (x) => toText(c, x))
      const filled = op(name, [own!.value, count.value, by], STRING, span)
      const before = [...own!.body, ...most!.body, ...fill!.body, ...count.body]
      return seq(before, cond(isLonger, filled, coerce(own!.value, STRING), span))
    },
  }
}

type Kept = ReturnType<FunctionContext['keep']>

/** The receiver and some arguments, evaluated in this order and not converted. */
const keepAll = ({ c, self }: EmitUse, args: readonly HArg[]): readonly Kept[] => [
  c.keep(self),
  ...args.map(({ value }) => c.keep(emit(c, value))),
]
