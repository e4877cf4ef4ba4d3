import { expression } from './expressions.ts'
import type { Resumable, Scope } from './scope.ts'
import { anyType, statements } from './statements.ts'
import { arrayOf, BOOLEAN, fits, NUMBER, textOf, type Ty } from './types.ts'

/** A generator or an async function at the top of the program. */
export function resumableText(s: Scope, kind: Resumable['kind']): string {
  const generator = kind === 'generator'
  const f: Resumable = {
    name: s.fresh(generator ? 'gen' : 'later'),
    kind,
    params: Array.from({ length: s.below(3) }, () => anyType(s, 1)),
    elem: anyType(s, 1),
    result: anyType(s, 1),
  }
  const type = generator ? `Generator<${textOf(f.elem)}, ${textOf(f.result)}, number | undefined>` : promiseOf(f.result)
  const text = s.inFunction(f.result, () => {
    const names = f.params.map((p) => {
      const name = s.fresh('p')
      s.declare(name, p, true)
      return name
    })
    const list = names.map((name, i) => `${name}: ${textOf(f.params[i] as Ty)}`).join(', ')
    const guard = expression(s, f.result, 0)
    s.yields = generator ? f.elem : null
    s.awaits = !generator
    const count = 2 + s.below(s.size.statements)
    const [body, value] = s.bounded(() => [statements(s, count, '  '), result(s, f)])
    return `${generator ? 'function*' : 'async function'} ${f.name}(${list}): ${type} {\n  if (tick()) return ${guard}\n${body}  return ${value}\n}\n`
  })
  s.resumables.push(f)
  return text
}

/** What it returns; an async function also a promise, for which its own waits two jobs more. */
function result(s: Scope, f: Resumable): string {
  const value = (): string => expression(s, f.result, 2)
  if (f.kind === 'generator' || s.chance(60)) return value()
  const type = textOf(f.result)
  if (s.chance(50)) return `later<${type}>(${value()})`
  return `new Promise<${type}>((done) => done(later<${type}>(${s.plain(value)})))`
}

export const promiseOf = (ty: Ty): string => `Promise<${textOf(ty)}>`

/** An expression of type `ty` in which the function stops for a while; null where it cannot. */
export function stop(s: Scope, ty: Ty, depth: number): string | null {
  const e = (t: Ty): string => expression(s, t, depth - 1)
  if (s.yields) {
    if (ty.kind === 'number') return `((yield ${e(s.yields)}) ?? ${e(NUMBER)})`
    return `(yield ${e(s.yields)}, ${e(ty)})`
  }
  if (!s.awaits) return null
  const known = s.resumables.filter((f) => f.kind === 'async' && fits(f.result, ty))
  switch (s.below(7)) {
    case 5:
      return `(await pause<${textOf(ty)}>(${s.below(4)}, ${e(ty)}))`
    case 0:
    case 1:
      return known.length > 0 ? `(await ${callOf(s, s.pick(known), depth)})` : `(await later<${textOf(ty)}>(${e(ty)}))`
    case 2:
      return `(await later<${textOf(ty)}>(${e(ty)}))`
    case 3:
      return `(await Promise.resolve<${textOf(ty)}>(${e(ty)}).finally(() => tick()))`
    case 4:
      return `(await Promise.race<${textOf(ty)}>([later<${textOf(ty)}>(${e(ty)}), later<${textOf(ty)}>(${e(ty)})]))`
    default:
      return `(await ${e(ty)})`
  }
}

export const callOf = (s: Scope, f: Resumable, depth: number): string =>
  `${f.name}(${f.params.map((p) => expression(s, p, depth - 1)).join(', ')})`

/** A statement that stops the function it is in. */
export function stopping(s: Scope, pad: string): string {
  if (!s.yields) return `${pad}await ${stop(s, anyType(s, 1), 2) ?? '0'}\n`
  const yields = s.yields
  const known = s.resumables.filter((f) => f.kind === 'generator' && fits(f.elem, yields))
  switch (s.below(5)) {
    case 0:
      return `${pad}yield* ${expression(s, arrayOf(yields), 2)}.slice(0, 3)\n`
    case 1:
      return known.length > 0
        ? `${pad}yield* ${callOf(s, s.pick(known), 2)}\n`
        : `${pad}yield* new Walk<${textOf(yields)}>(${expression(s, arrayOf(yields), 1)}.slice(0, 3))\n`
    default:
      return `${pad}yield ${expression(s, yields, 2)}\n`
  }
}

/** A statement that runs a generator or an async function. */
export function running(s: Scope, pad: string): string | null {
  if (s.resumables.length === 0 || s.loops > 1) return null
  return run(s, s.pick(s.resumables), pad)
}

/** Runs each generator and async function of the program. */
export const runAll = (s: Scope, pad: string): string => s.resumables.map((f) => run(s, f, pad)).join('')

function run(s: Scope, f: Resumable, pad: string): string {
  const call = callOf(s, f, 2)
  if (f.kind === 'generator') {
    const it = s.chance(30) ? `each<${textOf(f.elem)}>(${call})` : call
    const last = s.chance(65) && it === call ? expression(s, f.result, 1) : null
    if (last !== null) return `${pad}drive(${call}, '${moves(s)}', ${last})\n`
    if (s.chance(35)) {
      const [v, source] = [s.fresh('v'), it === call ? `each<${textOf(f.elem)}>(${call})` : it]
      const end = s.pick(['break', `if (${expression(s, BOOLEAN, 1)}) break`, 'continue'])
      return `${pad}for (const ${v} of ${s.chance(50) ? call : source}) {\n${pad}  print(() => console.log(${v}))\n${pad}  ${end}\n${pad}}\n`
    }
    const other = s.plain(() => callOf(s, f, 1))
    return `${pad}print(() => console.log([...${it === call ? other : `each<${textOf(f.elem)}>(${other})`}]))\n`
  }
  const v = s.fresh('v')
  const shown = `(${v}) => print(() => console.log(${v}))`
  const failed = `(e) => print(() => console.log((e as Error).message))`
  const job = s.chance(60) ? `${pad}ticking()\n` : ''
  const w = s.fresh('w')
  const sayings = [1, 2].map((n) => `${pad}void ${w}.then(() => print(() => console.log('${w}', ${n})))\n`).join('')
  return (
    job +
    s.pick([
      `${pad}const ${w} = later(${expression(s, NUMBER, 1)})\n${sayings}`,
      `${pad}void ${call}\n`,
      `${pad}${call}.then(${shown}, ${failed})\n`,
      `${pad}void ${call}.catch(${failed})\n`,
      `${pad}void fail(${expression(s, NUMBER, 1)}).then(${shown}).catch(${failed})\n`,
      `${pad}void later(${expression(s, NUMBER, 1)}).then((${v}) => later(${v})).then(${shown})\n`,
      `${pad}void new Promise<number>((done) => done(Promise.resolve(${expression(s, NUMBER, 1)}))).then(${shown})\n`,
      `${pad}void Promise.resolve(1).then(${shown}).then(${shown}).then(${shown})\n`,
      `${pad}if (${expression(s, BOOLEAN, 1)}) void fail(1)\n`,
      timer(s, pad, `print(() => console.log('${w}', ${expression(s, NUMBER, 1)}))`),
      `${pad}queueMicrotask(() => print(() => console.log('${w}')))\n`,
      `${pad}void Promise.race([pause(${s.below(4)}, 'a'), pause(${s.below(4)}, 'b')]).then(${shown})\n`,
      `${pad}void Promise.all([${call}, later(${expression(s, NUMBER, 1)})]).then(${shown}, ${failed})\n`,
    ])
  )
}

/** A timer that goes off, that is cleared, or that goes off until it is cleared. */
function timer(s: Scope, pad: string, job: string): string {
  const t = s.fresh('t')
  const ms = s.below(4)
  return s.pick([
    `${pad}setTimeout(() => ${job}, ${ms})\n`,
    `${pad}const ${t} = setTimeout(() => ${job}, ${ms})\n${pad}clearTimeout(${t})\n`,
    `${pad}const ${t} = setTimeout(() => ${job}, ${1 + ms})\n${pad}setTimeout(() => clearTimeout(${t}), ${s.below(4)})\n`,
    `${pad}let ${t}n = 0\n${pad}const ${t} = setInterval(() => {\n${pad}  if (++${t}n > ${1 + s.below(3)}) clearInterval(${t})\n${pad}  ${job}\n${pad}}, ${ms})\n`,
  ])
}

const moves = (s: Scope): string =>
  Array.from({ length: 2 + s.below(4) }, () => s.pick(['n', 'n', 'n', 'r', 't'])).join('')

/** What for-of may go over instead of an array: the elements are of type `elem`. */
export function iterable(s: Scope, elem: Ty, list: string): string {
  const known = s.resumables.filter((f) => f.kind === 'generator' && fits(f.elem, elem) && fits(elem, f.elem))
  switch (s.below(5)) {
    case 0:
      return `new Walk<${textOf(elem)}>(${list})`
    case 1:
      return `each<${textOf(elem)}>(${list})`
    case 3:
      return `each<${textOf(elem)}>(${list}.values())`
    case 2:
      return `each<${textOf(elem)}>(new Walk<${textOf(elem)}>(${list}))`
    default:
      return known.length > 0 ? callOf(s, s.pick(known), 2) : `${list}.values()`
  }
}
