import { TAG_TEXT, TO_PRIMITIVE } from '../member-names.ts'
import { ANY, ARR, BIG, FN, MAP, NUM, OBJ, SET, STR, UNDEF } from '../kinds.ts'
import { isCopied, type HExpr, type HFunc, type HVar } from '../hir.ts'
import { type HEntry, type HProgram, type TypeDesc } from '../hir-program.ts'
import { Instance, type InstanceOf } from './instance.ts'
import { passSelf } from './self.ts'
import { PLAIN_ERROR } from './built-in-errors.ts'
import { ClassNodes } from './class-nodes.ts'
import { noteOwnConversions } from './conversions.ts'
import { releaseEarlyUses } from './early-uses.ts'
import { ArrNode, ObjNode, Slot, TableNode, type FnNode } from './slots.ts'
import { Solver } from './solver.ts'
import { recursiveContents, type Unlike } from './recursion.ts'
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
  /** The arrays of jobs that the promises of a program keep and wait in. */
  readonly jobs = new ArrNode()
  /** The symbols that `Symbol.for` has given out. */
  readonly symbols = new ArrNode()
  readonly errorNode: ObjNode
  readonly instances: Instance[] = []
  /** Methods that conversions call. */
  readonly conversions = new Set<Instance>()
  /** Functions in fields of objects that conversions call. */
  readonly converting = new Set<FnNode>()
  /** Variables bound to a function that is also used other than by calling it by name. */
  readonly valueUsed = new Set<HVar>()
  /** Variables bound to a function that is called by that name. */
  readonly called = new Set<HVar>()
  readonly classes: ClassNodes
  /** The program asks whether objects are frozen. */
  asksFrozen = false
  /** Contents of arrays and dictionaries that are of the type `json`. */
  recursive: ReadonlySet<Slot> = new Set()
  /** What keeps arrays and dictionaries that may contain themselves from being of that type. */
  readonly unlikeJson: Unlike = { names: new Set(), within: new Set() }
  readonly #globals = new Map<HVar, Slot>()
  readonly #shared = new Map<HFunc, Map<Instance | null, Instance>>()
  readonly #described = new Map<TypeDesc, { obj?: ObjNode; arr?: ArrNode; map?: TableNode; set?: TableNode }>()
  readonly #queue: Instance[] = []
  readonly #arithmetic: Slot[] = []
  #narrows: { readonly from: Slot; readonly to: Slot }[] = []

  constructor(program: HProgram) {
    this.program = program
    this.classes = new ClassNodes(this.solver, (node) => this.#open(node))
    this.errorNode = this.classes.shared(PLAIN_ERROR)
    this.solver.addObj(this.thrown, this.errorNode)
  }

  /** Analyses all instances that were asked for, and those they ask for, to the fixed point. */
  run(): void {
    for (;;) {
      const next = this.#queue.pop()
      if (next) {
        if (!next.replaced) visitBody(this, next)
      } else if (!this.solver.idle()) this.solver.run()
      else if (!this.#release()) return
    }
  }

  /** Gives up one kind of what was taken to be so until shown otherwise; whether that changed anything. */
  #release(): boolean {
    return (
      this.#releaseNarrows() ||
      this.#releaseArithmetic() ||
      this.#findRecursion() ||
      releaseEarlyUses(this, this.classes.exposed)
    )
  }

  /** Finds contents that may be within themselves; whether that changed anything. */
  #findRecursion(): boolean {
    this.recursive = recursiveContents(this.solver, this.unlikeJson)
    return !this.solver.idle()
  }

  /** Remembers a place where the checker or the program says what kinds a value is of. */
  noteNarrow(from: Slot, to: Slot): void {
    this.#narrows.push({ from, to })
  }

  /** The result of an arithmetic operator: an integer of any size where all operands are, a number where they are none. */
  numeric(operands: readonly Slot[], out: Slot): void {
    if (!this.program.usesBigint) return this.solver.addKinds(out, NUM)
    this.#arithmetic.push(out)
    const decide = (): void => {
      const kinds = operands.map((slot) => slot.root().kinds)
      if (kinds.every((k) => k & BIG)) this.solver.addKinds(out, BIG)
      if (kinds.every((k) => k & ~BIG)) this.solver.addKinds(out, NUM)
    }
    for (const slot of operands) this.solver.watch(slot, decide)
  }

  /** Operators that nothing reaches, or that fail, give numbers as anything. */
  #releaseArithmetic(): boolean {
    const left = this.#arithmetic.splice(0).filter((out) => out.root().kinds === 0)
    for (const out of left) this.solver.addKinds(out, NUM)
    return left.length > 0
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
    const rest = entry.func.takesAll ? null : instance.fn.root().rest
    const params = entry.params.map((param, i) => {
      const slot = new Slot()
      this.describe(slot, param.type)
      if (param.optional && !(rest && i >= rest.at)) this.solver.addKinds(slot, UNDEF)
      return slot
    })
    params.forEach((slot, i) => {
      if (!rest || i < rest.at)
        return this.solver.watchFn(instance.fn, () => this.solver.edge(slot, this.solver.passed(instance.fn, i)))
      const { arr } = slot.root()
      if (arr) this.solver.unify(rest.elem, arr.root().elem)
    })
    this.solver.noteArgs(instance.fn, params.length)
    passSelf(this, instance.fn, null)
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

  /** Code of `inst` uses `this` of the function that `v` belongs to, which callers give it from here on. */
  takeSelf(inst: Instance, v: HVar): void {
    const home = this.#homeOf(inst, v)
    this.solver.edge(this.solver.selfOf(home.fn), this.varSlot(inst, v))
  }

  #homeOf(inst: Instance, v: HVar): Instance {
    for (let at: Instance | null = inst; at; at = at.parent) if (at.func === v.scope) return at
    // A class that takes local variables along was refused.
    if (this.program.isRefused()) return inst
    throw new Error(`variable ${v.name} is not in scope of ${inst.func.name}`)
  }

  /** Conversions to text and numbers call these methods without naming them. */
  #open(node: ObjNode): void {
    noteOwnConversions(this, node)
    for (const name of ['toString', 'valueOf', TAG_TEXT]) {
      const method = node.cls?.methods.get(name)
      if (method) this.solver.noteArgs(this.conversionInstance(node, method).fn, 0)
    }
    const toPrimitive = node.cls?.methods.get(TO_PRIMITIVE)
    if (toPrimitive) noteText(this.solver, this.conversionInstance(node, toPrimitive).fn)
    const toJson = node.cls?.methods.get('toJSON')
    if (toJson) noteText(this.solver, this.conversionInstance(node, toJson).fn)
  }

  /** A method as conversions call it. */
  conversionInstance(node: ObjNode, method: HFunc): Instance {
    const instance = this.#ownInstance(null, method, node)
    this.conversions.add(instance)
    return instance
  }

  /**
   * The instance of `func` that code in `inst` calls at `at`. Generic functions without captures get a new one for each
   * place, except in recursion, where the enclosing one is used again.
   */
  instanceFor(inst: Instance, func: HFunc, at: HExpr): Instance {
    if (!isCopied(func)) return this.sharedInstance(inst, func)
    let depth = 0
    for (let up: Instance | null = inst; up; up = up.origin) {
      if (up.func === func) return up
      depth++
    }
    if (depth > CHAIN_MAX) return this.sharedInstance(inst, func)
    return inst.once(at, `instance ${func.name}`, () => this.#make(func, inst, { at }))
  }

  /**
   * The instance of a member of a class that code in `inst` runs at `at` on the objects of `node`. Members
   * are analysed once for each node; those with type parameters of their own once for each place as well.
   */
  memberInstance(inst: Instance, member: HFunc, node: ObjNode, at: HExpr): Instance {
    const self = node.root()
    if (!isCopied(member)) return this.#ownInstance(inst, member, self)
    const copies = inst.once(at, `member ${member.name}`, () => new Map<ObjNode, Instance>())
    for (const [of, copy] of copies) if (of.root() === self) return copy
    const made = this.#enclosing(inst, member, self) ?? this.#make(member, inst, { self, at })
    copies.set(self, made)
    return made
  }

  /** The copy of a generic member to use again: the one that runs on the same node already, or the shared one of a long chain. */
  #enclosing(inst: Instance, member: HFunc, self: ObjNode): Instance | null {
    let depth = 0
    for (let up: Instance | null = inst; up; up = up.origin) {
      if (up.func === member && up.self?.root() === self) return up
      depth++
    }
    return depth > CHAIN_MAX ? this.#ownInstance(inst, member, self) : null
  }

  #ownInstance(inst: Instance | null, member: HFunc, node: ObjNode): Instance {
    const { members } = node.root()
    let found = members.get(member)
    if (!found) members.set(member, (found = this.#make(member, inst, { self: node.root() })))
    return found
  }

  sharedInstance(inst: Instance | null, func: HFunc): Instance {
    const parent = inst && this.#parentFor(inst, func)
    let byParent = this.#shared.get(func)
    if (!byParent) this.#shared.set(func, (byParent = new Map()))
    let found = byParent.get(parent)
    if (!found) byParent.set(parent, (found = this.#make(func, inst)))
    return found
  }

  #parentFor(inst: Instance, func: HFunc): Instance | null {
    if (!func.parent) return null
    for (let at: Instance | null = inst; at; at = at.parent) if (at.func === func.parent) return at
    return null
  }

  #make(func: HFunc, origin: Instance | null, of: InstanceOf = {}): Instance {
    const inst = new Instance(func, origin && this.#parentFor(origin, func), origin, of)
    inst.fn.declared = func.params.length
    inst.fn.instances.add(inst)
    if (func.rest) {
      const rest = new ArrNode()
      inst.fn.rest = { at: func.takesAll ? 0 : func.params.length, elem: rest.elem }
      const slot = new Slot()
      this.solver.addArr(slot, rest)
      inst.vars.set(func.rest, slot)
    }
    func.params.forEach((param, i) => inst.vars.set(param.variable, this.solver.param(inst.fn, i)))
    if (func.thisVar && of.self) {
      const self = new Slot()
      this.solver.addObj(self, of.self)
      inst.vars.set(func.thisVar, self)
    }
    this.#queue.push(inst)
    this.instances.push(inst)
    return inst
  }

  /** Fills a slot with what a declared type allows. */
  describe(slot: Slot, type: TypeDesc): void {
    this.solver.addKinds(slot, type.kinds & ~(ARR | OBJ | FN | MAP | SET))
    for (const cls of type.bytes?.() ?? []) this.solver.addObj(slot, this.classes.shared(cls))
    if (type.cls) this.solver.addObj(slot, this.classes.shared(type.cls))
    else if (type.fields) this.solver.addObj(slot, this.#describeRecord(type))
    else if (type.dict) this.solver.addObj(slot, this.#describeDict(type, type.dict))
    if (type.map) this.solver.addTable(slot, 'map', this.#describeMap(type, type.map))
    if (type.set) this.solver.addTable(slot, 'set', this.#describeSet(type, type.set))
    if (type.elem || type.tuple) this.solver.addArr(slot, this.#describeArray(type))
    if (type.kinds & FN) this.solver.addKinds(slot, ANY)
  }

  #describeRecord(type: TypeDesc): ObjNode {
    const known = this.#described.get(type)?.obj
    if (known) return known
    const node = new ObjNode(null)
    this.#described.set(type, { ...this.#described.get(type), obj: node })
    const fields = type.fields?.() ?? []
    const names = new Set(fields.filter((f) => !f.optional).map((f) => f.name))
    this.solver.addSite(node, { names, isOpen: false })
    for (const field of fields) this.describe(this.solver.field(node, field.name).slot, field.type)
    return node
  }

  #describeDict(type: TypeDesc, values: () => TypeDesc): ObjNode {
    const known = this.#described.get(type)?.obj
    if (known) return known
    const node = new ObjNode(null)
    this.#described.set(type, { ...this.#described.get(type), obj: node })
    this.solver.makeDict(node)
    this.describe(this.solver.field(node, '').slot, values())
    return node
  }

  #describeMap(type: TypeDesc, entries: NonNullable<TypeDesc['map']>): TableNode {
    const known = this.#described.get(type)?.map
    if (known) return known
    const node = new TableNode()
    this.#described.set(type, { ...this.#described.get(type), map: node })
    this.describe(node.key, entries().key)
    this.describe(node.value, entries().value)
    return node
  }

  #describeSet(type: TypeDesc, elem: NonNullable<TypeDesc['set']>): TableNode {
    const known = this.#described.get(type)?.set
    if (known) return known
    const node = new TableNode()
    this.#described.set(type, { ...this.#described.get(type), set: node })
    this.describe(node.key, elem())
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

/** `toJSON` is called with a key, and a conversion with what is asked for. */
export function noteText(solver: Solver, fn: FnNode): void {
  solver.addKinds(solver.passed(fn, 0), STR)
  solver.noteArgs(fn, 1)
}
