import { isVarList, lexicalNames, namesIn, namesOf } from './declarations.ts'
import ts from './typescript.cjs'

/** Early errors of JavaScript (ECMA-262 16.2.1.6) that TypeScript does not tell, or not in all cases. */

export type EarlyError = { readonly node: ts.Node; readonly message: string }

type Found = (node: ts.Node, message: string) => void

export function findEarlyErrors(file: ts.SourceFile): EarlyError[] {
  const found: EarlyError[] = []
  const report: Found = (node, message) => void found.push({ node, message })
  const visit = (node: ts.Node): void => {
    if (isErased(node)) return
    for (const check of CHECKS) check(node, report)
    ts.forEachChild(node, visit)
  }
  visit(file)
  checkVars(file, new Set(), report)
  return found
}

/** Whether a node is of TypeScript alone, and not there for Node. */
function isErased(node: ts.Node): boolean {
  if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return true
  if (ts.canHaveModifiers(node) && node.modifiers?.some((m) => m.kind === ts.SyntaxKind.DeclareKeyword)) return true
  return ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)
}

const CHECKS: readonly ((node: ts.Node, report: Found) => void)[] = [
  (node, report) => {
    if (isDeclaration(node) && isBody(node)) report(node, 'A function or class can only be declared inside a block')
  },
  (node, report) => {
    if (ts.isPrivateIdentifier(node) && !isDeclared(node))
      report(node, `Private field '${node.text}' must be declared in an enclosing class`)
  },
  (node, report) => {
    if (ts.isIdentifier(node) && node.text === 'await' && !isPropertyName(node))
      report(node, "'await' is a reserved word in modules")
  },
  (node, report) => {
    if (ts.isIdentifier(node) && node.text === 'arguments' && !isPropertyName(node) && isOfClass(node))
      report(node, "'arguments' is only allowed in functions and class methods")
  },
  (node, report) => {
    const isNamed = ts.isAccessor(node) && ts.isStringLiteral(node.name) && node.name.text === 'constructor'
    if (isNamed && ts.isClassLike(node.parent) && !node.modifiers?.some((m) => m.kind === ts.SyntaxKind.StaticKeyword))
      report(node.name, 'Class constructor may not be an accessor')
  },
  (node, report) => {
    if (ts.isCatchClause(node) && node.variableDeclaration) checkCaught(node.variableDeclaration, node.block, report)
  },
  (node, report) => {
    if (ts.isAutoAccessorPropertyDeclaration(node)) report(node, 'JavaScript has no `accessor` fields')
  },
]

const isDeclaration = (node: ts.Node): boolean => ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node)

/** Whether a statement is what an `if` or loop does, without a block around it. */
const isBody = ({ parent }: ts.Node): boolean => ts.isIfStatement(parent) || ts.isIterationStatement(parent, false)

/** Whether some class around declares the private name (15.7.1, AllPrivateIdentifiersValid). */
function isDeclared(name: ts.PrivateIdentifier): boolean {
  for (let n: ts.Node = name.parent; !ts.isSourceFile(n); n = n.parent)
    if (
      ts.isClassLike(n) &&
      n.members.some((m) => m.name && ts.isPrivateIdentifier(m.name) && m.name.text === name.text)
    )
      return true
  return false
}

/** Whether a name is one of a property, for which any word will do. */
function isPropertyName(name: ts.Identifier): boolean {
  const { parent } = name
  if (ts.isBindingElement(parent) || ts.isImportSpecifier(parent)) return parent.propertyName === name
  // What is exported may have any name, and so may what another module has.
  if (ts.isExportSpecifier(parent))
    return parent.parent.parent.moduleSpecifier !== undefined || (parent.propertyName ?? name) !== name
  if (ts.isNamespaceExport(parent)) return true
  const isNamed =
    ts.isPropertyAccessExpression(parent) || ts.isObjectLiteralElement(parent) || ts.isClassElement(parent)
  return (isNamed && !ts.isShorthandPropertyAssignment(parent) && parent.name === name) || ts.isEnumMember(parent)
}

/** Whether code runs as the initializer of a field or in a static block, and not in a function in it (15.7.1, ContainsArguments). */
function isOfClass(node: ts.Node): boolean {
  for (let n = node; !ts.isSourceFile(n); n = n.parent) {
    if (ts.isClassStaticBlockDeclaration(n)) return true
    if (ts.isFunctionLike(n) && !ts.isArrowFunction(n)) return false
    if (ts.isPropertyDeclaration(n.parent)) return n === n.parent.initializer
  }
  return false
}

/** A function with the name of what is caught (14.15.1). */
function checkCaught(caught: ts.VariableDeclaration, block: ts.Block, report: Found): void {
  const names = new Set(namesIn(caught).map(({ name }) => name.getText()))
  for (const f of block.statements.filter(ts.isFunctionDeclaration))
    if (names.has(f.name?.text ?? '')) report(f, `Identifier '${f.name?.text}' has already been declared`)
}

/** A `var` whose name is declared in a block on its way to its function (14.2.1, 14.12.1). */
function checkVars(node: ts.Node, around: ReadonlySet<string>, report: Found): void {
  if (isErased(node)) return
  const names = namesWithin(node, around)
  if (ts.isVariableDeclarationList(node) && isVarList(node))
    for (const { name } of namesOf(node))
      if (names.has(name.getText())) report(name, `Identifier '${name.getText()}' has already been declared`)
  ts.forEachChild(node, (child) => checkVars(child, names, report))
}

/** The names that a `var` within a node may not have. */
function namesWithin(node: ts.Node, around: ReadonlySet<string>): ReadonlySet<string> {
  if (ts.isFunctionLike(node) || ts.isClassStaticBlockDeclaration(node) || ts.isModuleBlock(node)) return new Set()
  const declared = declaredIn(node)
  return declared.length === 0
    ? around
    : new Set([...around, ...declared.map((d) => ts.getNameOfDeclaration(d)?.getText() ?? '')])
}

function declaredIn(node: ts.Node): readonly ts.Declaration[] {
  if (ts.isCaseBlock(node)) return node.clauses.flatMap((clause) => clause.statements.flatMap(lexicalNames))
  if (ts.isSourceFile(node)) return node.statements.flatMap(lexicalNames)
  if (ts.isBlock(node)) {
    const names = node.statements.flatMap(lexicalNames)
    // The functions of a function's body are like its variables.
    return ts.isFunctionLike(node.parent) ? names.filter((d) => !ts.isFunctionDeclaration(d)) : names
  }
  // B.3.4: a `var` may have the name of what is caught, though none of its pattern.
  if (ts.isCatchClause(node) && node.variableDeclaration)
    return namesIn(node.variableDeclaration).filter(ts.isBindingElement)
  const head =
    ts.isForStatement(node) || ts.isForOfStatement(node) || ts.isForInStatement(node) ? node.initializer : undefined
  return head && ts.isVariableDeclarationList(head) && !isVarList(head) ? namesOf(head) : []
}
