import { elementTypeOf, TYPED_BYTES_MAX } from '../../ir/index.ts'
import {
  BufferInstance,
  elementsOver,
  Limited,
  newTyped,
  showsBits,
  storeNaN,
  Thrown,
  Trapped,
  TypedInstance,
} from '../../values/index.ts'
import type { Machinery, Operation, Site } from '../operation.ts'

/** Refuses what is no length, and what takes more bytes than there may be. */
function checkLength(count: number, size: number, message: string, machine: Machinery): void {
  if (!(Number.isSafeInteger(count) && count >= 0)) throw new Thrown(machine.newError('RangeError', message))
  if (count * size > TYPED_BYTES_MAX) throw new Limited('memory', 'out of memory')
}

function typedNew(count: number, _b: never, _c: never, _d: never, site: Site, machine: Machinery): TypedInstance {
  const layout = machine.layouts[site.imm[0] as number]
  checkLength(count, elementTypeOf(layout.def).size, `Invalid typed array length: ${count}`, machine)
  return newTyped(layout, count, machine.layouts)
}

function bufferNew(count: number, _b: never, _c: never, _d: never, site: Site, machine: Machinery): BufferInstance {
  checkLength(count, 1, 'Invalid array buffer length', machine)
  return new BufferInstance(machine.layouts[site.imm[0] as number], new ArrayBuffer(count))
}

const isWithin = (start: number, count: number, length: number): boolean =>
  start >= 0 && count >= 0 && start + count <= length && Number.isInteger(start) && Number.isInteger(count)

const refuseOutside = (isInside: boolean): void => {
  if (!isInside) throw new Trapped('index-out-of-bounds')
}

function view(
  buffer: BufferInstance,
  offset: number,
  count: number,
  _d: never,
  site: Site,
  machine: Machinery,
): TypedInstance {
  const layout = machine.layouts[site.imm[0] as number]
  const { size } = elementTypeOf(layout.def)
  const isAligned = Number.isInteger(count) && offset % size === 0
  refuseOutside(isAligned && isWithin(offset, count * size, buffer.bytes.byteLength))
  return new TypedInstance(layout, elementsOver(layout.def, buffer.bytes, offset, count), buffer)
}

function window({ layout, elements, buffer }: TypedInstance, start: number, count: number): TypedInstance {
  refuseOutside(isWithin(start, count, elements.length))
  const offset = elements.byteOffset + start * elements.BYTES_PER_ELEMENT
  return new TypedInstance(layout, elementsOver(layout.def, elements.buffer, offset, count), buffer)
}

function get({ elements }: TypedInstance, index: number): number {
  const value = elements[index]
  if (value === undefined) throw new Trapped('index-out-of-bounds')
  return value
}

/** Stores an element, where there is one. */
export function setElement(typed: TypedInstance, index: number, value: number): void {
  if (value !== value && showsBits(typed)) {
    if (isWithin(index, 1, typed.elements.length)) storeNaN(typed.elements, index)
  } else typed.elements[index] = value
}

function fill(typed: TypedInstance, value: number, start: number, end: number): void {
  refuseOutside(isWithin(start, end - start, typed.elements.length))
  if (value !== value && showsBits(typed)) for (let i = start; i < end; i++) storeNaN(typed.elements, i)
  else typed.elements.fill(value, start, end)
}

function copy(to: TypedInstance, from: TypedInstance, at: number, start: number): void {
  const [target, source] = [to.elements, from.elements]
  refuseOutside(isWithin(at, 0, target.length) && isWithin(start, 0, source.length))
  const count = Math.min(target.length - at, source.length - start)
  target.set(source.subarray(start, start + count), at)
  if (!showsBits(to) || showsBits(from)) return
  for (let i = at; i < at + count; i++) if (Number.isNaN(target[i])) storeNaN(target, i)
}

/** Typed arrays and buffers. An index that is not present is no property of the host's typed arrays either. */
export const TYPED_OPERATIONS = {
  'typed.new': typedNew as Operation,
  'typed.view': view as Operation,
  'typed.window': window as Operation,
  'typed.length': (({ elements }: TypedInstance) => elements.length) as Operation,
  'typed.offset': (({ elements }: TypedInstance) => elements.byteOffset) as Operation,
  'typed.buffer': (({ buffer }: TypedInstance) => buffer) as Operation,
  'typed.get': get as Operation,
  'typed.get_opt': (({ elements }: TypedInstance, index: number) => elements[index]) as Operation,
  'typed.get_nan': (({ elements }: TypedInstance, index: number) => elements[index] ?? NaN) as Operation,
  'typed.get_i32': ((typed: TypedInstance, index: number) => get(typed, index) | 0) as Operation,
  'typed.bits': (({ elements }: TypedInstance, index: number) => elements[index] | 0) as Operation,
  'typed.set': setElement as Operation,
  'typed.fill': fill as Operation,
  'typed.copy': copy as Operation,
  'buffer.new': bufferNew as Operation,
  'buffer.length': (({ bytes }: BufferInstance) => bytes.byteLength) as Operation,
} satisfies Record<string, Operation>
