import ts from './typescript.cjs'

/** Names that statements declare. */

export const isVarList = (list: ts.VariableDeclarationList): boolean => (list.flags & ts.NodeFlags.BlockScoped) === 0

/** The declaration of a single name, itself or in a pattern. */
export type NameDeclaration = ts.VariableDeclaration | ts.BindingElement

/** The declarations of single names in one, those in its pattern too. */
export function namesIn(d: NameDeclaration): NameDeclaration[] {
  if (ts.isIdentifier(d.name)) return [d]
  return d.name.elements.flatMap((e) => (ts.isOmittedExpression(e) ? [] : namesIn(e)))
}

export const namesOf = (list: ts.VariableDeclarationList): NameDeclaration[] => list.declarations.flatMap(namesIn)

/** The variables and classes that a statement declares in its block, and functions, which blocks have for themselves as well (ECMA-262 14.2.5). */
export function lexicalNames(s: ts.Statement): ts.Declaration[] {
  if (ts.isClassDeclaration(s) || (ts.isFunctionDeclaration(s) && s.body)) return [s]
  return ts.isVariableStatement(s) && !isVarList(s.declarationList) ? namesOf(s.declarationList) : []
}
