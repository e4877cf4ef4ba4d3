import type { Expr, OpName } from '../../ir/index.ts'
import type { HArg, HExpr } from '../hir.ts'
import type { Analysis } from '../flow/analysis.ts'
import type { Instance } from '../flow/instance.ts'
import type { Slot } from '../flow/slots.ts'
import type { FunctionContext } from '../emit/context.ts'

/** A use of a library function, as the flow analysis sees it. Rows may be asked several times and give the same constraints. */
export type FlowUse = {
  readonly a: Analysis
  readonly inst: Instance
  readonly at: HExpr
  readonly args: readonly HArg[]
  /** Slots of `args`; of a spread argument the slot of the array. */
  readonly slots: readonly Slot[]
  /** The receiver, for methods. */
  readonly self: Slot
  readonly out: Slot
}

/** The same use, as the emitter sees it. `self` is evaluated before the arguments. */
export type EmitUse = {
  readonly c: FunctionContext
  readonly at: HExpr
  readonly args: readonly HArg[]
  readonly self: Expr
}

/** How a library function is analysed and emitted. */
export type Row = { readonly flow: (use: FlowUse) => void; readonly emit: (use: EmitUse) => Expr }

/**
 * A parameter that is converted as ECMA-262 converts it: to a number or a string; `default` stands for
 * an argument that is left out or undefined.
 */
export type Param = { readonly to: 'num' | 'str'; readonly default?: number | string }

export const num = (byDefault?: number): Param => ({
  to: 'num',
  ...(byDefault === undefined ? {} : { default: byDefault }),
})
export const str = (byDefault?: string): Param => ({
  to: 'str',
  ...(byDefault === undefined ? {} : { default: byDefault }),
})

/** What a leaf operation gives. */
export type Result = 'num' | 'str' | 'bool' | 'num?' | 'str?' | 'strs'

/** The parts of a row that is one leaf operation over converted arguments. */
export type Leaf = { readonly op: OpName; readonly params: readonly Param[]; readonly out: Result }

/** Whether some argument is spread. */
export const spreads = (args: readonly HArg[]): boolean => args.some((arg) => arg.kind === 'spread')
