import type { Type } from '../../ir/index.ts'
import type { ObjNode } from '../flow/slots.ts'
import type { FunctionContext } from './context.ts'

/** What a look at the parts of a type is told of: each part, and each kind of object once. */
type Look = { readonly part?: (type: Type) => boolean; readonly object?: (node: ObjNode) => boolean }

/** Whether some part of values of a type, or such a value itself, passes a test. */
export function somePart(c: FunctionContext, type: Type, look: Look): boolean {
  const seen = new Set<number>()
  const visit = (part: Type): boolean => {
    if (look.part?.(part)) return true
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
    const node = nodeOf(c, id)
    if (!node) return false
    return look.object?.(node) || [...node.fields.values()].some((field) => visit(c.type(field.slot)))
  }
  return visit(type)
}

const nodeOf = (c: FunctionContext, id: number): ObjNode | undefined =>
  id === 0 ? c.program.analysis.errorNode.root() : c.program.types.nodeOf(id)

/** Whether some object within values of a type, or such a value itself, passes a test. */
export const someObject = (c: FunctionContext, type: Type, object: (node: ObjNode) => boolean): boolean =>
  somePart(c, type, { object })

/** Whether values of a type may be within themselves. */
export function mayBeCyclic(c: FunctionContext, type: Type): boolean {
  return somePart(c, type, {
    part: (part) => part.kind === 'json' || part.kind === 'nested',
    object: (node) =>
      [...node.fields.values()].some((field) => someObject(c, c.type(field.slot), (inner) => inner === node)),
  })
}
