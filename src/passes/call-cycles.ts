import type { Module } from '../ir/index.ts'
import { buildCallGraph } from './call-graph.ts'
import { findComponents } from './components.ts'

/**
 * The functions that may call themselves, directly or by way of others: where calls cost fuel and depth.
 *
 * requires: a checked module
 * ensures: numbers of functions; the same for equal modules; linear in the size of the module
 *
 * spec: fuel#fuel
 */
export function findCallCycles(module: Module): ReadonlySet<number> {
  const graph = buildCallGraph(module)
  const found = new Set<number>()
  for (const component of findComponents(graph)) {
    const [first] = component
    if (component.length === 1 && !graph[first!]!.has(first!)) continue
    for (const node of component) if (node < module.funcs.length) found.add(node)
  }
  return new Set([...found].sort((a, b) => a - b))
}
