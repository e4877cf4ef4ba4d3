import type { HClass } from '../hir.ts'
import { ts } from '../oracle.ts'
import { holderOf } from './access.ts'
import { classOf, type ClassNode } from './classes.ts'
import { preludeClassNode } from './prelude.ts'
import { privateMember } from './private-names.ts'
import { refuse, refuseForGood, skipOuter, type Place } from './state.ts'

/** The expression after `extends`. */
export function extendedBy(node: ClassNode): ts.Expression | undefined {
  const clause = node.heritageClauses?.find((c) => c.token === ts.SyntaxKind.ExtendsKeyword)
  return clause?.types[0]?.expression
}

/** What a class extends: a class of the program, or the built-in kind of error of that name. Others are refused. */
export function baseOf(p: Place, node: ClassNode): HClass | string | null {
  const expression = extendedBy(node)
  if (!expression) return null
  const holder = holderOf(p, expression)
  if (holder?.kind === 'library' && ERRORS.has(holder.name)) return holder.name
  const declaration = declaredBase(p, node)
  if (!declaration) {
    const library = holder?.kind === 'library'
    const hint = library
      ? 'Hold the value in a field, and write the methods that are needed.'
      : 'Name a class of the program after `extends`.'
    refuse(p, expression, library ? `a class that extends ${holder.name}` : 'a computed base class', hint)
    return null
  }
  if (ancestorsOf(p, declaration).includes(node)) {
    refuse(p, expression, 'a class that extends itself', 'Name another class after `extends`.')
    return null
  }
  return classOf(p.build, declaration)
}

/** Classes of the prelude, by what they stand for after `extends`. */
const EXTENDED: ReadonlyMap<string, string> = new Map([
  ['Map', 'ExtendedMap'],
  ['Set', 'ExtendedSet'],
])

/** What a class of the prelude stands for after `extends`, if it does. */
export const extendedBase = (name: string): string | undefined => [...EXTENDED].find(([, own]) => own === name)?.[0]

/** The built-in kinds of errors. */
const ERRORS: ReadonlySet<string> = new Set([
  'Error',
  'EvalError',
  'RangeError',
  'ReferenceError',
  'SyntaxError',
  'TypeError',
  'URIError',
])

/** A class and those that it extends, the nearest first. */
export function ancestorsOf(p: Place, node: ClassNode): ClassNode[] {
  const found: ClassNode[] = []
  for (let at: ClassNode | undefined = node; at && !found.includes(at); at = declaredBase(p, at)) found.push(at)
  return found
}

export function declaredBase(p: Place, node: ClassNode): ClassNode | undefined {
  const expression = extendedBy(node)
  const holder = expression && holderOf(p, skipOuter(expression))
  if (holder?.kind === 'class') return holder.declaration
  const extended = holder?.kind === 'library' ? EXTENDED.get(holder.name) : undefined
  return extended === undefined ? undefined : preludeClassNode(p.build, extended)
}

/** Whether some class of the program extends one. */
export function isExtended(p: Place, cls: ts.Node): boolean {
  const extending = (n: ts.Node): boolean => {
    if (ts.isClassLike(n)) {
      const base = n.heritageClauses?.find((c) => c.token === ts.SyntaxKind.ExtendsKeyword)?.types[0]?.expression
      const holder = base && holderOf(p, base)
      if (holder?.kind === 'class' && holder.declaration === cls) return true
    }
    return ts.forEachChild(n, (c) => extending(c) || undefined) ?? false
  }
  return p.build.oracle.userFiles.some(extending)
}

/** The classes of the program that extend one, also through others. */
export function derivedFrom(p: Place, cls: ts.Node): ClassNode[] {
  const found: ClassNode[] = []
  const visit = (n: ts.Node): void => {
    if (ts.isClassLike(n) && extendsOne(p, n, cls)) found.push(n)
    ts.forEachChild(n, visit)
  }
  p.build.oracle.userFiles.forEach(visit)
  return found
}

function extendsOne(p: Place, node: ClassNode, cls: ts.Node): boolean {
  const seen = new Set<ts.Node>()
  for (let at = declaredBase(p, node); at && !seen.has(at); at = declaredBase(p, at)) {
    if (at === cls) return true
    seen.add(at)
  }
  return false
}

/** The name of a member as objects keep it. */
export function memberName(p: Place, name: ts.MemberName): string {
  if (ts.isPrivateIdentifier(name)) return privateMember(p, name)
  if (name.text === '__proto__') refuseForGood(p, name, 'prototypes')
  return name.text
}
