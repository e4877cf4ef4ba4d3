import type { Span } from '../base/index.ts'
import type { Module } from '../ir/index.ts'
import type { Kind } from './kinds.ts'
import type { Site } from './operation.ts'

/** Where a variable of a function lives, for its whole life. */
export type Slot = { readonly name: string; readonly kind: Kind; readonly reg: number }

/**
 * Code in `[start, end)` is guarded: what it throws goes to register `reg`, and control to `target`. Who throws it again keeps
 * where it came from in register `trace`, -1 for who does not.
 */
export type Handler = {
  readonly start: number
  readonly end: number
  readonly target: number
  readonly reg: number
  readonly trace: number
}

export type FuncCode = {
  readonly name: string
  readonly entry: number
  /** Its code is `[start, end)`. */
  readonly start: number
  readonly end: number
  /** On a call cycle: calls count in fuel and depth. */
  readonly cyclic: boolean
  readonly params: readonly Slot[]
  readonly captures: readonly Slot[]
  readonly locals: readonly Slot[]
  readonly resultKind: Kind
  /** Innermost first. */
  readonly handlers: readonly Handler[]
}

/** A module as code of the register machine. Immutable; machines share it. */
export type Bytecode = {
  readonly module: Module
  readonly code: Int32Array
  readonly numbers: Float64Array
  readonly refs: readonly unknown[]
  readonly sites: readonly Site[]
  readonly funcs: readonly FuncCode[]
  /** Sum of the greatest frame of each bank: room that any call may need. */
  readonly frameMax: number
  /** How many `object.new` sites there are. */
  readonly orderCount: number
  /** Code addresses, ascending, at which the source place changes to that of the same index in `spans`. */
  readonly spanPcs: Int32Array
  readonly spans: readonly Span[]
  readonly debug: boolean
}

/** The function whose code holds `pc`. */
export function funcAt(bytecode: Bytecode, pc: number): FuncCode | undefined {
  const { funcs } = bytecode
  let low = 0
  let high = funcs.length - 1
  while (low <= high) {
    const mid = (low + high) >> 1
    if (pc < funcs[mid].start) high = mid - 1
    else if (pc >= funcs[mid].end) low = mid + 1
    else return funcs[mid]
  }
  return undefined
}

/** The place in the source that the instruction at `pc` stands for. */
export function spanAt(bytecode: Bytecode, pc: number): Span | undefined {
  const { spanPcs } = bytecode
  let low = 0
  let high = spanPcs.length - 1
  while (low < high) {
    const mid = (low + high + 1) >> 1
    if (spanPcs[mid] <= pc) low = mid
    else high = mid - 1
  }
  return spanPcs.length > 0 && spanPcs[low] <= pc ? bytecode.spans[low] : undefined
}
