import { isVarList, type NameDeclaration } from '../declarations.ts'
import type { HExpr, HStmt, HVar } from '../hir.ts'
import { ts, type Oracle } from '../oracle.ts'
import { mayBeReadUnassigned } from './assigned-first.ts'
import { scopeOf } from './early.ts'
import { symbolDeclaration } from './resolve-name.ts'
import { exprStmt, letStmt, refuse, type Build, type Place } from './state.ts'
import { capture, fileFacts, isReadAcross, variableOf } from './variables.ts'

/** Whether a node declares a name by a `var` statement, itself or in its pattern. */
export function isVar(node: ts.Node): node is NameDeclaration {
  let n: ts.Node = node
  while (ts.isBindingElement(n) || ts.isBindingName(n)) n = n.parent
  return (
    ts.isVariableDeclaration(n) &&
    ts.isVariableDeclarationList(n.parent) &&
    isVarList(n.parent) &&
    (ts.isVariableDeclaration(node) || ts.isBindingElement(node)) &&
    ts.isIdentifier(node.name)
  )
}

/** The declaration that stands for a variable: the first of its `var`s, or the parameter of the same name. */
export function namedDeclaration(oracle: Oracle, node: ts.Declaration): ts.Declaration {
  const name = isVar(node) ? ts.getNameOfDeclaration(node) : undefined
  const symbol = name && oracle.checker.getSymbolAtLocation(name)
  return (symbol && symbolDeclaration(oracle, symbol)) ?? node
}

/** Whether a `var` stands in a loop, so that it is given its value again and again. */
export function isRepeated(node: ts.Node): boolean {
  let child = node
  for (let n = node.parent; !ts.isFunctionLike(n) && !ts.isSourceFile(n); child = n, n = n.parent) {
    if (ts.isIterationStatement(n, false) && !(ts.isForStatement(n) && n.initializer === child)) return true
  }
  return false
}

/** The other `var`s of the same variable, and itself. */
function declarationsOf(b: Build, node: ts.Declaration): readonly ts.Node[] {
  const name = ts.getNameOfDeclaration(node)
  return (name && b.oracle.checker.getSymbolAtLocation(name)?.declarations) ?? [node]
}

/** Whether a variable that is declared without a value, or by `var`, may be read before it has one: it then begins as undefined. */
function beginsUndefined(b: Build, node: ts.Declaration, region: ts.Node): boolean {
  const known = b.unassigned.get(node)
  if (known !== undefined) return known
  const found = isReadAcross(b, node) || mayBeReadUnassigned(fileFacts(b, node), node, declarationsOf(b, node), region)
  b.unassigned.set(node, found)
  return found
}

export function varBeginsUndefined(b: Build, node: NameDeclaration): boolean {
  let n: ts.Node = node.parent
  while (!ts.isFunctionLike(n) && !ts.isSourceFile(n)) n = n.parent
  return beginsUndefined(b, node, 'body' in n && n.body ? n.body : n)
}

/** The variables that exist from the start of a function or file (ECMA-262 10.2.11, 16.1.7). */
export function openVars(p: Place, owner: ts.Node): HStmt[] {
  const all = new Set((fileFacts(p.build, owner).vars.get(owner) ?? []).map((d) => namedDeclaration(p.build.oracle, d)))
  return [...all].flatMap((d): HStmt[] => {
    if (!isVar(d)) return refuseHidden(p, d)
    refuseStatic(p, d)
    const v = variableOf(p.build, d)
    if (varBeginsUndefined(p.build, d)) return [letStmt(v, null)]
    return hoist(v)
  })
}

/** A static block is a function of its own to its variables, but not here. */
function refuseStatic(p: Place, d: ts.Node): void {
  for (let n = d.parent; !ts.isFunctionLike(n) && !ts.isSourceFile(n); n = n.parent)
    if (ts.isClassStaticBlockDeclaration(n)) refuse(p, d, '`var` in a static block', 'Declare it with `let`.')
}

/** A `var` is the parameter of the same name, unless functions in the defaults of parameters can tell them apart. */
function refuseHidden(p: Place, d: ts.Declaration): HStmt[] {
  const makes = (n: ts.Node): boolean =>
    ts.isFunctionLike(n) || (ts.forEachChild(n, (c) => makes(c) || undefined) ?? false)
  const all = ts.isParameter(d) && ts.isFunctionLike(d.parent) ? d.parent.parameters : []
  if (all.some((q) => q.initializer && makes(q.initializer)))
    refuse(p, d, '`var` with the name of a parameter', 'Give the variable another name.')
  return []
}

/** Gives a declared variable its value: a `var` exists already. */
export function bindVariable(p: Place, node: ts.Declaration, value: HExpr): HStmt {
  const v = variableOf(p.build, node)
  if (!isVar(node) || !v.assigned) return letStmt(v, value)
  capture(p, v)
  return exprStmt({ kind: 'assign', v, value, span: value.span })
}

/** A local exists from here, without a value. */
const hoist = (v: HVar): HStmt[] => (v.scope === null ? [] : [{ kind: 'hoist', v, span: v.span }])

/** A variable that is declared without a value. It needs no undefined when it is always given a value before it is read. */
export function declareEmpty(p: Place, node: ts.VariableDeclaration, list: ts.VariableDeclarationList): HStmt[] {
  if (isVarList(list)) return []
  const v = variableOf(p.build, node)
  // Each round of a loop begins with what the last one had.
  const copied = v.captured && ts.isForStatement(list.parent)
  if (copied || beginsUndefined(p.build, node, scopeOf(node))) return [letStmt(v, null)]
  return v.checked ? [] : hoist(v)
}
