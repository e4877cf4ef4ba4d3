import type { Document } from '../document.ts'
import { pointerTo, type Report } from '../report.ts'

const TYPE_KINDS: readonly string[] = ['primitive', 'struct', 'function', 'union', 'array']

/** Execution nodes that a reader of the semantic layer must find there, in both formats. */
const DEFINITIONS: ReadonlySet<string> = new Set(['function', 'global', 'function_def', 'parameter', 'variable_def'])

/** A check that ids are in a set, as a function of where they stand. */
function resolver(known: ReadonlySet<string>, what: string, report: Report): (id: string, pointer: string) => void {
  return (id, pointer) => {
    if (!known.has(id)) report.add('ANRF3004', pointer, `there is no ${what} ${JSON.stringify(id)}`)
  }
}

export function checkEdges(document: Document, report: Report): void {
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

export function checkSymbols(document: Document, report: Report): void {
  const node = resolver(semanticIds(document), 'semantic node', report)
  for (const [name, id] of Object.entries(document.semantic.symbolTable))
    node(id, pointerTo('/semantic/symbol_table', name))
}

export function checkTypes(document: Document, report: Report): void {
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

export function checkExecutionRefs(document: Document, report: Report): void {
  const there = document.semantic.nodes.map((n) => ({ id: n.nodeId, refs: n.executionRefs }))
  const back = document.execution.nodes.map((n) => ({ id: n.nodeId, refs: n.semanticRefs }))
  checkBothWays(there, back, ['/semantic/nodes', 'execution_refs', 'execution node'], report)
  checkBothWays(back, there, ['/execution/nodes', 'semantic_refs', 'semantic node'], report)
}

export function checkIntentRefs(document: Document, report: Report): void {
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

export function checkCoverage(document: Document, report: Report): void {
  const covered = new Set(document.semantic.nodes.flatMap((node) => node.executionRefs))
  for (const [i, node] of document.execution.nodes.entries())
    if (DEFINITIONS.has(node.operation) && !covered.has(node.nodeId))
      report.add('ANRF3004', `/execution/nodes/${i}`, `no semantic node refers to ${JSON.stringify(node.nodeId)}`)
}

export function checkConstraints(document: Document, report: Report): void {
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
