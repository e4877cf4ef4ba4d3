import { buildDocument, encodeDocument } from '../../src/document/index.ts'
import { compile } from '../../src/front/index.ts'
import { libraryWith } from '../effects/library.ts'

/** The document of a program, as bytes. */
export function compileText(name: string, text: string, version = '1.0.0'): Uint8Array {
  const read = (path: string): string | undefined => (path === 'main.ts' ? text : undefined)
  const { program, diagnostics } = compile({ read }, libraryWith([]), { main: 'main.ts' })
  if (!program) throw new Error(JSON.stringify(diagnostics))
  const { module, describe } = program
  return encodeDocument(buildDocument({ name, version, module, program: describe() }))
}
