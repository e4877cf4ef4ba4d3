// Random well-typed modules, composed from the operation table: the same seed gives the same module. Loops are bounded
// and most calls back are counted, so that runs end, if only in a trap or at a limit. What is computed on the way goes
// to a trace, which the entries give back, so that little of it is without consequence.
import { NO_SPAN, type Span } from '../../src/base/index.ts'
import {
  ANY,
  arrayOf,
  cellOf,
  F64,
  UNDEFINED,
  type Entry,
  type Func,
  type Local,
  type Module,
  type ObjectDef,
  type Stmt,
  type Type,
} from '../../src/ir/index.ts'
import { ExprGenerator } from './generate-expr.ts'
import { probeBody, probeHead } from './generate-probe.ts'
import { BodyGenerator, type Size } from './generate-stmt.ts'
import {
  closureType,
  isGivable,
  makeError,
  makeObject,
  makeType,
  makeViews,
  NAMES,
  type FuncHead,
} from './generate-type.ts'
import { makeRandom, type Random } from './random.ts'

/** A random module that `checkModule` accepts, with entries that take what JSON can hold. */
export function generateModule(seed: number, sizes = SIZES): Module {
  const random = makeRandom(seed)
  const module = new ModuleGenerator(random, random.pick(sizes)).module()
  return seed % FORMS.length < 4 ? module : { ...module, funcs: module.funcs.map((func, i) => formed(func, seed + i)) }
}

/** Functions in half of the modules may have forms, which change nothing but how they are shown. */
const FORMS = ['', '', 'AsyncFunction', 'GeneratorFunction', 'AsyncGeneratorFunction', 'class ', 'class B', 'class a b']

function formed(func: Func, at: number): Func {
  const form = FORMS[at % FORMS.length] ?? ''
  return form === '' ? func : { ...func, form }
}

const SIZES: readonly Size[] = [
  { funcs: 1, stmts: 4, depth: 3, applied: 8 },
  { funcs: 2, stmts: 3, depth: 2, applied: 8 },
  { funcs: 3, stmts: 4, depth: 3, applied: 8 },
]

/** A function, or some operations: of these many are tried in the time of one of the others. */
export const SMALL_SIZES: readonly Size[] = [
  { funcs: 1, stmts: 2, depth: 2, applied: 0 },
  { funcs: 1, stmts: 3, depth: 2, applied: 0 },
  { funcs: 0, stmts: 2, depth: 2, applied: 4 },
]

/** Globals that every module has: what was computed on the way, and how often functions may still call back. */
export const TRACE = 0
export const TURNS = 1
const TRACE_TYPE = arrayOf(ANY)

/** A module in so many has typed arrays that fit together. */
const VIEWS_EVERY = 8

/** How the body of a function is made. */
type Plan = { readonly head: FuncHead; readonly write: (exprs: ExprGenerator, body: BodyGenerator) => Stmt[] }

class ModuleGenerator {
  readonly #random: Random
  readonly #size: Size
  readonly #objects: ObjectDef[] = []
  readonly #globals: { name: string; type: Type }[] = []
  readonly #plans: Plan[] = []
  readonly #funcs: Func[] = []

  constructor(random: Random, size: Size) {
    this.#random = random
    this.#size = size
  }

  module(): Module {
    const { int, oneIn } = this.#random
    const objectCount = 1 + int(3)
    this.#objects.push(makeError(this.#random, objectCount))
    if (oneIn(VIEWS_EVERY)) this.#objects.push(...makeViews(this.#random))
    for (let i = 0; i < objectCount; i++) this.#objects.push(makeObject(this.#random, this.#objects, objectCount))
    this.#globals.push({ name: 'trace', type: TRACE_TYPE }, { name: 'turns', type: F64 })
    for (let i = 0; i < this.#size.funcs; i++) this.#plans.push(this.#plan(i % 2 === 0))
    for (let i = 0; i < 2; i++) this.#globals.push({ name: this.#name(), type: this.type(2) })
    if (this.#size.applied > 0) this.#plans.push(this.#probe())
    if (this.#size.funcs > 0) this.#plans.push(this.#main())
    this.#plans.push(this.#init())
    const init = this.#plans.length - 1
    for (const plan of this.#plans) this.#funcs.push(this.#write(plan))
    return { ...this.#parts(), init, entries: this.#entries() }
  }

  type(depth: number): Type {
    return makeType(this.#random, { objects: this.#objects, funcs: this.#plans.map((plan) => plan.head) }, depth)
  }

  #parts(): Omit<Module, 'init' | 'entries'> {
    const files = [
      { path: 'main.ts', lines: [0, 40, 90, 1000] },
      { path: 'lib/a "b".ts', lines: [0] },
    ]
    // Bodies of functions that are not made yet are looked at by nobody.
    const heads = this.#plans.slice(this.#funcs.length).map(({ head }): Func => ({ ...head, body: [], span: NO_SPAN }))
    return { files, objects: this.#objects, globals: this.#globals, funcs: [...this.#funcs, ...heads] }
  }

  #plan(canCapture: boolean): Plan {
    const { int, oneIn, pick } = this.#random
    // Few types, so that there are locals to copy from and to.
    const types = [F64, F64, this.type(2), this.type(2), ...(oneIn(3) ? this.#closures() : [])]
    const local = (): Local => ({ name: this.#name(), type: pick(types) })
    const params = Array.from({ length: int(3) }, local)
    const captures = canCapture ? Array.from({ length: int(3) }, local).map((c) => this.#maybeCell(c)) : []
    const result = oneIn(2) ? F64 : this.type(2)
    const locals = Array.from({ length: 2 + int(4) }, local).map((l) => (oneIn(4) ? this.#maybeCell(l) : l))
    const head = { name: this.#name(), params, captures, locals, result }
    return { head, write: (_, body) => body.whole() }
  }

  /** The type of the closures of some function that is known by now. */
  #closures(): Type[] {
    const heads = this.#plans.map(({ head }) => head).filter((f) => !f.params.some((p) => p.type.kind === 'cell'))
    return heads.length > 0 ? [closureType(this.#random.pick(heads))] : []
  }

  #probe(): Plan {
    const head = { name: 'probe', captures: [], ...probeHead(this.#random, (depth) => this.type(depth)) }
    return { head, write: (_, body) => probeBody(body, this.#size.applied) }
  }

  /** Calls the others, each in a try of its own, and gives what they traced. */
  #main(): Plan {
    const head = { name: 'main', params: [{ name: 'p', type: F64 }], captures: [], locals: [], result: TRACE_TYPE }
    return { head, write: (exprs, body) => [...body.callAll(), exprs.result(exprs.trace())] }
  }

  /** Sets the globals; the last one at times not, so that reading it throws. */
  #init(): Plan {
    const head = { name: 'init', params: [], captures: [], locals: [], result: UNDEFINED }
    const { int, oneIn } = this.#random
    return {
      head,
      write: (exprs, body) => [
        ...this.#globals.slice(0, oneIn(8) ? -1 : undefined).map(({ type }, i) => {
          const value =
            i === TRACE
              ? exprs.op('array.new', [ANY], [], type)
              : i === TURNS
                ? exprs.number(int(12))
                : exprs.leaf(type)
          return exprs.stmtOf(exprs.op('global.set', [i], [value], UNDEFINED))
        }),
        ...(oneIn(3) ? body.stmts(1, 1) : []),
        exprs.result(exprs.leaf(UNDEFINED)),
      ],
    }
  }

  #maybeCell(local: Local): Local {
    return this.#random.oneIn(2) ? { ...local, type: cellOf(local.type) } : local
  }

  #write({ head, write }: Plan): Func {
    const given = head.params.length + head.captures.length
    const all = [...head.params, ...head.captures, ...head.locals]
    const span = this.#spans()
    const module = { ...this.#parts(), init: 0, entries: [] }
    const exprs = new ExprGenerator(this.#random, module, all, span, (depth) => this.type(depth), this.#funcs.length)
    const body = new BodyGenerator(this.#random, exprs, all, { given, result: head.result, size: this.#size })
    const { name, params, captures, result } = head
    const stmts = write(exprs, body)
    return { name, params, captures, locals: all.slice(given), result, body: stmts, span: span() }
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

  #entries(): Entry[] {
    return this.#funcs.flatMap((func, i) => {
      if (func.captures.length > 0 || !func.params.every((p) => isGivable(this.#objects, p.type))) return []
      const params = func.params.map(({ type }, at) => ({ name: `p${at}`, type, optional: type.kind === 'undefined' }))
      return [
        {
          name: ['main', 'probe'].includes(func.name) ? func.name : `entry ${i}`,
          func: i,
          params,
          result: func.result,
        },
      ]
    })
  }
}
