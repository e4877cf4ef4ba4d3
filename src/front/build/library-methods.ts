import { ts } from '../oracle.ts'
import { holderOf } from './access.ts'
import { declarationOf } from './resolve-name.ts'
import { skipOuter, type Place } from './state.ts'
import { fileFacts } from './variables.ts'

/** A method of the library, and whose it is. */
type LibraryMethod = { readonly of: string; readonly name: string }

/** `Array.prototype.slice`, `[].slice`, `{}.toString`, and a constant that is only called on something: `const has = Object.prototype.hasOwnProperty`. */
export function libraryMethod(p: Place, f: ts.Expression): LibraryMethod | undefined {
  if (ts.isIdentifier(f)) {
    const declaration = declarationOf(p.build.oracle, f)
    const isAlias = declaration && ts.isVariableDeclaration(declaration) && isOnlyCalled(p, declaration)
    return isAlias && declaration.initializer ? methodIn(p, skipOuter(declaration.initializer)) : undefined
  }
  return methodIn(p, f)
}

/** Whether the value of a constant is a method of the library that is only called on something by name, and so needs no value. */
export function isLibraryMethod(p: Place, node: ts.Expression): boolean {
  const { parent } = node
  return ts.isVariableDeclaration(parent) && isOnlyCalled(p, parent) && methodIn(p, node) !== undefined
}

function methodIn(p: Place, f: ts.Expression): LibraryMethod | undefined {
  if (!ts.isPropertyAccessExpression(f)) return undefined
  const [prototype, name] = [skipOuter(f.expression), f.name.text]
  if (ts.isArrayLiteralExpression(prototype) && prototype.elements.length === 0) return { of: 'Array', name }
  const isRecord = ts.isObjectLiteralExpression(prototype) && prototype.properties.length === 0
  const holder = ts.isPropertyAccessExpression(prototype) ? holderOf(p, prototype.expression) : undefined
  const isPrototype = ts.isPropertyAccessExpression(prototype) && prototype.name.text === 'prototype'
  const of = isRecord ? 'Object' : isPrototype && holder?.kind === 'library' ? holder.name : undefined
  if (of === undefined || (of === 'Object' && !OF_OBJECT.has(name))) return undefined
  return { of, name }
}

const OF_OBJECT: ReadonlySet<string> = new Set(['hasOwnProperty', 'toString'])

/** Whether a constant of one file stands only before `.call`. */
function isOnlyCalled(p: Place, node: ts.VariableDeclaration): boolean {
  const statement = node.parent.parent
  const isConst = (ts.getCombinedNodeFlags(node) & ts.NodeFlags.Const) !== 0
  if (!isConst || !ts.isIdentifier(node.name) || (ts.isVariableStatement(statement) && statement.modifiers))
    return false
  const uses = fileFacts(p.build, node).refsOf.get(node) ?? []
  return uses.length > 0 && uses.every(({ node: use }) => isCalledOn(use.parent, use))
}

const isCalledOn = (member: ts.Node, f: ts.Node): boolean =>
  ts.isPropertyAccessExpression(member) &&
  member.expression === f &&
  member.name.text === 'call' &&
  ts.isCallExpression(member.parent) &&
  member.parent.expression === member &&
  member.parent.arguments.length > 0
