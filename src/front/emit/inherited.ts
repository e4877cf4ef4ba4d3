import type { Type } from '../../ir/index.ts'
import type { ObjNode } from '../flow/slots.ts'
import { bytesPrototype } from './typed.ts'

/** What values that are no objects of the program have from JavaScript; any other property is undefined. */
export const INHERITED: Readonly<Record<string, object>> = {
  f64: Number.prototype,
  bigint: BigInt.prototype,
  bool: Boolean.prototype,
  string: String.prototype,
  array: Array.prototype,
  tuple: Array.prototype,
  func: Function.prototype,
  map: Map.prototype,
  set: Set.prototype,
}

/** What objects of the library inherit, of which not everything can be used here. */
export function prototypeOf(node: ObjNode): object {
  if (node.cls?.isRegExp) return RegExp.prototype
  if (node.cls?.isDate) return Date.prototype
  if (node.cls?.bytes) return bytesPrototype(node.cls.bytes)
  if (node.brand === 'TextEncoder') return TextEncoder.prototype
  if (node.brand === 'TextDecoder') return TextDecoder.prototype
  return node.brand === null || node.brand === 'Promise' ? NOTHING : ITERATOR_PROTOTYPE
}

/** What all objects inherit is asked for apart. */
const NOTHING = Object.create(null) as object
const ITERATOR_PROTOTYPE = Object.getPrototypeOf(Object.getPrototypeOf([].values())) as object

/**
 * Whether a value has a property from JavaScript that can only be called here. Where the value may as well be an object with a
 * field of that name, such as what JSON.parse gives, that field is what is meant: anything else ends the run.
 */
export function inherits(type: Type, name: string): boolean {
  const isSize = name === 'length' || ((type.kind === 'map' || type.kind === 'set') && name === 'size')
  return !isSize && name in (INHERITED[type.kind] ?? NOTHING)
}
