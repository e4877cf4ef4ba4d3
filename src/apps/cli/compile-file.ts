import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildDocument, type ProgramDescription } from '../../document/index.ts'
import { compile, type CompileResult, type Library } from '../../front/index.ts'
import { encodeModule } from '../../ir/index.ts'
import type { LoadedDocument, LoadedProgram, Refused, Release } from './program-file.ts'
import { openSourceFiles } from './source-files.ts'

/** Compiles the program whose main file is at `path` (absolute). See `loadProgramFile`. */
export function compileFile(path: string, fence: string, entries?: readonly string[]): LoadedProgram | Refused {
  const { diagnostics, module } = compileSources(path, fence, entries)
  return module ? { module, bytes: encodeModule(module), diagnostics } : { refused: diagnostics }
}

/** Compiles a program to a document. See `loadDocumentFile`. */
export function compileDocument(path: string, fence: string, release: Release): LoadedDocument | Refused {
  const { diagnostics, module } = compileSources(path, fence)
  if (!module) return { refused: diagnostics }
  const document = buildDocument({ ...release, module, program: EMPTY })
  return { module, bytes: document.execution.code, document, diagnostics }
}

const EMPTY: ProgramDescription = { intent: { description: '', tags: [] }, declarations: [] }

function compileSources(path: string, fence: string, entries?: readonly string[]): CompileResult {
  const { main, read } = openSourceFiles(path, fence)
  return compile({ read }, readLibrary(), entries === undefined ? { main } : { main, entries })
}

/** The declarations and the prelude that every program is compiled with; `front/` itself reads no files. */
function readLibrary(): Library {
  const front = join(import.meta.dirname, '../../front')
  const prelude = readdirSync(join(front, 'prelude')).filter((name) => name.endsWith('.ts'))
  return {
    lib: readFileSync(join(front, 'lib/lib.anrf.d.ts'), 'utf8'),
    prelude: prelude.sort().map((name) => ({ path: name, text: readFileSync(join(front, 'prelude', name), 'utf8') })),
  }
}
