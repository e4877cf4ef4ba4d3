/** Successors of each node. */
export type Graph = readonly ReadonlySet<number>[]

/** Strongly connected components by Tarjan's algorithm ("Depth-first search and linear graph algorithms", 1972), with a stack of our own. */
export function findComponents(graph: Graph): number[][] {
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
