import {
  ErrorInstance,
  parseJson,
  looseEquals,
  stringify,
  Thrown,
  toNumber,
  toText,
  Trapped,
  typeOf,
  type TypeTest,
} from '../../values/index.ts'
import type { ConsoleMethod } from '../../ir/index.ts'
import type { Machinery, Operation, Site } from '../operation.ts'

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

function settled(value: boolean): undefined {
  if (!value) throw new Trapped('unsettled-promise')
  return undefined
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
  'dyn.loose_eq': ((a: unknown, b: unknown, _c: never, _d: never, _site: Site, machine: Machinery) =>
    looseEquals(machine, a, b)) as Operation,
  settled: settled as Operation,
  'dyn.to_string': ((value: unknown, _b: never, _c: never, _d: never, _site: Site, machine: Machinery) =>
    toText(machine, value)) as Operation,
  'dyn.to_number': ((value: unknown, _b: never, _c: never, _d: never, _site: Site, machine: Machinery) =>
    toNumber(machine, value)) as Operation,
  'json.parse': ((text: string, _b: never, _c: never, _d: never, _site: Site, machine: Machinery) =>
    parseJson(machine, text)) as Operation,
  'json.stringify': ((value: unknown, gap: string, _c: never, _d: never, _site: Site, machine: Machinery) =>
    stringify(machine, value, gap)) as Operation,
  log: ((values: unknown[], _b: never, _c: never, _d: never, site: Site, machine: Machinery) => {
    machine.log(site.imm[0] as ConsoleMethod, values)
  }) as Operation,
  'log.list': ((values: unknown[], _b: never, _c: never, _d: never, site: Site, machine: Machinery) => {
    // Not map and the like, which keep holes.
    machine.log(site.imm[0] as ConsoleMethod, [...values])
  }) as Operation,
} satisfies Record<string, Operation>
