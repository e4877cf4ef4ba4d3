import { getterName, setterName } from '../member-names.ts'
import type { HProp } from '../hir.ts'
import { ts, type Oracle } from '../oracle.ts'
import { propertyName } from './access.ts'
import { functionOf } from './functions.ts'
import { refuse, spanOf, type Place } from './state.ts'

/** The names of the accessors that object literals of some files have. */
export function literalAccessors(files: readonly ts.SourceFile[]): ReadonlySet<string> {
  const found = new Set<string>()
  const visit = (node: ts.Node): void => {
    if (ts.isAccessor(node) && ts.isObjectLiteralExpression(node.parent) && !ts.isComputedPropertyName(node.name))
      found.add(ts.isNumericLiteral(node.name) ? String(Number(node.name.text)) : node.name.text)
    ts.forEachChild(node, visit)
  }
  for (const file of files) if (/\b[gs]et\b/.test(file.text)) visit(file)
  return found
}

const getters = new WeakMap<Oracle, ReadonlySet<string>>()

/** Whether some class or literal of the program has a getter of the name: it runs once for each time that it is read. */
export function isGetter(oracle: Oracle, name: string): boolean {
  const known = getters.get(oracle) ?? getterNames(oracle)
  getters.set(oracle, known)
  return known.has(name)
}

function getterNames({ userFiles }: Oracle): ReadonlySet<string> {
  const found = new Set<string>()
  const visit = (node: ts.Node): void => {
    if (ts.isGetAccessorDeclaration(node)) found.add(node.name.getText())
    ts.forEachChild(node, visit)
  }
  for (const file of userFiles) if (/\bget\b/.test(file.text)) visit(file)
  return found
}

/** `get name() {}` and `set name(value) {}` in an object literal. */
export function buildAccessor(p: Place, node: ts.AccessorDeclaration): HProp[] {
  const literal = node.parent as ts.ObjectLiteralExpression
  const name = ts.isComputedPropertyName(node.name) ? undefined : propertyName(p, node.name)
  const others = literal.properties.filter(
    (m) => m.name && m.name.kind === node.name.kind && textOf(m) === textOf(node),
  )
  if (
    name === undefined ||
    /^\d+$/.test(name) ||
    others.some((m) => !ts.isAccessor(m) || (m !== node && m.kind === node.kind))
  ) {
    refuse(p, node, 'an accessor with a computed, repeated or numeric name', 'Give it a name of its own.')
    return []
  }
  const after = literal.properties.slice(literal.properties.indexOf(node))
  if (after.some((m) => ts.isSpreadAssignment(m))) {
    refuse(p, node, 'an accessor before a spread', 'Put the spread first.')
    return []
  }
  const field = ts.isGetAccessorDeclaration(node) ? getterName(name) : setterName(name)
  return [
    { kind: 'field', name: field, value: { kind: 'function', f: functionOf(p.build, node), span: spanOf(p, node) } },
  ]
}

const textOf = (m: ts.ObjectLiteralElementLike): string => m.name?.getText() ?? ''
