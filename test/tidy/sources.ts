import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import ts from 'typescript'

export const root = dirname(dirname(import.meta.dirname))

/** A file of `src/` as the tidy rules see it. Paths are relative to the checkout. */
export type Source = {
  readonly path: string
  /** The folder that import rules speak of: `ir`, `front`, `apps/cli` ... */
  readonly folder: string
  readonly text: string
  readonly lineCount: number
  readonly imports: readonly Import[]
  readonly functions: readonly { readonly name: string; readonly lineCount: number }[]
  readonly tree: ts.SourceFile
}

/** One import or re-export; `target` is the path of the file for relative ones, else the specifier itself. */
type Import = { readonly target: string; readonly relative: boolean; readonly typeOnly: boolean }

export function readSources(): Source[] {
  const paths = globSync('src/**/*.ts', { cwd: root, exclude: (path) => path.endsWith('/gen') })
  return paths.sort().map(readSource)
}

function readSource(path: string): Source {
  const text = readFileSync(join(root, path), 'utf8')
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true)
  const [, first, second] = path.split('/')
  return {
    path,
    folder: first === 'apps' ? `${first}/${second}` : first!,
    text,
    lineCount: text.trimEnd().split('\n').length,
    imports: importsOf(path, tree),
    functions: functionsOf(tree),
    tree,
  }
}

function importsOf(path: string, tree: ts.SourceFile): Import[] {
  const found: Import[] = []
  visit(tree, (node) => {
    const specifier = specifierOf(node)
    if (specifier === undefined) return
    const isRelative = specifier.startsWith('.')
    const target = isRelative ? relative(root, resolve(root, dirname(path), specifier)) : specifier
    const typeOnly =
      (ts.isImportDeclaration(node) && node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword) ||
      (ts.isExportDeclaration(node) && node.isTypeOnly)
    found.push({ target, relative: isRelative, typeOnly })
  })
  return found
}

/** The module that a static import, a re-export or an `import()` of a literal names. */
function specifierOf(node: ts.Node): string | undefined {
  if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier)
    return ts.isStringLiteral(node.moduleSpecifier) ? node.moduleSpecifier.text : undefined
  if (!ts.isCallExpression(node) || node.expression.kind !== ts.SyntaxKind.ImportKeyword) return undefined
  const argument = node.arguments[0]
  return argument && ts.isStringLiteral(argument) ? argument.text : undefined
}

function functionsOf(tree: ts.SourceFile): Source['functions'] {
  const found: { name: string; lineCount: number }[] = []
  visit(tree, (node) => {
    if (!ts.isFunctionLike(node) || !('body' in node) || !node.body) return
    const from = tree.getLineAndCharacterOfPosition(node.getStart(tree)).line
    const to = tree.getLineAndCharacterOfPosition(node.end).line
    const named = ts.isVariableDeclaration(node.parent) || ts.isPropertyAssignment(node.parent) ? node.parent : node
    found.push({ name: named.name?.getText(tree) ?? 'anonymous', lineCount: to - from + 1 })
  })
  return found
}

export function visit(node: ts.Node, see: (node: ts.Node) => void): void {
  see(node)
  ts.forEachChild(node, (child) => visit(child, see))
}

/** The smallest of `values` that at least the fraction `q` of them does not exceed. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? 0
}
