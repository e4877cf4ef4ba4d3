import { ts } from '../oracle.ts'
import { mayBeElement, ownerOf } from './facts.ts'
import { mayCallBack, mayRunSilently } from './silent.ts'
import type { Place } from './state.ts'

/**
 * What the checker leaves out of a variable or property after an assignment or a test, it leaves out until the next
 * assignment that it sees. A call may have stored something else meanwhile (TypeScript has no effects of calls).
 */

/** What may run other code of the program: calls, `new`, tagged templates, `await` and `yield`, and what runs it silently. */
type Events = { readonly nodes: readonly ts.Node[]; readonly properties: ReadonlyMap<string, readonly ts.Node[]> }

const known = new WeakMap<ts.Node, Events>()

function eventsIn(p: Place, owner: ts.Node): Events {
  const found = known.get(owner)
  if (found) return found
  const nodes: ts.Node[] = []
  const properties = new Map<string, ts.Node[]>()
  const visit = (node: ts.Node): void => {
    if (mayRunCode(node) || mayRunSilently(p, node)) nodes.push(node)
    if (ts.isPropertyAccessExpression(node)) {
      const text = node.getText()
      properties.set(text, [...(properties.get(text) ?? []), node])
    }
    ts.forEachChild(node, visit)
  }
  ts.forEachChild(owner, visit)
  const made = { nodes, properties }
  known.set(owner, made)
  return made
}

const mayRunCode = (node: ts.Node): boolean =>
  ts.isCallExpression(node) ||
  ts.isNewExpression(node) ||
  ts.isTaggedTemplateExpression(node) ||
  ts.isAwaitExpression(node) ||
  ts.isYieldExpression(node) ||
  (ts.isForOfStatement(node) && node.awaitModifier !== undefined)

/**
 * Whether a call may have changed a variable since what the checker narrowed it by; `mentions`: all uses of it, in order, and its declaration
 * first.
 */
export function mayHaveChanged(p: Place, use: ts.Expression, mentions: readonly ts.Node[]): boolean {
  const owner = ownerOf(use)
  const start = use.getStart()
  const last = noted(use, mentions).at(-1)
  if (!last) return false
  const from = isAssigned(last) ? last.parent.end : last.end
  const loop = loopAround(use, last)
  return eventsIn(p, owner).nodes.some((event) => {
    const between = event.pos >= from && event.end <= start
    const around = loop !== undefined && event.pos >= loop.pos && event.end <= loop.end
    return (between || around) && !isOfLibrary(p, event)
  })
}

/** The same for a property, which is told by its text. */
export function mayHaveChangedProperty(p: Place, use: ts.PropertyAccessExpression): boolean {
  return mayHaveChanged(p, use, mentionsOf(p, use))
}

const mentionsOf = (p: Place, use: ts.PropertyAccessExpression): readonly ts.Node[] =>
  eventsIn(p, ownerOf(use)).properties.get(use.getText()) ?? []

/** The declaration, assignments and tests that come before a use, in the order of the text. */
function noted(use: ts.Expression, mentions: readonly ts.Node[]): ts.Node[] {
  const [owner, start] = [ownerOf(use), use.getStart()]
  const before = mentions.filter((m) => m.end <= start && ownerOf(m) === owner)
  return before.filter((m) => ts.isVariableDeclaration(m) || isAssigned(m) || isTested(m))
}

/**
 * Whether a property may be missing because it was set to an element, of which the checker takes for granted that it is there. A later assignment
 * may be one that is not reached.
 */
export function isSetToElement(p: Place, use: ts.PropertyAccessExpression): boolean {
  const before = noted(use, mentionsOf(p, use))
  const last = before.at(-1)
  return last !== undefined && isAssigned(last) && before.some((m) => isAssigned(m) && mayBeElement(m.parent.right))
}

const isAssigned = (node: ts.Node): node is ts.Node & { readonly parent: ts.BinaryExpression } =>
  ts.isBinaryExpression(node.parent) &&
  node.parent.left === node &&
  node.parent.operatorToken.kind >= ts.SyntaxKind.FirstAssignment &&
  node.parent.operatorToken.kind <= ts.SyntaxKind.LastAssignment

/** Whether a branch or an operator asks what a use gives. */
function isTested(node: ts.Node): boolean {
  for (let n = node; n.parent && !ts.isStatement(n); n = n.parent) {
    const { parent } = n
    if (ts.isIfStatement(parent) || ts.isWhileStatement(parent) || ts.isDoStatement(parent))
      return parent.expression === n
    if (ts.isForStatement(parent)) return parent.condition === n
    if (ts.isSwitchStatement(parent)) return parent.expression === n
    if (ts.isConditionalExpression(parent) && parent.condition === n) return true
    if (ts.isBinaryExpression(parent) && parent.left === n && LOGICAL.has(parent.operatorToken.kind)) return true
    if (ts.isFunctionLike(parent)) return false
  }
  return false
}

const LOGICAL: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.QuestionQuestionToken,
])

/** The outermost loop around a use that does not go through the other place. */
function loopAround(use: ts.Node, other: ts.Node): ts.Node | undefined {
  let found: ts.Node | undefined
  for (let n = use.parent; n && !ts.isFunctionLike(n); n = n.parent) {
    if (!ts.isIterationStatement(n, false)) continue
    if (other.pos >= n.pos && other.end <= n.end) break
    found = n
  }
  return found
}

/** A call of a member of the library without functions runs no code of the program that could store anything. */
function isOfLibrary(p: Place, event: ts.Node): boolean {
  if (!ts.isCallExpression(event) || !ts.isPropertyAccessExpression(event.expression)) return false
  const { checker } = p.build.oracle
  const declarations = checker.getSymbolAtLocation(event.expression.name)?.declarations ?? []
  if (declarations.length === 0 || !declarations.every((d) => p.build.oracle.isLib(d))) return false
  const quiet = event.arguments.every((a) => checker.getTypeAtLocation(a).getCallSignatures().length === 0)
  return quiet && !mayCallBack(p, event)
}
