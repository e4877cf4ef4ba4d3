import { BOOL, isUnion, membersOf, type Expr, type Type } from '../../ir/index.ts'
import { isDerived, type HClass, type HExpr } from '../hir.ts'
import { refuseUnknown } from './access.ts'
import type { FunctionContext } from './context.ts'
import { is, required } from './convert.ts'
import { emit } from './expressions.ts'
import { isBytesName } from '../kinds.ts'
import { chooseFunction, functionsOf } from './known-functions.ts'
import { bool, boxed, coerce, op, or, seq, then } from './make.ts'
import { bytesName } from './typed.ts'

/** `x instanceof C` (ECMA-262 13.10.2). */
export function emitInstanceof(c: FunctionContext, e: HExpr & { kind: 'instanceof' }): Expr {
  return testInstance(c, e, emit(c, e.x), e.target)
}

/** `x instanceof target`, by the functions that the class may be. */
export function emitInstanceofValue(c: FunctionContext, e: HExpr & { kind: 'instanceofValue' }): Expr {
  const [x, target] = [c.keep(emit(c, e.x)), c.keep(emit(c, e.target))]
  const cls = required(c, target.value, "Right-hand side of 'instanceof' is not an object")
  const test = c.dispatch(cls, BOOL, (value) => {
    if (value.type.kind !== 'func') return coerce(refuseTarget(c, e, value), BOOL)
    const made = functionsOf(c, e.target).map((inst) => ({ inst, of: inst.func.makes }))
    if (made.some(({ of }) => of === undefined || (typeof of !== 'string' && of.value() === undefined)))
      return coerce(refuseTarget(c, e, value), BOOL)
    return chooseFunction(c, value, made, ({ of }) => testInstance(c, e, x.value, of!))
  })
  return seq([...x.body, ...target.body], test)
}

function refuseTarget(c: FunctionContext, e: HExpr, value: Expr): Expr {
  const hint = 'Name the class, or pass a function that asks: `(x) => x instanceof C`.'
  c.report('ANRF1101', e.span, '`instanceof` of a value that may be no class of the top level', hint, 'instanceof')
  return then(value, bool(false, e.span))
}

function testInstance(c: FunctionContext, e: HExpr, x: Expr, target: HClass | string): Expr {
  const tests = (type: Type): boolean => {
    if (target === 'Array') return type.kind === 'array' || type.kind === 'tuple'
    if ((target === 'Map' || target === 'Set') && type.kind !== 'object') return type.kind === target.toLowerCase()
    if (type.kind !== 'object') return false
    if (target === 'Map' || target === 'Set') return c.program.types.classOf(type.id)?.extended === target
    if (typeof target === 'string' && isBytesName(target)) return bytesName(c, type) === target
    if (target === 'Date') return c.program.types.classOf(type.id)?.isDate === true
    if (target === 'Promise') return c.program.types.nodeOf(type.id)?.brand === target
    if (target === 'RegExp') return c.program.types.classOf(type.id)?.isRegExp === true
    return typeof target === 'string'
      ? c.program.types.isError(type.id)
      : isDerived(c.program.types.classOf(type.id), target)
  }
  if (typeof target === 'string' && target.endsWith('Error') && target !== 'Error')
    return op('dyn.is_error', [boxed(x)], BOOL, e.span, [target])
  if (x.type.kind === 'any') return refuseUnknown(c, x, e, 'instanceof of a value of unknown type')
  if (!isUnion(x.type)) return then(x, bool(tests(x.type), e.span))
  const matching = membersOf(x.type).filter(tests)
  if (matching.length === 0) return then(x, bool(false, e.span))
  return c.using(x, (value) => matching.map((type) => is(value, type)).reduce(or))
}
