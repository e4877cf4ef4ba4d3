import { ts, type Oracle } from '../oracle.ts'

/** Whether an identifier stands for the value of a variable, function or class, rather than naming a member or a declaration. */
export function isReference(node: ts.Identifier): boolean {
  const parent = node.parent
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node
  if (ts.isShorthandPropertyAssignment(parent)) return true
  if (ts.isPropertyAssignment(parent) || ts.isBindingElement(parent) || ts.isVariableDeclaration(parent))
    return parent.initializer === node
  if (ts.isParameter(parent) || ts.isPropertyDeclaration(parent) || ts.isEnumMember(parent))
    return parent.initializer === node
  if (ts.isExportAssignment(parent)) return true
  if (ts.isFunctionLike(parent)) return ts.isArrowFunction(parent) && parent.body === node
  if (ts.isExpressionWithTypeArguments(parent)) return isBaseClass(parent)
  return !(
    ts.isClassLike(parent) ||
    ts.isEnumDeclaration(parent) ||
    ts.isLabeledStatement(parent) ||
    ts.isBreakOrContinueStatement(parent) ||
    ts.isImportSpecifier(parent) ||
    ts.isImportClause(parent) ||
    ts.isNamespaceImport(parent) ||
    ts.isExportSpecifier(parent) ||
    ts.isNamespaceExport(parent) ||
    ts.isModuleDeclaration(parent) ||
    ts.isQualifiedName(parent) ||
    ts.isMetaProperty(parent) ||
    ts.isTypeNode(parent)
  )
}

/** What a class extends is a value; interfaces extend and classes implement types. */
function isBaseClass(node: ts.ExpressionWithTypeArguments): boolean {
  const clause = node.parent
  return ts.isHeritageClause(clause) && clause.token === ts.SyntaxKind.ExtendsKeyword && ts.isClassLike(clause.parent)
}

/** What names of the prelude mean in it or in the library: no program changes either, and their trees are those of all programs. */
const meant = new WeakMap<ts.Identifier, ts.Declaration>()

/** What a name in an expression means: the declaration of a value, through imports; undefined for names that nothing declares. */
export function declarationOf(oracle: Oracle, node: ts.Identifier): ts.Declaration | undefined {
  const known = meant.get(node)
  if (known) return known
  const found = declarationIn(oracle, node)
  if (found && oracle.isPrelude(node) && (oracle.isPrelude(found) || oracle.isLib(found))) meant.set(node, found)
  return found
}

function declarationIn(oracle: Oracle, node: ts.Identifier): ts.Declaration | undefined {
  const parent = node.parent
  const symbol = ts.isShorthandPropertyAssignment(parent)
    ? oracle.checker.getShorthandAssignmentValueSymbol(parent)
    : oracle.checker.getSymbolAtLocation(node)
  const found = symbol && symbolDeclaration(oracle, symbol)
  return found && isOnlyDeclared(oracle, found) ? undefined : found
}

/** Whether a declaration of the program is for the checker alone (`declare const x: number`): nothing has that name when the program runs. */
function isOnlyDeclared(oracle: Oracle, d: ts.Declaration): boolean {
  if (oracle.isLib(d) || oracle.isPrelude(d) || oracle.isModule(d)) return false
  const isValue = ts.isVariableDeclaration(d) || ts.isFunctionDeclaration(d) || ts.isClassDeclaration(d)
  return isValue && (ts.getCombinedModifierFlags(d) & ts.ModifierFlags.Ambient) !== 0
}

/** The declaration that gives a symbol its value; of an overloaded function the one with the body. */
export function symbolDeclaration(oracle: Oracle, symbol: ts.Symbol): ts.Declaration | undefined {
  const target = symbol.flags & ts.SymbolFlags.Alias ? oracle.checker.getAliasedSymbol(symbol) : symbol
  const list = target.declarations
  if (!list) return undefined
  const body = list.find((d) => ts.isFunctionDeclaration(d) && d.body !== undefined)
  return body ?? target.valueDeclaration ?? list.find((d) => ts.isNamespaceImport(d))
}
