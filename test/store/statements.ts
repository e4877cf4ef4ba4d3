// Every SQL statement that the code has outside src/store, found in its syntax trees.
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

export type Statement = {
  readonly at: string
  /** What stands in the code; `${…}` where something is put in. */
  readonly text: string
  /** Whether nothing is put in. */
  readonly isWhole: boolean
}

const root = join(import.meta.dirname, '../..')
const SQL =
  /^\s*(select\s.*\sfrom\s|select\s+\d|insert\s+(or\s+\w+\s+)?into\s|replace\s+into\s|update\s+\w+\s+set\s|delete\s+from\s|create\s|alter\s+table|drop\s|pragma\s|with\s+\w+\s+as)/is

/** In the order of files and lines. `folder` is below src/. */
export function statementsOf(paths: readonly string[]): readonly Statement[] {
  return paths.flatMap((path) => {
    const source = ts.createSourceFile(path, readFileSync(join(root, path), 'utf8'), ts.ScriptTarget.Latest, true)
    const found: Statement[] = []
    const visit = (node: ts.Node): void => {
      const text = textOf(node)
      if (text !== undefined && SQL.test(text.replaceAll(/\s+/g, ' '))) {
        const { line } = source.getLineAndCharacterOfPosition(node.getStart())
        found.push({
          at: `${path}:${line + 1}`,
          text: text.replaceAll(/\s+/g, ' ').trim(),
          isWhole: !text.includes('${…}'),
        })
      }
      ts.forEachChild(node, visit)
    }
    visit(source)
    return found
  })
}

export const callers = (): string[] =>
  globSync('src/**/*.ts', { cwd: root })
    .filter((path) => !/^src\/(store|front\/lib|front\/prelude)\b/.test(path))
    .sort()

function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text
  if (!ts.isTemplateExpression(node)) return undefined
  return node.head.text + node.templateSpans.map(({ literal }) => `\${…}${literal.text}`).join('')
}
