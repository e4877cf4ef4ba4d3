import {
  admits,
  closureType,
  membersOf,
  sameType,
  UNDEFINED,
  type TableType,
  type Expr,
  type OPS,
  type OpName,
  type Type,
} from '../../src/ir/index.ts'
import type { Evaluator } from './reference.ts'
import { REGEX } from './reference-regex.ts'
import { RefTable } from './reference-table.ts'
import { TYPED } from './reference-typed.ts'
import {
  Cell,
  Closure,
  hostOf,
  Instance,
  joined,
  keysOf,
  makeError,
  textOf,
  Thrown,
  Trap,
  UNSET,
  tagOfDefinition,
} from './reference-values.ts'

/** Operations that have no `eval` in their row. */
type HeapOp = { [K in OpName]: (typeof OPS)[K] extends { readonly eval: unknown } ? never : K }[OpName]

type Site = { readonly machine: Evaluator; readonly expr: Extract<Expr, { kind: 'op' }> }
type Meaning = (site: Site, ...args: never[]) => unknown
type List = unknown[]
type N = number

export function evaluateHeap(machine: Evaluator, expr: Site['expr'], args: readonly unknown[]): unknown {
  return HEAP[expr.op as HeapOp]({ machine, expr }, ...(args as never[]))
}

const imm = <T>(site: Site, i: number): T => site.expr.imm[i] as T

const rangeError = (): Thrown => new Thrown(makeError('RangeError', 'Invalid array length'))

function unsetError(name: string): Thrown {
  return new Thrown(makeError('ReferenceError', `Cannot access '${name}' before initialization`))
}

/** What iteration gives of the list that is operand `at`: no holes. */
function elements(site: Site, list: List, at: number): List {
  const { type } = site.expr.args[at]!
  const mayLack = type.kind === 'array' && admits(type.elem, UNDEFINED)
  return Array.from({ length: list.length }, (_, i) => {
    if (!(i in list) && !mayLack) throw new Trap('index-out-of-bounds')
    return list[i]
  })
}

function isOf(machine: Site['machine'], value: unknown, type: Type): boolean {
  switch (type.kind) {
    case 'any':
      return true
    case 'json':
    case 'nested':
    case 'union':
      return membersOf(type).some((member) => isOf(machine, value, member))
    case 'undefined':
      return value === undefined
    case 'null':
      return value === null
    case 'bool':
      return typeof value === 'boolean'
    case 'f64':
      return typeof value === 'number'
    case 'string':
      return typeof value === 'string'
    case 'bigint':
      return typeof value === 'bigint'
    case 'array':
    case 'tuple':
      return Array.isArray(value)
    case 'map':
    case 'set':
    case 'dict':
      return value instanceof RefTable && value.kind === type.kind
    case 'func':
      return value instanceof Closure && sameType(closureType(machine.module.funcs[value.func]!), type)
    case 'object':
      return value instanceof Instance && value.id === type.id
    default:
      throw new Error(`no value of a boxed type is ${type.kind}`)
  }
}

function setLength(list: List, length: N): void {
  if (length >>> 0 !== length) throw rangeError()
  list.length = length
}

function typeName(value: unknown): string {
  if (value instanceof Closure) return 'function'
  return value instanceof Instance && value.isSymbol ? 'symbol' : typeof value
}

function objectNew(site: Site, ...values: unknown[]): Instance {
  const made = new Instance(imm(site, 0))
  made.isSymbol = site.machine.module.objects[made.id]!.role === 'symbol'
  made.tag = tagOfDefinition(site.machine.module.objects[made.id]!)
  imm<N[]>(site, 1).forEach((field, i) => made.fields.set(field, values[i]))
  return made
}

function objectAssign(site: Site, target: Instance, source: Instance): void {
  const { objects } = site.machine.module
  const named = new Map(objects[target.id]!.fields.map((field, i) => [field.name, i]))
  for (const i of keysOf(site.machine.module, source)) {
    if (imm<N[]>(site, 2).includes(i)) continue
    target.fields.set(named.get(objects[source.id]!.fields[i]!.name)!, source.fields.get(i))
  }
}

/** What JSON.parse gives, with objects as dicts. */
function ofJson(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(ofJson)
  const dict = new RefTable('dict')
  for (const [key, item] of Object.entries(value)) dict.put(key, ofJson(item))
  return dict
}

const TABLES = {
  'table.new': (site: Site) => new RefTable(imm<TableType>(site, 0).kind),
  'table.size': (_: Site, table: RefTable) => table.entries.length,
  'table.has': (_: Site, table: RefTable, key: unknown) => table.find(key) !== undefined,
  'table.get': (_: Site, table: RefTable, key: unknown) => table.get(key),
  'table.set': (_: Site, table: RefTable, key: unknown, value: unknown) => table.set(key, value),
  'table.add': (_: Site, table: RefTable, key: unknown) => table.put(key, undefined),
  'table.delete': (_: Site, table: RefTable, key: unknown) => table.delete(key),
  'table.clear': (_: Site, table: RefTable) => void (table.entries = []),
  'table.next': (_: Site, table: RefTable, position: N) => table.next(position),
  'table.key_at': (_: Site, table: RefTable, position: N) => table.at(position).key,
  'table.value_at': (_: Site, table: RefTable, position: N) => table.at(position).value,
  'dict.bare': () => new RefTable('dict', true),
  'dict.in': (_: Site, table: RefTable, key: string) => table.find(key) !== undefined || (!table.bare && key in {}),
  'dict.keys': (_: Site, table: RefTable) => Object.keys(table.toObject(() => undefined)),
}

const HEAP: { readonly [K in HeapOp]: Meaning } = {
  'math.hypot': (_: Site, list: N[]) => Math.hypot(...Array.from(list)),
  'string.get': (_: Site, s: string, i: N) => {
    if (s[i] === undefined) throw new Trap('index-out-of-bounds')
    return s[i]
  },
  'string.to_index': (_: Site, key: string) => {
    if (String(Number(key) >>> 0) === key && key !== '4294967295') return Number(key)
    if (key in [] || key in Object('') || key in Object(0) || key in Function.prototype)
      throw new Trap('inherited-property')
    return -1
  },
  'string.split': (_: Site, s: string, by: string, limit: N) => s.split(by, limit),
  'string.chars': (_: Site, s: string) => Array.from(s),
  'array.new': (_: Site, ...values: unknown[]) => values,
  'array.holes': (_: Site, length: N) => {
    const list: List = []
    setLength(list, length)
    return list
  },
  'array.length': (_: Site, list: List) => list.length,
  'array.get': (_: Site, list: List, i: N) => {
    if (!Object.hasOwn(list, i)) throw new Trap('index-out-of-bounds')
    return list[i]
  },
  'array.get_opt': (_: Site, list: List, i: N) => (Object.hasOwn(list, i) ? list[i] : undefined),
  'array.get_nan': (_: Site, list: List, i: N) => (Object.hasOwn(list, i) ? list[i] : NaN),
  'array.set': (_: Site, list: List, i: N, value: unknown) => {
    if (i >>> 0 !== i || i === 2 ** 32 - 1) throw new Trap('index-out-of-bounds')
    list[i] = value
  },
  'array.set_length': (_: Site, list: List, length: N) => setLength(list, length),
  'array.has': (_: Site, list: List, i: N) => Object.hasOwn(list, i),
  'array.push': (_: Site, list: List, value: unknown) => list.push(value),
  'array.append': (site: Site, list: List, more: List) => list.push(...elements(site, more, 1)),
  'array.pop': (_: Site, list: List) => list.pop(),
  'array.shift': (_: Site, list: List) => list.shift(),
  'array.prepend': (site: Site, list: List, more: List) => list.unshift(...elements(site, more, 1)),
  'array.slice': (_: Site, list: List, from: N, to: N) => list.slice(from, to),
  'array.concat': (_: Site, list: List, more: List) => list.concat(more),
  'array.splice': (site: Site, list: List, from: N, count: N, items: List) =>
    list.splice(from, count, ...elements(site, items, 3)),
  'array.reverse': (_: Site, list: List) => list.reverse(),
  'array.fill': (_: Site, list: List, value: unknown, from: N, to: N) => list.fill(value, from, to),
  'array.copy_within': (_: Site, list: List, to: N, from: N, end: N) => list.copyWithin(to, from, end),
  'array.index_of': (_: Site, list: List, value: unknown, from: N) => list.indexOf(value, from),
  'array.last_index_of': (_: Site, list: List, value: unknown, from: N) => list.lastIndexOf(value, from),
  'array.includes': (_: Site, list: List, value: unknown, from: N) => list.includes(value, from),
  'array.join': (_: Site, list: List, separator: string) => joined(list, separator),
  'tuple.new': (_: Site, ...values: unknown[]) => values,
  'tuple.get': (site: Site, tuple: List) => tuple[imm<N>(site, 0)],
  'tuple.set': (site: Site, tuple: List, value: unknown) => void (tuple[imm<N>(site, 0)] = value),
  'object.new': objectNew as Meaning,
  'object.get': (site: Site, object: Instance) => {
    if (!object.fields.has(imm(site, 1))) throw new Trap('uninitialized-field')
    return object.fields.get(imm(site, 1))
  },
  'object.get_opt': (site: Site, object: Instance) => object.fields.get(imm(site, 1)),
  'object.set': (site: Site, object: Instance, value: unknown) => void object.fields.set(imm(site, 1), value),
  'object.has': (site: Site, object: Instance) => object.fields.has(imm(site, 1)),
  'object.keys': (site: Site, object: Instance) =>
    keysOf(site.machine.module, object).map((i) => site.machine.module.objects[object.id]!.fields[i]!.name),
  'object.assign': objectAssign as Meaning,
  'closure.is': (site: Site, closure: Closure) => closure.func === imm(site, 0),
  'closure.new': (site: Site, ...captures: unknown[]) => new Closure(imm(site, 0), captures),
  'cell.new': (_: Site, value: unknown) => {
    const cell = new Cell()
    cell.value = value
    return cell
  },
  'cell.unset': () => new Cell(),
  'cell.get': (site: Site, cell: Cell) => {
    if (cell.value === UNSET) throw unsetError(imm(site, 0))
    return cell.value
  },
  'cell.set': (_: Site, cell: Cell, value: unknown) => void (cell.value = value),
  'global.get': (site: Site) => {
    const value = site.machine.globals[imm<N>(site, 0)]
    if (value === UNSET) throw unsetError(site.machine.module.globals[imm<N>(site, 0)]!.name)
    return value
  },
  'global.set': (site: Site, value: unknown) => void (site.machine.globals[imm<N>(site, 0)] = value),
  'ref.eq': (_: Site, a: unknown, b: unknown) => a === b,
  'error.new': (site: Site, message: string) => makeError(imm(site, 1), message, imm(site, 0)),
  'dyn.box': (_: Site, value: unknown) => value,
  'dyn.unbox': (site: Site, value: unknown) => {
    if (!isOf(site.machine, value, imm(site, 0))) throw new Trap('type-mismatch')
    return value
  },
  'dyn.require': (site: Site, value: unknown) => {
    if (value !== null && value !== undefined) return value
    throw new Thrown(makeError('TypeError', imm<string>(site, 0).replaceAll('%', String(value))))
  },
  'dyn.require_at': (site: Site, value: unknown, key: N) => {
    if (value !== null && value !== undefined) return value
    const message = imm<string>(site, 0).replaceAll('%', String(value)).replaceAll('#', String(key))
    throw new Thrown(makeError('TypeError', message))
  },
  'dyn.is': (site: Site, value: unknown) => isOf(site.machine, value, imm(site, 0)),
  'dyn.is_error': (site: Site, value: unknown) =>
    value instanceof Instance && value.errorKind !== undefined && ['Error', value.errorKind].includes(imm(site, 0)),
  'dyn.truthy': (_: Site, value: unknown) => Boolean(value),
  'random.next': (site: Site) => site.machine.world.random(),
  'clock.now': (site: Site) => site.machine.world.now(),
  'clock.elapsed': (site: Site) => site.machine.world.elapsed(),
  'effect.start': (site: Site, args: string) => site.machine.world.startCall(imm(site, 0), args),
  'effect.next': (site: Site) => site.machine.world.nextCall(site.machine),
  'effect.answer': (site: Site, call: N) => site.machine.world.answerOf(call),
  'effect.cancel': (site: Site, call: N) => site.machine.world.cancelCall(call),
  'dyn.typeof': (_: Site, value: unknown) => typeName(value),
  'dyn.eq': (_: Site, a: unknown, b: unknown) => a === b,
  'dyn.loose_eq': (_: Site, a: unknown, b: unknown) => {
    const isObject = (x: unknown): boolean => typeof x === 'object' && x !== null
    if (isObject(a) && isObject(b)) return a === b
    const given = (x: unknown, other: unknown): unknown =>
      isObject(x) && other !== null && other !== undefined ? textOf(x) : x
    // oxlint-disable-next-line eqeqeq
    return isObject(a) && (b === null || b === undefined) ? false : given(a, b) == given(b, a)
  },
  settled: (_: Site, value: unknown) => {
    if (value !== true) throw new Trap('unsettled-promise')
    return undefined
  },
  'dyn.to_string': (_: Site, value: unknown) => textOf(value),
  'dyn.to_number': (_: Site, value: unknown) => {
    if (typeof value === 'bigint') throw new Thrown(makeError('TypeError', 'Cannot convert a BigInt value to a number'))
    return Number(typeof value === 'object' && value !== null ? textOf(value) : value)
  },
  'json.parse': (_: Site, text: string) => {
    try {
      return ofJson(JSON.parse(text))
    } catch (error) {
      throw new Thrown(makeError('SyntaxError', (error as Error).message))
    }
  },
  'json.stringify': (site: Site, value: unknown, gap: string) => {
    try {
      return JSON.stringify(hostOf(site.machine.module, value), null, gap)
    } catch (error) {
      if (error instanceof TypeError) throw new Thrown(makeError('TypeError', error.message))
      throw error
    }
  },
  ...TABLES,
  ...REGEX,
  ...TYPED,
  'log.list': (site: Site, values: unknown[]) =>
    void site.machine.logs.push({ method: imm(site, 0), values: [...values] }),
  log: (site: Site, ...values: unknown[]) => void site.machine.logs.push({ method: imm(site, 0), values }),
}
