import { BOOL, UNDEFINED, type Expr, type Stmt } from '../../ir/index.ts'
import { isSymbolName } from '../member-names.ts'
import { isErrorText } from '../flow/built-in-errors.ts'
import { areErrors, type ObjNode } from '../flow/slots.ts'
import type { FunctionContext } from './context.ts'
import { storeErrorText } from './error-texts.ts'
import { inKeyOrder } from './key-order.ts'
import { coerce, effect, op } from './make.ts'
import { eachItem, ownKeys } from './own-keys.ts'
import { byName, propertyNames, readField, readProperty } from './properties.ts'

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
    ...propertyNames(node)
      .filter(isSymbolName)
      .flatMap((name) => copySymbol(c, object, node, name, store)),
  ]
}

function copySymbol(c: FunctionContext, object: Expr, node: ObjNode, name: string, store: OnProperty): Stmt[] {
  const { span } = object
  const stores = store(name, readField(c, object, node, name))
  if (!node.fields.get(name)?.optional) return [...stores]
  const imm = [c.program.types.idOf(node), c.program.types.fieldIndex(node, name)]
  return [{ kind: 'if', test: op('object.has', [object], BOOL, span, imm), then: stores, else: [], span }]
}

/** Puts properties into the fields of a record that have their names. */
export const storeIn =
  (c: FunctionContext, target: Expr, node: ObjNode, except: readonly string[]): OnProperty =>
  (name, value) => {
    if (areErrors(node) && isErrorText(name)) return storeErrorText(c, target, node, name, value)
    const field = node.fields.get(name)
    if (!field || except.includes(name)) return []
    const imm = [c.program.types.idOf(node), c.program.types.fieldIndex(node, name)]
    const set = effect(op('object.set', [target, coerce(value, c.type(field.slot))], UNDEFINED, value.span, imm))
    return inKeyOrder(c, target, node, name, set)
  }
