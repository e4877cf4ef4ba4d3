import { isBoxed, membersOf, type Expr, type Type } from '../../ir/index.ts'
import type { FunctionContext } from '../emit/context.ts'
import { isTypedArray } from '../flow/bytes.ts'
import type { ObjNode } from '../flow/slots.ts'

/** Objects of the library that iterate, by what Node calls them, and whether they have `return` and `throw`. */
const ITERATORS: Readonly<Record<string, { readonly closes: boolean }>> = {
  'Object [Generator]': { closes: true },
  'Object [Array Iterator]': { closes: false },
  'Object [String Iterator]': { closes: false },
  'Object [RegExp String Iterator]': { closes: false },
  'Map Iterator': { closes: false },
  'Set Iterator': { closes: false },
  'URLSearchParams Iterator': { closes: false },
  'Object [Iterator Helper]': { closes: true },
}

/** How HIR names the methods whose names are symbols. */
export const ITERATOR = '@@iterator'

/** Whether objects of a node are iterators of the library. */
export const isIterator = (node: ObjNode): boolean => node.brand !== null && Object.hasOwn(ITERATORS, node.brand)

/** Whether objects of a node may have a method of the name; a field that is only ever asked for is none. */
export const hasMember = (node: ObjNode, name: string): boolean =>
  (node.cls?.methods.has(name) ?? false) ||
  (node.cls?.getters.has(name) ?? false) ||
  (node.fields.get(name)?.slot.root().fn ?? null) !== null

/** Whether a loop over an iterator of the node has to close it when it is left. */
export const closes = (node: ObjNode): boolean =>
  isIterator(node) ? (ITERATORS[node.brand ?? '']?.closes ?? false) : hasMember(node, 'return')

export function nodeOf(c: FunctionContext, type: Type): ObjNode | undefined {
  return type.kind === 'object' ? c.program.types.nodeOf(type.id) : undefined
}

/** Whether objects of a node are iterable. */
export const isIterable = (node: ObjNode): boolean =>
  isIterator(node) || isTypedArray(node) || hasMember(node, ITERATOR)

/** Whether values of the type are iterable objects, by what the analysis knows. */
export function isIterableType(c: FunctionContext, type: Type): boolean {
  const node = nodeOf(c, type)
  return node !== undefined && isIterable(node)
}

/** Whether some value of the type has to be closed. */
export const mayClose = (c: FunctionContext, type: Type): boolean =>
  membersOf(type).some((member) => {
    const node = nodeOf(c, member)
    return node !== undefined && closes(node)
  })

/** `x` by each type it may be of, as a value of `type`. */
export function byType(c: FunctionContext, x: Expr, type: Type, member: (one: Expr) => Expr): Expr {
  return isBoxed(x.type) ? c.dispatch(x, type, member) : member(x)
}
