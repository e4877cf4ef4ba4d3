import type { Kinds } from '../kinds.ts'
import type { HClass, HExpr, HFunc } from '../hir.ts'
import type { Instance } from './instance.ts'

/**
 * The domain of the flow analysis: a one-level points-to analysis (M. Das, "Unification-based
 * pointer analysis with directional assignments", PLDI 2000). What flows from one place to another is a
 * subset (`edge`), since the emitter can convert there; but the contents of arrays, objects and functions that meet
 * in one place become one (`unify`), since they are shared and cannot be converted.
 */
abstract class Node<Self extends Node<Self>> {
  #parent: Self | null = null

  /** The node that stands for this one since they were unified. */
  root(): Self {
    let root = this as unknown as Self
    for (let up = this.#parent; up; up = up.#parent) root = up
    // Those on the way are told, so that no way becomes long.
    for (let at = this as unknown as Self; at !== root;) {
      const up = at.#parent!
      at.#parent = root
      at = up
    }
    return root
  }

  protected join(into: Self): void {
    this.#parent = into
  }
}

/** Work that is done again when a slot or node has grown. */
export type Watcher = () => void

/** A place that holds values: a variable, an expression, an element, a field, a parameter, a result. */
export class Slot extends Node<Slot> {
  kinds: Kinds = 0
  arr: ArrNode | null = null
  fn: FnNode | null = null
  map: TableNode | null = null
  set: TableNode | null = null
  objs: ObjNode[] = []
  /** Where the contents flow on to, and which kinds of them. */
  edges = new Map<Slot, Kinds>()
  watchers: Watcher[] = []
  dirty = false

  absorb(other: Slot): void {
    other.join(this)
    for (const [to, mask] of other.edges) this.edges.set(to, mask | (this.edges.get(to) ?? 0))
    this.watchers.push(...other.watchers)
    other.edges.clear()
    other.watchers = []
  }
}

/** Arrays that may meet. As long as only constant indices are used it is a `tuple`: a slot for each element. */
export class ArrNode extends Node<ArrNode> {
  readonly elem = new Slot()
  /** What is seen of places without an element, where some of the arrays have such: undefined. */
  readonly holes = new Slot()
  tuple: Slot[] | null = null
  /** The object whose fields are properties of some of the arrays: what a match tells beside its elements. */
  note: ObjNode | null = null
  /** The program changes some of the arrays after they were made, and asks first whether they are frozen where that may be. */
  assigned = false
  /** The program changes some of the arrays otherwise. */
  written = false
  /** The program freezes some of the arrays. */
  frozen = false
  /** Told when there is a note. */
  noteWatchers: Watcher[] = []
  /** Told when the elements are no longer told apart: any of them may then be missing. */
  watchers: Watcher[] = []

  absorb(other: ArrNode): void {
    other.join(this)
    this.assigned ||= other.assigned
    this.written ||= other.written
    this.frozen ||= other.frozen
    this.noteWatchers.push(...other.noteWatchers)
    other.noteWatchers = []
    this.watchers.push(...other.watchers)
    other.watchers = []
  }
}

/** Maps, or sets, that may meet: their keys and, of maps, their values. */
export class TableNode extends Node<TableNode> {
  readonly key = new Slot()
  readonly value = new Slot()

  absorb(other: TableNode): void {
    other.join(this)
  }
}

/** Functions that may meet. Callers that pass fewer arguments leave undefined in the rest. */
export class FnNode extends Node<FnNode> {
  readonly params: Slot[] = []
  readonly result = new Slot()
  /** What calls give as `this`, once some function among them asks for it. */
  self: Slot | null = null
  /** Something of the library calls them that gives a `this` of its own. */
  hosted = false
  /** The object whose fields are the properties that the program gives some of the functions. */
  note: ObjNode | null = null
  /** Told when there is a note. */
  noteWatchers: Watcher[] = []
  /** Where the rest parameter begins, and the elements it collects. */
  rest: { at: number; elem: Slot } | null = null
  watchers: Watcher[] = []
  /** The functions that meet here. */
  readonly instances = new Set<Instance>()
  /** Most parameters that a function among them declares; what callers pass beyond is evaluated and dropped. */
  declared = 0
  /** Fewest arguments of any call so far; parameters from there on may be undefined. */
  argsMin = Infinity
  /**
   * Function values with and without a rest parameter, or with it elsewhere, have met: the first of these places counts, and who has parameters behind
   * it takes them from the array.
   */
  spills = false

  absorb(other: FnNode): void {
    other.join(this)
    this.noteWatchers.push(...other.noteWatchers)
    other.noteWatchers = []
    this.watchers.push(...other.watchers)
    other.watchers = []
  }
}

/** The parameters that are passed one by one, in order; a rest parameter comes after them. */
export function passedParams(fn: FnNode): readonly Slot[] {
  const node = fn.root()
  return node.params.slice(0, node.rest?.at ?? node.declared)
}

export type FieldInfo = {
  /** What was stored in the field. */
  readonly slot: Slot
  /** What reading it gives: undefined too, once it may be absent. */
  readonly read: Slot
  optional: boolean
}

/** The keys with which a literal makes objects. */
export type KeySet = {
  readonly names: Set<string>
  /** Nothing is known yet of what a spread copies: until then the objects are taken to have every field. */
  isOpen: boolean
}

/** Whether a literal is known to make objects without a field. */
export const lacks = ({ names, isOpen }: KeySet, name: string): boolean => !isOpen && !names.has(name)

/** Where the instances of a copy of a generic class are made: in which copy of which function, and on which node if it is a method. */
export type Site = { readonly func: HFunc; readonly call: HExpr | null; readonly maker: ObjNode | null }

/** Objects that may meet: records of literals, instances of one class, or errors. */
export class ObjNode extends Node<ObjNode> {
  readonly cls: HClass | null
  /** An object of the library, as Node names it: `Object [Generator]`. */
  readonly brand: string | null
  /** The program sets `message` of such an error, which makes a key of it where the error was made without one. */
  messaged = false
  /** The program sets the cause of such an error, which may have one from its options: only then it is no enumerable property. */
  recaused = false
  /** The program sets fields of some of the objects after they were made, and asks first whether they are frozen where that may be. */
  assigned = false
  /** The program changes some of the objects otherwise. */
  written = false
  /** The program stores in some of the instances under computed names: any that it names elsewhere may then be there. */
  keyed = false
  /** The program freezes some of the objects: when their constructor ends, or at any time. */
  frozen: 'never' | 'made' | 'any' = 'never'
  /** Fields that the class does not declare and that are set at any time. */
  readonly loose = new Set<string>()
  readonly site: Site | null
  /** Where the instances that meet here are made; null for those of which that is not known. */
  readonly origins: Set<HExpr | null>
  /** The methods, accessors and constructor as they run on these instances. */
  readonly members = new Map<HFunc, Instance>()
  readonly fields = new Map<string, FieldInfo>()
  /** Set once keys are computed: then all fields are one, which any name may stand for. */
  dict: FieldInfo | null = null
  /** The key sets with which objects are made; a field that one of them lacks is optional. */
  sites: KeySet[] = []
  watchers: Watcher[] = []

  constructor(cls: HClass | null, site: Site | null = null, brand: string | null = null) {
    super()
    this.cls = cls
    this.site = site
    this.origins = new Set([site?.call ?? null])
    this.brand = brand
  }

  absorb(other: ObjNode): void {
    other.join(this)
    this.recaused ||= other.recaused
    this.written ||= other.written
    this.assigned ||= other.assigned
    this.keyed ||= other.keyed
    if (this.frozen !== 'any' && other.frozen !== 'never') this.frozen = other.frozen
    for (const name of other.loose) this.loose.add(name)
    this.sites.push(...other.sites)
    for (const origin of other.origins) this.origins.add(origin)
    this.watchers.push(...other.watchers)
    other.watchers = []
  }
}

/** Whether objects are errors: of a built-in kind, or of a class that extends one. */
export function areErrors(obj: ObjNode): boolean {
  return (obj.root().cls?.error ?? null) !== null
}
