import ts from 'typescript'
import { library } from '../../golden/anrf.ts'

/** Constructs of TypeScript that programs of the generator may have, by the names of their nodes. */
const SYNTAX = [
  ...['VariableStatement', 'ExpressionStatement', 'IfStatement', 'ForStatement', 'ForOfStatement', 'ForInStatement'],
  ...['WhileStatement', 'DoStatement', 'SwitchStatement', 'CaseClause', 'DefaultClause', 'LabeledStatement'],
  ...['BreakStatement', 'ContinueStatement', 'ReturnStatement', 'ThrowStatement', 'TryStatement', 'CatchClause'],
  ...['FunctionDeclaration', 'ArrowFunction', 'FunctionExpression', 'ClassDeclaration', 'ClassExpression'],
  ...['InterfaceDeclaration', 'TypeAliasDeclaration', 'EnumDeclaration', 'PropertyDeclaration', 'MethodDeclaration'],
  ...['GetAccessor', 'SetAccessor', 'Constructor', 'ClassStaticBlockDeclaration', 'PrivateIdentifier', 'SuperKeyword'],
  ...['ArrayLiteralExpression', 'ObjectLiteralExpression', 'PropertyAssignment', 'ShorthandPropertyAssignment'],
  ...['ComputedPropertyName', 'SpreadElement', 'SpreadAssignment', 'ArrayBindingPattern', 'ObjectBindingPattern'],
  ...['OmittedExpression', 'TemplateExpression', 'TaggedTemplateExpression', 'RegularExpressionLiteral'],
  ...['BigIntLiteral', 'ConditionalExpression', 'NonNullExpression', 'AsExpression', 'SatisfiesExpression'],
  ...['TypeOfExpression', 'VoidExpression', 'DeleteExpression', 'YieldExpression', 'AwaitExpression'],
  ...['NewExpression', 'ElementAccessExpression', 'QuestionDotToken', 'QuestionQuestionToken', 'InstanceOfKeyword'],
  ...['PrefixUnaryExpression', 'PostfixUnaryExpression', 'AsteriskAsteriskToken', 'QuestionQuestionEqualsToken'],
] as const

const NODE_NAMES: ReadonlyMap<number, string> = new Map(
  SYNTAX.map((name) => [ts.SyntaxKind[name as keyof typeof ts.SyntaxKind], name]),
)

/** Names of members of the library's interfaces, each once, whatever has it. */
const MEMBERS: ReadonlySet<string> = membersOf(library.lib)

function membersOf(text: string): ReadonlySet<string> {
  const names = new Set<string>()
  for (const statement of ts.createSourceFile('lib.d.ts', text, ts.ScriptTarget.ESNext).statements) {
    if (!ts.isInterfaceDeclaration(statement)) continue
    for (const { name } of statement.members) if (name && ts.isIdentifier(name)) names.add(name.text)
  }
  return names
}

/** Everything that a session may come upon: `syntax ForOfStatement`, `member flatMap`. */
export const FEATURES: readonly string[] = [
  ...SYNTAX.map((name) => `syntax ${name}`),
  ...[...MEMBERS].map((name) => `member ${name}`),
]

/** The features of a program. */
export function featuresOf(source: string): ReadonlySet<string> {
  const found = new Set<string>()
  const see = (node: ts.Node): void => {
    const name = NODE_NAMES.get(node.kind)
    if (name) found.add(`syntax ${name}`)
    if (ts.isPropertyAccessExpression(node) && MEMBERS.has(node.name.text)) found.add(`member ${node.name.text}`)
    ts.forEachChild(node, see)
  }
  see(ts.createSourceFile('main.ts', source, ts.ScriptTarget.ESNext))
  return found
}
