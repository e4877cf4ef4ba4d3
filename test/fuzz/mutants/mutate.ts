import ts from 'typescript'
import type { Random } from '../../ir/random.ts'

/** What a program is made of that can be changed, by kinds of nodes. */
type Parts = {
  readonly text: string
  readonly expressions: readonly ts.Expression[]
  readonly statements: readonly ts.Statement[]
  readonly binaries: readonly ts.BinaryExpression[]
  readonly types: readonly ts.TypeNode[]
  readonly members: readonly ts.PropertyAccessExpression[]
  readonly calls: readonly ts.CallExpression[]
  readonly lists: readonly ts.VariableDeclarationList[]
}

type Change = (parts: Parts, random: Random) => string | undefined

const OPERATORS = '+ - * / % ** < > <= >= === !== == != && || ?? & | ^ << >> >>> in instanceof'.split(' ')

/** Values at which the meaning of operations turns, and of every kind. */
const VALUES = [
  ...['0', '-0', '1', '-1', '0.5', 'NaN', 'Infinity', '2 ** 31', '2 ** 32', '2 ** 53', '1n', 'null', 'undefined'],
  ...['true', 'false', '""', '"a"', '"0"', '"😀"', '[]', '{}', '[,1]', '[1, "a", null]', '({ a: 1, b: undefined })'],
  ...['(() => 1)', '(x: any) => x', 'new Map()', 'new Set([1])', 'new Date(0)', 'new Error("e")', '/a/g'],
]

/** A change comes as often as it stands here. */
const CHANGES: readonly Change[] = [
  exchange,
  exchange,
  exchange,
  (parts, random) => replace(parts, pick(parts.expressions, random), random.pick(VALUES)),
  (parts, random) => replace(parts, pick(parts.binaries, random)?.operatorToken, ` ${random.pick(OPERATORS)} `),
  (parts, random) => replace(parts, pick(parts.statements, random), ''),
  repeatStatement,
  (parts, random) => replace(parts, pick(parts.types, random), 'any'),
  forgetType,
  (parts, random) => replace(parts, pick(parts.members, random)?.name, pick(parts.members, random)?.name.getText()),
  chain,
  changeArguments,
  changeDeclaration,
]

/** A program with up to three of its parts changed, by other parts of it or by values of any kind; it need not be one any more. */
export function mutateSource(source: string, random: Random): string {
  let text = source
  for (let left = 1 + random.int(3); left > 0; left--) text = random.pick(CHANGES)(partsOf(text), random) ?? text
  return text
}

function partsOf(text: string): Parts {
  const parts = {
    text,
    expressions: [] as ts.Expression[],
    statements: [] as ts.Statement[],
    binaries: [] as ts.BinaryExpression[],
    types: [] as ts.TypeNode[],
    members: [] as ts.PropertyAccessExpression[],
    calls: [] as ts.CallExpression[],
    lists: [] as ts.VariableDeclarationList[],
  }
  const see = (node: ts.Node): void => {
    if (isPlainStatement(node)) parts.statements.push(node)
    if (ts.isBinaryExpression(node)) parts.binaries.push(node)
    if (ts.isPropertyAccessExpression(node)) parts.members.push(node)
    if (ts.isCallExpression(node)) parts.calls.push(node)
    if (ts.isVariableDeclarationList(node)) parts.lists.push(node)
    if (ts.isExpressionWithTypeArguments(node)) return
    if (ts.isTypeNode(node)) parts.types.push(node)
    else if (ts.isExpression(node) && isValue(node)) parts.expressions.push(node)
    ts.forEachChild(node, see)
  }
  see(ts.createSourceFile('main.ts', text, ts.ScriptTarget.Latest, true))
  return parts
}

const isPlainStatement = (node: ts.Node): node is ts.Statement =>
  ts.isExpressionStatement(node) ||
  ts.isVariableStatement(node) ||
  ts.isIfStatement(node) ||
  ts.isReturnStatement(node) ||
  ts.isThrowStatement(node)

/** Whether another expression may stand in its place: it is no name of a declaration or member, and nothing is assigned to it. */
function isValue(node: ts.Expression): boolean {
  const { parent } = node
  if (node.kind === ts.SyntaxKind.SuperKeyword || isAssigned(node, parent)) return false
  if (!ts.isIdentifier(node)) return true
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node
  if ('initializer' in parent && parent.initializer === node) return true
  return ts.isExpression(parent) || ts.isStatement(parent) || ts.isTemplateSpan(parent)
}

const isAssigned = (node: ts.Expression, parent: ts.Node): boolean =>
  (ts.isBinaryExpression(parent) && parent.left === node && isAssignment(parent.operatorToken.kind)) ||
  (ts.isPrefixUnaryExpression(parent) && isStep(parent.operator)) ||
  (ts.isPostfixUnaryExpression(parent) && isStep(parent.operator)) ||
  ((ts.isForOfStatement(parent) || ts.isForInStatement(parent)) && parent.initializer === node)

const isAssignment = (kind: ts.SyntaxKind): boolean =>
  kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment

const isStep = (operator: ts.SyntaxKind): boolean =>
  operator === ts.SyntaxKind.PlusPlusToken || operator === ts.SyntaxKind.MinusMinusToken

const pick = <T>(items: readonly T[], random: Random): T | undefined =>
  items.length > 0 ? random.pick(items) : undefined

function replace({ text }: Parts, node: ts.Node | undefined, by: string | undefined): string | undefined {
  return node && by !== undefined ? text.slice(0, node.getStart()) + by + text.slice(node.end) : undefined
}

/** One expression in place of another. */
function exchange(parts: Parts, random: Random): string | undefined {
  return replace(parts, pick(parts.expressions, random), `(${pick(parts.expressions, random)?.getText()})`)
}

/** A statement once more before another. */
function repeatStatement(parts: Parts, random: Random): string | undefined {
  const [at, other] = [pick(parts.statements, random), pick(parts.statements, random)]
  return replace(parts, at, `${other?.getText()}\n${at?.getText()}`)
}

function forgetType(parts: Parts, random: Random): string | undefined {
  const at = pick(parts.expressions, random)
  return replace(parts, at, `(${at?.getText()} as any)`)
}

function chain(parts: Parts, random: Random): string | undefined {
  const at = pick(parts.members, random)
  return replace(parts, at, `${at?.expression.getText()}?.${at?.name.getText()}`)
}

/** A call with an argument less or one more. */
function changeArguments(parts: Parts, random: Random): string | undefined {
  const at = pick(parts.calls, random)
  if (!at) return undefined
  const args = at.arguments.map((arg) => arg.getText())
  const place = random.int(args.length + 1)
  const more = pick(parts.expressions, random)?.getText() ?? '0'
  const changed = random.oneIn(2) ? args.toSpliced(place, 1) : args.toSpliced(place, 0, more)
  return replace(parts, at, `${at.expression.getText()}(${changed.join(', ')})`)
}

function changeDeclaration(parts: Parts, random: Random): string | undefined {
  const at = pick(parts.lists, random)
  return replace(parts, at, at?.getText().replace(/^(var|let|const)\b/, random.pick(['var', 'let', 'const'])))
}
