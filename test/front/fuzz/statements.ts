import { localClass } from './classes.ts'
import { call, expression, index } from './expressions.ts'
import { controlFlow } from './control.ts'
import { running, stopping } from './resumed.ts'
import type { Scope } from './scope.ts'
import { tableStatement } from './tables.ts'
import { arrayOf, BOOLEAN, makeType, maybe, NUMBER, STRING, textOf, type Ty } from './types.ts'

const DEPTH = 3

/** Some statements, indented by `pad`. */
export function statements(s: Scope, count: number, pad: string): string {
  const lines: string[] = []
  for (let i = 0; i < count && s.budget > -200; i++) lines.push(statement(s, pad))
  return lines.join('')
}

export const block = (s: Scope, pad: string, count = 1 + s.below(3)): string =>
  s.within(() => `{\n${statements(s, count, `${pad}  `)}${pad}}`)

export const anyType = (s: Scope, depth = 2): Ty => makeType(s, depth)

function statement(s: Scope, pad: string): string {
  if ((s.yields || s.awaits) && s.chance(20)) return stopping(s, pad)
  const run = s.chance(6) ? running(s, pad) : null
  if (run !== null) return run
  const roll = s.below(100)
  if (roll < 22) return declaration(s, pad)
  if (roll < 42) return assignment(s, pad)
  if (roll < 52) return print(s, pad)
  if (roll < 56) return `${pad}${expressionStatement(s)}\n`
  if (roll < 62) return destructuring(s, pad)
  if (roll < 66) return nested(s, pad)
  if (roll < 69) return swap(s, pad)
  if (roll < 72) return late(s, pad)
  if (roll < 73 && s.budget > 20 && !s.yields && !s.awaits && !hasThis(s)) return localClass(s, pad)
  if (roll < 75) return each(s, pad)
  if (roll < 80) return tableStatement(s, pad, (inner) => statements(s, 1 + s.below(2), inner)) ?? declaration(s, pad)
  return controlFlow(s, pad)
}

/** Whether the code has a `this`, which in a class in it is another one. */
const hasThis = (s: Scope): boolean => s.visible().some((v) => v.name.startsWith('this.'))

export function declaration(s: Scope, pad: string): string {
  const ty = anyType(s)
  const name = s.fresh('x')
  const assignable = s.chance(60)
  const value = expression(s, ty, DEPTH)
  s.declare(name, ty, assignable)
  return `${pad}${assignable ? s.pick(['let', 'let', 'var']) : 'const'} ${name}: ${textOf(ty)} = ${value}\n`
}

function expressionStatement(s: Scope): string {
  return s.callables.length > 0 && s.chance(50)
    ? call(s, s.pick(s.callables), DEPTH)
    : `void ${expression(s, anyType(s, 1), DEPTH)}`
}

/** Keeps strings and arrays that grow in loops small. */
function bound(name: string, ty: Ty, pad: string): string {
  if (ty.kind === 'string') return `${pad}if (${name}.length > 40) ${name} = ${name}.slice(0, 20)\n`
  return ty.kind === 'array' ? `${pad}if (${name}.length > 12) ${name}.length = 6\n` : ''
}

function assignment(s: Scope, pad: string): string {
  const all = s.visible()
  const targets = all.flatMap((v) => targetsOf(s, v.name, v.ty, v.assignable))
  if (targets.length === 0) return declaration(s, pad)
  const { place, ty } = s.pick(targets)
  return `${pad}${place} ${operator(s, ty)} ${expression(s, ty.kind === 'maybe' && s.chance(60) ? ty.of : ty, DEPTH)}\n${bound(place, ty, pad)}`
}

function operator(s: Scope, ty: Ty): string {
  if (s.chance(50)) return '='
  if (ty.kind === 'number') return s.pick(['+=', '-=', '*=', '/=', '%=', '&=', '|=', '^=', '<<=', '>>>=', '||=', '&&='])
  if (ty.kind === 'string') return s.pick(['+=', '||=', '&&='])
  if (ty.kind === 'maybe') return s.pick(['??=', '='])
  return ty.kind === 'boolean' ? s.pick(['||=', '&&=']) : '='
}

type Target = { readonly place: string; readonly ty: Ty }

function targetsOf(s: Scope, name: string, ty: Ty, assignable: boolean): Target[] {
  const own = assignable ? [{ place: name, ty }] : []
  if (ty.kind === 'record')
    return [...own, ...ty.rec.fields.flatMap((f) => (f.optional ? [] : [{ place: `${name}.${f.name}`, ty: f.ty }]))]
  if (ty.kind === 'class') return [...own, ...ty.cls.fields.map((f) => ({ place: `${name}.${f.name}`, ty: f.ty }))]
  if (ty.kind === 'tuple') return [...own, ...ty.elems.map((e, i) => ({ place: `${name}[${i}]`, ty: e }))]
  if (ty.kind === 'array')
    return [
      ...own,
      { place: `${name}[${s.chance(50) ? `${name}.length` : `(${index(s, 1)} & 3)`}]`, ty: ty.elem },
    ].filter((t) => t.ty.kind !== 'func')
  return own
}

/** What the program prints shows every part of a value: shapes, key order, holes, signs. */
function print(s: Scope, pad: string): string {
  const count = 1 + s.below(2)
  const parts = s.plain(() => Array.from({ length: count }, () => expression(s, anyType(s), 2)))
  return `${pad}print(() => ${printing(s, parts)})\n`
}

/** A call of console that shows some values. */
function printing(s: Scope, parts: readonly string[]): string {
  if (s.chance(75)) return `console.log(${parts.join(', ')})`
  const format = Array.from({ length: 1 + s.below(3) }, () => `%${s.pick(['s', 'd', 'i', 'f', 'j', 'O', '%', 'x'])}`)
  return s.pick([
    `console.table(${parts[0]})`,
    `console.dir(${parts[0]}, { depth: ${s.pick(['0', '1', '5', 'null'])} })`,
    `console.error(...[${parts.join(', ')}])`,
    `console.assert(${parts.join(', ')})`,
    `{ console.group(${parts.join(', ')}); console.info(${parts[0]}); console.count(); console.groupEnd() }`,
    `console.log('${format.join(' ')}', ${parts.join(', ')})`,
  ])
}

function destructuring(s: Scope, pad: string): string {
  const sources = s.visible().filter((v) => v.ty.kind === 'record' || v.ty.kind === 'tuple' || v.ty.kind === 'array')
  if (sources.length === 0) return declaration(s, pad)
  const v = s.pick(sources)
  const declared: [string, Ty][] = []
  const bind = (ty: Ty): string => {
    const name = s.fresh('d')
    declared.push([name, ty])
    return name
  }
  const pattern = patternOf(s, v.ty, bind)
  for (const [name, ty] of declared) s.declare(name, ty, true)
  return `${pad}let ${pattern} = ${v.name}\n`
}

function patternOf(s: Scope, ty: Ty, bind: (ty: Ty) => string): string {
  if (ty.kind === 'tuple') return `[${ty.elems.map((e, i) => (i > 0 && s.chance(20) ? '' : bind(e))).join(', ')}]`
  if (ty.kind === 'array') {
    const first = s.chance(70) ? `${bind(ty.elem)} = ${expression(s, ty.elem, 1)}` : ''
    return `[${first}, ...${bind(arrayOf(ty.elem))}]`
  }
  if (ty.kind !== 'record') return bind(ty)
  const parts = ty.rec.fields.flatMap((f) => {
    if (s.chance(30)) return []
    return [`${f.name}: ${f.optional ? `${bind(f.ty)} = ${expression(s, f.ty, 1)}` : bind(f.ty)}`]
  })
  return `{ ${parts.join(', ')} }`
}

/** Several variables, fields or elements that are assigned at once from values made of them. */
function swap(s: Scope, pad: string): string {
  const targets = s.visible().flatMap((v) => targetsOf(s, v.name, v.ty, v.assignable))
  if (targets.length < 2) return declaration(s, pad)
  const [a, b] = [s.pick(targets), s.pick(targets)]
  const values = [expression(s, a.ty, 2), expression(s, b.ty, 2)]
  return `${pad};[${a.place}, ${b.place}] = [${values.join(', ')}]\n${bound(a.place, a.ty, pad)}${bound(b.place, b.ty, pad)}`
}

/** A variable that closures capture before it has its value. */
function late(s: Scope, pad: string): string {
  const ty = anyType(s, 1)
  if (s.chance(30) && ty.kind !== 'maybe') return hoisted(s, ty, pad)
  const [name, reader] = [s.fresh('x'), s.fresh('r')]
  const value = expression(s, ty, 2)
  const text = s.chance(50)
    ? `${pad}let ${name}: ${textOf(ty)}\n${pad}const ${reader} = (): ${textOf(ty)} => ${name}\n${pad}${name} = ${value}\n`
    : `${pad}const ${reader} = (): ${textOf(ty)} => ${name}\n${pad}const ${name}: ${textOf(ty)} = ${value}\n`
  s.declare(name, ty)
  s.declare(reader, { kind: 'func', params: [], result: ty })
  return text
}

/** A `var` that is read where its declaration has not run, and may never run. */
function hoisted(s: Scope, of: Ty, pad: string): string {
  const ty = maybe(of, 'undefined')
  const [name, reader] = [s.fresh('x'), s.fresh('r')]
  const text = [
    `${pad}const ${reader} = (): ${textOf(ty)} => ${name}`,
    `${pad}print(() => console.log(${name}, ${reader}()))`,
    `${pad}if (${expression(s, BOOLEAN, 1)}) var ${name}: ${textOf(ty)} = ${expression(s, of, 2)}`,
    ...(s.chance(30) ? [`${pad}var ${name}: ${textOf(ty)}`] : []),
  ]
  s.declare(name, ty, true)
  s.declare(reader, { kind: 'func', params: [], result: ty })
  return `${text.join('\n')}\n`
}

/** forEach with a block that changes what is around it. */
function each(s: Scope, pad: string): string {
  if (s.loops > 1) return declaration(s, pad)
  const elem = anyType(s, 1)
  const source = expression(s, arrayOf(elem), 2)
  return s.inFunction(null, () => {
    const [v, i] = [s.fresh('v'), s.fresh('i')]
    s.declare(v, elem, true)
    s.declare(i, NUMBER)
    return `${pad}${source.startsWith('[') || source.startsWith('(') ? 'void ' : ''}${source}.slice(0, 5).forEach((${v}, ${i}) => {\n${pad}  if (tick()) return\n${statements(s, 1 + s.below(2), `${pad}  `)}${pad}})\n`
  })
}

/** A function in a function, which sees and changes the variables around it. */
function nested(s: Scope, pad: string): string {
  if (s.loops > 1) return declaration(s, pad)
  const name = s.fresh('f')
  const params = Array.from({ length: s.below(3) }, () => anyType(s, 1))
  const result = anyType(s, 1)
  const head = s.pick([NUMBER, STRING])
  const text = functionText(s, name, params, result, head, pad)
  s.declare(name, { kind: 'func', params, result })
  return text
}

/** The last parameter may have a default, made of those before it. */
function defaultOf(s: Scope, params: readonly Ty[], at: number, names: readonly string[]): string {
  const ty = params[at] as Ty
  if (at !== params.length - 1 || ty.kind === 'maybe' || !s.chance(30)) return ''
  return s.within(() => {
    s.variables = s.variables.filter((v) => v.name !== names[at])
    return ` = ${expression(s, ty, 2)}`
  })
}

/** A function declaration. Every function first counts itself, so that the program ends. */
export function functionText(
  s: Scope,
  name: string,
  params: readonly Ty[],
  result: Ty,
  early: Ty | null,
  pad: string,
): string {
  return s.inFunction(result, () => {
    const names = params.map(() => s.fresh('p'))
    params.forEach((p, i) => s.declare(names[i] as string, p, true))
    const list = params.map((p, i) => `${names[i]}: ${textOf(p)}${defaultOf(s, params, i, names)}`).join(', ')
    const guard = expression(s, result, 0)
    const count = 1 + s.below(early ? 3 : s.size.statements)
    const [body, value] = s.bounded(() => [statements(s, count, `${pad}  `), expression(s, result, DEPTH)])
    return `${pad}function ${name}(${list}): ${textOf(result)} {\n${pad}  if (tick()) return ${guard}\n${body}${pad}  return ${value}\n${pad}}\n`
  })
}
