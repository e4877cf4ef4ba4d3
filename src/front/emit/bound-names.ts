import type { Instance } from '../flow/instance.ts'
import type { Slot } from '../flow/slots.ts'
import type { BoundTarget } from '../hir.ts'
import { NULLISH, OBJ } from '../kinds.ts'

/** The name of a function (ECMA-262 20.2.3.2 for those that `bind` made); undefined where it is not known before the program runs. */
export function nameOf(inst: Instance, seen: ReadonlySet<Instance> = new Set()): string | undefined {
  const { binds, name, namedLate } = inst.func
  if (namedLate) return undefined
  if (!binds) return name
  // What is bound again and again has a name that grows.
  if (seen.has(inst) || !inst.parent) return undefined
  const target = targetName(inst.parent, binds, new Set([...seen, inst]))
  return target === undefined ? undefined : `bound ${target}`
}

type Seen = ReadonlySet<Instance>

function targetName(outer: Instance, binds: BoundTarget, seen: Seen): string | undefined {
  if (binds.kind === 'library') return binds.name
  if (binds.kind === 'method') return only(methodNames(outer, binds, seen))
  const { value } = binds
  const direct = value.kind === 'function' ? value.f : value.kind === 'var' ? value.v.func : undefined
  // All functions that meet somewhere are together in the slot; this is one of them.
  if (direct && !direct.binds) return direct.namedLate ? undefined : direct.name
  return only(namesIn(outer.slot(value), seen))
}

const only = (names: readonly (string | undefined)[]): string | undefined =>
  names.every((name) => name === names[0]) ? names[0] : undefined

const namesIn = (slot: Slot, seen: Seen): (string | undefined)[] =>
  [...(slot.root().fn?.root().instances ?? [])].map((inst) => nameOf(inst, seen))

type OfMethod = BoundTarget & { readonly kind: 'method' }

/** The names of what objects have under the name of a method: the method, or a function in a field. */
function methodNames(outer: Instance, { obj, name, replaced }: OfMethod, seen: Seen): (string | undefined)[] {
  const { kinds, objs, arr, fn, map, set } = outer.slot(obj).root()
  // Methods of the library are not all called as they are named: `keys` of a set is its `values`.
  if (arr || fn || map || set || kinds & ~(OBJ | NULLISH)) return [undefined]
  return objs.flatMap((one) => {
    const node = one.root()
    const method = node.cls?.methods.get(name)
    const field = node.fields.get(name)
    if (node.brand !== null) return [undefined]
    if (method && !replaced) return [method.name]
    const held = field ? namesIn(field.slot, seen) : []
    return [...held, ...(method ? [method.name] : []), ...(held.length === 0 && !method ? [undefined] : [])]
  })
}
