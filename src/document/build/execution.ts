import { create } from '@bufbuild/protobuf'
import { eachExpr, type Expr, type Module } from '../../ir/index.ts'
import { wellFormed } from '../names.ts'
import { ExecEdgeSchema, ExecNodeSchema, type ExecEdge, type ExecNode } from '../schema/gen/anrf_pb.ts'

export const funcNodeId = (func: number): string => `exec_func_${func}`
export const globalNodeId = (global: number): string => `exec_global_${global}`

/** The nodes and edges of the execution layer of format `ir`. */
export type ExecutionGraph = {
  readonly nodes: ExecNode[]
  readonly edges: ExecEdge[]
  readonly properties: Record<string, string>
}

/**
 * The functions and module variables of a module and what each function does with them: calls,
 * makes a closure of, reads, writes. It follows from the module alone, so that a reader can
 * compute it again and refuse a document whose graph tells another story than its code.
 */
export function describeExecution(module: Module): ExecutionGraph {
  const entryOf = new Map(module.entries.map((entry) => [entry.func, entry.name]))
  const nodes = module.funcs.map((func, i) => {
    const entry = entryOf.get(i)
    return create(ExecNodeSchema, {
      nodeId: funcNodeId(i),
      operation: 'function',
      properties: {
        name: wellFormed(func.name),
        index: String(i),
        ...(entry === undefined ? {} : { entry: wellFormed(entry) }),
        ...(i === module.init ? { init: 'true' } : {}),
      },
    })
  })
  for (const [i, { name }] of module.globals.entries())
    nodes.push(
      create(ExecNodeSchema, {
        nodeId: globalNodeId(i),
        operation: 'global',
        properties: { name: wellFormed(name), index: String(i) },
      }),
    )
  const properties = { entries: wellFormed(module.entries.map((entry) => entry.name).join(',')) }
  return { nodes, edges: describeEdges(module), properties }
}

function describeEdges(module: Module): ExecEdge[] {
  const edges: ExecEdge[] = []
  for (const [i, func] of module.funcs.entries()) {
    const seen = new Set<string>()
    for (const expr of eachExpr(func.body)) {
      const use = useOf(expr)
      if (!use || seen.has(`${use.type} ${use.target}`)) continue
      seen.add(`${use.type} ${use.target}`)
      const edgeId = `exec_edge_${edges.length + 1}`
      edges.push(create(ExecEdgeSchema, { edgeId, sourceId: funcNodeId(i), targetId: use.target, edgeType: use.type }))
    }
  }
  return edges
}

function useOf(expr: Expr): { readonly type: string; readonly target: string } | undefined {
  if (expr.kind === 'call') return { type: 'calls', target: funcNodeId(expr.func) }
  if (expr.kind !== 'op') return undefined
  if (expr.op === 'closure.new') return { type: 'closes_over', target: funcNodeId(Number(expr.imm[0])) }
  if (expr.op === 'global.get') return { type: 'reads', target: globalNodeId(Number(expr.imm[0])) }
  if (expr.op === 'global.set') return { type: 'writes', target: globalNodeId(Number(expr.imm[0])) }
  return undefined
}
