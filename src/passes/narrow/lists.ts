import { localsOf, nodesOf, type Expr, type Func, type Node, type OpName, type Stmt } from '../../ir/index.ts'
import { termOf } from './counters.ts'

type OpExpr = Extract<Expr, { kind: 'op' }>

/** A value that becomes an element of a list. */
type Store = { readonly group: number; readonly value: Expr }

/**
 * Lists of numbers that never leave their function: locals that are only read, written and measured in place. Groups are
 * locals that may be the same list. What all elements of a group are is decided by what is stored in it.
 */
export type Lists = {
  /** By local, the group it is in. */
  readonly groups: ReadonlyMap<number, number>
  readonly stores: readonly Store[]
}

/** Operations on a list that keep no hold of it. */
const IN_PLACE: ReadonlySet<OpName> = new Set([
  'array.get',
  'array.get_nan',
  'array.set',
  'array.push',
  'array.has',
  'array.length',
  'array.set_length',
])

/** Of operations that store an element in the list that is their first operand, which operand that is. */
const STORED: { readonly [K in OpName]?: number } = { 'array.set': 2, 'array.push': 1, 'array.fill': 1 }

/** Results that are hardly ever integers alone; what follows from others is found out by their ranges. */
const NEVER_WHOLE: ReadonlySet<string> = new Set(['invoke', 'call', 'object.get', 'cell.get', 'global.get', 'f64.div'])

export function findLists(func: Func): Lists {
  const finder = new Finder(func)
  return finder.lists()
}

class Finder {
  readonly #func: Func
  /** By local of a list, another of the same group; itself at the root. */
  readonly #parents = new Map<number, number>()
  /** How often a local is mentioned where it may be. */
  readonly #allowed = new Map<number, number>()
  readonly #mentions = new Map<number, number>()
  readonly #refused = new Set<number>()
  readonly #stores: { readonly local: number; readonly value: Expr }[] = []

  constructor(func: Func) {
    this.#func = func
    const first = func.params.length + func.captures.length
    for (const [local, { type }] of localsOf(func).entries())
      if (local >= first && type.kind === 'array' && type.elem.kind === 'f64') this.#parents.set(local, local)
  }

  lists(): Lists {
    if (this.#parents.size === 0) return { groups: new Map(), stores: [] }
    for (const node of nodesOf(this.#func)) this.#see(node)
    const bad = new Set<number>()
    for (const local of this.#parents.keys())
      if (this.#refused.has(local) || this.#mentions.get(local) !== this.#allowed.get(local)) bad.add(this.#root(local))
    for (const { local, value } of this.#stores) if (isNeverWhole(value)) bad.add(this.#root(local))
    const groups = new Map<number, number>()
    for (const local of this.#parents.keys()) {
      const root = this.#root(local)
      if (!bad.has(root)) groups.set(local, root)
    }
    const stores = this.#stores.flatMap(({ local, value }) => {
      const group = groups.get(local)
      return group === undefined ? [] : [{ group, value }]
    })
    return { groups, stores }
  }

  #see(node: Node): void {
    switch (node.kind) {
      case 'local':
        if (this.#parents.has(node.local)) count(this.#mentions, node.local)
        return
      case 'op':
        if (IN_PLACE.has(node.op) && !(node.op === 'array.get_nan' && !isPlain(node.args[1]!))) this.#use(node)
        return
      case 'expr':
        // The list that `fill` gives back is not used.
        if (node.expr.kind === 'op' && node.expr.op === 'array.fill') this.#use(node.expr)
        return
      case 'set':
        if (this.#parents.has(node.local)) this.#assign(node)
        return
      default:
    }
  }

  /** An operation in place on a local. */
  #use(e: OpExpr): void {
    const local = this.#listOf(e.args[0]!)
    if (local === undefined) return
    count(this.#allowed, local)
    const stored = STORED[e.op]
    if (stored !== undefined) this.#stores.push({ local, value: e.args[stored]! })
  }

  #assign({ local, value }: Extract<Stmt, { kind: 'set' }>): void {
    const other = this.#listOf(value)
    if (other !== undefined) {
      count(this.#allowed, other)
      this.#unite(local, other)
    } else if (value.kind === 'op' && value.op === 'array.new') {
      for (const arg of value.args) this.#stores.push({ local, value: arg })
    } else if (value.kind === 'op' && value.op === 'array.fill' && isHoles(value.args[0]!)) {
      this.#stores.push({ local, value: value.args[1]! })
    } else if (!isHoles(value)) this.#refused.add(local)
  }

  #listOf(e: Expr): number | undefined {
    return e.kind === 'local' && this.#parents.has(e.local) ? e.local : undefined
  }

  #root(local: number): number {
    let root = local
    while (this.#parents.get(root) !== root) root = this.#parents.get(root)!
    return root
  }

  #unite(a: number, b: number): void {
    this.#parents.set(this.#root(a), this.#root(b))
  }
}

function count(counts: Map<number, number>, local: number): void {
  counts.set(local, (counts.get(local) ?? 0) + 1)
}

function isHoles(e: Expr): boolean {
  return e.kind === 'op' && e.op === 'array.holes'
}

/** Whether an index may be evaluated twice. */
function isPlain(e: Expr): boolean {
  return e.kind === 'const' || (e.kind !== 'seq' && termOf(e) !== undefined)
}

function isNeverWhole(e: Expr): boolean {
  if (e.kind === 'const') return !Number.isInteger(e.value)
  return NEVER_WHOLE.has(e.kind === 'op' ? e.op : e.kind)
}
