// Random programs of loops over numbers at the edges of i32, for passes that reason about ranges. What locals come to is
// logged on the way, so that it shows however a run ends.
import {
  ANY,
  arrayOf,
  BOOL,
  F64,
  I32,
  STRING,
  UNDEFINED,
  type Expr,
  type Module,
  type OpName,
  type Stmt,
} from '../../src/ir/index.ts'
import * as b from '../interp/build.ts'
import { makeRandom, type Random } from '../ir/random.ts'

const PARAMS = 2
const NUMBERS = 7
const BITS = PARAMS + NUMBERS
const LIST = BITS + 1
const TEXT = LIST + 1
const CAUGHT = TEXT + 1
const OLD = CAUGHT + 1
/** A list that does not leave the function, and another name for it at times. */
const OWN = OLD + 1
const ALIAS = OWN + 1

const LIST_TYPE = arrayOf(F64)
const EDGES = [
  0,
  0,
  0,
  1,
  1,
  2,
  3,
  7,
  10,
  -1,
  -2,
  -0,
  0.5,
  NaN,
  255,
  2 ** 16,
  2 ** 30,
  2 ** 31 - 1,
  2 ** 31,
  -(2 ** 31),
  2 ** 32 - 1,
  2 ** 53,
  2 ** 53 - 1,
  2 ** 53 - 2,
  // Times 3 this is 2^53 + 1.
  3002399751580331,
]
const STEPS = [1, 1, 1, 1, -1, -1, 2, -2, 3, 1000, 0]
/** Powers of two and what is nearly one. */
const DIVISORS = [1, 2, 4, 10, 2 ** 31, 16.000000000000004, 15.999999999999998]
const TESTS: readonly OpName[] = ['f64.lt', 'f64.lt', 'f64.le', 'f64.gt', 'f64.ge', 'f64.eq', 'f64.ne']
const BITWISE: readonly OpName[] = [
  'i32.and',
  'i32.or',
  'i32.or',
  'i32.xor',
  'i32.shl',
  'i32.shr',
  'i32.ushr',
  'i32.add',
  'i32.sub',
  'i32.mul',
  'i32.rem_u',
]
const ROUNDING: readonly OpName[] = [
  'math.floor',
  'math.floor',
  'math.ceil',
  'math.trunc',
  'math.round',
  'math.abs',
  'f64.neg',
  'math.sign',
]

/** A random program with the entry `main` of two numbers. */
export function makeLoopProgram(seed: number): Module {
  return new Writer(makeRandom(seed)).module()
}

class Writer {
  readonly #random: Random
  #label = 0
  /** Loops and blocks around, to jump to. */
  #targets: readonly { readonly label: number; readonly isLoop: boolean }[] = []

  constructor(random: Random) {
    this.#random = random
  }

  module(): Module {
    const { int, oneIn, pick } = this.#random
    const list = b.op(
      'array.new',
      LIST_TYPE,
      Array.from({ length: int(5) }, () => this.#edge()),
      [F64],
    )
    const first = [b.set(LIST, list), b.set(TEXT, b.str(pick(['', 'a', 'some text'])))]
    const own = [b.set(OWN, this.#ownList()), b.set(ALIAS, oneIn(2) ? b.get(OWN, LIST_TYPE) : this.#ownList())]
    const body = [...first, ...own, ...this.#stmts(5, 3), ...this.#shown(), b.ret(b.get(LIST, LIST_TYPE))]
    const numbers = Array.from({ length: NUMBERS }, () => F64)
    const locals = [...numbers, I32, LIST_TYPE, STRING, ANY, F64, LIST_TYPE, LIST_TYPE]
    return b.module([b.func({ name: 'main', params: [F64, F64], locals, result: LIST_TYPE, body })])
  }

  #edge(): Expr {
    return b.num(this.#random.pick(EDGES))
  }

  #local(): number {
    return PARAMS + this.#random.int(NUMBERS)
  }

  #read(): Expr {
    const { int, oneIn } = this.#random
    return b.get(oneIn(8) ? int(PARAMS) : this.#local())
  }

  #list(): Expr {
    return this.#random.oneIn(2) ? b.get(LIST, LIST_TYPE) : this.#own()
  }

  #own(): Expr {
    return b.get(this.#random.pick([OWN, OWN, ALIAS]), LIST_TYPE)
  }

  #ownList(): Expr {
    const { int, oneIn } = this.#random
    const holes = b.op('array.holes', LIST_TYPE, [b.num(int(4))], [F64])
    if (oneIn(4)) return holes
    if (oneIn(3)) return b.op('array.fill', LIST_TYPE, [holes, this.#whole(false), b.num(0), b.num(Infinity)])
    return b.op(
      'array.new',
      LIST_TYPE,
      Array.from({ length: int(4) }, () => this.#whole(false)),
      [F64],
    )
  }

  /** What is an i32, or hardly ever is not. */
  #whole(reads = true): Expr {
    const { int, oneIn, pick } = this.#random
    if (oneIn(40)) return b.num(pick([-0, 0.5, NaN, 2 ** 31]))
    if (oneIn(3)) return b.num(int(20) - 5)
    if (reads && oneIn(3)) return b.op('array.get', F64, [this.#own(), this.#index()])
    return b.op('f64.from_i32', F64, [this.#bits(1)])
  }

  /** Something that is done to the list that does not leave the function. */
  #change(): Stmt {
    const { int, oneIn } = this.#random
    const list = this.#own()
    if (oneIn(4)) return b.exec(b.op('array.push', F64, [list, this.#whole()]))
    if (oneIn(6)) return b.exec(b.op('array.fill', LIST_TYPE, [list, this.#whole(), b.num(int(3)), this.#length()]))
    if (oneIn(6)) return b.exec(b.op('array.set_length', UNDEFINED, [list, b.num(int(4))]))
    return b.exec(b.op('array.set', UNDEFINED, [list, this.#index(), this.#whole()]))
  }

  #text(): Expr {
    return b.get(TEXT, STRING)
  }

  #shown(): Stmt[] {
    const all = Array.from({ length: NUMBERS }, (_, i) => b.get(PARAMS + i))
    const own = Array.from({ length: 4 }, (_, i) => b.op('array.get_nan', F64, [this.#own(), b.num(i)]))
    return [b.log(...all, b.op('f64.from_i32', F64, [b.get(BITS, I32)])), b.log(...own)]
  }

  #stmts(count: number, depth: number): Stmt[] {
    return Array.from({ length: 1 + this.#random.int(count) }, () => this.#stmt(depth)).flat()
  }

  #stmt(depth: number): Stmt[] {
    const { int, oneIn, pick } = this.#random
    if (depth > 0 && oneIn(3)) return this.#loop(depth)
    switch (int(depth > 0 ? 12 : 8)) {
      case 0:
        return [b.set(BITS, this.#bits(2))]
      case 1:
        return [b.log(this.#number(2))]
      case 2:
        return [this.#step(this.#local())]
      case 3:
        if (oneIn(2)) return [this.#change()]
        return [b.exec(b.op('array.set', UNDEFINED, [b.get(LIST, LIST_TYPE), this.#index(), this.#number(1)]))]
      case 4:
        return [
          b.set(this.#local(), b.op(oneIn(3) ? 'array.get' : 'array.get_nan', F64, [this.#list(), this.#index()])),
        ]
      case 5:
        return oneIn(8) ? [b.set(TEXT, b.op('string.concat', STRING, [this.#text(), b.str('b')]))] : this.#jump()
      case 8:
        return [b.when(this.#test(), this.#stmts(2, depth - 1), oneIn(2) ? this.#stmts(2, depth - 1) : [])]
      case 9:
        return [this.#try(depth)]
      case 10:
        return [this.#switch(depth)]
      case 11:
        return this.#within(false, (label) => [b.block(label, this.#stmts(3, depth - 1))])
      default:
        return [b.set(pick([this.#local(), this.#local(), int(PARAMS)]), this.#number(2))]
    }
  }

  #step(local: number): Stmt {
    const { pick, oneIn } = this.#random
    const from = b.get(oneIn(6) ? this.#local() : local)
    const by = b.num(pick(STEPS))
    const sum = oneIn(5) ? b.add(by, from) : oneIn(3) ? b.sub(from, by) : b.add(from, by)
    if (!oneIn(4)) return b.set(local, sum)
    return b.set(local, b.seq([b.set(OLD, b.get(local))], oneIn(2) ? b.add(b.get(OLD), by) : b.get(OLD)))
  }

  #within<T>(isLoop: boolean, write: (label: number) => T): T {
    const label = this.#label++
    const around = this.#targets
    this.#targets = [...around, { label, isLoop }]
    const made = write(label)
    this.#targets = around
    return made
  }

  #loop(depth: number): Stmt[] {
    const { oneIn, pick } = this.#random
    const local = this.#local()
    const update = oneIn(4) ? [] : [this.#step(local)]
    const limit = pick([this.#edge(), this.#read(), this.#length(), b.get(0), b.num(10)])
    const around = this.#targets
    this.#targets = []
    const test = oneIn(8) ? undefined : oneIn(3) ? this.#test() : this.#compare(b.get(local), limit)
    this.#targets = around
    const start = oneIn(4) ? [] : [b.set(local, oneIn(3) ? this.#number(1) : this.#edge())]
    const made = this.#within(true, (label) => {
      const body = this.#stmts(4, depth - 1)
      return b.loop(test, body, { label, post: oneIn(4), update })
    })
    return [...start, made]
  }

  #jump(): Stmt[] {
    const { pick, oneIn } = this.#random
    if (oneIn(10)) return [b.when(this.#test(), [b.raise(b.num(1))])]
    if (this.#targets.length === 0) return [b.log(this.#read())]
    const { label, isLoop } = pick(this.#targets)
    const jump = b.leave(isLoop && oneIn(2) ? 'continue' : 'break', label)
    return [b.when(this.#test(), oneIn(2) ? [this.#step(this.#local()), jump] : [jump])]
  }

  #try(depth: number): Stmt {
    const { oneIn } = this.#random
    const body = [...this.#stmts(2, depth - 1), b.when(this.#test(), [b.raise(b.num(2))]), ...this.#stmts(2, depth - 1)]
    const more = () => this.#stmts(2, depth - 1)
    const caught = { local: CAUGHT, body: more() }
    return b.attempt(body, oneIn(3) ? { finally: more() } : { catch: caught, ...(oneIn(2) && { finally: more() }) })
  }

  #switch(depth: number): Stmt {
    const { int, oneIn } = this.#random
    return this.#within(false, (label) => {
      const fallback = int(4)
      const cases = Array.from({ length: 3 }, (_, i) => ({
        ...(i !== fallback && { test: oneIn(2) ? b.num(i) : this.#number(1) }),
        body: [...this.#stmts(2, depth - 1), ...(oneIn(2) ? [b.leave('break', label)] : [])],
      }))
      return { kind: 'switch', label, subject: this.#number(1), cases, span: b.undef.span }
    })
  }

  #test(): Expr {
    const { oneIn, int } = this.#random
    if (oneIn(5))
      return b.cond(this.#test(), oneIn(2) ? b.bool(true) : this.#test(), oneIn(2) ? b.bool(false) : this.#test())
    if (oneIn(8)) return b.op('bool.not', BOOL, [this.#test()])
    if (oneIn(8)) return b.op('f64.truthy', BOOL, [this.#number(1)])
    if (oneIn(8)) return b.op('array.has', BOOL, [this.#list(), this.#index()])
    return this.#compare(oneIn(3) ? this.#number(1) : this.#read(), int(2) ? this.#edge() : this.#number(1))
  }

  #compare(left: Expr, right: Expr): Expr {
    const { pick, oneIn } = this.#random
    return b.op(pick(TESTS), BOOL, oneIn(4) ? [right, left] : [left, right])
  }

  #length(): Expr {
    return this.#random.oneIn(2)
      ? b.op('array.length', F64, [this.#list()])
      : b.op('string.length', F64, [this.#text()])
  }

  #index(): Expr {
    const { oneIn, pick } = this.#random
    return oneIn(3) ? b.op(pick(['f64.add', 'f64.sub']), F64, [this.#read(), b.num(1)]) : this.#read()
  }

  #number(depth: number): Expr {
    const { int, oneIn, pick } = this.#random
    const on = (): Expr => this.#number(depth - 1)
    if (depth <= 0 || oneIn(4)) return oneIn(3) ? this.#edge() : this.#read()
    switch (int(13)) {
      case 0:
        return b.op('f64.from_i32', F64, [this.#bits(depth)])
      case 1:
        return b.op('f64.from_u32', F64, [this.#bits(depth)])
      case 2:
        return b.op(pick(ROUNDING), F64, [on()])
      case 3:
        return b.op('math.floor', F64, [b.div(on(), b.num(pick(DIVISORS)))])
      case 4:
        return b.op('f64.rem', F64, [on(), oneIn(3) ? on() : b.num(pick([1, 2, 10, 2 ** 31]))])
      case 5:
        return oneIn(2) ? this.#clamped() : b.op(pick(['f64.min', 'f64.max']), F64, [on(), on()])
      case 6:
        return this.#length()
      case 7:
        return b.op('string.code_at', F64, [this.#text(), this.#index()])
      case 8:
        return b.op('array.get_nan', F64, [this.#list(), this.#index()])
      case 9:
        return b.cond(this.#test(), on(), on())
      case 10:
        return b.seq([oneIn(2) ? this.#step(this.#local()) : b.set(this.#local(), on())], on())
      default:
        return b.op(pick(['f64.add', 'f64.add', 'f64.sub', 'f64.mul', 'math.imul']), F64, [on(), on()])
    }
  }

  /** An integer whose bounds are known, with something done to it at their edge. */
  #clamped(): Expr {
    const { pick, oneIn } = this.#random
    const local = this.#local()
    const high = this.#edge()
    const set = b.set(local, b.op('math.floor', F64, [this.#read()]))
    const read = oneIn(4) ? b.add(b.get(local), b.num(0)) : b.get(local)
    const inside = b.cond(
      b.op('f64.ge', BOOL, [read, b.num(0)]),
      b.op('f64.le', BOOL, [b.get(local), high]),
      b.bool(false),
    )
    const by = b.num(oneIn(2) ? pick(STEPS) : pick(DIVISORS))
    const done = b.op(pick(['f64.add', 'f64.sub', 'f64.mul', 'f64.div']), F64, [b.get(local), by])
    return b.seq([set], b.cond(inside, b.op('f64.from_i32', F64, [b.op('f64.to_i32', I32, [done])]), b.num(-1)))
  }

  #bits(depth: number): Expr {
    const { oneIn, pick } = this.#random
    if (depth <= 0 || oneIn(3)) return oneIn(4) ? b.get(BITS, I32) : b.op('f64.to_i32', I32, [this.#number(depth - 1)])
    return b.op(pick(BITWISE), I32, [this.#bits(depth - 1), this.#bits(depth - 1)])
  }
}
