import { childrenOf, isExpr, localsOf, nodesOf, type Expr, type Func, type Node, type Stmt } from '../../ir/index.ts'
import { Counters } from './counters.ts'
import { findLists, type Lists } from './lists.ts'

export type Loop = Extract<Stmt, { kind: 'loop' }>
type SetStmt = Extract<Stmt, { kind: 'set' }>

/** Steps that one walk over a function may take; functions that would take more are left as they are. */
const WORK_MAX = 8_000_000

/** What one look at a function tells about its locals. */
export type Frame = {
  readonly func: Func
  /** The place of each f64 or i32 local among these, -1 for other locals. */
  readonly slots: readonly number[]
  readonly slotCount: number
  readonly counters: Counters
  readonly lists: Lists
  /** The loops in which a local is set. */
  readonly settingLoops: ReadonlyMap<number, ReadonlySet<Loop>>
}

/** Looks at a function; undefined when it would gain little, having neither loops nor bits, or is too large for one walk. */
export function makeFrame(func: Func): Frame | undefined {
  const locals = localsOf(func)
  let slotCount = 0
  const slots = locals.map(({ type }) => (type.kind === 'f64' || type.kind === 'i32' ? slotCount++ : -1))
  let forks = 1
  let pays = false
  for (const node of nodesOf(func)) {
    if (FORKS.has(node.kind)) forks++
    pays ||= node.kind === 'loop' || (node.kind === 'op' && node.op.includes('i32'))
  }
  if (!pays || slotCount === 0 || forks * slotCount > WORK_MAX) return undefined
  const settingLoops = new Map<number, Set<Loop>>()
  const sets: SetStmt[] = []
  collectSets(func.body, [], (set, loops) => {
    sets.push(set)
    const known = settingLoops.get(set.local) ?? new Set()
    for (const loop of loops) known.add(loop)
    settingLoops.set(set.local, known)
  })
  return { func, slots, slotCount, counters: new Counters(func, sets), lists: findLists(func), settingLoops }
}

/** Nodes at which what is known of all locals is copied. */
const FORKS: ReadonlySet<Node['kind']> = new Set(['if', 'cond', 'loop', 'switch', 'try', 'break', 'continue'])

function collectSets(
  nodes: readonly Node[],
  loops: readonly Loop[],
  see: (set: SetStmt, loops: readonly Loop[]) => void,
): void {
  for (const node of nodes) {
    if (node.kind === 'set') see(node, loops)
    collectSets(childrenOf(node), node.kind === 'loop' ? [...loops, node] : loops, see)
  }
}

/** How many of the loops around have to be gone round for a local to change. */
export function changingDepth({ settingLoops }: Frame, local: number, loops: readonly Loop[]): number {
  const setting = settingLoops.get(local)
  return loops.findLastIndex((loop) => setting?.has(loop)) + 1
}

const SEQUENCED = new WeakMap<Expr, boolean>()

/** Whether evaluating an expression may set locals. */
export function maySet(e: Expr): boolean {
  if (e.kind === 'const' || e.kind === 'local') return false
  const known = SEQUENCED.get(e)
  if (known !== undefined) return known
  const found = e.kind === 'seq' || childrenOf(e).some((child) => isExpr(child) && maySet(child))
  SEQUENCED.set(e, found)
  return found
}
