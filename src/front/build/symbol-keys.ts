import { userSymbol } from '../member-names.ts'
import { ts } from '../oracle.ts'
import { holderOf } from './access.ts'
import { skipOuter, type Place } from './state.ts'
import { nodeSpan } from './variables.ts'

/** What objects keep under the symbol that a constant holds, where that is known when the program is built: one that the top level makes, once. */
export function symbolOfConstant(p: Place, d: ts.VariableDeclaration): string | undefined {
  const call = d.initializer && skipOuter(d.initializer)
  if (!call || !ts.isCallExpression(call)) return undefined
  if (!isSymbol(p, call.expression)) return symbolOfText(p, call)
  const { file, start } = nodeSpan(p.build, d)
  const text = soleText(call)
  return isTopLevel(d) && text !== null ? userSymbol(`${file}:${start}`, text) : undefined
}

/** The same of `Symbol.for('text')`. */
export function symbolOfText(p: Place, call: ts.Expression): string | undefined {
  if (!ts.isCallExpression(call)) return undefined
  const callee = skipOuter(call.expression)
  const isFor = ts.isPropertyAccessExpression(callee) && callee.name.text === 'for' && isSymbol(p, callee.expression)
  const text = isFor ? soleText(call) : null
  return typeof text === 'string' ? userSymbol('for', text) : undefined
}

/** The one argument of a call that is written out as a text, undefined where there is none; null of other arguments. */
function soleText({ arguments: [first, ...others] }: ts.CallExpression): string | undefined | null {
  if (!first) return undefined
  const text = skipOuter(first)
  return others.length === 0 && ts.isStringLiteralLike(text) ? text.text : null
}

function isSymbol(p: Place, node: ts.Expression): boolean {
  const holder = holderOf(p, node)
  return holder?.kind === 'library' && holder.name === 'Symbol'
}

const isTopLevel = (d: ts.VariableDeclaration): boolean =>
  ts.isVariableStatement(d.parent.parent) && ts.isSourceFile(d.parent.parent.parent)
