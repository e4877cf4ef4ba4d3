import type { Diagnostic } from '../../base/index.ts'
import { ERROR_OBJECT, UNDEFINED, type Entry, type Func, type Module } from '../../ir/index.ts'
import type { Document } from '../document.ts'
import { Report } from '../report.ts'
import { GRAPH_FILE, GraphContext, GraphRefused, spanOf, type Placed } from './context.ts'
import { FunctionLowering } from './function.ts'
import { findSequences, type Sequence } from './sequence.ts'
import type { Signature } from './values.ts'

/**
 * Lowers a document of format `graph` to IR: every `function_def` becomes a function and an
 * entry. Anything outside the documented set is refused with ANRF3007, which names the node. The
 * rules of the document must hold already.
 */
export function lowerGraph(
  document: Document,
): { readonly module: Module } | { readonly diagnostics: readonly Diagnostic[] } {
  const report = new Report()
  try {
    return { module: lowerModule(document, new GraphContext(document, report)) }
  } catch (error) {
    if (error instanceof GraphRefused) return { diagnostics: report.diagnostics }
    throw error
  }
}

function lowerModule(document: Document, context: GraphContext): Module {
  const sequences = findSequences(document, context)
  const signatures = new Map<string, Signature>()
  // Function 0 is the initialiser.
  for (const [i, [start]] of sequences.entries())
    if (start) signatures.set(nameOf(context, start, signatures), signatureOf(context, start, i + 1))
  const sequenced = new Set(sequences.flatMap((sequence) => sequence.map(({ node }) => node.nodeId)))
  const names = [...signatures.keys()]
  const funcs = sequences.map((sequence, i) =>
    new FunctionLowering(context, sequenced, signatures).lower(sequence, names[i] ?? ''),
  )
  return {
    files: [{ path: GRAPH_FILE, lines: document.execution.nodes.map((_, i) => i) }],
    objects: [ERROR_OBJECT],
    globals: [],
    funcs: [initialiser(sequences), ...funcs],
    init: 0,
    entries: funcs.map((func, i) => entryOf(func, i + 1)),
  }
}

function nameOf(context: GraphContext, start: Placed, taken: ReadonlyMap<string, Signature>): string {
  const name = start.node.properties['name'] ?? ''
  if (name === '') context.refuse(start, 'it has no name')
  if (taken.has(name)) context.refuse(start, `there are two functions ${JSON.stringify(name)}`)
  return name
}

function signatureOf(context: GraphContext, start: Placed, func: number): Signature {
  const params = start.node.inputs.map((id) => {
    const param = context.get(id)
    return context.typeOf(param, 'type') ?? context.refuse(param, 'no semantic node gives its type')
  })
  return { func, params, result: context.typeOf(start, 'return_type') ?? UNDEFINED }
}

function entryOf(func: Func, index: number): Entry {
  const params = func.params.map(({ name, type }) => ({ name, type, optional: false }))
  return { name: func.name, func: index, params, result: func.result }
}

function initialiser(sequences: readonly Sequence[]): Func {
  const first = sequences[0]?.[0]
  const span = first ? spanOf(first) : { file: 0, start: 0, end: 0 }
  const body = [{ kind: 'return', value: { kind: 'const', value: undefined, type: UNDEFINED, span }, span }] as const
  return { name: '<init>', params: [], captures: [], locals: [], result: UNDEFINED, body, span }
}
