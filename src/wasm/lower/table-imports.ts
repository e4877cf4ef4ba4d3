import { keyOf, type TableType, type Type } from '../../ir/index.ts'
import { EXTERNREF, F64, I32, type ValType } from '../encoder/index.ts'
import type { Imports } from './imports.ts'

/** How a key goes to the host: a number as such, a string or reference as it is, anything else unboxed to a host value. */
export type KeyCarrier = 'number' | 'string' | 'ref' | 'box'

export function carrierOf(type: Type): KeyCarrier {
  switch (type.kind) {
    case 'f64':
      return 'number'
    case 'string':
      return 'string'
    case 'array':
    case 'tuple':
    case 'object':
    case 'func':
    case 'map':
    case 'set':
    case 'dict':
      return 'ref'
    default:
      return 'box'
  }
}

type Signature = readonly [params: readonly ValType[], results: readonly ValType[]]

/** What the host does for tables, see host/tables.ts; `key` stands for the type in which a key travels. */
const SERVICES = {
  'table new': () => [[I32], [EXTERNREF]],
  'dict bare': () => [[], [EXTERNREF]],
  'table size': () => [[EXTERNREF], [F64]],
  'table has': (key) => [[EXTERNREF, key], [I32]],
  'dict in': (key) => [[EXTERNREF, key], [I32]],
  'table find': (key) => [[EXTERNREF, key], [I32]],
  'table find property': (key) => [[EXTERNREF, key], [I32]],
  'table place': (key) => [[EXTERNREF, key], [I32]],
  'table place property': (key) => [[EXTERNREF, key], [I32]],
  'table remove': (key) => [[EXTERNREF, key], [I32]],
  'table clear': () => [[EXTERNREF], []],
  'table next': () => [[EXTERNREF, F64], [F64]],
  'table key at': (key) => [[EXTERNREF, F64], [key]],
  'table slot at': () => [[EXTERNREF, F64], [I32]],
  'table keys': () => [[EXTERNREF], [EXTERNREF]],
  'key of number': () => [[F64], [EXTERNREF]],
  'key of word': () => [[I32], [EXTERNREF]],
  'kind of key': () => [[EXTERNREF], [I32]],
  'number of key': () => [[EXTERNREF], [F64]],
} as const satisfies Record<string, (key: ValType) => Signature>

export type TableService = keyof typeof SERVICES

const keyType = (carrier: KeyCarrier): ValType => (carrier === 'number' ? F64 : EXTERNREF)
const isKeyed = (name: TableService): boolean => SERVICES[name].length > 0

/** The name of a service for tables with keys of a type. */
function nameFor(name: TableService, carrier: KeyCarrier): string {
  return isKeyed(name) && carrier === 'number' ? `${name} by number` : name
}

/** Declares all that a module with tables of this type may ask for. */
export function declareTableServices(imports: Imports, type: TableType): void {
  const carrier = carrierOf(keyOf(type))
  for (const name of Object.keys(SERVICES) as TableService[]) {
    const [params, results] = (SERVICES[name] as (key: ValType) => Signature)(keyType(carrier))
    imports.declareOperation(nameFor(name, carrier), params, results)
  }
}

/** The number of the imported function. */
export function tableService(imports: Imports, name: TableService, key: Type): number {
  return imports.operation(nameFor(name, carrierOf(key)))
}

/** The service that an imported function is, whatever keys it takes. */
export function serviceBehind(name: string): TableService | undefined {
  const plain = name.replace(/ by number$/, '')
  return Object.hasOwn(SERVICES, plain) ? (plain as TableService) : undefined
}
