import { hasErrors } from '../../base/index.ts'
import { buildDocument } from '../../document/index.ts'
import { compile, type CompileResult } from '../../front/index.ts'
import { encodeModule } from '../../ir/index.ts'
import type { LoadedDocument, LoadedProgram, Refused, Release } from './program-file.ts'
import { openSourceFiles } from './source-files.ts'

/** Compiles the program whose main file is at `path` (absolute). See `loadProgramFile`. */
export function compileFile(path: string, fence: string, entries?: readonly string[]): LoadedProgram | Refused {
  const { diagnostics, program } = compileSources(path, fence, entries)
  if (!program || hasErrors(diagnostics)) return { refused: diagnostics }
  return { module: program.module, bytes: encodeModule(program.module), diagnostics }
}

/** Compiles a program to a document. See `loadDocumentFile`. */
export function compileDocument(path: string, fence: string, release: Release): LoadedDocument | Refused {
  const { diagnostics, program } = compileSources(path, fence)
  if (!program || hasErrors(diagnostics)) return { refused: diagnostics }
  const { module } = program
  const document = buildDocument({ ...release, module, program: program.description })
  return { module, bytes: document.execution.code, document, diagnostics }
}

function compileSources(path: string, fence: string, entries?: readonly string[]): CompileResult {
  const { main, read } = openSourceFiles(path, fence)
  return compile({ read }, entries === undefined ? { main } : { main, entries: [...entries] })
}
