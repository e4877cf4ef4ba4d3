import { execFileSync } from 'node:child_process'
import { encodeModule } from '../../src/ir/index.ts'
import { openIsolation, type Isolation } from '../../src/sandbox/index.ts'
import { compileFiles, documentOf } from '../anrf.ts'

const SOURCE = 'export function add(a: number, b: number): number {\n  return a + b\n}\n'

/** What every subject is asked to work out. */
export const INPUTS = { a: 20, b: 22 }

/** The program as a document and as encoded IR, compiled in another process: a service does not have the compiler's heap. */
export function compileAdd(): { readonly document: Uint8Array; readonly program: Uint8Array } {
  const text = execFileSync(process.execPath, [import.meta.filename], { encoding: 'utf8' })
  const [document = '', program = ''] = text.split('\n')
  return { document: Buffer.from(document, 'base64'), program: Buffer.from(program, 'base64') }
}

/** The strongest isolation that there is here, as a service has it. */
export async function strongestIsolation(): Promise<Isolation> {
  const isolation = await openIsolation('auto')
  if ('refused' in isolation) throw new Error(isolation.refused.message)
  return isolation
}

if (import.meta.main) {
  const compiled = compileFiles('add', new Map([['add.ts', SOURCE]]))
  const parts = [documentOf('add', compiled), encodeModule(compiled.module)]
  process.stdout.write(parts.map((bytes) => Buffer.from(bytes).toString('base64')).join('\n'))
}
