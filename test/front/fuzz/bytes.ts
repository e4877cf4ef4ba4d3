import { expression, index } from './expressions.ts'
import { lambda, predicate } from './lambdas.ts'
import type { Scope } from './scope.ts'
import { stored } from './stored.ts'
import { arrayOf, NUMBER, STRING } from './types.ts'

/** Typed arrays, and several views of one buffer. */

const KINDS = ['Int8', 'Uint8', 'Uint8Clamped', 'Int16', 'Uint16', 'Int32', 'Uint32', 'Float32', 'Float64']
/** Those whose conversions programs rely on most. */
const USUAL = ['Uint8', 'Int32', 'Float64', 'Uint32']
const VIEWS = ['Int8', 'Uint8', 'Int16', 'Uint16', 'Int32', 'Uint32', 'Float32', 'Float64']

const kindOf = (s: Scope): string => `${s.pick(s.chance(50) ? USUAL : KINDS)}Array`

function typed(s: Scope, depth: number): string {
  const xs = (): string => expression(s, arrayOf(NUMBER), depth - 1)
  const name = kindOf(s)
  if (depth <= 0) return `new ${name}([1, 2.5, -3, 300, NaN].slice(${s.below(4)}))`
  const inner = (): string => typed(s, depth - 1)
  return s.pick([
    (): string => `new ${name}(${xs()})`,
    (): string => `new ${name}(${s.below(5)})`,
    (): string => `new ${name}(${inner()})`,
    (): string => `${name}.from(${xs()})`,
    (): string => `${name}.from(${inner()}, ${lambda(s, NUMBER, NUMBER, depth)})`,
    (): string => `${name}.of(${expression(s, NUMBER, depth - 1)}, ${expression(s, NUMBER, 0)})`,
    (): string => `${inner()}.${s.pick(['slice', 'subarray'])}(${index(s, 0)}, ${index(s, 0)})`,
    (): string => `${inner()}.map(${lambda(s, NUMBER, NUMBER, depth)})`,
    (): string => `${inner()}.filter(${predicate(s, NUMBER, depth)})`,
    (): string => `${inner()}.fill(${expression(s, NUMBER, depth - 1)}, ${index(s, 0)})`,
    (): string => `${inner()}.copyWithin(${index(s, 0)}, ${index(s, 0)})`,
    (): string =>
      `${inner()}.${s.pick(['sort()', 'reverse()', 'toReversed()', 'toSorted()', 'sort((a, b) => b - a)'])}`,
    (): string => changed(s, name, depth),
    (): string => `new ${name}(${aligned(s, depth)}.buffer)`,
  ])()
}

/** One whose bytes are a multiple of eight, and are looked at. */
function aligned(s: Scope, depth: number): string {
  const name = kindOf(s)
  return `new ${name}([${[0, 1, 2, 3, 4, 5, 6, 7].map(() => stored(name, expression(s, NUMBER, Math.min(1, depth - 1)))).join(', ')}])`
}

/** What assignments through another view of the same buffer leave. */
function changed(s: Scope, name: string, depth: number): string {
  const [u, v, d] = [s.fresh('u'), s.fresh('v'), s.fresh('d')]
  const n = (): string => expression(s, NUMBER, Math.min(1, depth - 1))
  const little = s.pick(['true', 'false'])
  const [type, viewed] = [s.pick(VIEWS), kindOf(s)]
  return s.plain(
    () =>
      `((${u}: ${name}): ${name} => { const ${v} = new ${viewed}(${u}.buffer, 0); ${v}[${s.below(3)}] = ${stored(viewed, n())}; ${v}[${n()}] ${s.pick(['+=', '|=', '='])} ${stored(viewed, n())}; ` +
      `const ${d} = new DataView(${u}.buffer); ${d}.set${type}(${s.below(9)}, ${stored(type, n())}, ${little}); ${v}.set(${v}.subarray(0, 1), 1); return ${u} })(new ${name}(16))`,
  )
}

export function bytesNumber(s: Scope, depth: number): string {
  const bytes = (): string => typed(s, Math.min(2, depth - 1))
  const n = (): string => expression(s, NUMBER, Math.min(1, depth - 1))
  const [a, b] = [s.fresh('a'), s.fresh('b')]
  return s.pick([
    (): string => `${bytes()}.${s.pick(['length', 'byteLength', 'byteOffset', 'buffer.byteLength'])}`,
    (): string => `(${bytes()}[${index(s, 0)}] ?? ${n()})`,
    (): string => `(${bytes()}[${index(s, 0)}] ${s.pick(['+', '*', '&', '|', '>>>', '-'])} ${n()})`,
    (): string => `${bytes()}.reduce((${a}, ${b}) => ${a} * 3 + ${b}, ${n()})`,
    (): string => `(${bytes()}.at(${index(s, 0)}) ?? -1)`,
    (): string => `${bytes()}.${s.pick(['indexOf', 'lastIndexOf'])}(${n()})`,
    (): string => `${bytes()}.findIndex(${predicate(s, NUMBER, depth)})`,
    (): string => `Math.max(...${bytes()})`,
    (): string =>
      `((${a}: number): number => { for (const ${b} of ${bytes()}) ${a} = (${a} * 31 + ${b}) | 0; return ${a} })(${n()})`,
  ])()
}

export const bytesText = (s: Scope, depth: number): string =>
  s.pick([
    (): string => `${typed(s, Math.min(2, depth - 1))}.join(${s.pick(['', "'-'", expression(s, STRING, 0)])})`,
    (): string => `String(${typed(s, Math.min(2, depth - 1))})`,
    (): string => `JSON.stringify(${typed(s, Math.min(2, depth - 1))})`,
  ])()

export const bytesList = (s: Scope, depth: number): string =>
  s.pick([
    (): string => `[...${typed(s, Math.min(2, depth - 1))}]`,
    (): string => `Array.from(${typed(s, Math.min(2, depth - 1))}, ${lambda(s, NUMBER, NUMBER, depth)})`,
    (): string => `[...${typed(s, Math.min(2, depth - 1))}.entries()].map(([i, x]) => i + x)`,
  ])()
