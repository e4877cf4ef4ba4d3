import { diagnostic, type Code, type Diagnostic, type Encoded } from '../base/index.ts'
import { chooseRecord, fieldsOf, isTag, isTypedAs, tableKind } from '../values/index.ts'
import { admits, F64, isTable, membersOf, tupleOf, type Module, type TableType, type Type } from '../ir/index.ts'
import { describeType, describeValue } from './describe-type.ts'

/** Values inside each other that an input may have; types may be recursive. */
const DEPTH_MAX = 200
/** Diagnostics that one check gives; more of them help nobody. */
const DIAGNOSTICS_MAX = 100

const NUMBER_TAGS: ReadonlySet<unknown> = new Set(['NaN', 'Infinity', '-Infinity', '-0'])

/** A path of keys from the inputs to a value. */
type Path = readonly string[]

/** Compares JSON values with types, collecting what does not fit; gives the values in canonical encoding. */
export class ValueChecker {
  readonly diagnostics: Diagnostic[] = []
  readonly #module: Module

  constructor(module: Module) {
    this.#module = module
  }

  /** The value as `Encoded`; of no use when there are diagnostics. */
  check(value: unknown, type: Type, path: Path): Encoded {
    if (path.length > DEPTH_MAX) {
      this.#report('ANRF4001', path, `the value is nested more than ${DEPTH_MAX} deep`)
      return null
    }
    const members = type.kind === 'any' ? [] : membersOf(type)
    const typed = this.#typedMember(value, members)
    if (typed) return this.#typed(value as { readonly v: readonly unknown[] }, typed, path)
    if (Array.isArray(value)) {
      const list = members.find((m) => m.kind === 'array' || m.kind === 'tuple')
      if (list?.kind === 'array') return this.#array(value, list.elem, path)
      if (list?.kind === 'tuple') return this.#tuple(value, list.elems, path)
      if (type.kind === 'any') return this.#array(value, type, path)
    }
    const table = members.find((m) => m.kind === tableKind(value))
    if (table && isTable(table)) return this.#table(value, table, path)
    const fields = fieldsOf(value)
    const ids = members.flatMap((m) =>
      m.kind === 'object' && this.#module.objects[m.id].role === 'record' ? m.id : [],
    )
    if (fields && ids.length > 0) return this.#record(fields, ids, path)
    const scalar = scalarOf(value, type)
    return scalar === undefined ? this.misfit(path, describeType(this.#module, type), value) : scalar
  }

  misfit(path: Path, expected: string, value: unknown): Encoded {
    const plain = expected === 'any' ? 'a string, number, boolean, null or array' : expected
    this.#report('ANRF4001', path, `expected ${plain}, got ${describeValue(value)}`)
    return null
  }

  missing(path: Path, name: string, type: Type, of: string): void {
    this.#report(
      'ANRF4002',
      [...path, name],
      `${name} of ${of} is missing; expected ${describeType(this.#module, type)}`,
    )
  }

  unknown(path: Path, name: string, of: string): void {
    this.#report('ANRF4003', path, `${of} has no ${name}`)
  }

  #array(list: readonly unknown[], elem: Type, path: Path): Encoded {
    const result: Encoded[] = []
    for (let i = 0; i < list.length; i++) {
      const hole = !Object.hasOwn(list, i) || isTag(list[i], 'hole')
      // Most elements are scalars that fit, and need no path.
      const scalar = hole ? { $: 'hole' } : scalarOf(list[i], elem)
      result.push(scalar === undefined ? this.check(list[i], elem, [...path, String(i)]) : scalar)
      if (this.diagnostics.length >= DIAGNOSTICS_MAX) break
    }
    return result
  }

  /** The name of the typed arrays, among what a value may be, that it is tagged as. */
  #typedMember(value: unknown, members: readonly Type[]): string | undefined {
    const names = members.flatMap((m) => (m.kind === 'object' ? this.#module.objects[m.id] : []))
    const found = names.find((def) => isTypedAs(value, def))
    return found && Array.isArray((value as { readonly v?: unknown }).v) ? found.name : undefined
  }

  /** Numbers, which become elements as in an assignment. */
  #typed({ v }: { readonly v: readonly unknown[] }, name: string, path: Path): Encoded {
    const items: Encoded[] = []
    for (const [i, item] of v.entries()) {
      const number = scalarOf(item, F64)
      items.push(number ?? this.misfit([...path, 'v', String(i)], 'number', item))
      if (this.diagnostics.length >= DIAGNOSTICS_MAX) break
    }
    return { $: name, v: items }
  }

  #tuple(list: readonly unknown[], elems: readonly Type[], path: Path): Encoded {
    if (list.length !== elems.length) {
      const expected = describeType(this.#module, { kind: 'tuple', elems })
      return this.misfit(path, `${expected}, ${elems.length} elements`, list)
    }
    return elems.map((elem, i) => this.check(list[i], elem, [...path, String(i)]))
  }

  #table(value: unknown, type: TableType, path: Path): Encoded {
    if (type.kind === 'dict') {
      const fields = Object.entries(fieldsOf(value)!)
      const result = Object.fromEntries(fields.map(([key, v]) => [key, this.check(v, type.value, [...path, key])]))
      return Object.hasOwn(result, '$') ? { $: 'obj', v: result } : result
    }
    const { v } = value as { readonly v: readonly unknown[] }
    const items = v.map((item, i): Encoded => {
      const at = [...path, 'v', String(i)]
      return type.kind === 'map'
        ? this.check(item, tupleOf([type.key, type.value]), at)
        : this.check(item, type.elem, at)
    })
    return { $: type.kind === 'map' ? 'Map' : 'Set', v: items }
  }

  #record(fields: { readonly [key: string]: unknown }, ids: readonly number[], path: Path): Encoded {
    const { objects } = this.#module
    const id = chooseRecord(fields, ids, (i) => objects[i])!
    const def = objects[id]
    const name = describeType(this.#module, { kind: 'object', id })
    const byName = new Map(def.fields.map((field) => [field.name, field]))
    const entries: [string, Encoded][] = []
    for (const key of Object.keys(fields)) {
      const field = byName.get(key)
      if (!field) this.unknown([...path, key], key, name)
      else if (fields[key] === undefined && field.optional === true) continue
      else entries.push([key, this.check(fields[key], field.type, [...path, key])])
      if (this.diagnostics.length >= DIAGNOSTICS_MAX) break
    }
    for (const field of def.fields) {
      if (field.optional !== true && !Object.hasOwn(fields, field.name))
        this.missing(path, field.name, field.type, name)
    }
    // As own properties whatever their names are, also `__proto__`.
    const result = Object.fromEntries(entries)
    return Object.hasOwn(result, '$') ? { $: 'obj', v: result } : result
  }

  #report(code: Code, path: Path, message: string): void {
    if (this.diagnostics.length >= DIAGNOSTICS_MAX) return
    this.diagnostics.push(diagnostic(code, { message, pointer: pointerOf(path) }))
  }
}

/** A scalar in canonical encoding if it is of the type. */
function scalarOf(value: unknown, type: Type): Encoded | undefined {
  const may = (kind: 'f64' | 'string' | 'bigint' | 'bool' | 'null' | 'undefined'): boolean => admits(type, { kind })
  switch (typeof value) {
    case 'number':
      if (!may('f64')) return undefined
      return Number.isFinite(value) && !Object.is(value, -0)
        ? value
        : { $: Object.is(value, -0) ? '-0' : String(value) }
    case 'string':
      return may('string') ? value : undefined
    case 'boolean':
      return may('bool') ? value : undefined
    case 'undefined':
      return may('undefined') ? { $: 'undefined' } : undefined
    default:
      if (value === null) return may('null') ? null : undefined
      if (isBigint(value)) return may('bigint') ? { $: 'bigint', v: value.v } : undefined
      if (isTag(value, 'undefined')) return may('undefined') ? { $: 'undefined' } : undefined
      return may('f64') && isNumberTag(value) ? { $: String((value as { $: unknown }).$) } : undefined
  }
}

function isNumberTag(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.keys(value).length === 1 &&
    NUMBER_TAGS.has((value as { $?: unknown }).$)
  )
}

/** An integer of any size as its decimal digits. */
function isBigint(value: unknown): value is { readonly v: string } {
  const { v } = value as { readonly v?: unknown }
  return isTag(value, 'bigint') && typeof v === 'string' && /^(0|-?[1-9]\d*)$/.test(v)
}

/** RFC 6901. */
function pointerOf(path: Path): string {
  return path.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}
