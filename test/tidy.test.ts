// Rules about the shape of the code itself. When a rule hurts twice, change the rule in the same commit and say why.
import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import ts from 'typescript'
import { CODES } from '../src/base/index.ts'
import { quantile, readSources, root, visit, type Source } from './tidy/sources.ts'

/** A folder may import its own files and, through their index.ts, folders of lower rank: never sideways. */
const RANKS: Readonly<Record<string, number>> = {
  base: 0,
  ir: 1,
  regex: 1,
  document: 2,
  effects: 2,
  passes: 2,
  values: 2,
  front: 3,
  verify: 3,
  interp: 3,
  wasm: 3,
  c: 3,
  engine: 4,
  store: 5,
  sandbox: 5,
  client: 5,
  broker: 6,
  journal: 6,
  audit: 6,
  policy: 6,
  telemetry: 6,
  registry: 7,
  hooks: 7,
  service: 8,
  'apps/cli': 9,
  'apps/mcp': 9,
  'apps/lsp': 9,
  'apps/dap': 9,
  'apps/console': 9,
}
const PURE_RANK_MAX = 4
const IO_MODULES =
  /^node:(fs|http|https|http2|net|tls|dgram|dns|child_process|worker_threads|cluster|process|os|readline|sqlite|repl|inspector|timers)(\/|$)/
const IO_GLOBALS = new Set([
  'console',
  'process',
  'fetch',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'XMLHttpRequest',
])

/** Functions that may be long, because they are one switch over the instructions of a machine or the like. */
const DISPATCH_LOOPS: ReadonlySet<string> = new Set(['src/interp/loop.ts dispatch', 'src/regex/match.ts matchAt'])

/** The only files that may say `any`: the adapter to the TypeScript API, and the library, whose types are the standard's. */
/** Code of the language that programs are written in, where `any` is a type like others: what JSON can hold. */
const PROGRAM_CODE = 'src/front/modules/'
const ANY_ALLOWED: ReadonlySet<string> = new Set(['src/front/oracle.ts', 'src/front/lib/lib.anrf.d.ts'])

const sources = readSources()
const byPath = new Map(sources.map((source) => [source.path, source]))
const none = (found: readonly string[]): void => assert.deepEqual(found, [])

test('every folder of src has a rank', () => {
  none([...new Set(sources.map((source) => source.folder))].filter((folder) => RANKS[folder] === undefined))
})

test('a file imports its own folder or a folder of lower rank', () => {
  none(
    crossings().flatMap(([source, to]) =>
      RANKS[to.folder]! < RANKS[source.folder]! ? [] : [`${source.path} imports ${to.path}`],
    ),
  )
})

test('a folder is entered only through its index.ts', () => {
  none(
    crossings().flatMap(([source, to]) =>
      /^src\/[^/]+\/index\.ts$/.test(to.path) ? [] : [`${source.path} imports ${to.path}`],
    ),
  )
})

test('every relative import names a file that exists', () => {
  none(
    sources.flatMap((source) =>
      source.imports.flatMap((i) =>
        i.relative && !existsSync(join(root, i.target)) ? [`${source.path}: ${i.target}`] : [],
      ),
    ),
  )
})

test('an index.ts lists its names one by one and holds nothing else', () => {
  const isListing = (node: ts.Statement): boolean =>
    ts.isExportDeclaration(node) && node.exportClause !== undefined && ts.isNamedExports(node.exportClause)
  const indexes = sources.filter((source) => /^src\/[^/]+\/index\.ts$/.test(source.path))
  none(indexes.filter((source) => !source.tree.statements.every(isListing)).map((source) => source.path))
})

test('ranks 0 to 4 do no input or output', () => {
  const pure = sources.filter((source) => RANKS[source.folder]! <= PURE_RANK_MAX)
  none(
    pure.flatMap((source) =>
      source.imports.filter((i) => IO_MODULES.test(i.target)).map((i) => `${source.path}: ${i.target}`),
    ),
  )
  none(pure.flatMap((source) => ioGlobalsOf(source).map((name) => `${source.path}: ${name}`)))
})

test('the parent side of the sandbox never loads an engine', () => {
  const parent = closure('src/sandbox/index.ts')
  none([...parent].filter((path) => ['engine', 'interp', 'wasm', 'front'].includes(byPath.get(path)?.folder ?? '')))
})

test('TypeScript is imported by front alone, through typescript.cjs (docs/decisions/0007)', () => {
  none(
    sources.flatMap((source) =>
      source.imports.some((i) => i.target === 'typescript' && !i.typeOnly) ||
      (source.folder !== 'front' &&
        source.imports.some((i) => /^(typescript|src\/front\/typescript\.cjs)$/.test(i.target)))
        ? [source.path]
        : [],
    ),
  )
})

test('files are short: median at most 120 lines, nine in ten and any at most 400', () => {
  const lineCounts = sources.map((source) => source.lineCount)
  assert.ok(quantile(lineCounts, 0.5) <= 120, `median ${quantile(lineCounts, 0.5)}`)
  const isDispatch = (path: string): boolean => [...DISPATCH_LOOPS].some((at) => at.startsWith(`${path} `))
  // What the library declares is one list, whose length has a bound of its own in test/front/lib.test.ts.
  const isList = (path: string): boolean => path.endsWith('.d.ts')
  const long = sources.filter(({ path, lineCount }) => lineCount > 400 && !isDispatch(path) && !isList(path))
  none(long.map((source) => `${source.path}: ${source.lineCount} lines`))
})

test('functions are short: nine in ten at most 40 lines, none over 70 except the named dispatch loops', () => {
  const all = sources.flatMap((source) => source.functions.map((f) => ({ at: `${source.path} ${f.name}`, ...f })))
  const p90 = quantile(
    all.map((f) => f.lineCount),
    0.9,
  )
  assert.ok(p90 <= 40, `p90 ${p90}`)
  none(all.flatMap((f) => (f.lineCount > 70 && !DISPATCH_LOOPS.has(f.at) ? [`${f.at}: ${f.lineCount} lines`] : [])))
  const known = new Set(all.filter((f) => f.lineCount > 70).map((f) => f.at))
  none([...DISPATCH_LOOPS].filter((at) => !known.has(at)))
})

test('no code of ours has the type any', () => {
  const hasAny = (source: Source): boolean => {
    let found = false
    visit(source.tree, (node) => (found ||= node.kind === ts.SyntaxKind.AnyKeyword))
    return found
  }
  const ours = sources.filter((source) => !ANY_ALLOWED.has(source.path) && !source.path.startsWith(PROGRAM_CODE))
  none(ours.filter(hasAny).map((source) => source.path))
})

test('every diagnostic code is used, and every code that is used exists', () => {
  const used = new Set(
    sources
      .filter((source) => source.path !== 'src/base/codes.ts')
      .flatMap((source) => source.text.match(/ANRF\d{4}\b/g) ?? []),
  )
  none(Object.keys(CODES).filter((code) => !used.has(code)))
  none([...used].filter((code) => !Object.hasOwn(CODES, code)))
})

test('docs/ARCHITECTURE.md names every folder of src', () => {
  const map = readFileSync(join(root, 'docs/ARCHITECTURE.md'), 'utf8')
  none([...new Set(sources.map((source) => `\`${source.folder}/\``))].filter((name) => !map.includes(name)))
})

test('every place of spec/ that the code cites exists', () => {
  const headings = new Map(
    globSync('spec/**/*.md', { cwd: root }).map((path) => {
      const lines = readFileSync(join(root, path), 'utf8').match(/^#+ .*$/gm) ?? []
      return [path, lines.map((line) => slug(line.replace(/^#+ /, '')))]
    }),
  )
  none(
    sources.flatMap((source) =>
      citations(source.text).flatMap(({ path, section }) => {
        const found = headings.get(path)
        return found && (section === undefined || found.includes(section))
          ? []
          : [`${source.path}: ${path} ${section ?? ''}`]
      }),
    ),
  )
})

/** `spec: NAME`, `spec: NAME#heading` and `spec/NAME.md` cite a chapter or a heading (as GitHub makes anchors of it). */
function citations(text: string): { path: string; section: string | undefined }[] {
  const short = [...text.matchAll(/\bspec: ([a-z][\w-]*)(?:#([\w-]+))?/g)]
  const long = [...text.matchAll(/\bspec\/([\w-]+)\.md(?:#([\w-]+))?/g)]
  return [...short, ...long].map(([, name, section]) => ({ path: `spec/${name}.md`, section }))
}

function slug(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-')
}

/** Every import that leaves its folder, with the file it names. */
function crossings(): [Source, Source][] {
  return sources.flatMap((source) =>
    source.imports.flatMap((i): [Source, Source][] => {
      const to = i.relative ? byPath.get(i.target) : undefined
      return to && to.folder !== source.folder ? [[source, to]] : []
    }),
  )
}

/** The files that are loaded when `path` is: everything reachable by imports that are not only types. */
function closure(path: string, seen = new Set<string>()): Set<string> {
  const source = byPath.get(path)
  if (!source || seen.has(path)) return seen
  seen.add(path)
  for (const i of source.imports) if (i.relative && !i.typeOnly) closure(i.target, seen)
  return seen
}

/** Globals that reach the world, used as free names (not as a property or a key). */
function ioGlobalsOf(source: Source): string[] {
  const found: string[] = []
  visit(source.tree, (node) => {
    if (!ts.isIdentifier(node) || !IO_GLOBALS.has(node.text)) return
    const { parent } = node
    const isName =
      (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
      ('name' in parent && parent.name === node) ||
      (ts.isImportSpecifier(parent) && parent.propertyName === node)
    if (!isName) found.push(node.text)
  })
  return found
}
