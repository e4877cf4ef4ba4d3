import { nodesOf, type Module } from '../ir/index.ts'
import { buildCallGraph } from './call-graph.ts'

/**
 * The functions that hold a `try`, and all that they may call: whose code may come to stand inside a handler when
 * an engine compiles calls in place.
 *
 * requires: a checked module
 * ensures: numbers of functions; linear in the size of the module
 */
export function findHandledCode(module: Module): ReadonlySet<number> {
  const roots = [...module.funcs.keys()].filter((i) => holdsTry(module, i))
  if (roots.length === 0) return new Set()
  const graph = buildCallGraph(module)
  const found = new Set(roots)
  for (const node of found) for (const next of graph[node]!) found.add(next)
  return new Set([...found].filter((node) => node < module.funcs.length))
}

function holdsTry(module: Module, func: number): boolean {
  return nodesOf(module.funcs[func]!).some(({ kind }) => kind === 'try')
}
