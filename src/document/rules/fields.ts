import type { Document } from '../document.ts'
import { isProgramName, isProgramVersion } from '../names.ts'
import type { Report } from '../report.ts'
import type { Edge, ExecEdge } from '../schema/gen/anrf_pb.ts'

export function checkRequired(document: Document, report: Report): void {
  const need = (value: string, pointer: string): void => {
    if (value === '') report.add('ANRF3001', pointer, 'the field is missing or empty')
  }
  const needAll = <T>(
    list: readonly T[],
    pointer: string,
    fields: (item: T) => Readonly<Record<string, string>>,
  ): void => {
    for (const [i, item] of list.entries())
      for (const [field, value] of Object.entries(fields(item))) need(value, `${pointer}/${i}/${field}`)
  }
  const { intent, semantic, execution, metadata } = document
  need(document.anrfId, '/anrf_id')
  need(intent.intentType, '/intent/intent_type')
  need(intent.description, '/intent/description')
  need(execution.format, '/execution/format')
  needAll(intent.constraints, '/intent/constraints', (c) => ({ type: c.type, description: c.description }))
  needAll(semantic.nodes, '/semantic/nodes', (n) => ({ node_id: n.nodeId, node_type: n.nodeType }))
  const edge = (e: Edge | ExecEdge): Record<string, string> => ({ edge_id: e.edgeId, edge_type: e.edgeType })
  needAll(semantic.edges, '/semantic/edges', edge)
  needAll(semantic.types, '/semantic/types', (t) => ({ type_id: t.typeId, name: t.name }))
  needAll(execution.nodes, '/execution/nodes', (n) => ({ node_id: n.nodeId, operation: n.operation }))
  needAll(execution.edges, '/execution/edges', edge)
  if (!isProgramName(metadata['name'] ?? ''))
    report.add('ANRF3001', '/metadata/name', 'the name of the program is missing or malformed')
  if (!isProgramVersion(metadata['version'] ?? ''))
    report.add('ANRF3001', '/metadata/version', 'the version of the program is missing or not SemVer 2.0')
}

export function checkUnique(document: Document, report: Report): void {
  const { intent, semantic, execution } = document
  const unique = (ids: readonly string[], pointer: string, field: string): void => {
    const seen = new Set<string>()
    for (const [i, id] of ids.entries()) {
      if (id !== '' && seen.has(id))
        report.add('ANRF3001', `${pointer}/${i}/${field}`, `${JSON.stringify(id)} is given twice`)
      seen.add(id)
    }
  }
  unique(
    intent.constraints.map((c) => c.constraintId),
    '/intent/constraints',
    'constraint_id',
  )
  unique(
    semantic.nodes.map((n) => n.nodeId),
    '/semantic/nodes',
    'node_id',
  )
  unique(
    semantic.edges.map((e) => e.edgeId),
    '/semantic/edges',
    'edge_id',
  )
  unique(
    semantic.types.map((t) => t.typeId),
    '/semantic/types',
    'type_id',
  )
  unique(
    execution.nodes.map((n) => n.nodeId),
    '/execution/nodes',
    'node_id',
  )
  unique(
    execution.edges.map((e) => e.edgeId),
    '/execution/edges',
    'edge_id',
  )
  for (const [i, type] of semantic.types.entries())
    unique(
      type.fields.map((f) => f.name),
      `/semantic/types/${i}/fields`,
      'name',
    )
}
