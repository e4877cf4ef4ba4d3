import { OPS, STRING_LENGTH_MAX } from '../../ir/index.ts'
import { Trapped } from '../failure.ts'
import type { HostOperation, ValueHost } from '../host.ts'
import { isArrayIndex } from '../table.ts'
import { evaluate } from './evaluate.ts'

/**
 * Runs `meaning` unless the string that it would make is larger than the memory limit. What is
 * longer than any string of the host is a RangeError of the operation and costs nothing.
 */
function bounded(meaning: HostOperation, lengthOf: (s: string, n: number, t: string) => number): HostOperation {
  return (a: string, b: number, c: string, d: never, site: unknown, host: ValueHost) => {
    const length = lengthOf(a, b, c)
    if (length <= STRING_LENGTH_MAX) host.requireMemory(2 * length)
    return meaning(a as never, b as never, c as never, d, site, host)
  }
}

const pad = (s: string, n: number, fill: string): number => (fill === '' ? s.length : Math.max(s.length, n))

/** Properties of arrays and strings that are no elements. */
const NAMED: ReadonlySet<string> = new Set(
  [Array.prototype, String.prototype, Number.prototype, Function.prototype, Object.prototype].flatMap((prototype) =>
    Object.getOwnPropertyNames(prototype),
  ),
)

function toIndex(key: string): number {
  if (isArrayIndex(key)) return Number(key)
  if (NAMED.has(key)) throw new Trapped('inherited-property')
  return -1
}

/** Strings: those that need more than their `eval`. */
export const STRING_OPERATIONS = {
  'string.repeat': bounded(evaluate(OPS['string.repeat']), (s, n) => s.length * Math.max(0, n)),
  'string.pad_start': bounded(evaluate(OPS['string.pad_start']), pad),
  'string.pad_end': bounded(evaluate(OPS['string.pad_end']), pad),
  'string.replace': replaceFirst as HostOperation,
  'string.replace_all': replaceAll as HostOperation,
  'string.split': split as HostOperation,
  'string.chars': chars as HostOperation,
  'string.get': unitAt as HostOperation,
  'string.to_index': toIndex as HostOperation,
} satisfies Record<string, HostOperation>

function unitAt(s: string, i: number): string {
  const unit = s[i]
  if (unit === undefined) throw new Trapped('index-out-of-bounds')
  return unit
}

const replaceFreely = evaluate(OPS['string.replace'])

function replaceFirst(
  s: string,
  search: string,
  replacement: string,
  d: never,
  site: unknown,
  host: ValueHost,
): unknown {
  // `$` patterns may insert the whole string each.
  const dollars = replacement.split('$').length - 1
  if (dollars > 0) {
    const length = s.length * (1 + dollars) + replacement.length
    if (length <= STRING_LENGTH_MAX) host.requireMemory(2 * length)
  }
  return replaceFreely(s as never, search as never, replacement as never, d, site, host)
}

const replaceAllFreely = evaluate(OPS['string.replace_all'])

function replaceAll(s: string, search: string, replacement: string, d: never, site: unknown, host: ValueHost): unknown {
  // The result may be the product of its operands, so its size is found before it is made.
  if (s.length * (1 + replacement.length) > 65_536) host.requireMemory(2 * replacedLength(s, search, replacement))
  return replaceAllFreely(s as never, search as never, replacement as never, d, site, host)
}

/** An upper bound of the length of the result; exact when the replacement has no `$`. */
function replacedLength(s: string, search: string, replacement: string): number {
  const step = Math.max(1, search.length)
  const dollars = replacement.split('$').length - 1
  let length = s.length
  for (let at = s.indexOf(search); at >= 0; at = at + step > s.length ? -1 : s.indexOf(search, at + step)) {
    length += replacement.length + dollars * Math.max(search.length, at, s.length - at) - search.length
    if (length > STRING_LENGTH_MAX) break
  }
  return length > STRING_LENGTH_MAX && dollars === 0 ? 0 : length
}

function split(s: string, separator: string, limit: number, _d: never, _site: unknown, host: ValueHost): string[] {
  if (separator === '') host.requireMemory(40 * Math.min(s.length, limit >>> 0))
  return s.split(separator, limit)
}

function chars(s: string, _b: never, _c: never, _d: never, _site: unknown, host: ValueHost): string[] {
  host.requireMemory(24 * s.length)
  return Array.from(s)
}
