import { elementTypeOf, type Expr } from '../../src/ir/index.ts'
import type { Evaluator } from './reference.ts'
import { type Instance, Limit, makeError, RefBuffer, RefTyped, Thrown, Trap } from './reference-values.ts'

/** Typed arrays by what ECMA-262 25.1.3 says of bytes, without those of the host. */

type Site = { readonly machine: Evaluator; readonly expr: Extract<Expr, { kind: 'op' }> }
type N = number

const BYTES_MAX = 2 ** 30 - 1

function checkedLength(length: N, size: N, message: string): N {
  if (!(Number.isSafeInteger(length) && length >= 0)) throw new Thrown(makeError('RangeError', message))
  if (length * size > BYTES_MAX) throw new Limit('memory')
  return length
}

const inside = (test: boolean): void => {
  if (!test) throw new Trap('index-out-of-bounds')
}

const isCount = (x: N, most: N): boolean => Number.isInteger(x) && x >= 0 && x <= most

const bufferOf = (site: Site, id: N): RefBuffer => {
  const type = site.machine.module.objects[id]!.fields[2]?.type
  return new RefBuffer(type?.kind === 'object' ? type.id : id, [])
}

function zeros(count: N): number[] {
  return Array.from({ length: count }, () => 0)
}

/** The bytes of an element as an unsigned integer of its size. */
function rawBytes({ name, buffer, offset }: RefTyped, index: N): DataView {
  const { size } = elementTypeOf(name)
  const view = new DataView(new ArrayBuffer(8))
  for (let i = 0; i < size; i++) view.setUint8(i, buffer.bytes[offset + index * size + i]!)
  return view
}

export function readElement(typed: RefTyped, index: N): N | undefined {
  if (!isCount(index, typed.length - 1)) return undefined
  const view = rawBytes(typed, index)
  const { size, whole, lo } = elementTypeOf(typed.name)
  if (!whole) return size === 4 ? view.getFloat32(0, true) : view.getFloat64(0, true)
  const bits = size === 1 ? view.getUint8(0) : size === 2 ? view.getUint16(0, true) : view.getUint32(0, true)
  return lo < 0 && bits >= -lo ? bits + 2 * lo : bits
}

function writeElement(typed: RefTyped, index: N, value: N): void {
  if (!isCount(index, typed.length - 1)) return
  const { size, whole } = elementTypeOf(typed.name)
  const view = new DataView(new ArrayBuffer(8))
  const number = Number.isNaN(value) ? NaN : value
  if (typed.name === 'Uint8ClampedArray') view.setUint8(0, clamped(value))
  else if (whole) view.setUint32(0, value, true)
  else if (size === 4) view.setFloat32(0, number, true)
  else view.setFloat64(0, number, true)
  for (let i = 0; i < size; i++) typed.buffer.bytes[typed.offset + index * size + i] = view.getUint8(i)
}

/** ToUint8Clamp (7.1.13). */
function clamped(value: N): N {
  if (!(value > 0)) return 0
  if (value >= 255) return 255
  const below = Math.floor(value)
  if (below + 0.5 < value) return below + 1
  return value < below + 0.5 || below % 2 === 0 ? below : below + 1
}

function present(typed: RefTyped, index: N): N {
  const value = readElement(typed, index)
  if (value === undefined) throw new Trap('index-out-of-bounds')
  return value
}

const imm = (site: Site): N => site.expr.imm[0] as N
const nameOf = (site: Site): string => site.machine.module.objects[imm(site)]!.name

export const TYPED = {
  'typed.new': (site: Site, length: N) => {
    const { size } = elementTypeOf(nameOf(site))
    const count = checkedLength(length, size, `Invalid typed array length: ${length}`)
    const buffer = bufferOf(site, imm(site))
    buffer.bytes.push(...zeros(count * size))
    return new RefTyped(imm(site), nameOf(site), buffer, 0, count)
  },
  'typed.view': (site: Site, buffer: RefBuffer, offset: N, length: N) => {
    const { size } = elementTypeOf(nameOf(site))
    inside(isCount(offset, buffer.bytes.length) && isCount(length, (buffer.bytes.length - offset) / size))
    inside(offset % size === 0)
    return new RefTyped(imm(site), nameOf(site), buffer, offset, length)
  },
  'typed.window': (_: Site, typed: RefTyped, start: N, length: N) => {
    inside(isCount(start, typed.length) && isCount(length, typed.length - start))
    const offset = typed.offset + start * elementTypeOf(typed.name).size
    return new RefTyped(typed.id, typed.name, typed.buffer, offset, length)
  },
  'typed.length': (_: Site, typed: RefTyped) => typed.length,
  'typed.offset': (_: Site, typed: RefTyped) => typed.offset,
  'typed.buffer': (_: Site, typed: RefTyped) => typed.buffer,
  'typed.get': (_: Site, typed: RefTyped, index: N) => present(typed, index),
  'typed.get_opt': (_: Site, typed: RefTyped, index: N) => readElement(typed, index),
  'typed.get_nan': (_: Site, typed: RefTyped, index: N) => readElement(typed, index) ?? NaN,
  'typed.get_i32': (_: Site, typed: RefTyped, index: N) => present(typed, index) | 0,
  'typed.bits': (_: Site, typed: RefTyped, index: N) => (readElement(typed, index) ?? 0) | 0,
  'typed.set': (_: Site, typed: RefTyped, index: N, value: N) => writeElement(typed, index, value),
  'typed.fill': (_: Site, typed: RefTyped, value: N, start: N, end: N) => {
    inside(isCount(start, typed.length) && isCount(end, typed.length) && start <= end)
    for (let i = start; i < end; i++) writeElement(typed, i, value)
  },
  'typed.copy': (site: Site, to: RefTyped, from: RefTyped, at: N, start: N) => {
    inside(isCount(at, to.length) && isCount(start, from.length))
    const { size } = elementTypeOf(to.name)
    const count = size * Math.min(to.length - at, from.length - start)
    const first = from.offset + start * size
    const bytes = from.buffer.bytes.slice(first, first + count)
    const isBetweenViews = [to, from].every(({ id }) => site.machine.module.objects[id]!.fields.length === 3)
    bytes.forEach((byte, i) => (to.buffer.bytes[to.offset + at * size + i] = byte))
    // What shows no bytes has the one NaN.
    if (!isBetweenViews) for (let i = 0; i < count / size; i++) writeElement(to, at + i, readElement(to, at + i)!)
  },
  'buffer.new': (site: Site, length: N) =>
    new RefBuffer(imm(site), zeros(checkedLength(length, 1, 'Invalid array buffer length'))),
  'buffer.length': (_: Site, buffer: RefBuffer) => buffer.bytes.length,
}

/** The elements of a typed array, the bytes of a buffer or DataView; undefined for anything else. */
export function bytesOf(value: Instance): { readonly name: string; readonly elements: readonly N[] } | undefined {
  if (value instanceof RefBuffer) return { name: 'ArrayBuffer', elements: value.bytes }
  if (!(value instanceof RefTyped)) return undefined
  return { name: value.name, elements: Array.from({ length: value.length }, (_, i) => readElement(value, i)!) }
}
