// Random well-typed modules, composed from the operation table: the same seed gives the same module. Loops are bounded
// and functions call only themselves and functions before them, so that runs end, if only in a trap or at a limit.
import { NO_SPAN, type Span } from '../../src/base/index.ts'
import {
  admits,
  ANY,
  arrayOf,
  BOOL,
  cellOf,
  ERROR_OBJECT,
  F64,
  funcOf,
  I32,
  NULL,
  objectOf,
  STRING,
  tupleOf,
  UNDEFINED,
  unionOf,
  type Expr,
  type Field,
  type Func,
  type Local,
  type Module,
  type ObjectDef,
  type Stmt,
  type Type,
} from '../../src/ir/index.ts'
import { ExprGenerator } from './generate-expr.ts'
import { makeRandom, type Random } from './random.ts'

/** How large a random module is. */
export type Size = { readonly funcs: number; readonly stmts: number; readonly depth: number }

/** A random module that `checkModule` accepts, with entries that take what JSON can hold. */
export function generateModule(seed: number, size: Size = { funcs: 5, stmts: 5, depth: 3 }): Module {
  return new ModuleGenerator(makeRandom(seed), size).module()
}

const NAMES = ['x', 'total', '$1', 'a b', '', 'while', 'NaN', 'Infinity', 'ünïcode', '\ud800', '"', '#5', 'f64.add']

class ModuleGenerator {
  readonly #random: Random
  readonly #size: Size
  readonly #objects: ObjectDef[] = [ERROR_OBJECT]
  readonly #globals: { name: string; type: Type }[] = []
  readonly #funcs: Func[] = []

  constructor(random: Random, size: Size) {
    this.#random = random
    this.#size = size
  }

  module(): Module {
    const { int } = this.#random
    const objectCount = 1 + int(4)
    for (let i = 0; i < objectCount; i++) this.#objects.push(this.#object(objectCount))
    for (let i = 0; i < 2; i++) this.#globals.push({ name: this.#name(), type: this.type(2) })
    for (let i = 0; i < this.#size.funcs; i++) this.#funcs.push(this.#func(i % 2 === 0))
    const init = this.#funcs.push(this.#init()) - 1
    return { ...this.#parts(), init, entries: this.#entries() }
  }

  /** A random type, nested at most `depth` deep, with functions only of the types that exist so far. */
  type(depth: number): Type {
    const { pick, int, oneIn } = this.#random
    if (depth === 0 || oneIn(3)) return pick([F64, F64, F64, I32, BOOL, STRING, STRING, UNDEFINED, NULL, ANY])
    const inner = (): Type => this.type(depth - 1)
    switch (int(5)) {
      case 0:
        return arrayOf(inner())
      case 1:
        return tupleOf(Array.from({ length: int(4) }, inner))
      case 2:
        return objectOf(int(this.#objects.length))
      case 3: {
        const func = this.#funcs.find((f) => oneIn(2) && !f.params.some((p) => p.type.kind === 'cell'))
        return func ? closureType(func) : F64
      }
      default:
        return this.#union(inner)
    }
  }

  #union(inner: () => Type): Type {
    const { pick } = this.#random
    const options = [UNDEFINED, NULL, F64, STRING, BOOL, objectOf(0), objectOf(this.#objects.length - 1)]
    const more = inner()
    const extra = more.kind === 'array' || more.kind === 'func' ? [more] : []
    return unionOf([pick(options), pick(options), ...extra])
  }

  #object(objectCount: number): ObjectDef {
    const { int, oneIn } = this.#random
    const role = oneIn(3) ? 'class' : 'record'
    const field = (_: unknown, i: number): Field => ({
      name: `${this.#name()}${i}`,
      type: oneIn(4) ? unionOf([NULL, objectOf(1 + int(objectCount))]) : this.type(1),
      ...(role === 'record' && oneIn(3) && { optional: true }),
      ...(oneIn(6) && { hidden: true }),
    })
    return { role, name: this.#name(), fields: Array.from({ length: int(4) }, field) }
  }

  #parts(): Omit<Module, 'init' | 'entries'> {
    const files = [
      { path: 'main.ts', lines: [0, 40, 90, 1000] },
      { path: 'lib/a "b".ts', lines: [0] },
    ]
    return { files, objects: this.#objects, globals: this.#globals, funcs: this.#funcs }
  }

  #func(canCapture: boolean): Func {
    const { int, oneIn, pick } = this.#random
    // Few types, so that there are locals to copy from and to.
    const types = [F64, F64, this.type(2), this.type(2)]
    const local = (): Local => ({ name: this.#name(), type: pick(types) })
    const params = Array.from({ length: int(3) }, local)
    const captures = canCapture ? Array.from({ length: int(2) }, local).map((c) => this.#maybeCell(c)) : []
    const result = oneIn(2) ? F64 : this.type(2)
    const locals = Array.from({ length: 2 + int(4) }, local).map((l) => (oneIn(4) ? this.#maybeCell(l) : l))
    const head = { name: this.#name(), params, captures, locals, result }
    if (!oneIn(3)) return this.#withBody(head)
    // A function that is there while its body is made may be called by it.
    this.#funcs.push({ ...head, body: [], span: NO_SPAN })
    const func = this.#withBody(head)
    this.#funcs.pop()
    return func
  }

  #maybeCell(local: Local): Local {
    return this.#random.oneIn(2) ? { ...local, type: cellOf(local.type) } : local
  }

  /** The initialiser sets every global, so that other functions find them set. */
  #init(): Func {
    return this.#withBody({ name: 'init', params: [], captures: [], locals: [], result: UNDEFINED }, (exprs) =>
      this.#globals.map((global, i) => exprs.stmtOf(exprs.op('global.set', [i], [exprs.leaf(global.type)], UNDEFINED))),
    )
  }

  #withBody(head: Omit<Func, 'body' | 'span'>, first?: (exprs: ExprGenerator) => Stmt[]): Func {
    const locals: Local[] = [...head.locals]
    const all = [...head.params, ...head.captures, ...locals]
    const spanOf = this.#spans()
    const module = { ...this.#parts(), init: 0, entries: [] }
    const exprs = new ExprGenerator(this.#random, module, all, spanOf, (depth) => this.type(depth))
    const body = new BodyGenerator(this.#random, exprs, all, head.result, this.#size)
    const given = head.params.length + head.captures.length
    const stmts = [...(first?.(exprs) ?? []), ...body.setAll(given), ...body.stmts(this.#size.stmts), body.last()]
    return { ...head, locals: [...locals, ...all.slice(given + locals.length)], body: stmts, span: spanOf() }
  }

  #spans(): () => Span {
    const { int, oneIn } = this.#random
    let start = int(500)
    let file = int(2)
    return () => {
      if (oneIn(20)) return NO_SPAN
      if (oneIn(30)) file = 1 - file
      start = Math.max(0, start + int(12) - 4)
      return { file, start, end: start + int(30) }
    }
  }

  #name(): string {
    return this.#random.pick(NAMES)
  }

  #entries(): Module['entries'] {
    const isPlain = (type: Type): boolean => ['f64', 'string', 'bool', 'undefined', 'null'].includes(type.kind)
    return this.#funcs.flatMap((func, i) => {
      if (func.captures.length > 0 || !func.params.every((p) => isPlain(p.type))) return []
      const params = func.params.map(({ type }, at) => ({ name: `p${at}`, type, optional: type.kind === 'undefined' }))
      return [{ name: `entry ${i}`, func: i, params, result: func.result }]
    })
  }
}

/** Whether locals of the type may be read before they are set. spec: module#locals */
function hasDefault(type: Type): boolean {
  return ['f64', 'i32', 'bool', 'string'].includes(type.kind) || admits(type, UNDEFINED)
}

function closureType(func: Func): Type {
  return funcOf(
    func.params.map((p) => p.type),
    func.result,
  )
}

/** Writes statements; `locals` grows by the counters of loops. */
class BodyGenerator {
  readonly #random: Random
  readonly #exprs: ExprGenerator
  readonly #locals: Local[]
  readonly #result: Type
  readonly #size: Size
  readonly #targets: { label: number; isLoop: boolean }[] = []
  #labelCount = 0
  #tryDepth = 0

  constructor(random: Random, exprs: ExprGenerator, locals: Local[], result: Type, size: Size) {
    this.#random = random
    this.#exprs = exprs
    this.#locals = locals
    this.#result = result
    this.#size = size
    exprs.body = this
  }

  setAll(first: number): Stmt[] {
    return this.#locals.slice(first).flatMap(({ type }, i) => {
      if (hasDefault(type) && this.#random.oneIn(2)) return []
      return [this.#set(first + i, this.#exprs.leaf(type))]
    })
  }

  stmts(count: number, depth = this.#size.depth): Stmt[] {
    return Array.from({ length: 1 + this.#random.int(count) }, () => this.#stmt(depth))
  }

  last(): Stmt {
    return { kind: 'return', value: this.#exprs.expr(this.#result, this.#size.depth), span: this.#exprs.span() }
  }

  #set(local: number, value: Expr): Stmt {
    return { kind: 'set', local, value, span: this.#exprs.span() }
  }

  #stmt(depth: number): Stmt {
    const { int, oneIn } = this.#random
    if (depth === 0 || oneIn(2)) return this.#flat(depth)
    const span = this.#exprs.span()
    const inner = (): Stmt[] => this.stmts(2, depth - 1)
    switch (int(5)) {
      case 0: {
        const test = this.#exprs.expr(BOOL, depth)
        return { kind: 'if', test, then: inner(), else: oneIn(2) ? inner() : [], span }
      }
      case 1:
        return this.#within(false, (label) => ({ kind: 'block', label, body: inner(), span }))
      case 2:
        return this.#loop(depth)
      case 3:
        return this.#switch(depth)
      default:
        return this.#try(depth)
    }
  }

  #flat(depth: number): Stmt {
    const { int, pick, oneIn } = this.#random
    const span = this.#exprs.span()
    if (oneIn(this.#tryDepth > 0 ? 8 : 40)) return { kind: 'throw', value: this.#exprs.expr(ANY, 1), span }
    if (oneIn(40)) return this.last()
    if (this.#targets.length > 0 && oneIn(4)) {
      const { label, isLoop } = pick(this.#targets)
      return { kind: isLoop && oneIn(2) ? 'continue' : 'break', label, span }
    }
    if (oneIn(4)) return this.#declare(depth)
    const local = this.#exprs.settable(int(100))
    const copied = local === undefined || !oneIn(4) ? undefined : this.#exprs.local(this.#locals[local]!.type)
    if (local !== undefined && copied) return this.#set(local, copied)
    if (local !== undefined && oneIn(2)) return this.#set(local, this.#exprs.expr(this.#locals[local]!.type, depth))
    return this.#exprs.stmtOf(this.#exprs.effect(depth))
  }

  /** Sets a new local, this once; often it is a copy of another. */
  #declare(depth: number): Stmt {
    const { pick, oneIn } = this.#random
    const plain = this.#locals.map((local) => local.type).filter(hasDefault)
    const type = plain.length > 0 ? pick(plain) : F64
    const value = (oneIn(2) ? this.#exprs.local(type) : undefined) ?? this.#exprs.expr(type, depth)
    const local = this.#locals.push({ name: 'once', type }) - 1
    this.#exprs.freeze(local)
    return this.#set(local, value)
  }

  /** A statement with a new label, which what is inside may jump to. */
  #within(isLoop: boolean, make: (label: number) => Stmt): Stmt {
    const label = this.#labelCount++
    this.#targets.push({ label, isLoop })
    const stmt = make(label)
    this.#targets.pop()
    return stmt
  }

  /** `for (i = 0; i < n; i++)`, in one of its three forms, around in a block so that i starts at 0 each time. */
  #loop(depth: number): Stmt {
    const { int, oneIn } = this.#random
    const [exprs, span] = [this.#exprs, this.#exprs.span()]
    const counter = this.#locals.push({ name: 'i', type: F64 }) - 1
    exprs.freeze(counter)
    const i = (): Expr => ({ kind: 'local', local: counter, type: F64, span: exprs.span() })
    const start = this.#set(counter, exprs.number(0))
    const step = this.#set(counter, exprs.op('f64.add', [], [i(), exprs.number(1)], F64))
    const below = exprs.op('f64.lt', [], [i(), exprs.number(int(5))], BOOL)
    const outer = this.#labelCount++
    const loop = this.#within(true, (label): Stmt => {
      const rest = { kind: 'loop', label, update: [step], span } as const
      if (!oneIn(3)) return { ...rest, test: below, post: oneIn(2), body: this.stmts(3, depth - 1) }
      const leave: Stmt = { kind: 'if', test: below, then: [], else: [{ kind: 'break', label, span }], span }
      return { ...rest, post: oneIn(2), body: [leave, ...this.stmts(2, depth - 1)] }
    })
    return { kind: 'block', label: outer, body: [start, loop], span }
  }

  #switch(depth: number): Stmt {
    const { int, pick } = this.#random
    const span = this.#exprs.span()
    const type = pick([F64, STRING, BOOL, ANY])
    const subject = this.#exprs.expr(type, depth)
    const count = int(4)
    const defaultAt = int(5)
    return this.#within(false, (label) => {
      const cases = Array.from({ length: count }, (_, i) => ({
        ...(i !== defaultAt && { test: this.#exprs.expr(type, 1) }),
        body: this.stmts(2, depth - 1),
      }))
      return { kind: 'switch', label, subject, cases, span }
    })
  }

  #try(depth: number): Stmt {
    const { oneIn } = this.#random
    const span = this.#exprs.span()
    this.#tryDepth++
    const body = this.stmts(3, depth - 1)
    this.#tryDepth--
    const local = this.#locals.push({ name: 'error', type: ANY }) - 1
    const caught = oneIn(4) ? {} : { catch: { local, body: this.stmts(2, depth - 1) } }
    return { kind: 'try', body, ...caught, ...(oneIn(2) && { finally: this.stmts(1, depth - 1) }), span }
  }
}
