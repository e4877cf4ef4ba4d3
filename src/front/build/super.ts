import type { HClass, HExpr, HFunc } from '../hir.ts'
import { ts } from '../oracle.ts'
import { buildArgs } from './calls.ts'
import { once } from './chain.ts'
import { classOf, type ClassNode } from './classes.ts'
import { classAround } from './construct.ts'
import { shownName } from '../member-names.ts'
import { memberName } from './heritage.ts'
import { refuse, spanOf, type Place } from './state.ts'
import { thisOf, useVar } from './variables.ts'

/** `super.name(...)` in a member of a class, or `super[Symbol.iterator]()`: the method of the base class, on `this`. */
export function callSuperMethod(
  p: Place,
  node: ts.CallExpression,
  callee: ts.PropertyAccessExpression | ts.ElementAccessExpression,
  name: string,
): HExpr {
  const base = baseAt(p, callee)
  const method = base?.methods.get(name)
  if (method)
    return {
      kind: 'super',
      member: method,
      obj: self(p, callee),
      args: buildArgs(p, node.arguments),
      span: spanOf(p, node),
    }
  const getter = base?.getters.get(name)
  if (!getter) return refuseSuper(p, callee, name)
  return {
    kind: 'call',
    callee: useAccessor(p, callee, getter),
    args: buildArgs(p, node.arguments),
    span: spanOf(p, node),
  }
}

/** `super.name`: what the getter of the base class gives. */
export function readSuper(p: Place, node: ts.PropertyAccessExpression): HExpr {
  const getter = baseAt(p, node)?.getters.get(memberName(p, node.name))
  return getter ? useAccessor(p, node, getter) : refuseSuper(p, node, node.name.text)
}

export function writeSuper(p: Place, node: ts.PropertyAccessExpression, value: HExpr): HExpr {
  const setter = baseAt(p, node)?.setters.get(memberName(p, node.name))
  if (!setter) return refuseSuper(p, node, node.name.text)
  return once(p, value, (same) => {
    const span = spanOf(p, node)
    const call: HExpr = {
      kind: 'super',
      member: setter,
      obj: self(p, node),
      args: [{ kind: 'item', value: same }],
      span,
    }
    return { kind: 'seq', body: [{ kind: 'expr', expr: call, span }], value: same, span }
  })
}

const useAccessor = (p: Place, node: ts.Node, member: HFunc): HExpr => ({
  kind: 'super',
  member,
  obj: self(p, node),
  args: [],
  span: spanOf(p, node),
})

/** The base class that `super` means: of the class whose member the code is in, arrow functions in it included. */
function baseAt(p: Place, node: ts.Node): HClass | null {
  const cls = classAround(node)
  return cls && thisOf(p) && isOfClass(node, cls) ? classOf(p.build, cls).base : null
}

/** Whether the method that code belongs to is one of the class, and not of an object literal in it. */
function isOfClass(node: ts.Node, cls: ClassNode): boolean {
  let n = node
  while (!ts.isClassElement(n) && !(ts.isFunctionLike(n) && !ts.isArrowFunction(n))) n = n.parent
  return n.parent === cls
}

function self(p: Place, node: ts.Node): HExpr {
  const v = thisOf(p)
  return v ? useVar(p, v, spanOf(p, node)) : refuse(p, node, '`super` here', 'Use it in a method of a class.')
}

function refuseSuper(p: Place, node: ts.Node, name: string): HExpr {
  const hint = 'Call a method or use an accessor that a base class declares; fields are those of `this`.'
  return refuse(p, node, `\`super.${shownName(name)}\``, hint)
}
