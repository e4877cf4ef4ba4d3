import { readFileSync } from 'node:fs'
import { buildProgram, type BuiltProgram } from '../../src/front/build/program.ts'
import type { HFunc } from '../../src/front/hir.ts'
import { LIBRARY_FILES } from '../../src/front/index.ts'
import { openProgram, type Library, type OpenedProgram } from '../../src/front/oracle.ts'
import { printFunc, printStmts } from './print-hir.ts'

/** The ambient library alone: the builder itself needs no prelude. */
export const BARE_LIBRARY: Library = { lib: readFileSync(LIBRARY_FILES.lib, 'utf8'), prelude: [], modules: [] }

export type Opened = OpenedProgram & BuiltProgram

export type Files = string | Readonly<Record<string, string>>

/** Opens a program whose main file is `main.ts`, without building it. */
export function open(files: Files): OpenedProgram {
  const all: Readonly<Record<string, string>> = typeof files === 'string' ? { 'main.ts': files } : files
  return openProgram({ read: (path) => all[path] }, BARE_LIBRARY, 'main.ts')
}

/** Opens and builds a program whose main file is `main.ts`. */
export function build(files: Files, entries?: readonly string[]): Opened {
  const opened = open(files)
  return { ...opened, ...buildProgram(opened.oracle, entries) }
}

/** The HIR of the body of `f`, where `source` declares `function f`. */
export function bodyOf(source: string, name = 'f'): string {
  const p = build(source)
  const entry = p.program.entries.find((e) => e.name === name)
  if (!entry) throw new Error(`the source exports no ${name}`)
  return printStmts(entry.func.body())
}

/** The HIR of `statements` as the body of a function with the given parameters. */
export function statements(parameters: string, text: string): string {
  return bodyOf(`export function f(${parameters}) {\n${text}\n}`)
}

/** Every function that was built, by name, after the top level and the entries. */
export function functionNamed(p: Opened, name: string): string {
  const work: HFunc[] = [p.program.init, ...p.program.entries.map((e) => e.func)]
  for (const f of work) f.body()
  const found = [...p.build.functions.values()].find((f) => f.name === name)
  if (!found) throw new Error(`no function ${name}`)
  return printFunc(found)
}

/** The diagnostics of a program, `CODE line:column feature`. */
export function refusals(files: Files): string[] {
  const p = build(files)
  for (const f of [p.program.init, ...p.program.entries.map((e) => e.func)]) f.body()
  return [...p.parseErrors, ...p.collector.diagnostics].map((d) => {
    const at = d.location?.start
    return `${d.code} ${at?.line}:${at?.column} ${d.feature ?? ''}`.trim()
  })
}
