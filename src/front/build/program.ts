import { closestName, hasErrors, NO_SPAN, type SourceFile } from '../../base/index.ts'
import type { HStmt } from '../hir.ts'
import type { HEntry, HEntryParam, HProgram, TypeDesc } from '../hir-program.ts'
import { newFunc } from '../make-hir.ts'
import { ALL, FN, UNDEF } from '../kinds.ts'
import { ts, type Oracle } from '../oracle.ts'
import type { Collector } from '../source.ts'
import { literalAccessors } from './literal-accessors.ts'
import { givenEntries } from './given.ts'
import { describeType } from './describe-type.ts'
import { openVars } from './hoisting.ts'
import { functionOf, placeIn } from './functions.ts'
import { namespacesIn } from './namespaces.ts'
import { preludeClass, preludeFunction } from './prelude.ts'
import { resumedTopLevel, runTopLevel } from './generators.ts'
import { entryFunction, runJobs, usesEffects } from './jobs.ts'
import { symbolDeclaration } from './resolve-name.ts'
import { skipParens, type Build, type Func } from './state.ts'
import { buildStatement, openFunctions, openScope } from './statements.ts'
import { textsOf } from './texts.ts'
import { nodeSpan, variableOf } from './variables.ts'

export type BuiltProgram = {
  readonly program: HProgram
  /** The files that spans name: the program's, then the prelude's. */
  readonly files: readonly SourceFile[]
  /** Gets more diagnostics while bodies are built. */
  readonly collector: Collector
  /** What has been made from which declaration, for descriptions of the program. */
  readonly build: Build
}

/**
 * Builds the HIR of an opened program, without the bodies of its functions, which are built when
 * they are asked for. `entries`: names of exported functions; all of them when undefined.
 */
export function buildProgram(oracle: Oracle, entries: readonly string[] | undefined): BuiltProgram {
  const build = openBuild(oracle)
  const { available, generators } = exportedFunctions(build)
  const chosen = entries
    ? entries.flatMap((name) => findEntry(build, available, name))
    : givenEntries(build, [...available.values()], generators)
  const usesBigint = oracle.userFiles.some((f) => /\bbigint\b|\b\d\w*n\b/i.test(f.text))
  let texts: ReadonlySet<string> | undefined
  const program: HProgram = {
    init: build.init,
    entries: chosen,
    isNamed: entries !== undefined,
    usesBigint,
    usesEffects: usesEffects(build),
    isRefused: () => hasErrors(oracle.collector.diagnostics),
    accessors: literalAccessors(oracle.userFiles),
    texts: () => (texts ??= textsOf(build)),
    privates: build.privates,
    prelude: { get: (name) => preludeFunction(build, name) },
    bytes: { get: (name) => preludeClass(build, name) },
  }
  return { program, files: oracle.collector.files, collector: oracle.collector, build }
}

function openBuild(oracle: Oracle): Build {
  let built: HStmt[] | undefined
  const init: Func & { resumed: Func | undefined } = newFunc({
    name: 'top level',
    span: NO_SPAN,
    pending: [],
    resumed: undefined,
    body: () => {
      if (!built) {
        built = buildTopLevel(build)
        for (let next = init.pending.shift(); next; next = init.pending.shift()) next.body()
      }
      return built
    },
  })
  const build: Build = {
    oracle,
    init,
    variables: new Map(),
    functions: new Map(),
    nodes: new Map(),
    classes: new Map(),
    leaking: new Set(),
    privates: new Map(),
    envs: new Map(),
    makers: new Map(),
    receivers: new Map(),
    selves: new Map(),
    leaving: new Map(),
    facts: new Map(),
    kinds: new Map(),
    types: new Map(),
    unassigned: new Map(),
    counters: { label: 0 },
  }
  init.resumed = resumedTopLevel(build, init)
  return build
}

/** Functions of all files exist before any statement runs; then each file's statements run, dependencies first. */
function buildTopLevel(build: Build): HStmt[] {
  const files = [...build.oracle.preludeFiles, ...build.oracle.runFiles]
  const places = files.map((f) => placeIn(build, build.init, f))
  const open = places.flatMap((p) => [
    ...openVars(p, p.source),
    ...openScope(p, p.source.statements),
    ...[p.source, ...namespacesIn(p.source.statements)].flatMap((scope) => openFunctions(p, scope)),
  ])
  const { resumed } = build.init
  const { main } = build.oracle
  const run = resumed ? places.filter((p) => p.source !== main) : places
  const statements = run.flatMap((p) => p.source.statements.flatMap((s) => buildStatement(p, s)))
  return [...open, ...statements, ...(resumed ? runTopLevel(placeIn(build, resumed, main)) : runJobs(build))]
}

type Exported = { readonly available: ReadonlyMap<string, HEntry>; readonly generators: ReadonlySet<HEntry> }

function exportedFunctions(build: Build): Exported {
  const checker = build.oracle.checker
  const symbol = checker.getSymbolAtLocation(build.oracle.main)
  const found = new Map<string, HEntry>()
  const generators = new Set<HEntry>()
  for (const s of symbol ? checker.getExportsOfModule(symbol) : []) {
    const declaration = symbolDeclaration(build.oracle, s)
    const node = declaration && !build.oracle.isLib(declaration) ? functionBehind(build, declaration) : undefined
    if (!node) continue
    const entry = makeEntry(build, s.name, node)
    found.set(s.name, entry)
    if (!ts.isArrowFunction(node) && node.asteriskToken) generators.add(entry)
  }
  return { available: found, generators }
}

type EntryNode = ts.FunctionDeclaration | ts.FunctionExpression | ts.ArrowFunction

/** The function that an exported name always is. */
function functionBehind(build: Build, d: ts.Declaration): EntryNode | undefined {
  if (ts.isFunctionDeclaration(d)) return d.body ? d : undefined
  if (ts.isVariableDeclaration(d)) {
    const constant = (d.parent.flags & ts.NodeFlags.Const) !== 0 || variableOf(build, d).func !== undefined
    return constant && d.initializer && ts.isIdentifier(d.name) ? functionIn(build, d.initializer) : undefined
  }
  return ts.isExportAssignment(d) ? functionIn(build, d.expression) : undefined
}

function functionIn(build: Build, value: ts.Expression): EntryNode | undefined {
  const e = skipParens(value)
  if (ts.isArrowFunction(e) || (ts.isFunctionExpression(e) && !e.name)) return e
  if (!ts.isIdentifier(e)) return undefined
  const symbol = build.oracle.checker.getSymbolAtLocation(e)
  const declaration = symbol && symbolDeclaration(build.oracle, symbol)
  return declaration && !build.oracle.isLib(declaration) ? functionBehind(build, declaration) : undefined
}

function makeEntry(build: Build, name: string, node: EntryNode): HEntry {
  const params = node.parameters.map((p, i): HEntryParam => {
    const optional = p.questionToken !== undefined || p.initializer !== undefined || p.dotDotDotToken !== undefined
    const isOmitted = optional && !p.dotDotDotToken
    const type = withoutFunctions(describeType(build, build.oracle.checker.getTypeAtLocation(p)), isOmitted)
    const full = isOmitted && !(type.kinds & UNDEF) ? { ...type, kinds: type.kinds | UNDEF } : type
    return {
      name: ts.isIdentifier(p.name) ? p.name.text : `argument${i + 1}`,
      type: full,
      optional,
      span: nodeSpan(build, p),
    }
  })
  const func = functionOf(build, node)
  const { generic } = func
  return { name, func: entryFunction(build, func), generic, params, span: nodeSpan(build, node) }
}

/** Nobody can give an entry a function; where it takes anything else, it is given that, and where it does without, it does. */
function withoutFunctions(type: TypeDesc, isOmitted: boolean): TypeDesc {
  const others = type.kinds & ~FN
  return type.kinds === ALL || (others === 0 && !isOmitted) ? type : { ...type, kinds: others }
}

function findEntry(build: Build, available: ReadonlyMap<string, HEntry>, name: string): HEntry[] {
  const found = available.get(name)
  if (found) return [found]
  const names = [...available.keys()]
  const close = closestName(name, names)
  const meant = close ? `Write \`${close}\`, if that is meant. ` : ''
  const hint =
    names.length > 0
      ? `${meant}The main file exports: ${names.join(', ')}.`
      : 'Export a function: `export function main() { ... }`.'
  build.oracle.collector.report('ANRF1105', NO_SPAN, { message: `There is no exported function '${name}'`, hint })
  return []
}
