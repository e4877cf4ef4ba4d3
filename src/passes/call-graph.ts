import { closureType, formatType, nodesOf, type Module } from '../ir/index.ts'
import type { Graph } from './components.ts'

/**
 * Who may call whom. Nodes are the functions and, after them, one for each type that is invoked: it leads to every
 * function that some `closure.new` makes a closure of that type. Types of closures are invariant, so no other
 * function can be behind such a callee.
 *
 * requires: a checked module
 * ensures: linear in the size of the module
 */
export function buildCallGraph(module: Module): Graph {
  const graph: Set<number>[] = module.funcs.map(() => new Set())
  const typeNodes = new Map<string, number>()
  const nodeOf = (type: string): number => {
    const node = typeNodes.get(type) ?? graph.length
    if (node === graph.length) graph.push(new Set())
    typeNodes.set(type, node)
    return node
  }
  for (const [i, func] of module.funcs.entries()) {
    for (const expr of nodesOf(func)) {
      if (expr.kind === 'call') graph[i]!.add(expr.func)
      else if (expr.kind === 'invoke') graph[i]!.add(nodeOf(formatType(expr.callee.type)))
      else if (expr.kind === 'op' && expr.op === 'closure.new') {
        const made = expr.imm[0] as number
        graph[nodeOf(formatType(closureType(module.funcs[made]!)))]!.add(made)
      }
    }
  }
  return graph
}
