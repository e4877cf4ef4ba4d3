import { isPrivateName, privateName } from '../member-names.ts'
import {
  BOOL,
  F64,
  formatType,
  isTable,
  mapOf,
  membersOf,
  optional,
  partsOf,
  UNDEFINED,
  type Expr,
  type Stmt,
  type TableType,
  type Type,
} from '../../ir/index.ts'
import type { FunctionContext } from '../emit/context.ts'
import { emit } from '../emit/expressions.ts'
import { coerce, effect, num, op, seq, setLocal, undef } from '../emit/make.ts'
import { refuseSymbols } from '../emit/opaque.ts'
import { refuseNoted } from '../emit/own-keys.ts'
import { tableLoop } from '../emit/tables.ts'
import { typedLength, typedName } from '../emit/typed.ts'
import type { ObjNode } from '../flow/slots.ts'
import type { HExpr } from '../hir.ts'
import { spreads, type Row } from './row.ts'

const PRIMITIVE: ReadonlySet<Type['kind']> = new Set(['f64', 'i32', 'string', 'bool', 'bigint', 'null', 'undefined'])

const isPrimitive = (type: Type): boolean => membersOf(type).every((member) => PRIMITIVE.has(member.kind))

/** How a reference is copied: what stands for it from the start, so that what refers to it finds the copy, and what fills that. */
type Copy = { readonly shell: Expr; readonly fill: (copy: Expr) => readonly Stmt[] }

/**
 * structuredClone (HTML 2.7) written out by the type of what is copied. A table for each type of references tells which
 * were copied already, so that what was one object is one object again.
 */
class Cloner {
  readonly #c: FunctionContext
  readonly #at: HExpr
  readonly #memos = new Map<string, { readonly table: Expr; readonly make?: Stmt }>()
  /** The type that a function copies whose code this is, until that has begun. */
  #inFunction = ''

  constructor(c: FunctionContext, at: HExpr) {
    this.#c = c
    this.#at = at
  }

  /** The copy of a value, with what must be made before. */
  cloned(x: Expr): Expr {
    const value = this.#c.keep(x)
    const copy = this.#value(value.value)
    return seq([...value.body, ...[...this.#memos.values()].flatMap(({ make }) => make ?? [])], copy)
  }

  /** What a function does that copies values which may hold others of their type; it is given the tables. */
  within(x: Expr, tables: ReadonlyMap<string, Expr>): Expr {
    for (const [key, table] of tables) this.#memos.set(key, { table })
    this.#inFunction = formatType(x.type)
    return this.#reference(x)
  }

  #value(x: Expr): Expr {
    if (isPrimitive(x.type)) return x
    return this.#c.dispatch(x, x.type, (one) =>
      coerce(PRIMITIVE.has(one.type.kind) ? one : this.#reference(one), x.type),
    )
  }

  #reference(x: Expr): Expr {
    const key = formatType(x.type)
    const within = this.#inFunction === key ? undefined : referencesIn(this.#c, x.type)
    if (within?.has(key)) return this.#byFunction(x, key, within)
    this.#inFunction = ''
    const source = this.#c.keep(x)
    const copy = this.#copyOf(source.value)
    return seq(source.body, copy ? this.#memoized(source.value, copy, key) : x)
  }

  /** Calls the function that copies values of a type, which is written where it is first needed. */
  #byFunction(x: Expr, key: string, within: ReadonlyMap<string, Type>): Expr {
    const { span } = this.#at
    const types = [...within].sort(([a], [b]) => (a < b ? -1 : 1))
    const params = [
      { name: 'value', type: x.type },
      ...types.map(([, type]) => ({ name: 'copies', type: mapOf(type, type) })),
    ]
    const func = this.#c.program.helper(`structuredClone of ${key}`, params, x.type, span, (c) => {
      const tables = types.map(([name], i) => [name, c.get(i + 1, span)] as const)
      const value = new Cloner(c, this.#at).within(c.get(0, span), new Map(tables))
      return [{ kind: 'return', value, span }]
    })
    const args = [x, ...types.map(([name, type]) => this.#memo(type, name))]
    return { kind: 'call', func, args, type: x.type, span }
  }

  /** The copy that was made before, or a new one that is noted before it is filled. */
  #memoized(x: Expr, { shell, fill }: Copy, key: string): Expr {
    const { span } = this.#at
    const memo = this.#memo(x.type, key)
    const local = this.#c.local('', x.type)
    const copy = this.#c.get(local, span)
    const found = coerce(op('table.get', [memo, x], optional(x.type), span), x.type)
    const note = effect(op('table.set', [memo, x, copy], UNDEFINED, span))
    const test = op('table.has', [memo, x], BOOL, span)
    const made = [setLocal(local, shell), note, ...fill(copy)]
    return seq([{ kind: 'if', test, then: [setLocal(local, found)], else: made, span }], copy)
  }

  #memo(type: Type, key: string): Expr {
    const known = this.#memos.get(key)
    if (known) return known.table
    const { span } = this.#at
    const table = mapOf(type, type)
    const local = this.#c.local('', table)
    const made = { table: this.#c.get(local, span), make: setLocal(local, op('table.new', [], table, span, [table])) }
    this.#memos.set(key, made)
    return made.table
  }

  #copyOf(x: Expr): Copy | undefined {
    const { type } = x
    if (type.kind === 'array') return this.#array(x, type.elem)
    if (type.kind === 'tuple') return this.#tuple(x, type.elems)
    if (isTable(type)) return this.#table(x, type)
    if (type.kind === 'object') return this.#object(x, type.id)
    this.#refuse(
      x,
      type.kind === 'func' ? 'a function, for which Node throws a DataCloneError' : 'a value of unknown kind',
    )
    return undefined
  }

  #refuse(x: Expr, what: string): Expr {
    const hint = 'Copy it by a function of the program, level by level.'
    this.#c.report('ANRF1101', this.#at.span, `structuredClone of ${what}`, hint, 'structuredClone')
    return x
  }

  #array(x: Expr, elem: Type): Copy {
    const { span } = this.#at
    refuseNoted(this.#c, x)
    const shell = op('array.slice', [x, num(0, span), num(Infinity, span)], x.type, span)
    if (isPrimitive(elem)) return { shell, fill: () => [] }
    const fill = (copy: Expr): Stmt[] =>
      this.#eachIndex(op('array.length', [copy], F64, span), (i) => {
        const element = this.#value(op('array.get', [copy, i], elem, span))
        const set = effect(op('array.set', [copy, i, element], UNDEFINED, span))
        return [{ kind: 'if', test: op('array.has', [copy, i], BOOL, span), then: [set], else: [], span }]
      })
    return { shell, fill }
  }

  #eachIndex(length: Expr, body: (i: Expr) => Stmt[]): Stmt[] {
    const { span } = this.#at
    const index = this.#c.local('', F64)
    const i = this.#c.get(index, span)
    const update = [setLocal(index, op('f64.add', [i, num(1, span)], F64, span))]
    const test = op('f64.lt', [i, length], BOOL, span)
    return [
      setLocal(index, num(0, span)),
      { kind: 'loop', label: this.#c.freshLabel(), test, post: false, body: body(i), update, span },
    ]
  }

  #tuple(x: Expr, elems: readonly Type[]): Copy {
    const { span } = this.#at
    const part = (from: Expr, i: number): Expr => op('tuple.get', [from], elems[i] as Type, span, [i])
    const shell = op(
      'tuple.new',
      elems.map((_, i) => part(x, i)),
      x.type,
      span,
      [x.type],
    )
    const fill = (copy: Expr): Stmt[] =>
      elems.flatMap((elem, i) =>
        isPrimitive(elem) ? [] : [effect(op('tuple.set', [copy, this.#value(part(copy, i))], UNDEFINED, span, [i]))],
      )
    return { shell, fill }
  }

  #table(x: Expr, type: TableType): Copy {
    const { span } = this.#at
    const fill = (copy: Expr): Stmt[] =>
      tableLoop(this.#c, { ...x, type }, 'keys', type, this.#c.freshLabel(), (raw) => {
        const key = this.#c.keep(raw)
        const own = this.#value(key.value)
        if (type.kind === 'set') return [...key.body, effect(op('table.add', [copy, own], UNDEFINED, span))]
        const value = coerce(op('table.get', [x, key.value], optional(type.value), span), type.value)
        return [...key.body, effect(op('table.set', [copy, own, this.#value(value)], UNDEFINED, span))]
      })
    return { shell: op('table.new', [], type, span, [type]), fill }
  }

  #object(x: Expr, id: number): Copy | undefined {
    const node = this.#c.program.types.nodeOf(id)
    if (node?.cls?.bytes) return this.#bytes(x, id, node)
    if (node?.cls?.isDate) return this.#date(x, id)
    if (!node || node.cls || node.brand !== null) {
      const name = node?.cls?.name ?? node?.brand
      this.#refuse(x, `an instance of ${name}, which would lose its class or be no data`)
      return undefined
    }
    refuseSymbols(this.#c, node, this.#at.span)
    return this.#record(x, id, node)
  }

  #date(x: Expr, id: number): Copy {
    const { span } = this.#at
    const time = op('object.get', [x], F64, span, [id, 0])
    return { shell: op('object.new', [time], x.type, span, [id, [0]]), fill: () => [] }
  }

  /** Fields keep their order: all are set at first to what they are in the original. */
  #record(x: Expr, id: number, node: ObjNode): Copy {
    const { span } = this.#at
    const fill = (copy: Expr): Stmt[] => {
      const fields = [...node.fields].flatMap(([name, info], index): Stmt[] => {
        const type = this.#c.type(info.slot)
        if (isPrimitive(type) || isPrivateName(name)) return []
        const read = info.optional ? 'object.get_opt' : 'object.get'
        const value = op(read, [copy], info.optional ? optional(type) : type, span, [id, index])
        const set = effect(op('object.set', [copy, this.#value(coerce(value, type))], UNDEFINED, span, [id, index]))
        const test = op('object.has', [copy], BOOL, span, [id, index])
        return info.optional ? [{ kind: 'if', test, then: [set], else: [], span }] : [set]
      })
      return [effect(op('object.assign', [copy, x], UNDEFINED, span, [id, id, []])), ...fields]
    }
    return { shell: op('object.new', [], x.type, span, [id, []]), fill }
  }

  /** Of buffers, and of arrays that show theirs or share it, Node copies the whole buffer, also for what else is over it. */
  #bytes(x: Expr, id: number, node: ObjNode): Copy | undefined {
    const { span } = this.#at
    const shows = (node.fields.get(privateName('#buffer'))?.slot.root().objs.length ?? 0) > 0
    if (!typedName(this.#c, x.type) || shows || node.fields.has(privateName('#window'))) {
      this.#refuse(x, 'a buffer or a typed array that shows its buffer or shares it')
      return undefined
    }
    const zero = num(0, span)
    return {
      shell: op('typed.new', [typedLength(x)], x.type, span, [id]),
      fill: (copy) => [effect(op('typed.copy', [copy, x, zero, zero], UNDEFINED, span))],
    }
  }
}

/** The types of references inside values of a type that are copied as well, by their texts: its own, if values may hold others of it. */
function referencesIn(c: FunctionContext, type: Type): ReadonlyMap<string, Type> {
  const found = new Map<string, Type>()
  const visit = (part: Type): void => {
    for (const member of membersOf(part)) {
      const key = formatType(member)
      if (PRIMITIVE.has(member.kind) || member.kind === 'func' || member.kind === 'any' || found.has(key)) continue
      found.set(key, member)
      for (const inner of heldBy(c, member)) visit(inner)
    }
  }
  for (const part of heldBy(c, type)) visit(part)
  return found
}

function heldBy(c: FunctionContext, type: Type): readonly Type[] {
  if (type.kind !== 'object') return partsOf(type)
  const node = c.program.types.nodeOf(type.id)
  return node && !node.cls ? [...node.fields.values()].map(({ slot }) => c.type(slot)) : []
}

/** structuredClone of plain data. */
export const CLONE_FUNCTIONS: Readonly<Record<string, Row>> = {
  structuredClone: {
    flow: (use) => {
      if (use.slots[0]) use.a.solver.edge(use.slots[0], use.out)
    },
    emit: ({ c, at, args }) => {
      if (args.length !== 1 || spreads(args)) {
        c.report('ANRF1101', at.span, 'structuredClone with options', 'Pass the value alone.', 'structuredClone')
        return undef(at.span)
      }
      return new Cloner(c, at).cloned(emit(c, args[0]!.value))
    },
  },
}
