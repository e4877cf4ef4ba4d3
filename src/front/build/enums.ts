import type { HExpr, HProp } from '../hir.ts'
import { ts } from '../oracle.ts'
import { refuse, spanOf, type Place } from './state.ts'
import { useVar, variableOf } from './variables.ts'

export function enumMemberName(m: ts.EnumMember): string {
  return ts.isComputedPropertyName(m.name) ? m.name.expression.getText().slice(1, -1) : m.name.text
}

/**
 * An enum as a value: the object that it is, made where it is used, since nothing changes it. Members that are numbers are
 * there by their number as well, with their name; the last one of a number counts.
 */
export function enumObject(p: Place, node: ts.Node, declaration: ts.EnumDeclaration): HExpr {
  const span = spanOf(p, node)
  const { checker } = p.build.oracle
  const props = new Map<string, HExpr>()
  for (const m of declaration.members) {
    const value = checker.getConstantValue(m)
    const name = enumMemberName(m)
    if (value === undefined && !isText(p, m))
      return refuse(p, node, 'an enum whose members are computed', 'Give the members constant values.')
    props.set(name, value === undefined ? useVar(p, variableOf(p.build, m), span) : { kind: 'const', value, span })
    if (typeof value === 'number') props.set(String(value), { kind: 'const', value: name, span })
  }
  const fields = [...props].map(([name, value]): HProp => ({ kind: 'field', name, value }))
  return { kind: 'object', props: fields, span }
}

/** Whether a member is computed from texts, so that it has no number to be found by. */
function isText(p: Place, m: ts.EnumMember): boolean {
  const type = m.initializer && p.build.oracle.checker.getTypeAtLocation(m.initializer)
  return type !== undefined && (type.flags & ts.TypeFlags.StringLike) !== 0
}
