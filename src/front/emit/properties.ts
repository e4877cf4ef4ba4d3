import { optional, unionOf, type Expr, type Stmt } from '../../ir/index.ts'
import { getterName, hasAccessor, isReserved, propertyOf } from '../member-names.ts'
import type { ObjNode } from '../flow/slots.ts'
import { callAccessor, whereThere } from './accessors.ts'
import type { FunctionContext } from './context.ts'
import { coerce, op, str, undef } from './make.ts'

/** Names of the fields and accessors of objects, symbols and private members among them. */
export const propertyNames = (node: ObjNode): string[] => [...new Set([...node.fields.keys()].map(propertyOf))]

/** What is done with the property that a key names, by a case for each name. */
export function byName(
  c: FunctionContext,
  { span }: Expr,
  node: ObjNode,
  key: Expr,
  done: (name: string) => readonly Stmt[],
): Stmt {
  const label = c.freshLabel()
  const cases = propertyNames(node)
    .filter((name) => !isReserved(name))
    .map((name) => ({
      test: str(name, span),
      body: [...done(name), { kind: 'break', label, span } as const],
    }))
  return { kind: 'switch', label, subject: key, cases, span }
}

/** A property of an object in a local: what a getter gives, or a field; undefined where it is not there. */
export function readProperty(c: FunctionContext, obj: Expr, node: ObjNode, name: string): Expr {
  const plain = readField(c, obj, node, name)
  if (!hasAccessor(node, name)) return plain
  const getter = node.fields.get(getterName(name))?.slot.root().fn
  const type = getter ? unionOf([plain.type, c.program.types.told(getter.root().result)]) : plain.type
  return whereThere(
    c,
    { node, id: c.program.types.idOf(node), obj },
    getterName(name),
    coerce(plain, type),
    (fn, callee) => coerce(callAccessor(c, fn, callee, obj, []), type),
  )
}

/** A field; undefined where it is not there. */
export function readField(c: FunctionContext, obj: Expr, node: ObjNode, name: string): Expr {
  const info = node.fields.get(name)
  if (!info) return undef(obj.span)
  const { types } = c.program
  const [imm, type] = [[types.idOf(node), types.fieldIndex(node, name)], c.type(info.slot)]
  return info.optional
    ? op('object.get_opt', [obj], optional(type), obj.span, imm)
    : op('object.get', [obj], type, obj.span, imm)
}
