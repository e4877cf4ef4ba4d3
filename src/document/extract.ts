import { equals } from '@bufbuild/protobuf'
import { hasErrors, type Diagnostic } from '../base/index.ts'
import { checkModule, decodeModule, encodeModule, type Module } from '../ir/index.ts'
import { usedCapabilities } from './build.ts'
import { describeExecution } from './build/execution.ts'
import type { Document } from './document.ts'
import { lowerGraph } from './graph/lower.ts'
import { Report } from './report.ts'
import { ExecEdgeSchema, ExecNodeSchema } from './schema/gen/anrf_pb.ts'

/** The IR of a document, as a checked module and as bytes, or what is wrong with it. */
export type Extracted =
  | { readonly module: Module; readonly program: Uint8Array }
  | { readonly diagnostics: readonly Diagnostic[] }

/**
 * Takes the IR out of a document that keeps the rules: decodes the code of format `ir`, lowers
 * format `graph`, checks the module, and that the layers tell the truth about it.
 */
export function extractModule(document: Document): Extracted {
  const read = readModule(document)
  if ('diagnostics' in read) return read
  const problems = checkModule(read.module)
  if (hasErrors(problems)) return { diagnostics: problems }
  const report = new Report()
  checkTruth(document, read.module, report)
  if (report.diagnostics.length > 0) return { diagnostics: report.diagnostics }
  return { module: read.module, program: read.program ?? encodeModule(read.module) }
}

type Read = { readonly module: Module; readonly program?: Uint8Array } | { readonly diagnostics: readonly Diagnostic[] }

function readModule(document: Document): Read {
  const { format, code } = document.execution
  const report = new Report()
  if (format === 'ir') {
    const decoded = decodeModule(code)
    return 'diagnostics' in decoded ? decoded : { module: decoded.module, program: code }
  }
  if (format === 'graph' && code.length === 0) return lowerGraph(document)
  if (format === 'graph') report.add('ANRF3001', '/execution/code', 'a document of format "graph" has no code')
  else report.add('ANRF3001', '/execution/format', `the format ${JSON.stringify(format)} is neither "ir" nor "graph"`)
  return { diagnostics: report.diagnostics }
}

/** The graph of an `ir` document follows from its code, and the capabilities it uses are asked for. */
function checkTruth(document: Document, module: Module, report: Report): void {
  const { execution, security } = document
  for (const name of usedCapabilities(module))
    if (!security.capabilities.some((c) => c.name === name))
      report.add(
        'ANRF3005',
        '/security/capabilities',
        `the code uses the capability ${name}, which the document does not ask for`,
      )
  if (execution.format !== 'ir') return
  const graph = describeExecution(module)
  const nodes = execution.nodes.map((node) => ({ ...node, semanticRefs: [] }))
  if (
    nodes.length !== graph.nodes.length ||
    !graph.nodes.every((node, i) => nodes[i] && equals(ExecNodeSchema, node, nodes[i]))
  )
    report.add('ANRF3004', '/execution/nodes', 'the nodes are not the functions and variables of the code')
  const edges = execution.edges
  if (
    edges.length !== graph.edges.length ||
    !graph.edges.every((edge, i) => edges[i] && equals(ExecEdgeSchema, edge, edges[i]))
  )
    report.add('ANRF3004', '/execution/edges', 'the edges are not the uses in the code')
}
