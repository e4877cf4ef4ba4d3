import { documentJson, documentName, type Document } from '../../../document/index.ts'
import { describeType } from '../../../engine/index.ts'
import { printModule, type Module } from '../../../ir/index.ts'
import { describeBoxed, reportBoxed } from '../boxed.ts'
import type { CommandModule } from '../commands.ts'
import { showControls } from '../plain-text.ts'
import { loadDocumentFile } from '../program-file.ts'
import { readRelease } from '../release.ts'
import { sayRefused, sayWarnings } from '../say.ts'
import { readGivenTools } from '../tools.ts'

export const execute: CommandModule['execute'] = async (terminal, args, options) => {
  const path = args[0]!
  const given = await readGivenTools(terminal, options)
  if ('diagnostics' in given) return sayRefused(terminal, options, given.diagnostics)
  const loaded = await loadDocumentFile(terminal, path, readRelease(options, path), given)
  if ('refused' in loaded) return sayRefused(terminal, options, loaded.refused)
  sayWarnings(terminal, options, loaded.diagnostics)
  const { document, module, bytes } = loaded
  const ir = withoutLineTables(printModule(module, { spans: false }))
  if (options.json)
    terminal.out(`${JSON.stringify({ document: documentJson(document), boxed: reportBoxed(module), ir })}\n`)
  else if (options.ir) terminal.out(ir)
  else terminal.out(showControls(`${describeDocument(document, module, bytes.length)}\n${ir}`))
  return 'ok'
}

/** The document in a screen: what it is, what can be called, what it asks for, what its layers hold. */
function describeDocument(document: Document, module: Module, codeBytes: number): string {
  const { intent, semantic, execution, security } = document
  const entries = module.entries.map((entry) => {
    const params = entry.params.map((p) => `${p.name}${p.optional ? '?' : ''}: ${describeType(module, p.type)}`)
    return `${entry.name}(${params.join(', ')}): ${describeType(module, entry.result)}`
  })
  const names = new Set(module.entries.map((entry) => entry.name))
  const shown = new Set(semantic.nodes.flatMap((node) => (names.has(node.label) ? [node.nodeId] : [])))
  // What helper functions are for is in the document; this screen says what can be called.
  const constraints = intent.constraints
    .filter((c) => c.type !== 'purpose' || c.semanticRefs.some((id) => shown.has(id)))
    .map((c) => (c.type === 'purpose' ? c.description : `${c.type} ${c.formalSpec || c.description}`))
  const capabilities = security.capabilities.map((c) => [c.name, ...c.scopes].join(' '))
  const limits = Object.entries(security.limits).map(([name, value]) => `${name} ${value}`)
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ['program', [documentName(document) || '(no name)']],
    ['identity', [document.anrfId]],
    ['intent', [intent.description || '(none)', ...constraints]],
    ['entries', entries.length === 0 ? ['(none)'] : entries],
    ['capabilities', capabilities.length === 0 ? ['none: it reads and changes nothing outside itself'] : capabilities],
    ['limits', [limits.join(', ')]],
    ['boxed', describeBoxed(reportBoxed(module))],
    ['semantic', [`${semantic.nodes.length} nodes, ${semantic.edges.length} edges, ${semantic.types.length} types`]],
    [
      'execution',
      [
        `${execution.format}, ${codeBytes} bytes of code, ${module.funcs.length} functions, ${execution.edges.length} uses`,
      ],
    ],
  ]
  return rows
    .map(([title, lines]) => `${title.padEnd(13)} ${lines.join('\n').replaceAll('\n', `\n${' '.repeat(14)}`)}\n`)
    .join('')
}

/** The offsets of lines serve to name places; a reader wants the code. */
function withoutLineTables(ir: string): string {
  return ir.replace(/^(file \d+ "(?:[^"\\]|\\.)*") \[[^\]]*\]$/gm, '$1')
}
