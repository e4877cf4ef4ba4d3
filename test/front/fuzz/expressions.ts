import { literal } from './literals.ts'
import { operation } from './operations.ts'
import { stop } from './resumed.ts'
import { anyParts, tableParts } from './tables.ts'
import type { Scope } from './scope.ts'
import { fits, textOf, type Ty } from './types.ts'

/** An expression of type `ty`, in parentheses where it could need some. */
export function expression(s: Scope, ty: Ty, depth: number): string {
  s.budget--
  const roll = s.below(100)
  if (depth <= 0 || s.budget <= 0) return roll < 65 ? (variable(s, ty) ?? literal(s, ty, 0)) : literal(s, ty, 0)
  if (roll < 22) return variable(s, ty) ?? literal(s, ty, depth)
  if (roll < 30) return literal(s, ty, depth)
  if (roll < 46) return part(s, ty, depth) ?? literal(s, ty, depth)
  if (roll < 60) return general(s, ty, depth)
  return operation(s, ty, depth)
}

function variable(s: Scope, ty: Ty): string | null {
  const found = s.visible().filter((v) => fits(v.ty, ty))
  return found.length === 0 ? null : s.pick(found).name
}

/** Something of the type that is part of a variable: a field, an element, the value of one that may be missing. */
function part(s: Scope, ty: Ty, depth: number): string | null {
  const found = s.visible().flatMap((v) => partsOf(s, v.name, v.ty, ty, depth))
  return found.length === 0 ? null : s.pick(found)()
}

type Make = () => string

function partsOf(s: Scope, name: string, from: Ty, to: Ty, depth: number): Make[] {
  const rest = (): string => expression(s, to, depth - 1)
  switch (from.kind) {
    case 'maybe':
      if (!fits(from.of, to)) return optionalParts(s, name, from.of, to, rest)
      return [
        () => `(${name} ?? ${rest()})`,
        () => `(${name} ${s.pick(['===', '=='])} ${from.none} ? ${rest()} : ${name})`,
        () => `(${name} !== ${from.none} ? ${name} : ${rest()})`,
        ...(from.of.kind === 'record' || from.of.kind === 'array'
          ? [(): string => `(${name} ? ${name} : ${rest()})`]
          : []),
      ]
    case 'record':
      return from.rec.fields
        .flatMap((f) => (f.optional ? [] : fits(f.ty, to) ? [(): string => `${name}.${f.name}`] : []))
        .concat(
          from.rec.fields.flatMap((f) =>
            f.optional && fits(f.ty, to) ? [(): string => `(${name}.${f.name} ?? ${rest()})`] : [],
          ),
        )
    case 'choice':
      return from.choice.variants.flatMap((v) =>
        v.fields.flatMap((f) =>
          fits(f.ty, to)
            ? [
                (): string =>
                  `(${name}.kind === '${v.tag}' ? ${name}.${f.name}${f.optional ? ` ?? ${rest()}` : ''} : ${rest()})`,
              ]
            : [],
        ),
      )
    case 'class':
      return classParts(s, name, from.cls, to, depth)
    case 'tuple':
      return from.elems.flatMap((e, i) => (fits(e, to) ? [(): string => `${name}[${i}]`] : []))
    case 'array':
      if (!fits(from.elem, to)) return []
      return [
        () => `(${name}[${index(s, depth)}] ?? ${rest()})`,
        () => `(${name}.at(${index(s, depth)}) ?? ${rest()})`,
        ...(s.chance(50)
          ? [(): string => `(${name}.pop() ?? ${rest()})`, (): string => `(${name}.shift() ?? ${rest()})`]
          : []),
      ]
    case 'map':
    case 'set':
    case 'dict':
      return tableParts(s, name, from, to, rest)
    case 'any':
      return anyParts(s, name, to, rest)
    case 'func':
      if (!fits(from.result, to)) return []
      return [() => `${name}(${from.params.map((p) => expression(s, p, depth - 1)).join(', ')})`]
    case 'either':
      if (to.kind === 'number') return [() => `(typeof ${name} === 'number' ? ${name} : ${name}.length)`]
      if (to.kind === 'string') return [() => `(typeof ${name} === 'string' ? ${name} : \`\${${name}}\`)`]
      return []
    default:
      return []
  }
}

function optionalParts(s: Scope, name: string, from: Ty, to: Ty, rest: Make): Make[] {
  if (from.kind === 'record')
    return from.rec.fields.flatMap((f) => (fits(f.ty, to) ? [(): string => `(${name}?.${f.name} ?? ${rest()})`] : []))
  if (from.kind === 'array' && fits(from.elem, to)) return [() => `(${name}?.[${index(s, 0)}] ?? ${rest()})`]
  if (from.kind === 'func' && fits(from.result, to) && from.params.length === 0)
    return [() => `(${name}?.() ?? ${rest()})`]
  if (from.kind === 'array' || from.kind === 'string')
    return to.kind === 'number' ? [() => `(${name}?.length ?? ${rest()})`] : []
  return []
}

function classParts(s: Scope, name: string, cls: (Ty & { kind: 'class' })['cls'], to: Ty, depth: number): Make[] {
  const args = (params: readonly Ty[]): string => params.map((p) => expression(s, p, depth - 1)).join(', ')
  return [
    ...[...cls.fields, ...cls.getters].flatMap((f) => (fits(f.ty, to) ? [(): string => `${name}.${f.name}`] : [])),
    ...cls.methods.flatMap((m) => (fits(m.result, to) ? [(): string => `${name}.${m.name}(${args(m.params)})`] : [])),
  ]
}

/** An index, mostly a small one. */
export function index(s: Scope, depth: number): string {
  const counters = s.visible().filter((v) => v.ty.kind === 'number')
  const roll = s.below(10)
  if (roll < 4) return String(s.below(4))
  if (roll < 7 && counters.length > 0) return s.pick(counters).name
  if (roll < 8) return s.pick(['-1', '9', '0.5', '-0', 'NaN'])
  return depth > 0 ? expression(s, { kind: 'number' }, depth - 1) : '0'
}

/** Forms that exist at every type. */
function general(s: Scope, ty: Ty, depth: number): string {
  const e = (t: Ty, d = depth - 1): string => expression(s, t, d)
  const stopped = s.chance(15) ? stop(s, ty, depth) : null
  if (stopped !== null) return stopped
  const targets = s.visible().filter((v) => v.assignable && fits(ty, v.ty) && fits(v.ty, ty))
  const known = s.callables.filter((f) => fits(f.result, ty))
  switch (s.below(9)) {
    case 0:
    case 1:
      return `(${e({ kind: 'boolean' })} ? ${e(ty)} : ${e(ty)})`
    case 2:
      return targets.length > 0 ? `(${s.pick(targets).name} = ${e(ty)})` : e(ty)
    case 3:
    case 4:
      return known.length > 0 ? call(s, s.pick(known), depth) : e(ty)
    case 5:
      return `same<${textOf(ty)}>(${e(ty)})`
    case 6:
      return `choose<${textOf(ty)}>(${e({ kind: 'boolean' })}, ${e(ty)}, ${e(ty)})`
    case 7: {
      const elem = ty.kind === 'maybe' ? ty.of : ty
      return `(first<${textOf(elem)}>(${e({ kind: 'array', elem })}) ?? ${e(ty)})`
    }
    default:
      return s.chance(75) ? e(ty) : throughGenericClass(s, ty, depth)
  }
}

/** A value that goes into an instance of a generic class and comes out of it. */
function throughGenericClass(s: Scope, ty: Ty, depth: number): string {
  const e = (t: Ty): string => expression(s, t, depth - 1)
  const other: Ty = { kind: s.pick(['number', 'string', 'boolean'] as const) }
  const [t, u] = [textOf(ty), textOf(other)]
  switch (s.below(4)) {
    case 0:
      return `new Box<${t}>(${e(ty)}).${s.pick(['value', 'get()', `with(${e(ty)}).value`])}`
    case 1:
      return `new Pair<${u}, ${t}>(${e(other)}, ${e(ty)}).swap().${s.pick(['value', 'get()', 'swap().swap().get()'])}`
    case 2:
      return `choose<Box<${t}>>(${e({ kind: 'boolean' })}, new Box<${t}>(${e(ty)}), new Pair<${t}, ${u}>(${e(ty)}, ${e(other)})).get()`
    default: {
      const chain = `new Chain<${t}>(${e(ty)}).add(${e(ty)})`
      return s.chance(50)
        ? `${chain}.head`
        : `(${chain}.map<[${t}, ${u}]>((x) => [x, ${e(other)}]).list().pop() as [${t}, ${u}])[0]`
    }
  }
}

export function call(s: Scope, f: Scope['callables'][number], depth: number): string {
  const args = f.params.map((p) => expression(s, p, depth - 1))
  if (f.defaulted && s.chance(40)) args.pop()
  if (f.rest) for (let n = s.below(3); n > 0; n--) args.push(expression(s, f.rest, depth - 1))
  if (f.rest && s.chance(20)) args.push(`...${expression(s, { kind: 'array', elem: f.rest }, depth - 1)}`)
  return `${f.name}(${args.join(', ')})`
}
