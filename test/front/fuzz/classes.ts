import { expression } from './expressions.ts'
import { instance } from './literals.ts'
import { fieldsOf } from './program.ts'
import type { Scope } from './scope.ts'
import { anyType, functionText } from './statements.ts'
import { NUMBER, STRING, textOf, type Cls, type Field, type Method } from './types.ts'

type Making = Cls & { readonly fields: Field[]; readonly methods: Method[]; readonly getters: Field[] }

/** A class, which may extend one before it or an error: fields, methods that override or are new, accessors, private members. */
export function classText(s: Scope, error: boolean): string {
  const family = error ? s.errors : s.classes
  const base = family.length > 0 && s.chance(60) ? s.pick(family) : null
  const own = fieldsOf(s, 1 + s.below(base ? 2 : 3), base?.fields ?? []).map((f) => ({ ...f, optional: false }))
  const cls: Making = {
    name: s.fresh('Cls'),
    base,
    error,
    fields: [...(base?.fields ?? []), ...own],
    params: [...(base?.params ?? (error ? [STRING] : [])), own[0]!.ty],
    methods: [...(base?.methods ?? [])],
    getters: [...(base?.getters ?? [])],
  }
  const fields = own.map((f, i) => `  ${f.name}: ${textOf(f.ty)}${i === 0 ? '' : ` = ${expression(s, f.ty, 1)}`}\n`)
  const parts = [...fields, constructorText(s, cls, own[0]!)]
  if (s.chance(40)) parts.push('  #own = 1\n  own(): number {\n    return this.#own++\n  }\n')
  const replaced = new Set<Method>()
  for (let i = 1 + s.below(2); i > 0; i--) parts.push(methodText(s, cls, replaced))
  if (s.chance(50)) parts.push(accessorText(s, cls))
  if (!error && s.chance(8))
    parts.push(
      `  toJSON(key: string): unknown {\n    print(() => console.log('json', key))\n    return this.${own[0]!.name}\n  }\n`,
    )
  family.push(cls)
  const kind = s.pick(['Error', 'TypeError', 'RangeError'])
  const heritage = base ? ` extends ${base.name}` : error ? ` extends ${kind}` : ''
  return `class ${cls.name}${heritage} {\n${parts.join('')}}\n`
}

/**
 * A class in a function: its members use the variables of the function, and an instance of an earlier run of its declaration is of
 * another class. It is a value too.
 */
export function localClass(s: Scope, pad: string): string {
  const [name, made] = [s.fresh('Local'), s.fresh('o')]
  const field: Field = { name: s.fresh('f'), ty: anyType(s, 1), optional: false }
  const initial = s.inFunction(null, () => expression(s, field.ty, 1))
  const shared = s.chance(40) ? s.fresh('s') : null
  const method = s.within(() => {
    s.declare(`this.${field.name}`, field.ty, true)
    if (shared) s.declare(`${name}.${shared}`, NUMBER, true)
    return functionText(s, s.fresh('m'), [], anyType(s, 1), null, `${pad}  `).replace('function ', '')
  })
  const called = /(m\d+)\(/.exec(method)![1]!
  const lines = [
    ...(shared ? [`static ${shared} = ${expression(s, NUMBER, 1)}`] : []),
    `${field.name}: ${textOf(field.ty)} = ${initial}`,
  ].map((line) => `${pad}  ${line}\n`)
  const shown = [`${made}.${called}()`, `${made}.${field.name}`, ...(shared ? [`${name}.${shared}`] : [])]
  const value = s.chance(25) ? s.fresh('C') : null
  if (value) shown.push(`${value} === ${name}`, `new ${value}().${called}()`)
  const asked = s.chance(30) ? [`handed.at(-1) instanceof ${name}`, `${made} instanceof ${name}`] : []
  return (
    `${pad}class ${name} {\n${lines.join('')}${noThisInFunctions(method)}${pad}}\n` +
    (value ? `${pad}const ${value} = ${s.pick([name, `[${name}][0]!`, `{ ${name} }.${name}`])}\n` : '') +
    `${pad}const ${made} = new ${name}()\n${pad}print(() => console.log(${[...shown, ...asked].join(', ')}))\n` +
    (asked.length > 0 ? `${pad}handOut(${made})\n` : '')
  )
}

/** Arguments are first those of the base class. */
function constructorText(s: Scope, cls: Making, field: Field): string {
  const names = cls.params.map((_, i) => `x${i}`)
  const list = cls.params.map((p, i) => `${names[i]}: ${textOf(p)}`).join(', ')
  const passed = names.slice(0, -1).join(', ')
  const lines = cls.base !== null || cls.error ? [`super(${passed})`] : []
  if (cls.error && s.chance(50))
    lines.push(`this.name = ${s.pick([`'${cls.name}'`, 'this.constructor.name', 'new.target.name'])}`)
  if (s.chance(35)) lines.push(handingOut(s, cls))
  lines.push(`this.${field.name} = ${names.at(-1)}`)
  if (!cls.error && s.chance(20)) lines.push('print(() => console.log(this.constructor.name))')
  if (s.chance(20)) lines.push(`print(() => console.log(this.${s.pick(cls.fields).name}, this instanceof ${cls.name}))`)
  return `  constructor(${list}) {\n${lines.map((line) => `    ${line}\n`).join('')}  }\n`
}

/** Code that is given the instance before its field is set: keeps it, prints it, or is a method of it. */
function handingOut(s: Scope, cls: Making): string {
  const methods = cls.methods.filter((m) => m.params.length === 0)
  const roll = s.below(4)
  if (roll === 0 && !cls.error) return 'print(() => console.log(this))'
  if (roll === 1 && methods.length > 0) return `void this.${s.pick(methods).name}()`
  return 'handOut(this)'
}

/** A method: a new one, or one in the place of a method of the base class, which it may call. */
function methodText(s: Scope, cls: Making, replaced: Set<Method>): string {
  const left = (cls.base?.methods ?? []).filter((m) => !replaced.has(m))
  const inherited = left.length > 0 && s.chance(50) ? s.pick(left) : null
  if (inherited) replaced.add(inherited)
  const method = inherited ?? {
    name: s.fresh('m'),
    params: Array.from({ length: s.below(2) }, () => anyType(s, 1)),
    result: anyType(s, 1),
  }
  const text = s.within(() => {
    declareFields(s, cls)
    if (inherited) s.callables.push({ ...inherited, name: `super.${inherited.name}` })
    const made = functionText(s, method.name, method.params, method.result, null, '  ').replace('function ', '')
    if (inherited) s.callables.pop()
    return made
  })
  if (!inherited) cls.methods.push(method)
  return noThisInFunctions(text)
}

function declareFields(s: Scope, cls: Cls): void {
  for (const f of cls.fields) s.declare(`this.${f.name}`, f.ty, true)
  if (cls.error) s.declare('this.message', STRING)
}

/** Functions written with `function` have a this of their own, so methods nest arrow functions only. */
const noThisInFunctions = (text: string): string =>
  text.replace(/function (f\d+)\(([^\n]*)\): ([^\n]*) \{\n/g, 'const $1 = ($2): $3 => {\n')

/** A getter, with a setter or without, in the place of one of the base class or new. */
function accessorText(s: Scope, cls: Making): string {
  const inherited = cls.base && cls.base.getters.length > 0 && s.chance(50) ? s.pick(cls.base.getters) : null
  const getter: Field = inherited ?? { name: s.fresh('g'), ty: anyType(s, 1), optional: false }
  const type = textOf(getter.ty)
  const text = s.within(() => {
    declareFields(s, cls)
    return s.inFunction(getter.ty, () => {
      const value = inherited && s.chance(40) ? `super.${getter.name}` : expression(s, getter.ty, 2)
      return `  get ${getter.name}(): ${type} {\n    tick()\n    return ${value}\n  }\n`
    })
  })
  if (!inherited) cls.getters.push(getter)
  const stored = cls.fields.find((f) => textOf(f.ty) === type)
  if (!stored || s.chance(50)) return text
  return `${text}  set ${getter.name}(x: ${type}) {\n    this.${stored.name} = x\n  }\n`
}

/** Statements that show instances of some classes, seen as what they extend: members, classes, and errors as they are caught. */
export function exerciseClasses(s: Scope): string {
  const classes = s.classes.filter(() => s.chance(60)).map((cls) => exercise(s, cls))
  const errors = s.errors.filter(() => s.chance(60)).map((cls) => exerciseError(s, cls))
  const handed =
    s.errors.length === 0 && s.classes.length > 0 && s.chance(20) ? '  print(() => console.log(handed.at(-1)))\n' : ''
  return [...classes, ...errors, handed].join('')
}

function exercise(s: Scope, cls: Cls): string {
  const name = s.fresh('o')
  const seen = cls.base && s.chance(70) ? cls.base : cls
  const asked = s.classes.map((other) => `${name} instanceof ${other.name}`)
  const shown = [name, `${name}.constructor.name`, ...membersOf(s, name, seen), ...asked]
  return `  const ${name}: ${seen.name} = ${instance(s, cls, 1)}\n  print(() => console.log(${shown.join(', ')}))\n`
}

function membersOf(s: Scope, name: string, cls: Cls): string[] {
  const args = (m: Method): string => m.params.map((p) => expression(s, p, 0)).join(', ')
  return [...cls.methods.map((m) => `${name}.${m.name}(${args(m)})`), ...cls.getters.map((g) => `${name}.${g.name}`)]
}

function exerciseError(s: Scope, cls: Cls): string {
  const e = s.fresh('e')
  const asked = [...s.errors.map((c) => c.name), 'TypeError', 'Error'].map((other) => `${e} instanceof ${other}`)
  const own = [...membersOf(s, e, cls), ...cls.fields.map((f) => `${e}.${f.name}`)].join(', ')
  const shown = [`${e}.name`, `${e}.message`, `${e}.constructor.name`, `String(${e})`].join(', ')
  return `  try {
    throw ${instance(s, cls, 1)}
  } catch (${e}) {
    print(() => console.log(${asked.join(', ')}))
    if (${e} instanceof ${cls.name}) print(() => console.log(${own}))
    if (${e} instanceof Error) print(() => console.log(${shown}))
  }
`
}
