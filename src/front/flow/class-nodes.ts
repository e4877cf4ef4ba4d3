import { STR, UNDEF } from '../kinds.ts'
import type { HClass, HExpr } from '../hir.ts'
import { isErrorText } from './built-in-errors.ts'
import type { ExposedField } from './early-uses.ts'
import type { Instance } from './instance.ts'
import { ObjNode } from './slots.ts'
import type { Solver } from './solver.ts'

/** Copies of a generic class that make each other in a chain longer than this share one. */
const CHAIN_MAX = 8
/** Copies of one class; places beyond these share one. */
const COPIES_MAX = 64

/**
 * The nodes that stand for instances of classes (object-sensitive points-to analysis: A. Milanova, A. Rountev,
 * B. Ryder, TOSEM 2005). A generic class has one for each place that makes instances, and what an instance of it makes
 * is told apart by that instance; any other class has one.
 */
export class ClassNodes {
  readonly #solver: Solver
  readonly #opened: (node: ObjNode) => void
  readonly #shared = new Map<HClass, ObjNode>()
  readonly #copies = new Map<HClass, ObjNode[]>()
  /** Fields of instances that other code is given before the field is there. */
  readonly exposed: ExposedField[] = []

  /** `opened` is told of each new node. */
  constructor(solver: Solver, opened: (node: ObjNode) => void) {
    this.#solver = solver
    this.#opened = opened
  }

  /** The nodes of generic classes, one for each place so far. */
  copies(): ObjNode[] {
    return [...this.#copies.values()].flat()
  }

  /** All nodes of classes. */
  all(): ObjNode[] {
    return [...new Set([...this.#shared.values(), ...this.copies()].map((node) => node.root()))]
  }

  /** The node for instances that come from elsewhere than a place in the program, and for classes that are not copied. */
  shared(cls: HClass): ObjNode {
    const known = this.#shared.get(cls)
    if (known) return known
    const node = new ObjNode(cls)
    this.#shared.set(cls, node)
    this.#open(node, cls)
    return node
  }

  /** The node for what `new` at `at` in `inst` makes. */
  made(inst: Instance, at: HExpr & { kind: 'new' }): ObjNode {
    return inst.once(at, 'new', () => this.#make(inst, at))
  }

  #make(inst: Instance, at: HExpr & { kind: 'new' }): ObjNode {
    const { cls } = at
    if (!cls.generic) return this.shared(cls)
    const home = homeOf(inst)
    let depth = 0
    for (let up = home.self; up; up = up.site?.maker ?? null) {
      // A tree that makes its parts in one method is of one kind from there on.
      if (up.cls === cls && up.site?.func === home.func && up.site.call === home.at) return up
      depth++
    }
    const copies = this.#copies.get(cls) ?? []
    if (depth > CHAIN_MAX || copies.length >= COPIES_MAX) return this.shared(cls)
    const node = new ObjNode(cls, { func: home.func, call: home.at, maker: home.self })
    this.#copies.set(cls, [...copies, node])
    this.#open(node, cls)
    return node
  }

  #open(node: ObjNode, cls: HClass): void {
    for (const field of cls.fields) {
      const { slot } = this.#solver.field(node, field.name)
      if (field.start === 'undefined') this.#solver.addKinds(slot, UNDEF)
      if (field.name === 'cause' && field.hidden && cls.error !== null) this.#solver.makeOptional(node, field.name)
      if (field.exposed) this.exposed.push({ node, field })
      if (cls.error !== null && isErrorText(field.name)) this.#solver.addKinds(slot, STR)
      if (cls.isSymbol) this.#solver.addKinds(slot, STR | UNDEF)
    }
    this.#opened(node)
  }
}

/** The instance of the method that code belongs to: functions in it capture its receiver. */
function homeOf(inst: Instance): Instance {
  let at = inst
  while (!at.self && at.parent) at = at.parent
  return at
}
