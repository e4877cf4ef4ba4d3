import { admits, UNDEFINED, type Type } from '../../ir/index.ts'
import { hypot, joinElements, newNumberArray, newRefArray, Thrown, Trapped } from '../../values/index.ts'
import { isLength } from '../meter.ts'
import type { Machinery, Operation, Site } from '../operation.ts'

type List = unknown[]

/** Arguments that one host call takes without fear for the host's stack. */
const SPREAD_MAX = 8_192

function newArray(type: Type): List {
  return type.kind === 'f64' ? newNumberArray() : newRefArray()
}

function arrayNew(values: List, _b: never, _c: never, _d: never, site: Site): List {
  const list = newArray(site.imm[0] as Type)
  for (const value of values) list.push(value)
  return list
}

function arrayHoles(length: number, _b: never, _c: never, _d: never, site: Site, machine: Machinery): List {
  const list = newArray(site.imm[0] as Type)
  setLength(list, length, undefined as never, undefined as never, site, machine)
  return list
}

function setLength(list: List, length: number, _c: never, _d: never, _site: Site, machine: Machinery): void {
  if (!isLength(length)) throw new Thrown(machine.newError('RangeError', 'Invalid array length'))
  list.length = length
}

/** Whether an element is present: see the head of the chapter in the op table. */
export function isPresent(list: readonly unknown[], index: number): boolean {
  return index >= 0 && index < list.length && (list[index] !== undefined || Object.hasOwn(list, index))
}

function get(list: List, index: number): unknown {
  if (!isPresent(list, index)) throw new Trapped('index-out-of-bounds')
  return list[index]
}

function set(list: List, index: number, value: unknown): void {
  if (!isLength(index) || index === 0xffffffff) throw new Trapped('index-out-of-bounds')
  list[index] = value
}

/** The elements as iteration gives them: holes become undefined where the type admits that. */
function iterated(list: List, type: Type): List {
  const elem = type.kind === 'array' ? type.elem : type
  if (admits(elem, UNDEFINED)) return Array.from(list)
  for (let i = 0; i < list.length; i++) if (list[i] === undefined) throw new Trapped('index-out-of-bounds')
  return list
}

function append(list: List, more: List, _c: never, _d: never, site: Site): number {
  const values = iterated(more, site.argTypes[1])
  const count = values.length
  for (let i = 0; i < count; i++) list.push(values[i])
  return list.length
}

function prepend(list: List, more: List, _c: never, _d: never, site: Site): number {
  insert(list, 0, iterated(more, site.argTypes[1]))
  return list.length
}

/** Puts `items` before the element at `start`; holes behind stay holes. */
function insert(list: List, start: number, items: List): void {
  for (let end = items.length; end > 0; end -= SPREAD_MAX)
    list.splice(start, 0, ...items.slice(Math.max(0, end - SPREAD_MAX), end))
}

function splice(list: List, start: number, count: number, items: List, site: Site): List {
  const values = iterated(items, site.argTypes[3])
  const from = relativeIndex(start, list.length)
  const own = values === list ? values.slice() : values
  const removed = list.splice(from, count)
  insert(list, from, own)
  return removed
}

/** ToIntegerOrInfinity of a start index, from the end when negative, within the array. */
function relativeIndex(start: number, length: number): number {
  const whole = Number.isNaN(start) ? 0 : Math.trunc(start)
  return whole < 0 ? Math.max(length + whole, 0) : Math.min(whole, length)
}

/** Arrays and tuples. */
export const ARRAY_OPERATIONS = {
  'array.new': arrayNew as Operation,
  'array.holes': arrayHoles as Operation,
  'array.length': ((list: List) => list.length) as Operation,
  'array.get': get as Operation,
  'array.get_opt': ((list: List, i: number) => (isPresent(list, i) ? list[i] : undefined)) as Operation,
  'array.get_nan': ((list: List, i: number) => (isPresent(list, i) ? list[i] : NaN)) as Operation,
  'array.set': set as Operation,
  'array.set_length': setLength as Operation,
  'array.has': isPresent as Operation,
  'array.push': ((list: List, value: unknown) => list.push(value)) as Operation,
  'array.append': append as Operation,
  'array.pop': ((list: List) => list.pop()) as Operation,
  'array.shift': ((list: List) => list.shift()) as Operation,
  'array.prepend': prepend as Operation,
  'array.slice': ((list: List, start: number, end: number) => list.slice(start, end)) as Operation,
  'array.concat': ((list: List, more: List) => list.concat(more)) as Operation,
  'array.splice': splice as Operation,
  'array.reverse': ((list: List) => list.reverse()) as Operation,
  'array.fill': ((list: List, value: unknown, start: number, end: number) => list.fill(value, start, end)) as Operation,
  'array.copy_within': ((list: List, target: number, start: number, end: number) =>
    list.copyWithin(target, start, end)) as Operation,
  'array.index_of': ((list: List, value: unknown, from: number) => list.indexOf(value, from)) as Operation,
  'array.last_index_of': ((list: List, value: unknown, from: number) => list.lastIndexOf(value, from)) as Operation,
  'array.includes': ((list: List, value: unknown, from: number) => list.includes(value, from)) as Operation,
  'array.join': ((list: List, separator: string, _c: never, _d: never, _site: Site, machine: Machinery) =>
    joinElements(machine, list, separator)) as Operation,
  'tuple.new': ((values: List) => values) as Operation,
  'tuple.get': ((tuple: List, _b: never, _c: never, _d: never, site: Site) =>
    tuple[site.imm[0] as number]) as Operation,
  'tuple.set': ((tuple: List, value: unknown, _c: never, _d: never, site: Site) => {
    tuple[site.imm[0] as number] = value
  }) as Operation,
  'math.hypot': hypot as Operation,
} satisfies Record<string, Operation>
