import { ANY, BOOL, F64, STRING, UNDEFINED, type Expr, type Local, type Stmt, type Type } from '../../src/ir/index.ts'
import type { ExprGenerator } from './generate-expr.ts'
import { LoopGenerator } from './generate-loop.ts'
import { hasDefault } from './generate-type.ts'
import type { Random } from './random.ts'

/** How large a random module is; `applied`: how many operations its probe applies, if it has one. */
export type Size = {
  readonly funcs: number
  readonly stmts: number
  readonly depth: number
  readonly applied: number
}

/** What the statements of a function are made for. `given`: how many of the locals are parameters and captures. */
export type Frame = { readonly given: number; readonly result: Type; readonly size: Size }

/** Locals whose values a function traces before it returns. */
const KEPT_MAX = 5

/** Writes statements; `locals` grows by the counters of loops and the like. */
export class BodyGenerator {
  readonly random: Random
  readonly exprs: ExprGenerator
  readonly locals: Local[]
  readonly #frame: Frame
  readonly #loops: LoopGenerator
  readonly #targets: { label: number; isLoop: boolean }[] = []
  #labelCount = 0
  #tryDepth = 0
  #budget = 40

  constructor(random: Random, exprs: ExprGenerator, locals: Local[], frame: Frame) {
    this.random = random
    this.exprs = exprs
    this.locals = locals
    this.#frame = frame
    this.#loops = new LoopGenerator(this)
    exprs.body = this
  }

  /** All of a body: locals set, statements, a trace of some locals, a result. */
  whole(): Stmt[] {
    const { size } = this.#frame
    const begun = [...this.#setAll(), ...(this.random.oneIn(3) ? this.#loops.arithmetic() : [])]
    return [...begun, ...this.stmts(size.stmts), ...this.#keepLocals(), this.#last()]
  }

  #setAll(): Stmt[] {
    return this.locals.slice(this.#frame.given).flatMap(({ type }, i) => {
      if (hasDefault(type) && this.random.oneIn(2)) return []
      return [this.set(this.#frame.given + i, this.exprs.leaf(type))]
    })
  }

  /** Locals that were there from the start are set on every path. */
  #keepLocals(): Stmt[] {
    const { int } = this.random
    const first = int(Math.max(1, this.locals.length - KEPT_MAX))
    const chosen = this.locals.slice(first, first + KEPT_MAX).map((_, i) => first + i)
    return chosen.flatMap((i) => (this.random.oneIn(3) ? [] : [this.exprs.keep(this.exprs.read(i))]))
  }

  /** Calls every function, each in a try of its own. */
  callAll(): Stmt[] {
    const { exprs } = this
    const { funcs } = exprs.module
    return funcs.flatMap((func, i): Stmt[] => {
      if (['main', 'init', 'probe'].includes(func.name)) return []
      if (func.captures.length > 0) return this.#callClosed(i)
      const args = func.params.map((p) => exprs.expr(p.type, 1))
      return [this.guard({ kind: 'call', func: i, args, type: func.result, span: exprs.span() })]
    })
  }

  /** Calls a closure that is made over new variables, and traces what these hold afterwards. */
  #callClosed(index: number): Stmt[] {
    const { exprs } = this
    const { captures, params } = exprs.module.funcs[index]!
    if (params.some(({ type }) => type.kind === 'cell')) return []
    const over = captures.map(({ name, type }) => ({ local: this.declare(name, type), value: exprs.leaf(type) }))
    const sets = over.map(({ local, value }) => this.set(local, value))
    const closure = exprs.closure(
      index,
      over.map(({ local }) => exprs.read(local)),
    )
    return [...sets, this.guard(exprs.invoke(closure, 1)), ...over.map(({ local }) => exprs.keep(exprs.read(local)))]
  }

  /** Traces the value, or what is thrown instead. */
  guard(expr: Expr): Stmt {
    const { exprs } = this
    const local = this.declare('caught', ANY)
    const caught = { local, body: [exprs.keep(exprs.read(local))] }
    return { kind: 'try', body: [exprs.keep(expr)], catch: caught, span: exprs.span() }
  }

  stmts(count: number, depth = this.#frame.size.depth): Stmt[] {
    return Array.from({ length: 1 + this.random.int(count) }, () => this.#stmt(depth))
  }

  #last(): Stmt {
    return this.exprs.result(this.exprs.expr(this.#frame.result, this.#frame.size.depth))
  }

  set(local: number, value: Expr): Stmt {
    return { kind: 'set', local, value, span: this.exprs.span() }
  }

  /** A new local; its type has a default value. */
  declare(name: string, type: Type): number {
    return this.locals.push({ name, type }) - 1
  }

  #stmt(depth: number): Stmt {
    const { int, oneIn } = this.random
    if (depth <= 0 || --this.#budget < 0 || oneIn(2)) return this.#flat(depth)
    const span = this.exprs.span()
    const inner = (): Stmt[] => this.stmts(2, depth - 1)
    switch (int(6)) {
      case 0: {
        const test = this.exprs.expr(BOOL, depth)
        return { kind: 'if', test, then: inner(), else: oneIn(2) ? inner() : [], span }
      }
      case 1:
        return this.within(false, (label) => ({ kind: 'block', label, body: inner(), span }))
      case 2:
      case 3:
        return oneIn(3) ? this.#endless(depth) : this.#loops.counted(depth, () => this.stmts(2, depth - 1))
      case 4:
        return this.#switch(depth)
      default:
        return this.#try(depth)
    }
  }

  #flat(depth: number): Stmt {
    const { int, oneIn } = this.random
    const { exprs } = this
    const span = exprs.span()
    if (oneIn(this.#tryDepth > 0 ? 8 : 60)) return { kind: 'throw', value: exprs.expr(ANY, 1), span }
    if (oneIn(this.#tryDepth > 0 ? 12 : 60)) return this.#last()
    if (this.#targets.length > 0 && oneIn(5)) return this.leave()
    if (oneIn(3)) return this.#effect(depth)
    if (oneIn(5)) return this.#declareOne(depth)
    if (oneIn(5)) return exprs.keep(exprs.expr(this.#someType(), depth))
    const shared = oneIn(3) ? this.#setCell(depth) : undefined
    if (shared) return shared
    const local = exprs.settable(int(100))
    const copied = local === undefined || !oneIn(4) ? undefined : exprs.local(this.locals[local]!.type)
    if (local !== undefined && copied) return this.set(local, copied)
    if (local !== undefined && oneIn(2)) return this.set(local, exprs.expr(this.locals[local]!.type, depth))
    return this.#effect(depth)
  }

  /** Sets what is in a cell, for everybody who has it. */
  #setCell(depth: number): Stmt | undefined {
    const { exprs } = this
    const cells = this.locals.flatMap(({ type }, local) => (type.kind === 'cell' ? [{ local, of: type.of }] : []))
    if (cells.length === 0) return undefined
    const { local, of } = this.random.pick(cells)
    return exprs.stmtOf(exprs.op('cell.set', [], [exprs.read(local), exprs.expr(of, depth)], UNDEFINED))
  }

  /** Any operation, each as often as any other; mostly its result goes to the trace. */
  #effect(depth: number): Stmt {
    const effect = this.exprs.effect(depth)
    return effect.type.kind === 'undefined' || this.random.oneIn(3)
      ? this.exprs.stmtOf(effect)
      : this.exprs.keep(effect)
  }

  #someType(): Type {
    const shown = this.locals.map((local) => local.type).filter((type) => type.kind !== 'cell')
    return shown.length > 0 ? this.random.pick(shown) : F64
  }

  /** A jump to something around, when there is anything: else to nowhere. */
  leave(): Stmt {
    const { pick, oneIn } = this.random
    const { label, isLoop } = pick(this.#targets)
    return { kind: isLoop && oneIn(2) ? 'continue' : 'break', label, span: this.exprs.span() }
  }

  /** Sets a new local, this once; often it is a copy of another. */
  #declareOne(depth: number): Stmt {
    const { pick, oneIn } = this.random
    const plain = this.locals.map((local) => local.type).filter(hasDefault)
    const type = plain.length > 0 ? pick(plain) : F64
    const value = (oneIn(2) ? this.exprs.local(type) : undefined) ?? this.exprs.expr(type, depth)
    const local = this.declare('once', type)
    this.exprs.freeze(local)
    return this.set(local, value)
  }

  /** A statement with a new label, which what is inside may jump to. */
  within(isLoop: boolean, make: (label: number) => Stmt): Stmt {
    const label = this.label()
    this.#targets.push({ label, isLoop })
    const stmt = make(label)
    this.#targets.pop()
    return stmt
  }

  label(): number {
    return this.#labelCount++
  }

  /** A loop without a test, left from within; its counter is a cell's or a local's. */
  #endless(depth: number): Stmt {
    const { exprs } = this
    const span = exprs.span()
    const counter = this.declare('left', F64)
    exprs.freeze(counter)
    const start = this.set(counter, exprs.number(this.random.int(4)))
    const less = this.set(counter, exprs.op('f64.sub', [], [exprs.read(counter), exprs.number(1)], F64))
    const outer = this.label()
    const loop = this.within(true, (label): Stmt => {
      const test = exprs.op('f64.lt', [], [exprs.read(counter), exprs.number(0)], BOOL)
      const leave: Stmt = { kind: 'if', test, then: [{ kind: 'break', label, span }], else: [], span }
      const body = [less, leave, ...this.stmts(2, depth - 1)]
      return { kind: 'loop', label, post: this.random.oneIn(2), body, update: [], span }
    })
    return { kind: 'block', label: outer, body: [start, loop], span }
  }

  #switch(depth: number): Stmt {
    const { int, pick, oneIn } = this.random
    const span = this.exprs.span()
    const type = pick([F64, F64, STRING, BOOL, ANY])
    const subject = this.exprs.expr(type, depth)
    const count = int(5)
    const defaultAt = int(6)
    // Small integers in a row are what engines make tables of.
    const isTable = type.kind === 'f64' && oneIn(2)
    const from = int(3) - 1
    const test = (i: number): Expr => (isTable ? this.exprs.number(from + i) : this.exprs.expr(type, 1))
    return this.within(false, (label) => {
      const cases = Array.from({ length: count }, (_, i) => ({
        ...(i !== defaultAt && { test: test(i) }),
        body: [...this.stmts(2, depth - 1), ...(oneIn(2) ? [{ kind: 'break', label, span } as const] : [])],
      }))
      return { kind: 'switch', label, subject, cases, span }
    })
  }

  #try(depth: number): Stmt {
    const { oneIn } = this.random
    const { exprs } = this
    const span = exprs.span()
    this.#tryDepth++
    const body = this.stmts(3, depth - 1)
    this.#tryDepth--
    if (oneIn(4)) return { kind: 'try', body, finally: this.stmts(2, depth - 1), span }
    const local = this.declare('error', ANY)
    const again: Stmt[] = oneIn(5) ? [{ kind: 'throw', value: exprs.read(local), span }] : []
    const caught = { local, body: [exprs.keep(exprs.read(local)), ...this.stmts(1, depth - 1), ...again] }
    return { kind: 'try', body, catch: caught, ...(oneIn(2) && { finally: this.stmts(1, depth - 1) }), span }
  }
}
