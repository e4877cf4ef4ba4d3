import { instance } from './literals.ts'
import { expression } from './expressions.ts'
import { iterable } from './resumed.ts'
import type { Scope } from './scope.ts'
import { anyType, block, declaration, statements } from './statements.ts'
import { arrayOf, BOOLEAN, func, NUMBER, STRING, textOf, type Ty } from './types.ts'

/** Branches, loops, jumps and exceptions. */
export function controlFlow(s: Scope, pad: string): string {
  switch (s.below(16)) {
    case 0:
    case 1:
    case 2:
      return branch(s, pad)
    case 3:
    case 4:
      return forLoop(s, pad)
    case 5:
    case 6:
      return forOf(s, pad)
    case 7:
      return whileLoop(s, pad)
    case 8:
      return switchOf(s, pad)
    case 9:
    case 10:
      return tryOf(s, pad)
    case 11:
      return jump(s, pad)
    case 12:
      return narrowed(s, pad)
    case 13:
      return closures(s, pad)
    case 14:
      return `${pad}if (${expression(s, BOOLEAN, 2)}) throw ${newError(s)}\n`
    default:
      return s.result
        ? `${pad}if (${expression(s, BOOLEAN, 2)}) return ${expression(s, s.result, 2)}\n`
        : declaration(s, pad)
  }
}

function branch(s: Scope, pad: string): string {
  const test = expression(s, s.chance(70) ? BOOLEAN : anyType(s, 1), 2)
  const other = s.chance(50) ? ` else ${block(s, pad)}` : ''
  return `${pad}if (${test}) ${block(s, pad)}${other}\n`
}

/** A loop with its label; the body begins with a count that ends the program's loops. */
function looped(s: Scope, pad: string, head: string, body: () => string): string {
  const label = s.chance(40) ? s.fresh('loop') : null
  return s.within(() => {
    if (label) s.labels.push(label)
    s.loops++
    const inside = body()
    s.loops--
    return `${pad}${label ? `${label}: ` : ''}${head} {\n${pad}  if (tick()) break\n${inside}${pad}}\n`
  })
}

function forLoop(s: Scope, pad: string): string {
  if (s.loops > 1) return branch(s, pad)
  const i = s.fresh('i')
  const limit = s.chance(60) ? String(1 + s.below(4)) : `(${expression(s, NUMBER, 1)} & 3)`
  return s.within(() => {
    const head = `for (${s.pick(['let', 'let', 'var'])} ${i} = ${s.below(2)}; ${i} < ${limit}; ${s.pick([`${i}++`, `${i} += 1`, `++${i}`])})`
    s.declare(i, NUMBER, s.chance(20))
    return looped(s, pad, head, () => statements(s, 1 + s.below(3), `${pad}  `))
  })
}

function forOf(s: Scope, pad: string): string {
  if (s.loops > 1) return branch(s, pad)
  const elem = anyType(s, 1)
  const source = expression(s, arrayOf(elem), 2)
  return s.within(() => {
    const v = s.fresh('v')
    const roll = s.below(4)
    if (roll === 0) {
      const i = s.fresh('i')
      s.declare(i, NUMBER)
      s.declare(v, elem)
      return looped(s, pad, `for (const [${i}, ${v}] of ${source}.entries())`, () => statements(s, 2, `${pad}  `))
    }
    if (roll === 2) {
      s.declare(v, elem, true)
      const head = `for (${s.pick(['let', 'let', 'var'])} ${v} of ${iterable(s, elem, `${source}.slice(0, 5)`)})`
      return looped(s, pad, head, () => statements(s, 1 + s.below(3), `${pad}  `))
    }
    const chars = roll === 1
    const text = chars ? expression(s, STRING, 1) : ''
    s.declare(v, chars ? STRING : elem, true)
    const kind = s.pick(['let', 'let', 'var'])
    const head = `for (${kind} ${v} of ${chars ? text : source}.slice(0, 5))`
    return looped(s, pad, head, () => statements(s, 1 + s.below(3), `${pad}  `))
  })
}

function whileLoop(s: Scope, pad: string): string {
  if (s.loops > 1) return branch(s, pad)
  const test = expression(s, BOOLEAN, 2)
  if (s.chance(50)) return looped(s, pad, `while (${test})`, () => statements(s, 1 + s.below(3), `${pad}  `))
  const text = looped(s, pad, 'do', () => statements(s, 1 + s.below(3), `${pad}  `))
  return `${text.trimEnd()} while (${test})\n`
}

function switchOf(s: Scope, pad: string): string {
  const ty = s.pick([NUMBER, STRING, BOOLEAN, { kind: 'either' } as const])
  const cases = Array.from(
    { length: 1 + s.below(3) },
    () => `${pad}  case ${expression(s, ty, s.below(2))}:\n${caseBody(s, pad)}`,
  )
  if (s.chance(60)) cases.splice(s.below(cases.length + 1), 0, `${pad}  default:\n${caseBody(s, pad)}`)
  return `${pad}switch (${expression(s, ty, 2)}) {\n${cases.join('')}${pad}}\n`
}

function caseBody(s: Scope, pad: string): string {
  const body = `${pad}    ${block(s, `${pad}    `)}\n`
  return s.chance(60) ? `${body}${pad}    break\n` : body
}

function tryOf(s: Scope, pad: string): string {
  const body = s.within(() => {
    const thrown = s.chance(50) ? `${pad}  if (${expression(s, BOOLEAN, 2)}) throw ${newError(s)}\n` : ''
    return `{\n${statements(s, 1 + s.below(2), `${pad}  `)}${thrown}${s.chance(50) ? statements(s, 1, `${pad}  `) : ''}${pad}}`
  })
  const e = s.fresh('e')
  const handler = ` catch (${e}) {\n${pad}  console.log((${e} as Error).name, (${e} as Error).message)\n${caught(s, e, pad)}${s.within(() => statements(s, s.below(2), `${pad}  `))}${pad}}`
  const finalizer = ` finally ${block(s, pad)}`
  return `${pad}try ${body}${s.pick([handler, handler + finalizer, finalizer, handler])}\n`
}

/** An error of a built-in kind, or of a class of the program. */
function newError(s: Scope): string {
  const { errors } = s
  if (errors.length === 0 || s.chance(40))
    return `new ${s.pick(['Error', 'TypeError', 'RangeError'])}(${expression(s, STRING, 1)})`
  return instance(s, s.pick(errors), 2)
}

/** What a handler asks of the class of an error, and does with one. */
function caught(s: Scope, e: string, pad: string): string {
  const { errors } = s
  if (errors.length === 0) return `${pad}  print(() => console.log(${e} instanceof TypeError, ${e} instanceof Error))\n`
  const cls = s.pick(errors)
  const used = s.within(() => {
    s.declare(e, { kind: 'class', cls })
    return block(s, `${pad}  `)
  })
  const rethrown = s.chance(30) ? `${pad}  else if (${e} instanceof ${s.pick(errors).name}) throw ${e}\n` : ''
  return `${pad}  if (${e} instanceof ${cls.name}) ${used}\n${rethrown}`
}

function jump(s: Scope, pad: string): string {
  if (s.loops === 0) return branch(s, pad)
  const label = s.labels.length > 0 && s.chance(50) ? ` ${s.pick(s.labels)}` : ''
  return `${pad}if (${expression(s, BOOLEAN, 2)}) ${s.pick(['break', 'continue'])}${label}\n`
}

/** A branch in which a variable has lost null, undefined or one of its types. */
function narrowed(s: Scope, pad: string): string {
  const found = s
    .visible()
    .filter((v) => (v.ty.kind === 'maybe' || v.ty.kind === 'either') && (!v.assignable || s.chance(20)))
  if (found.length === 0) return branch(s, pad)
  const v = s.pick(found)
  return s.within(() => {
    if (v.ty.kind === 'maybe') {
      s.declare(v.name, v.ty.of)
      return `${pad}if (${v.name} ${s.pick(['!==', '!='])} ${v.ty.none}) ${block(s, pad)}\n`
    }
    const side = s.pick(['number', 'string'] as const)
    s.declare(v.name, { kind: side })
    return `${pad}if (typeof ${v.name} === '${side}') ${block(s, pad)}\n`
  })
}

/** Closures made in a loop and called after it. */
function closures(s: Scope, pad: string): string {
  if (s.loops > 0) return branch(s, pad)
  const [fs, i, x, f] = [s.fresh('fs'), s.fresh('i'), s.fresh('x'), s.fresh('f')]
  const result = s.pick([NUMBER, STRING])
  const fn: Ty = func([], result)
  const made = s.within(() => {
    s.declare(i, NUMBER, true)
    s.declare(x, NUMBER, true)
    const inner = s.inFunction(result, () => expression(s, result, 3))
    return `${pad}  ${s.pick(['let', 'let', 'var'])} ${x} = ${i} * 2\n${pad}  ${fs}.push(() => (${x} += ${i}, ${s.pick([`${i}++, `, ''])}${inner}))\n${pad}  ${s.pick([`${x}++`, `${i} += ${s.below(2)}`, ''])}\n`
  })
  return `${pad}const ${fs}: (${textOf(fn)})[] = []\n${pad}for (${s.pick(['let', 'let', 'var'])} ${i} = 0; ${i} < 3; ${i}++) {\n${made}${pad}}\n${pad}for (const ${f} of ${fs}) print(() => console.log(${f}(), ${f}()))\n`
}
