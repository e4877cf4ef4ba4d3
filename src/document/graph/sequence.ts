import type { Document } from '../document.ts'
import type { GraphContext, Placed } from './context.ts'

const CONTROL: ReadonlySet<string> = new Set(['control_flow', 'loop_body', 'then_body', 'else_body'])

/** The nodes of a function in the order of control, its `function_def` first. */
export type Sequence = readonly Placed[]

/**
 * Follows the edges from every `function_def`. They put the nodes of a function in one line, in
 * which blocks are closed by `end_loop`, `else` and `end_if` as in a text. Nodes on no line are
 * expressions: their value is computed where it is used.
 */
export function findSequences(document: Document, context: GraphContext): Sequence[] {
  const next = new Map<string, string>()
  for (const edge of document.execution.edges) {
    const source = context.get(edge.sourceId)
    if (!CONTROL.has(edge.edgeType))
      context.refuse(source, `an edge of type ${JSON.stringify(edge.edgeType)} leaves it`)
    if (next.has(edge.sourceId)) context.refuse(source, 'more than one edge leaves it')
    next.set(edge.sourceId, edge.targetId)
  }
  const taken = new Set<string>()
  const starts = [...context.nodes.values()].filter(({ node }) => node.operation === 'function_def')
  return starts.map((start) => {
    const line: Placed[] = []
    for (let id: string | undefined = start.node.nodeId; id !== undefined; id = next.get(id)) {
      const placed = context.get(id)
      if (taken.has(id)) context.refuse(placed, 'the edges reach it twice')
      taken.add(id)
      line.push(placed)
    }
    return line
  })
}
