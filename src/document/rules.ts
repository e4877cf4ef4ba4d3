import type { Edge, ExecEdge, Node } from './schema/gen/anrf_pb.ts'
import type { Document } from './document.ts'
import { isProgramName, isProgramVersion } from './names.ts'
import { pointerTo, type Report } from './report.ts'
import { checkSecurity } from './security.ts'

/** A validation rule of documents. `doc` is what docs/DOCUMENT.md says; `check` reports every violation. */
export type Rule = {
  readonly name: string
  readonly doc: string
  readonly check: (document: Document, report: Report) => void
}

const TYPE_KINDS: readonly string[] = ['primitive', 'struct', 'function', 'union', 'array']

/** Execution nodes that a reader of the semantic layer must find there, in both formats. */
const DEFINITIONS: readonly string[] = ['function', 'global', 'function_def', 'parameter', 'variable_def']

/** The rules, in the order in which they are checked: those of the published v1 schema, then ours. */
export const RULES: readonly Rule[] = [
  {
    name: 'required-fields',
    doc: 'fields that every document, node, edge and type needs are not empty; `name` and `version` of the metadata are well formed',
    check: checkRequired,
  },
  { name: 'unique-ids', doc: 'ids are unique in their list, field names in their type', check: checkUnique },
  { name: 'edges-resolve', doc: 'edges, inputs and outputs name nodes of their layer', check: checkEdges },
  { name: 'symbols-resolve', doc: 'the symbol table names semantic nodes', check: checkSymbols },
  {
    name: 'types-resolve',
    doc: 'types that nodes, fields and types refer to are defined, and are of a known kind',
    check: checkTypes,
  },
  {
    name: 'execution-refs',
    doc: 'a semantic node and an execution node that refer to each other do so both ways',
    check: checkExecutionRefs,
  },
  {
    name: 'intent-refs',
    doc: 'a semantic node and a constraint that refer to each other do so both ways',
    check: checkIntentRefs,
  },
  {
    name: 'coverage',
    doc: 'every function, parameter and variable of the execution layer is named by a semantic node',
    check: checkCoverage,
  },
  {
    name: 'constraints-checkable',
    doc: 'a constraint with a formal_spec names the semantic nodes that it is about',
    check: checkConstraints,
  },
  {
    name: 'security',
    doc: 'the security section is complete; an override has a justification and an approval',
    check: (d, report) => checkSecurity(d.security, '/security', report),
  },
]

/** Checks all rules; every violation is reported with its pointer. */
export function checkRules(document: Document, report: Report): void {
  for (const rule of RULES) rule.check(document, report)
}

function checkRequired(document: Document, report: Report): void {
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

function checkUnique(document: Document, report: Report): void {
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

/** A check that ids are in a set, as a function of where they stand. */
function resolver(known: ReadonlySet<string>, what: string, report: Report): (id: string, pointer: string) => void {
  return (id, pointer) => {
    if (!known.has(id)) report.add('ANRF3004', pointer, `there is no ${what} ${JSON.stringify(id)}`)
  }
}

function checkEdges(document: Document, report: Report): void {
  const { semantic, execution } = document
  const semanticNode = resolver(semanticIds(document), 'semantic node', report)
  const execNode = resolver(execIds(document), 'execution node', report)
  for (const [i, edge] of semantic.edges.entries()) {
    semanticNode(edge.sourceId, `/semantic/edges/${i}/source_id`)
    semanticNode(edge.targetId, `/semantic/edges/${i}/target_id`)
  }
  for (const [i, edge] of execution.edges.entries()) {
    execNode(edge.sourceId, `/execution/edges/${i}/source_id`)
    execNode(edge.targetId, `/execution/edges/${i}/target_id`)
  }
  for (const [i, node] of execution.nodes.entries()) {
    for (const [j, id] of node.inputs.entries()) execNode(id, `/execution/nodes/${i}/inputs/${j}`)
    for (const [j, id] of node.outputs.entries()) execNode(id, `/execution/nodes/${i}/outputs/${j}`)
  }
}

function checkSymbols(document: Document, report: Report): void {
  const node = resolver(semanticIds(document), 'semantic node', report)
  for (const [name, id] of Object.entries(document.semantic.symbolTable))
    node(id, pointerTo('/semantic/symbol_table', name))
}

function checkTypes(document: Document, report: Report): void {
  const { nodes, types } = document.semantic
  const type = resolver(new Set(types.map((t) => t.typeId)), 'type', report)
  const inProperties = (
    properties: Readonly<Record<string, string>>,
    names: readonly string[],
    pointer: string,
  ): void => {
    for (const name of names)
      if (properties[name] !== undefined) type(properties[name], `${pointer}/properties/${name}`)
  }
  for (const [i, node] of nodes.entries())
    inProperties(node.properties, ['type', 'return_type'], `/semantic/nodes/${i}`)
  for (const [i, def] of types.entries()) {
    const at = `/semantic/types/${i}`
    if (!TYPE_KINDS.includes(def.typeKind))
      report.add('ANRF3001', `${at}/type_kind`, `the kind is none of ${TYPE_KINDS.join(', ')}`)
    if (def.typeKind === 'array' && def.properties['element_type'] === undefined)
      report.add('ANRF3004', `${at}/properties`, 'an array type has no element_type')
    if (def.parentType !== '') type(def.parentType, `${at}/parent_type`)
    inProperties(def.properties, ['element_type', 'return_type'], at)
    for (const [j, field] of def.fields.entries()) type(field.typeId, `${at}/fields/${j}/type_id`)
  }
}

function checkExecutionRefs(document: Document, report: Report): void {
  const there = document.semantic.nodes.map((n) => ({ id: n.nodeId, refs: n.executionRefs }))
  const back = document.execution.nodes.map((n) => ({ id: n.nodeId, refs: n.semanticRefs }))
  checkBothWays(there, back, ['/semantic/nodes', 'execution_refs', 'execution node'], report)
  checkBothWays(back, there, ['/execution/nodes', 'semantic_refs', 'semantic node'], report)
}

function checkIntentRefs(document: Document, report: Report): void {
  const there = document.semantic.nodes.map((n) => ({ id: n.nodeId, refs: n.intentRefs }))
  const back = document.intent.constraints.map((c) => ({ id: c.constraintId, refs: c.semanticRefs }))
  checkBothWays(there, back, ['/semantic/nodes', 'intent_refs', 'constraint'], report)
  checkBothWays(back, there, ['/intent/constraints', 'semantic_refs', 'semantic node'], report)
}

type Referrer = { readonly id: string; readonly refs: readonly string[] }

/** Every reference of `from` names one of `to`, which refers back. */
function checkBothWays(
  from: readonly Referrer[],
  to: readonly Referrer[],
  words: readonly [string, string, string],
  report: Report,
): void {
  const [list, field, what] = words
  const answers = new Map(to.filter((t) => t.id !== '').map((t) => [t.id, new Set(t.refs)]))
  for (const [i, { id, refs }] of from.entries())
    for (const [j, ref] of refs.entries()) {
      const answer = answers.get(ref)
      const at = `${list}/${i}/${field}/${j}`
      if (!answer) report.add('ANRF3004', at, `there is no ${what} ${JSON.stringify(ref)}`)
      else if (!answer.has(id))
        report.add('ANRF3004', at, `the ${what} ${JSON.stringify(ref)} does not refer back to ${JSON.stringify(id)}`)
    }
}

function checkCoverage(document: Document, report: Report): void {
  const covered = new Set(document.semantic.nodes.flatMap((node: Node) => node.executionRefs))
  for (const [i, node] of document.execution.nodes.entries())
    if (DEFINITIONS.includes(node.operation) && !covered.has(node.nodeId))
      report.add('ANRF3004', `/execution/nodes/${i}`, `no semantic node refers to ${JSON.stringify(node.nodeId)}`)
}

function checkConstraints(document: Document, report: Report): void {
  for (const [i, constraint] of document.intent.constraints.entries())
    if (constraint.formalSpec !== '' && constraint.semanticRefs.length === 0)
      report.add(
        'ANRF3004',
        `/intent/constraints/${i}/semantic_refs`,
        'a constraint with a formal_spec names no semantic node',
      )
}

function semanticIds(document: Document): ReadonlySet<string> {
  return new Set(document.semantic.nodes.map((n) => n.nodeId))
}

function execIds(document: Document): ReadonlySet<string> {
  return new Set(document.execution.nodes.map((n) => n.nodeId))
}
