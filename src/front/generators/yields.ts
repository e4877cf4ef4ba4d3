import type { HExpr, HStmt } from '../hir.ts'

const known = new WeakMap<object, boolean>()

/** Whether a yield is part of a statement, an expression or a list of them; not one in a function inside it. */
export function hasYield(node: HExpr | HStmt | readonly (HExpr | HStmt)[]): boolean {
  return look(node)
}

function look(node: unknown): boolean {
  if (typeof node !== 'object' || node === null) return false
  const before = known.get(node)
  if (before !== undefined) return before
  const found = !isAside(node) && (Array.isArray(node) ? node.some(look) : lookInside(node))
  known.set(node, found)
  return found
}

/** `walk` repeats the body of its loop. */
const lookInside = (node: object): boolean =>
  ('kind' in node && node.kind === 'yield') ||
  Object.entries(node).some(([key, part]) => key !== 'span' && key !== 'walk' && look(part))

/** Variables, functions, classes and the like hang on nodes without being code that runs where the node stands. */
const isAside = (node: object): boolean =>
  'scope' in node || 'captures' in node || 'methods' in node || node instanceof Map || node instanceof Set
