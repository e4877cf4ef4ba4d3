import type { Type } from '../ir/index.ts'
import { ARR, BIG, BOOL, FN, MAP, NUM, SET, STR, type Kinds } from './kinds.ts'
import { isSymbolName, isUserSymbol } from './member-names.ts'

/** Prototypes of values that are no objects of the program: how the analysis names these values, and which types they have. */
const PROTOTYPES: readonly (readonly [Kinds, readonly Type['kind'][], object])[] = [
  [NUM, ['f64'], Number.prototype],
  [BIG, ['bigint'], BigInt.prototype],
  [BOOL, ['bool'], Boolean.prototype],
  [STR, ['string'], String.prototype],
  [ARR, ['array', 'tuple'], Array.prototype],
  [FN, ['func'], Function.prototype],
  [MAP, ['map'], Map.prototype],
  [SET, ['set'], Set.prototype],
]

/** What values of a type have from JavaScript, by its kind; any other property is undefined. */
export const INHERITED: Readonly<Record<string, object>> = Object.fromEntries(
  PROTOTYPES.flatMap(([, types, prototype]) => types.map((type) => [type, prototype])),
)

/** The key of a member in JavaScript. */
export const keyOf = (name: string): PropertyKey => {
  if (isUserSymbol(name)) return Symbol(name)
  return isSymbolName(name) ? (Symbol[name.slice(2) as 'iterator'] as symbol) : name
}

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
  PROTOTYPES.some(([of, , prototype]) => (kinds & of) !== 0 && isFunctionOf(prototype, name))
