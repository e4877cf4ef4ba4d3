import { F64, isUnion, STRING, type Expr, type Stmt, type Type } from '../../ir/index.ts'
import type { HExpr } from '../hir.ts'
import type { FunctionContext } from './context.ts'
import { toText } from './convert.ts'
import { INHERITED } from '../prototypes.ts'
import { num, op, seq, str, then, undef } from './make.ts'
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
  const kept = c.keep(key)
  const index = c.keep(indexOf(c, kept.value))
  return then(obj, seq([...kept.body, ...index.body, ...unlessOfTable(c, obj.type, kept.value)], value))
}

/** Ends the run where a key names what maps or sets have. */
function unlessOfTable(c: FunctionContext, { kind }: Type, key: Expr): Stmt[] {
  const prototype = kind === 'map' || kind === 'set' ? INHERITED[kind] : undefined
  if (!prototype || key.type.kind === 'f64') return []
  const { span } = key
  const label = c.freshLabel()
  const name = c.keep(toText(c, key))
  const end = [{ kind: 'expr', expr: trapHere(span, undef(span)), span } as const]
  const cases = Object.getOwnPropertyNames(prototype).map((own) => ({ test: str(own, span), body: end }))
  return [...name.body, { kind: 'switch', label, subject: name.value, cases, span }]
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
