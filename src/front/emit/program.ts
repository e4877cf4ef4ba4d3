import {
  arrayOf,
  funcOf,
  sameType,
  UNDEFINED,
  type Entry,
  type Expr,
  type Func,
  type Global,
  type Local,
  type Module,
  type Stmt,
  type Type,
} from '../../ir/index.ts'
import type { SourceFile, Span } from '../../base/index.ts'
import { completes } from '../completes.ts'
import type { Analysis } from '../flow/analysis.ts'
import { functionCycles } from '../flow/function-cycles.ts'
import { findNests } from '../flow/nesting.ts'
import type { Instance } from '../flow/instance.ts'
import { passedParams } from '../flow/slots.ts'
import { isCopied, type HFunc, type HVar } from '../hir.ts'
import { isRest, type HEntry } from '../hir-program.ts'
import { Refusals } from './attempts.ts'
import { nameOf } from './bound-names.ts'
import { FunctionContext, type ProgramList, type ProgramContext } from './context.ts'
import { coerce, effect, listOf, op, setLocal, undef } from './make.ts'
import { usableEntries, type EmittedEntry } from './entries.ts'
import { mergeFunctions } from './merge.ts'
import { spilled } from './parameters.ts'
import { asSelf, refuseHosted, selfFrom } from './self.ts'
import { formOf } from './shown.ts'
import { emitStatements, resultType } from './statements.ts'
import { refuseUnordered } from './undeclared-fields.ts'
import { refuseRecursive } from './recursive.ts'
import { TypeTable } from './types.ts'
import { capturesOf } from './variables.ts'

/** Turns an analysed program into an IR module: one function for each instance that is called. */
export function emitProgram(
  analysis: Analysis,
  entries: readonly EmittedEntry[],
  files: readonly SourceFile[],
  report: ProgramContext['report'],
): Module {
  refuseUnordered(analysis, report)
  const emitter = new ProgramEmitter(analysis, files, report)
  const init = emitter.funcIndex(analysis.sharedInstance(null, analysis.program.init))
  const wrappers = usableEntries(emitter, entries).map((entry) => emitter.addEntry(entry))
  emitter.emitAll()
  const funcs = emitter.finish(init)
  const objects = emitter.types.definitions()
  if (emitter.types.recursive) refuseRecursive(analysis, report, (span) => emitter.isOfPrelude(span))
  return mergeFunctions({ files, objects, globals: emitter.globals, funcs, init, entries: wrappers })
}

/** Members are named with their class, since nobody but a trace tells their names. */
function nameInModule(inst: Instance): string {
  const { binds, cls, name, thisVar } = inst.func
  if (binds) return nameOf(inst) ?? name
  return cls && thisVar ? `${cls.name}.${name}` : name
}

class ProgramEmitter implements ProgramContext {
  readonly analysis: Analysis
  readonly types: TypeTable
  readonly globals: Global[] = []
  readonly early = new Set<HVar>()
  readonly shown = new Set<HFunc>()
  readonly report: ProgramContext['report']
  readonly refusals: Refusals
  readonly #funcs: (Func | null)[] = []
  readonly #indices = new Map<Instance, number>()
  readonly #queue: Instance[] = []
  readonly #helpers = new Map<string, number>()
  readonly #variables = new Map<HVar, number>()
  readonly #closures = new Map<Instance, number>()
  readonly #empty = new Set<HVar>()
  readonly #lists = new Map<ProgramList, number>()
  readonly #static = new Map<HFunc, boolean>()

  readonly #files: readonly SourceFile[]

  constructor(analysis: Analysis, files: readonly SourceFile[], report: ProgramContext['report']) {
    this.analysis = analysis
    this.#files = files
    const cuts = functionCycles(analysis)
    this.types = new TypeTable(analysis.errorNode, analysis.recursive, cuts, findNests(analysis, cuts))
    this.refusals = new Refusals(report, (span) => this.isOfPrelude(span))
    this.report = this.refusals.report
  }

  funcIndex(inst: Instance): number {
    const known = this.#indices.get(inst)
    if (known !== undefined) return known
    const index = this.#funcs.push(null) - 1
    this.#indices.set(inst, index)
    this.#queue.push(inst)
    return index
  }

  isOfPrelude({ file }: Span): boolean {
    return this.#files[file]?.path.startsWith('.prelude/') ?? false
  }

  helper(
    name: string,
    params: readonly Local[],
    result: Type,
    span: Func['span'],
    body: (c: FunctionContext) => readonly Stmt[],
  ): number {
    const known = this.#helpers.get(name)
    if (known !== undefined) return known
    const index = this.#funcs.push(null) - 1
    this.#helpers.set(name, index)
    const c = new FunctionContext(this, this.analysis.sharedInstance(null, this.analysis.program.init))
    for (const param of params) c.local(param.name, param.type)
    const statements = this.refusals.apart(() => body(c))
    const locals = c.locals.slice(params.length)
    this.#funcs[index] = { name, params, captures: [], locals, result, body: statements, span }
    return index
  }

  globalIndex(v: HVar): number {
    const known = this.#variables.get(v)
    if (known !== undefined) return known
    const type = v.func
      ? this.typeOfFunction(null, v.func)
      : this.types.of(this.analysis.varSlot(this.analysis.sharedInstance(null, this.analysis.program.init), v))
    const index = this.globals.push({ name: v.name, type }) - 1
    this.#variables.set(v, index)
    return index
  }

  closureIndex(inst: Instance): number {
    const known = this.#closures.get(inst) ?? this.#closureOfCopy(inst)
    if (known !== undefined) return known
    const index = this.globals.push({ name: inst.func.name, type: this.types.func(inst.fn) }) - 1
    this.#closures.set(inst, index)
    this.funcIndex(inst)
    return index
  }

  /** Copies of a generic function that meet are one value. */
  #closureOfCopy({ func, fn }: Instance): number | undefined {
    if (!func.generic) return undefined
    for (const [other, index] of this.#closures) if (other.func === func && other.fn.root() === fn.root()) return index
    return undefined
  }

  listIndex(which: ProgramList): number {
    const known = this.#lists.get(which)
    if (known !== undefined) return known
    const index = this.globals.push({ name: which, type: this.#listType(which) }) - 1
    this.#lists.set(which, index)
    return index
  }

  #listType(which: ProgramList): Type {
    return this.types.array(which === 'symbols' ? this.analysis.symbols : this.analysis.jobs)
  }

  emptyIndex(v: HVar): number {
    this.#empty.add(v)
    return this.globalIndex(v)
  }

  /** A variable of a function with copies holds none of them: it only tells whether it has been declared. */
  typeOfFunction(inst: Instance | null, func: HFunc): Type {
    return isCopied(func) ? UNDEFINED : this.types.func(this.analysis.sharedInstance(inst, func).fn)
  }

  /** Recursion is taken to be static until something shows that it is not. */
  isStatic(func: HFunc): boolean {
    const known = this.#static.get(func)
    if (known !== undefined) return known
    this.#static.set(func, true)
    const result = [...func.captures].every(
      (v) =>
        v.func !== undefined &&
        !v.checked &&
        (isCopied(v.func) || !this.analysis.valueUsed.has(v)) &&
        this.isStatic(v.func),
    )
    if (!result) this.#static.clear()
    this.#static.set(func, result)
    return result
  }

  emitAll(): void {
    for (let inst = this.#queue.pop(); inst; inst = this.#queue.pop())
      this.#funcs[this.funcIndex(inst)] = this.#emit(inst)
  }

  /** All functions; the initialiser first makes the closures of module-level functions that are used as values, and what else is there from the start. */
  finish(init: number): Func[] {
    const span = this.analysis.program.init.span
    const closures = [...this.#closures].map(([inst, global]): Stmt => {
      const value = op('closure.new', [], this.types.func(inst.fn), span, [this.funcIndex(inst)])
      return effect(op('global.set', [value], UNDEFINED, span, [global]))
    })
    const lists = [...this.#lists].map(([which, global]): Stmt => {
      const type = this.#listType(which)
      const value = op('array.new', [], type, span, [type.kind === 'array' ? type.elem : UNDEFINED])
      return effect(op('global.set', [value], UNDEFINED, span, [global]))
    })
    const empty = [...this.#empty].map((v): Stmt => {
      const index = this.globalIndex(v)
      return effect(op('global.set', [coerce(undef(span), this.globals[index]!.type)], UNDEFINED, span, [index]))
    })
    const forms = this.#forms()
    return this.#funcs.map((func, i) => {
      if (!func) throw new Error('a function was asked for but not emitted')
      const form = forms.get(i)
      if (form !== undefined) return { ...func, form }
      return i === init ? { ...func, body: [...closures, ...lists, ...empty, ...func.body] } : func
    })
  }

  /** How functions are shown that the program may show. */
  #forms(): ReadonlyMap<number, string> {
    const forms = new Map<number, string>()
    for (const [{ func }, index] of this.#indices) {
      const form = this.shown.has(func) ? formOf(func) : undefined
      if (form !== undefined) forms.set(index, form)
    }
    return forms
  }

  #emit(inst: Instance): Func {
    const c = new FunctionContext(this, inst)
    const { func } = inst
    const prologue = this.#bindParams(c, inst)
    const paramCount = c.locals.length
    for (const v of capturesOf(c, func)) {
      const cell = c.inCell(v)
      const type = c.varType(v)
      c.bind(v, c.local(v.name, c.homeType(v)), type, cell)
    }
    const captureCount = c.locals.length - paramCount
    const cells = prologue()
    const body = func.body()
    const statements = [...cells, ...emitStatements(c, body)]
    if (completes(body))
      statements.push({ kind: 'return', value: coerce(undef(func.span), resultType(c)), span: func.span })
    return {
      name: nameInModule(inst),
      params: c.locals.slice(0, paramCount),
      captures: c.locals.slice(paramCount, paramCount + captureCount),
      locals: c.locals.slice(paramCount + captureCount),
      result: resultType(c),
      body: statements,
      span: func.span,
    }
  }

  /** Locals for the receiver and the parameters; those that closures share move into cells when the body starts. */
  #bindParams(c: FunctionContext, inst: Instance): () => Stmt[] {
    const { func } = inst
    const moves: { readonly v: HVar; readonly value: () => Expr }[] = []
    const bind = (v: HVar, type: Local['type']): void => {
      const local = c.local(v.name, type)
      // A rest parameter that is assigned something else is wider than the array that comes.
      if (c.inCell(v) || !sameType(type, c.varType(v))) moves.push({ v, value: () => c.get(local, v.span) })
      else c.bind(v, local, type, false)
    }
    if (func.thisVar && inst.self) bind(func.thisVar, this.types.object(inst.self))
    const node = inst.fn.root()
    const [own] = node.self ? this.types.params(node) : []
    if (own && func.thisVar) {
      const v = func.thisVar
      refuseHosted(c, func, node)
      if (!this.types.wrapper(node)) bind(v, own)
      else {
        const local = c.local('this', own)
        moves.push({ v, value: () => selfFrom(c, node, c.get(local, v.span)) })
      }
    } else if (own) c.local('unused', own)
    else if (func.thisVar && !inst.self) moves.push({ v: func.thisVar, value: () => undef(func.span) })
    passedParams(node).forEach((slot, i) => {
      const v = func.params[i]?.variable
      if (v) bind(v, this.types.of(slot))
      else c.local('unused', this.types.of(slot))
    })
    if (node.rest) {
      const { at } = node.rest
      const type = arrayOf(this.types.content(node.rest.elem))
      if (func.rest && !func.takesAll && func.params.length === at) bind(func.rest, type)
      else {
        const local = c.local(func.params.length > at || func.rest ? 'arguments' : 'unused', type)
        moves.push(
          ...spilled(func, at).map((part) => ({ v: part.v, value: () => part.from(c.get(local, part.v.span)) })),
        )
      }
    }
    for (const { v } of moves) c.declare(v)
    return () => moves.map(({ v, value }) => this.#move(c, v, value()))
  }

  #move(c: FunctionContext, v: HVar, given: Expr): Stmt {
    const { local: to, type, cell } = c.place(v)
    const value = coerce(given, type)
    return setLocal(to, cell ? op('cell.new', [value], c.get(to, v.span).type, v.span) : value)
  }

  /** A function that takes the inputs in the types that the entry declares and passes them on. */
  addEntry({ entry, flow }: EmittedEntry): Entry {
    const { instance, params } = flow
    const { span } = entry
    const types = params.map((slot) => this.types.of(slot))
    const wanted = this.types.params(instance.fn)
    const given = types.map((type, local): Expr => ({ kind: 'local', local, type, span }))
    const self = asSelf(new FunctionContext(this, instance), instance.fn, undef(span))
    const args = wanted.map((type, i): Expr => coerce([...self, ...given][i] ?? undef(span), type))
    const { rest, spills } = instance.fn.root()
    const { takesAll } = entry.func
    if (rest && (spills || takesAll)) {
      // Which arguments a caller left out is no longer known.
      const isLost = takesAll ? entry.params.some((param) => param.optional) : entry.func.params.length !== rest.at
      if (entry.func.rest && isLost) this.#refuseSpill(entry)
      const list = listOf(given.slice(rest.at), this.types.content(rest.elem), span)
      if (!entry.func.rest || takesAll) args.splice(rest.at + self.length, 1, list)
    }
    const result = this.types.of(instance.fn.root().result)
    const target = this.funcIndex(instance)
    const direct = sameType(funcOf(types, result), this.types.func(instance.fn))
    const body: Stmt[] = [{ kind: 'return', value: { kind: 'call', func: target, args, type: result, span }, span }]
    const locals = entry.params.map((param, i): Local => ({ name: param.name, type: types[i] ?? UNDEFINED }))
    const func = direct
      ? target
      : this.#funcs.push({ name: entry.name, params: locals, captures: [], locals: [], result, body, span }) - 1
    return {
      name: entry.name,
      func,
      params: entry.params.map((param, i) => ({
        name: param.name,
        type: types[i] ?? UNDEFINED,
        optional: param.optional && !isRest(entry, i),
      })),
      result,
    }
  }

  /** Its own rest parameter begins behind that of a function that it meets. */
  #refuseSpill({ span }: HEntry): void {
    const message = 'functions with different rest parameters meet here'
    const hint = 'Give them the same parameters, or pass an array.'
    this.report('ANRF1104', span, { message, hint, feature: 'rest parameter' })
  }
}
