import { isStackOverflow } from './evaluate.ts'
import { Limited, Thrown } from '../failure.ts'
import { toHostDeep } from '../host-value.ts'
import type { ValueHost } from '../host.ts'
import { jsonSize } from '../json-size.ts'
import { STRING_LENGTH_MAX } from '../../ir/index.ts'
import { toText } from '../text.ts'
import { Closure, Instance } from '../value.ts'

/** typeof (13.5.3). */
export function typeOf(value: unknown): string {
  if (value instanceof Closure) return 'function'
  return value instanceof Instance && value.layout.def.role === 'symbol' ? 'symbol' : typeof value
}

/** ToNumber (7.1.4), of objects by way of their text. */
export function toNumber(host: ValueHost, value: unknown): number {
  if (typeof value === 'bigint')
    throw new Thrown(host.newError('TypeError', 'Cannot convert a BigInt value to a number'))
  return typeof value === 'object' && value !== null ? Number(toText(host, value)) : Number(value)
}

/** Loose equality (7.2.13). Two objects are the same or not, which the caller knows. */
export function looseEquals(host: ValueHost, a: unknown, b: unknown): boolean {
  const objects = [a, b].filter((x): unknown => typeof x === 'object' && x !== null)
  if (objects.length === 2) return a === b
  const primitive = (x: unknown): unknown => (objects.includes(x) ? toText(host, x) : x)
  // oxlint-disable-next-line eqeqeq
  return a === null || a === undefined || b === null || b === undefined ? a == b : primitive(a) == primitive(b)
}

/** Levels of nesting that JSON text may have. */
const JSON_DEPTH_MAX = 2000

/** JSON.stringify (25.5.2) with the gap as text; undefined for undefined and functions. */
export function stringify(host: ValueHost, value: unknown, gap: string): string | undefined {
  const plain = toHostDeep(value, host.module, JSON_DEPTH_MAX)
  if (plain.deeper) throw new Limited('depth', 'a value is nested too deeply to be written as JSON')
  const size = jsonSize(plain.value)
  if (size <= STRING_LENGTH_MAX) host.requireMemory(2 * size)
  try {
    if (size > STRING_LENGTH_MAX) throw new RangeError('Invalid string length')
    return JSON.stringify(plain.value, null, gap)
  } catch (error) {
    // Cycles, and texts longer than any string; the host words them as Node does.
    if ((error instanceof TypeError || error instanceof RangeError) && !isStackOverflow(error))
      throw new Thrown(host.newError(error.name, error.message))
    throw error
  }
}
