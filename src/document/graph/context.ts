import type { Span } from '../../base/index.ts'
import { arrayOf, BOOL, F64, STRING, type Type } from '../../ir/index.ts'
import type { Document } from '../document.ts'
import type { Report } from '../report.ts'
import type { ExecNode, Node, TypeDef } from '../schema/gen/anrf_pb.ts'

/** Arrays of arrays; also ends a type that contains itself. */
const TYPE_DEPTH_MAX = 8

/** A node outside the line of control is computed at every use, so sharing could blow a program up. */
const EXPRESSIONS_MAX = 100_000

const PRIMITIVES: ReadonlyMap<string, Type> = new Map([
  ['number', F64],
  ['string', STRING],
  ['boolean', BOOL],
])

/** Leaves the lowering once a node was reported; caught in `lowerGraph` only. */
export class GraphRefused extends Error {}

/** An execution node and its place in the list, which is also its line in stack traces. */
export type Placed = { readonly node: ExecNode; readonly index: number }

/** What lowering looks up in a document: nodes by id, types by id, and the semantic node that stands for a node. */
export class GraphContext {
  readonly nodes: ReadonlyMap<string, Placed>
  readonly #semantic = new Map<string, Node[]>()
  readonly #types: ReadonlyMap<string, TypeDef>
  readonly #report: Report
  #expressions = 0

  constructor(document: Document, report: Report) {
    this.#report = report
    this.nodes = new Map(document.execution.nodes.map((node, index) => [node.nodeId, { node, index }]))
    this.#types = new Map(document.semantic.types.map((type) => [type.typeId, type]))
    for (const node of document.semantic.nodes)
      for (const ref of node.executionRefs) {
        const list = this.#semantic.get(ref)
        if (list) list.push(node)
        else this.#semantic.set(ref, [node])
      }
  }

  /** Reports a node as outside the documented set (ANRF3007) and stops. */
  refuse(at: Placed, message: string): never {
    const text = `node ${JSON.stringify(at.node.nodeId)} (${at.node.operation}): ${message}`
    this.#report.add('ANRF3007', `/execution/nodes/${at.index}`, text)
    throw new GraphRefused(text)
  }

  /** Counts an expression that is built for a node, and refuses a document that needs too many. */
  countExpression(at: Placed): void {
    if (++this.#expressions > EXPRESSIONS_MAX)
      this.refuse(at, 'expressions are used too often; put shared ones on the edges')
  }

  get(id: string): Placed {
    const placed = this.nodes.get(id)
    if (!placed) throw new Error(`the rules let an unresolved reference to ${id} pass`)
    return placed
  }

  /** The IR type that the semantic layer gives a node by the property `type` or `return_type`. */
  typeOf(at: Placed, property: 'type' | 'return_type'): Type | undefined {
    const ids = (this.#semantic.get(at.node.nodeId) ?? []).map((node) => node.properties[property])
    const id = ids.find((candidate) => candidate !== undefined)
    return id === undefined ? undefined : this.#read(at, id, 0)
  }

  #read(at: Placed, id: string, depth: number): Type {
    const def = this.#types.get(id)
    const element = def?.properties['element_type']
    if (depth < TYPE_DEPTH_MAX && def?.typeKind === 'array' && element !== undefined)
      return arrayOf(this.#read(at, element, depth + 1))
    const primitive = def?.typeKind === 'primitive' ? PRIMITIVES.get(def.name.toLowerCase()) : undefined
    return (
      primitive ??
      this.refuse(at, `the type ${JSON.stringify(id)} is not a number, string, boolean or an array of such`)
    )
  }
}

/** Stack traces of graph programs name nodes as lines of this file: node 5 of the list is line 5. */
export const GRAPH_FILE = 'execution.graph'

export function spanOf(at: Placed): Span {
  return { file: 0, start: at.index, end: at.index }
}
