import { isBoxed, membersOf, unionOf, type Expr, type Type } from '../../ir/index.ts'
import { passedParams } from '../flow/slots.ts'
import type { HFunc } from '../hir.ts'
import type { FunctionContext } from './context.ts'
import { TO_PRIMITIVE, shownName } from '../member-names.ts'
import { coerce, str, undef } from './make.ts'

/** A method of the class whose instances are values of `type`. */
export function methodOf(c: FunctionContext, type: Type, name: string): HFunc | undefined {
  return type.kind === 'object' ? c.program.types.classOf(type.id)?.methods.get(name) : undefined
}

/** What is asked for: a number, a text, or nothing in particular, where dates become texts (21.4.4.45). */
type Hint = 'number' | 'default' | 'string'

/** What ToPrimitive calls first where no text is asked for. */
function conversionOf(c: FunctionContext, type: Type, hint: Hint): HFunc | undefined {
  const isDate = type.kind === 'object' && c.program.types.classOf(type.id)?.isDate === true
  const [first, second] =
    isDate && hint === 'default' ? (['toString', 'valueOf'] as const) : (['valueOf', 'toString'] as const)
  return methodOf(c, type, TO_PRIMITIVE) ?? methodOf(c, type, first) ?? methodOf(c, type, second)
}

/** What is called first where a text is asked for. */
export const textMethodOf = (c: FunctionContext, type: Type): HFunc | undefined =>
  methodOf(c, type, TO_PRIMITIVE) ?? methodOf(c, type, 'toString')

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
    return coerce(method ? callConversion(c, method, one, hint) : one, type)
  })
}

function resultOf(c: FunctionContext, type: Type, hint: Hint): Type {
  const method = conversionOf(c, type, hint)
  const node = type.kind === 'object' ? c.program.types.nodeOf(type.id) : undefined
  if (!method || !node) return type
  return c.type(c.program.analysis.conversionInstance(node, method).fn.root().result)
}

/**
 * A call of `toString`, `valueOf` or the method of `Symbol.toPrimitive`. What they give must not be an object, of which other methods
 * would be asked, nor a bigint for an operator that was taken to be one of numbers.
 */
export function callConversion(c: FunctionContext, method: HFunc, self: Expr, hint: Hint): Expr {
  const node = self.type.kind === 'object' ? c.program.types.nodeOf(self.type.id) : undefined
  if (!node) return self
  const target = c.program.analysis.conversionInstance(node, method)
  const type = c.type(target.fn.root().result)
  const asked = method === node.cls?.methods.get(TO_PRIMITIVE)
  if (isBoxed(type) ? membersOf(type).some(isReference) : isReference(type)) {
    const advice = 'Return a number or a text.'
    const name = asked ? shownName(TO_PRIMITIVE) : method.name
    c.report('ANRF1101', self.span, `\`${name}\` may give an object`, advice, 'implicit conversion')
  }
  if (hint !== 'string' && membersOf(type).some((m) => m.kind === 'bigint')) {
    const advice = 'Call the method that gives it.'
    c.report('ANRF1101', self.span, 'an object that operators make a bigint of', advice, 'implicit conversion')
  }
  const args = passedParams(target.fn).map((slot, i) =>
    coerce(asked && i === 0 ? str(hint, self.span) : undef(self.span), c.type(slot)),
  )
  return { kind: 'call', func: c.program.funcIndex(target), args: [self, ...args], type, span: self.span }
}

const isReference = (type: Type): boolean =>
  !['undefined', 'null', 'bool', 'i32', 'f64', 'string', 'bigint'].includes(type.kind)
