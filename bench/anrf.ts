import { STILL_WORLD } from '../src/effects/index.ts'
import { readFileSync } from 'node:fs'
import { resolveLimits, type Mode } from '../src/base/index.ts'
import { buildDocument, encodeDocument, openDocument } from '../src/document/index.ts'
import { prepareModule, run, type Program, type RunReport } from '../src/engine/index.ts'
import { jitWith } from '../src/engine/jit.ts'
import { compile, LIBRARY_FILES, type CompiledProgram, type Library } from '../src/front/index.ts'
import type { Module } from '../src/ir/index.ts'
import type { Runner } from './measure.ts'
import { readSource } from './programs.ts'

/** No benchmark meets a limit; fuel is the default, by which counters are known to be small. */
const LIMITS = { memory: 2 ** 31, wall: 600_000 }

let loaded: Library | undefined

function library(): Library {
  return (loaded ??= {
    lib: readFileSync(LIBRARY_FILES.lib, 'utf8'),
    prelude: LIBRARY_FILES.prelude.map(({ path, url }) => ({ path, text: readFileSync(url, 'utf8') })),
    modules: [],
  })
}

/** A program whose main file is `NAME.ts`. Throws when it is refused. */
export function compileFiles(name: string, files: ReadonlyMap<string, string>): CompiledProgram {
  const main = `${name}.ts`
  const compiled = compile({ read: (path) => files.get(path) }, library(), { main })
  if (compiled.program) return compiled.program
  throw new Error(`${name} is refused: ${compiled.diagnostics.map((d) => d.message).join('; ')}`)
}

const compileProgram = (name: string): CompiledProgram =>
  compileFiles(name, new Map([[`${name}.ts`, readSource(name)]]))

/** The IR of a program of bench/programs. Throws when it is refused. */
export const compileToModule = (name: string): Module => compileProgram(name).module

/** A program of bench/programs as an encoded document that was opened and checked. Throws when it is refused. */
export function compileToDocument(name: string): Uint8Array {
  return documentOf(name, compileProgram(name))
}

/** The encoded document of a program, opened and checked. */
export function documentOf(name: string, { module, describe }: CompiledProgram): Uint8Array {
  const bytes = encodeDocument(buildDocument({ name, version: '1.0.0', module, program: describe() }))
  const opened = openDocument(bytes)
  if ('diagnostics' in opened) throw new Error(`${name} does not open: ${opened.diagnostics[0]?.message}`)
  return bytes
}

/** A checked program that runs can share. Throws when it is refused. */
export function prepare(module: Module): Program {
  const prepared = prepareModule(module)
  if ('program' in prepared) return prepared.program
  throw new Error(`the module is refused: ${prepared.diagnostics[0]?.message}`)
}

/** A program in a mode, in this process, with fuel and allocation counted as always. */
export function openInMode(name: string, mode: Mode): Runner {
  const program = prepare(compileToModule(name))
  return { run: (n) => runOnce(program, mode, n), dispose: () => undefined }
}

/** A program in the JIT with nothing counted, which no user can have: what counting costs. */
export function openUncounted(name: string): Runner {
  const { module, cyclic } = prepare(compileToModule(name))
  const executable = jitWith({ charges: false }).compile(module, cyclic)
  const limits = resolveLimits(LIMITS)
  return {
    run: (n) =>
      numberOf(executable.run({ entry: 'run', args: [n], limits, world: STILL_WORLD, host: { log: () => undefined } })),
    dispose: () => undefined,
  }
}

/** Runs `run(n)` of a program and gives what it returns. Throws when it ends otherwise. */
export function runOnce(program: Program, mode: Mode, n: number): number {
  return numberOf(run(program, { entry: 'run', args: [n], limits: LIMITS, mode, host: { log: () => undefined } }))
}

function numberOf({ outcome }: RunReport): number {
  if (outcome.kind === 'returned' && typeof outcome.value === 'number') return outcome.value
  throw new Error(`the run ended with ${JSON.stringify(outcome)}`)
}
