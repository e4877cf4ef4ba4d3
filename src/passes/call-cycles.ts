import { eachExpr, formatType, funcOf, type Func, type Module } from '../ir/index.ts'

/**
 * The functions that may call themselves, directly or by way of others: where calls cost fuel and depth. Edges are
 * direct calls and, from `invoke`, to every function that some `closure.new` makes a closure of the callee's type.
 * Types of closures are invariant, so no other function can be behind such a callee.
 *
 * requires: a checked module
 * ensures: numbers of functions; the same for equal modules; linear in the size of the module
 *
 * spec: fuel#fuel
 */
export function findCallCycles(module: Module): ReadonlySet<number> {
  const graph = buildGraph(module)
  const found = new Set<number>()
  for (const component of findComponents(graph)) {
    const [first] = component
    if (component.length === 1 && !graph[first!]!.has(first!)) continue
    for (const node of component) if (node < module.funcs.length) found.add(node)
  }
  return new Set([...found].sort((a, b) => a - b))
}

/** Successors of each node. */
type Graph = readonly ReadonlySet<number>[]

/** Nodes are the functions and, after them, one for each type that is invoked: it leads to the closures of that type. */
function buildGraph(module: Module): Graph {
  const graph: Set<number>[] = module.funcs.map(() => new Set())
  const typeNodes = new Map<string, number>()
  const nodeOf = (type: string): number => {
    const node = typeNodes.get(type) ?? graph.length
    if (node === graph.length) graph.push(new Set())
    typeNodes.set(type, node)
    return node
  }
  for (const [i, func] of module.funcs.entries()) {
    for (const expr of eachExpr(func.body)) {
      if (expr.kind === 'call') graph[i]!.add(expr.func)
      else if (expr.kind === 'invoke') graph[i]!.add(nodeOf(formatType(expr.callee.type)))
      else if (expr.kind === 'op' && expr.op === 'closure.new') {
        const made = expr.imm[0] as number
        graph[nodeOf(closureType(module.funcs[made]!))]!.add(made)
      }
    }
  }
  return graph
}

function closureType(func: Func): string {
  return formatType(
    funcOf(
      func.params.map((p) => p.type),
      func.result,
    ),
  )
}

/** Strongly connected components by Tarjan's algorithm ("Depth-first search and linear graph algorithms", 1972), with a stack of our own. */
function findComponents(graph: Graph): number[][] {
  const order = new Int32Array(graph.length).fill(-1)
  const low = new Int32Array(graph.length)
  const isOpen = new Uint8Array(graph.length)
  const open: number[] = []
  const components: number[][] = []
  let count = 0
  const enter = (node: number): { node: number; next: Iterator<number> } => {
    order[node] = low[node] = count++
    open.push(node)
    isOpen[node] = 1
    return { node, next: graph[node]!.values() }
  }
  const close = (root: number): void => {
    const component = open.splice(open.lastIndexOf(root))
    for (const node of component) isOpen[node] = 0
    components.push(component)
  }
  for (let start = 0; start < graph.length; start++) {
    if (order[start]! >= 0) continue
    const path = [enter(start)]
    for (let at = path.at(-1); at; at = path.at(-1)) {
      const step = at.next.next()
      if (!step.done) {
        const to = step.value
        if (order[to]! < 0) path.push(enter(to))
        else if (isOpen[to]) low[at.node] = Math.min(low[at.node]!, order[to]!)
        continue
      }
      if (low[at.node] === order[at.node]) close(at.node)
      path.pop()
      const parent = path.at(-1)
      if (parent) low[parent.node] = Math.min(low[parent.node]!, low[at.node]!)
    }
  }
  return components
}
