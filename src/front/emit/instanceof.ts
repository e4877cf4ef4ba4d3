import { BOOL, isUnion, membersOf, type Expr, type Type } from '../../ir/index.ts'
import { isDerived, type HExpr } from '../hir.ts'
import { refuseUnknown } from './access.ts'
import type { FunctionContext } from './context.ts'
import { is } from './convert.ts'
import { emit } from './expressions.ts'
import { isBytesName } from '../kinds.ts'
import { bool, boxed, op, or, then } from './make.ts'
import { bytesName } from './typed.ts'

/** `x instanceof C` (ECMA-262 13.10.2). */
export function emitInstanceof(c: FunctionContext, e: HExpr & { kind: 'instanceof' }): Expr {
  const x = emit(c, e.x)
  const tests = (type: Type): boolean => {
    if (e.target === 'Array') return type.kind === 'array' || type.kind === 'tuple'
    if (e.target === 'Map' || e.target === 'Set') return type.kind === e.target.toLowerCase()
    if (type.kind !== 'object') return false
    if (typeof e.target === 'string' && isBytesName(e.target)) return bytesName(c, type) === e.target
    if (e.target === 'Date') return c.program.types.classOf(type.id)?.isDate === true
    if (e.target === 'RegExp') return c.program.types.classOf(type.id)?.isRegExp === true
    return typeof e.target === 'string'
      ? c.program.types.isError(type.id)
      : isDerived(c.program.types.classOf(type.id), e.target)
  }
  if (typeof e.target === 'string' && e.target.endsWith('Error') && e.target !== 'Error')
    return op('dyn.is_error', [boxed(x)], BOOL, e.span, [e.target])
  if (x.type.kind === 'any') return refuseUnknown(c, x, e, 'instanceof of a value of unknown type')
  if (!isUnion(x.type)) return then(x, bool(tests(x.type), e.span))
  const matching = membersOf(x.type).filter(tests)
  if (matching.length === 0) return then(x, bool(false, e.span))
  return c.using(x, (value) => matching.map((type) => is(value, type)).reduce(or))
}
