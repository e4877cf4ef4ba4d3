import type { Type } from '../../ir/index.ts'
import type { Span } from '../../base/index.ts'
import type { FunctionContext } from './context.ts'

/**
 * Refuses a look at the keys of errors whose name or message the program sets: whether these are keys then depends on
 * what the error had before.
 */
export function refuseNamedErrors(c: FunctionContext, type: Type, span: Span): void {
  if (!holdsNamed(c, type, new Set())) return
  const hint = 'Make a record of what you need: `{ name: error.name, message: error.message }`.'
  c.report('ANRF1101', span, 'the keys of an error whose name or message is set', hint, 'keys of an error')
}

function holdsNamed(c: FunctionContext, type: Type, seen: Set<number>): boolean {
  switch (type.kind) {
    case 'array':
      return holdsNamed(c, type.elem, seen)
    case 'tuple':
      return type.elems.some((elem) => holdsNamed(c, elem, seen))
    case 'union':
      return type.members.some((member) => holdsNamed(c, member, seen))
    case 'map':
      return holdsNamed(c, type.key, seen) || holdsNamed(c, type.value, seen)
    case 'set':
      return holdsNamed(c, type.elem, seen)
    case 'dict':
      return holdsNamed(c, type.value, seen)
    case 'object': {
      if (seen.has(type.id)) return false
      seen.add(type.id)
      const node = type.id === 0 ? c.program.analysis.errorNode.root() : c.program.types.nodeOf(type.id)
      if (!node || node.named) return node?.named ?? false
      return [...node.fields.values()].some((field) => holdsNamed(c, c.type(field.slot), seen))
    }
    default:
      return false
  }
}
