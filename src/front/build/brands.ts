import type { HExpr, HStmt } from '../hir.ts'
import { ts } from '../oracle.ts'
import { once } from './chain.ts'
import { isOfThisClass } from './class-env.ts'
import { classOf } from './classes.ts'
import { buildExpr } from './expressions.ts'
import { isStatic } from './facts.ts'
import { declaringClass, privateMember } from './private-names.ts'
import { refuse, spanOf, type Place } from './state.ts'

/** `#name in object`, or undefined for another `in`. */
export function privateIn(node: ts.Node): ts.PrivateIdentifier | undefined {
  const isIn = ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.InKeyword
  return isIn && ts.isPrivateIdentifier(node.left) ? node.left : undefined
}

/** Whether code asks for private members. */
export const asksForBrand = (node: ts.Node): boolean =>
  privateIn(node) !== undefined || (ts.forEachChild(node, (child) => asksForBrand(child) || undefined) ?? false)

/**
 * Whether an object has a private member (ECMA-262 13.10.1): it is an instance of the class that declares it. Objects that
 * are seen before they have all members are refused.
 */
export function buildBrandCheck(p: Place, node: ts.BinaryExpression, name: ts.PrivateIdentifier): HExpr {
  const declared = declaringClass(name)
  if (!declared) return refuse(p, node, `\`${name.text} in object\``, 'Ask in the class that declares the member.')
  const { cls, member } = declared
  const made = classOf(p.build, cls)
  const field = made.fields.find((f) => f.name === privateMember(p, name))
  const isEarly = field ? field.exposed !== null : made.base !== null && p.build.leaking.has(made.base)
  if (isStatic(member) || isEarly)
    return refuse(p, node, `\`${name.text} in object\``, 'Keep a field that tells the classes apart.')
  return once(p, buildExpr(p, node.right), (same) => {
    return {
      kind: 'seq',
      body: [refusePrimitive(same, ts.isPropertyDeclaration(member) ? name.text : (cls.name?.text ?? 'anonymous'))],
      value: isOfThisClass(p, cls, made, same),
      span: spanOf(p, node),
    }
  })
}

/** Only objects can be asked: a TypeError, as V8 words it, which knows private methods by the `name` of their class. */
function refusePrimitive(x: HExpr, name: string): HStmt {
  const { span } = x
  const text = (value: string): HExpr => ({ kind: 'const', value, span })
  const kind: HExpr = { kind: 'unary', op: 'typeof', x, span }
  const is = (wanted: string): HExpr => ({ kind: 'binary', op: '===', a: kind, b: text(wanted), span })
  const missing: HExpr = { kind: 'isMissing', x, nullish: true, span }
  const present: HExpr = { kind: 'unary', op: '!', x: missing, span }
  const isObject: HExpr = { kind: 'logical', op: '||', a: is('object'), b: is('function'), span }
  const test: HExpr = { kind: 'logical', op: '&&', a: present, b: isObject, span }
  // An object does not come here, so that none of its methods is asked for a text.
  const primitive: HExpr = { kind: 'builtin', name: '@@primitiveText', args: [{ kind: 'item', value: x }], span }
  const message: HExpr = {
    kind: 'template',
    parts: [text(`Cannot use 'in' operator to search for '${name}' in `), primitive],
    span,
  }
  const error: HExpr = { kind: 'builtin', name: 'new TypeError', args: [{ kind: 'item', value: message }], span }
  return { kind: 'if', test, then: [], else: [{ kind: 'throw', value: error, span }], span }
}
