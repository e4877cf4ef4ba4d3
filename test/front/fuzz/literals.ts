import type { Scope } from './scope.ts'
import { isDerived, textOf, type Cls, type Field, type Ty } from './types.ts'
import { expression } from './expressions.ts'
import { body } from './lambdas.ts'
import { anyLiteral, tableLiteral } from './tables.ts'

const NUMBERS = [
  '0',
  '-0',
  '1',
  '2',
  '3',
  '5',
  '7',
  '-1',
  '-2',
  '-7',
  '0.1',
  '0.5',
  '1.5',
  '-2.5',
  '100',
  '255',
  '1e21',
  '1e-7',
  '123456789',
  '2147483647',
  '-2147483648',
  '4294967295',
  '9007199254740993',
  'NaN',
  'Infinity',
  '-Infinity',
  '0.30000000000000004',
  '1e308',
]
const STRINGS = [
  "''",
  "'a'",
  "'b'",
  "'ab'",
  "'Abc'",
  "'0'",
  "'12'",
  "' x '",
  "'1.5'",
  "'é'",
  "'😀'",
  "'\\ud83d'",
  "'\\ude00z'",
  "'a,b'",
  "'hello world'",
  "'-0'",
  "'Infinity'",
  "'\\n'",
  "'ß'",
  "'null'",
  "'it\\'s'",
]

/** An expression of type `ty` without variables, as shallow as the type allows. */
export function literal(s: Scope, ty: Ty, depth: number): string {
  switch (ty.kind) {
    case 'number':
      return s.chance(70) ? String(s.below(8)) : s.pick(NUMBERS)
    case 'string':
      return s.pick(STRINGS)
    case 'boolean':
      return s.pick(['true', 'false'])
    case 'either':
      return s.chance(50) ? s.pick(NUMBERS) : s.pick(STRINGS)
    case 'any':
      return `(${anyLiteral(s, depth)} as any)`
    case 'map':
    case 'set':
    case 'dict':
      return tableLiteral(s, ty, depth)
    case 'array': {
      const count = s.below(depth > 0 ? 4 : 2)
      if (count === 0) return `([] as ${textOf(ty)})`
      const items = Array.from({ length: count }, () => expression(s, ty.elem, depth - 1)).join(', ')
      return ['either', 'maybe', 'record', 'choice'].includes(ty.elem.kind)
        ? `([${items}] as ${textOf(ty)})`
        : `[${items}]`
    }
    case 'tuple':
      return `[${ty.elems.map((e) => expression(s, e, depth - 1)).join(', ')}]`
    case 'record':
      return recordLiteral(s, ty.rec.fields, depth)
    case 'class': {
      return instance(s, s.pick(s.classes.filter((c) => isDerived(c, ty.cls))), depth)
    }
    case 'choice': {
      const variant = s.pick(ty.choice.variants)
      const fields = recordLiteral(s, variant.fields, depth)
      return fields.replace('{ ', `{ kind: '${variant.tag}', `)
    }
    case 'maybe':
      return s.chance(50) ? ty.none : literal(s, ty.of, depth)
    case 'func':
      return s.inFunction(ty.result, () => {
        const names = ty.params.map(() => s.fresh('p'))
        ty.params.forEach((p, i) => s.declare(names[i] as string, p))
        const params = ty.params.map((p, i) => `${names[i]}: ${textOf(p)}`).join(', ')
        return `((${params}): ${textOf(ty.result)} => ${body(s, ty.result, depth)})`
      })
  }
}

export function instance(s: Scope, cls: Cls, depth: number): string {
  return `new ${cls.name}(${cls.params.map((p) => expression(s, p, depth - 1)).join(', ')})`
}

/** An object literal as the body of an arrow function needs parentheses. */
export const asBody = (text: string): string => (text.startsWith('{') ? `(${text})` : text)

/** Fields in any order; optional ones may be left out or be undefined. */
function recordLiteral(s: Scope, fields: readonly Field[], depth: number): string {
  const shuffled = [...fields]
  if (s.chance(30)) shuffled.sort(() => s.random.fraction() - 0.5)
  const parts = shuffled.flatMap((f) => {
    if (s.chance(1)) return [accessor(s, f, depth)]
    if (!f.optional) return [`${f.name}: ${expression(s, f.ty, depth - 1)}`]
    const roll = s.below(5)
    if (roll < 2) return []
    return [`${f.name}: ${roll === 2 ? 'undefined' : expression(s, f.ty, depth - 1)}`]
  })
  return `{ ${parts.join(', ')} }`
}

/** A field that is computed at each read, and may be assigned. */
function accessor(s: Scope, f: Field, depth: number): string {
  const given = s.inFunction(f.ty, () => expression(s, f.ty, depth - 1))
  const getter = `get ${f.name}(): ${textOf(f.ty)} { return ${given} }`
  return s.chance(50)
    ? getter
    : `${getter}, set ${f.name}(given: ${textOf(f.ty)}) { print(() => console.log('set', given)) }`
}
