import type { NameDeclaration } from '../declarations.ts'
import { ts, type Oracle } from '../oracle.ts'
import type { Placement } from './placement.ts'
import { declarationOf, isReference } from './resolve-name.ts'
import { isRepeated, isVar, namedDeclaration } from './hoisting.ts'
import { skipOuter, skipParens } from './state.ts'

/** A use of a name in an expression. */
export type Ref = {
  readonly node: ts.Identifier
  readonly declaration: ts.Declaration
  /** The function (or class, for its constructor and fields) whose code this is; the file at top level. */
  readonly owner: ts.Node
}

/** What the whole text of a file says about its names, before anything is built. */
export type Facts = {
  /** In the order of the text. */
  readonly refs: readonly Ref[]
  readonly refsOf: ReadonlyMap<ts.Node, readonly Ref[]>
  readonly assigned: ReadonlySet<ts.Node>
  readonly tested: ReadonlySet<ts.Node>
  /** Declarations that are compared with some value: undefined is just unequal to it. */
  readonly compared: ReadonlySet<ts.Node>
  /** Declarations that are given an element of an array, or what `!` says is there: either may be missing. */
  readonly elements: ReadonlySet<ts.Node>
  /** Declarations of which `instanceof` is asked. */
  readonly instances: ReadonlySet<ts.Node>
  /** Declarations that another function than their own uses. */
  readonly captured: ReadonlySet<ts.Node>
  /** Owners whose `this` a function inside them uses. */
  readonly capturedThis: ReadonlySet<ts.Node>
  /** Expressions that may run a function: calls, `new`, and where the file has accessors or conversions, what may run those. */
  readonly calls: readonly ts.Node[]
  /** Assignments, after which what is assigned may be called by another name. */
  readonly stores: readonly ts.Node[]
  /** What leaves a stretch of code before its end, if only for a while. */
  readonly exits: readonly ts.Node[]
  /** What awaits at the top level, in the order of the text. */
  readonly awaits: readonly ts.Node[]
  /** Uses of `this` in arrow functions. */
  readonly arrowThis: readonly ts.Node[]
  /** Whether some name in it may be `arguments`, which can be written with escapes. */
  readonly namesArguments: boolean
  /** Declarations with `var`, by the function (or file) that they belong to. */
  readonly vars: ReadonlyMap<ts.Node, readonly NameDeclaration[]>
  /** Where the functions of a block are made, computed when first asked for. */
  readonly placements: Map<ts.Node, ReadonlyMap<ts.Node, Placement>>
}

type Gather = {
  readonly oracle: Oracle
  readonly refs: Ref[]
  readonly refsOf: Map<ts.Node, Ref[]>
  readonly assigned: Set<ts.Node>
  readonly tested: Set<ts.Node>
  readonly compared: Set<ts.Node>
  readonly elements: Set<ts.Node>
  readonly instances: Set<ts.Node>
  readonly captured: Set<ts.Node>
  readonly capturedThis: Set<ts.Node>
  readonly calls: ts.Node[]
  readonly reads: ts.Node[]
  readonly stores: ts.Node[]
  readonly exits: ts.Node[]
  readonly awaits: ts.Node[]
  readonly arrowThis: ts.Node[]
  readonly vars: Map<ts.Node, NameDeclaration[]>
  accessors: boolean
}

/** The prelude's trees live as long as the process, and so do the facts about them. */
const kept = new WeakMap<ts.SourceFile, Facts>()

export function factsOf(oracle: Oracle, file: ts.SourceFile): Facts {
  const known = kept.get(file)
  if (known) return known
  const g: Gather = {
    oracle,
    refs: [],
    refsOf: new Map(),
    assigned: new Set(),
    tested: new Set(),
    compared: new Set(),
    elements: new Set(),
    instances: new Set(),
    captured: new Set(),
    capturedThis: new Set(),
    calls: [],
    reads: [],
    stores: [],
    exits: [],
    awaits: [],
    arrowThis: [],
    vars: new Map(),
    accessors: false,
  }
  visitChildren(g, file, file)
  const calls = g.accessors ? [...g.calls, ...g.reads] : g.calls
  const facts: Facts = { ...g, calls, namesArguments: /arguments|\\u/.test(file.text), placements: new Map() }
  kept.set(file, facts)
  return facts
}

/** The node whose body the children of `node` belong to. */
export function ownerOf(node: ts.Node): ts.Node {
  let child = node
  for (let n = node.parent; n; child = n, n = n.parent) {
    const inner = ownerInside(n, child)
    if (inner) return inner
  }
  return node.getSourceFile()
}

function ownerInside(n: ts.Node, child: ts.Node): ts.Node | undefined {
  if (ts.isSourceFile(n)) return n
  if (ts.isConstructorDeclaration(n)) return n.parent
  if (isFunctionNode(n)) return child === n.name && !ts.isFunctionExpression(n) ? undefined : n
  if (ts.isPropertyDeclaration(n) && child === n.initializer && !isStatic(n)) return n.parent
  return undefined
}

export type FunctionNode =
  | ts.FunctionDeclaration
  | ts.FunctionExpression
  | ts.ArrowFunction
  | ts.MethodDeclaration
  | ts.AccessorDeclaration

const FUNCTIONS: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.FunctionDeclaration,
  ts.SyntaxKind.FunctionExpression,
  ts.SyntaxKind.ArrowFunction,
  ts.SyntaxKind.MethodDeclaration,
  ts.SyntaxKind.GetAccessor,
  ts.SyntaxKind.SetAccessor,
])

export function isFunctionNode(n: ts.Node): n is FunctionNode {
  return FUNCTIONS.has(n.kind)
}

export function isStatic(n: ts.Node): boolean {
  return ts.canHaveModifiers(n) && (n.modifiers?.some((m) => m.kind === ts.SyntaxKind.StaticKeyword) ?? false)
}

function visitChildren(g: Gather, node: ts.Node, owner: ts.Node): void {
  ts.forEachChild(node, (child) => {
    if (ts.isTypeNode(child) && !ts.isExpressionWithTypeArguments(child)) return
    if (ts.isInterfaceDeclaration(child) || ts.isTypeAliasDeclaration(child)) return
    visit(g, child, ownerInside(node, child) ?? owner)
  })
}

function visit(g: Gather, node: ts.Node, owner: ts.Node): void {
  if (ts.isIdentifier(node)) {
    if (isReference(node)) noteReference(g, node, owner)
    return
  }
  if (node.kind === ts.SyntaxKind.ThisKeyword || node.kind === ts.SyntaxKind.SuperKeyword) noteThis(g, node, owner)
  if (ts.isCallExpression(node) || ts.isNewExpression(node)) g.calls.push(node)
  if (ts.isPropertyAccessExpression(node) || ts.isTemplateExpression(node) || isPlus(node)) g.reads.push(node)
  if (ts.isAccessor(node) || isConversion(node)) g.accessors = true
  if (isExit(node)) g.exits.push(node)
  if (isAwait(node) && ts.isSourceFile(owner)) g.awaits.push(node)
  noteAssigned(g, node)
  if (isVar(node)) noteVar(g, node, owner)
  noteTested(g, node)
  noteInstance(g, node)
  noteCompared(g, node)
  noteElement(g, node)
  visitChildren(g, node, owner)
}

const isAwait = (node: ts.Node): boolean =>
  ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined)

const isExit = (node: ts.Node): boolean =>
  ts.isReturnStatement(node) ||
  ts.isThrowStatement(node) ||
  ts.isBreakOrContinueStatement(node) ||
  ts.isYieldExpression(node) ||
  isAwait(node)

const isPlus = (node: ts.Node): boolean =>
  ts.isBinaryExpression(node) &&
  (node.operatorToken.kind === ts.SyntaxKind.PlusToken || node.operatorToken.kind === ts.SyntaxKind.PlusEqualsToken)

/** A method that operators may call. */
const isConversion = (node: ts.Node): boolean =>
  ts.isMethodDeclaration(node) && /toString|valueOf|toPrimitive/.test(node.name.getText())

function noteReference(g: Gather, node: ts.Identifier, owner: ts.Node): void {
  const declaration = declarationOf(g.oracle, node)
  if (!declaration) return
  const ref: Ref = { node, declaration, owner }
  g.refs.push(ref)
  const list = g.refsOf.get(declaration)
  if (list) list.push(ref)
  else g.refsOf.set(declaration, [ref])
  if (declaration.getSourceFile() === node.getSourceFile() && ownerOf(declaration) !== owner)
    g.captured.add(declaration)
}

/** Marks the owner of `this` when an arrow function stands between. */
function noteThis(g: Gather, node: ts.Node, owner: ts.Node): void {
  let at: ts.Node = owner
  while (ts.isArrowFunction(at)) at = ownerOf(at)
  if (at === owner) return
  g.capturedThis.add(at)
  g.arrowThis.push(node)
}

/** Notes a `var`; one that is given a value more than once counts as assigned. */
function noteVar(g: Gather, node: NameDeclaration, owner: ts.Node): void {
  const list = g.vars.get(owner)
  if (list) list.push(node)
  else g.vars.set(owner, [node])
  const meant = namedDeclaration(g.oracle, node)
  if (meant !== node || isRepeated(node)) g.assigned.add(meant)
}

function noteAssigned(g: Gather, node: ts.Node): void {
  if (ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind)) {
    noteTarget(g, node.left)
    g.stores.push(node)
  } else if ((ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) && isStep(node.operator))
    noteTarget(g, node.operand)
  else if ((ts.isForOfStatement(node) || ts.isForInStatement(node)) && !ts.isVariableDeclarationList(node.initializer))
    noteTarget(g, node.initializer)
}

function noteTarget(g: Gather, target: ts.Expression): void {
  const t = skipOuter(target)
  if (ts.isIdentifier(t)) {
    const declaration = declarationOf(g.oracle, t)
    if (declaration) g.assigned.add(declaration)
  } else if (ts.isArrayLiteralExpression(t)) {
    for (const e of t.elements) noteTarget(g, ts.isSpreadElement(e) ? e.expression : withoutDefault(e))
  } else if (ts.isObjectLiteralExpression(t)) {
    for (const e of t.properties) {
      if (ts.isPropertyAssignment(e)) noteTarget(g, withoutDefault(e.initializer))
      else if (ts.isShorthandPropertyAssignment(e)) noteTarget(g, e.name)
      else if (ts.isSpreadAssignment(e)) noteTarget(g, e.expression)
    }
  }
}

function withoutDefault(e: ts.Expression): ts.Expression {
  return ts.isBinaryExpression(e) && e.operatorToken.kind === ts.SyntaxKind.EqualsToken ? e.left : e
}

export function isAssignment(kind: ts.SyntaxKind): boolean {
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment
}

function isStep(kind: ts.SyntaxKind): boolean {
  return kind === ts.SyntaxKind.PlusPlusToken || kind === ts.SyntaxKind.MinusMinusToken
}

function noteCompared(g: Gather, node: ts.Node): void {
  const subject = ts.isSwitchStatement(node) ? [node.expression] : []
  const sides = ts.isBinaryExpression(node) && isEquality(node.operatorToken.kind) ? [node.left, node.right] : subject
  for (const side of sides) {
    const t = skipParens(side)
    const declaration = ts.isIdentifier(t) ? declarationOf(g.oracle, t) : undefined
    if (declaration) g.compared.add(declaration)
  }
}

function noteInstance(g: Gather, node: ts.Node): void {
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.InstanceOfKeyword) return
  const t = skipParens(node.left)
  const declaration = ts.isIdentifier(t) ? declarationOf(g.oracle, t) : undefined
  if (declaration) g.instances.add(declaration)
}

function noteTested(g: Gather, node: ts.Node): void {
  for (const e of testsIn(node)) {
    const t = skipParens(e)
    if (!ts.isIdentifier(t)) continue
    const declaration = declarationOf(g.oracle, t)
    if (declaration) g.tested.add(declaration)
  }
}

/** Notes variables whose value is an element of an array. */
function noteElement(g: Gather, node: ts.Node): void {
  if (ts.isVariableDeclaration(node)) {
    if (node.initializer && mayBeElement(node.initializer)) g.elements.add(namedDeclaration(g.oracle, node))
  } else if (ts.isBindingElement(node)) {
    if (ts.isArrayBindingPattern(node.parent) && !node.dotDotDotToken) g.elements.add(namedDeclaration(g.oracle, node))
  } else if (ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind)) {
    noteAssignedElement(g, node.left, node.right)
  } else if (ts.isForOfStatement(node) && ts.isArrayLiteralExpression(node.initializer)) {
    noteAssignedElement(g, node.initializer)
  }
}

/** `value` is not known where a pattern takes what is in a list that is no literal. */
function noteAssignedElement(g: Gather, left: ts.Expression, value?: ts.Expression): void {
  const target = skipOuter(left)
  if (ts.isArrayLiteralExpression(target)) {
    const list = value && skipOuter(value)
    const values = list && ts.isArrayLiteralExpression(list) ? list.elements : undefined
    target.elements.forEach((e, i) => noteAssignedElement(g, e, values?.[i]))
    return
  }
  const declaration = ts.isIdentifier(target) ? declarationOf(g.oracle, target) : undefined
  if (declaration && (!value || mayBeElement(value))) g.elements.add(declaration)
}

/** Whether a value may be an element of a list, as far as its text tells. */
export function mayBeElement(value: ts.Expression): boolean {
  const e = skipParens(value)
  if (ts.isElementAccessExpression(e) || ts.isNonNullExpression(e)) return true
  if (ts.isAsExpression(e)) return mayBeElement(e.expression)
  if (ts.isConditionalExpression(e)) return mayBeElement(e.whenTrue) || mayBeElement(e.whenFalse)
  return (
    ts.isBinaryExpression(e) &&
    (isLogical(e.operatorToken.kind) || isAssignment(e.operatorToken.kind)) &&
    mayBeElement(e.right)
  )
}

/** The operands of `node` of which it asks whether they are undefined, null or falsy. */
function testsIn(node: ts.Node): ts.Expression[] {
  if (ts.isBinaryExpression(node)) {
    const op = node.operatorToken.kind
    if (isLogical(op)) return [node.left]
    if (!isEquality(op)) return []
    if (isMissingLiteral(node.right)) return [node.left]
    return isMissingLiteral(node.left) ? [node.right] : []
  }
  if (ts.isPrefixUnaryExpression(node)) return node.operator === ts.SyntaxKind.ExclamationToken ? [node.operand] : []
  if (ts.isIfStatement(node) || ts.isWhileStatement(node) || ts.isDoStatement(node)) return [node.expression]
  if (ts.isForStatement(node)) return node.condition ? [node.condition] : []
  if (ts.isConditionalExpression(node)) return [node.condition]
  if (ts.isTypeOfExpression(node)) return [node.expression]
  if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node) || ts.isCallExpression(node)) {
    return node.questionDotToken ? [node.expression] : []
  }
  return []
}

export function isLogical(op: ts.SyntaxKind): boolean {
  return (
    op === ts.SyntaxKind.AmpersandAmpersandToken ||
    op === ts.SyntaxKind.BarBarToken ||
    op === ts.SyntaxKind.QuestionQuestionToken ||
    op === ts.SyntaxKind.AmpersandAmpersandEqualsToken ||
    op === ts.SyntaxKind.BarBarEqualsToken ||
    op === ts.SyntaxKind.QuestionQuestionEqualsToken
  )
}

export function isEquality(op: ts.SyntaxKind): boolean {
  return (
    op === ts.SyntaxKind.EqualsEqualsToken ||
    op === ts.SyntaxKind.EqualsEqualsEqualsToken ||
    op === ts.SyntaxKind.ExclamationEqualsToken ||
    op === ts.SyntaxKind.ExclamationEqualsEqualsToken
  )
}

function isMissingLiteral(node: ts.Expression): boolean {
  const e = skipOuter(node)
  return e.kind === ts.SyntaxKind.NullKeyword || (ts.isIdentifier(e) && e.text === 'undefined')
}

/** The uses of names in a stretch of the text. */
export function refsIn(refs: readonly Ref[], range: { readonly pos: number; readonly end: number }): readonly Ref[] {
  let low = 0
  let high = refs.length
  while (low < high) {
    const mid = (low + high) >> 1
    if ((refs[mid] as Ref).node.pos < range.pos) low = mid + 1
    else high = mid
  }
  const first = low
  while (low < refs.length && (refs[low] as Ref).node.pos < range.end) low++
  return refs.slice(first, low)
}
