import { isBoxed, membersOf, unionOf, UNDEFINED, type Expr, type Type } from '../../ir/index.ts'
import { passedParams } from '../flow/slots.ts'
import type { HFunc } from '../hir.ts'
import type { FunctionContext } from './context.ts'
import { coerce } from './make.ts'

/** A method of the class whose instances are values of `type`. */
export function methodOf(c: FunctionContext, type: Type, name: 'toString' | 'valueOf'): HFunc | undefined {
  return type.kind === 'object' ? c.program.types.classOf(type.id)?.methods.get(name) : undefined
}

/** Whether a number is asked for, or nothing in particular, where dates become texts (21.4.4.45). */
type Hint = 'number' | 'default'

/** What ToPrimitive calls first where no text is asked for. */
function conversionOf(c: FunctionContext, type: Type, hint: Hint): HFunc | undefined {
  const isDate = type.kind === 'object' && c.program.types.classOf(type.id)?.isDate === true
  const [first, second] =
    isDate && hint === 'default' ? (['toString', 'valueOf'] as const) : (['valueOf', 'toString'] as const)
  return methodOf(c, type, first) ?? methodOf(c, type, second)
}

/**
 * ToPrimitive (7.1.1) where no text is asked for, of values whose class has a method for it. All others stay
 * as they are: operations know what becomes of them.
 */
export function toPrimitive(c: FunctionContext, x: Expr, hint: Hint): Expr {
  const members = membersOf(x.type)
  if (!members.some((m) => conversionOf(c, m, hint))) return x
  const type = unionOf(members.map((m) => resultOf(c, m, hint)))
  return c.dispatch(x, type, (one) => {
    const method = conversionOf(c, one.type, hint)
    return coerce(method ? callConversion(c, method, one) : one, type)
  })
}

function resultOf(c: FunctionContext, type: Type, hint: Hint): Type {
  const method = conversionOf(c, type, hint)
  const node = type.kind === 'object' ? c.program.types.nodeOf(type.id) : undefined
  if (!method || !node) return type
  return c.type(c.program.analysis.conversionInstance(node, method).fn.root().result)
}

/** A call of `toString` or `valueOf`. What they give must not be an object, of which other methods would be asked. */
export function callConversion(c: FunctionContext, method: HFunc, self: Expr): Expr {
  const node = self.type.kind === 'object' ? c.program.types.nodeOf(self.type.id) : undefined
  if (!node) return self
  const target = c.program.analysis.conversionInstance(node, method)
  const type = c.type(target.fn.root().result)
  if (isBoxed(type) ? membersOf(type).some(isReference) : isReference(type)) {
    const hint = 'Return a number or a text.'
    c.report('ANRF1101', self.span, `\`${method.name}\` may give an object`, hint, 'implicit conversion')
  }
  const missing: Expr = { kind: 'const', value: undefined, type: UNDEFINED, span: self.span }
  const args = passedParams(target.fn).map((slot) => coerce(missing, c.type(slot)))
  return { kind: 'call', func: c.program.funcIndex(target), args: [self, ...args], type, span: self.span }
}

const isReference = (type: Type): boolean =>
  !['undefined', 'null', 'bool', 'i32', 'f64', 'string', 'bigint'].includes(type.kind)
