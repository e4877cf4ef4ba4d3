import {
  admits,
  ANY,
  BOOL,
  F64,
  isBoxed,
  isUnion,
  membersOf,
  sameType,
  STRING,
  unionOf,
  UNDEFINED,
  writtenMembers,
  NULL,
  type Expr,
  type Stmt,
  type Type,
} from '../../ir/index.ts'
import type { ObjNode } from '../flow/slots.ts'
import { TO_PRIMITIVE, VALUE } from '../member-names.ts'
import type { FunctionContext } from './context.ts'
import { callConversion, isReference, refuseConversion, textMethodOf, toPrimitive } from './primitive.ts'
import { elementTexts, tupleText } from './join-texts.ts'
import { bool, boxed, coerce, effect, num, op, seq, str, then, undef } from './make.ts'

/**
 * The element of an array of numbers that may be missing, as NaN where it is, in contexts in which undefined and NaN do
 * the same: arithmetic, comparison with a number, truth. It needs no box.
 */
export function missingAsNan(x: Expr): Expr {
  if (x.kind === 'seq') {
    const value = missingAsNan(x.value)
    return value === x.value ? x : { ...x, value, type: value.type }
  }
  if (x.kind === 'op' && x.op === 'typed.get_opt') return op('typed.get_nan', x.args, F64, x.span, x.imm)
  if (x.kind !== 'op' || x.op !== 'array.get_opt') return x
  const array = x.args[0]?.type
  return array?.kind === 'array' && array.elem.kind === 'f64' ? op('array.get_nan', x.args, F64, x.span) : x
}

/** ToNumber (ECMA-262 7.1.4), chosen by the type. */
export function toNumber(c: FunctionContext, value: Expr): Expr {
  const x = missingAsNan(value)
  switch (x.type.kind) {
    case 'f64':
      return x
    case 'i32':
      return op('f64.from_i32', [x], F64, x.span)
    case 'bool':
      return op('f64.from_bool', [x], F64, x.span)
    case 'string':
      return op('string.to_number', [x], F64, x.span)
    case 'bigint':
      return then(fail(c, 'Cannot convert a BigInt value to a number', x), num(NaN, x.span))
    case 'undefined':
      return then(x, num(NaN, x.span))
    case 'null':
      return then(x, num(0, x.span))
    default: {
      const primitive = toPrimitive(c, x, 'number')
      // Where it is refused, what it gives is unknown.
      if (primitive !== x && !sameType(primitive.type, x.type)) return toNumber(c, primitive)
      // Lists become texts first, where one with a text of the program in it is among the values.
      if (isUnion(x.type) && overrideIn(c, x.type, 'valueOf')) return c.dispatch(x, F64, (one) => toNumber(c, one))
      refuseOverride(c, x, 'valueOf')
      return op('dyn.to_number', [boxed(x)], F64, x.span)
    }
  }
}

/** ToString (7.1.17), chosen by the type. */
export function toText(c: FunctionContext, x: Expr): Expr {
  switch (x.type.kind) {
    case 'string':
      return x
    case 'f64':
      return op('f64.to_string', [x], STRING, x.span)
    case 'bool':
      return op('bool.to_string', [x], STRING, x.span)
    case 'bigint':
      return op('bigint.to_string', [x, num(10, x.span)], STRING, x.span)
    case 'undefined':
      return then(x, str('undefined', x.span))
    case 'null':
      return then(x, str('null', x.span))
    case 'json':
    case 'nested':
    case 'union':
      if (!hasOwnTexts(c, x.type) && !membersOf(x.type).some((m) => m.kind === 'object' && onlyValueOf(c, m))) break
      return c.dispatch(x, STRING, (one) => toText(c, one))
    case 'object': {
      const method = textMethodOf(c, x.type)
      if (method) return toText(c, primitiveOf(callConversion(c, method, x, 'string')))
      if (!c.program.types.isSymbol(x.type) && onlyValueOf(c, x.type))
        return op('dyn.to_string', [boxed(x)], STRING, x.span)
      break
    }
    case 'array':
      // Lists in lists have no end here.
      if (x.type.elem.kind === 'nested' || !hasOwnTexts(c, x.type.elem)) break
      return op('array.join', [elementTexts(c, x, x.type.elem), str(',', x.span)], STRING, x.span)
    case 'tuple':
      if (!x.type.elems.some((elem) => hasOwnTexts(c, elem))) break
      return tupleText(c, x, x.type.elems)
    default:
      break
  }
  refuseOverride(c, x, 'toString')
  return op('dyn.to_string', [boxed(x)], STRING, x.span)
}

/** What a conversion gives, without objects, for which it is refused: one of them may convert itself again. */
function primitiveOf(x: Expr): Expr {
  if (x.type.kind === 'any') return x
  const left = membersOf(x.type).filter((type) => !isReference(type))
  return left.length === membersOf(x.type).length ? x : coerce(x, left.length > 0 ? unionOf(left) : UNDEFINED)
}

/** Whether elements of a list become text by a method of the program. */
export const hasOwnTexts = (c: FunctionContext, elem: Type): boolean =>
  elem.kind !== 'json' &&
  writtenMembers(elem).some((m) => {
    if (m.kind === 'array') return hasOwnTexts(c, m.elem)
    if (m.kind === 'tuple') return m.elems.some((e) => hasOwnTexts(c, e))
    return textMethodOf(c, m) !== undefined || c.program.types.isSymbol(m)
  })

/** Where a text is asked for, `valueOf` is not called: Object has a toString for every object. */
const onlyValueOf = (c: FunctionContext, type: Type): boolean =>
  nodesIn(c, type).every(
    ({ fields, cls }) => !fields.has('toString') && (fields.has('valueOf') || cls?.methods.has('valueOf') === true),
  )

/** ToBoolean (7.1.2), chosen by the type. */
export function toBool(value: Expr): Expr {
  const x = missingAsNan(value)
  switch (x.type.kind) {
    case 'bool':
      return x
    case 'f64':
      return op('f64.truthy', [x], BOOL, x.span)
    case 'string':
      return op('string.truthy', [x], BOOL, x.span)
    case 'bigint':
      return op('bigint.truthy', [x], BOOL, x.span)
    case 'undefined':
    case 'null':
      return then(x, bool(false, x.span))
    case 'union':
    case 'nested':
    case 'json':
    case 'any':
      return op('dyn.truthy', [x], BOOL, x.span)
    default:
      return then(x, bool(true, x.span))
  }
}

/** typeof (13.5.3), chosen by the type. */
export function typeofValue(c: FunctionContext, x: Expr): Expr {
  const names: Partial<Record<Type['kind'], string>> = {
    f64: 'number',
    i32: 'number',
    string: 'string',
    bigint: 'bigint',
    bool: 'boolean',
    undefined: 'undefined',
    func: 'function',
  }
  if (isBoxed(x.type)) return op('dyn.typeof', [x], STRING, x.span)
  const ofObject = c.program.types.isSymbol(x.type) ? 'symbol' : 'object'
  return then(x, str(names[x.type.kind] ?? ofObject, x.span))
}

/** Whether `x` is undefined, or with `nullish` undefined or null. */
export function isMissing(x: Expr, nullish: boolean): Expr {
  const asked = nullish ? [UNDEFINED, NULL] : [UNDEFINED]
  if (!isBoxed(x.type))
    return then(
      x,
      bool(
        asked.some((type) => type.kind === x.type.kind),
        x.span,
      ),
    )
  const possible = asked.filter((type) => admits(x.type, type))
  return possible.length === 0 ? then(x, bool(false, x.span)) : is(x, unionOf(possible))
}

export const is = (x: Expr, type: Type): Expr => op('dyn.is', [x], BOOL, x.span, [type])

/** The value without null and undefined; TypeError with `message` (% stands for the value, and so does `VALUE`) when it is one of them. */
export function required(c: FunctionContext, x: Expr, message: string): Expr {
  if (message.includes(VALUE)) return requiredByName(c, x, message)
  const left = membersOf(x.type).filter((type) => type.kind !== 'null' && type.kind !== 'undefined')
  if (x.type.kind === 'any' || left.length === membersOf(x.type).length) return x
  if (left.length > 0) return op('dyn.require', [x], unionOf(left), x.span, [message])
  const failed = (one: Expr): Expr => fail(c, message.replaceAll('%', one.type.kind), one)
  return isUnion(x.type) ? c.dispatch(x, UNDEFINED, (one) => then(failed(one), undef(x.span))) : failed(x)
}

/** As `required`, with a name of the value in the message: that of null is not the word. */
function requiredByName(c: FunctionContext, x: Expr, message: string): Expr {
  const [ofNull, ofOthers] = ['object null', '%'].map((name) => message.replaceAll(VALUE, name)) as [string, string]
  if (!admits(x.type, NULL)) return required(c, x, ofOthers)
  return c.using(x, (one) => {
    const failed = effect(required(c, coerce(one, NULL), ofNull))
    const check: Stmt = { kind: 'if', test: is(one, NULL), then: [failed], else: [], span: one.span }
    const left = membersOf(one.type).filter((type) => type.kind !== 'null')
    return left.length === 0
      ? required(c, one, ofNull)
      : seq([check], required(c, coerce(one, unionOf(left)), ofOthers))
  })
}

/** Several texts as one. */
export const joinTexts = (parts: readonly (string | Expr)[], span: Expr['span']): Expr =>
  parts
    .map((part) => (typeof part === 'string' ? str(part, span) : part))
    .reduce((a, b) => op('string.concat', [a, b], STRING, span))

/** Evaluates `x`, then throws a TypeError. */
export function fail(c: FunctionContext, message: string | Expr, x: Expr): Expr {
  const text = joinTexts([message], x.span)
  const error = op('error.new', [text], { kind: 'object', id: 0 }, x.span, [0, 'TypeError'])
  const value = op('dyn.box', [error], ANY, x.span, [ANY])
  const kept = c.keep(x)
  return {
    kind: 'seq',
    body: [...kept.body, { kind: 'throw', value, span: x.span }],
    value: kept.value,
    type: x.type,
    span: x.span,
  }
}

/**
 * Conversions of objects by operations do not see methods of the program; where an object has such a method
 * the conversion has to be written out.
 */
export function refuseOverride(c: FunctionContext, x: Expr, method: 'toString' | 'valueOf'): void {
  const found = overrideIn(c, x.type, method)
  if (found) refuseConversion(c, x, found.node, found.own)
}

/** An object among the values of a type that has a conversion of its own, and its name. */
function overrideIn(
  c: FunctionContext,
  type: Type,
  method: 'toString' | 'valueOf',
): { readonly node: ObjNode; readonly own: string } | undefined {
  for (const node of nodesIn(c, type)) {
    const names = [TO_PRIMITIVE, method, 'toString', 'valueOf']
    const named = names.find((name) => node.cls?.methods.has(name) || node.fields.has(name))
    // Operations know the text of objects of the library: `[object Generator]`. That of a timer is its number.
    const own = isMistaken(c, node) ? 'toString' : node.brand === null ? named : undefined
    if (own) return { node, own }
  }
  return undefined
}

/** Whether an object has another text than operations make of it: a timer, and an instance of a class of the program that is named as one of the library. */
const isMistaken = (c: FunctionContext, { brand, cls }: ObjNode): boolean =>
  brand === 'Timeout' ||
  (cls !== null && ['Promise', 'TextEncoder', 'TextDecoder'].includes(cls.name) && !c.program.isOfPrelude(cls.span))

function nodesIn(c: FunctionContext, type: Type): readonly ObjNode[] {
  switch (type.kind) {
    case 'object': {
      const node = c.program.types.nodeOf(type.id)
      return node ? [node] : []
    }
    case 'array':
      return nodesIn(c, type.elem)
    case 'tuple':
      return type.elems.flatMap((elem) => nodesIn(c, elem))
    case 'union':
    case 'nested':
      return type.members.flatMap((member) => nodesIn(c, member))
    default:
      return []
  }
}
