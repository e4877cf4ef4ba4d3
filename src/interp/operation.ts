import type { Budget, WorldReader } from '../effects/index.ts'
import type { ConsoleMethod, Cost, Immediate, OpName, Type } from '../ir/index.ts'
import type { KeyOrder, Layout, ValueHost } from '../values/index.ts'
import type { Kind } from './kinds.ts'

/** What operations may use of the machine that runs them. */
export type Machinery = ValueHost &
  Budget & {
    readonly layouts: readonly Layout[]
    /** Values of module variables; of those of type f64 only whether they are set, see `globalNumbers`. */
    readonly globals: unknown[]
    readonly globalNumbers: Float64Array
    readonly globalNames: readonly string[]
    /** Key orders of `object.new` sites, filled at first use. */
    readonly orders: (KeyOrder | undefined)[]
    /** The part of `spend` for bytes. */
    allocate(bytes: number): void
    /** Clock, chance and effects of the run. */
    readonly world: WorldReader
    /** Calls a method of console. */
    log(method: ConsoleMethod, values: readonly unknown[]): void
  }

/** One use of an operation in the code: its operands, its result and what the compiler knows of it. */
export type Site = {
  readonly op: OpName
  readonly run: Operation
  readonly variadic: boolean
  readonly kinds: readonly Kind[]
  readonly regs: readonly number[]
  readonly argTypes: readonly Type[]
  /** Register of the result, -1 when it is undefined or not used. */
  readonly dst: number
  readonly dstKind: Kind
  readonly imm: readonly Immediate[]
  /** What {@link PREPARE} made of the immediates. */
  readonly aux: unknown
  /** What is charged before the work, and after it. */
  readonly before: Charges | undefined
  readonly after: Charges | undefined
}

export type Charges = { readonly fuel: Cost | undefined; readonly bytes: Cost | undefined }

/**
 * The meaning of an operation on host values. Variadic operations get their operands as one
 * array. Called with the operands padded to four, the site and the machine.
 */
export type Operation = (a: never, b: never, c: never, d: never, site: Site, machine: Machinery) => unknown
