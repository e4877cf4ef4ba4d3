// The meaning of the IR in the plainest form: a walk over the tree on host values, with no thought of speed. Written from
// spec/, it shares no code with the engines, so that a difference between them and it is a defect of one or a
// gap in the specification.
import { STILL_WORLD, WorldReader, type Left } from '../../src/effects/index.ts'
import { scriptedPort } from '../golden/scripted-port.ts'
import type { LimitName, Limits, TrapName } from '../../src/base/index.ts'
import {
  admits,
  elementTypeOf,
  localsOf,
  opRow,
  UNDEFINED,
  type ConsoleMethod,
  type Cost,
  type Expr,
  type Func,
  type Module,
  type OpName,
  type Stmt,
} from '../../src/ir/index.ts'
import type { RefTable } from './reference-table.ts'
import { evaluateHeap } from './reference-heap.ts'
import type { Search } from './reference-regex.ts'
import { type Closure, Jump, Limit, lengthOf, makeError, Thrown, Trap, UNSET } from './reference-values.ts'

/** A call of a method of console. */
export type ConsoleCall = { readonly method: ConsoleMethod; readonly values: readonly unknown[] }

/** How a run ended, and what it used. Values are host values and those of reference-values.ts. */
export type ReferenceRun = {
  readonly end:
    | { readonly kind: 'returned' | 'threw'; readonly value: unknown }
    | { readonly kind: 'trapped'; readonly trap: TrapName }
    | { readonly kind: 'limited'; readonly limit: LimitName }
  readonly fuel: number
  readonly allocatedBytes: number
  readonly depthMax: number
  readonly logs: readonly ConsoleCall[]
}

type OpExpr = Extract<Expr, { kind: 'op' }>

/** Ways into the evaluator for tests of tests. */
export type Quirks = {
  /** Is told of every operation that is about to be applied. */
  readonly see?: (expr: OpExpr) => void
  /** The amount that is charged instead of `amount`, for going round a loop, for a call, or for an operation. */
  readonly charge?: (event: 'loop' | 'call' | OpName, resource: 'fuel' | 'bytes', amount: number) => number
}

/** Runs the initialiser and then a function. `cyclic` are the functions on call cycles. */
export function runReference(
  module: Module,
  cyclic: ReadonlySet<number>,
  func: number,
  args: readonly unknown[],
  limits: Limits,
  quirks: Quirks = {},
): ReferenceRun {
  const evaluator = new Evaluator(module, cyclic, limits, quirks)
  const end = endOf(() => {
    evaluator.call(module.init, [], [])
    return evaluator.call(func, args, [])
  })
  const { fuel, allocatedBytes, depthMax, logs } = evaluator
  return { end, fuel, allocatedBytes, depthMax, logs }
}

function endOf(make: () => unknown): ReferenceRun['end'] {
  try {
    return { kind: 'returned', value: make() }
  } catch (error) {
    if (error instanceof Thrown) return { kind: 'threw', value: error.value }
    if (error instanceof Trap) return { kind: 'trapped', trap: error.trap }
    if (error instanceof Limit) return { kind: 'limited', limit: error.limit }
    throw error
  }
}

type Locals = unknown[]

export class Evaluator {
  readonly module: Module
  readonly globals: unknown[]
  readonly world = new WorldReader(STILL_WORLD, scriptedPort())
  readonly logs: ConsoleCall[] = []
  fuel = 0
  allocatedBytes = 0
  depthMax = 0
  search: Search = { match: null, names: [] }
  #depth = 0
  readonly #cyclic: ReadonlySet<number>
  #limits: Limits
  readonly #quirks: Quirks

  constructor(module: Module, cyclic: ReadonlySet<number>, limits: Limits, quirks: Quirks) {
    this.module = module
    this.globals = module.globals.map(() => UNSET)
    this.#cyclic = cyclic
    this.#limits = limits
    this.#quirks = quirks
  }

  call(index: number, args: readonly unknown[], captures: readonly unknown[]): unknown {
    const func = this.module.funcs[index]!
    const counts = this.#cyclic.has(index)
    if (counts) {
      if (this.fuel < this.#limits.fuel && this.#depth === this.#limits.depth) throw new Limit('depth')
      this.#spendFuel(this.#charge('call', 'fuel', 1))
      this.depthMax = Math.max(this.depthMax, ++this.#depth)
    }
    try {
      this.#stmts(func.body, [...args, ...captures, ...defaults(func)])
      throw new Error('a function came to its end')
    } catch (error) {
      if (error instanceof Jump && error.kind === 'return') return error.value
      throw error
    } finally {
      if (counts) this.#depth--
    }
  }

  #charge(event: 'loop' | 'call' | OpName, resource: 'fuel' | 'bytes', amount: number): number {
    return this.#quirks.charge ? this.#quirks.charge(event, resource, amount) : amount
  }

  #spendFuel(amount: number): void {
    const isEnough = this.fuel + amount <= this.#limits.fuel
    this.fuel = isEnough ? this.fuel + amount : this.#limits.fuel
    if (!isEnough) throw new Limit('fuel')
  }

  #spendBytes(amount: number): void {
    const isEnough = this.allocatedBytes + amount <= this.#limits.allocation
    this.allocatedBytes = isEnough ? this.allocatedBytes + amount : this.#limits.allocation
    if (!isEnough) throw new Limit('allocation')
  }

  fuelLeft(): number {
    return this.#limits.fuel - this.fuel
  }

  left(): Left {
    return { fuel: this.fuelLeft(), allocation: this.#limits.allocation - this.allocatedBytes }
  }

  take(fuel: number, bytes: number): void {
    const { fuel: fuelMax, allocation } = this.#limits
    this.#limits = { ...this.#limits, fuel: fuelMax - fuel, allocation: allocation - bytes }
  }

  spend(fuel: number, bytes: number): void {
    this.#spendFuel(this.#charge('regex.find', 'fuel', fuel))
    this.#spendBytes(bytes)
  }

  #stmts(stmts: readonly Stmt[], locals: Locals): void {
    for (const stmt of stmts) this.#stmt(stmt, locals)
  }

  #stmt(stmt: Stmt, locals: Locals): void {
    switch (stmt.kind) {
      case 'expr':
        this.#expr(stmt.expr, locals)
        return
      case 'set':
        locals[stmt.local] = this.#expr(stmt.value, locals)
        return
      case 'if':
        return this.#stmts(this.#expr(stmt.test, locals) ? stmt.then : stmt.else, locals)
      case 'block':
        return landing('break', stmt.label, () => this.#stmts(stmt.body, locals))
      case 'loop':
        return landing('break', stmt.label, () => this.#loop(stmt, locals))
      case 'switch':
        return landing('break', stmt.label, () => this.#switch(stmt, locals))
      case 'break':
      case 'continue':
        throw new Jump(stmt.kind, stmt.label, undefined)
      case 'return':
        throw new Jump('return', -1, this.#expr(stmt.value, locals))
      case 'throw':
        throw new Thrown(this.#expr(stmt.value, locals))
      case 'try':
        return this.#try(stmt, locals)
    }
  }

  #loop(stmt: Extract<Stmt, { kind: 'loop' }>, locals: Locals): void {
    for (let round = 0; ; round++) {
      const isTested = stmt.test && (!stmt.post || round > 0)
      if (isTested && !this.#expr(stmt.test!, locals)) return
      landing('continue', stmt.label, () => this.#stmts(stmt.body, locals))
      this.#spendFuel(this.#charge('loop', 'fuel', 1))
      this.#stmts(stmt.update, locals)
    }
  }

  #switch(stmt: Extract<Stmt, { kind: 'switch' }>, locals: Locals): void {
    const subject = this.#expr(stmt.subject, locals)
    let from = stmt.cases.findIndex((c) => c.test && this.#expr(c.test, locals) === subject)
    if (from < 0) from = stmt.cases.findIndex((c) => !c.test)
    if (from >= 0) for (const { body } of stmt.cases.slice(from)) this.#stmts(body, locals)
  }

  #try(stmt: Extract<Stmt, { kind: 'try' }>, locals: Locals): void {
    let left: Jump | Thrown | undefined
    const guard = (run: () => void): void => {
      try {
        run()
      } catch (error) {
        if (!(error instanceof Jump || error instanceof Thrown)) throw error
        left = error
      }
    }
    guard(() => this.#stmts(stmt.body, locals))
    if (left instanceof Thrown && stmt.catch) {
      locals[stmt.catch.local] = (left as Thrown).value
      left = undefined
      guard(() => this.#stmts(stmt.catch!.body, locals))
    }
    this.#stmts(stmt.finally ?? [], locals)
    if (left) throw left
  }

  #expr(expr: Expr, locals: Locals): unknown {
    switch (expr.kind) {
      case 'const':
        return expr.value
      case 'local':
        return locals[expr.local]
      case 'cond':
        return this.#expr(this.#expr(expr.test, locals) ? expr.then : expr.else, locals)
      case 'seq':
        this.#stmts(expr.body, locals)
        return this.#expr(expr.value, locals)
      case 'call':
        return this.call(expr.func, this.#all(expr.args, locals), [])
      case 'invoke': {
        const callee = this.#expr(expr.callee, locals) as Closure
        return this.call(callee.func, this.#all(expr.args, locals), callee.captures)
      }
      case 'op':
        return this.#op(expr, this.#all(expr.args, locals))
    }
  }

  #all(exprs: readonly Expr[], locals: Locals): unknown[] {
    return exprs.map((expr) => this.#expr(expr, locals))
  }

  /** spec: fuel#charges */
  #op(expr: OpExpr, args: readonly unknown[]): unknown {
    this.#quirks.see?.(expr)
    const row = opRow(expr.op)
    const scale = expr.op === 'typed.new' ? elementTypeOf(this.module.objects[expr.imm[0] as number]!).size : 1
    const amount = (resource: 'fuel' | 'bytes', cost: Cost, result?: unknown): number => {
      const due = Math.ceil((cost.base ?? 0) + (cost.per ?? 0) * sizeOf(cost.of, expr.op, args, result) * scale)
      return this.#charge(expr.op, resource, due)
    }
    if (row.fuel && row.fuel.of !== 'result') this.#spendFuel(amount('fuel', row.fuel))
    if (row.bytes && row.bytes.of !== 'result') this.#spendBytes(amount('bytes', row.bytes))
    const result = this.#apply(expr, args)
    if (row.fuel?.of === 'result') this.#spendFuel(amount('fuel', row.fuel, result))
    if (row.bytes?.of === 'result') this.#spendBytes(amount('bytes', row.bytes, result))
    return result
  }

  #apply(expr: OpExpr, args: readonly unknown[]): unknown {
    const row = opRow(expr.op)
    if (!row.eval) return evaluateHeap(this, expr, args)
    try {
      return row.eval(...(args as never[]))
    } catch (error) {
      if (error instanceof Error && row.throws?.some((name) => name === error.name))
        throw new Thrown(makeError(error.name, error.message))
      throw error
    }
  }
}

/** spec: module#locals */
function defaults(func: Func): unknown[] {
  const given = func.params.length + func.captures.length
  return localsOf(func)
    .slice(given)
    .map(({ type }) => {
      if (admits(type, UNDEFINED)) return undefined
      const zeros: Readonly<Record<string, unknown>> = { f64: 0, i32: 0, bool: false, string: '' }
      return Object.hasOwn(zeros, type.kind) ? zeros[type.kind] : UNSET
    })
}

/** Runs something that jumps of this kind to this label end. */
function landing(kind: Jump['kind'], label: number, run: () => void): void {
  try {
    run()
  } catch (error) {
    if (!(error instanceof Jump && error.kind === kind && error.label === label)) throw error
  }
}

function sizeOf(of: string | undefined, op: string, args: readonly unknown[], result: unknown): number {
  const isLength = (x: unknown): x is number => typeof x === 'number' && x >>> 0 === x
  switch (of) {
    case undefined:
      return 0
    case 'result':
      return lengthOf(result)
    case 'arg0':
    case 'arg1':
    case 'arg2':
      return lengthOf(args[Number(of.slice(3))])
    case 'both':
      return args.reduce<number>((sum, arg) => sum + lengthOf(arg), 0)
    case 'product':
      return lengthOf(args[0]) * lengthOf(args[1])
    case 'less':
      return Math.min(lengthOf(args[0]), lengthOf(args[1]))
    case 'count':
      return args.length
    case 'number0':
    case 'storage':
      return isLength(args[0]) ? args[0] : 0
    case 'growth': {
      const [list, number] = args
      if (!isLength(number)) return 0
      return Math.max(0, number + (op === 'array.set' ? 1 : 0) - lengthOf(list))
    }
    case 'entry':
      return (args[0] as RefTable).find(args[1]) ? 0 : 1
    default:
      throw new Error(`unknown size ${of}`)
  }
}
