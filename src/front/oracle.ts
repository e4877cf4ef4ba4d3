import ts from './typescript.cjs'
import { hasErrors, REFUSALS, refusalOf, type Diagnostic, type Severity, type Span } from '../base/index.ts'
import { isEarlyError } from './early-errors.ts'
import { findEarlyErrors } from './early-grammar.ts'
import { missingImports, missingMain } from './missing.ts'
import { findMistyped, makeChecks, type Checked } from './file-checks.ts'
import { findCycles, importNames, postOrder } from './imports.ts'
import { findDeepNode, isStackOverflow, NESTING_MAX } from './nesting.ts'
import { askedFor, filesOfNames } from './prelude-files.ts'
import { modulePath, resolveImport } from './resolve.ts'
import { createCollector, diagnosticAt, sourceText, type Collector, type SourceText } from './source.ts'

export { ts }

/** Where the files of a program come from. Paths are relative to the root of the program, with `/`. */
export type SourceHost = { readonly read: (path: string) => string | undefined }

/**
 * The library that every program is compiled with: the text of `lib.anrf.d.ts`, the prelude's files, and the modules
 * that a program may import by their names, `anrf:http` or `tool:crm`.
 */
export type Library = {
  readonly lib: string
  readonly prelude: readonly { readonly path: string; readonly text: string }[]
  readonly modules: readonly LibraryModule[]
}

export type LibraryModule = { readonly name: string; readonly text: string }

/**
 * What the builder asks TypeScript. This file and `build/` are the only code that knows its
 * tree and its checker, so that a later back-end replaces them and nothing else.
 */
export type Oracle = {
  readonly checker: ts.TypeChecker
  readonly main: ts.SourceFile
  /** The files whose top level runs, in that order: dependencies first (ECMA-262 16.2.1.5). */
  readonly runFiles: readonly ts.SourceFile[]
  /** These and the files that are imported for their types only. */
  readonly userFiles: readonly ts.SourceFile[]
  /** Those files of the prelude that the program is compiled with, and which file each name of the prelude is in. */
  readonly preludeFiles: readonly ts.SourceFile[]
  readonly filesOfPrelude: ReadonlyMap<string, string>
  /** Files that import themselves through others: their variables may be read before they have run. */
  readonly cyclicFiles: ReadonlySet<ts.SourceFile>
  readonly collector: Collector
  /** Index of a file in `collector.files`, which spans name. */
  readonly fileIndex: ReadonlyMap<ts.SourceFile, number>
  /** Whether something within a node does not fit, so that the type that the checker has for it is a guess. */
  readonly isMistyped: (node: ts.Node) => boolean
  readonly isLib: (node: ts.Node) => boolean
  readonly isPrelude: (node: ts.Node) => boolean
  /** Whether it is in a module of the library, which programs import by name. */
  readonly isModule: (node: ts.Node) => boolean
}

export type OpenedProgram = {
  readonly oracle: Oracle
  readonly parseErrors: readonly Diagnostic[]
  /** Errors of the type checker in the program's files. */
  readonly typeErrors: readonly Diagnostic[]
  /** Names that the main file exports as values, in the order of the source. */
  readonly exports: readonly string[]
}

const LIB_PATH = '/lib.anrf.d.ts'
const PRELUDE_ROOT = '/.prelude/'

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  moduleDetection: ts.ModuleDetectionKind.Force,
  strict: true,
  noLib: true,
  types: [],
  noEmit: true,
  skipLibCheck: true,
  allowImportingTsExtensions: true,
  stableTypeOrdering: true,
  useDefineForClassFields: true,
}

/**
 * Files of one library. Their trees are the same for all programs that are compiled with it, so that what names in the prelude mean can be kept
 * beside them; with other declarations or another prelude all are parsed anew.
 */
type Parsed = {
  readonly lib: string
  readonly prelude: Library['prelude']
  /** By path; modules come and go with tools. */
  readonly files: Map<string, { readonly text: string; readonly file: ts.SourceFile }>
  /** The files of the prelude as diagnostics show them. */
  readonly shown: readonly SourceText[]
}

let parsed: Parsed | undefined

/** The parsed files of a library: the same text is parsed once per process. */
function parsedLibrary({ lib, prelude }: Library): Parsed {
  const isSame = parsed?.lib === lib && isSamePrelude(parsed.prelude, prelude)
  if (parsed && isSame) return parsed
  const shown = prelude.map(({ path, text }) => sourceText(PRELUDE_ROOT.slice(1) + path, text))
  return (parsed = { lib, prelude, files: new Map(), shown })
}

const isSamePrelude = (a: Library['prelude'], b: Library['prelude']): boolean =>
  a === b || (a.length === b.length && a.every(({ path, text }, i) => b[i]?.path === path && b[i].text === text))

/**
 * Parses and checks the program whose main file is `main`, without running or building anything, with the files of the prelude
 * that it asks for and some `more`.
 */
export function openProgram(
  host: SourceHost,
  library: Library,
  main: string,
  more: ReadonlySet<string> = new Set(),
): OpenedProgram {
  try {
    return openSources(host, library, main, more)
  } catch (error) {
    if (!isStackOverflow(error)) throw error
    const opened = openSources({ read: () => '' }, library, main, more)
    return { ...opened, parseErrors: [nestingDiagnostic([], { file: -1, start: 0, end: 0 })] }
  }
}

function nestingDiagnostic(files: readonly SourceText[], span: Span): Diagnostic {
  return diagnosticAt(files, 'ANRF1101', span, {
    message: `The program is nested more than ${NESTING_MAX} levels deep`,
    hint: 'Split long expressions and nested statements into variables and functions, or keep large data in arrays of records.',
    feature: 'deep nesting',
  })
}

function openSources(host: SourceHost, library: Library, main: string, more: ReadonlySet<string>): OpenedProgram {
  const sources = new Map<string, ts.SourceFile>()
  const load = (path: string): ts.SourceFile | undefined => {
    const known = sources.get(path)
    if (known) return known
    const file = isOfLibrary(path) ? loadLibrary(library, path) : loadUser(host, path)
    if (file) sources.set(path, file)
    return file
  }
  const mainPath = '/' + main.replace(/^(\.?\/)+/, '')
  const resolve = (from: string, name: string): string | undefined =>
    resolveImport(from, name, (path) => (isOfPrelude(from) || !isOfPrelude(path)) && load(path) !== undefined)
  const written = writtenFiles(load(mainPath), load, resolve)
  const asked = askedFor(written.map((file) => file.text)).union(more)
  const program = ts.createProgram({
    rootNames: [LIB_PATH, ...[...asked].map((path) => PRELUDE_ROOT + path), mainPath],
    options: OPTIONS,
    host: compilerHost(load, resolve),
  })
  const modules = library.modules.map(({ name }) => name)
  return describeOpened(program, { mainPath, library, modules, resolve })
}

/** The main file and those that it imports, itself or through others. */
function writtenFiles(
  main: ts.SourceFile | undefined,
  load: (path: string) => ts.SourceFile | undefined,
  resolve: (from: string, name: string) => string | undefined,
): ts.SourceFile[] {
  if (!main) return []
  const importsOf = (file: ts.SourceFile): ts.SourceFile[] =>
    importNames(file, true).flatMap((literal) => load(resolve(file.fileName, literal.text) ?? '') ?? [])
  return postOrder(main, importsOf)
}

export type Layout = {
  readonly mainPath: string
  readonly library: Library
  /** Names of the modules that there are. */
  readonly modules: readonly string[]
  readonly resolve: (from: string, name: string) => string | undefined
}

function describeOpened(program: ts.Program, layout: Layout): OpenedProgram {
  const main = program.getSourceFile(layout.mainPath) ?? emptyFile(layout.mainPath)
  const importsOf = (file: ts.SourceFile, types: boolean): ts.SourceFile[] =>
    importNames(file, types)
      .map((literal) => layout.resolve(file.fileName, literal.text))
      .map((path) => (path === undefined ? undefined : program.getSourceFile(path)))
      .filter((f) => f !== undefined)
  const runFiles = postOrder(main, (f) => importsOf(f, false))
  const userFiles = [...new Set([...runFiles, ...postOrder(main, (f) => importsOf(f, true))])]
  const prelude = layout.library.prelude.map(({ path }) => program.getSourceFile(PRELUDE_ROOT + path))
  const preludeFiles = prelude.filter((f) => f !== undefined)
  // Files have the same numbers whichever of the prelude are there.
  const collector = createCollector([
    ...userFiles.map((f) => sourceText(f.fileName.slice(1), f.text)),
    ...parsedLibrary(layout.library).shown,
  ])
  const fileIndex = new Map<ts.SourceFile, number>()
  for (const [i, file] of [...userFiles, ...prelude].entries()) if (file) fileIndex.set(file, i)
  const lib = program.getSourceFile(LIB_PATH)
  const ofPrelude = new Set(preludeFiles)
  const checker = program.getTypeChecker()
  const check = makeChecks(program)
  const oracle: Oracle = {
    checker,
    main,
    runFiles,
    userFiles,
    preludeFiles,
    cyclicFiles: findCycles(runFiles, (f) => importsOf(f, false)),
    collector,
    fileIndex,
    filesOfPrelude: filesOfNames(layout.library),
    isMistyped: findMistyped(userFiles, check),
    isLib: (node) => node.getSourceFile() === lib,
    isPrelude: (node) => ofPrelude.has(node.getSourceFile()),
    isModule: (node) => isOfModules(node.getSourceFile().fileName),
  }
  const moduleSymbol = checker.getSymbolAtLocation(main)
  const exports = moduleSymbol ? checker.getExportsOfModule(moduleSymbol) : []
  return {
    oracle,
    ...findErrors(program, oracle, layout, check),
    exports: exports.filter((s) => isValue(checker, s)).map((s) => s.name),
  }
}

const isOfPrelude = (path: string): boolean => path.startsWith(PRELUDE_ROOT)
const isOfModules = (path: string): boolean => /^\/(anrf|tool):/.test(path)
const isOfLibrary = (path: string): boolean => path === LIB_PATH || isOfPrelude(path) || isOfModules(path)

type Errors = Pick<OpenedProgram, 'parseErrors' | 'typeErrors'>

function findErrors(
  program: ts.Program,
  oracle: Oracle,
  layout: Layout,
  check: (file: ts.SourceFile) => Checked,
): Errors {
  const { userFiles, collector } = oracle
  const syntax = userFiles.flatMap((f) => program.getSyntacticDiagnostics(f).map((d) => convert(oracle, d, 'ANRF1001')))
  const deep = userFiles
    .flatMap((f) => findDeepNode(f) ?? [])
    .map((n) => nestingDiagnostic(collector.files, shortSpan(oracle, n)))
  const missing = program.getSourceFile(layout.mainPath)
    ? missingImports(oracle, layout)
    : [missingMain(layout.mainPath)]
  const parseErrors = [...syntax, ...deep, ...missing]
  if (hasErrors([...syntax, ...deep])) return { parseErrors, typeErrors: [] }
  const semantic = userFiles.flatMap((f) => check(f).told).filter(isOurs)
  const early = [
    ...semantic.filter(isEarlyError).map((d) => convert(oracle, d, 'ANRF1001')),
    ...userFiles.flatMap((file) =>
      findEarlyErrors(file).map(({ node, message }) => earlyDiagnostic(oracle, node, message)),
    ),
  ]
  const typeErrors = semantic.filter((d) => !isEarlyError(d)).map((d) => convert(oracle, d, 'ANRF1003'))
  return { parseErrors: [...parseErrors, ...early], typeErrors }
}

/** Missing modules have a diagnostic of their own. */
const MODULE_NOT_FOUND: ReadonlySet<number> = new Set([2307, 2792])

const isOurs = (d: ts.Diagnostic): boolean => !MODULE_NOT_FOUND.has(d.code)

const earlyDiagnostic = (oracle: Oracle, node: ts.Node, message: string): Diagnostic =>
  diagnosticAt(oracle.collector.files, 'ANRF1001', shortSpan(oracle, node), { message })

/** The start of a node: the whole of it would fill the screen. */
function shortSpan(oracle: Oracle, node: ts.Node): Span {
  const file = node.getSourceFile()
  const start = node.getStart(file)
  return { file: oracle.fileIndex.get(file) ?? -1, start, end: start + 1 }
}

function isValue(checker: ts.TypeChecker, symbol: ts.Symbol): boolean {
  const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
  return (target.flags & ts.SymbolFlags.Value) !== 0
}

function convert(oracle: Oracle, d: ts.Diagnostic, code: 'ANRF1001' | 'ANRF1003'): Diagnostic {
  const message = ts
    .flattenDiagnosticMessageText(d.messageText, ' ')
    .replace(/\s+/g, ' ')
    .replace(/ Do you need to .*$/, '')
    .replace(/\.$/, '')
  const start = d.start ?? 0
  const file = d.file === undefined ? -1 : (oracle.fileIndex.get(d.file) ?? -1)
  const span = { file, start, end: start + (d.length ?? 0) }
  const feature = `TS${d.code}`
  const page = refusalOf(feature)
  const hint = page && REFUSALS[page].hint
  const made = diagnosticAt(oracle.collector.files, code, span, { message, feature, ...(hint ? { hint } : {}) })
  const severity: Severity = d.category === ts.DiagnosticCategory.Error ? made.severity : 'warning'
  return { ...made, severity }
}

function loadLibrary(library: Library, path: string): ts.SourceFile | undefined {
  const text = libraryText(library, path)
  if (text === undefined) return undefined
  const { files } = parsedLibrary(library)
  const known = files.get(path)
  if (known && known.text === text) return known.file
  const file = parse(path, text, ts.JSDocParsingMode.ParseNone)
  files.set(path, { text, file })
  return file
}

function libraryText({ lib, prelude, modules }: Library, path: string): string | undefined {
  if (path === LIB_PATH) return lib
  if (isOfModules(path)) return modules.find(({ name }) => modulePath(name) === path)?.text
  return prelude.find((p) => PRELUDE_ROOT + p.path === path)?.text
}

function loadUser(host: SourceHost, path: string): ts.SourceFile | undefined {
  const text = host.read(path.slice(1))
  return text === undefined ? undefined : parse(path, text, ts.JSDocParsingMode.ParseAll)
}

function parse(path: string, text: string, jsDocParsingMode: ts.JSDocParsingMode): ts.SourceFile {
  return ts.createSourceFile(path, text, { languageVersion: ts.ScriptTarget.ESNext, jsDocParsingMode }, true)
}

const emptyFile = (path: string): ts.SourceFile => parse(path, '', ts.JSDocParsingMode.ParseNone)

function compilerHost(
  load: (path: string) => ts.SourceFile | undefined,
  resolve: (from: string, name: string) => string | undefined,
): ts.CompilerHost {
  return {
    getSourceFile: load,
    fileExists: (path) => load(path) !== undefined,
    readFile: (path) => load(path)?.text,
    getDefaultLibFileName: () => LIB_PATH,
    writeFile: () => {},
    getCurrentDirectory: () => '/',
    getCanonicalFileName: (path) => path,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
    directoryExists: () => true,
    getDirectories: () => [],
    resolveModuleNameLiterals: (literals, from) =>
      literals.map((literal) => {
        const path = resolve(from, literal.text)
        if (path === undefined) return { resolvedModule: undefined }
        return {
          resolvedModule: { resolvedFileName: path, extension: ts.Extension.Ts, isExternalLibraryImport: false },
        }
      }),
  }
}
