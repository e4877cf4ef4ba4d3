// Defects that a front end could have with classes: what it makes of a program is what a right one makes of another program.
import ts from 'typescript'

export type SourceBug = { readonly name: string; readonly rewrite: (source: string) => string }

type Edit = { readonly from: number; readonly to: number; readonly by: string }
type Change = (node: ts.Node, classes: Classes) => string | undefined

/** The classes of a program by name. */
type Classes = ReadonlyMap<string, ts.ClassDeclaration>

/** The source with each node replaced for which `change` has a text, the outermost of nested ones. */
const rewriting =
  (change: Change) =>
  (source: string): string => {
    const tree = ts.createSourceFile('main.ts', source, ts.ScriptTarget.ESNext, true)
    const classes = new Map(tree.statements.flatMap((s) => (ts.isClassDeclaration(s) ? [[s.name!.text, s]] : [])))
    const edits: Edit[] = []
    const see = (node: ts.Node): void => {
      const by = change(node, classes)
      if (by === undefined) ts.forEachChild(node, see)
      else edits.push({ from: node.getStart(tree), to: node.end, by })
    }
    see(tree)
    return edits.toReversed().reduce((text, { from, to, by }) => text.slice(0, from) + by + text.slice(to), source)
  }

const baseName = (cls: ts.ClassDeclaration): string | undefined => {
  const expression = cls.heritageClauses?.[0]?.types[0]?.expression
  return expression && ts.isIdentifier(expression) ? expression.text : undefined
}

function ancestors(cls: ts.ClassDeclaration, classes: Classes): ts.ClassDeclaration[] {
  const base = classes.get(baseName(cls) ?? '')
  return base ? [base, ...ancestors(base, classes)] : []
}

const nameOf = (m: ts.Node): string => (ts.isClassElement(m) && m.name ? m.name.getText() : '')

/** Whether a member stands in the place of one of a base class. */
const overrides = (m: ts.Node, classes: Classes): boolean =>
  ts.isClassElement(m) &&
  ts.isClassDeclaration(m.parent) &&
  ancestors(m.parent, classes).some((cls) => cls.members.some((other) => nameOf(other) === nameOf(m)))

const enclosing = (node: ts.Node): ts.ClassDeclaration => {
  let n = node
  while (!ts.isClassDeclaration(n)) n = n.parent
  return n
}

/** Tests of one class with the classes that extend it. */
const derivedFrom = (name: string, classes: Classes): string[] =>
  [...classes.values()].filter((cls) => baseName(cls) === name).map((cls) => cls.name!.text)

const isInstanceTest = (node: ts.Node): node is ts.BinaryExpression =>
  ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.InstanceOfKeyword

const isSuperCall = (node: ts.Node): node is ts.CallExpression =>
  ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.SuperKeyword

const isDerived = (node: ts.Node): boolean => ts.isClassDeclaration(node.parent) && baseName(node.parent) !== undefined

export const SOURCE_BUGS: readonly SourceBug[] = [
  {
    name: 'methods that override are not seen',
    rewrite: rewriting((n, classes) => (ts.isMethodDeclaration(n) && overrides(n, classes) ? '' : undefined)),
  },
  {
    name: 'getters that override are not seen',
    rewrite: rewriting((n, classes) => (ts.isGetAccessor(n) && overrides(n, classes) ? '' : undefined)),
  },
  {
    name: 'super passes its arguments in the wrong order',
    rewrite: rewriting((n) =>
      isSuperCall(n) && n.arguments.length > 1
        ? `super(...([${n.arguments
            .map((a) => a.getText())
            .toReversed()
            .join(', ')}] as any))`
        : undefined,
    ),
  },
  {
    name: 'fields of derived classes are not initialised',
    rewrite: rewriting((n) =>
      ts.isPropertyDeclaration(n) && n.initializer && isDerived(n) ? `declare ${n.name.getText()}: any` : undefined,
    ),
  },
  {
    name: 'instanceof asks for the class itself',
    rewrite: rewriting((n, classes) => {
      if (!isInstanceTest(n)) return undefined
      const [left, right] = [n.left.getText(), n.right.getText()]
      const others = derivedFrom(right, classes).map((name) => ` && !(${left} instanceof ${name})`)
      return others.length === 0 ? undefined : `(${n.getText()}${others.join('')})`
    }),
  },
  {
    name: 'instanceof is true for every class of the family',
    rewrite: rewriting((n, classes) => {
      const cls = isInstanceTest(n) ? classes.get(n.right.getText()) : undefined
      const root = cls && ancestors(cls, classes).at(-1)
      return isInstanceTest(n) && root ? `${n.left.getText()} instanceof ${root.name!.text}` : undefined
    }),
  },
  {
    name: 'private members of a chain are one',
    rewrite: (source) => source.replaceAll('#own', '__own'),
  },
  {
    name: 'the name of an error cannot be set',
    rewrite: rewriting((n) =>
      ts.isExpressionStatement(n) && n.getText().startsWith('this.name = ') && ts.isBlock(n.parent) ? '' : undefined,
    ),
  },
  {
    name: 'every error class extends Error itself',
    rewrite: rewriting((n) => (ts.isHeritageClause(n) && n.getText().endsWith('Error') ? 'extends Error' : undefined)),
  },
  {
    name: 'the name of the class is that of the class it is written in',
    rewrite: rewriting((n) =>
      ['this.constructor.name', 'new.target.name'].includes(n.getText()) && ts.isExpression(n)
        ? `'${enclosing(n).name!.text}'`
        : undefined,
    ),
  },
  {
    name: 'errors have no message',
    rewrite: rewriting((n) => {
      const base = isSuperCall(n) ? baseName(enclosing(n)) : undefined
      return base && /^\w*Error$/.test(base) ? 'super()' : undefined
    }),
  },
  {
    name: 'parameter properties are not set',
    rewrite: rewriting((n) => (ts.isParameter(n) && n.modifiers?.length ? `${n.name.getText()}: any` : undefined)),
  },
  {
    name: 'super.method is the method of this',
    rewrite: rewriting((n, classes) => {
      if (!ts.isPropertyAccessExpression(n) || n.expression.kind !== ts.SyntaxKind.SuperKeyword) return undefined
      const top = ancestors(enclosing(n), classes).at(-1)
      return top?.members.some((m) => nameOf(m) === n.name.text) ? `this.${n.name.text}` : undefined
    }),
  },
  {
    name: 'constructors that are not written pass nothing on',
    rewrite: (source) => source.replace('super(value)', 'super(undefined as any)'),
  },
]
