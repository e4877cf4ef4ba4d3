import { ts } from '../oracle.ts'
import { skipOuter, type Build } from './state.ts'

/** How a text begins and ends that a program puts together: `'visit' + node.type`. */
type Parts = { readonly start: string; readonly end: string }

/** Less than this says nothing of what a name is. */
const LENGTH_MIN = 2

/** Tells whether a name may be what a key comes to that is put together; undefined where nothing of the key is written. */
export function nameTest(b: Build, key: ts.Expression): ((name: string) => boolean) | undefined {
  const { start, end } = partsOf(b, key)
  const length = start.length + end.length
  return length < LENGTH_MIN
    ? undefined
    : (name) => name.length >= length && name.startsWith(start) && name.endsWith(end)
}

function partsOf(b: Build, written: ts.Expression): Parts {
  const node = skipOuter(written)
  if (ts.isStringLiteralLike(node)) return { start: node.text, end: node.text }
  if (ts.isTemplateExpression(node)) return { start: node.head.text, end: node.templateSpans.at(-1)!.literal.text }
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken)
    return { start: partsOf(b, node.left).start, end: partsOf(b, node.right).end }
  const constant = ts.isIdentifier(node) ? constantOf(b, node) : undefined
  return constant ? partsOf(b, constant) : { start: '', end: '' }
}

/** What a constant is set to, which is further up in the text. */
function constantOf({ oracle: { checker } }: Build, node: ts.Identifier): ts.Expression | undefined {
  const declaration = checker.getSymbolAtLocation(node)?.valueDeclaration
  if (!declaration || !ts.isVariableDeclaration(declaration) || declaration.end > node.pos) return undefined
  return ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const ? declaration.initializer : undefined
}
