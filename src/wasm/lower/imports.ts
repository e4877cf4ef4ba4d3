import { EXTERN, EXTERNREF, F64, I16, I32, refNull, type ModuleWriter, type ValType } from '../encoder/index.ts'

type Signature = readonly [params: readonly ValType[], results: readonly ValType[]]

/** Builtins of the host on its strings (js-string builtins proposal); compiled to code where they stand. */
const STRING_BUILTINS = {
  length: [[EXTERNREF], [I32]],
  charCodeAt: [[EXTERNREF, I32], [I32]],
  concat: [[EXTERNREF, EXTERNREF], [EXTERN]],
  equals: [[EXTERNREF, EXTERNREF], [I32]],
  compare: [[EXTERNREF, EXTERNREF], [I32]],
  substring: [[EXTERNREF, I32, I32], [EXTERN]],
  fromCharCode: [[I32], [EXTERN]],
  test: [[EXTERNREF], [I32]],
  cast: [[EXTERNREF], [EXTERN]],
} as const satisfies Record<string, Signature>

/**
 * What compiled code asks of whoever runs it, besides operations. Functions named `fail` do not return: they throw
 * what no program can catch. Those named `raise` throw an Error that the program can catch.
 */
const SERVICES = {
  failFuel: [[], []],
  failMemory: [[], []],
  /** As `failFuel`, from the callee: the call that failed is that of its caller. */
  failCallFuel: [[], []],
  /** The depth reached for the first time; fails beyond the limit. */
  deepen: [[I32], []],
  /** More allocation than is left of the slice. */
  allocateMore: [[F64], []],
  /** Where the program is now, as an opaque value of the host. */
  captureTrace: [[], [EXTERNREF]],
  raiseUnset: [[I32], []],
  raiseRequired: [[EXTERNREF, I32], []],
  raiseRequiredAt: [[EXTERNREF, F64, I32], []],
  raiseArrayLength: [[], []],
  raiseStringLength: [[], []],
  raiseTypedLength: [[F64], []],
  raiseBufferLength: [[F64], []],
  toInt32: [[F64], [I32]],
  /** The key order after a field that was absent is set. */
  nextOrder: [[I32, I32], [I32]],
  /** The order of a record after the keys of another were set in it: both orders, and the number of the assignment. */
  orderAssigned: [[I32, I32, I32], [I32]],
  /** The names of the keys of an object, as a list of the host. */
  keys: [[EXTERNREF], [EXTERNREF]],
  /** Makes an array carry an object; the object that it carries, null when there is none. */
  note: [[EXTERNREF, EXTERNREF], []],
  noted: [[EXTERNREF], [EXTERNREF]],
  /** Hand values to the host one by one: parts of an object, arguments of a log line. */
  giveNumber: [[F64], []],
  giveValue: [[EXTERNREF], []],
  giveUnset: [[], []],
  /** Take values from the host one by one. */
  takeNumber: [[], [F64]],
  takeValue: [[], [EXTERNREF]],
  takeCount: [[], [I32]],
  /** A list of the host whose values are taken next; how many they are. */
  openList: [[EXTERNREF], [I32]],
  /** A method of console: its name, and how many of the values given last it is called with. */
  log: [[I32, I32], []],
  /** A call of an effect: its arguments as text and its name; the number of the call. */
  startCall: [[EXTERNREF, I32], [F64]],
  cancelCall: [[F64], []],
  logList: [[I32, EXTERNREF], []],
  join: [[EXTERNREF, EXTERNREF], [EXTERNREF]],
  hypot: [[EXTERNREF], [F64]],
  bigintLength: [[EXTERNREF], [I32]],
  sameBigint: [[EXTERNREF, EXTERNREF], [I32]],
  truthyBigint: [[EXTERNREF], [I32]],
  /** Ends the run when an operation asks for more bytes than the limit of memory. */
  requireMemory: [[F64], []],
  toNumber: [[EXTERNREF], [F64]],
  /** The room for a text that is to have so many units at least; 0 where it is for the host to make. */
  roomForText: [[I32], [I32]],
  /** The visible fields of a definition of objects in a key order, or in its own, are taken next; how many they are. */
  openFields: [[I32, I32], [I32]],
  toText: [[F64], [EXTERNREF]],
  /** A number for a key that has no place for its identity. */
  identity: [[EXTERNREF], [I32]],
  /** A list of keys as objects list them. */
  sortKeys: [[EXTERNREF], [EXTERNREF]],
} as const satisfies Record<string, Signature>

export type BuiltinName = keyof typeof STRING_BUILTINS | keyof typeof UNIT_BUILTINS
export type ServiceName = keyof typeof SERVICES

/** Builtins between strings and arrays of code units, whose type is for the module to make. */
const UNIT_BUILTINS = {
  /** Writes all units of a string from an index on; how many they are. */
  intoCharCodeArray: (units) => [[EXTERNREF, units, I32], [I32]],
  /** The string of the units from an index up to another. */
  fromCharCodeArray: (units) => [[units, I32, I32], [EXTERN]],
} as const satisfies Record<string, (units: ValType) => Signature>

/** Numbers of the imported functions, and the types of operations that the host does. */
export class Imports {
  /** An array of code units. */
  readonly units: number
  readonly #writer: ModuleWriter
  readonly #builtins = new Map<string, number>()
  readonly #services = new Map<string, number>()
  readonly #operations = new Map<string, number>()

  constructor(writer: ModuleWriter) {
    this.#writer = writer
    this.units = writer.addHostType({ kind: 'array', elem: { type: I16, mutable: true } })
    for (const [name, of] of Object.entries(UNIT_BUILTINS)) {
      const [params, results] = of(refNull(this.units))
      this.#builtins.set(name, writer.importFunc('wasm:js-string', name, params, results))
    }
    for (const [name, [params, results]] of Object.entries(STRING_BUILTINS) as [string, Signature][])
      this.#builtins.set(name, writer.importFunc('wasm:js-string', name, params, results))
    for (const [name, [params, results]] of Object.entries(SERVICES) as [string, Signature][])
      this.#services.set(name, writer.importFunc('service', name, params, results))
  }

  /** Declares an operation that the host does; all before the first function is defined. */
  declareOperation(name: string, params: readonly ValType[], results: readonly ValType[]): void {
    if (!this.#operations.has(name))
      this.#operations.set(name, this.#writer.importFunc('operation', name, params, results))
  }

  builtin(name: BuiltinName): number {
    return this.#builtins.get(name)!
  }

  service(name: ServiceName): number {
    return this.#services.get(name)!
  }

  operation(name: string): number {
    const found = this.#operations.get(name)
    if (found === undefined) throw new Error(`the operation ${name} was not declared`)
    return found
  }

  /** The operations that the host must offer to this module. */
  get operations(): readonly string[] {
    return [...this.#operations.keys()]
  }
}
