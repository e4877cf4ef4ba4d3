import { getterName, isAccessorName } from '../member-names.ts'
import { noteText, type Analysis } from './analysis.ts'
import { noteHosted, passSelf } from './self.ts'
import { Slot, type FnNode, type ObjNode } from './slots.ts'

/** Every value that JSON.stringify comes to within a value: `found` is told of the places where they are, once each. */
export class JsonParts {
  readonly #a: Analysis
  readonly #found: (part: Slot) => void
  readonly #slots = new Set<Slot>()
  readonly #nodes = new Set<ObjNode>()
  /** Functions that are called, and on what. */
  readonly #functions = new Map<FnNode, Set<ObjNode>>()

  constructor(a: Analysis, found: (part: Slot) => void) {
    this.#a = a
    this.#found = found
  }

  /** A value that is written, and all within it. */
  add(part: Slot): void {
    const slot = part.root()
    if (this.#slots.has(slot)) return
    this.#slots.add(slot)
    this.#found(slot)
    this.#a.solver.watch(slot, () => {
      const { arr, objs } = slot.root()
      if (arr) for (const elem of arr.root().tuple ?? [arr.root().elem]) this.add(elem)
      for (const obj of [...objs]) this.#object(obj.root())
    })
  }

  #object(node: ObjNode): void {
    if (this.#nodes.has(node)) return
    this.#nodes.add(node)
    const method = node.cls?.methods.get('toJSON')
    if (method) this.add(this.#a.conversionInstance(node, method).fn.root().result)
    this.#a.solver.watchObj(node, () => {
      const { dict, fields } = node.root()
      if (dict) return this.add(dict.slot)
      for (const [name, info] of fields) {
        if (name === 'toJSON') this.#called(node, info.slot, (fn) => noteText(this.#a.solver, fn))
        if (name.startsWith(getterName(''))) this.#called(node, info.slot, (fn) => this.#a.solver.noteArgs(fn, 0))
        if (!isAccessorName(name)) this.add(info.read)
      }
    })
  }

  /** What functions give that are called on an object for a part. */
  #called(node: ObjNode, slot: Slot, each: (fn: FnNode) => void): void {
    this.#a.solver.watch(slot, () => {
      const fn = slot.root().fn?.root()
      if (!fn) return
      const known = this.#functions.get(fn)
      if (known?.has(node)) return
      this.#functions.set(fn, (known ?? new Set()).add(node))
      passSelf(this.#a, fn, node)
      if (known) return
      each(fn)
      this.add(fn.result)
    })
  }
}

/** A replacer function is called with a key and each value that is written, and what it gives is written. */
export function flowReplacer(a: Analysis, value: Slot, replacer: Slot): void {
  const taken = new Slot()
  const parts = new JsonParts(a, (part) => a.solver.edge(part, taken))
  const seen = new Set<FnNode>()
  noteHosted(a, replacer)
  a.solver.watch(replacer, () => {
    const fn = replacer.root().fn?.root()
    if (!fn || seen.has(fn)) return
    seen.add(fn)
    noteText(a.solver, fn)
    a.solver.edge(taken, a.solver.passed(fn, 1))
    a.solver.noteArgs(fn, 2)
    parts.add(fn.result)
  })
  parts.add(value)
}
