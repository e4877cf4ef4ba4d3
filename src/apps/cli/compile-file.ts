import { readFileSync } from 'node:fs'
import { compile, LIBRARY_FILES, type CompileResult, type Library } from '../../front/index.ts'
import { encodeModule } from '../../ir/index.ts'
import { movePlaces, placeFrom } from './places.ts'
import type { Compiling, LoadedDocument, LoadedProgram, Refused, Release } from './program-file.ts'
import { openSourceFiles } from './source-files.ts'

/** Compiles the program whose main file is at `path` (absolute). See `loadProgramFile`. */
export function compileFile(path: string, fence: string, how: Compiling): LoadedProgram | Refused {
  const { diagnostics, program, root } = compileSources(path, fence, how)
  if (!program) return { refused: diagnostics }
  return { module: program.module, bytes: encodeModule(program.module), diagnostics, root }
}

/** Compiles a program to a document. See `loadDocumentFile`. */
export async function compileDocument(
  path: string,
  fence: string,
  release: Release,
  how: Compiling,
): Promise<LoadedDocument | Refused> {
  const { diagnostics, program, root } = compileSources(path, fence, how)
  if (!program) return { refused: diagnostics }
  const { module } = program
  const { buildDocument } = await import('../../document/index.ts')
  const document = buildDocument({ ...release, module, program: program.describe() })
  return { module, bytes: document.execution.code, document, diagnostics, root }
}

type Compiled = CompileResult & { readonly root: string }

function compileSources(path: string, fence: string, { entries, modules = [] }: Compiling): Compiled {
  const { main, root, read } = openSourceFiles(path, fence)
  const result = compile({ read }, readLibrary(modules), entries === undefined ? { main } : { main, entries })
  const place = placeFrom(root, fence)
  return { ...result, root, diagnostics: result.diagnostics.map((d) => movePlaces(d, place)) }
}

/** The library that every program is compiled with; `front/` itself reads no files. */
function readLibrary(more: Library['modules']): Library {
  const prelude = LIBRARY_FILES.prelude.map(({ path, url }) => ({ path, text: readFileSync(url, 'utf8') }))
  const modules = LIBRARY_FILES.modules.map(({ name, url }) => ({ name, text: readFileSync(url, 'utf8') }))
  return { lib: readFileSync(LIBRARY_FILES.lib, 'utf8'), prelude, modules: [...modules, ...more] }
}
