import { partsOf, type Type } from '../../ir/index.ts'
import { isTypedArray } from '../flow/bytes.ts'
import type { TypeTable } from './types.ts'

/** What values of a type hold that no JSON stands for, so that it cannot be given to an entry; undefined if there is nothing. */
export function notJson(types: TypeTable, type: Type, seen = new Set<number>()): string | undefined {
  const first = (parts: readonly Type[]): string | undefined =>
    parts.map((part) => notJson(types, part, seen)).find((what) => what !== undefined)
  if (type.kind === 'func') return 'a function'
  if (type.kind !== 'object') return first(partsOf(type))
  if (seen.has(type.id)) return undefined
  seen.add(type.id)
  const node = types.nodeOf(type.id)
  if (node && isTypedArray(node)) return undefined
  if (!node || node.cls) return `an instance of ${node?.cls?.name ?? 'Error'}`
  return first([...node.fields.values()].map((field) => types.of(field.slot)))
}
