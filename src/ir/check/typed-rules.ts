import type { Immediate, Module, ObjectDef } from '../module.ts'
import { elementTypeOf, isTypedObject, storageOf } from '../typed-arrays.ts'
import { F64, formatType, I32, objectOf, optional, sameType, UNDEFINED, type Type } from '../types.ts'
import { fault, isFault, type Fault } from './rules.ts'

type Site = { readonly module: Module; readonly imm: readonly Immediate[]; readonly args: readonly Type[] }
type TypedRule = { readonly text: string; readonly type: (site: Site) => Type | Fault }

/** Whether a definition has the role and is as the role demands: rules are asked of modules with others too, whose faults are told elsewhere. */
const isSound = (def: ObjectDef, role: ObjectDef['role'], { objects }: Module): boolean =>
  def.role === role && (role !== 'typed' || isTypedObject(def, objects))

/** The definition that an operand is an object of, when it has the role. */
function defAt(site: Site, i: number, role: ObjectDef['role']): ObjectDef | Fault {
  const type = site.args[i]!
  const def = type.kind === 'object' ? site.module.objects[type.id] : undefined
  return def && isSound(def, role, site.module)
    ? def
    : fault('operands', `operand ${i + 1} is of type ${formatType(type)}, not a ${role}`)
}

/** An operation on a typed array. `fit` says what is wrong with it besides. */
const onTyped = (
  text: string,
  result: (def: ObjectDef) => Type,
  fit?: (site: Site, def: ObjectDef) => Fault | undefined,
): TypedRule => ({
  text,
  type: (site) => {
    const def = defAt(site, 0, 'typed')
    if (isFault(def)) return def
    return fit?.(site, def) ?? result(def)
  },
})

const named = (site: Site, def: ObjectDef): Fault | undefined =>
  site.imm[0] === def.name ? undefined : fault('immediate', `the operand is a ${def.name}`)

const wholeNamed = (site: Site, def: ObjectDef): Fault | undefined =>
  named(site, def) ?? (elementTypeOf(def).whole ? undefined : fault('immediate', 'elements are no integers'))

/** An operation that makes an object of the definition that is the immediate. */
const making = (
  text: string,
  role: ObjectDef['role'],
  fit: (site: Site, def: ObjectDef) => Fault | undefined,
): TypedRule => ({
  text,
  type: (site) => {
    const id = site.imm[0] as number
    const def = site.module.objects[id]!
    if (!isSound(def, role, site.module)) return fault('immediate', `object ${id} is no ${role}`)
    return fit(site, def) ?? objectOf(id)
  },
})

const NAMED = 'operand a typed array of the definition that the immediate names'

/** Rules of the operations on typed arrays and buffers. */
export const TYPED_RULES = {
  'typed.new': making('the immediate a typed array, which is the result, no DataView', 'typed', (_, def) =>
    def.name === 'DataView' ? fault('immediate', 'a DataView has no storage of its own') : undefined,
  ),
  'typed.view': making(
    'the immediate a typed array with a field for the buffer that is the first operand',
    'typed',
    (site, def) =>
      storageOf(def) === 'view' && sameType(def.fields[2]!.type, site.args[0]!)
        ? undefined
        : fault('immediate', 'its elements are in no such buffer'),
  ),
  'typed.window': {
    text: 'operand a typed array that is not the only one over its storage, result of the same type',
    type: (site) => {
      const def = defAt(site, 0, 'typed')
      if (isFault(def)) return def
      return storageOf(def) === 'own' ? fault('operands', 'its storage is its own') : site.args[0]!
    },
  },
  'typed.length': onTyped('operand a typed array', () => F64),
  'typed.offset': onTyped('operand a typed array', () => F64),
  'typed.buffer': {
    text: 'operand a typed array with a field for its buffer, result the buffer',
    type: (site) => {
      const def = defAt(site, 0, 'typed')
      if (isFault(def)) return def
      return def.fields[2]?.type ?? fault('operands', 'its elements are in no buffer')
    },
  },
  'typed.get': onTyped(NAMED, () => F64, named),
  'typed.get_opt': onTyped(NAMED, () => optional(F64), named),
  'typed.get_nan': onTyped(NAMED, () => F64, named),
  'typed.get_i32': onTyped(`${NAMED}, its elements integers`, () => I32, wholeNamed),
  'typed.bits': onTyped(`${NAMED}, its elements integers`, () => I32, wholeNamed),
  'typed.set': onTyped(NAMED, () => UNDEFINED, named),
  'typed.fill': onTyped('operand a typed array', () => UNDEFINED),
  'typed.copy': onTyped(
    'operands typed arrays of one name',
    () => UNDEFINED,
    (site, def) => {
      const other = defAt(site, 1, 'typed')
      if (isFault(other)) return other
      return other.name === def.name ? undefined : fault('operands', `a ${other.name} is copied to a ${def.name}`)
    },
  ),
  'buffer.new': making('the immediate a buffer, which is the result', 'buffer', () => undefined),
  'buffer.length': {
    text: 'operand a buffer',
    type: (site) => {
      const def = defAt(site, 0, 'buffer')
      return isFault(def) ? def : F64
    },
  },
} as const satisfies Record<string, TypedRule>
