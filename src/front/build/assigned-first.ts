import { ts } from '../oracle.ts'
import { reachedRefs } from './early.ts'
import { isFunctionNode, isLogical, refsIn, type Facts } from './facts.ts'
import { skipOuter } from './state.ts'

/** Whether the variable has a value for sure; `true` too where control never comes. */
type State = boolean

type Walk = {
  readonly facts: Facts
  readonly variable: ts.Node
  /** Uses of the variable, by any function. */
  readonly uses: ReadonlySet<ts.Node>
  /** Its declarations: each with an initialiser gives it a value. */
  readonly declarations: ReadonlySet<ts.Node>
  readonly reaching: Map<ts.Node, boolean>
  early: boolean
}

/**
 * Whether code in `body` may read a variable before anything was stored in it, so that it must begin as undefined: one walk in the
 * order of evaluation, as for definite assignment in Java (JLS 16). A function that uses the variable counts as a read where it is made, a
 * declared one where it is named.
 */
export function mayBeReadUnassigned(
  facts: Facts,
  variable: ts.Node,
  declarations: readonly ts.Node[],
  body: ts.Node,
): boolean {
  const uses = new Set<ts.Node>((facts.refsOf.get(variable) ?? []).map((r) => r.node))
  const w: Walk = { facts, variable, uses, declarations: new Set(declarations), reaching: new Map(), early: false }
  const set = walk(w, body, false)
  // Functions of a file run after it.
  return w.early || (!set && ts.isSourceFile(body))
}

function walk(w: Walk, node: ts.Node, set: State): State {
  if (w.early) return true
  if (ts.isIdentifier(node)) return read(w, node, set)
  if (isFunctionNode(node) || ts.isClassLike(node)) return make(w, node, set)
  if (ts.isVariableDeclaration(node) || ts.isBindingElement(node)) return declare(w, node, set)
  if (ts.isBinaryExpression(node)) return walkBinary(w, node, set)
  if (ts.isConditionalExpression(node) || ts.isIfStatement(node)) return walkChoice(w, node, set)
  if (ts.isIterationStatement(node, false)) return walkLoop(w, node, set)
  if (ts.isTryStatement(node)) return walkTry(w, node, set)
  if (isJump(node)) return inside(w, node, set) || true
  // Control may leave these anywhere.
  if (ts.isSwitchStatement(node) || ts.isLabeledStatement(node) || ts.isOptionalChain(node))
    return inside(w, node, set) && set
  return inside(w, node, set)
}

/** The children one after the other, in the order of the text, which is the order of evaluation. */
function inside(w: Walk, node: ts.Node, set: State): State {
  if (ts.isTypeNode(node)) return set
  let state = set
  // The clauses of a switch may each be where it begins.
  ts.forEachChild(node, (child) => {
    if (ts.isCaseOrDefaultClause(child)) void inside(w, child, state)
    else state = walk(w, child, state)
  })
  return state
}

function read(w: Walk, node: ts.Identifier, set: State): State {
  if (set) return true
  if (w.uses.has(node)) w.early = true
  else if (reaches(w, node)) w.early = true
  return set
}

/** Whether a name is that of a declared function that uses the variable, itself or through others. */
function reaches(w: Walk, node: ts.Identifier): boolean {
  const declaration = refsIn(w.facts.refs, node)[0]?.declaration
  if (!declaration || !ts.isFunctionDeclaration(declaration)) return false
  const known = w.reaching.get(declaration)
  if (known !== undefined) return known
  const found = reachedRefs(w.facts, [declaration]).some((r) => r.declaration === w.variable)
  w.reaching.set(declaration, found)
  return found
}

/** A function or class that is made here, and may run from here on. Declared functions count where they are named. */
function make(w: Walk, node: ts.Node, set: State): State {
  if (set || ts.isFunctionDeclaration(node)) return set
  if (reachedRefs(w.facts, [node]).some((r) => r.declaration === w.variable)) w.early = true
  return set
}

function declare(w: Walk, node: ts.VariableDeclaration | ts.BindingElement, set: State): State {
  const value = node.initializer && skipOuter(node.initializer)
  // A function that is the value of the variable runs when it has it.
  const own = w.declarations.has(node) && value !== undefined && isFunctionNode(value)
  let state = value && !own ? walk(w, value, set) : set
  if (!ts.isIdentifier(node.name)) return inside(w, node.name, state)
  if (w.declarations.has(node) && (node.initializer || ts.isBindingElement(node))) state = true
  return state
}

function walkBinary(w: Walk, node: ts.BinaryExpression, set: State): State {
  const op = node.operatorToken.kind
  const target = skipOuter(node.left)
  const plain = op === ts.SyntaxKind.EqualsToken
  if (plain && w.uses.has(target)) {
    const value = skipOuter(node.right)
    if (!isFunctionNode(value)) walk(w, value, set)
    return true
  }
  if (plain && (ts.isArrayLiteralExpression(target) || ts.isObjectLiteralExpression(target)))
    return takeApart(w, target, walk(w, node.right, set))
  const left = walk(w, node.left, set)
  const right = walk(w, node.right, left)
  return isLogical(op) ? left : right
}

/** The targets of a pattern are written, what stands in their keys and defaults is read. */
function takeApart(w: Walk, pattern: ts.Node, set: State): State {
  let state = set
  ts.forEachChild(pattern, (child) => {
    if (w.uses.has(child)) state = true
    else if (ts.isSpreadElement(child) && w.uses.has(child.expression)) state = true
    else state = walk(w, child, state)
  })
  return state
}

function walkChoice(w: Walk, node: ts.ConditionalExpression | ts.IfStatement, set: State): State {
  const [test, then, other] = ts.isIfStatement(node)
    ? [node.expression, node.thenStatement, node.elseStatement]
    : [node.condition, node.whenTrue, node.whenFalse]
  const before = walk(w, test, set)
  const a = walk(w, then, before)
  const b = other ? walk(w, other, before) : before
  return a && b
}

function walkLoop(w: Walk, node: ts.IterationStatement, set: State): State {
  if (ts.isForStatement(node)) {
    const start = node.initializer ? walk(w, node.initializer, set) : set
    const test = node.condition ? walk(w, node.condition, start) : start
    walk(w, node.statement, test)
    if (node.incrementor) walk(w, node.incrementor, test)
    return test
  }
  if (ts.isForOfStatement(node) || ts.isForInStatement(node)) {
    const before = walk(w, node.expression, set)
    const taken = headNames(node).some((d) => w.declarations.has(d) || w.uses.has(d))
    walk(w, node.statement, taken || before)
    return before
  }
  if (ts.isWhileStatement(node)) {
    const test = walk(w, node.expression, set)
    walk(w, node.statement, test)
    return test
  }
  const round = node as ts.DoStatement
  const after = walk(w, round.statement, set)
  const sure = after && !jumps(round.statement)
  walk(w, round.expression, sure || set)
  return sure || set
}

/** What a round of for-of or for-in gives a value to. */
function headNames(node: ts.ForOfStatement | ts.ForInStatement): ts.Node[] {
  const { initializer } = node
  if (!ts.isVariableDeclarationList(initializer)) return [skipOuter(initializer)]
  const names: ts.Node[] = []
  const gather = (d: ts.VariableDeclaration | ts.BindingElement): void => {
    if (ts.isIdentifier(d.name)) names.push(d)
    else for (const e of d.name.elements) if (!ts.isOmittedExpression(e)) gather(e)
  }
  initializer.declarations.forEach(gather)
  return names
}

/** Whether a loop body may go to the test, or out, before its end. */
function jumps(node: ts.Node): boolean {
  if (ts.isBreakOrContinueStatement(node)) return true
  return !isFunctionNode(node) && (ts.forEachChild(node, (c) => jumps(c) || undefined) ?? false)
}

function walkTry(w: Walk, node: ts.TryStatement, set: State): State {
  const body = walk(w, node.tryBlock, set)
  const handled = node.catchClause ? walk(w, node.catchClause.block, set) : true
  const last = node.finallyBlock ? walk(w, node.finallyBlock, set) : false
  return (body && handled) || last
}

const isJump = (node: ts.Node): boolean =>
  ts.isReturnStatement(node) || ts.isThrowStatement(node) || ts.isBreakOrContinueStatement(node)
