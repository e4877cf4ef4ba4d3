import { create } from '@bufbuild/protobuf'
import { locate, type Span } from '../../base/index.ts'
import type { Func, Module } from '../../ir/index.ts'
import { createIds, wellFormed } from '../names.ts'
import {
  EdgeSchema,
  NodeSchema,
  SemanticLayerSchema,
  type Edge,
  type ExecNode,
  type Node,
  type SemanticLayer,
} from '../schema/gen/anrf_pb.ts'
import type {
  BuildParts,
  ClassDescription,
  Declaration,
  FunctionDescription,
  ParamDescription,
  VariableDescription,
} from './description.ts'
import { funcNodeId, globalNodeId, type ExecutionGraph } from './execution.ts'
import { IntentBuilder } from './intent.ts'
import { TypeTable } from './types.ts'

type FunctionParts = Pick<FunctionDescription, 'name' | 'span' | 'funcs' | 'params' | 'result'>

/**
 * Makes the nodes of the semantic layer from the declarations, and one for each function and
 * variable of the IR that no declaration stands for: closures, initialisers, library code.
 */
export class SemanticBuilder {
  readonly #newId = createIds()
  readonly #nodes: Node[] = []
  readonly #edges: Edge[] = []
  readonly #symbols = new Map<string, string>()
  readonly #files = new Map<number, Node>()
  readonly #module: Module
  readonly #execNodes: ReadonlyMap<string, ExecNode>
  readonly types: TypeTable
  readonly intent = new IntentBuilder(createIds())

  constructor(parts: BuildParts, execution: ExecutionGraph) {
    this.#module = parts.module
    this.#execNodes = new Map(execution.nodes.map((node) => [node.nodeId, node]))
    this.types = new TypeTable(parts.module, this.#newId)
  }

  finish(parts: BuildParts, execution: ExecutionGraph): SemanticLayer {
    for (const file of this.#module.files.keys()) this.#addFile(file)
    for (const declaration of parts.program.declarations) this.#declare(declaration)
    this.#coverRest()
    this.#addCalls(execution)
    for (const entry of this.#module.entries) for (const param of entry.params) this.types.idOf(param.type)
    const symbolTable = Object.fromEntries([...this.#symbols].sort(([a], [b]) => (a < b ? -1 : 1)))
    return create(SemanticLayerSchema, { nodes: this.#nodes, edges: this.#edges, types: this.types.defs, symbolTable })
  }

  #addFile(file: number): void {
    const path = this.#module.files[file]?.path ?? ''
    this.#files.set(file, this.#addNode('file', 'module', path, {}))
  }

  #declare(declaration: Declaration): void {
    const node = this.#nodeOf(declaration)
    if (declaration.exported === true) node.properties['exported'] = 'true'
    this.#place(node, declaration.span, declaration.kind === 'variable' ? 'declares' : 'contains')
    this.#name(declaration.name, node)
    this.intent.describe(node, declaration.docs)
  }

  #nodeOf(declaration: Declaration): Node {
    switch (declaration.kind) {
      case 'function':
        return this.#addFunction(declaration)
      case 'class':
        return this.#addClass(declaration)
      case 'record':
        return this.#addNode('record', 'record', declaration.name, this.#typeOf(declaration.objects))
      case 'variable':
        return this.#addVariable(declaration)
    }
  }

  #addFunction(parts: FunctionParts, label = parts.name): Node {
    const node = this.#addNode('func', 'function', label, { return_type: this.types.idOf(parts.result) })
    this.#execute(node, parts.funcs.map(funcNodeId))
    for (const param of parts.params) this.#addParam(node, param)
    return node
  }

  #addParam(owner: Node, param: ParamDescription): void {
    const node = this.#addNode(
      'param',
      'parameter',
      param.name,
      { type: this.types.idOf(param.type) },
      `${owner.label}_${param.name}`,
    )
    if (param.optional === true) node.properties['optional'] = 'true'
    if (param.description !== undefined && param.description !== '')
      node.properties['description'] = wellFormed(param.description)
    this.#addEdge(owner, node, 'has_parameter')
  }

  #addClass(declaration: ClassDescription): Node {
    const node = this.#addNode('class', 'class', declaration.name, this.#typeOf(declaration.objects))
    for (const method of declaration.methods) {
      const label = `${declaration.name}.${method.name}`
      const inner = this.#addFunction(method, label)
      this.#locate(inner, method.span)
      this.#addEdge(node, inner, 'contains')
      this.#name(label, inner)
      this.intent.describe(inner, method.docs)
    }
    return node
  }

  #addVariable(declaration: VariableDescription): Node {
    const node = this.#addNode('var', 'variable', declaration.name, { type: this.types.idOf(declaration.type) })
    if (declaration.constant === true) node.properties['constant'] = 'true'
    if (declaration.global !== undefined) this.#execute(node, [globalNodeId(declaration.global)])
    return node
  }

  /** Every execution node is named by a semantic node; what nobody declared is marked as generated. */
  #coverRest(): void {
    for (const [i, func] of this.#module.funcs.entries()) {
      if (this.#covered(funcNodeId(i))) continue
      const node = this.#addFunction({ ...func, ...typesOf(func), funcs: [i] })
      node.properties['generated'] = 'true'
      this.#place(node, func.span, 'contains')
    }
    for (const [i, global] of this.#module.globals.entries()) {
      if (this.#covered(globalNodeId(i))) continue
      const node = this.#addNode('var', 'variable', global.name, {
        type: this.types.idOf(global.type),
        generated: 'true',
      })
      this.#execute(node, [globalNodeId(i)])
    }
  }

  /** The call graph between semantic functions, as the execution layer has it between IR functions. */
  #addCalls(execution: ExecutionGraph): void {
    const owners = new Map(this.#nodes.flatMap((node) => node.executionRefs.map((ref) => [ref, node] as const)))
    const seen = new Set<string>()
    for (const { sourceId, targetId, edgeType } of execution.edges) {
      const source = owners.get(sourceId)
      const target = owners.get(targetId)
      if (!source || !target || seen.has(`${source.nodeId} ${target.nodeId} ${edgeType}`)) continue
      seen.add(`${source.nodeId} ${target.nodeId} ${edgeType}`)
      this.#addEdge(source, target, edgeType)
    }
  }

  #covered(execId: string): boolean {
    return (this.#execNodes.get(execId)?.semanticRefs.length ?? 0) > 0
  }

  #execute(node: Node, execIds: readonly string[]): void {
    for (const id of execIds) {
      const target = this.#execNodes.get(id)
      if (!target) throw new Error(`the module has no ${id}`)
      node.executionRefs.push(id)
      target.semanticRefs.push(node.nodeId)
    }
  }

  #typeOf(objects: readonly number[]): Record<string, string> {
    const [first] = objects.map((id) => this.types.idOf({ kind: 'object', id }))
    return first === undefined ? {} : { type: first }
  }

  #addNode(prefix: string, nodeType: string, label: string, properties: Record<string, string>, idName = label): Node {
    const node = create(NodeSchema, {
      nodeId: this.#newId(prefix, idName),
      nodeType,
      label: wellFormed(label),
      properties,
    })
    this.#nodes.push(node)
    return node
  }

  #addEdge(source: Node, target: Node, edgeType: string): void {
    const edgeId = `edge_${this.#edges.length + 1}`
    this.#edges.push(create(EdgeSchema, { edgeId, sourceId: source.nodeId, targetId: target.nodeId, edgeType }))
  }

  #place(node: Node, span: Span, edgeType: string): void {
    this.#locate(node, span)
    const file = this.#files.get(span.file)
    if (file) this.#addEdge(file, node, edgeType)
  }

  #locate(node: Node, span: Span): void {
    const location = locate(this.#module.files, span)
    if (location)
      node.properties['location'] = wellFormed(`${location.path}:${location.start.line}:${location.start.column}`)
  }

  /** The first declaration of a name keeps it; one of another file is found through its file. */
  #name(name: string, node: Node): void {
    const key = wellFormed(name)
    if (!this.#symbols.has(key)) this.#symbols.set(key, node.nodeId)
  }
}

function typesOf(func: Func): Pick<FunctionParts, 'params' | 'result'> {
  return { params: func.params, result: func.result }
}
