import { REFUSALS } from '../../base/index.ts'
import { lexicalNames } from '../declarations.ts'
import type { HExpr, HStmt } from '../hir.ts'
import { ts } from '../oracle.ts'
import { holderOf } from './access.ts'
import { buildClass, classExpressionIn } from './classes.ts'
import { buildEnum } from './enums.ts'
import { buildExpr, buildUnused } from './expressions.ts'
import { functionOf } from './functions.ts'
import { buildReturned } from './generators.ts'
import {
  buildDoWhile,
  buildFor,
  buildForIn,
  buildForOf,
  buildJump,
  buildLabeled,
  buildSwitch,
  buildWhile,
} from './loops.ts'
import { bindVariable, declareEmpty } from './hoisting.ts'
import { knownTest } from './known-tests.ts'
import { libraryValue } from './library.ts'
import { bindName } from './patterns.ts'
import {
  exprStmt,
  letStmt,
  makeTemp,
  newLabel,
  readVar,
  refuse,
  refuseForGood,
  skipOuter,
  spanOf,
  type Place,
} from './state.ts'
import { buildNamespace } from './namespaces.ts'
import { placementsIn } from './placement.ts'
import { fileFacts, variableOf } from './variables.ts'
import { newVar } from '../make-hir.ts'

/** The statements of a function's body or another block, with what exists from its start. */
export function buildBody(p: Place, node: ts.Block): HStmt[] {
  const places = placementsIn(fileFacts(p.build, node), node)
  const functions = (pos: number): HStmt[] =>
    [...places].flatMap(([f, at]) => (at.pos === pos ? [letFunction(p, f)] : []))
  return [
    ...openScope(p, node.statements),
    ...node.statements.flatMap((s) => [...functions(s.pos), ...buildStatement(p, s)]),
  ]
}

/** What exists from the start of a scope, without a value yet: checked variables and functions. */
export function openScope(p: Place, list: readonly ts.Statement[]): HStmt[] {
  const variables = list.flatMap(lexicalNames).map((d) => variableOf(p.build, d))
  return variables.filter((v) => v.checked && v.scope !== null).map((v) => ({ kind: 'hoist', v, span: v.span }))
}

/** The functions of a file, a namespace or a switch, which are made at its start. */
export function openFunctions(p: Place, scope: ts.SourceFile | ts.CaseBlock | ts.ModuleBlock): HStmt[] {
  return [...placementsIn(fileFacts(p.build, scope), scope).keys()].map((f) => letFunction(p, f))
}

function letFunction(p: Place, node: ts.Node): HStmt {
  const f = node as ts.FunctionDeclaration
  return letStmt(variableOf(p.build, f), { kind: 'function', f: functionOf(p.build, f), span: spanOf(p, f) })
}

export function buildStatement(p: Place, node: ts.Statement): HStmt[] {
  const span = spanOf(p, node)
  if (ts.isExpressionStatement(node)) return buildEffect(p, node.expression)
  if (ts.isVariableStatement(node)) return buildVariables(p, node.declarationList)
  if (ts.isIfStatement(node)) return [buildIf(p, node)]
  if (ts.isReturnStatement(node))
    return [{ kind: 'return', value: node.expression ? buildReturned(p, node.expression) : null, span }]
  if (ts.isBlock(node)) return [{ kind: 'block', label: newLabel(p), body: buildBody(p, node), span }]
  if (ts.isForStatement(node)) return buildFor(p, node, [])
  if (ts.isForOfStatement(node)) return buildForOf(p, node, [])
  if (ts.isForInStatement(node)) return buildForIn(p, node, [])
  if (ts.isWhileStatement(node)) return [buildWhile(p, node, [])]
  if (ts.isDoStatement(node)) return [buildDoWhile(p, node, [])]
  if (ts.isBreakOrContinueStatement(node)) return buildJump(p, node)
  if (ts.isLabeledStatement(node)) return buildLabeled(p, node)
  if (ts.isSwitchStatement(node)) return [buildSwitch(p, node, [])]
  if (ts.isThrowStatement(node)) return [{ kind: 'throw', value: buildExpr(p, node.expression), span }]
  if (ts.isTryStatement(node)) return [buildTry(p, node)]
  if (ts.isClassDeclaration(node)) return buildClass(p, node)
  return buildDeclaration(p, node)
}

/** An expression that stands as a statement. */
export function buildEffect(p: Place, node: ts.Expression): HStmt[] {
  const made = buildUnused(p, node)
  return spread(made)
}

/** Statements inside a sequence whose value is not used stand for themselves. */
function spread(made: HExpr): HStmt[] {
  if (made.kind !== 'seq') return [exprStmt(made)]
  const rest = made.value.kind === 'const' || made.value.kind === 'var' ? [] : spread(made.value)
  return [...made.body, ...rest]
}

/** Statements that only declare something, most of which types erase. */
function buildDeclaration(p: Place, node: ts.Statement): HStmt[] {
  if (ts.isEnumDeclaration(node)) return buildEnum(p, node)
  if (isErased(node)) return []
  if (ts.isExportAssignment(node)) return buildExport(p, node)
  if (ts.isModuleDeclaration(node)) return buildNamespace(p, node)
  if (ts.isWithStatement(node)) refuseForGood(p, node, 'with')
  else if (ts.isImportEqualsDeclaration(node)) refuse(p, node, '`import =`', REFUSALS.commonjs.hint)
  else refuse(p, node, ts.SyntaxKind[node.kind], 'Write this in another way.')
  return []
}

function isErased(node: ts.Statement): boolean {
  return (
    ts.isFunctionDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isEmptyStatement(node) ||
    ts.isImportDeclaration(node) ||
    ts.isExportDeclaration(node) ||
    ts.isNamespaceExportDeclaration(node) ||
    node.kind === ts.SyntaxKind.DebuggerStatement ||
    (ts.canHaveModifiers(node) && (node.modifiers?.some((m) => m.kind === ts.SyntaxKind.DeclareKeyword) ?? false))
  )
}

function buildExport(p: Place, node: ts.ExportAssignment): HStmt[] {
  if (node.isExportEquals) {
    refuse(p, node, '`export =`', REFUSALS.commonjs.hint)
    return []
  }
  return ts.isIdentifier(node.expression) ? [] : [letStmt(variableOf(p.build, node), buildExpr(p, node.expression))]
}

export function buildVariables(p: Place, list: ts.VariableDeclarationList): HStmt[] {
  if ((list.flags & ts.NodeFlags.Using) !== 0 && (list.flags & ts.NodeFlags.BlockScoped) !== ts.NodeFlags.Const) {
    refuse(p, list, '`using`', 'Declare the variable with `const`.')
  }
  if (ts.canHaveModifiers(list.parent) && list.parent.modifiers?.some((m) => m.kind === ts.SyntaxKind.DeclareKeyword))
    return []
  return list.declarations.flatMap((d) => {
    const cls = classExpressionIn(d)
    if (cls) return buildClass(p, cls)
    if (d.initializer) return bindDeclared(p, d, d.initializer)
    return ts.isIdentifier(d.name) ? declareEmpty(p, d, list) : []
  })
}

function bindDeclared(p: Place, d: ts.VariableDeclaration, initializer: ts.Expression): HStmt[] {
  if (ts.isArrayBindingPattern(d.name) && ts.isArrayLiteralExpression(initializer)) {
    const pairs = bindPairs(p, d.name, initializer)
    if (pairs) return pairs
  }
  const members = ts.isObjectBindingPattern(d.name) ? bindMembers(p, d.name, initializer) : undefined
  return members ?? bindName(p, d.name, buildExpr(p, initializer))
}

/** `const { floor, PI: pi } = Math`: the members, since the library has no object that holds them. */
function bindMembers(p: Place, pattern: ts.ObjectBindingPattern, right: ts.Expression): HStmt[] | undefined {
  const holder = holderOf(p, skipOuter(right))
  if (holder?.kind !== 'library') return undefined
  const names = pattern.elements.map((e) => {
    const key = e.propertyName ?? e.name
    return ts.isIdentifier(e.name) && ts.isIdentifier(key) && !e.initializer && !e.dotDotDotToken ? key : undefined
  })
  if (!names.every((name) => name !== undefined)) return undefined
  return pattern.elements.map((e, i) =>
    bindVariable(p, e, libraryValue(p, e.name as ts.Identifier, `${holder.name}.${(names[i] as ts.Identifier).text}`)),
  )
}

/** `const [a, b] = [x, y]` without an array. */
function bindPairs(p: Place, pattern: ts.ArrayBindingPattern, right: ts.ArrayLiteralExpression): HStmt[] | undefined {
  if (pattern.elements.length !== right.elements.length) return undefined
  const names = pattern.elements.map((e) =>
    ts.isOmittedExpression(e) || e.dotDotDotToken || e.initializer || !ts.isIdentifier(e.name) ? undefined : e,
  )
  if (names.includes(undefined) || right.elements.some((e) => ts.isSpreadElement(e) || ts.isOmittedExpression(e)))
    return undefined
  const temps = right.elements.map((e) => makeTemp(p, 'value', spanOf(p, e)))
  const values = right.elements.map((e, i) => letStmt(temps[i] as (typeof temps)[number], buildExpr(p, e)))
  const lets = names.map((e, i) =>
    bindVariable(p, e as ts.BindingElement, readVar(temps[i] as (typeof temps)[number], spanOf(p, e as ts.Node))),
  )
  return [...values, ...lets]
}

function buildIf(p: Place, node: ts.IfStatement): HStmt {
  const known = knownTest(p, node.expression)
  const test = buildExpr(p, node.expression)
  const then = known === false ? [] : buildBranch(p, node.thenStatement)
  const otherwise = known === true || !node.elseStatement ? [] : buildBranch(p, node.elseStatement)
  return { kind: 'if', test, then, else: otherwise, span: spanOf(p, node) }
}

/** A branch or a loop body: the statements of a block, or the one statement. */
export function buildBranch(p: Place, node: ts.Statement): HStmt[] {
  return ts.isBlock(node) ? buildBody(p, node) : buildStatement(p, node)
}

function buildTry(p: Place, node: ts.TryStatement): HStmt {
  const body = buildBody(p, node.tryBlock)
  const handler = node.catchClause ? buildCatch(p, node.catchClause) : null
  const finalizer = node.finallyBlock ? buildBody(p, node.finallyBlock) : null
  return { kind: 'try', body, handler, finalizer, span: spanOf(p, node) }
}

type Handler = NonNullable<Extract<HStmt, { kind: 'try' }>['handler']>

function buildCatch(p: Place, node: ts.CatchClause): Handler {
  const d = node.variableDeclaration
  if (!d) return { param: null, body: buildBody(p, node.block) }
  if (ts.isIdentifier(d.name)) return { param: variableOf(p.build, d), body: buildBody(p, node.block) }
  const temp = newVar(p.func, 'error', spanOf(p, d), { text: '.catch' })
  const bound = bindName(p, d.name, readVar(temp, spanOf(p, d)))
  return { param: temp, body: [...bound, ...buildBody(p, node.block)] }
}
