import { namesOf } from '../declarations.ts'
import type { HStmt } from '../hir.ts'
import { ts } from '../oracle.ts'
import { mayBeReadEarly } from './early.ts'
import { refuse, type Place } from './state.ts'
import { buildStatement } from './statements.ts'
import { fileFacts, isReadAcross, variableOf } from './variables.ts'

/**
 * A namespace is no value here: what it declares are variables, functions and classes of the file, which code outside names after a dot. TypeScript makes an
 * object of it that exists from its statement on and has a member from where it is declared on, so what could tell one from the other is refused.
 */
export function buildNamespace(p: Place, node: ts.ModuleDeclaration): HStmt[] {
  const block = blockOf(node)
  if (!block || !block.statements.some(hasCode)) return []
  if (!ts.isSourceFile(node.parent) && !ts.isModuleBlock(node.parent) && !ts.isModuleDeclaration(node.parent))
    refuse(p, node, 'a namespace that is no statement of the file', 'Move it to the top of the file.')
  const symbol = p.build.oracle.checker.getSymbolAtLocation(node.name)
  const parts =
    symbol?.declarations?.filter((d) => !ts.isInterfaceDeclaration(d) && !ts.isTypeAliasDeclaration(d)) ?? []
  if (parts.length > 1) refuse(p, node.name, 'a namespace in several parts', 'Put all that belongs to it into one.')
  if (mayBeReadEarly(fileFacts(p.build, node), node) || isReadAcross(p.build, node))
    refuse(p, node.name, 'a namespace that may be used before its end', 'Use it after its closing brace only.')
  return block.statements.flatMap((s) => {
    refuseEarlyMembers(p, s)
    return buildStatement(p, s)
  })
}

/** An exported variable is a member of the object, so that it is undefined where a variable would be an error. */
function refuseEarlyMembers(p: Place, statement: ts.Statement): void {
  if (!ts.isVariableStatement(statement) || !isExported(statement)) return
  for (const d of namesOf(statement.declarationList))
    if (variableOf(p.build, d).checked)
      refuse(p, d, 'a member of a namespace that may be read before it is there', 'Declare it before what uses it.')
}

const isExported = (node: ts.VariableStatement): boolean =>
  node.modifiers?.some((m) => m.kind === ts.SyntaxKind.ExportKeyword) ?? false

const blockOf = (node: ts.ModuleDeclaration): ts.ModuleBlock | undefined => {
  const { body } = node
  if (body && ts.isModuleDeclaration(body)) return blockOf(body)
  return body && ts.isModuleBlock(body) ? body : undefined
}

/** The blocks of namespaces among statements, and of those in them. */
export function namespacesIn(statements: readonly ts.Statement[]): ts.ModuleBlock[] {
  return statements.flatMap((s) => {
    const isDeclared = ts.canHaveModifiers(s) && s.modifiers?.some((m) => m.kind === ts.SyntaxKind.DeclareKeyword)
    const block = ts.isModuleDeclaration(s) && !isDeclared ? blockOf(s) : undefined
    return block ? [block, ...namespacesIn(block.statements)] : []
  })
}

/** Whether a statement is more than types, which alone make no object. */
function hasCode(s: ts.Statement): boolean {
  if (ts.isModuleDeclaration(s)) return blockOf(s)?.statements.some(hasCode) ?? false
  return !ts.isInterfaceDeclaration(s) && !ts.isTypeAliasDeclaration(s)
}
