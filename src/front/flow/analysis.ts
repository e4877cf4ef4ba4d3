import { ANY, ARR, FN, OBJ, UNDEF } from '../kinds.ts'
import type { HClass, HEntry, HExpr, HFunc, HProgram, HVar, TypeDesc } from '../hir.ts'
import { Instance } from './instance.ts'
import { ArrNode, ObjNode, Slot, Solver } from './slots.ts'
import { visitBody } from './statements.ts'

/** Copies of a generic function that call each other in a chain longer than this share one. */
const CHAIN_MAX = 16

/** An entry as the analysis sees it: a place for each argument, filled with what the declared types allow. */
export type EntryFlow = { readonly instance: Instance; readonly params: readonly Slot[] }

/** The whole-program analysis: every slot of every instance, and what may be thrown. */
export class Analysis {
  readonly solver = new Solver()
  readonly program: HProgram
  readonly thrown = new Slot()
  readonly errorNode = new ObjNode(null, true)
  /** Variables bound to a function that is also used other than by calling it by name. */
  readonly valueUsed = new Set<HVar>()
  /** Variables bound to a function that is called by that name. */
  readonly called = new Set<HVar>()
  readonly #globals = new Map<HVar, Slot>()
  readonly #classes = new Map<HClass, ObjNode>()
  readonly #shared = new Map<HFunc, Map<Instance | null, Instance>>()
  readonly #described = new Map<TypeDesc, { obj?: ObjNode; arr?: ArrNode }>()
  readonly #queue: Instance[] = []
  #narrows: { readonly from: Slot; readonly to: Slot }[] = []

  constructor(program: HProgram) {
    this.program = program
    this.solver.field(this.errorNode, 'name')
    this.solver.addObj(this.thrown, this.errorNode)
  }

  /** Analyses all instances that were asked for, and those they ask for, to the fixed point. */
  run(): void {
    for (;;) {
      const next = this.#queue.pop()
      if (next) visitBody(this, next)
      else if (!this.solver.idle()) this.solver.run()
      else if (!this.#releaseNarrows()) return
    }
  }

  /** Remembers a place where the checker or the program says what kinds a value is of. */
  noteNarrow(from: Slot, to: Slot): void {
    this.#narrows.push({ from, to })
  }

  /** Where nothing of what comes is of the kinds that are said, the word is wrong, and as in JavaScript the values go on as they are. */
  #releaseNarrows(): boolean {
    let released = false
    this.#narrows = this.#narrows.filter(({ from, to }) => {
      if (to.root().kinds !== 0 || from.root().kinds === 0) return true
      this.solver.edge(from, to)
      released = true
      return false
    })
    return released
  }

  /** An entry with arguments of its declared types; the rest parameter is given as an array. */
  addEntry(entry: HEntry): EntryFlow {
    const instance = this.sharedInstance(null, entry.func)
    const { rest } = instance.fn.root()
    const params = entry.params.map((param, i) => {
      const slot = new Slot()
      this.describe(slot, param.type)
      if (param.optional && !(rest && i >= rest.at)) this.solver.addKinds(slot, UNDEF)
      return slot
    })
    params.forEach((slot, i) => {
      if (!rest || i < rest.at) return this.solver.edge(slot, this.solver.param(instance.fn, i))
      const { arr } = slot.root()
      if (arr) this.solver.unify(rest.elem, arr.root().elem)
    })
    this.solver.noteArgs(instance.fn, params.length)
    return { instance, params }
  }

  /** The slot of a variable as code of `inst` sees it. */
  varSlot(inst: Instance, v: HVar): Slot {
    const home = v.scope === null ? this.#globals : this.#homeOf(inst, v).vars
    const known = home.get(v)
    if (known) return known.root()
    const slot = new Slot()
    home.set(v, slot)
    return slot
  }

  #homeOf(inst: Instance, v: HVar): Instance {
    for (let at: Instance | null = inst; at; at = at.parent) if (at.func === v.scope) return at
    throw new Error(`variable ${v.name} is not in scope of ${inst.func.name}`)
  }

  /** Whether some class whose instances the program may make has a method of this name. */
  hasMethod(name: string): boolean {
    return [...this.#classes.keys()].some((cls) => cls.methods.has(name))
  }

  /** The node for instances of a class, with its declared fields. */
  classNode(cls: HClass): ObjNode {
    const known = this.#classes.get(cls)
    if (known) return known
    const node = new ObjNode(cls)
    this.#classes.set(cls, node)
    for (const field of cls.fields) {
      const { slot } = this.solver.field(node, field.name)
      if (!field.definite) this.solver.addKinds(slot, UNDEF)
    }
    // Conversions to text call it without naming it.
    const toString = cls.methods.get('toString')
    if (toString) this.solver.noteArgs(this.sharedInstance(null, toString).fn, 0)
    return node
  }

  /**
   * The instance of `func` that code in `inst` calls at `at`. Generic functions without captures get a new one for each
   * place, except in recursion, where the enclosing one is used again.
   */
  instanceFor(inst: Instance, func: HFunc, at: HExpr): Instance {
    if (!func.generic || func.captures.size > 0) return this.sharedInstance(inst, func)
    let depth = 0
    for (let up: Instance | null = inst; up; up = up.origin) {
      if (up.func === func) return up
      depth++
    }
    if (depth > CHAIN_MAX) return this.sharedInstance(inst, func)
    return inst.once(at, `instance ${func.name}`, () => this.#make(func, this.#parentFor(inst, func), inst))
  }

  sharedInstance(inst: Instance | null, func: HFunc): Instance {
    const parent = inst && this.#parentFor(inst, func)
    let byParent = this.#shared.get(func)
    if (!byParent) this.#shared.set(func, (byParent = new Map()))
    let found = byParent.get(parent)
    if (!found) byParent.set(parent, (found = this.#make(func, parent, inst)))
    return found
  }

  #parentFor(inst: Instance, func: HFunc): Instance | null {
    if (!func.parent) return null
    for (let at: Instance | null = inst; at; at = at.parent) if (at.func === func.parent) return at
    return null
  }

  #make(func: HFunc, parent: Instance | null, origin: Instance | null): Instance {
    const inst = new Instance(func, parent, origin)
    inst.fn.declared = func.params.length
    inst.fn.instances.add(inst)
    func.params.forEach((param, i) => inst.vars.set(param.variable, this.solver.param(inst.fn, i)))
    if (func.rest) {
      const rest = new ArrNode()
      inst.fn.rest = { at: func.params.length, elem: rest.elem }
      const slot = new Slot()
      this.solver.addArr(slot, rest)
      inst.vars.set(func.rest, slot)
    }
    if (func.thisVar && func.cls) {
      const self = new Slot()
      this.solver.addObj(self, this.classNode(func.cls))
      inst.vars.set(func.thisVar, self)
    }
    this.#queue.push(inst)
    return inst
  }

  /** Fills a slot with what a declared type allows. */
  describe(slot: Slot, type: TypeDesc): void {
    this.solver.addKinds(slot, type.kinds & ~(ARR | OBJ | FN))
    if (type.cls) this.solver.addObj(slot, this.classNode(type.cls))
    else if (type.fields) this.solver.addObj(slot, this.#describeRecord(type))
    if (type.elem || type.tuple) this.solver.addArr(slot, this.#describeArray(type))
    if (type.kinds & FN) this.solver.addKinds(slot, ANY)
  }

  #describeRecord(type: TypeDesc): ObjNode {
    const known = this.#described.get(type)?.obj
    if (known) return known
    const node = new ObjNode(null)
    this.#described.set(type, { ...this.#described.get(type), obj: node })
    const fields = type.fields?.() ?? []
    this.solver.addSite(node, new Set(fields.filter((f) => !f.optional).map((f) => f.name)))
    for (const field of fields) this.describe(this.solver.field(node, field.name).slot, field.type)
    return node
  }

  #describeArray(type: TypeDesc): ArrNode {
    const known = this.#described.get(type)?.arr
    if (known) return known
    const node = new ArrNode()
    this.#described.set(type, { ...this.#described.get(type), arr: node })
    if (type.tuple) {
      const elems = type.tuple()
      node.tuple = elems.map(() => new Slot())
      elems.forEach((elem, i) => this.describe((node.tuple ?? [])[i] ?? node.elem, elem))
    } else if (type.elem) this.describe(node.elem, type.elem())
    return node
  }
}
