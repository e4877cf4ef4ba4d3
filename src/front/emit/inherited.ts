import type { Type } from '../../ir/index.ts'
import type { ObjNode } from '../flow/slots.ts'
import { INHERITED, keyOf } from '../prototypes.ts'
import { bytesPrototype } from './typed.ts'

/** What objects of the library inherit, of which not everything can be used here. */
export function prototypeOf(node: ObjNode): object {
  if (node.cls?.isRegExp) return RegExp.prototype
  if (node.cls?.isDate) return Date.prototype
  if (node.cls?.isSymbol) return Symbol.prototype
  if (node.cls?.bytes) return bytesPrototype(node.cls.bytes)
  if (node.brand === 'TextEncoder') return TextEncoder.prototype
  if (node.brand === 'TextDecoder') return TextDecoder.prototype
  if (node.brand === 'Object [AsyncGenerator]') return ASYNC_GENERATOR_PROTOTYPE
  return node.brand?.endsWith('Iterator') || node.brand?.startsWith('Object [') ? ITERATOR_PROTOTYPE : NOTHING
}

/** What all objects inherit is asked for apart. */
const NOTHING = Object.create(null) as object
const ASYNC_GENERATOR_PROTOTYPE = (async function* () {})().constructor.prototype as object
const ITERATOR_PROTOTYPE = Object.getPrototypeOf(Object.getPrototypeOf([].values())) as object

/**
 * Whether a value has a property from JavaScript that can only be called here. Where the value may as well be an object with a
 * field of that name, such as what JSON.parse gives, that field is what is meant: anything else ends the run.
 */
export function inherits(type: Type, name: string): boolean {
  const isSize = name === 'length' || ((type.kind === 'map' || type.kind === 'set') && name === 'size')
  // The name of a function is known.
  return !isSize && !(type.kind === 'func' && name === 'name') && keyOf(name) in (INHERITED[type.kind] ?? NOTHING)
}
