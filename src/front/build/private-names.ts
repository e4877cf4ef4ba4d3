import { privateName } from '../member-names.ts'
import { ts } from '../oracle.ts'
import { classOf, type ClassNode } from './classes.ts'
import { isStatic } from './facts.ts'
import type { Build, Place } from './state.ts'

/** The class that declares a private name, which code can only use inside it, and the member. */
export function declaringClass(
  name: ts.PrivateIdentifier,
): { readonly cls: ClassNode; readonly member: ts.ClassElement } | undefined {
  for (let n: ts.Node = name.parent; n && !ts.isSourceFile(n); n = n.parent) {
    const member = ts.isClassLike(n)
      ? n.members.find((m) => m.name && ts.isPrivateIdentifier(m.name) && m.name.text === name.text)
      : undefined
    if (member) return { cls: n as ClassNode, member }
  }
  return undefined
}

/** The name under which objects keep a private member. Each class of the program has names of its own (ECMA-262 6.2.12), those of the prelude are told apart by hand. */
export function privateMember(p: Place, name: ts.PrivateIdentifier): string {
  const declared = declaringClass(name)
  if (!declared || p.prelude) return privateName(name.text)
  const { cls, member } = declared
  const kept = privateName(name.text, numberOf(p.build, cls))
  if (!p.build.privates.has(kept))
    p.build.privates.set(kept, {
      cls: isStatic(member) ? null : classOf(p.build, cls),
      isField: ts.isPropertyDeclaration(member),
      of: cls.name?.text ?? 'anonymous',
    })
  return kept
}

const numbers = new WeakMap<Build, ReadonlyMap<ClassNode, number>>()

function numberOf(b: Build, cls: ClassNode): number {
  let known = numbers.get(b)
  if (!known) numbers.set(b, (known = new Map(classesIn(b).map((node, i) => [node, i + 1]))))
  return known.get(cls)!
}

function classesIn(b: Build): ClassNode[] {
  const found: ClassNode[] = []
  const visit = (n: ts.Node): void => {
    if (ts.isClassLike(n)) found.push(n)
    ts.forEachChild(n, visit)
  }
  b.oracle.userFiles.forEach(visit)
  return found
}
