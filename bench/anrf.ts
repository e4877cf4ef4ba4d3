import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildDocument, encodeDocument, openDocument } from '../src/document/index.ts'
import { prepareModule, run, type Program } from '../src/engine/index.ts'
import { compile, LIBRARY_FILES, type CompiledProgram, type Library } from '../src/front/index.ts'
import type { Runner } from './measure.ts'

const PROGRAMS = join(import.meta.dirname, 'programs')

/** Large enough that no benchmark meets a limit, far from disturbing the counters. */
const LIMITS = { fuel: 1e12, memory: 2 ** 31 }

let loaded: Library | undefined

function library(): Library {
  return (loaded ??= {
    lib: readFileSync(LIBRARY_FILES.lib, 'utf8'),
    prelude: LIBRARY_FILES.prelude.map(({ path, url }) => ({ path, text: readFileSync(url, 'utf8') })),
  })
}

function compileSource(name: string, source: string): CompiledProgram {
  const main = `${name}.ts`
  const compiled = compile({ read: (path) => (path === main ? source : undefined) }, library(), { main })
  if (compiled.program) return compiled.program
  throw new Error(`${name} is refused: ${compiled.diagnostics.map((d) => d.message).join('; ')}`)
}

/** A program of bench/programs as an encoded document that was opened and checked. Throws when it is refused. */
export function compileToDocument(name: string): Uint8Array {
  const { module, describe } = compileSource(name, readFileSync(join(PROGRAMS, `${name}.ts`), 'utf8'))
  const bytes = encodeDocument(buildDocument({ name, version: '1.0.0', module, program: describe() }))
  const opened = openDocument(bytes)
  if ('diagnostics' in opened) throw new Error(`${name} does not open: ${opened.diagnostics[0]?.message}`)
  return bytes
}

/** The program in the interpreter, in this process, with fuel and allocation counted as always. */
export function openInAnrf(name: string, source: string): Runner {
  const prepared = prepareModule(compileSource(name, source).module)
  if (!('program' in prepared)) throw new Error(`${name} is refused: ${prepared.diagnostics[0]?.message}`)
  const { program } = prepared
  return { name: 'anrf', run: (n) => runOnce(program, n), dispose: () => undefined }
}

function runOnce(program: Program, n: number): number {
  const { outcome } = run(program, { entry: 'run', args: [n], limits: LIMITS, host: { log: () => undefined } })
  if (outcome.kind === 'returned' && typeof outcome.value === 'number') return outcome.value
  throw new Error(`the run ended with ${JSON.stringify(outcome)}`)
}
