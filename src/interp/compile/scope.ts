import type { Expr, Func, Module, Stmt } from '../../ir/index.ts'
import type { Assembler, Label, Registers } from '../assembler.ts'
import type { Handler, Slot } from '../bytecode.ts'
import type { Inlinable } from './inline.ts'

/**
 * How to compile. `plain`: every operation through its general implementation, none through its
 * own instruction; tests compare the two. `debug`: an instruction before each statement, at
 * which the machine can pause.
 */
export type CompileOptions = { readonly plain: boolean; readonly debug: boolean }

/** A way out of nested statements: to a label, or through a `finally` first. */
export type Exit =
  | { readonly kind: 'label'; readonly label: number; readonly out: Label; readonly next?: Label }
  | FinallyExit

export type FinallyExit = {
  readonly kind: 'finally'
  readonly start: Label
  /** Holds what happens after: 0 go on, 1 throw again, from 2 on an index into `after`. */
  readonly stateReg: number
  /** Holds the result while a return passes through. */
  readonly resultReg: number
  readonly after: Leave[]
}

/** A jump out of statements: a return of the value in a register (-1: undefined), or a break or continue. */
export type Leave =
  | { readonly kind: 'return'; readonly reg: number }
  | { readonly kind: 'break' | 'continue'; readonly label: number }

/** What the compiler knows while it is inside one function. */
export type Scope = {
  readonly module: Module
  readonly options: CompileOptions
  readonly cyclic: ReadonlySet<number>
  readonly asm: Assembler
  readonly regs: Registers
  readonly func: Func
  readonly funcIndex: number
  readonly slots: readonly Slot[]
  /** How many registers of each bank locals have; they are the first. */
  readonly localRegs: readonly number[]
  /** Innermost last. */
  readonly exits: Exit[]
  readonly handlers: Handler[]
  /** Constants of loops that stand in registers of their own, by value and bank. */
  readonly hoisted: ReadonlyMap<string, number>
  /** The body of a function whose calls contain it in place. */
  readonly inlinable: Inlinable
  /** Locals that are set somewhere inside an expression (by a `seq`). */
  assignedIn(e: Expr): ReadonlySet<number>
  /** Compiles statements. */
  body(list: readonly Stmt[]): void
  /** Compiles an expression; the register of its value, which is `into` when given. */
  value(e: Expr, into?: number): number
}
