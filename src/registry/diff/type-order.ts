import { formatType, membersOf, type Entry, type Module, type Type } from '../../ir/index.ts'

/** How a type or an entry differs from another one, by what it accepts. */
export type Order = 'same' | 'widened' | 'narrowed' | 'changed'

const orderOf = (isWithin: boolean, contains: boolean): Order =>
  isWithin ? (contains ? 'same' : 'widened') : contains ? 'narrowed' : 'changed'

/** How the type `b` differs from `a`: `widened` accepts all that `a` does, and more. */
export function compareTypes(a: Type, before: Module, b: Type, after: Module): Order {
  return orderOf(isWithin(a, before, b, after), isWithin(b, after, a, before))
}

/** How the inputs of the entry `b` differ from those of `a`: whoever may call `a` may call one that is `same` or `widened`. */
export function compareInputs(a: Entry, before: Module, b: Entry, after: Module): Order {
  return orderOf(areWithin(a, before, b, after), areWithin(b, after, a, before))
}

function areWithin(a: Entry, before: Module, b: Entry, after: Module): boolean {
  const known = a.params.every((param) => {
    const other = b.params.find(({ name }) => name === param.name)
    return other && (other.optional || !param.optional) && isWithin(param.type, before, other.type, after)
  })
  return known && b.params.every(({ name, optional }) => optional || a.params.some((param) => param.name === name))
}

/** Whether every value of the type `a` is one of `b`. Recursive types are compared as far as they differ. */
function isWithin(a: Type, before: Module, b: Type, after: Module): boolean {
  const assumed = new Set<string>()
  return within(a, b)

  function within(x: Type, y: Type): boolean {
    const isNested = x.kind === 'nested' || y.kind === 'nested'
    if (isNested && isAssumed(`${formatType(x)} in ${formatType(y)}`)) return true
    const isUnion = y.kind === 'union' || y.kind === 'nested'
    if (x.kind === 'union' || x.kind === 'nested' || (x.kind === 'json' && isUnion))
      return membersOf(x).every((member) => within(member, y))
    if (isUnion) return membersOf(y).some((member) => within(x, member))
    if (y.kind === 'any') return true
    if (y.kind === 'json') return isJson(x)
    if (x.kind === 'i32' && y.kind === 'f64') return true
    if (x.kind !== y.kind) return false
    return hasPartsWithin(x, y)
  }

  function hasPartsWithin(x: Type, y: Type): boolean {
    if (x.kind === 'array' && y.kind === 'array') return within(x.elem, y.elem)
    if (x.kind === 'set' && y.kind === 'set') return within(x.elem, y.elem)
    if (x.kind === 'dict' && y.kind === 'dict') return within(x.value, y.value)
    if (x.kind === 'map' && y.kind === 'map') return within(x.key, y.key) && within(x.value, y.value)
    if (x.kind === 'cell' && y.kind === 'cell') return within(x.of, y.of)
    if (x.kind === 'tuple' && y.kind === 'tuple')
      return x.elems.length === y.elems.length && x.elems.every((elem, i) => within(elem, y.elems[i]!))
    if (x.kind === 'object' && y.kind === 'object') return isObjectWithin(x.id, y.id)
    // Functions never come from outside.
    return x.kind !== 'func'
  }

  function isObjectWithin(x: number, y: number): boolean {
    if (isAssumed(`${x} ${y}`)) return true
    const [left, right] = [before.objects[x]!, after.objects[y]!]
    if (left.role !== right.role || (left.role !== 'record' && left.name !== right.name)) return false
    const fits = left.fields.every((field) => {
      const other = right.fields.find(({ name }) => name === field.name)
      return other && (other.optional || !field.optional) && within(field.type, other.type)
    })
    return fits && right.fields.every(({ name, optional }) => optional || left.fields.some((f) => f.name === name))
  }

  /** Whether a comparison has begun before: then it is to be taken for true. */
  function isAssumed(pair: string): boolean {
    const known = assumed.has(pair)
    assumed.add(pair)
    return known
  }

  function isJson(x: Type): boolean {
    if (x.kind === 'array') return within(x.elem, { kind: 'json' })
    if (x.kind === 'dict') return within(x.value, { kind: 'json' })
    if (x.kind === 'tuple') return x.elems.every((elem) => within(elem, { kind: 'json' }))
    if (x.kind === 'object')
      return (
        before.objects[x.id]!.role === 'record' && before.objects[x.id]!.fields.every((f) => isJsonField(x.id, f.type))
      )
    return ['null', 'bool', 'i32', 'f64', 'string', 'json'].includes(x.kind)
  }

  function isJsonField(id: number, type: Type): boolean {
    const key = `${id} json`
    if (assumed.has(key) && type.kind === 'object' && type.id === id) return true
    assumed.add(key)
    return within(type, { kind: 'json' })
  }
}
