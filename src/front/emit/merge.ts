import type { Expr, Func, Module, Stmt } from '../../ir/index.ts'

/**
 * Makes one of functions that are equal but for their places in the source: most copies of prelude and generic functions turn
 * out alike. Calls of merged functions can make their callers equal in turn, so it runs until nothing changes.
 *
 * ensures: entries, init and the meaning of the module stay; spans are those of the first copy.
 */
export function mergeFunctions(module: Module): Module {
  let current = module
  for (;;) {
    const target = mergeTargets(current)
    if (target.every((to, from) => to === from)) return current
    current = renumber(current, target)
  }
}

/** For each function the first one that is equal to it. */
function mergeTargets(module: Module): number[] {
  const first = new Map<string, number>()
  return module.funcs.map((func, i) => {
    if (i === module.init) return i
    const key = keyOf(func)
    const known = first.get(key)
    if (known === undefined) first.set(key, i)
    return known ?? i
  })
}

/** The text of a function without spans and names of locals. */
function keyOf(func: Func): string {
  const skip = new Set(['span', 'files'])
  return JSON.stringify(
    [func.name, func.params, func.captures, func.locals, func.result, func.body],
    (key, value: unknown) => {
      if (skip.has(key)) return undefined
      if (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0)))
        return { number: Object.is(value, -0) ? '-0' : String(value) }
      return value === undefined && key === 'value' ? { undefined: true } : value
    },
  )
}

/** Drops the functions that were merged away and renames the others, in calls and closures too. */
function renumber(module: Module, target: readonly number[]): Module {
  const kept = target.flatMap((to, from) => (to === from ? [from] : []))
  const index = new Map(kept.map((from, i) => [from, i]))
  const rename = (func: number): number => index.get(target[func] ?? func) ?? 0
  return {
    ...module,
    init: rename(module.init),
    entries: module.entries.map((entry) => ({ ...entry, func: rename(entry.func) })),
    funcs: kept.map((from) => renameIn(module.funcs[from] as Func, rename)),
  }
}

function renameIn(func: Func, rename: (func: number) => number): Func {
  return { ...func, body: func.body.map((s) => renameTree(s, rename)) }
}

type Tree = Stmt | Expr

/** Statements and expressions hold others in their members, alone or in lists. */
function renameTree<T>(node: T, rename: (func: number) => number): T {
  if (Array.isArray(node)) return node.map((child: unknown) => renameTree(child, rename)) as T
  if (node === null || typeof node !== 'object') return node
  const tree = node as unknown as Tree
  const renamed: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(tree))
    renamed[key] = key === 'span' || key === 'type' || key === 'imm' ? value : renameTree(value as unknown, rename)
  if (tree.kind === 'call') renamed['func'] = rename(tree.func)
  if (tree.kind === 'op' && tree.op === 'closure.new')
    renamed['imm'] = tree.imm.map((i) => (typeof i === 'number' ? rename(i) : i))
  return renamed as T
}
