import { compile } from '../../src/front/index.ts'
import { encodeModule } from '../../src/ir/index.ts'
import { programIdOf } from '../../src/sandbox/index.ts'
import { library } from '../golden/anrf.ts'

/** The encoded IR of a program of one file. */
export function compileText(text: string): { readonly programId: string; readonly programBytes: Uint8Array } {
  const files: Readonly<Record<string, string>> = { 'main.ts': text }
  const { program, diagnostics } = compile({ read: (path) => files[path] }, library, { main: 'main.ts' })
  if (!program) throw new Error(diagnostics.map((d) => d.message).join('; '))
  const programBytes = encodeModule(program.module)
  return { programId: programIdOf(programBytes), programBytes }
}
