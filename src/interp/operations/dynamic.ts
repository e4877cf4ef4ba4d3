import { Limited, Thrown, Trapped } from '../failure.ts'
import { toHostDeep } from '../host-value.ts'
import { jsonSize } from '../json-size.ts'
import type { Machinery, Operation, Site } from '../operation.ts'
import { STRING_LENGTH_MAX, toText } from '../text.ts'
import type { TypeTest } from '../type-test.ts'
import { Closure, ErrorInstance } from '../values.ts'

function unbox(value: unknown, _b: never, _c: never, _d: never, site: Site): unknown {
  if (!(site.aux as TypeTest)(value)) throw new Trapped('type-mismatch')
  return value
}

function require(value: unknown, _b: never, _c: never, _d: never, site: Site, machine: Machinery): unknown {
  if (value !== null && value !== undefined) return value
  const message = (site.imm[0] as string).replaceAll('%', String(value))
  throw new Thrown(machine.newError('TypeError', message))
}

function requireAt(value: unknown, key: number, _c: never, _d: never, site: Site, machine: Machinery): unknown {
  if (value !== null && value !== undefined) return value
  const message = (site.imm[0] as string).replaceAll('%', String(value)).replaceAll('#', String(key))
  throw new Thrown(machine.newError('TypeError', message))
}

function isError(value: unknown, _b: never, _c: never, _d: never, site: Site): boolean {
  return value instanceof ErrorInstance && (site.imm[0] === 'Error' || value.kind === site.imm[0])
}

function typeOf(value: unknown): string {
  return value instanceof Closure ? 'function' : typeof value
}

function toNumber(value: unknown, _b: never, _c: never, _d: never, _site: Site, machine: Machinery): number {
  return typeof value === 'object' && value !== null ? Number(toText(machine, value)) : Number(value)
}

/** Levels of nesting that JSON text may have. */
const JSON_DEPTH_MAX = 2000

function stringify(
  value: unknown,
  gap: string,
  _c: never,
  _d: never,
  _site: Site,
  machine: Machinery,
): string | undefined {
  const host = toHostDeep(value, machine.bytecode.module, JSON_DEPTH_MAX)
  if (host.deeper) throw new Limited('depth', 'a value is nested too deeply to be written as JSON')
  const size = jsonSize(host.value)
  if (size <= STRING_LENGTH_MAX) machine.requireMemory(2 * size)
  try {
    if (size > STRING_LENGTH_MAX) throw new RangeError('Invalid string length')
    return JSON.stringify(host.value, null, gap)
  } catch (error) {
    // Cycles, and texts longer than any string; the host words them as Node does.
    if (error instanceof TypeError || error instanceof RangeError)
      throw new Thrown(machine.newError(error.name, error.message))
    throw error
  }
}

/** Boxed values, and effects. */
export const DYNAMIC_OPERATIONS = {
  'dyn.box': ((value: unknown) => value) as Operation,
  'dyn.unbox': unbox as Operation,
  'dyn.require': require as Operation,
  'dyn.require_at': requireAt as Operation,
  'dyn.is': ((value: unknown, _b: never, _c: never, _d: never, site: Site) =>
    (site.aux as TypeTest)(value)) as Operation,
  'dyn.is_error': isError as Operation,
  'dyn.truthy': ((value: unknown) => Boolean(value)) as Operation,
  'dyn.typeof': typeOf as Operation,
  'dyn.eq': ((a: unknown, b: unknown) => a === b) as Operation,
  'dyn.to_string': ((value: unknown, _b: never, _c: never, _d: never, _site: Site, machine: Machinery) =>
    toText(machine, value)) as Operation,
  'dyn.to_number': toNumber as Operation,
  'json.stringify': stringify as Operation,
  log: ((values: unknown[], _b: never, _c: never, _d: never, site: Site, machine: Machinery) => {
    machine.log(site.imm[0] as string, values)
  }) as Operation,
} satisfies Record<string, Operation>
