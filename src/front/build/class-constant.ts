import { ts } from '../oracle.ts'
import { mayBeReadEarly } from './early.ts'
import { isFunctionNode, isStatic, ownerOf, refsIn, type Ref } from './facts.ts'
import type { Build } from './state.ts'
import { fileFacts } from './variables.ts'

/**
 * A use of the constant of a class expression while its static members are set, be it in a function that they call. Node throws there:
 * the constant is set after them.
 */
export function earlyUse(b: Build, cls: ts.ClassExpression, constant: ts.Declaration | undefined): ts.Node | undefined {
  if (!constant) return undefined
  const facts = fileFacts(b, constant)
  const owner = ownerOf(cls)
  const run = cls.members.filter(
    (m) => ts.isClassStaticBlockDeclaration(m) || (ts.isPropertyDeclaration(m) && isStatic(m)),
  )
  const own = usesIn(refsIn(facts.refs, cls), constant)
  const direct = own.find((r) => r.owner === owner && run.some((m) => isInside(r.node, m)))
  if (direct) return direct.node
  const called = run.filter((m) => facts.calls.some((c) => isInside(c, m) && ownerOf(c) === owner))
  if (called.length === 0) return undefined
  const isSelf = (r: Ref): boolean => r.declaration === cls
  if (mayBeReadEarly(facts, constant)) return called[0]
  return called.some((m) => refsIn(facts.refs, m).some(isSelf) || usesThis(m)) ? own[0]?.node : undefined
}

const usesIn = (refs: readonly Ref[], declaration: ts.Node): readonly Ref[] =>
  refs.filter((r) => r.declaration === declaration)

const isInside = (node: ts.Node, range: ts.Node): boolean => range.pos <= node.pos && node.end <= range.end

/** Whether code names the class by `this`. */
const usesThis = (node: ts.Node): boolean =>
  node.kind === ts.SyntaxKind.ThisKeyword ||
  (!(isFunctionNode(node) && !ts.isArrowFunction(node)) &&
    (ts.forEachChild(node, (child) => usesThis(child) || undefined) ?? false))
