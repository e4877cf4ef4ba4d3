import {
  arrayOf,
  BOOL,
  F64,
  I32,
  inPlaceOf,
  type Expr,
  type Func,
  type OpName,
  type Stmt,
  type Type,
} from '../../ir/index.ts'
import type { Findings } from './analyse.ts'
import type { Frame, Loop } from './frame.ts'
import { LoopBounds } from './loop-bounds.ts'
import { I32_MAX, isIntegerIn, U32_MAX } from './range.ts'
import { Shapes } from './shape.ts'
import { integerRead, storesBits } from './typed.ts'

type OpExpr = Extract<Expr, { kind: 'op' }>

/** What becomes of the value of a narrowed local: `float` is where it is turned into an f64 again, `bound` where it is compared with a bound of a loop. */
export type Sink = 'index' | 'compare' | 'bound' | 'bits' | 'set' | 'float'

/** Is told how narrowed locals are used, and in which loops. */
export type Audit = {
  read(local: number, sink: Sink, loops: readonly Loop[]): void
  set(local: number, how: 'computed' | 'copied' | 'converted', loops: readonly Loop[]): void
}

/** Operands that are indexes. */
const INDEXES: { readonly [K in OpName]?: readonly number[] } = {
  'array.get': [1],
  'array.get_opt': [1],
  'array.get_nan': [1],
  'array.set': [1],
  'typed.get': [1],
  'typed.get_opt': [1],
  'typed.get_nan': [1],
  'typed.set': [1],
  'array.has': [1],
  'array.slice': [1, 2],
  'array.fill': [2, 3],
  'array.index_of': [2],
  'array.includes': [2],
  'array.splice': [1, 2],
  'string.at': [1],
  'string.get': [1],
  'string.char_at': [1],
  'string.code_at': [1],
  'string.code_point_at': [1],
  'string.slice': [1, 2],
  'string.substring': [1, 2],
  'string.index_of': [2],
  'string.starts_with': [2],
}

const COMPARISONS: { readonly [K in OpName]?: OpName } = {
  'f64.lt': 'i32.lt',
  'f64.le': 'i32.le',
  'f64.gt': 'i32.gt',
  'f64.ge': 'i32.ge',
  'f64.eq': 'i32.eq',
  'f64.ne': 'i32.ne',
}

/** Operations that leave their first operand as it is when the low 32 bits of the second are 0. */
const NEUTRAL: ReadonlySet<OpName> = new Set([
  'i32.or',
  'i32.xor',
  'i32.shl',
  'i32.shr',
  'i32.ushr',
  'i32.add',
  'i32.sub',
])

/** Writes a function anew with some of its f64 locals as i32, and with i32 operations where they do the same. */
export class Rewriter {
  readonly #frame: Frame
  readonly #shapes: Shapes
  readonly #narrowed: ReadonlySet<number>
  readonly #audit: Audit | undefined
  readonly #bounds: LoopBounds
  #loops: readonly Loop[] = []

  constructor(frame: Frame, { ranges }: Findings, narrowed: ReadonlySet<number>, audit?: Audit) {
    this.#frame = frame
    this.#narrowed = narrowed
    this.#shapes = new Shapes(ranges, (local) => narrowed.has(local))
    this.#audit = audit
    this.#bounds = new LoopBounds(frame, this.#shapes)
  }

  func(): Func {
    const { func } = this.#frame
    const first = func.params.length + func.captures.length
    const locals = func.locals.map((local, i) =>
      this.#narrowed.has(first + i) ? { ...local, type: narrowedType(local.type) } : local,
    )
    const body = this.#stmts(func.body)
    return { ...func, locals: [...locals, ...this.#bounds.locals], body }
  }

  #stmts(stmts: readonly Stmt[]): Stmt[] {
    return stmts.flatMap((stmt) => {
      const made = this.#stmt(stmt)
      return stmt.kind === 'loop' ? [...this.#bounds.before(stmt), made] : made
    })
  }

  #stmt(stmt: Stmt): Stmt {
    switch (stmt.kind) {
      case 'expr':
        return { ...stmt, expr: this.#value(stmt.expr) }
      case 'set':
        return {
          ...stmt,
          value: this.#narrowed.has(stmt.local) ? this.#assigned(stmt.local, stmt.value) : this.#value(stmt.value),
        }
      case 'return':
      case 'throw':
        return { ...stmt, value: this.#value(stmt.value) }
      case 'if':
        return { ...stmt, test: this.#value(stmt.test), then: this.#stmts(stmt.then), else: this.#stmts(stmt.else) }
      case 'block':
        return { ...stmt, body: this.#stmts(stmt.body) }
      case 'loop':
        return this.#loop(stmt)
      case 'switch': {
        const cases = stmt.cases.map((c) => ({
          ...(c.test && { test: this.#value(c.test) }),
          body: this.#stmts(c.body),
        }))
        return { ...stmt, subject: this.#value(stmt.subject), cases }
      }
      case 'break':
      case 'continue':
        return stmt
      case 'try':
        return {
          ...stmt,
          body: this.#stmts(stmt.body),
          ...(stmt.catch && { catch: { ...stmt.catch, body: this.#stmts(stmt.catch.body) } }),
          ...(stmt.finally && { finally: this.#stmts(stmt.finally) }),
        }
    }
  }

  #loop(loop: Loop): Stmt {
    const around = this.#loops
    this.#loops = [...around, loop]
    const test = loop.test && { test: this.#value(loop.test) }
    const made = { ...loop, ...test, body: this.#stmts(loop.body), update: this.#stmts(loop.update) }
    this.#loops = around
    return made
  }

  #assigned(local: number, value: Expr): Expr {
    if (value.type.kind === 'array') return this.#list(value, local)
    const isNatural = this.#shapes.isNatural(value)
    const how = !isNatural ? 'converted' : value.kind === 'op' ? 'computed' : 'copied'
    this.#audit?.set(local, how, this.#loops)
    return this.#bits(value, 'set')
  }

  /** The expression, of the same type and value. */
  #value(e: Expr): Expr {
    return inPlaceOf(e, this.#valueOf(e))
  }

  #valueOf(e: Expr): Expr {
    switch (e.kind) {
      case 'const':
        return e
      case 'local':
        if (!this.#narrowed.has(e.local)) return e
        return e.type.kind === 'array' ? { ...e, type: I32_LIST } : this.#float(e, this.#read(e, 'float'))
      case 'op':
        return this.#op(e)
      case 'call':
        return { ...e, args: e.args.map((arg) => this.#value(arg)) }
      case 'invoke':
        return { ...e, callee: this.#value(e.callee), args: e.args.map((arg) => this.#value(arg)) }
      case 'cond':
        return { ...e, test: this.#value(e.test), then: this.#value(e.then), else: this.#value(e.else) }
      case 'seq':
        return { ...e, body: this.#stmts(e.body), value: this.#value(e.value) }
    }
  }

  #op(e: OpExpr): Expr {
    const [a, b] = e.args as readonly [Expr, Expr]
    const shapes = this.#shapes
    if (a?.kind === 'local' && a.type.kind === 'array' && this.#narrowed.has(a.local)) return this.#onList(e, a)
    if (e.op === 'f64.to_i32') return this.#bits(a, 'bits')
    if (e.op === 'f64.from_i32') return this.#fromBits(e)
    if (e.op === 'f64.from_u32') return this.#float(e, this.#value(a))
    if (e.type.kind === 'f64' && shapes.isNatural(e) && this.#isFloatOfBits(e))
      return this.#float(e, this.#bits(e, 'float'))
    const inner = shapes.through(e)
    if (inner && shapes.rangeOf(inner).whole) return this.#value(inner)
    const compare = COMPARISONS[e.op]
    const isCompared = (part: Expr): boolean => shapes.isNatural(part) && shapes.isComparable(part)
    if (compare && isCompared(a) && isCompared(b))
      return { ...e, op: compare, args: [this.#bits(a, 'compare'), this.#bits(b, 'compare')] }
    const bounded = compare && this.#bounds.of(e, this.#loops)
    if (bounded) return { ...e, op: 'i32.lt', args: [this.#bits(bounded.integer, 'bound'), bounded.limit] }
    // A missing element is 0 as bits, and false as either.
    const isTold = (part: Expr): boolean => isCompared(part) || (part.kind === 'op' && integerRead(part) !== undefined)
    if (e.op === 'f64.truthy' && isTold(a)) {
      const zero: Expr = { kind: 'const', value: 0, type: I32, span: e.span }
      return { ...e, op: 'i32.ne', args: [this.#bits(a, 'compare'), zero] }
    }
    const indexes = INDEXES[e.op]
    const isBits = (arg: Expr, i: number): boolean => i === 2 && storesBits(e) && shapes.isNatural(arg)
    const args = e.args.map((arg, i) =>
      indexes?.includes(i) ? this.#index(arg) : isBits(arg, i) ? fromI32(this.#bits(arg, 'bits')) : this.#value(arg),
    )
    return NEUTRAL.has(e.op) && isZero(args[1]!) ? args[0]! : { ...e, args }
  }

  /** A list that is made or named, with i32 elements. */
  #list(e: Expr, local: number): Expr {
    if (e.kind !== 'op') return this.#value(e)
    const store = (value: Expr): Expr => this.#store(local, value)
    switch (e.op) {
      case 'array.new':
        return { ...e, imm: [I32], args: e.args.map(store), type: I32_LIST }
      case 'array.fill': {
        const [list, value, ...ends] = e.args as readonly [Expr, Expr, ...Expr[]]
        const args = [this.#list(list, local), store(value), ...ends.map((end) => this.#index(end))]
        return { ...e, args, type: I32_LIST }
      }
      default:
        return { ...e, imm: [I32], args: e.args.map((arg) => this.#value(arg)), type: I32_LIST }
    }
  }

  /** An operation on a list with i32 elements that a local holds. */
  #onList(e: OpExpr, list: Extract<Expr, { kind: 'local' }>): Expr {
    const [, at, value] = e.args as readonly [Expr, Expr, Expr]
    const held = { ...list, type: I32_LIST }
    switch (e.op) {
      case 'array.get':
        return fromI32(this.#element(e, 'float'))
      case 'array.get_nan': {
        // The index is a local, a constant or their sum, so that asking first whether there is an element does no harm.
        const test: Expr = { ...e, op: 'array.has', args: [held, this.#index(at)], type: BOOL }
        const then = fromI32(this.#element({ ...e, op: 'array.get' }, 'float'))
        const otherwise: Expr = { kind: 'const', value: NaN, type: F64, span: e.span }
        return { kind: 'cond', test, then, else: otherwise, type: F64, span: e.span }
      }
      case 'array.set':
        return { ...e, args: [held, this.#index(at), this.#store(list.local, value)] }
      case 'array.push':
        return { ...e, args: [held, this.#store(list.local, at)] }
      case 'array.fill':
        return this.#list(e, list.local)
      default:
        return { ...e, args: [held, ...e.args.slice(1).map((arg) => this.#index(arg))] }
    }
  }

  /** An element of a narrowed list, as an i32. */
  #element(e: OpExpr, sink: Sink): Expr {
    const [list, at] = e.args as readonly [Extract<Expr, { kind: 'local' }>, Expr]
    this.#audit?.read(list.local, sink, this.#loops)
    return { ...e, args: [{ ...list, type: I32_LIST }, this.#index(at)], type: I32 }
  }

  /** What becomes an element of a narrowed list. */
  #store(list: number, value: Expr): Expr {
    const isNatural = this.#shapes.isNatural(value)
    this.#audit?.set(list, isNatural ? 'computed' : 'converted', this.#loops)
    return this.#bits(value, 'set')
  }

  /** Whether an f64 operation that has a shape is no more than its low 32 bits. */
  #isFloatOfBits(e: OpExpr): boolean {
    const isOp = this.#shapes.through(e) !== undefined || this.#shapes.shapeOf(e) !== undefined
    return isOp && (this.#shapes.isExact(e) || this.#isUnsigned(e))
  }

  #isUnsigned(e: Expr): boolean {
    const range = this.#shapes.rangeOf(e)
    return isIntegerIn(range, 0, U32_MAX) && !range.minusZero
  }

  /** The f64 whose low 32 bits are given: signed when it is an i32, or else unsigned. */
  #float(e: Expr, bits: Expr): Expr {
    const isSigned =
      e.kind === 'local' || (e.kind === 'op' && e.op === 'f64.from_i32') || this.#shapes.rangeOf(e).hi <= I32_MAX
    return {
      kind: 'op',
      op: isSigned ? 'f64.from_i32' : 'f64.from_u32',
      imm: [],
      args: [bits],
      type: F64,
      span: e.span,
    }
  }

  /** What was cut to 32 bits and is used as a number again needs neither where it is an i32 anyway. */
  #fromBits(e: OpExpr): Expr {
    const left: Expr[] = []
    let source = e.args[0]!
    for (; source.kind === 'op' && NEUTRAL.has(source.op) && isZero(source.args[1]!); source = source.args[0]!)
      left.push(source)
    const inPlace = (made: Expr): Expr => left.reduceRight((inner, around) => inPlaceOf(around, inner), made)
    const number = source.kind === 'op' && source.op === 'f64.to_i32' ? source.args[0]! : undefined
    if (number && !this.#shapes.isNatural(number) && this.#shapes.isExact(number))
      return inPlace(inPlaceOf(source, this.#value(number)))
    return this.#float(e, inPlace(this.#value(source)))
  }

  #index(e: Expr): Expr {
    const isIndex = e.kind !== 'const' && this.#shapes.isNatural(e) && this.#shapes.isExact(e)
    const isPlain = e.kind === 'op' && ['array.length', 'string.length', 'typed.length'].includes(e.op)
    if (!isIndex || isPlain) return this.#value(e)
    const bits = this.#bits(e, 'index')
    return fromI32(bits)
  }

  #read(e: Extract<Expr, { kind: 'local' }>, sink: Sink): Expr {
    this.#audit?.read(e.local, sink, this.#loops)
    return { ...e, type: I32 }
  }

  /** The low 32 bits of an f64 expression, as an i32. */
  #bits(e: Expr, sink: Sink): Expr {
    return inPlaceOf(e, this.#bitsOf(e, sink))
  }

  #bitsOf(e: Expr, sink: Sink): Expr {
    switch (e.kind) {
      case 'const':
        return { ...e, value: (e.value as number) | 0, type: I32 }
      case 'local':
        if (this.#narrowed.has(e.local)) return this.#read(e, sink)
        break
      case 'cond':
        return {
          ...e,
          test: this.#value(e.test),
          then: this.#bits(e.then, sink),
          else: this.#bits(e.else, sink),
          type: I32,
        }
      case 'seq':
        return { ...e, body: this.#stmts(e.body), value: this.#bits(e.value, sink), type: I32 }
      case 'op': {
        if (e.op === 'f64.from_i32' || e.op === 'f64.from_u32') return this.#value(e.args[0]!)
        if (this.#shapes.isElement(e)) return this.#element(e, sink)
        const read = integerRead(e)
        if (read) return { ...e, op: read, args: [this.#value(e.args[0]!), this.#index(e.args[1]!)], type: I32 }
        const inner = this.#shapes.through(e)
        if (inner) return this.#bits(inner, sink)
        const shape = this.#shapes.shapeOf(e)
        if (shape) return this.#shaped(e, shape.op, shape.args, sink)
        break
      }
      case 'call':
      case 'invoke':
        break
    }
    return { kind: 'op', op: 'f64.to_i32', imm: [], args: [this.#value(e)], type: I32, span: e.span }
  }

  #shaped(e: OpExpr, op: OpName, parts: readonly (Expr | number)[], sink: Sink): Expr {
    const args = parts.map((part): Expr => {
      if (typeof part === 'number') return { kind: 'const', value: part, type: I32, span: e.span }
      return this.#bits(part, sink)
    })
    return { kind: 'op', op, imm: [], args, type: I32, span: e.span }
  }
}

const I32_LIST = arrayOf(I32)

/** An i32 as a number. */
function fromI32(bits: Expr): Expr {
  return { kind: 'op', op: 'f64.from_i32', imm: [], args: [bits], type: F64, span: bits.span }
}

/** The type of a narrowed local. */
function narrowedType(type: Type): Type {
  return type.kind === 'array' ? I32_LIST : I32
}

/** Whether an expression is a constant whose low 32 bits are 0. */
function isZero(e: Expr): boolean {
  if (e.kind === 'op' && e.op === 'f64.to_i32') return isZero(e.args[0]!)
  return e.kind === 'const' && typeof e.value === 'number' && (e.value | 0) === 0
}
