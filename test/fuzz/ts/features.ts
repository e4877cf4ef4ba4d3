import ts from 'typescript'
import { OP_NAMES, type OpName } from '../../../src/ir/index.ts'
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
  ...[
    'AmpersandAmpersandEqualsToken',
    'BarBarEqualsToken',
    'AsteriskAsteriskEqualsToken',
    'AwaitKeyword',
    'MetaProperty',
  ],
  ...['BindingElement', 'AbstractKeyword', 'OverrideKeyword', 'ReadonlyKeyword', 'StaticKeyword', 'InKeyword'],
  ...['TypePredicate', 'MappedType', 'ConditionalType', 'TypeOperator', 'IndexSignature', 'ImportDeclaration'],
] as const

const NODE_NAMES: ReadonlyMap<number, string> = new Map(
  SYNTAX.map((name) => [ts.SyntaxKind[name as keyof typeof ts.SyntaxKind], name]),
)

/** Members that are there for the type checker only: what uses them is refused. */
const CHECKER_ONLY: ReadonlySet<string> = new Set(['hasInstance'])

/** Names of members of the library's interfaces, each once, whatever has it. */
const MEMBERS: ReadonlySet<string> = membersOf(library.lib).difference(CHECKER_ONLY)

/**
 * Operations that no program of TypeScript is compiled to: numbers are `f64` until a pass of the JIT narrows them, which the
 * reference does not see. Modules of the IR (`--kind ir`) have them.
 */
const OF_PASSES: ReadonlySet<OpName> = new Set<OpName>([
  ...([
    'i32.add',
    'i32.sub',
    'i32.mul',
    'i32.rem_u',
    'i32.lt',
    'i32.le',
    'i32.gt',
    'i32.ge',
    'i32.eq',
    'i32.ne',
  ] as const),
  ...(['typed.get_i32', 'typed.bits'] as const),
])

/** The operations that a session with programs of TypeScript may come upon. */
export const SOURCE_OPS: readonly OpName[] = OP_NAMES.filter((op) => !OF_PASSES.has(op))

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
