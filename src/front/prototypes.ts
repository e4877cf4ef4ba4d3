import { ARR, BIG, BOOL, FN, MAP, NUM, SET, STR, type Kinds } from './kinds.ts'
import { isSymbolName } from './member-names.ts'

/** What values that are no objects of the program have from JavaScript, by the kinds of their types; any other property is undefined. */
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

const PROTOTYPES: readonly (readonly [Kinds, object])[] = [
  [NUM, Number.prototype],
  [BIG, BigInt.prototype],
  [BOOL, Boolean.prototype],
  [STR, String.prototype],
  [ARR, Array.prototype],
  [FN, Function.prototype],
  [MAP, Map.prototype],
  [SET, Set.prototype],
]

/** The key of a member in JavaScript. */
export const keyOf = (name: string): PropertyKey =>
  isSymbolName(name) ? (Symbol[name.slice(2) as 'iterator'] as symbol) : name

/** Whether a prototype has such a function; a getter is none. */
export function isFunctionOf(prototype: object | undefined, name: string): boolean {
  for (let p: unknown = prototype; p; p = Object.getPrototypeOf(p)) {
    const own = Object.getOwnPropertyDescriptor(p, keyOf(name))
    if (own) return name !== 'constructor' && typeof own.value === 'function'
  }
  return false
}

/** Whether values of some of the kinds have such a method from JavaScript. */
export const inheritsMethod = (kinds: Kinds, name: string): boolean =>
  PROTOTYPES.some(([of, prototype]) => (kinds & of) !== 0 && isFunctionOf(prototype, name))
