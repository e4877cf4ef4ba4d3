import type { Call } from '../../golden/oracle.ts'
import type { Encoded } from '../../../src/base/index.ts'
import { classText, exerciseClasses } from './classes.ts'
import { anyDrill } from './drills.ts'
import { expression } from './expressions.ts'
import { withHelpers } from './helpers.ts'
import { libraryUse } from './library.ts'
import { promiseOf, resumableText, runAll } from './resumed.ts'
import { Scope, SMALL_SIZES, type Part } from './scope.ts'
import { anyType, functionText, statements } from './statements.ts'
import { BOOLEAN, isData, makeType, NUMBER, STRING, textOf, type Field, type Rec, type Ty } from './types.ts'

export type GeneratedProgram = { readonly source: string; readonly calls: readonly Call[] }

/** A program in the supported subset and calls of its one entry; the same seed gives the same program. */
export function generateProgram(seed: number): GeneratedProgram {
  const { source, calls } = makeProgram(new Scope(seed), ENTRY, 3)
  return { source: withHelpers(source), calls }
}

/** A small program without its helpers. It can share a file with others that have other places: no name is in two of them. */
export function generatePart(seed: number, place: number): GeneratedProgram {
  return makeProgram(new Scope(seed, SMALL_SIZES, place), `${ENTRY}${seed}`, 2)
}

/** The seed of a small program by the name of its entry. */
export const seedOf = (entry: string): number => Number(entry.slice(ENTRY.length))

const ENTRY = 'main'

function makeProgram(s: Scope, entry: string, count: number): GeneratedProgram {
  const { budget, parts } = s.size
  s.budget = budget
  const made: string[] = []
  const some = (kind: Part, make: (s: Scope) => string, least = 0): void => {
    if (!s.parts.has(kind)) return
    for (let i = least + s.below(parts); i > 0; i--) made.push(make(s))
  }
  some('records', recordText)
  some('choices', choiceText)
  some('classes', (scope) => classText(scope, false), 1)
  some('errors', (scope) => classText(scope, true), 1)
  some('globals', globalText)
  some('functions', topFunction, 1)
  some('generators', (scope) => resumableText(scope, 'generator'), 1)
  some('async', (scope) => resumableText(scope, 'async'), 1)
  const drills = [0, 1].filter(() => s.chance(12)).map(() => anyDrill(s, '  '))
  for (const { declared } of drills) made.push(declared)
  made.push(entryText(s, entry, drills.map(({ used }) => used).join('')))
  const { params } = s.callables.at(-1) as Scope['callables'][number]
  const calls = Array.from({ length: count }, () => ({ entry, args: params.map((p) => argument(s, p)) }))
  return { source: made.join(''), calls }
}

export function fieldsOf(s: Scope, count: number, taken: readonly Field[]): Field[] {
  const names = ['a', 'b', 'c', 'name', 'size', 'tag', 'zeta'].filter((n) => !taken.some((f) => f.name === n))
  return Array.from({ length: count }, () => {
    const [name] = names.splice(s.below(names.length), 1)
    return { name: name as string, ty: makeType(s, 1, []), optional: s.chance(25) }
  })
}

function recordText(s: Scope): string {
  const base = s.recs.length > 0 && s.chance(40) ? s.pick(s.recs) : null
  const own = fieldsOf(s, 1 + s.below(3), base?.fields ?? [])
  const rec: Rec = {
    name: s.fresh('Rec'),
    fields: [...(base?.fields ?? []), ...own],
    bases: base ? [base, ...base.bases] : [],
  }
  s.recs.push(rec)
  const fields = rec.fields.map((f) => `  ${f.name}${f.optional ? '?' : ''}: ${textOf(f.ty)}\n`).join('')
  return `interface ${rec.name} {\n${fields}}\n`
}

function choiceText(s: Scope): string {
  const name = s.fresh('Choice')
  const variants = ['x', 'y', 'z'].slice(0, 2 + s.below(2)).map((tag) => ({ tag, fields: fieldsOf(s, s.below(3), []) }))
  s.choices.push({ name, variants })
  const lines = variants.map(({ tag, fields }) => {
    const rest = fields.map((f) => `; ${f.name}${f.optional ? '?' : ''}: ${textOf(f.ty)}`).join('')
    return `  | { kind: '${tag}'${rest} }\n`
  })
  return `type ${name} =\n${lines.join('')}`
}

function globalText(s: Scope): string {
  const ty = anyType(s)
  const [name, assignable] = [s.fresh('g'), s.chance(60)]
  const text = `${assignable ? 'let' : 'const'} ${name}: ${textOf(ty)} = ${expression(s, ty, 2)}\n`
  s.globals.push({ name, ty, assignable })
  return text
}

function topFunction(s: Scope): string {
  const name = s.fresh('fn')
  const params = Array.from({ length: s.below(3) }, () => anyType(s, 1))
  const result = anyType(s, 1)
  const rest = s.chance(20) ? anyType(s, 0) : undefined
  const withRest = rest === undefined ? params : [...params, { kind: 'array', elem: rest } as Ty]
  let text = functionText(s, name, withRest, result, null, '')
  if (rest) text = text.replace(/(\w+): ([^,:=]*)( = .*)?\): /, '...$1: $2): ')
  const defaulted = rest === undefined && / = /.test(text.slice(0, text.indexOf('\n')))
  s.callables.push({ name, params, result, ...(rest ? { rest } : {}), ...(defaulted ? { defaulted } : {}) })
  return text
}

function entryText(s: Scope, name: string, drilled: string): string {
  const params = Array.from({ length: 1 + s.below(3) }, (): Ty => {
    for (;;) {
      const ty = makeType(s, 2, [])
      if (isData(ty)) return ty
    }
  })
  const result = anyType(s)
  s.budget = s.size.budget / 2
  const text = `export ${s.inFunction(result, () => {
    const names = params.map(() => s.fresh('p'))
    params.forEach((p, i) => s.declare(names[i] as string, p, s.chance(50)))
    const list = params.map((p, i) => `${names[i]}: ${textOf(p)}`).join(', ')
    s.awaits = s.parts.has('async') && s.chance(50)
    const [head, type] = s.awaits ? ['async function', promiseOf(result)] : ['function', textOf(result)]
    const runs = s.chance(60) ? runAll(s, '  ') : ''
    const used = s.chance(60) ? usesText(s) : ''
    const body =
      exerciseClasses(s) + runs + drilled + used + statements(s, s.size.statements + s.below(s.size.statements), '  ')
    return `${head} ${name}(${list}): ${type} {\n${body}  return ${expression(s, result, 3)}\n}\n`
  })}`
  s.callables.push({ name, params, result })
  return text
}

/** Shows some of what the library gives, which small programs would otherwise seldom come to. */
function usesText(s: Scope): string {
  const uses = [NUMBER, STRING, BOOLEAN].filter(() => s.chance(50)).map((ty) => s.plain(() => libraryUse(s, ty, 2)))
  return uses.length > 0 ? `  print(() => console.log(${uses.join(', ')}))\n` : ''
}

const NUMBERS: readonly Encoded[] = [
  0,
  1,
  2,
  3,
  -1,
  0.5,
  7,
  100,
  -2.5,
  1e21,
  { $: '-0' },
  { $: 'NaN' },
  { $: 'Infinity' },
  4294967296,
]
const STRINGS: readonly Encoded[] = [
  '',
  'a',
  'b',
  'ab',
  'Zed',
  '0',
  '12',
  ' x ',
  '😀',
  '\ud83d',
  'a,b,,c',
  'é',
  'hello',
]

const DICT_KEYS = ['a', 'b', '1', '10', '02', 'k', '']

function anyArgument(s: Scope, depth: number): Encoded {
  const roll = s.below(depth > 0 ? 8 : 5)
  if (roll < 2) return s.pick(NUMBERS)
  if (roll < 3) return s.pick(STRINGS)
  if (roll < 4) return s.chance(50)
  if (roll < 5) return null
  const inner = (): Encoded => anyArgument(s, depth - 1)
  if (roll < 7) return Array.from({ length: s.below(3) }, inner)
  return Object.fromEntries(Array.from({ length: s.below(3) }, () => [s.pick(DICT_KEYS), inner()]))
}

function argument(s: Scope, ty: Ty): Encoded {
  switch (ty.kind) {
    case 'number':
      return s.pick(NUMBERS)
    case 'string':
      return s.pick(STRINGS)
    case 'boolean':
      return s.chance(50)
    case 'either':
      return s.chance(50) ? s.pick(NUMBERS) : s.pick(STRINGS)
    case 'array':
      return Array.from({ length: s.below(5) }, () => argument(s, ty.elem))
    case 'any':
      return anyArgument(s, 2)
    case 'map': {
      const keys = s.below(3)
      return { $: 'Map', v: Array.from({ length: keys }, () => [argument(s, ty.key), argument(s, ty.value)]) }
    }
    case 'set':
      return { $: 'Set', v: Array.from({ length: s.below(3) }, () => argument(s, ty.elem)) }
    case 'dict':
      return Object.fromEntries(Array.from({ length: s.below(4) }, () => [s.pick(DICT_KEYS), argument(s, ty.value)]))
    case 'tuple':
      return ty.elems.map((e) => argument(s, e))
    case 'maybe':
      if (s.chance(50)) return argument(s, ty.of)
      return ty.none === 'null' ? null : { $: 'undefined' }
    case 'choice': {
      const { tag, fields } = s.pick(ty.choice.variants)
      const given = fields.filter((f) => !f.optional || s.chance(50))
      return { kind: tag, ...Object.fromEntries(given.map((f) => [f.name, argument(s, f.ty)])) }
    }
    case 'record': {
      const given = ty.rec.fields.filter((f) => !f.optional || s.chance(50))
      return Object.fromEntries(given.map((f) => [f.name, argument(s, f.ty)]))
    }
    default:
      throw new Error(`an entry cannot be given a ${ty.kind}`)
  }
}
