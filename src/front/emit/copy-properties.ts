import { optional, UNDEFINED, unionOf, type Expr, type Stmt, type Type } from '../../ir/index.ts'
import { getterName, hasAccessor, isReserved, isSymbolName, propertyOf } from '../member-names.ts'
import type { ObjNode } from '../flow/slots.ts'
import { whereThere, callAccessor } from './accessors.ts'
import type { FunctionContext } from './context.ts'
import { isMissing } from './convert.ts'
import { coerce, effect, op, str, undef } from './make.ts'
import { eachItem, ownKeys } from './own-keys.ts'

/** What is done with a property of an object, which is evaluated already. */
type OnProperty = (name: string, value: Expr) => readonly Stmt[]

/**
 * Copies the own properties of an object whose getters give some of them (CopyDataProperties, ECMA-262 7.3.26), in the order of its keys, and then what
 * symbols name: `store` of each property.
 */
export function copyProperties(c: FunctionContext, object: Expr, node: ObjNode, store: OnProperty): Stmt[] {
  const { span } = object
  const keys = c.keep(ownKeys(c, object))
  const loop = eachItem(c, keys.value, span, (key) => [
    byName(c, object, node, key, (name) => store(name, readProperty(c, object, node, name))),
  ])
  return [
    ...keys.body,
    ...loop,
    ...namesOf(node)
      .filter(isSymbolName)
      .flatMap((name) => copySymbol(c, object, node, name, store)),
  ]
}

/** What is done with the property that a key names, by a case for each name. */
export function byName(
  c: FunctionContext,
  { span }: Expr,
  node: ObjNode,
  key: Expr,
  done: (name: string) => readonly Stmt[],
): Stmt {
  const label = c.freshLabel()
  const cases = namesOf(node)
    .filter((name) => !isReserved(name))
    .map((name) => ({
      test: str(name, span),
      body: [...done(name), { kind: 'break', label, span } as const],
    }))
  return { kind: 'switch', label, subject: key, cases, span }
}

const namesOf = (node: ObjNode): string[] => [...new Set([...node.fields.keys()].map(propertyOf))]

function copySymbol(c: FunctionContext, object: Expr, node: ObjNode, name: string, store: OnProperty): Stmt[] {
  const { span } = object
  const value = readField(c, object, node, name)
  if (!node.fields.get(name)?.optional) return [...store(name, value)]
  const test = isMissing(optionalField(c, object, node, name), false)
  return [{ kind: 'if', test, then: [], else: [...store(name, value)], span }]
}

/** A property that is there: what a getter gives, or a field. */
export function readProperty(c: FunctionContext, obj: Expr, node: ObjNode, name: string): Expr {
  const plain = node.fields.has(name) ? readField(c, obj, node, name) : undef(obj.span)
  if (!hasAccessor(node, name)) return plain
  const getter = node.fields.get(getterName(name))?.slot.root().fn
  const types = [plain.type, ...(getter ? [c.program.types.told(getter.root().result)] : [])]
  const type = types.reduce((a, b) => unionOf([a, b]))
  return whereThere(
    c,
    { node, id: c.program.types.idOf(node), obj },
    getterName(name),
    coerce(plain, type),
    (fn, callee) => coerce(callAccessor(c, fn, callee, obj, []), type),
  )
}

function optionalField(c: FunctionContext, object: Expr, node: ObjNode, name: string): Expr {
  const { types } = c.program
  const type = fieldType(c, node, name)
  return op('object.get_opt', [object], optional(type), object.span, [types.idOf(node), types.fieldIndex(node, name)])
}

function readField(c: FunctionContext, object: Expr, node: ObjNode, name: string): Expr {
  const { types } = c.program
  const type = fieldType(c, node, name)
  if (node.fields.get(name)?.optional) return coerce(optionalField(c, object, node, name), type)
  return op('object.get', [object], type, object.span, [types.idOf(node), types.fieldIndex(node, name)])
}

const fieldType = (c: FunctionContext, node: ObjNode, name: string): Type => {
  const info = node.fields.get(name)
  return info ? c.type(info.slot) : UNDEFINED
}

/** Puts properties into the fields of a record that have their names. */
export const storeIn =
  (c: FunctionContext, target: Expr, node: ObjNode, except: readonly string[]): OnProperty =>
  (name, value) => {
    const field = node.fields.get(name)
    if (!field || except.includes(name)) return []
    const imm = [c.program.types.idOf(node), c.program.types.fieldIndex(node, name)]
    return [effect(op('object.set', [target, coerce(value, c.type(field.slot))], UNDEFINED, value.span, imm))]
  }
