import type { HExpr, HStmt } from '../hir.ts'

/** What hangs on a node without being code that runs where the node stands; `walk` repeats the body of its loop. */
const ASIDE: ReadonlySet<string> = new Set([
  'span',
  'v',
  'f',
  'cls',
  'target',
  'member',
  'param',
  'fresh',
  'variables',
  'walk',
])

const known = new WeakMap<object, boolean>()

/** Whether a yield is part of a statement, an expression or a list of them; not one in a function inside it. */
export function hasYield(node: HExpr | HStmt | readonly (HExpr | HStmt)[]): boolean {
  return look(node)
}

function look(node: unknown): boolean {
  if (typeof node !== 'object' || node === null) return false
  const before = known.get(node)
  if (before !== undefined) return before
  const found = Array.isArray(node)
    ? node.some(look)
    : (node as { kind?: string }).kind === 'yield' ||
      Object.entries(node).some(([key, part]) => !ASIDE.has(key) && look(part))
  known.set(node, found)
  return found
}
