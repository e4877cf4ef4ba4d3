import { PRELUDE_FILES } from '../../src/front/prelude-files.ts'
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import ts from 'typescript'
import * as members from './every-member.ts'

const front = join(import.meta.dirname, '../../src/front')
const LIB = 'lib.anrf.d.ts'
const PRELUDE = Object.keys(PRELUDE_FILES)
const everyMember = readFileSync(join(import.meta.dirname, 'every-member.ts'), 'utf8')

/** What is there for the type checker only. */
const CHECKER_ONLY = new Set([
  'Object.constructor',
  'ArrayReading.[Symbol.iterator]',
  'String.[Symbol.iterator]',
  'RegExpStringIterator.[Symbol.iterator]',
  'Function.[Symbol.hasInstance]',
  'SymbolConstructor.hasInstance',
  'SymbolConstructor.iterator',
  'TemplateStringsArray.raw',
])

test('a program that uses every member is accepted, with the types of the standard', () => {
  assert.deepEqual(errorsOf({ 'every-member.ts': everyMember }), [])
})

test('that program also runs', () => {
  members.readArrays([3, 1, 2], ['a', 'b'], [1, 'a'])
  members.foldArrays([3, 1, 2], [[1], [2]], [[[1]], [[2]]])
  members.changeArrays([3, 1, 2])
  members.makeArrays(2, 'ab', [1], { length: 1, 0: 5 })
  assert.equal(members.resumeGenerators(), 3)
  members.usePromises(Promise.resolve(1))
  void members.resumeAsyncGenerators((async function* (): AsyncGenerator<string> {})())
  members.readTexts('abc')
  members.usePatterns('abc')
  assert.match(members.makeTexts('abc'), /^ab/)
  members.readNumbers(1.5, '10')
  assert.equal(typeof members.calculate(0.5), 'number')
  members.askRecords({ a: 1, b: 2 })
  assert.equal(members.fail(4), 'a')
  assert.equal(members.useTypes([]).length, 4)
  assert.deepEqual(
    members.callFunctions((a, b) => a + b),
    [1, 3, 5, 3, 0, 7, 9],
  )
})

test('that program leaves no member of the library out', () => {
  const program = compile({ 'every-member.ts': everyMember })
  const used = new Set<ts.Node>()
  const checker = program.getTypeChecker()
  const see = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) for (const d of checker.getSymbolAtLocation(node)?.declarations ?? []) used.add(d)
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      const signature = checker.getResolvedSignature(node)?.declaration
      if (signature) used.add(signature)
    }
    ts.forEachChild(node, see)
  }
  see(program.getSourceFile('every-member.ts')!)
  const missing = declarationsOf(program.getSourceFile(LIB)!).filter(({ node }) => !used.has(node))
  assert.deepEqual(
    missing.map(({ name }) => name).filter((name) => !CHECKER_ONLY.has(name)),
    [],
  )
})

test('the prelude is written against the library', () => {
  const files = Object.fromEntries(PRELUDE.map((name) => [name, readFileSync(join(front, 'prelude', name), 'utf8')]))
  assert.deepEqual(errorsOf(files), [])
})

/** Declares something and runs nothing. */
function isQuiet(node: ts.Node): boolean {
  if (ts.isClassDeclaration(node)) return !node.members.some((m) => ts.isClassStaticBlockDeclaration(m))
  return ts.isFunctionDeclaration(node) || ts.isTypeAliasDeclaration(node) || ts.isImportDeclaration(node)
}

test('the prelude has only functions, classes and types at its top level, so that nothing of it runs by itself', () => {
  for (const name of PRELUDE) {
    const { statements } = ts.createSourceFile(
      name,
      readFileSync(join(front, 'prelude', name), 'utf8'),
      ts.ScriptTarget.ESNext,
    )
    const others = statements.filter((node) => !isQuiet(node))
    assert.deepEqual(
      others.map((node) => ts.SyntaxKind[node.kind]),
      [],
    )
  }
})

test('the type checker knows no member that this version does not run', () => {
  const uses = [
    'new WeakRef({})',
    'globalThis.setImmediate(() => {})',
    'process.exit()',
    'eval("1")',
    'Object.seal({})',
    'Object.create({})',
    '(() => 1).caller',
    'new Error("a").stack',
    'new Number(1)',
    'new String("a")',
    'new Function("a")',
    'console.trace()',
    'new Symbol("a")',
    '"a"()',
    '({})()',
    '[1]()',
    '1 instanceof "a"',
  ]
  const accepted = uses.filter((use) => errorsOf({ 'use.ts': `export const x = ${use}\n` }).length === 0)
  assert.deepEqual(accepted, [])
})

test('the library stays small, since every compilation reads it', () => {
  const lines = readFileSync(join(front, 'lib', LIB), 'utf8').split('\n').length
  assert.ok(lines <= 1014, `${lines} lines`)
})

/** Every declaration that a program can name or call: globals, members, call and construct signatures. */
function declarationsOf(lib: ts.SourceFile): { name: string; node: ts.Node }[] {
  return lib.statements.flatMap((statement): { name: string; node: ts.Node }[] => {
    if (ts.isVariableStatement(statement))
      return statement.declarationList.declarations.map((node) => ({ name: node.name.getText(lib), node }))
    if (ts.isFunctionDeclaration(statement)) return [{ name: statement.name!.text, node: statement }]
    if (!ts.isInterfaceDeclaration(statement) || /Iterator|^Iterable/.test(statement.name.text)) return []
    const owner = statement.name.text
    const signature = (node: ts.TypeElement): string => (ts.isConstructSignatureDeclaration(node) ? 'new' : 'call')
    return statement.members
      .filter((node) => !ts.isIndexSignatureDeclaration(node))
      .map((node) => ({ name: `${owner}.${node.name?.getText(lib) ?? signature(node)}`, node }))
  })
}

const parsed = new Map<string, ts.SourceFile>()

function compile(files: Readonly<Record<string, string>>): ts.Program {
  const texts: Readonly<Record<string, string>> = { [LIB]: readFileSync(join(front, 'lib', LIB), 'utf8'), ...files }
  const parse = (name: string): ts.SourceFile | undefined => {
    const text = texts[name]
    if (text === undefined) return undefined
    const known = parsed.get(name)
    if (known?.text === text) return known
    const file = ts.createSourceFile(name, text, ts.ScriptTarget.ESNext, true)
    parsed.set(name, file)
    return file
  }
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ESNext,
    module: ts.ModuleKind.ESNext,
    moduleDetection: ts.ModuleDetectionKind.Force,
    strict: true,
    exactOptionalPropertyTypes: true,
    noLib: true,
    noEmit: true,
    allowImportingTsExtensions: true,
    types: [],
  }
  return ts.createProgram(Object.keys(texts), options, {
    getSourceFile: parse,
    fileExists: (name) => name in texts,
    readFile: (name) => texts[name],
    writeFile: () => {},
    getDefaultLibFileName: () => LIB,
    getCurrentDirectory: () => '',
    getCanonicalFileName: (name) => name,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
  })
}

function errorsOf(files: Readonly<Record<string, string>>): string[] {
  const program = compile(files)
  return [
    ...program.getGlobalDiagnostics(),
    ...program.getSyntacticDiagnostics(),
    ...program.getSemanticDiagnostics(),
  ].map(({ file, start, messageText }) => {
    const line = file ? file.getLineAndCharacterOfPosition(start ?? 0).line + 1 : 0
    return `${file?.fileName ?? ''}:${line} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`
  })
}
