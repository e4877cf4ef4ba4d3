import type { Span } from '../../base/index.ts'
import { localsOf, type Expr, type Func, type Stmt } from '../module.ts'
import { admits, UNDEFINED, type Type } from '../types.ts'
import { assertNever } from '../walk.ts'
import { fault, type Fault } from './rules.ts'

/**
 * Whether a local of the type begins with a value: 0, false, '' or undefined. Other locals must
 * be set before they are read. spec: module#locals
 */
function hasDefault(type: Type): boolean {
  return ['f64', 'i32', 'bool', 'string'].includes(type.kind) || admits(type, UNDEFINED)
}

/**
 * The rules `path` and `unset`. A local that was set stays set, so the state at the head of a loop is the state
 * before the loop, and what may leave a `try` body anywhere leaves at least with the state before it:
 * one walk in the order of evaluation is enough. Code that cannot be reached is not looked at.
 */
export function checkFlow(func: Func, report: (fault: Fault, span: Span) => void): void {
  const flow = new Flow(func, report)
  flow.stmts(func.body)
  if (flow.state) report(fault('path', 'the end of the function can be reached'), func.span)
}

/** The set of tracked locals that are set for sure, as bits; `undefined` where control never comes. */
type State = Uint32Array | undefined

class Flow {
  state: State
  readonly #func: Func
  readonly #report: (fault: Fault, span: Span) => void
  /** Bit of each local that must be set before it is read. */
  readonly #bits = new Map<number, number>()
  /** States at the jumps to each enclosing label: where `break` leaves, and where `continue` arrives. */
  readonly #breaks = new Map<number, State>()
  readonly #continues = new Map<number, State>()

  constructor(func: Func, report: (fault: Fault, span: Span) => void) {
    this.#func = func
    this.#report = report
    const given = func.params.length + func.captures.length
    for (const [i, local] of localsOf(func).entries())
      if (i >= given && !hasDefault(local.type)) this.#bits.set(i, this.#bits.size)
    this.state = new Uint32Array(Math.ceil(this.#bits.size / 32))
  }

  stmts(stmts: readonly Stmt[]): void {
    for (const stmt of stmts) if (this.state) this.#stmt(stmt)
  }

  #stmt(stmt: Stmt): void {
    switch (stmt.kind) {
      case 'expr':
        return this.#expr(stmt.expr)
      case 'set':
        this.#expr(stmt.value)
        return this.#set(stmt.local)
      case 'if': {
        this.#expr(stmt.test)
        return this.#either(
          () => this.stmts(stmt.then),
          () => this.stmts(stmt.else),
        )
      }
      case 'block':
        this.stmts(stmt.body)
        return this.#land(this.#breaks, stmt.label)
      case 'loop':
        return this.#loop(stmt)
      case 'switch':
        return this.#switch(stmt)
      case 'break':
        return this.#jump(this.#breaks, stmt.label)
      case 'continue':
        return this.#jump(this.#continues, stmt.label)
      case 'return':
      case 'throw':
        this.#expr(stmt.value)
        this.state = undefined
        return
      case 'try':
        return this.#try(stmt)
      default:
        return assertNever(stmt)
    }
  }

  #set(local: number): void {
    const bit = this.#bits.get(local)
    if (bit !== undefined && this.state) this.state[bit >> 5]! |= 1 << (bit & 31)
  }

  #jump(jumps: Map<number, State>, label: number): void {
    jumps.set(label, meet(jumps.get(label), this.state))
    this.state = undefined
  }

  /** Control arrives here also from the jumps to a label, of which there will be no more. */
  #land(jumps: Map<number, State>, label: number): void {
    this.state = meet(this.state, jumps.get(label))
    jumps.delete(label)
  }

  #either(one: () => void, other: () => void): void {
    const before = this.state?.slice()
    one()
    const after = this.state
    this.state = before
    other()
    this.state = meet(after, this.state)
  }

  #loop(stmt: Extract<Stmt, { kind: 'loop' }>): void {
    const isEndless = !stmt.test || (stmt.test.kind === 'const' && stmt.test.value === true)
    let exit: State
    const test = (): void => {
      if (stmt.test) this.#expr(stmt.test)
      if (!isEndless) exit = this.state?.slice()
    }
    if (!stmt.post) test()
    this.stmts(stmt.body)
    this.#land(this.#continues, stmt.label)
    this.stmts(stmt.update)
    if (stmt.post) test()
    this.state = exit
    this.#land(this.#breaks, stmt.label)
  }

  /** All tests up to the one that holds are evaluated before its case is entered, for the default all of them. */
  #switch(stmt: Extract<Stmt, { kind: 'switch' }>): void {
    this.#expr(stmt.subject)
    const entries = stmt.cases.map((c) => {
      if (c.test) this.#expr(c.test)
      return c.test ? this.state?.slice() : undefined
    })
    const last = this.state?.slice()
    this.state = undefined
    for (const [i, { test, body }] of stmt.cases.entries()) {
      this.state = meet(this.state, test ? entries[i] : last?.slice())
      this.stmts(body)
    }
    if (stmt.cases.every((c) => c.test)) this.state = meet(this.state, last)
    this.#land(this.#breaks, stmt.label)
  }

  #try(stmt: Extract<Stmt, { kind: 'try' }>): void {
    const before = this.state?.slice()
    this.stmts(stmt.body)
    let after = this.state
    if (stmt.catch) {
      this.state = before?.slice()
      this.#set(stmt.catch.local)
      this.stmts(stmt.catch.body)
      after = meet(after, this.state)
    }
    if (stmt.finally) {
      this.state = before
      this.stmts(stmt.finally)
      const { state } = this
      after = after && state && after.map((word, i) => word | state[i]!)
    }
    this.state = after
  }

  #expr(expr: Expr): void {
    if (!this.state) return
    switch (expr.kind) {
      case 'const':
        return
      case 'local':
        return this.#read(expr.local, expr.span)
      case 'op':
      case 'call':
        return expr.args.forEach((arg) => this.#expr(arg))
      case 'invoke':
        this.#expr(expr.callee)
        return expr.args.forEach((arg) => this.#expr(arg))
      case 'cond':
        this.#expr(expr.test)
        return this.#either(
          () => this.#expr(expr.then),
          () => this.#expr(expr.else),
        )
      case 'seq':
        this.stmts(expr.body)
        return this.#expr(expr.value)
      default:
        return assertNever(expr)
    }
  }

  #read(local: number, span: Span): void {
    const bit = this.#bits.get(local)
    if (bit === undefined || !this.state || (this.state[bit >> 5]! >> (bit & 31)) & 1) return
    this.#report(fault('unset', `local ${localsOf(this.#func)[local]!.name} may be read before it is set`), span)
    // Once is enough.
    this.#bits.delete(local)
  }
}

/** Where two ways join: what is set on both. Changes and returns the first when both exist. */
function meet(a: State, b: State): State {
  if (!a || !b) return a ?? b
  for (const [i, word] of b.entries()) a[i]! &= word
  return a
}
