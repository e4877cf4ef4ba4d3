import { REFUSALS } from '../../base/index.ts'
import { isBoxed, membersOf, unionOf, type Expr, type Type } from '../../ir/index.ts'
import { type FnNode, type ObjNode } from '../flow/slots.ts'
import type { HFunc } from '../hir.ts'
import { ANY } from '../kinds.ts'
import { callAccessor, passedValues } from './accessors.ts'
import type { FunctionContext } from './context.ts'
import { TO_PRIMITIVE, shownName } from '../member-names.ts'
import { coerce, op, str } from './make.ts'

/** A method of the class whose instances are values of `type`. */
export function methodOf(c: FunctionContext, type: Type, name: string): HFunc | undefined {
  return type.kind === 'object' ? c.program.types.classOf(type.id)?.methods.get(name) : undefined
}

/** What is asked for: a number, a text, or nothing in particular, where dates become texts (21.4.4.45). */
type Hint = 'number' | 'default' | 'string'

/** What a conversion calls: a method of the class, or a function that the object has in a field. */
export type Conversion = { readonly method: HFunc } | OwnFunction
type OwnFunction = { readonly field: string; readonly fn: FnNode }

/** What ToPrimitive calls first where no text is asked for. */
function conversionOf(c: FunctionContext, type: Type, hint: Hint): Found {
  const isDate = type.kind === 'object' && c.program.types.classOf(type.id)?.isDate === true
  const order = isDate && hint === 'default' ? ['toString', 'valueOf'] : ['valueOf', 'toString']
  return firstOf(c, type, [TO_PRIMITIVE, ...order])
}

/** What is called first where a text is asked for. */
export function textMethodOf(c: FunctionContext, type: Type): Conversion | undefined {
  const found = firstOf(c, type, [TO_PRIMITIVE, 'toString'])
  return found && !('unclear' in found) ? found : undefined
}

/** A conversion; or the name of what may be one, or no function. */
type Found = Conversion | { readonly unclear: string } | undefined

/** The first function that objects have of some names: fields of their own come before methods. */
function firstOf(c: FunctionContext, type: Type, names: readonly string[]): Found {
  const node = type.kind === 'object' ? c.program.types.nodeOf(type.id) : undefined
  // They become texts where they are asked to, and throw otherwise.
  if (node?.cls?.isSymbol) return { unclear: 'toString' }
  for (const name of names) {
    const info = node?.fields.get(name)
    const method = info ? undefined : methodOf(c, type, name)
    if (method) return { method }
    const { fn, kinds } = info?.slot.root() ?? { fn: null, kinds: 0 }
    if (!info || (!fn && !(kinds & ANY))) continue
    return fn && !info.optional && c.type(info.slot).kind === 'func' ? { field: name, fn } : { unclear: name }
  }
  return undefined
}

/** Where an object may have a method that an operation does not ask, or cannot be told to ask. */
export function refuseConversion(c: FunctionContext, x: Expr, node: ObjNode, name: string): void {
  if (node.cls?.isSymbol) {
    const hint = `Ask for its text: \`String(symbol)\`. ${REFUSALS.symbols.hint}`
    return c.report('ANRF1101', x.span, 'a symbol as a text, a number or a computed key', hint, 'symbol as a key')
  }
  c.report(
    'ANRF1101',
    x.span,
    `implicit conversion of a value that may be a ${node.cls?.name ?? node.brand ?? 'record'}, which has its own ${shownName(name)}`,
    name === TO_PRIMITIVE ? 'Convert it where its class is known.' : `Call the method: \`value.${name}()\`.`,
    'implicit conversion',
  )
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
    const found = conversionOf(c, one.type, hint)
    if (found && 'unclear' in found) {
      const node = one.type.kind === 'object' ? c.program.types.nodeOf(one.type.id) : undefined
      if (node) refuseConversion(c, one, node, found.unclear)
    }
    return coerce(found && !('unclear' in found) ? callConversion(c, found, one, hint) : one, type)
  })
}

function resultOf(c: FunctionContext, type: Type, hint: Hint): Type {
  const conversion = conversionOf(c, type, hint)
  const node = type.kind === 'object' ? c.program.types.nodeOf(type.id) : undefined
  return conversion && node && !('unclear' in conversion) ? given(c, conversion, node) : type
}

/** What a conversion gives. */
function given(c: FunctionContext, conversion: Conversion, node: ObjNode): Type {
  if ('field' in conversion) return c.program.types.told(conversion.fn.root().result)
  return c.type(c.program.analysis.conversionInstance(node, conversion.method).fn.root().result)
}

/**
 * A call of `toString`, `valueOf` or the method of `Symbol.toPrimitive`. What they give must not be an object, of which other methods
 * would be asked, nor a bigint for an operator that was taken to be one of numbers.
 */
export function callConversion(c: FunctionContext, conversion: Conversion, self: Expr, hint: Hint): Expr {
  const node = self.type.kind === 'object' ? c.program.types.nodeOf(self.type.id) : undefined
  if (!node) return self
  const type = given(c, conversion, node)
  const asked = 'method' in conversion && conversion.method === node.cls?.methods.get(TO_PRIMITIVE)
  if (isBoxed(type) ? membersOf(type).some(isReference) : isReference(type)) {
    const advice = 'Return a number or a text.'
    const name = asked ? shownName(TO_PRIMITIVE) : 'field' in conversion ? conversion.field : conversion.method.name
    c.report('ANRF1101', self.span, `\`${name}\` may give an object`, advice, 'implicit conversion')
  }
  if (hint !== 'string' && membersOf(type).some((m) => m.kind === 'bigint')) {
    const advice = 'Call the method that gives it.'
    c.report('ANRF1101', self.span, 'an object that operators make a bigint of', advice, 'implicit conversion')
  }
  if ('field' in conversion) return callField(c, conversion, self, node)
  const target = c.program.analysis.conversionInstance(node, conversion.method)
  const args = passedValues(c, target.fn, asked ? [str(hint, self.span)] : [], self.span)
  return { kind: 'call', func: c.program.funcIndex(target), args: [self, ...args], type, span: self.span }
}

/** A call of a function that an object has in a field, on the object. */
function callField(c: FunctionContext, { field, fn }: OwnFunction, object: Expr, node: ObjNode): Expr {
  const { types } = c.program
  const imm = [types.idOf(node), types.fieldIndex(node, field)]
  return c.using(object, (self) =>
    callAccessor(c, fn, op('object.get', [self], types.func(fn), self.span, imm), self, []),
  )
}

export const isReference = (type: Type): boolean =>
  !['undefined', 'null', 'bool', 'i32', 'f64', 'string', 'bigint'].includes(type.kind)
