import type { HArg, HExpr, HFunc, HVar } from '../hir.ts'
import { ArrNode, FnNode, ObjNode, type Slot } from './slots.ts'

/** What a copy of a function is for: objects of a node, a place. */
export type InstanceOf = { readonly self?: ObjNode; readonly at?: HExpr }

/**
 * One analysed copy of a function. Ordinary functions have one; generic functions and functions
 * of the prelude have one for each call, so that each call sees only its own types.
 */
export class Instance {
  readonly func: HFunc
  /** The instance of the function that `func` is written in. */
  readonly parent: Instance | null
  /** The instance whose call made this one: recursion is found by walking up. */
  readonly origin: Instance | null
  readonly fn = new FnNode()
  readonly vars = new Map<HVar, Slot>()
  readonly exprs = new Map<HExpr, Slot>()
  /** For calls whose function is known: the instance that is called. */
  readonly targets = new Map<HExpr, Instance>()
  /** In members of classes, the receiver. */
  readonly self: ObjNode | null
  /** The place that a copy was made for. */
  readonly at: HExpr | null
  /** The functions that its code may call, by the place. */
  readonly calls = new Map<HExpr, Set<FnNode>>()
  /** Where in `exprs` code begins and ends whose exceptions it handles. */
  readonly tries: { readonly from: number; readonly to: number }[] = []
  /** How many of `exprs` stand in its body; the others were added by what the analysis found. */
  visited = 0
  /** Another instance does for this one since their receivers were unified. */
  replaced = false
  readonly #memo = new Map<HExpr, Map<string, unknown>>()

  constructor(func: HFunc, parent: Instance | null, origin: Instance | null, of: InstanceOf) {
    this.func = func
    this.parent = parent
    this.origin = origin
    this.self = of.self ?? null
    this.at = of.at ?? null
  }

  /** What `make` gave for this place the first time: constraints may be run again and must then find the same nodes. */
  once<T>(at: HExpr, key: string, make: () => T): T {
    let entries = this.#memo.get(at)
    if (!entries) this.#memo.set(at, (entries = new Map()))
    if (!entries.has(key)) entries.set(key, make())
    return entries.get(key) as T
  }

  noteCall(at: HExpr, fn: FnNode): void {
    const known = this.calls.get(at)
    if (known) known.add(fn)
    else this.calls.set(at, new Set([fn]))
  }

  newArray(at: HExpr, key = 'array'): ArrNode {
    return this.once(at, key, () => new ArrNode())
  }

  newObject(at: HExpr, key = 'object', brand?: string): ObjNode {
    return this.once(at, key, () => new ObjNode(null, null, brand ?? null))
  }

  /** The slot of an expression that was visited. */
  slot(expr: HExpr): Slot {
    const slot = this.exprs.get(expr)
    if (!slot) throw new Error(`expression was not analysed: ${expr.kind}`)
    return slot.root()
  }

  argSlots(args: readonly HArg[]): Slot[] {
    return args.map((arg) => this.slot(arg.value))
  }
}
