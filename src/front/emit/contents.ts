import type { Type } from '../../ir/index.ts'
import type { ObjNode } from '../flow/slots.ts'
import { isHiddenField } from '../flow/key-order.ts'
import { isPrivateName, isSymbolName } from '../member-names.ts'
import type { FunctionContext } from './context.ts'

/** Which fields of an object are looked into, by their names. */
type Sees = (node: ObjNode, name: string) => boolean

const isNotPrivate: Sees = (_, name) => !isPrivateName(name)

/** What has a key. */
export const isListed: Sees = (node, name) => !isPrivateName(name) && !isSymbolName(name) && !isHiddenField(node, name)

/** Whether some object within values of a type, or such a value itself, passes a test, which sees each kind of object once, and no private members. */
export function someObject(
  c: FunctionContext,
  type: Type,
  test: (node: ObjNode) => boolean,
  sees: Sees = isNotPrivate,
): boolean {
  const seen = new Set<number>()
  const visit = (part: Type): boolean => {
    switch (part.kind) {
      case 'array':
      case 'set':
        return visit(part.elem)
      case 'tuple':
        return part.elems.some(visit)
      case 'union':
      case 'nested':
        return part.members.some(visit)
      case 'map':
        return visit(part.key) || visit(part.value)
      case 'dict':
        return visit(part.value)
      case 'object':
        return visitObject(part.id)
      default:
        return false
    }
  }
  const visitObject = (id: number): boolean => {
    if (seen.has(id)) return false
    seen.add(id)
    const node = c.program.types.nodeOf(id)
    if (!node) return false
    const seenFrom = [...node.fields].filter(([name]) => sees(node, name))
    return test(node) || seenFrom.some(([, field]) => visit(c.type(field.slot)))
  }
  return visit(type)
}
