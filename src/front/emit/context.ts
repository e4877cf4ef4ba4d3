import {
  BOOL,
  cellOf,
  isUnion,
  membersOf,
  UNDEFINED,
  type Expr,
  type Local,
  type Stmt,
  type Type,
} from '../../ir/index.ts'
import type { Code, Span } from '../../base/index.ts'
import type { HExpr, HFunc, HVar } from '../hir.ts'
import type { Analysis } from '../flow/analysis.ts'
import type { Instance } from '../flow/instance.ts'
import type { Slot } from '../flow/slots.ts'
import type { ReportParts } from '../source.ts'
import type { Refusals } from './attempts.ts'
import { op, seq, setLocal } from './make.ts'
import type { TypeTable } from './types.ts'

/**
 * The lists that a program keeps: jobs to run next, those for rejections that nobody awaits, those for answers to effects, and the symbols that have
 * a name of their own.
 */
export type ProgramList = 'jobs' | 'checks' | 'effects' | 'symbols'

/** What the emitter knows of the whole program; functions, globals and closures get their indices here. */
export type ProgramContext = {
  readonly analysis: Analysis
  readonly types: TypeTable
  /** Local variables that a closure takes along before their declaration has run. */
  readonly early: Set<HVar>
  /** Index of the IR function of an instance; it is emitted later. */
  funcIndex(inst: Instance): number
  /** Index of a function that the emitter writes itself, made once for each name. */
  helper(
    name: string,
    params: readonly Local[],
    result: Type,
    span: Span,
    body: (c: FunctionContext) => readonly Stmt[],
  ): number
  /** Index of the IR variable of a module-level variable. */
  globalIndex(v: HVar): number
  /** Index of the IR variable that holds the one closure of a module-level function. */
  closureIndex(inst: Instance): number
  /** Index of the IR variable that holds one of the lists; it is made at the start. */
  listIndex(which: ProgramList): number
  /** As `globalIndex`, of a variable that is undefined from the start. */
  emptyIndex(v: HVar): number
  /** The type of a variable that is bound to a function. */
  typeOfFunction(inst: Instance | null, func: HFunc): Type
  /** Whether calls need no closure: the function uses no variable of an enclosing one. */
  isStatic(func: HFunc): boolean
  /** Whether code is of the prelude, whose names no message may tell. */
  isOfPrelude(span: Span): boolean
  report(code: Code, span: Span, parts: ReportParts): void
  readonly refusals: Refusals
  /** Functions that console may print: the module says of them how they are shown. */
  readonly shown: Set<HFunc>
}

/** Labels of the source are below this. */
const FRESH_LABELS = 1_000_000

type Place = {
  readonly local: number
  readonly type: Type
  /** The variable itself is a cell, which closures share. */
  readonly cell: boolean
  /** The local is a cell in the frame of a generator, which holds the value or the cell. */
  readonly framed: boolean
}

/** The function being emitted: its locals, and where its variables live. */
/** What code is made of an expression. */
type Emitted = { readonly from: HExpr; readonly to: Expr }

/** The spread arguments that were taken apart meanwhile, and whether anything was refused. */
type Spreads = { readonly taken: Set<HExpr>; isRefused: boolean }

export class FunctionContext {
  readonly program: ProgramContext
  readonly inst: Instance
  readonly locals: Local[] = []
  #label = FRESH_LABELS
  readonly #declared = new Set<HVar>()
  readonly #unassigned = new Set<number>()
  readonly #places = new Map<HVar, Place>()
  #watched: Emitted[] | null = null
  #spreads: Spreads | null = null

  constructor(program: ProgramContext, inst: Instance) {
    this.program = program
    this.inst = inst
  }

  /** The first of two labels that no statement of the source has. */
  freshLabel(): number {
    this.#label += 2
    return this.#label
  }

  type(slot: Slot): Type {
    return this.program.types.of(slot)
  }

  typeOf(e: HExpr): Type {
    return this.type(this.inst.slot(e))
  }

  /** A new local; its index follows those of parameters and captures. */
  local(name: string, type: Type): number {
    this.locals.push({ name, type })
    return this.locals.length - 1
  }

  /** The variable lives in a heap cell: closures share it and it changes, or they are made before it has its value. */
  inCell(v: HVar): boolean {
    return v.scope !== null && ((v.captured && v.assigned) || v.checked || this.program.early.has(v))
  }

  /** Whether this function sees the variable in the frame of a generator, rather than taking it along as any closure. */
  isFramed(v: HVar): boolean {
    const { func } = this.inst
    return v.kept === true && (func === v.scope || v.scope?.resumed === func)
  }

  /** The type of what stands for the variable here: its value, its cell, or the cell of the frame. */
  homeType(v: HVar): Type {
    const type = this.inCell(v) ? cellOf(this.varType(v)) : this.varType(v)
    return this.isFramed(v) ? cellOf(type) : type
  }

  varType(v: HVar): Type {
    const { analysis } = this.program
    // Functions in the code of a generator belong to the function that runs it part by part.
    const owner =
      v.kept && this.inst.func === v.scope && v.scope.resumed
        ? analysis.sharedInstance(this.inst, v.scope.resumed)
        : this.inst
    return v.func ? this.program.typeOfFunction(owner, v.func) : this.type(this.program.analysis.varSlot(this.inst, v))
  }

  /** Gives a variable a local: of its own type, or for a cell. */
  place(v: HVar): Place {
    const known = this.#places.get(v)
    if (known) return known
    const cell = this.inCell(v)
    const type = this.varType(v)
    const place = { local: this.local(v.name, this.homeType(v)), type, cell, framed: this.isFramed(v) }
    this.#places.set(v, place)
    if (!v.assigned) this.#unassigned.add(place.local)
    return place
  }

  /** From here on the variable has its cell or its value. */
  declare(v: HVar): void {
    this.#declared.add(v)
  }

  isDeclared(v: HVar): boolean {
    return this.#declared.has(v)
  }

  placeOf(v: HVar): Place | undefined {
    return this.#places.get(v)
  }

  /** A variable that is already in the local `index`, e.g. a parameter. */
  bind(v: HVar, local: number, type: Type, cell: boolean): void {
    const framed = this.isFramed(v)
    this.#places.set(v, { local, type, cell, framed })
    if (!framed) this.#declared.add(v)
    if (!v.assigned) this.#unassigned.add(local)
  }

  get(local: number, span: Span): Expr {
    return { kind: 'local', local, type: this.locals[local]?.type ?? UNDEFINED, span }
  }

  /** Evaluates `x` once: statements that keep it in a local, and a way to read it. Constants and locals that nothing assigns need none. */
  keep(x: Expr): { readonly body: readonly Stmt[]; readonly value: Expr } {
    if (x.kind === 'const' || (x.kind === 'local' && this.#steady(x.local))) return { body: [], value: x }
    const local = this.local('', x.type)
    return { body: [setLocal(local, x)], value: this.get(local, x.span) }
  }

  /** What `make` gives, and what code is made meanwhile of which expressions of this function. */
  watch<T>(make: () => T): { readonly made: T; readonly emitted: readonly Emitted[] } {
    const outer = this.#watched
    const emitted: Emitted[] = []
    this.#watched = emitted
    const made = make()
    this.#watched = outer
    outer?.push(...emitted)
    return { made, emitted }
  }

  /** What `make` gives, and which spread arguments it takes apart. */
  watchSpreads<T>(make: () => T): { readonly made: T } & Readonly<Spreads> {
    const outer = this.#spreads
    const spreads: Spreads = { taken: new Set(), isRefused: false }
    this.#spreads = spreads
    const made = make()
    this.#spreads = outer
    return { made, ...spreads }
  }

  /** Says that the elements of a spread are taken one by one. */
  noteSpread(e: HExpr): void {
    this.#spreads?.taken.add(e)
  }

  /** Says what code is made of an expression. */
  noteEmitted(from: HExpr, to: Expr): void {
    this.#watched?.push({ from, to })
  }

  /** Whether nothing assigns the local between two reads in one expression. */
  #steady(local: number): boolean {
    return this.locals[local]?.name === '' || this.#unassigned.has(local)
  }

  /** `make` of `x`, which is evaluated once although the result may name it several times. */
  using(x: Expr, make: (value: Expr) => Expr): Expr {
    const { body, value } = this.keep(x)
    return seq(body, make(value))
  }

  /** The members of a boxed value's type, one by one, or the type itself. Where some are refused and others not, those end the run if they come. */
  dispatch(x: Expr, type: Type, member: (value: Expr) => Expr): Expr {
    if (!isUnion(x.type)) return member(x)
    const members = [...membersOf(x.type)].reverse()
    return this.using(x, (value) => {
      const { refusals } = this.program
      const attempts = members.map((of) => ({
        of,
        isSymbol: this.program.types.isSymbol(of),
        ...refusals.hold(() => member(op('dyn.unbox', [value], of, value.span, [of]))),
      }))
      const results = refusals.settle(attempts, type)
      return results.slice(1).reduce((otherwise, then, i): Expr => {
        const of = members[i + 1]!
        const test = op('dyn.is', [value], BOOL, value.span, [of])
        return { kind: 'cond', test, then, else: otherwise, type, span: value.span }
      }, results[0]!)
    })
  }

  report(code: Code, span: Span, message: string, hint?: string, feature?: string): void {
    if (this.#spreads) this.#spreads.isRefused = true
    this.program.report(code, span, { message, ...(hint ? { hint } : {}), ...(feature ? { feature } : {}) })
  }
}
