import { F64, isUnion, STRING, type Expr, type Type } from '../../ir/index.ts'
import type { HExpr } from '../hir.ts'
import type { FunctionContext } from './context.ts'
import { toText } from './convert.ts'
import { num, op, seq, then } from './make.ts'
import { refuseNoted } from './own-keys.ts'

/**
 * The index that a key of an array or string means (ToPropertyKey, 7.1.19, and 10.4.2), as a number; no
 * index where there is no such element. A key that is the name of a property of arrays or strings traps.
 */
export function indexOf(c: FunctionContext, key: Expr): Expr {
  switch (key.type.kind) {
    case 'f64':
      return key
    case 'i32':
      return op('f64.from_i32', [key], F64, key.span)
    case 'undefined':
    case 'null':
    case 'bool':
      return then(key, num(NaN, key.span))
    default:
      if (isUnion(key.type)) return c.dispatch(key, F64, (one) => indexOf(c, one))
      return op('string.to_index', [toText(c, key)], F64, key.span)
  }
}

/** A computed property of a value that has none of its own: undefined, or a trap where the key names what it inherits. */
export function noProperty(c: FunctionContext, obj: Expr, key: Expr, value: Expr): Expr {
  if (obj.type.kind === 'func') refuseNoted(c, obj)
  const index = c.keep(indexOf(c, key))
  return then(obj, seq(index.body, value))
}

/** Ends the run where a value of another kind than the code is for comes to a place: the value is never a string, and asked to be one. */
export function trapHere(span: HExpr['span'], result: Expr): Expr {
  const either: Type = { kind: 'union', members: [STRING, { kind: 'undefined' }] }
  const nothing = op(
    'dyn.box',
    [{ kind: 'const', value: undefined, type: { kind: 'undefined' }, span }],
    either,
    span,
    [either],
  )
  const trap = op('dyn.unbox', [nothing], STRING, span, [STRING])
  return seq([{ kind: 'expr', expr: trap, span }], result)
}
