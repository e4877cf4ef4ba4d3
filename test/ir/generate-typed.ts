import {
  elementTypeOf,
  F64,
  I32,
  objectOf,
  optional,
  UNDEFINED,
  type ObjectDef,
  type Type,
} from '../../src/ir/index.ts'
import type { TYPED_RULES } from '../../src/ir/check/typed-rules.ts'
import type { Chooser, Ruled } from './generate-ruled.ts'

/** The number of a definition that is as wanted, mostly one of which there is a local. */
function anyDef(g: Chooser, fits: (def: ObjectDef) => boolean): number | undefined {
  const near = g.objectId()
  if (fits(g.module.objects[near]!)) return near
  const all = g.module.objects.flatMap((def, id) => (fits(def) ? [id] : []))
  return all.length === 0 ? undefined : g.random.pick(all)
}

const isTyped = (def: ObjectDef): boolean => def.role === 'typed'
const isWhole = (def: ObjectDef): boolean => isTyped(def) && elementTypeOf(def).whole

/** An operation on a typed array that the immediate names, and numbers. */
const named =
  (count: number, type: Type, fits = isTyped): Ruled =>
  (g) => {
    const id = anyDef(g, fits)
    if (id === undefined) return undefined
    const numbers = Array.from({ length: count }, () => F64)
    return { imm: [g.module.objects[id]!.name], args: [objectOf(id), ...numbers], type }
  }

/** The same without a name. */
const plain =
  (count: number, type: Type, fits = isTyped): Ruled =>
  (g) => {
    const id = anyDef(g, fits)
    return id === undefined
      ? undefined
      : { imm: [], args: [objectOf(id), ...Array.from({ length: count }, () => F64)], type }
  }

/** The definition to make an object of. */
function wantedDef(g: Chooser, wanted: Type | undefined, fits: (def: ObjectDef) => boolean): number | undefined {
  if (!wanted) return anyDef(g, fits)
  return wanted.kind === 'object' && fits(g.module.objects[wanted.id]!) ? wanted.id : undefined
}

const isView = (def: ObjectDef): boolean => isTyped(def) && def.fields.length === 3

/** How operations on typed arrays and buffers are applied. */
export const RULED_TYPED: { readonly [K in keyof typeof TYPED_RULES]: Ruled } = {
  'typed.new': (g, wanted) => {
    const id = wantedDef(g, wanted, (def) => isTyped(def) && def.name !== 'DataView')
    return id === undefined ? undefined : { imm: [id], args: [F64], type: objectOf(id) }
  },
  'typed.view': (g, wanted) => {
    const id = wantedDef(g, wanted, isView)
    const buffer = id === undefined ? undefined : g.module.objects[id]!.fields[2]?.type
    return id === undefined || !buffer ? undefined : { imm: [id], args: [buffer, F64, F64], type: objectOf(id) }
  },
  'typed.window': (g, wanted) => {
    const id = wantedDef(g, wanted, (def) => isTyped(def) && def.fields.length > 0)
    return id === undefined ? undefined : { imm: [], args: [objectOf(id), F64, F64], type: objectOf(id) }
  },
  'typed.length': plain(0, F64),
  'typed.offset': plain(0, F64),
  'typed.buffer': (g, wanted) => {
    const id = anyDef(g, (def) => isView(def) && (!wanted || (wanted.kind === 'object' && sameBuffer(def, wanted.id))))
    const buffer = id === undefined ? undefined : g.module.objects[id]!.fields[2]?.type
    return id === undefined || !buffer ? undefined : { imm: [], args: [objectOf(id)], type: buffer }
  },
  'typed.get': named(1, F64),
  'typed.get_opt': named(1, optional(F64)),
  'typed.get_nan': named(1, F64),
  'typed.get_i32': named(1, I32, isWhole),
  'typed.bits': named(1, I32, isWhole),
  'typed.set': named(2, UNDEFINED),
  'typed.fill': plain(3, UNDEFINED),
  'typed.copy': (g) => {
    const to = anyDef(g, isTyped)
    const from =
      to === undefined ? undefined : anyDef(g, (def) => isTyped(def) && def.name === g.module.objects[to]!.name)
    return to === undefined || from === undefined
      ? undefined
      : { imm: [], args: [objectOf(to), objectOf(from), F64, F64], type: UNDEFINED }
  },
  'buffer.new': (g, wanted) => {
    const id = wantedDef(g, wanted, (def) => def.role === 'buffer')
    return id === undefined ? undefined : { imm: [id], args: [F64], type: objectOf(id) }
  },
  'buffer.length': plain(0, F64, (def) => def.role === 'buffer'),
}

function sameBuffer(def: ObjectDef, id: number): boolean {
  const type = def.fields[2]?.type
  return type?.kind === 'object' && type.id === id
}
