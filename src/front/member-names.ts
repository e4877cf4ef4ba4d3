import type { HClass } from './hir.ts'

// Objects keep more than what has a key: accessors of literals, private members, and what symbols name. Their names here begin as no key
// that a program writes may (`isReserved`).

/** An accessor of an object literal is a field of the object that holds its function. */
export const getterName = (name: string): string => `@@get ${name}`
export const setterName = (name: string): string => `@@set ${name}`

/** The property that a field is or holds an accessor of. */
export const propertyOf = (field: string): string =>
  isAccessorName(field) || field === OWN_NAME ? field.slice(getterName('').length) : field

/** Whether a field holds an accessor. */
export const isAccessorName = (name: string): boolean => name.startsWith('@@get ') || name.startsWith('@@set ')

/**
 * The key `name` of errors. All have a name from their class, which is kept apart; what sets it makes a key of it, which is listed, copied
 * and written with the others.
 */
export const OWN_NAME = '@@own name'

/** What `[Symbol.iterator]` and the like name. */
export const symbolName = (symbol: string): string => `@@${symbol}`
export const SYMBOLS: readonly string[] = ['iterator', 'asyncIterator', 'toPrimitive', 'toStringTag']
export const isSymbolName = (name: string): boolean =>
  isUserSymbol(name) || SYMBOLS.some((symbol) => name === symbolName(symbol))

/** What a symbol of the program names, which `id` tells from others; it is shown by its description. */
export const userSymbol = (id: string, description?: string): string =>
  description === undefined ? `@@symbol ${id}` : `@@symbol ${id} ${description}`
export const isUserSymbol = (name: string): boolean => name.startsWith('@@symbol ')

/** The method of a class that converts its instances (ECMA-262 7.1.1). */
export const TO_PRIMITIVE = symbolName('toPrimitive')

/** What Object.prototype.toString shows of an object (20.1.3.6), and the method that says it. */
export const TAG = symbolName('toStringTag')
export const TAG_TEXT = symbolName('tag text')

/** The private member `#name`, which is not what the key `'#name'` names. Classes may each have one; their numbers tell them apart. */
export const privateName = (name: string, number = 0): string => (number === 0 ? `@@${name}` : `@@${name} ${number}`)
export const isPrivateName = (name: string): boolean => name.startsWith('@@#')

/** What an instance has that has the private methods and accessors of a class, whose names say of which. */
export const brandOf = (name: string): string => name.replace(/^@@#\S*/, '@@#')

/** The property `raw` of the texts of a template is no key: a list keeps it under a name without one. */
export const RAW = privateName('#raw')

/** What a list keeps a property under. */
export const listProperty = (name: string): string => (name === 'raw' ? RAW : name)

/** A member as messages name it. */
export function shownName(name: string): string {
  if (isUserSymbol(name)) return `Symbol(${name.split(' ').slice(2).join(' ')})`
  if (isSymbolName(name)) return `Symbol(Symbol.${name.slice(2)})`
  return isPrivateName(name) ? (name.slice(2).split(' ')[0] ?? '') : name
}

/** Stands in messages for a value that has no text of the program, as V8 names it: `object null`. */
export const VALUE = '%value'

/** What reading a member of undefined or null (`%`) throws, as V8 words it. */
export const cannotRead = (name: string): string =>
  name === symbolName('iterator')
    ? `${VALUE} is not iterable (cannot read property ${shownName(name)})`
    : `Cannot read properties of % (reading '${shownName(name)}')`

/** Whether a text is no key that a program may write, since it is the name of something without a key. */
export const isReserved = (text: string): boolean =>
  isAccessorName(text) || isSymbolName(text) || isPrivateName(text) || text === OWN_NAME

/** What a node of the analysis knows of its fields. */
type Fields = { readonly fields: ReadonlyMap<string, unknown> }

/** Whether objects have, or may have, an accessor under the name. */
export const hasAccessor = ({ fields }: Fields, name: string): boolean =>
  fields.has(getterName(name)) || fields.has(setterName(name))

/** Whether objects have, or may have, any accessors. */
export const hasAccessors = ({ fields }: Fields): boolean => [...fields.keys()].some(isAccessorName)

/** A text that tells a class of the program from all others and from the names of the library. */
export const constructorText = ({ name, span }: HClass): string => `${name} ${span.file}:${span.start}`

/** How V8 names an object in messages about its properties: by its class, where that has a name and it has no text of its own; an error by its kind. */
export function objectText({ cls, fields }: Fields & { readonly cls: HClass | null }): string {
  if (cls?.error) return cls.error
  if (fields.has('toString') || cls?.methods.has('toString')) return '[object Object]'
  if (!cls) return '#<Object>'
  return cls.name === '' || cls.isRegExp ? '[object Object]' : `#<${cls.name}>`
}
