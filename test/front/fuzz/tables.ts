import { expression } from './expressions.ts'
import type { Scope, Variable } from './scope.ts'
import { arrayOf, BOOLEAN, fits, NUMBER, STRING, textOf, type Ty } from './types.ts'

/** Maps, sets and dictionaries, and values of any kind. */

export type TableTy = Extract<Ty, { kind: 'map' | 'set' | 'dict' }>

const KEYS = ["'a'", "'b'", "'1'", "'10'", "'02'", "'k'", "''"]

/** A key of a dictionary: never the name of what every object inherits. */
function keyOf(s: Scope, ty: TableTy): string {
  if (ty.kind === 'dict') return s.chance(70) ? s.pick(KEYS) : String(s.below(12))
  const key = ty.kind === 'map' ? ty.key : ty.elem
  return expression(s, key, s.chance(70) ? 0 : 1)
}

export function tableLiteral(s: Scope, ty: TableTy, depth: number): string {
  const count = s.below(depth > 0 ? 4 : 2)
  const entries = Array.from({ length: count }, (): string => {
    const key = keyOf(s, ty)
    if (ty.kind === 'set') return key
    const value = expression(s, ty.value, depth - 1)
    return ty.kind === 'map' ? `[${key}, ${value}]` : `[${key}]: ${value}`
  })
  if (ty.kind === 'dict') return `({ ${entries.join(', ')} } as ${textOf(ty)})`
  if (ty.kind === 'set') return `new Set<${textOf(ty.elem)}>([${entries.join(', ')}])`
  return `new Map<${textOf(ty.key)}, ${textOf(ty.value)}>([${entries.join(', ')}])`
}

/** Something of the type that a table in a variable gives. */
export function tableParts(s: Scope, name: string, from: TableTy, to: Ty, rest: () => string): (() => string)[] {
  const key = (): string => keyOf(s, from)
  const gives: (() => string)[] = []
  if (from.kind === 'map' && fits(from.value, to)) gives.push(() => `(${name}.get(${key()}) ?? ${rest()})`)
  if (from.kind === 'dict' && fits(from.value, to)) gives.push(() => `(${name}[${key()}] ?? ${rest()})`)
  if (to.kind === 'boolean' && from.kind === 'dict')
    gives.push(() => s.pick([`(${key()} in ${name})`, `Object.hasOwn(${name}, ${key()})`, `delete ${name}[${key()}]`]))
  if (to.kind === 'boolean' && from.kind !== 'dict') gives.push(() => `${name}.${s.pick(['has', 'delete'])}(${key()})`)
  if (to.kind === 'number') gives.push(() => (from.kind === 'dict' ? `Object.keys(${name}).length` : `${name}.size`))
  if (to.kind === 'array') gives.push(...listParts(s, name, from, to.elem))
  return gives
}

function listParts(s: Scope, name: string, from: TableTy, elem: Ty): (() => string)[] {
  const same = (ty: Ty): boolean => fits(ty, elem) && fits(elem, ty)
  if (from.kind === 'set')
    return same(from.elem) ? [() => s.pick([`[...${name}]`, `Array.from(${name})`, `[...${name}.keys()]`])] : []
  const gives: (() => string)[] = []
  if (from.kind === 'map' && same(from.key)) gives.push(() => `[...${name}.keys()]`)
  if (from.kind === 'map' && same(from.value)) gives.push(() => `[...${name}.values()]`)
  if (from.kind === 'dict' && same(STRING)) gives.push(() => `Object.keys(${name})`)
  if (from.kind === 'dict' && same(from.value)) gives.push(() => `Object.values(${name})`)
  return gives
}

/** A table that is made of others. */
export function tableOperation(s: Scope, ty: TableTy, depth: number): string {
  const one = (): string => expression(s, ty, depth - 1)
  if (ty.kind === 'dict')
    return s.pick([
      `{ ...${one()}, [${keyOf(s, ty)}]: ${expression(s, ty.value, depth - 1)} }`,
      `Object.assign(${one()}, ${one()})`,
    ])
  if (ty.kind === 'map') return `new Map(${s.pick([one(), `[...${one()}]`])})`
  if (s.chance(50)) return `new Set(${s.pick([one(), `[...${one()}]`, expression(s, arrayOf(ty.elem), depth - 1)])})`
  return `${one()}.${s.pick(['union', 'intersection', 'difference', 'symmetricDifference'])}(${one()})`
}

const isTable = (v: Variable): boolean => ['map', 'set', 'dict'].includes(v.ty.kind)

/** A statement that changes a table, or goes over one that changes under it; null where there is none. */
export function tableStatement(s: Scope, pad: string, block: (pad: string) => string): string | null {
  const found = s.visible().filter(isTable)
  if (found.length === 0) return null
  const { name, ty } = s.pick(found) as Variable & { ty: TableTy }
  if (s.chance(20)) return churn(s, name, ty, pad) ?? `${pad}${change(s, name, ty)}\n`
  return s.chance(60) ? `${pad}${change(s, name, ty)}\n` : walk(s, name, ty, pad, block)
}

function change(s: Scope, name: string, ty: TableTy): string {
  const key = keyOf(s, ty)
  const value = (): string => (ty.kind === 'set' ? '' : expression(s, ty.value, 2))
  if (ty.kind === 'dict') return s.pick([`${name}[${key}] = ${value()}`, `delete ${name}[${key}]`])
  if (s.chance(20)) return s.pick([`${name}.clear()`, `${name}.delete(${key})`])
  return ty.kind === 'map' ? `${name}.set(${key}, ${value()})` : `${name}.add(${key})`
}

/** Many keys that come and go, so that the table grows, is emptied in places and filled again; null where keys are of another type. */
function churn(s: Scope, name: string, ty: TableTy, pad: string): string | null {
  const type = ty.kind === 'dict' ? STRING : ty.kind === 'map' ? ty.key : ty.elem
  if (type.kind !== 'number' && type.kind !== 'string') return null
  const i = s.fresh('i')
  const number = `(${i} * ${1 + s.below(9)}) % ${2 + s.below(40)}`
  const key =
    type.kind === 'number' ? s.pick([number, `${number} / 2`]) : s.pick([`'k' + (${number})`, `String(${number})`])
  const value = ty.kind === 'set' ? '' : expression(s, ty.value, 1)
  const put =
    ty.kind === 'dict'
      ? `${name}[${key}] = ${value}`
      : ty.kind === 'map'
        ? `${name}.set(${key}, ${value})`
        : `${name}.add(${key})`
  const take = ty.kind === 'dict' ? `delete ${name}[${key}]` : `${name}.delete(${key})`
  const head = `for (let ${i} = 0; ${i} < ${8 + s.below(50)}; ${i}++)`
  return `${pad}${head} {\n${pad}  if (${i} % ${2 + s.below(5)} === ${s.below(2)}) ${take}\n${pad}  else ${put}\n${pad}}\n`
}

function walk(s: Scope, name: string, ty: TableTy, pad: string, block: (pad: string) => string): string {
  const [k, v] = [s.fresh('k'), s.fresh('v')]
  const loop = (head: string, variables: readonly [string, Ty][]): string =>
    s.within(() => {
      for (const [variable, of] of variables) s.declare(variable, of)
      s.loops++
      const body = `${pad}  if (tick()) break\n${block(`${pad}  `)}`
      s.loops--
      return `${pad}for (${head}) {\n${body}${pad}}\n`
    })
  if (s.loops > 1) return `${pad}${change(s, name, ty)}\n`
  if (ty.kind === 'dict')
    return s.chance(50)
      ? loop(`const ${k} in ${name}`, [[k, STRING]])
      : loop(`const [${k}, ${v}] of Object.entries(${name})`, [
          [k, STRING],
          [v, ty.value],
        ])
  if (ty.kind === 'set') return loop(`const ${k} of ${name}`, [[k, ty.elem]])
  return loop(`const [${k}, ${v}] of ${name}`, [
    [k, ty.key],
    [v, ty.value],
  ])
}

/** Whatever JSON can hold, as an expression. */
export function anyLiteral(s: Scope, depth: number): string {
  const inner = (): string => anyLiteral(s, depth - 1)
  if (depth > 0 && s.chance(15)) return `JSON.parse(${JSON.stringify(jsonText(s, depth))})`
  const roll = s.below(depth > 0 ? 9 : 6)
  if (roll < 2) return expression(s, NUMBER, 0)
  if (roll < 4) return expression(s, STRING, 0)
  if (roll < 5) return expression(s, BOOLEAN, 0)
  if (roll < 6) return 'null'
  if (roll < 8) return `[${Array.from({ length: s.below(3) }, inner).join(', ')}]`
  return `{ ${Array.from({ length: s.below(3) }, () => `[${s.pick(KEYS)}]: ${inner()}`).join(', ')} }`
}

const NUMBERS = [
  '0',
  '-0',
  '7',
  '-12',
  '1.5',
  '0.1',
  '12.75',
  '1e3',
  '-3E-2',
  '1e21',
  '123456789012345678',
  '5e-324',
  '0.000001',
]
const STRINGS = ['""', '"a"', String.raw`"\n"`, String.raw`"\u0062\ud800"`, String.raw`"\"q\\"`, '"é😀"']

/** JSON text, with white space and names that come twice. */
function jsonText(s: Scope, depth: number): string {
  const roll = s.below(depth > 0 ? 9 : 5)
  const space = (): string => s.pick(['', '', ' ', '\n\t'])
  if (roll < 2) return s.pick(NUMBERS)
  if (roll < 4) return s.pick(STRINGS)
  if (roll < 5) return s.pick(['true', 'false', 'null'])
  const inner = (): string => `${space()}${jsonText(s, depth - 1)}${space()}`
  const items = (item: () => string): string => Array.from({ length: s.below(4) }, item).join(',')
  if (roll < 7) return `[${items(inner)}]`
  return `{${items(() => `${space()}${s.pick(['"a"', '"b"', '"1"', '"10"', '"02"', '"k"', '""', '"\\u0061"'])}${space()}:${inner()}`)}}`
}

/** What is done with a value of any kind, where every kind has an answer or Node throws. */
export function anyParts(s: Scope, name: string, to: Ty, rest: () => string): (() => string)[] {
  const guarded = (text: string): string =>
    `((): ${textOf(to)} => { try { return ${text} } catch { return ${s.plain(rest)} } })()`
  switch (to.kind) {
    case 'any':
      return [
        () => `(${name}?.${s.pick(['a', 'b', 'k'])})`,
        () => `(${name}?.[${s.pick(['0', '1', "'a'", "'1'"])}])`,
        () => `(Array.isArray(${name}) ? ${name}[0] : ${name})`,
      ]
    case 'number':
      return [
        () => `(typeof ${name} === 'number' ? ${name} : ${rest()})`,
        () => `(${name} * 1)`,
        () =>
          guarded(`${name}.length ?? 0 * 1`).replace('?? 0 * 1', '=== undefined ? -1 : Number(' + name + '.length)'),
      ]
    case 'string':
      return [
        () => `(typeof ${name})`,
        () => `String(${name})`,
        () => `(JSON.stringify(${name}) ?? 'none')`,
        () => guarded(`${name}.trim() + ''`),
      ]
    case 'boolean':
      return [() => `(!${name})`, () => `Array.isArray(${name})`, () => `(${name} === ${rest()})`]
    default:
      return []
  }
}
