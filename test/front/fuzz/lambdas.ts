import { expression } from './expressions.ts'
import { asBody } from './literals.ts'
import type { Scope } from './scope.ts'
import { statements } from './statements.ts'
import { BOOLEAN, NUMBER, textOf, type Ty } from './types.ts'

/** A function from an element, and sometimes its index, to a condition. */
export function predicate(s: Scope, elem: Ty, depth: number): string {
  return lambda(s, elem, BOOLEAN, depth)
}

/** A callback: of an element or its parts, and sometimes its index; an expression or a block. */
export function lambda(s: Scope, elem: Ty, result: Ty, depth: number): string {
  return s.inFunction(result, () => {
    const v = parameter(s, elem)
    const i = s.fresh('i')
    const withIndex = s.chance(40)
    if (withIndex) s.declare(i, NUMBER)
    return `(${v}${withIndex ? `, ${i}` : ''}) => ${body(s, result, depth)}`
  })
}

/** The body of an arrow function that gives a `result`. */
export function body(s: Scope, result: Ty, depth: number): string {
  if (s.budget < 20 || depth < 2 || s.chance(70)) return asBody(expression(s, result, depth - 1))
  const { budget } = s
  s.budget = 20
  const text = `{\n    if (tick()) return ${expression(s, result, 0)}\n${statements(s, 1 + s.below(2), '    ')}    return ${expression(s, result, depth - 1)}\n  }`
  s.budget = budget - 20
  return text
}

/** A name, or a pattern that takes the value apart. */
function parameter(s: Scope, ty: Ty): string {
  if (ty.kind === 'tuple' && s.chance(50)) {
    const names = ty.elems.map((elem) => {
      const name = s.fresh('v')
      s.declare(name, elem, s.chance(30))
      return name
    })
    return `[${names.join(', ')}]: ${textOf(ty)}`
  }
  if (ty.kind === 'record' && s.chance(50)) {
    const parts = ty.rec.fields.map((f) => {
      const name = s.fresh('v')
      const initial = f.optional ? ` = ${expression(s, f.ty, 0)}` : ''
      s.declare(name, f.ty, s.chance(30))
      return `${f.name}: ${name}${initial}`
    })
    return `{ ${parts.join(', ')} }: ${textOf(ty)}`
  }
  const name = s.fresh('v')
  s.declare(name, ty, s.chance(20))
  return name
}
