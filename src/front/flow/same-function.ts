import type { Analysis } from './analysis.ts'
import type { FnNode, Slot } from './slots.ts'

/**
 * Where functions are compared, copies of one generic function are the same function: they meet, so that one value stands for all of
 * them (`closureIndex`).
 */
export function meetCopies(a: Analysis, left: Slot, right: Slot): void {
  const seen = new Set<FnNode>()
  const look = (): void => {
    const [x, y] = [left.root().fn?.root(), right.root().fn?.root()]
    if (!x || !y || x === y) return
    for (const fn of [x, y]) {
      if (seen.has(fn)) continue
      seen.add(fn)
      a.solver.watchFn(fn, look)
    }
    const copied = new Set([...x.instances].flatMap(({ func, at }) => (func.generic && at ? [func] : [])))
    if ([...y.instances].some(({ func }) => copied.has(func))) a.solver.unifyFn(x, y)
  }
  a.solver.watch(left, look)
  a.solver.watch(right, look)
}
