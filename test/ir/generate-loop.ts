// Loops over counters with arithmetic on integers in them, of the kind that a compiler proves to fit into 32 bits: they
// count up and down to and over every edge, read and write arrays at and beyond their ends, and mix bits.
import {
  arrayOf,
  BOOL,
  F64,
  I32,
  objectOf,
  OP_NAMES,
  optional,
  STRING,
  UNDEFINED,
  type Expr,
  type Immediate,
  type OpName,
  type Stmt,
  type Type,
} from '../../src/ir/index.ts'
import { signatureOf } from '../../src/ir/signature.ts'
import type { BodyGenerator } from './generate-stmt.ts'
import { edgeInteger } from './generate-values.ts'

/** Operations whose operands are all of one plain type. */
function opsOf(operand: Type['kind'], result: Type['kind']): readonly OpName[] {
  return OP_NAMES.filter((op) => {
    const { params, rest, result: made } = signatureOf(op)
    const isOperand = (p: (typeof params)[number]): boolean => p.kind === 'plain' && p.type.kind === operand
    return !rest && params.every(isOperand) && made.kind === 'plain' && made.type.kind === result
  })
}

const BITWISE = opsOf('i32', 'i32')
const I32_TESTS = opsOf('i32', 'bool')
const COMPARISONS: readonly OpName[] = ['f64.lt', 'f64.le', 'f64.gt', 'f64.ge', 'f64.eq', 'f64.ne']
const INTEGER_OPS: readonly OpName[] = [
  'f64.add',
  'f64.add',
  'f64.add',
  'f64.sub',
  'f64.sub',
  'f64.mul',
  'f64.mul',
  'f64.rem',
  'f64.min',
  'f64.max',
  'math.imul',
]
const ROUNDINGS: readonly OpName[] = ['math.floor', 'math.trunc', 'math.ceil', 'math.round']
const STARTS = [
  0,
  0,
  0,
  1,
  -1,
  -3,
  2,
  2 ** 31 - 3,
  2 ** 32 - 3,
  2 ** 53 - 2,
  -(2 ** 31) + 2,
  -(2 ** 31) - 2,
  0.5,
  0.5,
  -0,
]
const STEPS = [1, 1, 1, 1, 2, 3, -1, -1, -2, 0.5, 2 ** 30]
const ROUNDS_MAX = 6

/** A text or a typed array that a local holds, which loops go over: how it is measured and read. */
type Sequence = {
  readonly local: number
  readonly length: OpName
  readonly reads: readonly OpName[]
  readonly imm: readonly Immediate[]
}

export class LoopGenerator {
  readonly #body: BodyGenerator
  /** Locals that are mostly integers. */
  readonly #integers: number[] = []
  readonly #lists: number[] = []
  readonly #sequences: Sequence[] = []

  constructor(body: BodyGenerator) {
    this.#body = body
  }

  /** Variables with a loop over them that does nothing but arithmetic, and a trace of what came out. */
  arithmetic(): Stmt[] {
    const { random, exprs } = this.#body
    const variables = Array.from({ length: 1 + random.int(3) }, () => this.#variable())
    const list = this.#list()
    const sequence = random.oneIn(2) ? this.#sequence() : []
    const loop = this.counted(2, () => this.#steps(3))
    const numbers = this.#integers.map((i) => exprs.keep(exprs.read(i)))
    return [...variables, list, ...sequence, loop, ...numbers, ...this.#lists.map((i) => this.#keepList(i))]
  }

  #variable(): Stmt {
    const { random } = this.#body
    const local = this.#body.declare('n', F64)
    this.#integers.push(local)
    return this.#body.set(local, this.#body.exprs.number(random.oneIn(2) ? random.int(8) : edgeInteger(random)))
  }

  #list(): Stmt {
    const { random, exprs } = this.#body
    const type = arrayOf(F64)
    // It holds nothing until it is set below, and is set but once.
    const local = this.#body.locals.push({ name: 'list', type }) - 1
    exprs.freeze(local)
    this.#lists.push(local)
    const few = Array.from({ length: random.int(7) }, () =>
      exprs.number(random.oneIn(3) ? edgeInteger(random) : random.int(9)),
    )
    return this.#body.set(local, exprs.op('array.new', [F64], few, type))
  }

  /** A local that is set once, to a text or to a typed array with some elements. */
  #sequence(): Stmt[] {
    const { random, exprs, locals } = this.#body
    const { int, pick } = random
    const typed = exprs.module.objects.flatMap(({ role, name }, id) =>
      role === 'typed' && name !== 'DataView' ? [{ id, name }] : [],
    )
    const made = typed.length > 0 && !random.oneIn(8) ? pick(typed) : undefined
    const type = made ? objectOf(made.id) : STRING
    const local = locals.push({ name: 'sequence', type }) - 1
    exprs.freeze(local)
    if (!made) {
      this.#sequences.push({ local, length: 'string.length', reads: ['string.code_at'], imm: [] })
      return [this.#body.set(local, exprs.leaf(STRING))]
    }
    const imm = [made.name]
    this.#sequences.push({ local, length: 'typed.length', reads: ['typed.get_nan', 'typed.get_nan', 'typed.get'], imm })
    const count = int(5)
    const store = (at: number): Stmt => {
      const args = [exprs.read(local), exprs.number(at), exprs.number(edgeInteger(random))]
      return exprs.stmtOf(exprs.op('typed.set', imm, args, UNDEFINED))
    }
    return [
      this.#body.set(local, exprs.op('typed.new', [made.id], [exprs.number(count)], type)),
      ...Array.from({ length: Math.min(count, 2) }, (_, at) => store(at)),
    ]
  }

  /** Traces a list, or a copy of it, so that no other place than the local ever holds the list. */
  #keepList(local: number): Stmt {
    const { random, exprs } = this.#body
    const list = exprs.read(local)
    if (random.oneIn(4)) return exprs.keep(list)
    return exprs.keep(exprs.op('array.slice', [], [list, exprs.number(0), this.#length(local)], list.type))
  }

  /** `for (i = from; i < to; i += by)` in one of its forms, in a block so that it starts anew each time. */
  counted(depth: number, inner: () => Stmt[]): Stmt {
    const { random, exprs } = this.#body
    const { pick, int, oneIn } = random
    const span = exprs.span()
    const counter = this.#body.declare('i', F64)
    if (!oneIn(8)) exprs.freeze(counter)
    const [from, by] = oneIn(3) ? [pick(STARTS), pick(STEPS)] : [0, 1]
    const i = (): Expr => exprs.read(counter)
    const start = this.#body.set(counter, exprs.number(from))
    const sum =
      by < 0 && oneIn(2)
        ? exprs.op('f64.sub', [], [i(), exprs.number(-by)], F64)
        : exprs.op('f64.add', [], oneIn(8) ? [exprs.number(by), i()] : [i(), exprs.number(by)], F64)
    const step = this.#body.set(counter, sum)
    const test = this.#test(i(), from, by)
    this.#integers.push(counter)
    const outer = this.#body.label()
    const loop = this.#body.within(true, (label): Stmt => {
      const rest = { kind: 'loop', label, post: oneIn(3), span } as const
      const body = depth > 1 && oneIn(4) ? [this.counted(depth - 1, () => this.#steps(2)), ...inner()] : inner()
      const more = oneIn(2) ? this.#steps(2) : []
      if (!oneIn(4)) return { ...rest, test, body: [...more, ...body], update: [step] }
      const leave: Stmt = { kind: 'if', test, then: [], else: [{ kind: 'break', label, span }], span }
      // At times the step is in the body, where `continue` leaves it out: then only fuel ends the loop.
      return oneIn(6)
        ? { ...rest, body: [leave, step, ...more, ...body], update: [] }
        : { ...rest, body: [leave, ...more, ...body], update: [step] }
    })
    if (int(2) === 0) this.#integers.splice(this.#integers.indexOf(counter), 1)
    return { kind: 'block', label: outer, body: [start, loop], span }
  }

  #test(i: Expr, from: number, by: number): Expr {
    const { random, exprs } = this.#body
    const { int, pick, oneIn } = random
    const length = this.#someLength()
    if (length && from >= 0 && from < 9 && by > 0 && oneIn(2))
      return exprs.op(pick(['f64.lt', 'f64.lt', 'f64.le', 'f64.ne']), [], [i, length], BOOL)
    const end = exprs.number(from + by * int(ROUNDS_MAX))
    const ops: readonly OpName[] = by > 0 ? ['f64.lt', 'f64.lt', 'f64.le', 'f64.ne'] : ['f64.gt', 'f64.ge', 'f64.ne']
    const turned: Partial<Record<OpName, OpName>> = { 'f64.lt': 'f64.gt', 'f64.le': 'f64.ge', 'f64.ne': 'f64.ne' }
    const op = pick(ops)
    const other = oneIn(6) ? turned[op] : undefined
    return other ? exprs.op(other, [], [end, i], BOOL) : exprs.op(op, [], [i, end], BOOL)
  }

  #steps(count: number): Stmt[] {
    return Array.from({ length: 1 + this.#body.random.int(count) }, () => this.#step())
  }

  /** What loops do: add up, mix, read, write, leave. */
  #step(): Stmt {
    const { random, exprs } = this.#body
    const { int, pick, oneIn } = random
    const span = exprs.span()
    const target = this.#integers.filter((i) => exprs.isSettable(i))
    const list = this.#someList()
    switch (int(7)) {
      case 0:
        return exprs.keep(oneIn(2) ? this.#integer(2) : this.#bits(2))
      case 1: {
        const jump: Stmt = this.#body.leave()
        return { kind: 'if', test: this.#condition(), then: [jump], else: [], span }
      }
      case 2:
        if (list !== undefined) return this.#write(list)
        break
      case 3:
        if (this.#sequences.length > 0 && oneIn(2)) return exprs.keep(this.#elementOf(pick(this.#sequences)))
        if (list !== undefined) return exprs.keep(this.#element(list))
        break
      case 4:
        if (list !== undefined) return exprs.stmtOf(this.#change(list))
        break
      default:
        break
    }
    if (target.length === 0) return exprs.keep(this.#integer(2))
    const local = pick(target)
    const plus = (value: Expr): Expr => exprs.op('f64.add', [], [exprs.read(local), value], F64)
    return this.#body.set(local, oneIn(2) ? plus(this.#integer(1)) : this.#integer(3))
  }

  /** What changes the length of a list, or the order of its elements. */
  #change(local: number): Expr {
    const { random, exprs } = this.#body
    const { int, pick, oneIn } = random
    const [list, type] = [exprs.read(local), arrayOf(F64)]
    const few = (): Expr => exprs.op('array.new', [F64], [this.#integer(1), exprs.number(int(9))].slice(int(3)), type)
    if (oneIn(2)) return exprs.op('array.push', [], [list, this.#integer(1)], F64)
    switch (int(6)) {
      case 0:
        return exprs.op(pick(['array.pop', 'array.shift']), [], [list], optional(F64))
      case 1:
        return exprs.op('array.set_length', [], [list, exprs.number(int(12))], UNDEFINED)
      case 2:
        return exprs.op(pick(['array.append', 'array.prepend']), [], [list, few()], F64)
      case 3:
        return exprs.op('array.splice', [], [list, this.#index(local), exprs.number(int(3)), few()], type)
      case 4:
        return exprs.op('array.fill', [], [list, this.#integer(1), exprs.number(int(3)), this.#length(local)], type)
      default:
        return exprs.op('array.reverse', [], [list], type)
    }
  }

  #write(list: number): Stmt {
    const { random, exprs } = this.#body
    const at = random.oneIn(4) ? this.#length(list) : this.#index(list)
    const args = [exprs.read(list), at, this.#integer(1)]
    return exprs.stmtOf(exprs.op('array.set', [], args, UNDEFINED))
  }

  /** A local with a list of numbers. */
  #someList(): number | undefined {
    const { random, exprs } = this.#body
    if (this.#lists.length > 0) return random.pick(this.#lists)
    const found = exprs.local(arrayOf(F64))
    return found?.kind === 'local' ? found.local : undefined
  }

  #length(list: number): Expr {
    const { exprs } = this.#body
    return exprs.op('array.length', [], [exprs.read(list)], F64)
  }

  #lengthOf({ local, length }: Sequence): Expr {
    const { exprs } = this.#body
    return exprs.op(length, [], [exprs.read(local)], F64)
  }

  /** The length of something that loops read. */
  #someLength(): Expr | undefined {
    const { random } = this.#body
    if (this.#sequences.length > 0 && random.oneIn(2)) return this.#lengthOf(random.pick(this.#sequences))
    const list = this.#someList()
    return list === undefined ? undefined : this.#length(list)
  }

  #index(list: number): Expr {
    return this.#indexBelow(() => this.#length(list))
  }

  /** Mostly a place before an end, or one beside it. */
  #indexBelow(length: () => Expr): Expr {
    const { random, exprs } = this.#body
    switch (random.int(5)) {
      case 0:
        return exprs.op('f64.rem', [], [this.#integer(1), length()], F64)
      case 1:
        return exprs.op('f64.sub', [], [length(), exprs.number(random.int(3))], F64)
      case 2:
        return exprs.op(
          'f64.from_i32',
          [],
          [exprs.op('i32.and', [], [this.#bits(1), exprs.constant(3, I32)], I32)],
          F64,
        )
      default:
        return this.#integer(1)
    }
  }

  #element(list: number): Expr {
    const { random, exprs } = this.#body
    const args = [exprs.read(list), this.#index(list)]
    switch (random.int(6)) {
      case 0:
        return exprs.op('array.get', [], args, F64)
      case 1:
        return exprs.op('array.get_opt', [], args, optional(F64))
      default:
        return exprs.op('array.get_nan', [], args, F64)
    }
  }

  #elementOf(sequence: Sequence): Expr {
    const { random, exprs } = this.#body
    const counters = this.#integers.filter((i) => !exprs.isSettable(i))
    const at =
      counters.length > 0 && random.oneIn(2)
        ? exprs.read(random.pick(counters))
        : this.#indexBelow(() => this.#lengthOf(sequence))
    return exprs.op(random.pick(sequence.reads), sequence.imm, [exprs.read(sequence.local), at], F64)
  }

  #condition(): Expr {
    const { random, exprs } = this.#body
    if (I32_TESTS.length > 0 && random.oneIn(3)) {
      const op = random.pick(I32_TESTS)
      return exprs.op(
        op,
        [],
        signatureOf(op).params.map(() => this.#bits(1)),
        BOOL,
      )
    }
    return exprs.op(random.pick(COMPARISONS), [], [this.#integer(1), this.#integer(1)], BOOL)
  }

  /** A number that is mostly an integer. */
  #integer(depth: number): Expr {
    const { random, exprs } = this.#body
    const { pick, int, oneIn } = random
    const on = (): Expr => this.#integer(depth - 1)
    const leaf = (): Expr =>
      this.#integers.length > 0 && !oneIn(3) ? exprs.read(pick(this.#integers)) : exprs.number(int(6) - 1)
    if (depth <= 0) return leaf()
    const list = this.#someList()
    switch (int(12)) {
      case 0:
        return leaf()
      case 1:
        return exprs.op(
          pick(ROUNDINGS),
          [],
          [exprs.op('f64.div', [], [on(), exprs.number(pick([2, 3, 16, -2, 0]))], F64)],
          F64,
        )
      case 2:
        return exprs.op(pick(['f64.neg', 'math.abs', 'math.clz32', 'math.sign']), [], [on()], F64)
      case 3:
      case 4:
        return exprs.op(pick(['f64.from_i32', 'f64.from_i32', 'f64.from_u32']), [], [this.#bits(depth)], F64)
      case 5:
        if (this.#sequences.length > 0 && oneIn(2)) return this.#elementOf(pick(this.#sequences))
        return list !== undefined && !oneIn(3) ? this.#number(this.#element(list)) : exprs.expr(F64, 1)
      case 6:
        return list !== undefined ? this.#length(list) : leaf()
      case 7:
        return { kind: 'cond', test: this.#condition(), then: on(), else: on(), type: F64, span: exprs.span() }
      default:
        return exprs.op(pick(INTEGER_OPS), [], [on(), oneIn(3) ? exprs.number(edgeInteger(random)) : on()], F64)
    }
  }

  /** What may be undefined as a number: NaN then. */
  #number(expr: Expr): Expr {
    return expr.type.kind === 'f64' ? expr : this.#body.exprs.op('dyn.to_number', [], [expr], F64)
  }

  #bits(depth: number): Expr {
    const { random, exprs } = this.#body
    const { pick, oneIn } = random
    if (depth <= 0 || oneIn(6)) return exprs.constant(edgeInteger(random), I32)
    if (oneIn(2)) return exprs.op('f64.to_i32', [], [this.#integer(depth - 1)], I32)
    const op = pick(BITWISE)
    return exprs.op(
      op,
      [],
      signatureOf(op).params.map(() => this.#bits(depth - 1)),
      I32,
    )
  }
}
