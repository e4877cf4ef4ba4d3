import { bytesOf } from './open-helpers.ts'

/** An execution node: operation, inputs, outputs, properties; `id` as the key. */
type GraphNode = readonly [
  operation: string,
  inputs?: string,
  outputs?: string,
  properties?: Readonly<Record<string, string>>,
]

/** The parts of a graph program: nodes by id, the ids in the order of control, and the types of nodes by id. */
export type GraphParts = {
  readonly nodes: Readonly<Record<string, GraphNode>>
  /** One line for each function, ids separated by spaces. */
  readonly lines: readonly string[]
  /** `number`, `string`, `boolean` or `number[]` and so on; for a function its result. */
  readonly types: Readonly<Record<string, string>>
}

const PRIMITIVE = { number: 'Number', string: 'String', boolean: 'Boolean' }

/** The published form of a graph program, version v1, as JSON. */
export function graphDocument({ nodes, lines, types }: GraphParts): Uint8Array {
  const words = (text = ''): string[] => text.split(' ').filter((word) => word !== '')
  const execNodes = Object.entries(nodes).map(([id, [operation, inputs, outputs, properties]]) => ({
    node_id: id,
    operation,
    inputs: words(inputs),
    outputs: words(outputs),
    properties: { name: id, ...properties },
  }))
  const edges = lines.flatMap((line) => {
    const ids = words(line)
    return ids
      .slice(1)
      .map((id, i) => ({ edge_id: `${ids[i]}-${id}`, source_id: ids[i], target_id: id, edge_type: 'control_flow' }))
  })
  const semanticNodes = execNodes.map(({ node_id: id, operation }) => {
    const type = types[id]
    const property = operation === 'function_def' ? 'return_type' : 'type'
    return {
      node_id: `sem_${id}`,
      node_type: operation === 'function_def' ? 'function' : 'variable',
      label: id,
      properties: type === undefined ? {} : { [property]: type },
      execution_refs: [id],
    }
  })
  const typeDefs = Object.entries(PRIMITIVE).flatMap(([id, name]) => [
    { type_id: id, name, type_kind: 'primitive' },
    { type_id: `${id}[]`, name: `${name}[]`, type_kind: 'array', properties: { element_type: id } },
    { type_id: `${id}[][]`, name: `${name}[][]`, type_kind: 'array', properties: { element_type: `${id}[]` } },
  ])
  const document = {
    anrf_id: 'graph',
    version: 'v1',
    intent: { intent_type: 'function', description: 'a test' },
    semantic: { nodes: semanticNodes, types: typeDefs },
    execution: { format: 'graph', nodes: execNodes, edges },
  }
  return bytesOf(JSON.stringify(document))
}
