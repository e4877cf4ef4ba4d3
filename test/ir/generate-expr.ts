import type { Span } from '../../src/base/index.ts'
import {
  ANY,
  arrayOf,
  BOOL,
  cellOf,
  F64,
  isBoxed,
  membersOf,
  NULL,
  objectOf,
  OP_NAMES,
  opRow,
  optional,
  sameType,
  STRING,
  UNDEFINED,
  unionOf,
  type Constant,
  type Expr,
  type Immediate,
  type Local,
  type Module,
  type OpName,
  type Stmt,
  type Type,
} from '../../src/ir/index.ts'
import { signatureOf, type Pattern } from '../../src/ir/signature.ts'
import { TRACE, TURNS } from './generate.ts'
import { closureOf, ERRORS, RULED, type Chooser, type Ruled } from './generate-ruled.ts'
import { makeLeaf } from './generate-leaf.ts'
import { indexNumber, makePool, type Pool } from './generate-values.ts'
import type { Random } from './random.ts'

/** Names that the immediates of operations may be. */
const NAMES: { readonly [K in OpName]?: readonly string[] } = {
  log: ['log', 'info', 'debug', 'warn', 'error'],
  'log.list': ['log', 'warn'],
  'effect.start': ['http.fetch', 'kv.get', 'tool:crm.look-up'],
}
/** Expressions of one function before only leaves are made. */
const BUDGET = 150

/** Searches of lists, which differ in whether NaN is equal to itself. */
const SEARCHES: ReadonlySet<OpName> = new Set(['array.includes', 'array.index_of', 'array.last_index_of'])

/** Expressions of a wanted type, for one function. */
export class ExprGenerator implements Chooser {
  readonly random: Random
  readonly module: Module
  readonly span: () => Span
  readonly pool: Pool
  readonly #locals: readonly Local[]
  readonly #type: (depth: number) => Type
  readonly #frozen = new Set<number>()
  /** The number of this function: calls of it and of later ones may be calls back. */
  readonly #self: number
  #budget = BUDGET
  /** Writes the statements inside `seq`. */
  body: { readonly stmts: (count: number, depth?: number) => Stmt[] } | undefined

  constructor(
    random: Random,
    module: Module,
    locals: readonly Local[],
    span: () => Span,
    type: (depth: number) => Type,
    self: number,
  ) {
    this.random = random
    this.module = module
    this.#locals = locals
    this.span = span
    this.pool = makePool(random)
    this.#type = type
    this.#self = self
  }

  /** Keeps a local from being set by generated statements. */
  freeze(local: number): void {
    this.#frozen.add(local)
  }

  isSettable(local: number): boolean {
    return !this.#frozen.has(local)
  }

  settable(choice: number): number | undefined {
    const free = this.#locals.flatMap((_, i) => (this.#frozen.has(i) ? [] : [i]))
    return free[choice % Math.max(1, free.length)]
  }

  op(op: OpName, imm: readonly Immediate[], args: readonly Expr[], type: Type): Expr {
    return { kind: 'op', op, imm, args, type, span: this.span() }
  }

  number(value: number): Expr {
    return this.constant(value, F64)
  }

  constant(value: Constant, type: Type): Expr {
    return { kind: 'const', value, type, span: this.span() }
  }

  stmtOf(expr: Expr): Stmt {
    return { kind: 'expr', expr, span: this.span() }
  }

  result(value: Expr): Stmt {
    return { kind: 'return', value, span: this.span() }
  }

  trace(): Expr {
    return this.op('global.get', [TRACE], [], arrayOf(ANY))
  }

  /** A statement that puts a value where the entries show it. */
  keep(expr: Expr): Stmt {
    return this.stmtOf(this.op('array.push', [], [this.trace(), this.box(expr)], F64))
  }

  box(expr: Expr): Expr {
    const { type } = expr
    if (type.kind === 'any') return expr
    if (type.kind === 'i32') return this.box(this.op('f64.from_i32', [], [expr], F64))
    if (type.kind === 'cell') return this.box(this.op('cell.get', ['kept'], [expr], type.of))
    return this.op('dyn.box', [ANY], [expr], ANY)
  }

  /** An expression for its effect. */
  effect(depth: number): Expr {
    return this.byOp(this.random.pick(OP_NAMES), undefined, depth) ?? this.expr(this.#type(1), depth)
  }

  expr(type: Type, depth: number): Expr {
    const { oneIn } = this.random
    const simple = (): Expr => (oneIn(3) ? undefined : this.local(type)) ?? this.leaf(type)
    if (depth <= 0 || --this.#budget < 0 || oneIn(5)) return simple()
    if (oneIn(14)) return this.#cond(type, depth)
    if (oneIn(18)) return this.#seq(type, depth)
    if (oneIn(6)) return this.#call(type, depth) ?? this.expr(type, depth - 1)
    const candidates = producersOf(type)
    for (let i = 0; i < 4 && candidates.length > 0; i++) {
      const op = this.random.pick(candidates)
      // Most traps would end the run of the module at once.
      const made = opRow(op).traps && !oneIn(4) ? undefined : this.byOp(op, type, depth)
      if (made) return made
    }
    return simple()
  }

  /** A value of the type, made without reading anything. */
  leaf(type: Type): Expr {
    return makeLeaf(this, type)
  }

  /** A local of the type, read. */
  local(type: Type): Expr | undefined {
    const fitting = this.#locals.flatMap((local, i) => (sameType(local.type, type) ? [i] : []))
    return fitting.length === 0 ? undefined : this.read(this.random.pick(fitting))
  }

  read(local: number): Expr {
    return { kind: 'local', local, type: this.#locals[local]!.type, span: this.span() }
  }

  #cond(type: Type, depth: number): Expr {
    const [test, then, otherwise] = [this.expr(BOOL, depth - 1), this.expr(type, depth - 1), this.expr(type, depth - 1)]
    return { kind: 'cond', test, then, else: otherwise, type, span: this.span() }
  }

  /** Statements, or a trace of a value, before a value: what shows in which order operands are evaluated. */
  #seq(type: Type, depth: number): Expr {
    const { oneIn } = this.random
    const stmts = (): Stmt[] => this.body?.stmts(2, Math.min(1, depth - 1)) ?? []
    const value = this.expr(type, depth - 1)
    const isShown = type.kind !== 'cell' && oneIn(2)
    const body = isShown ? [this.keep(this.leaf(oneIn(2) ? F64 : STRING))] : stmts()
    return { kind: 'seq', body, value, type, span: this.span() }
  }

  /** A call of a function, or of a closure: one in a local, or one that is made for it. */
  #call(type: Type, depth: number): Expr | undefined {
    const { funcs } = this.module
    const { pick, oneIn } = this.random
    const callees = this.#locals.filter((l) => l.type.kind === 'func' && sameType(l.type.result, type))
    if (callees.length > 0 && oneIn(2)) return this.invoke(this.local(pick(callees).type)!, depth)
    const fitting = funcs.flatMap((f, i) => (sameType(f.result, type) ? [i] : []))
    if (fitting.length === 0) return undefined
    const func = pick(fitting)
    const { captures, params } = funcs[func]!
    const isClosed = !params.some((p) => p.type.kind === 'cell') && (captures.length > 0 || oneIn(3))
    if (isClosed) {
      // A cell is there to be shared.
      const shared = (type: Type): Expr | undefined => (type.kind === 'cell' ? this.local(type) : undefined)
      const over = captures.map((c) => shared(c.type) ?? this.expr(c.type, depth - 2))
      return this.bounded(func, this.invoke(this.closure(func, over), depth))
    }
    if (captures.length > 0) return undefined
    const args = params.map((p) => this.expr(p.type, depth - 2))
    return this.bounded(func, { kind: 'call', func, args, type, span: this.span() })
  }

  closure(func: number, over: readonly Expr[]): Expr {
    return this.op('closure.new', [func], over, closureOf(this.module.funcs[func]!))
  }

  /** A call of a closure, with random arguments. */
  invoke(callee: Expr, depth: number): Expr {
    if (callee.type.kind !== 'func') throw new Error('only closures are invoked')
    const { params, result } = callee.type
    const args = params.map((p) => this.expr(p, depth - 2))
    return { kind: 'invoke', callee, args, type: result, span: this.span() }
  }

  /** A call that may come back to this function is done while there are turns left, and rarely without end. */
  bounded(func: number, call: Expr): Expr {
    if (func < this.#self || this.random.oneIn(12)) return call
    const turns = (): Expr => this.op('global.get', [TURNS], [], F64)
    const less = this.op('f64.sub', [], [turns(), this.number(1)], F64)
    const body = [this.stmtOf(this.op('global.set', [TURNS], [less], UNDEFINED))]
    const then: Expr = { kind: 'seq', body, value: call, type: call.type, span: this.span() }
    const test = this.op('f64.gt', [], [turns(), this.number(0)], BOOL)
    return { kind: 'cond', test, then, else: this.leaf(call.type), type: call.type, span: this.span() }
  }

  /** The operation with random operands, when it can give the wanted type (or any type, when none is wanted). */
  byOp(op: OpName, wanted: Type | undefined, depth: number): Expr | undefined {
    const ruled = (RULED as Partial<Record<OpName, Ruled>>)[op]
    if (ruled) {
      const made = ruled(this, wanted)
      return made && (!wanted || sameType(made.type, wanted))
        ? this.op(op, made.imm, this.#all(op, made.args, depth), made.type)
        : undefined
    }
    const signature = signatureOf(op)
    const binding: { type?: Type } = {}
    if (wanted && !unify(signature.result, wanted, binding)) return undefined
    const args = [...signature.params, ...(signature.rest ? this.#rest(signature.rest) : [])].map((p) =>
      this.#typeOf(p, binding),
    )
    const type = wanted ?? this.#typeOf(signature.result, binding)
    const imm = (opRow(op).imm ?? []).map((kind): Immediate => {
      if (kind === 'type') return this.#typeOf({ kind: 'variable' }, binding)
      return this.random.pick(NAMES[op] ?? ERRORS)
    })
    return this.op(op, imm, this.#all(op, args, depth), type)
  }

  #rest(pattern: Pattern): Pattern[] {
    return Array.from({ length: this.random.int(4) }, () => pattern)
  }

  /** Operands; numbers beside a string or array are often indexes of it, and what is looked for is often what only some searches find. */
  #all(op: OpName, types: readonly Type[], depth: number): Expr[] {
    const isIndexed = types.length > 1 && /^(string|array)\./.test(op)
    const isNext = (type: Type, i: number): boolean => isIndexed && i > 0 && type.kind === 'f64' && this.random.oneIn(2)
    const isSought = (type: Type, i: number): boolean =>
      i === 1 && SEARCHES.has(op) && type.kind === 'f64' && this.random.oneIn(3)
    const operands = types.map((type, i) => {
      if (isSought(type, i)) return this.number(NaN)
      return isNext(type, i) ? this.number(indexNumber(this.random)) : this.expr(type, depth - 1)
    })
    if (operands.length === 2 && this.random.oneIn(/eq|ne|same/.test(op) ? 3 : 10)) return this.#repeat(operands)
    return operands.length > 1 && this.random.oneIn(8) ? this.#disturb(operands) : operands
  }

  /** At times both operands are the same local, which still need not be equal to itself. */
  #repeat([first, second]: Expr[]): Expr[] {
    const isRepeated = first!.kind === 'local' && sameType(first!.type, second!.type)
    return [first!, isRepeated ? { ...first!, span: this.span() } : second!]
  }

  /** At times a later operand sets a local that an earlier one reads, which must not see it. */
  #disturb(operands: Expr[]): Expr[] {
    const [first, ...rest] = operands as [Expr, ...Expr[]]
    const last = rest.pop()!
    if (first.kind !== 'local' || !this.isSettable(first.local) || last.type.kind === 'cell') return operands
    const value = this.leaf(first.type)
    const body: Stmt[] = [{ kind: 'set', local: first.local, value, span: this.span() }]
    return [first, ...rest, { kind: 'seq', body, value: last, type: last.type, span: this.span() }]
  }

  #typeOf(pattern: Pattern, binding: { type?: Type }): Type {
    switch (pattern.kind) {
      case 'plain':
        return pattern.type
      case 'variable':
        return (binding.type ??= this.#optionable())
      case 'array':
        return arrayOf(this.#typeOf(pattern.of, binding))
      case 'optional':
        return optional(this.#typeOf(pattern.of, binding))
      case 'boxed':
        return this.boxed()
      case 'reference':
        return arrayOf(F64)
      case 'rule':
        throw new Error('an operation with a rule has no generator')
    }
  }

  /** A type of which there is an optional one: that of the elements of a local array, or a random one. */
  #optionable(): Type {
    const lists = this.#locals.flatMap(({ type }) =>
      type.kind === 'array' && type.elem.kind !== 'i32' ? [type.elem] : [],
    )
    if (lists.length > 0 && this.random.oneIn(2)) return this.random.pick(lists)
    const type = this.value(1)
    return type.kind === 'i32' ? F64 : type
  }

  /** A random type that is no cell. */
  value(depth: number): Type {
    return this.#type(depth)
  }

  boxed(): Type {
    const types = this.#locals.flatMap(({ type }) => (isBoxed(type) ? [type] : []))
    if (types.length > 0 && this.random.oneIn(2)) return this.random.pick(types)
    const type = this.#type(1)
    return isBoxed(type) ? type : this.random.pick([ANY, unionOf([F64, UNDEFINED]), unionOf([STRING, NULL])])
  }

  /** A type that locals have and that is wanted, or one made by other means. */
  ofLocals(kind: Type['kind'], otherwise: () => Type): Type {
    const types = this.#locals.flatMap(({ type }) => (type.kind === kind ? [type] : []))
    return types.length > 0 && !this.random.oneIn(4) ? this.random.pick(types) : otherwise()
  }

  /** The number of a definition, mostly one of which there is a local. */
  objectId(): number {
    const count = this.module.objects.length
    const object = this.ofLocals('object', () => objectOf(this.random.int(count)))
    return object.kind === 'object' ? object.id : 0
  }

  cells(): Type {
    return this.ofLocals('cell', () => cellOf(F64))
  }
}

const PRODUCERS = new Map<string, readonly OpName[]>()

/** Operations that may give a value of the type, by its kind. */
function producersOf(type: Type): readonly OpName[] {
  const known = PRODUCERS.get(type.kind)
  if (known) return known
  const found = OP_NAMES.filter((op) => mayGive(signatureOf(op).result, type))
  PRODUCERS.set(type.kind, found)
  return found
}

function mayGive(result: Pattern, type: Type): boolean {
  switch (result.kind) {
    case 'plain':
      return result.type.kind === type.kind
    case 'array':
      return type.kind === 'array'
    case 'optional':
      return ['union', 'any', 'undefined'].includes(type.kind)
    case 'variable':
      return type.kind !== 'cell'
    default:
      return true
  }
}

/** Whether the pattern can be the type; binds T. */
function unify(pattern: Pattern, type: Type, binding: { type?: Type }): boolean {
  switch (pattern.kind) {
    case 'plain':
      return sameType(pattern.type, type)
    case 'variable':
      if (type.kind === 'cell') return false
      binding.type ??= type
      return sameType(binding.type, type)
    case 'array':
      return type.kind === 'array' && unify(pattern.of, type.elem, binding)
    case 'optional': {
      const inner = membersOf(type).filter((m) => m.kind !== 'undefined')
      const of = type.kind === 'any' ? ANY : inner.length > 0 ? unionOf(inner) : UNDEFINED
      return sameType(optional(of), type) && unify(pattern.of, of, binding)
    }
    default:
      return false
  }
}
