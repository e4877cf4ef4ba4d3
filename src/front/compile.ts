import { diagnostic, hasErrors, sortDiagnostics, type Diagnostic, type SourceFile } from '../base/index.ts'
import type { ProgramDescription } from '../document/index.ts'
import { checkModule, type Module } from '../ir/index.ts'
import { buildProgram } from './build/program.ts'
import { describeProgram } from './describe.ts'
import { emitProgram } from './emit/program.ts'
import { Analysis } from './flow/analysis.ts'
import { mergeCopies } from './flow/merge-copies.ts'
import { openProgram, type Library, type SourceHost } from './oracle.ts'
import { LeftOut } from './prelude-files.ts'

export type CompileOptions = {
  /** Path of the main file below the root of the host, with `/`. */
  readonly main: string
  /** Names of exported functions to compile as entries; all of them when left out. What no entry reaches is not compiled. */
  readonly entries?: readonly string[]
}

export type CompileResult = {
  /** Sorted by place. With an error among them there is no module. */
  readonly diagnostics: readonly Diagnostic[]
  /** Whether the text is TypeScript at all. */
  readonly parsed: boolean
  readonly program?: CompiledProgram
}

export type CompiledProgram = {
  readonly module: Module
  /** What the program says of itself: its declarations with their JSDoc, for the document. Made when it is first asked for. */
  readonly describe: () => ProgramDescription
}

/**
 * Compiles a program: TypeScript tree, HIR, whole-program analysis, IR. Type errors of the
 * checker are reported as warnings, since the analysis does not rely on declared types.
 *
 * The module that comes out has passed the IR checker; a program that the checker refuses although nothing was
 * reported is a defect of the compiler and throws.
 */
export function compile(host: SourceHost, library: Library, options: CompileOptions): CompileResult {
  const more = new Set<string>()
  for (;;) {
    try {
      return compileWith(host, library, options, more)
    } catch (error) {
      if (!(error instanceof LeftOut)) throw error
      more.add(error.path)
    }
  }
}

/** Compiles a program with the files of the prelude that it seems to ask for and some `more`. */
function compileWith(
  host: SourceHost,
  library: Library,
  options: CompileOptions,
  more: ReadonlySet<string>,
): CompileResult {
  const opened = openProgram(host, library, options.main, more)
  if (hasErrors(opened.parseErrors))
    return {
      diagnostics: sortDiagnostics(opened.parseErrors),
      parsed: opened.parseErrors.every((d) => d.code !== 'ANRF1001'),
    }
  const built = buildProgram(opened.oracle, options.entries)
  const { collector } = built
  const analysis = new Analysis(built.program)
  analysis.sharedInstance(null, built.program.init)
  const entries = built.program.entries.map((entry) => ({ entry, flow: analysis.addEntry(entry) }))
  analysis.run()
  mergeCopies(analysis)
  const warnings = opened.typeErrors.map((d): Diagnostic => ({ ...d, severity: 'warning' }))
  const finish = (program?: CompiledProgram): CompileResult => ({
    diagnostics: sortDiagnostics([...warnings, ...ofProgram(collector.diagnostics)]),
    parsed: true,
    ...(program ? { program } : {}),
  })
  if (hasErrors(collector.diagnostics)) return finish()
  const emitted = emitProgram(analysis, entries, built.files.map(placesOf), collector.report)
  const module = { ...emitted, files: usedFiles(emitted, opened.oracle.userFiles.length) }
  if (hasErrors(collector.diagnostics)) return finish()
  const faults = checkModule(module)
  const large = faults.find(isTooLarge)
  if (large) {
    collector.add(tooLarge(large))
    return finish()
  }
  assertValid(faults)
  return finish({ module, describe: () => describeProgram(built, module) })
}

/** What is refused in the prelude follows from what is refused in the program, where that is said. */
function ofProgram(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const isOfPrelude = ({ location }: Diagnostic): boolean => location?.path.startsWith('.prelude/') ?? false
  const others = diagnostics.filter((d) => !isOfPrelude(d))
  return hasErrors(others) ? others : diagnostics
}

/** A source file as the IR keeps it: without its text. */
const placesOf = ({ path, lines }: SourceFile): SourceFile => ({ path, lines })

/** The files of the program, and those of the prelude from which some function comes; of others only the place in the list is kept. */
function usedFiles({ files, funcs }: Module, userCount: number): SourceFile[] {
  const used = new Set(funcs.map((func) => func.span.file))
  const last = Math.max(userCount - 1, ...used)
  return files
    .slice(0, last + 1)
    .map((file, i) => (i < userCount || used.has(i) ? file : { path: file.path, lines: [0] }))
}

/** The bounds of the IR on nesting are met by programs that nest beyond all use, and by no defect of the compiler. */
const isTooLarge = (fault: Diagnostic): boolean => /^(type-size|depth):/.test(fault.message)

function tooLarge({ location }: Diagnostic): Diagnostic {
  return diagnostic('ANRF1101', {
    message: 'Values or statements are nested too deeply',
    hint: 'Split long expressions and nested statements, and give nested values a type with named fields.',
    feature: 'deep nesting',
    ...(location && { location }),
  })
}

function assertValid([first, ...others]: readonly Diagnostic[]): void {
  if (!first) return
  const place = first.location
    ? ` at ${first.location.path}:${first.location.start.line}:${first.location.start.column}`
    : ''
  throw new Error(
    `the compiler made an invalid module: ${first.message}${place}${others.length > 0 ? ` (and ${others.length} more)` : ''}`,
  )
}
