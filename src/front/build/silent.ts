import { ARR, BOOL, MAP, NULLISH, NUM, SET, STR, BIG, type Kinds } from '../kinds.ts'
import { ts } from '../oracle.ts'
import { isAssignment } from './facts.ts'
import { kindsAt } from './narrow.ts'
import type { Build, Place } from './state.ts'

/** What the program has that runs without a call in the text: accessors, conversions that operators ask for, and iterators. */
type Silent = { readonly accessors: ReadonlySet<string>; readonly conversions: boolean; readonly iterators: boolean }

const known = new WeakMap<Build, Silent>()

function silentIn(b: Build): Silent {
  const found = known.get(b)
  if (found) return found
  const accessors = new Set<string>()
  let conversions = false
  let iterators = false
  const visit = (node: ts.Node): void => {
    if (ts.isAccessor(node)) accessors.add(node.name.getText())
    const name = ts.isClassElement(node) || ts.isObjectLiteralElement(node) ? node.name?.getText() : undefined
    conversions ||= name !== undefined && /toString|valueOf|toPrimitive|toJSON/.test(name)
    iterators ||= isGenerator(node) || (name !== undefined && /terator|^next$/.test(name))
    ts.forEachChild(node, visit)
  }
  b.oracle.userFiles.forEach(visit)
  const made = { accessors, conversions, iterators }
  known.set(b, made)
  return made
}

const isGenerator = (node: ts.Node): boolean =>
  (ts.isFunctionDeclaration(node) || ts.isFunctionExpression(node) || ts.isMethodDeclaration(node)) &&
  node.asteriskToken !== undefined

/** Whether what stands at a node may run code of the program that its text does not call. */
export function mayRunSilently(p: Place, node: ts.Node): boolean {
  const { accessors, conversions, iterators } = silentIn(p.build)
  if (accessors.size > 0 && asksAccessor(accessors, node)) return true
  if (conversions && operandsOf(node).some((x) => (kindsAt(p, x) & ~PRIMITIVE) !== 0)) return true
  return iterators && iteratedIn(node).some((x) => (kindsAt(p, x) & ~LISTS) !== 0)
}

/** Whether a call of a member of the library, without functions among its arguments, may run code of the program. */
export function mayCallBack(p: Place, { expression, arguments: args }: ts.CallExpression): boolean {
  const { accessors, conversions, iterators } = silentIn(p.build)
  if (accessors.size === 0 && !conversions && !iterators) return false
  if (!ts.isPropertyAccessExpression(expression)) return true
  const { expression: object, name } = expression
  if (ts.isIdentifier(object) && object.text === 'console') return false
  if ((kindsAt(p, object) & ~LISTS) === 0 && !ASKING.has(name.text)) return false
  return args.some((x) => (kindsAt(p, x) & ~PRIMITIVE) !== 0) || (kindsAt(p, object) & ~(PRIMITIVE | MAP | SET)) !== 0
}

const PRIMITIVE: Kinds = NUM | STR | BOOL | BIG | NULLISH
/** What is iterated over without code of the program. */
const LISTS: Kinds = PRIMITIVE | ARR | MAP | SET

/** Methods of lists that ask elements for their texts, or take what is iterated over. */
const ASKING: ReadonlySet<string> = new Set([
  'join',
  'toString',
  'toLocaleString',
  'sort',
  'toSorted',
  'union',
  'intersection',
  'difference',
  'symmetricDifference',
])

/** Whether a property that some class or literal of the program has an accessor for is read or set, or fields are that may be. */
function asksAccessor(accessors: ReadonlySet<string>, node: ts.Node): boolean {
  if (ts.isPropertyAccessExpression(node)) return accessors.has(node.name.text)
  if (ts.isElementAccessExpression(node)) return !ts.isNumericLiteral(node.argumentExpression)
  if (ts.isSpreadAssignment(node)) return true
  if (ts.isBindingElement(node))
    return ts.isObjectBindingPattern(node.parent) && accessors.has((node.propertyName ?? node.name).getText())
  return false
}

/** The operands of which an operator or a template makes texts or numbers. */
function operandsOf(node: ts.Node): readonly ts.Expression[] {
  if (ts.isTemplateSpan(node)) return [node.expression]
  if (ts.isPrefixUnaryExpression(node)) return node.operator === ts.SyntaxKind.ExclamationToken ? [] : [node.operand]
  if (!ts.isBinaryExpression(node)) return []
  const op = node.operatorToken.kind
  return STRICT.has(op) || op === ts.SyntaxKind.EqualsToken ? [] : [node.left, node.right]
}

/** Operators that take any value as it is. */
const STRICT: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.QuestionQuestionToken,
  ts.SyntaxKind.AmpersandAmpersandEqualsToken,
  ts.SyntaxKind.BarBarEqualsToken,
  ts.SyntaxKind.QuestionQuestionEqualsToken,
  ts.SyntaxKind.InstanceOfKeyword,
  ts.SyntaxKind.CommaToken,
])

/** What is iterated over at a node. */
function iteratedIn(node: ts.Node): readonly ts.Expression[] {
  if (ts.isForOfStatement(node) || ts.isSpreadElement(node)) return [node.expression]
  if (ts.isVariableDeclaration(node) && ts.isArrayBindingPattern(node.name) && node.initializer)
    return [node.initializer]
  const isPattern =
    ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind) && ts.isArrayLiteralExpression(node.left)
  return isPattern ? [node.right] : []
}
