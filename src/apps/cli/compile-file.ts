import { readFileSync } from 'node:fs'
import type { ProgramDescription } from '../../document/index.ts'
import { compile, LIBRARY_FILES, type CompileResult, type Library } from '../../front/index.ts'
import { encodeModule } from '../../ir/index.ts'
import { movePlaces, placeFrom } from './places.ts'
import type { LoadedDocument, LoadedProgram, Refused, Release } from './program-file.ts'
import { openSourceFiles } from './source-files.ts'

/** Compiles the program whose main file is at `path` (absolute). See `loadProgramFile`. */
export function compileFile(path: string, fence: string, entries?: readonly string[]): LoadedProgram | Refused {
  const { diagnostics, module, root } = compileSources(path, fence, entries)
  return module ? { module, bytes: encodeModule(module), diagnostics, root } : { refused: diagnostics }
}

/** Compiles a program to a document. See `loadDocumentFile`. */
export async function compileDocument(
  path: string,
  fence: string,
  release: Release,
): Promise<LoadedDocument | Refused> {
  const { diagnostics, module, root } = compileSources(path, fence)
  if (!module) return { refused: diagnostics }
  const { buildDocument } = await import('../../document/index.ts')
  const document = buildDocument({ ...release, module, program: EMPTY })
  return { module, bytes: document.execution.code, document, diagnostics, root }
}

const EMPTY: ProgramDescription = { intent: { description: '', tags: [] }, declarations: [] }

type Compiled = CompileResult & { readonly root: string }

function compileSources(path: string, fence: string, entries?: readonly string[]): Compiled {
  const { main, root, read } = openSourceFiles(path, fence)
  const result = compile({ read }, readLibrary(), entries === undefined ? { main } : { main, entries })
  const place = placeFrom(root, fence)
  return { ...result, root, diagnostics: result.diagnostics.map((d) => movePlaces(d, place)) }
}

/** The library that every program is compiled with; `front/` itself reads no files. */
function readLibrary(): Library {
  const prelude = LIBRARY_FILES.prelude.map(({ path, url }) => ({ path, text: readFileSync(url, 'utf8') }))
  return { lib: readFileSync(LIBRARY_FILES.lib, 'utf8'), prelude }
}
