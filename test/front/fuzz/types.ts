import type { Random } from '../random.ts'

/** The types that generated programs use. */
export type Ty =
  | { readonly kind: 'number' | 'string' | 'boolean' }
  | { readonly kind: 'array'; readonly elem: Ty }
  | { readonly kind: 'tuple'; readonly elems: readonly Ty[] }
  | { readonly kind: 'record'; readonly rec: Rec }
  | { readonly kind: 'class'; readonly cls: Cls }
  | { readonly kind: 'maybe'; readonly of: Ty; readonly none: 'undefined' | 'null' }
  | { readonly kind: 'either' }
  /** `any`: whatever JSON can hold. */
  | { readonly kind: 'any' }
  | { readonly kind: 'map'; readonly key: Ty; readonly value: Ty }
  | { readonly kind: 'set'; readonly elem: Ty }
  | { readonly kind: 'dict'; readonly value: Ty }
  | { readonly kind: 'choice'; readonly choice: Choice }
  | { readonly kind: 'func'; readonly params: readonly Ty[]; readonly result: Ty }

export type Field = { readonly name: string; readonly ty: Ty; readonly optional: boolean }
/** An interface; `base` are records whose fields it has too. */
export type Rec = { readonly name: string; readonly fields: readonly Field[]; readonly bases: readonly Rec[] }
/** A union of records that a field `kind` tells apart. */
export type Choice = {
  readonly name: string
  readonly variants: readonly { readonly tag: string; readonly fields: readonly Field[] }[]
}
export type Method = { readonly name: string; readonly params: readonly Ty[]; readonly result: Ty }
/** A class, with what it has from the class that it extends. `error`: it extends an error, which is made of a message first. */
export type Cls = {
  readonly name: string
  readonly base: Cls | null
  readonly error: boolean
  readonly fields: readonly Field[]
  readonly params: readonly Ty[]
  readonly methods: readonly Method[]
  readonly getters: readonly Field[]
}

export const NUMBER: Ty = { kind: 'number' }
export const STRING: Ty = { kind: 'string' }
export const BOOLEAN: Ty = { kind: 'boolean' }
/** `number | string`. */
export const EITHER: Ty = { kind: 'either' }
export const arrayOf = (elem: Ty): Ty => ({ kind: 'array', elem })
export const maybe = (of: Ty, none: 'undefined' | 'null'): Ty => ({ kind: 'maybe', of, none })
export const func = (params: readonly Ty[], result: Ty): Ty => ({ kind: 'func', params, result })

/** A type as TypeScript writes it. */
export function textOf(ty: Ty): string {
  switch (ty.kind) {
    case 'number':
    case 'string':
    case 'boolean':
      return ty.kind
    case 'array':
      return ['maybe', 'either', 'func'].includes(ty.elem.kind) ? `(${textOf(ty.elem)})[]` : `${textOf(ty.elem)}[]`
    case 'tuple':
      return `[${ty.elems.map(textOf).join(', ')}]`
    case 'record':
      return ty.rec.name
    case 'class':
      return ty.cls.name
    case 'choice':
      return ty.choice.name
    case 'maybe':
      return ty.of.kind === 'func' ? `(${textOf(ty.of)}) | ${ty.none}` : `${textOf(ty.of)} | ${ty.none}`
    case 'either':
      return 'number | string'
    case 'any':
      return 'any'
    case 'map':
      return `Map<${textOf(ty.key)}, ${textOf(ty.value)}>`
    case 'set':
      return `Set<${textOf(ty.elem)}>`
    case 'dict':
      return `Record<string, ${textOf(ty.value)}>`
    case 'func':
      return `(${ty.params.map((p, i) => `p${i}: ${textOf(p)}`).join(', ')}) => ${textOf(ty.result)}`
  }
}

/** Whether a value of `from` may be used as one of `to`. Arrays are taken as they are, since they can change. */
export function fits(from: Ty, to: Ty): boolean {
  if (from === to || textOf(from) === textOf(to)) return true
  if (to.kind === 'maybe') return fits(from, to.of)
  if (to.kind === 'either') return from.kind === 'number' || from.kind === 'string'
  if (to.kind === 'class' && from.kind === 'class') return isDerived(from.cls, to.cls)
  return to.kind === 'record' && from.kind === 'record' && from.rec.bases.includes(to.rec)
}

/** Whether a class is another one, or extends it. */
export function isDerived(cls: Cls | null, from: Cls): boolean {
  return cls !== null && (cls === from || isDerived(cls.base, from))
}

/** Types that JSON can carry, for the parameters of entries. */
export function isData(ty: Ty): boolean {
  if (ty.kind === 'array') return isData(ty.elem)
  if (ty.kind === 'tuple') return ty.elems.every(isData)
  if (ty.kind === 'record') return ty.rec.fields.every((f) => isData(f.ty))
  if (ty.kind === 'choice') return ty.choice.variants.every((v) => v.fields.every((f) => isData(f.ty)))
  if (ty.kind === 'maybe') return isData(ty.of)
  if (ty.kind === 'map') return isData(ty.key) && isData(ty.value)
  if (ty.kind === 'set') return isData(ty.elem)
  if (ty.kind === 'dict') return isData(ty.value)
  return ty.kind !== 'func' && ty.kind !== 'class'
}

export const pick = <T>(random: Random, items: readonly T[]): T => items[random.below(items.length)] as T

/** What types are made of: the records and classes that there are, and the kinds that the program has. */
export type TypeSource = {
  readonly random: Random
  readonly recs: readonly Rec[]
  readonly classes: readonly Cls[]
  readonly choices: readonly Choice[]
  readonly kinds: ReadonlySet<Ty['kind']>
}

/** A type of some depth. */
export function makeType(s: TypeSource, depth: number, classes: readonly Cls[] = s.classes): Ty {
  const { random, recs, choices, kinds } = s
  const roll = random.below(depth > 0 ? 18 : 6)
  if (roll < 2) return NUMBER
  if (roll < 4) return STRING
  if (roll < 5) return BOOLEAN
  if (roll < 6) return kinds.has('either') ? EITHER : NUMBER
  const inner = (): Ty => makeType(s, depth - 1, classes)
  if (roll < 8) return arrayOf(inner())
  if (roll < 9 && choices.length > 0 && random.below(3) > 0) return { kind: 'choice', choice: pick(random, choices) }
  if (roll < 9) return kinds.has('tuple') ? { kind: 'tuple', elems: [inner(), inner()] } : arrayOf(inner())
  if (roll < 11 && recs.length > 0) return { kind: 'record', rec: pick(random, recs) }
  if (roll < 12 && classes.length > 0) return { kind: 'class', cls: pick(random, classes) }
  if (roll < 14) {
    const of = inner()
    return of.kind === 'maybe' || !kinds.has('maybe') ? of : maybe(of, random.below(2) === 0 ? 'undefined' : 'null')
  }
  const table = roll >= 15 ? makeTable(s, inner) : null
  if (table) return table
  return kinds.has('func') ? func(random.below(2) === 0 ? [] : [makeType(s, 0, classes)], inner()) : inner()
}

/** A table, or a value of any kind; null where the program has no such. */
function makeTable({ random, kinds }: TypeSource, inner: () => Ty): Ty | null {
  const value = inner()
  const kind = (['map', 'map', 'set', 'any', 'dict', 'dict', 'dict'] as const)[random.below(7)]!
  if (!kinds.has(kind)) return null
  if (kind === 'map') return { kind, key: pick(random, [STRING, STRING, NUMBER, EITHER]), value }
  if (kind === 'set') return { kind, elem: pick(random, [STRING, NUMBER, EITHER]) }
  return kind === 'any' ? { kind } : { kind, value: value.kind === 'maybe' ? value.of : value }
}
