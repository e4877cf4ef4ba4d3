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
export type Cls = {
  readonly name: string
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
    case 'func':
      return `(${ty.params.map((p, i) => `p${i}: ${textOf(p)}`).join(', ')}) => ${textOf(ty.result)}`
  }
}

/** Whether a value of `from` may be used as one of `to`. Arrays are taken as they are, since they can change. */
export function fits(from: Ty, to: Ty): boolean {
  if (from === to || textOf(from) === textOf(to)) return true
  if (to.kind === 'maybe') return fits(from, to.of)
  if (to.kind === 'either') return from.kind === 'number' || from.kind === 'string'
  return to.kind === 'record' && from.kind === 'record' && from.rec.bases.includes(to.rec)
}

/** Types that JSON can carry, for the parameters of entries. */
export function isData(ty: Ty): boolean {
  if (ty.kind === 'array') return isData(ty.elem)
  if (ty.kind === 'tuple') return ty.elems.every(isData)
  if (ty.kind === 'record') return ty.rec.fields.every((f) => isData(f.ty))
  if (ty.kind === 'choice') return ty.choice.variants.every((v) => v.fields.every((f) => isData(f.ty)))
  if (ty.kind === 'maybe') return isData(ty.of)
  return ty.kind !== 'func' && ty.kind !== 'class'
}

export const pick = <T>(random: Random, items: readonly T[]): T => items[random.below(items.length)] as T

/** A type of some depth, of the records and classes that there are. */
export function makeType(
  random: Random,
  recs: readonly Rec[],
  classes: readonly Cls[],
  depth: number,
  choices: readonly Choice[] = [],
): Ty {
  const roll = random.below(depth > 0 ? 15 : 6)
  if (roll < 2) return NUMBER
  if (roll < 4) return STRING
  if (roll < 5) return BOOLEAN
  if (roll < 6) return EITHER
  const inner = (): Ty => makeType(random, recs, classes, depth - 1, choices)
  if (roll < 8) return arrayOf(inner())
  if (roll < 9 && choices.length > 0 && random.below(3) > 0) return { kind: 'choice', choice: pick(random, choices) }
  if (roll < 9) return { kind: 'tuple', elems: [inner(), inner()] }
  if (roll < 11 && recs.length > 0) return { kind: 'record', rec: pick(random, recs) }
  if (roll < 12 && classes.length > 0) return { kind: 'class', cls: pick(random, classes) }
  if (roll < 14) {
    const of = inner()
    return of.kind === 'maybe' ? of : maybe(of, random.below(2) === 0 ? 'undefined' : 'null')
  }
  return func(random.below(2) === 0 ? [] : [makeType(random, recs, classes, 0)], inner())
}
