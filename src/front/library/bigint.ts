import { admits, BIGINT, BOOL, F64, NULL, STRING, UNDEFINED, type Expr } from '../../ir/index.ts'
import { bigint, split } from '../emit/bigint.ts'
import { fail, toBool, toNumber, toText as textOf } from '../emit/convert.ts'
import { emit } from '../emit/expressions.ts'
import { cond, num as number, op, then, undef } from '../emit/make.ts'
import { toPrimitive } from '../emit/primitive.ts'
import { BIG } from '../kinds.ts'
import { converted, flowResult } from './leaf.ts'
import { preludeRow } from './prelude.ts'
import { num, type EmitUse, type FlowUse, type Row } from './row.ts'

const flowBig = (use: FlowUse): void => use.a.solver.addKinds(use.out, BIG)

/** A literal: its digits in base 10. */
const literal: Row = {
  flow: flowBig,
  emit: ({ c, at, args }) => op('bigint.from_string', [emit(c, args[0]!.value)], BIGINT, at.span),
}

/** BigInt(value) (21.2.1.1). */
const convert: Row = {
  flow: flowBig,
  emit: ({ c, at, args }) => {
    const x = args[0] ? emit(c, args[0].value) : undef(at.span)
    return c.dispatch(toPrimitive(c, x, 'number'), BIGINT, (one) => fromOne(c, one))
  },
}

function fromOne(c: EmitUse['c'], x: Expr): Expr {
  const { span } = x
  switch (x.type.kind) {
    case 'bigint':
      return x
    case 'f64':
      return op('bigint.from_number', [x], BIGINT, span)
    case 'string':
      return op('bigint.from_string', [x], BIGINT, span)
    case 'bool':
      return cond(toBool(x), bigint('1', span), bigint('0', span), span)
    case 'undefined':
    case 'null':
      return then(fail(c, `Cannot convert ${x.type.kind} to a BigInt`, x), bigint('0', span))
    case 'any':
    case 'json':
      return c.using(x, (value) => fromBoxed(c, value))
    default:
      // What has no conversion of its own becomes a text (7.1.1.1).
      return op('bigint.from_string', [textOf(c, x)], BIGINT, span)
  }
}

/** Of a value of any kind; what is no primitive value becomes a text. */
function fromBoxed(c: EmitUse['c'], x: Expr): Expr {
  const { span } = x
  return [BIGINT, F64, STRING, BOOL, UNDEFINED, NULL]
    .filter((type) => admits(x.type, type))
    .reduce<Expr>(
      (otherwise, type) =>
        cond(
          op('dyn.is', [x], BOOL, span, [type]),
          fromOne(c, op('dyn.unbox', [x], type, span, [type])),
          otherwise,
          span,
        ),
      op('bigint.from_string', [textOf(c, x)], BIGINT, span),
    )
}

const wrap = (name: 'bigint.as_int' | 'bigint.as_uint'): Row => ({
  flow: flowBig,
  emit: ({ c, at, args }) => {
    const bits = args[0] ? toNumber(c, emit(c, args[0].value)) : number(0, at.span)
    const value = args[1] ? emit(c, args[1].value) : undef(at.span)
    const refused = (x: Expr): Expr => {
      c.report('ANRF1101', x.span, 'an argument that may be no bigint', 'Convert it with BigInt().', 'bigint')
      return bigint('0', x.span)
    }
    return c.using(bits, (n) => split(c, value, BIGINT, (x) => op(name, [n, x], BIGINT, at.span), refused))
  },
})

export const BIGINT_FUNCTIONS: Readonly<Record<string, Row>> = {
  BigInt: convert,
  'BigInt.asIntN': wrap('bigint.as_int'),
  'BigInt.asUintN': wrap('bigint.as_uint'),
}

/** What stands for a literal in the HIR. */
export const BIGINT_LITERAL: Readonly<Record<string, Row>> = { 'bigint literal': literal }

const toText: Row = {
  flow: (use) => flowResult(use, 'str'),
  emit: ({ c, at, args, self }) => op('bigint.to_string', [self, converted(c, args[0], num(10), at)], STRING, at.span),
}
/** Only where the locale is the one that is taken without any: groups of three digits. */
const grouped = preludeRow('bigint_toLocaleString')
const toLocaleText: Row = {
  flow: (use) => grouped.flow({ ...use, args: [], slots: [] }),
  emit: (use) => {
    const [locale, options] = use.args.map((arg) => arg.value)
    const isPlain = !locale || (locale.kind === 'const' && (locale.value === 'en-US' || locale.value === undefined))
    if (options || !isPlain) {
      const hint = 'Leave the arguments out, or name the locale `en-US`.'
      use.c.report('ANRF1101', use.at.span, 'a bigint in another locale, or with options', hint, 'bigint')
    }
    return grouped.emit({ ...use, args: [] })
  },
}
const itself: Row = { flow: flowBig, emit: ({ self }) => self }

/** Methods of integers of any size (21.2.3). */
export const BIGINT_METHODS: Readonly<Record<string, Row>> = {
  toString: toText,
  toLocaleString: toLocaleText,
  valueOf: itself,
}
