import type { TrapName } from '../../base/index.ts'
import type { Span } from '../../base/index.ts'
import { localsOf, type Expr, type Func, type Stmt, type Type } from '../../ir/index.ts'
import { Code, I64, type Label, type ValType } from '../encoder/index.ts'
import { pushZero } from './boxes.ts'
import type { ServiceName } from './imports.ts'
import { anchor, type ModuleLowering } from './module.ts'
import { placeOwnLists, type OwnList } from './own-lists.ts'
import type { Mark } from './positions.ts'

export type OpExpr = Extract<Expr, { kind: 'op' }>

/** What `break`, `continue` and `return` leave on their way, innermost last. */
export type Exit =
  | { readonly kind: 'label'; readonly label: number; readonly out: Label; readonly next?: Label }
  | FinallyExit
  /** A loop that has fuel in a local. */
  | { readonly kind: 'fuel' }

/** A region with a `finally`: who leaves it notes where to, and goes to `start`. */
export type FinallyExit = {
  readonly kind: 'finally'
  readonly start: Label
  readonly state: number
  readonly result: number
  readonly after: Way[]
}

export type Way = { readonly kind: 'return' } | { readonly kind: 'break' | 'continue'; readonly label: number }

/** The parts of lowering that call each other; one object ties them, so that files need not import in circles. */
export type Parts = {
  statements(f: FuncLowering, list: readonly Stmt[]): void
  expression(f: FuncLowering, e: Expr): void
}

/** A function of the program while it is lowered. */
export class FuncLowering {
  readonly m: ModuleLowering
  readonly c: Code
  readonly index: number
  readonly func: Func
  readonly parts: Parts
  readonly exits: Exit[] = []
  readonly marks: Mark[] = []
  /** By local of the IR: the local of WebAssembly, -1 when its type has no value. */
  readonly locals: readonly number[]
  readonly localTypes: readonly Type[]
  /** The local that holds the depth of this call, if the function takes it. */
  readonly depth: number | undefined
  /** The local that holds what is left of fuel, in a loop where nothing else takes any. */
  fuelLocal: number | undefined
  /** By local of the IR, the local with its text where the host has found the units of it already. */
  readonly flatTexts = new Map<number, number>()
  /** By local of the IR, where the list that only it holds is. */
  readonly ownLists: ReadonlyMap<number, OwnList>
  readonly #isHandled: boolean
  #span: Span
  #around: Span

  constructor(m: ModuleLowering, index: number, parts: Parts) {
    this.m = m
    this.index = index
    this.func = m.module.funcs[index]!
    this.parts = parts
    this.#span = this.func.span
    this.#around = this.func.span
    this.#isHandled = m.handled.has(index)
    const params = m.paramTypes(index)
    this.c = new Code(params.length)
    this.depth = m.takesDepth.has(index) ? 0 : undefined
    const types = localsOf(this.func).map((local) => local.type)
    this.localTypes = types
    this.locals = this.#placeLocals(types)
    this.ownLists = placeOwnLists(this)
  }

  #placeLocals(types: readonly Type[]): number[] {
    const bound = this.func.params.length + this.func.captures.length
    let next = this.depth === undefined ? 0 : 1
    return types.map((type, i) => {
      const valType = this.m.types.valType(type)
      if (!valType) return -1
      if (i < bound) return next++
      const local = this.c.local(valType)
      if (pushZero(this.m, this.c, type)) this.c.set(local)
      return local
    })
  }

  /** What is lowered next stands for this place in the source; what has none stands for what is around it. */
  at(span: Span): void {
    this.#span = span.file >= 0 ? span : this.#around
  }

  /** Lowers what is inside a statement or expression. */
  inside(span: Span, body: () => void): void {
    const around = this.#around
    if (span.file >= 0) this.#around = span
    body()
    this.#around = around
  }

  /** Notes that the next instruction stands for the current place in the source and may fail or call. */
  mark(trap?: TrapName): void {
    if (trap) this.syncFuel()
    this.marks.push({ offset: this.c.offset, span: this.#span, trap })
  }

  /** A call, as a stack trace may show it. */
  call(func: number): void {
    this.markCall()
    this.c.call(func)
  }

  /** Notes that the next instruction is a call. */
  markCall(): void {
    this.syncFuel()
    if (this.#isHandled) anchor(this.m, this.c, () => this.mark())
    this.mark()
  }

  /** A trap where control comes. */
  trap(name: TrapName): void {
    this.mark(name)
    this.c.op('unreachable')
  }

  /** Puts fuel where everybody else looks for it. */
  syncFuel(): void {
    if (this.fuelLocal !== undefined) this.c.get(this.fuelLocal).globalSet(this.m.global.fuel)
  }

  service(name: ServiceName): void {
    this.call(this.m.imports.service(name))
  }

  /** A call of a service that does not return. */
  fail(name: ServiceName): void {
    this.service(name)
    this.c.op('unreachable')
  }

  statements(list: readonly Stmt[]): void {
    this.parts.statements(this, list)
  }

  /** Pushes the value of an expression; nothing when its type is a unit. */
  value(e: Expr): void {
    this.inside(e.span, () => this.parts.expression(this, e))
  }

  /** Evaluates for the effects only. */
  discard(e: Expr): void {
    this.value(e)
    if (this.m.types.valType(e.type)) this.c.op('drop')
  }

  /** Runs `body` with a local of its own. */
  withLocal(type: ValType, body: (local: number) => void): void {
    const local = this.c.borrow(type)
    body(local)
    this.c.release(type, local)
  }

  /** Charges fuel that is known now. spec: fuel#fuel */
  burn(amount: number): void {
    if (!this.m.options.charges || amount === 0) return
    const { c } = this
    const { fuel } = this.m.global
    const take = (left: number): void => {
      if (this.fuelLocal === undefined) c.globalGet(fuel).i64(BigInt(amount)).op('i64.sub').tee(left).globalSet(fuel)
      else c.get(left).i64(BigInt(amount)).op('i64.sub').set(left)
      c.get(left).i64(0n).op('i64.lt_s').rarely().if()
      this.fail('failFuel')
      c.end()
    }
    if (this.fuelLocal === undefined) this.withLocal(I64, take)
    else take(this.fuelLocal)
  }

  /** Charges bytes that are known now. spec: fuel#allocation */
  allocate(bytes: number): void {
    if (!this.m.options.charges || bytes === 0) return
    const { c } = this
    const { allocation } = this.m.global
    c.globalGet(allocation).i32(bytes).op('i32.lt_s').rarely().if()
    c.f64(bytes)
    this.service('allocateMore')
    c.else().globalGet(allocation).i32(bytes).op('i32.sub').globalSet(allocation).end()
  }
}
