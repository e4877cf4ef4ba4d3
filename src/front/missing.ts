import { closestName, REFUSALS, type Diagnostic } from '../base/index.ts'
import { importNames } from './imports.ts'
import type { Layout, Oracle } from './oracle.ts'
import { diagnosticAt } from './source.ts'
import type ts from './typescript.cjs'

/** The main file is not there. */
export function missingMain(path: string): Diagnostic {
  return diagnosticAt(
    [],
    'ANRF1002',
    { file: -1, start: 0, end: 0 },
    {
      message: `The file ${path.slice(1)} cannot be read`,
      hint: 'Check the path of the main file.',
    },
  )
}

/** What is imported and is not there. */
export function missingImports(oracle: Oracle, layout: Layout): Diagnostic[] {
  return oracle.userFiles.flatMap((file) =>
    importNames(file, true)
      .filter((literal) => layout.resolve(file.fileName, literal.text) === undefined)
      .map((literal) => importDiagnostic(oracle, layout.modules, file, literal)),
  )
}

function importDiagnostic(
  oracle: Oracle,
  modules: readonly string[],
  file: ts.SourceFile,
  literal: ts.StringLiteral,
): Diagnostic {
  const span = { file: oracle.fileIndex.get(file) ?? -1, start: literal.getStart(file), end: literal.end }
  if (/^(anrf|tool):/.test(literal.text))
    return diagnosticAt(oracle.collector.files, 'ANRF1002', span, {
      message: `There is no module '${literal.text}'`,
      hint: missingModuleHint(modules, literal.text),
    })
  const relative = /^\.\.?(\/|$)/.test(literal.text)
  return relative
    ? diagnosticAt(oracle.collector.files, 'ANRF1002', span, {
        message: `The module '${literal.text}' is not there`,
        hint: 'Import an existing file of the program by its relative path.',
      })
    : diagnosticAt(oracle.collector.files, 'ANRF1101', span, {
        message: `The package '${literal.text}' cannot be imported`,
        hint: REFUSALS.packages.hint,
        feature: REFUSALS.packages.title,
      })
}

function missingModuleHint(modules: readonly string[], name: string): string {
  const close = closestName(name, modules)
  if (close) return `Write '${close}', if that is meant.`
  return name.startsWith('tool:')
    ? 'Tools are described by a manifest: pass it with --tools FILE.'
    : `Modules are ${modules.join(', ')}.`
}
