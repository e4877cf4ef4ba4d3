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
import { closureOf, ERRORS, RULED, type Chooser, type Ruled } from './generate-ruled.ts'
import type { Random } from './random.ts'

const NUMBERS = [0, -0, 1, -1, 2, 3, 0.5, 7, 10, 255, 1e21, 5e-324, NaN, Infinity, -Infinity, 2 ** 31, 2 ** 53, -7.25]
/** Numbers that are often indices of what is there. */
const INDICES = [0, 1, 2]
const STRINGS = ['', 'a', 'abc', ' 12 ', '0x1F', '\ud83d', 'ü😀', 'NFC', '"\\\n', '-1e3', 'x'.repeat(40)]

/** Expressions of a wanted type, for one function. */
export class ExprGenerator implements Chooser {
  readonly #random: Random
  readonly #module: Module
  readonly #locals: readonly Local[]
  readonly #type: (depth: number) => Type
  readonly #frozen = new Set<number>()
  readonly span: () => Span
  /** Writes the statements inside `seq`. */
  body: { readonly stmts: (count: number, depth?: number) => Stmt[] } | undefined

  constructor(
    random: Random,
    module: Module,
    locals: readonly Local[],
    span: () => Span,
    type: (depth: number) => Type,
  ) {
    this.#random = random
    this.#module = module
    this.#locals = locals
    this.span = span
    this.#type = type
  }

  /** Keeps a local from being set by generated statements. */
  freeze(local: number): void {
    this.#frozen.add(local)
  }

  settable(choice: number): number | undefined {
    const free = this.#locals.flatMap((_, i) => (this.#frozen.has(i) ? [] : [i]))
    return free[choice % Math.max(1, free.length)]
  }

  op(op: OpName, imm: readonly Immediate[], args: readonly Expr[], type: Type): Expr {
    return { kind: 'op', op, imm, args, type, span: this.span() }
  }

  number(value: number): Expr {
    return this.#constant(value, F64)
  }

  stmtOf(expr: Expr): Stmt {
    return { kind: 'expr', expr, span: this.span() }
  }

  /** An expression for its effect. */
  effect(depth: number): Expr {
    const { pick } = this.#random
    return this.#byOp(pick(OP_NAMES), undefined, depth) ?? this.expr(this.#type(1), depth)
  }

  expr(type: Type, depth: number): Expr {
    const { oneIn, pick, int } = this.#random
    if (depth <= 0) return this.local(type) ?? this.leaf(type)
    if (oneIn(5)) return this.local(type) ?? this.leaf(type)
    if (oneIn(12)) return this.#cond(type, depth)
    if (oneIn(25)) return this.#seq(type, depth)
    if (oneIn(4)) return this.#call(type, depth) ?? this.expr(type, depth - 1)
    const first = int(OP_NAMES.length)
    for (let i = 0; i < OP_NAMES.length; i++) {
      const op = OP_NAMES[(first + i) % OP_NAMES.length]!
      // Most traps would end the run of the module at once.
      const made = opRow(op).traps && !oneIn(10) ? undefined : this.#byOp(op, type, depth)
      if (made) return made
    }
    return pick([this.local(type), this.leaf(type)]) ?? this.leaf(type)
  }

  /** A value of the type, made without reading anything. */
  leaf(type: Type): Expr {
    const { pick, int } = this.#random
    switch (type.kind) {
      case 'undefined':
        return this.#constant(undefined, type)
      case 'null':
        return this.#constant(null, type)
      case 'bool':
        return this.#constant(pick([true, false]), type)
      case 'i32':
        return this.#constant(pick([0, 1, -1, 5, 31, 2 ** 31 - 1, -(2 ** 31)]), type)
      case 'f64':
        return this.#constant(pick(this.#random.oneIn(2) ? INDICES : NUMBERS), type)
      case 'string':
        return this.#constant(pick(STRINGS), type)
      case 'any':
        return this.op('dyn.box', [type], [this.leaf(pick([F64, STRING, BOOL, NULL, UNDEFINED, objectOf(0)]))], type)
      case 'union':
        return this.op('dyn.box', [type], [this.leaf(pick(this.#random.oneIn(4) ? type.members : solid(type)))], type)
      case 'array':
        return this.op(
          'array.new',
          [type.elem],
          this.#few(int(4), () => this.leaf(type.elem)),
          type,
        )
      case 'tuple':
        return this.op(
          'tuple.new',
          [type],
          type.elems.map((elem) => this.leaf(elem)),
          type,
        )
      case 'object':
        return type.id === 0
          ? this.op('error.new', [pick(ERRORS)], [this.leaf(STRING)], type)
          : this.op('object.new', [type.id, []], [], type)
      case 'cell':
        return this.op('cell.new', [], [this.leaf(type.of)], type)
      case 'func': {
        const func = this.#module.funcs.findIndex((f) => sameType(type, closureOf(f)))
        const captures = this.#module.funcs[func]!.captures.map((c) => this.leaf(c.type))
        return this.op('closure.new', [func], captures, type)
      }
    }
  }

  #constant(value: Constant, type: Type): Expr {
    return { kind: 'const', value, type, span: this.span() }
  }

  #few(count: number, make: () => Expr): Expr[] {
    return Array.from({ length: count }, make)
  }

  /** A local of the type, read. */
  local(type: Type): Expr | undefined {
    const fitting = this.#locals.flatMap((local, i) => (sameType(local.type, type) ? [i] : []))
    if (fitting.length === 0) return undefined
    return { kind: 'local', local: this.#random.pick(fitting), type, span: this.span() }
  }

  #cond(type: Type, depth: number): Expr {
    const [test, then, otherwise] = [this.expr(BOOL, depth - 1), this.expr(type, depth - 1), this.expr(type, depth - 1)]
    return { kind: 'cond', test, then, else: otherwise, type, span: this.span() }
  }

  #seq(type: Type, depth: number): Expr {
    const body = this.body?.stmts(2, Math.min(1, depth - 1)) ?? []
    return { kind: 'seq', body, value: this.expr(type, depth - 1), type, span: this.span() }
  }

  /** A call of a function before this one, or of a closure in a local. */
  #call(type: Type, depth: number): Expr | undefined {
    const { funcs } = this.#module
    const { pick, oneIn } = this.#random
    const args = (params: readonly Type[]): Expr[] => params.map((p) => this.expr(p, depth - 2))
    const callees = this.#locals.filter((l) => l.type.kind === 'func' && sameType(l.type.result, type))
    if (callees.length > 0 && oneIn(2)) {
      const callee = this.local(pick(callees).type)!
      const params = callee.type.kind === 'func' ? callee.type.params : []
      return { kind: 'invoke', callee, args: args(params), type, span: this.span() }
    }
    const fitting = funcs.flatMap((f, i) => (f.captures.length === 0 && sameType(f.result, type) ? [i] : []))
    if (fitting.length === 0) return undefined
    const func = pick(fitting)
    return { kind: 'call', func, args: args(funcs[func]!.params.map((p) => p.type)), type, span: this.span() }
  }

  /** The operation with random operands, when it can give the wanted type (or any type, when none is wanted). */
  #byOp(op: OpName, wanted: Type | undefined, depth: number): Expr | undefined {
    const ruled = (RULED as Partial<Record<OpName, Ruled>>)[op]
    if (ruled) {
      const made = ruled(this, wanted)
      return made && (!wanted || sameType(made.type, wanted))
        ? this.op(op, made.imm, this.#all(made.args, depth), made.type)
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
      return op === 'log' ? this.#random.pick(['log', 'info', 'warn']) : this.#random.pick(ERRORS)
    })
    return this.op(op, imm, this.#all(args, depth), type)
  }

  #rest(pattern: Pattern): Pattern[] {
    return Array.from({ length: this.#random.int(3) }, () => pattern)
  }

  #all(types: readonly Type[], depth: number): Expr[] {
    return types.map((type) => this.expr(type, depth - 1))
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

  /** A random type of which there is an optional one. */
  #optionable(): Type {
    const type = this.value(1)
    return type.kind === 'i32' ? F64 : type
  }

  /** A random type that is no cell. */
  value(depth: number): Type {
    return this.#type(depth)
  }

  boxed(): Type {
    const type = this.#type(1)
    return isBoxed(type) ? type : this.#random.pick([ANY, unionOf([F64, UNDEFINED]), unionOf([STRING, NULL])])
  }

  get module(): Module {
    return this.#module
  }

  get random(): Random {
    return this.#random
  }

  cells(): Type {
    const cells = this.#locals.filter((l) => l.type.kind === 'cell')
    return cells.length > 0 ? this.#random.pick(cells).type : cellOf(F64)
  }
}

/** The members of a type that are something, or all when none is. */
function solid(type: Type): readonly Type[] {
  const some = membersOf(type).filter((m) => m.kind !== 'null' && m.kind !== 'undefined')
  return some.length > 0 ? some : membersOf(type)
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
