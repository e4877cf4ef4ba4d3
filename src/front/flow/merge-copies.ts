import type { HClass } from '../hir.ts'
import type { Analysis } from './analysis.ts'
import type { ArrNode, FnNode, ObjNode, Slot } from './slots.ts'

/**
 * Makes one of copies of a generic class that turned out alike, so that their methods are emitted once. Copies are taken to be alike
 * until something tells them apart (partition refinement, J. Hopcroft 1971): kinds of fields, parameters and results, and
 * whatever else meets there. Nothing becomes wider by it.
 *
 * requires: the analysis has come to its end, and comes to it again afterwards
 */
export function mergeCopies(a: Analysis): void {
  const copies = [...new Set(a.classes.copies().map((node) => node.root()))]
  if (copies.length < 2) return
  for (const [first, ...others] of new Partition(copies).groups())
    for (const other of others) a.solver.unifyObj(first, other)
  a.run()
}

class Partition {
  readonly #copies: readonly ObjNode[]
  readonly #ids = new Map<object, number>()
  readonly #open = new Set<ArrNode>()
  #parts: ReadonlyMap<ObjNode, number>

  constructor(copies: readonly ObjNode[]) {
    this.#copies = copies
    this.#parts = this.#numbered((node) => `${this.#id(node.cls as HClass)}`)
  }

  /** The copies that are alike. */
  groups(): (readonly [ObjNode, ...ObjNode[]])[] {
    for (;;) {
      const next = this.#numbered((node) => `${this.#parts.get(node)}: ${this.#describe(node)}`)
      const isStable = new Set(next.values()).size === new Set(this.#parts.values()).size
      this.#parts = next
      if (isStable) break
    }
    const groups = Map.groupBy(this.#copies, (node) => this.#parts.get(node))
    return [...groups.values()].map((group) => group as unknown as readonly [ObjNode, ...ObjNode[]])
  }

  #numbered(describe: (node: ObjNode) => string): Map<ObjNode, number> {
    const numbers = new Map<string, number>()
    return new Map(
      this.#copies.map((node) => {
        const text = describe(node)
        const known = numbers.get(text) ?? numbers.size
        numbers.set(text, known)
        return [node, known]
      }),
    )
  }

  #describe(node: ObjNode): string {
    const fields = [...node.fields].map(([name, { slot, read, optional }]) => {
      return `${name}${optional ? '?' : ''} ${this.#slot(slot)} ${this.#slot(read)}`
    })
    const members = [...node.members].map(([func, { fn }]) => [this.#id(func), this.#function(fn.root())] as const)
    const origins = [...node.origins].map((origin) => (origin ? this.#id(origin) : -1))
    const dict = node.dict ? this.#id(node.dict) : ''
    return JSON.stringify([fields, members.toSorted(([x], [y]) => x - y), origins, dict, node.messaged, node.recaused])
  }

  #function(fn: FnNode): string {
    const rest = fn.rest ? `${fn.rest.at} ${this.#slot(fn.rest.elem)}` : ''
    return `${fn.params.map((param) => this.#slot(param)).join()} ${rest} ${this.#slot(fn.result)} ${fn.argsMin} ${fn.spills}`
  }

  /** What a place holds: its kinds, and what else than copies is there by what it is. */
  #slot(slot: Slot): string {
    const { kinds, arr, fn, map, set, objs } = slot.root()
    const others = [fn, map, set].map((node) => (node ? this.#id(node.root()) : ''))
    const objects = objs.map((obj) => this.#object(obj.root())).toSorted()
    return `${kinds} ${arr ? this.#array(arr.root()) : ''} ${others.join()} ${objects.join()}`
  }

  #object(node: ObjNode): string {
    const part = this.#parts?.get(node)
    return part === undefined ? `${this.#id(node)}` : `copy ${part}`
  }

  #array(node: ArrNode): string {
    if (node.note || this.#open.has(node)) return `list ${this.#id(node)}`
    this.#open.add(node)
    const inside = node.tuple ? node.tuple.map((slot) => this.#slot(slot)) : [`of ${this.#slot(node.elem)}`]
    this.#open.delete(node)
    return `[${inside.join(';')}]`
  }

  #id(of: object): number {
    const known = this.#ids.get(of) ?? this.#ids.size
    this.#ids.set(of, known)
    return known
  }
}
