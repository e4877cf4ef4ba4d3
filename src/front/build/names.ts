import { handedOn } from './bound.ts'
import { enumObject } from './enums.ts'
import type { HExpr } from '../hir.ts'
import { ts } from '../oracle.ts'
import { classExpressionIn, type ClassNode } from './classes.ts'
import { classValue, makerOf } from './class-values.ts'
import { isStatic } from './facts.ts'
import { hintFor, isHostName } from './host-names.ts'
import { readArguments } from './arguments.ts'
import { readLateThis } from './late-this.ts'
import { libraryValue } from './library.ts'
import { narrowName } from './narrow.ts'
import { isLocal } from './placement.ts'
import { declarationOf } from './resolve-name.ts'
import { refuse, refuseForGood, spanOf, undefinedAt, type Place } from './state.ts'
import { ownClass } from './static-this.ts'
import { thisOf, useVar, variableOf } from './variables.ts'

export function buildIdentifier(p: Place, node: ts.Identifier): HExpr {
  const declaration = declarationOf(p.build.oracle, node)
  const span = spanOf(p, node)
  if (node.text === 'undefined' && (!declaration || p.build.oracle.isLib(declaration))) return undefinedAt(span)
  if (!declaration) return refuseUnknown(p, node)
  if (p.build.oracle.isLib(declaration)) return libraryValue(p, node, node.text)
  const handed = ts.isVariableDeclaration(declaration) ? handedOn(p, declaration) : undefined
  if (handed) return useVar(p, handed, span)
  if (isVariable(declaration) && !classExpressionIn(declaration))
    return narrowName(p, useVar(p, variableOf(p.build, declaration), span), node)
  const cls = ts.isClassLike(declaration) ? declaration : classExpressionIn(declaration)
  if (cls) return classValue(p, node, cls)
  if (ts.isEnumDeclaration(declaration)) {
    return enumObject(p, node, declaration)
  }
  if (ts.isEnumMember(declaration)) {
    const value = p.build.oracle.checker.getConstantValue(declaration)
    return value === undefined ? useVar(p, variableOf(p.build, declaration), span) : { kind: 'const', value, span }
  }
  if (ts.isSourceFile(declaration) || ts.isModuleDeclaration(declaration)) {
    return refuse(p, node, 'module objects as values', 'Name the member that is meant: `module.name`.')
  }
  return refuse(p, node, ts.SyntaxKind[declaration.kind], 'Use a variable, a function or a class.')
}

/** Declarations that make a variable. */
export function isVariable(d: ts.Declaration): boolean {
  if (ts.isFunctionDeclaration(d)) return d.body !== undefined
  return (
    ts.isVariableDeclaration(d) ||
    ts.isBindingElement(d) ||
    ts.isParameter(d) ||
    ts.isFunctionExpression(d) ||
    ts.isExportAssignment(d)
  )
}

function refuseUnknown(p: Place, node: ts.Identifier): HExpr {
  if (node.text === 'arguments') return readArguments(p, node) ?? refuseForGood(p, node, 'arguments')
  const symbol = p.build.oracle.checker.getSymbolAtLocation(node)
  if (symbol && symbol.flags & ts.SymbolFlags.Alias) return refuseImport(p, node)
  if (!isHostName(node.text)) return throwUndeclared(p, node)
  return refuseLibrary(
    p,
    node,
    node.text,
    'Only what the ANRF library declares is there; write it in the program or do without.',
  )
}

/** A use of a name that nothing declares (ECMA-262 6.2.5.5). The checker has warned of it. */
function throwUndeclared(p: Place, node: ts.Identifier): HExpr {
  const span = spanOf(p, node)
  const message: HExpr = { kind: 'const', value: `${node.text} is not defined`, span }
  const error: HExpr = { kind: 'builtin', name: 'new ReferenceError', args: [{ kind: 'item', value: message }], span }
  return { kind: 'seq', body: [{ kind: 'throw', value: error, span }], value: undefinedAt(span), span }
}

/** Whether neither the program nor Node has a name, be it that the program says that somebody else declares it: `typeof` of it is no error (13.5.3). */
export function isUndeclared(p: Place, node: ts.Expression): boolean {
  if (!ts.isIdentifier(node) || node.text in globalThis || node.text === 'arguments') return false
  const { oracle } = p.build
  const symbol = oracle.checker.getSymbolAtLocation(node)
  return !declarationOf(oracle, node) && !(symbol && symbol.flags & ts.SymbolFlags.Alias)
}

/** An imported name that its module does not export as a value, or whose module is missing, which is reported where it is imported. */
function refuseImport(p: Place, node: ts.Identifier): HExpr {
  const span = spanOf(p, node)
  const message = `The import '${node.text}' is no value of its module`
  const hint = 'Export it there, or correct the name or the path of the import.'
  p.build.oracle.collector.report('ANRF1002', span, { message, hint })
  return undefinedAt(span)
}

/** Refuses a name that would come from outside the program. */
export function refuseLibrary(p: Place, node: ts.Node, name: string, hint: string): HExpr {
  const span = spanOf(p, node)
  p.build.oracle.collector.report('ANRF1102', span, {
    message: `${name} is not part of the library`,
    hint: hintFor(name) ?? hint,
    feature: name,
  })
  return undefinedAt(span)
}

export function buildThis(p: Place, node: ts.Expression): HExpr {
  const v = thisOf(p)
  if (ts.isVariableDeclaration(node.parent) && handedOn(p, node.parent)) return undefinedAt(spanOf(p, node))
  if (v) return readLateThis(p, node) ?? useVar(p, v, spanOf(p, node))
  const cls = staticClassOf(node)
  // A method that does not take its class is used through that alone.
  if (cls && !isLocal(cls)) return useVar(p, ownClass(p, node) ?? makerOf(p.build, cls), spanOf(p, node))
  if (isOfModule(node)) return undefinedAt(spanOf(p, node))
  const message = cls ? 'The class itself cannot be used as a value' : undefined
  const hint = message
    ? 'Name the static member that is meant.'
    : 'Make it a method of a class, or take the object as a parameter.'
  return refuse(p, node, message ? 'classes as values' : '`this` outside classes', hint, message)
}

/** Whether no function around has a `this`: that of a module is undefined (16.2.1.6.4). */
function isOfModule(node: ts.Node): boolean {
  let n = node.parent
  while (ts.isArrowFunction(n) || !(ts.isFunctionLike(n) || ts.isClassLike(n) || ts.isSourceFile(n))) n = n.parent
  return ts.isSourceFile(n)
}

/** The class that `this` means in its static members. */
export function staticClassOf(node: ts.Node): ClassNode | undefined {
  let n = node.parent
  while (n && !ts.isSourceFile(n)) {
    if (ts.isClassStaticBlockDeclaration(n)) return n.parent
    if (ts.isClassElement(n) && ts.isClassLike(n.parent)) return isStatic(n) ? n.parent : undefined
    if (ts.isFunctionDeclaration(n) || ts.isFunctionExpression(n) || ts.isMethodDeclaration(n)) return undefined
    n = n.parent
  }
  return undefined
}
