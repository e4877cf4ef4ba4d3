import type { HExpr, HProp, HStmt } from '../hir.ts'
import { ts } from '../oracle.ts'
import { mayBeReadEarly } from './early.ts'
import { buildExpr } from './expressions.ts'
import { letStmt, refuse, spanOf, type Place } from './state.ts'
import { fileFacts, isReadAcross, useVar, variableOf } from './variables.ts'

export function enumMemberName(m: ts.EnumMember): string {
  return ts.isComputedPropertyName(m.name) ? m.name.expression.getText().slice(1, -1) : m.name.text
}

/** Members whose values are computed are variables, which only enums of a file have; the others are constants wherever they are used. */
export function buildEnum(p: Place, node: ts.EnumDeclaration): HStmt[] {
  refuseEarly(p, node)
  if (!ts.isSourceFile(node.parent)) return []
  return node.members.flatMap((m) => {
    if (!m.initializer || p.build.oracle.checker.getConstantValue(m) !== undefined) return []
    return [letStmt(variableOf(p.build, m), buildExpr(p, m.initializer))]
  })
}

function refuseEarly(p: Place, node: ts.EnumDeclaration): void {
  if (mayBeReadEarly(fileFacts(p.build, node), node) || isReadAcross(p.build, node))
    refuse(p, node.name, 'an enum that may be used before its declaration', 'Move it to the top of the file.')
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
