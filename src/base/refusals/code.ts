import type { RefusalRow } from './row.ts'

/** Code that is not there when the program is compiled, and syntax with a plainer form. */
export const CODE_REFUSALS = {
  eval: {
    title: '`eval` and `Function`',
    globals: ['eval', 'Function'],
    hint: 'Write the code as functions of the program.',
    why: 'What a program does is known, checked and signed before it runs. Code that is made from text while it runs would be outside all of that.',
    before: `export function main(): number {
  return new Function('a', 'b', 'return a * b')(6, 7)
}`,
    after: `const operations: Record<string, (a: number, b: number) => number> = {
  times: (a, b) => a * b,
}
export function main(): number {
  return operations['times']!(6, 7)
}`,
  },
  with: {
    title: '`with`',
    features: ['TS1101'],
    hint: 'Name the object.',
    why: 'Modules are strict code, where `with` is a syntax error in Node as well: what a name means would depend on the fields that an object has when the program runs.',
    before: `export function main(point: { x: number; y: number }): number {
  with (point) return x + y
}`,
    after: `export function main(point: { x: number; y: number }): number {
  const { x, y } = point
  return x + y
}`,
  },
  arguments: {
    title: '`arguments` as a value',
    hint: 'Use `arguments.length`, `arguments[i]` and `[...arguments]` where there is no rest parameter, or a rest parameter of all: `(...values: T[])`.',
    why: 'The `arguments` object is no array: it has no methods, and it is shown otherwise. In a plain function, and in a method that is not static, its length and its elements can be read, and it can be spread, walked, taken by `Array.from` and passed on by `apply`. A rest parameter says the same with a type.',
    before: `function kind(): string {
  return typeof arguments
}
export function main(): string {
  return (kind as (...values: number[]) => string)(1, 2, 3)
}`,
    after: `function kind(...values: number[]): string {
  return typeof values
}
export function main(): string {
  return kind(1, 2, 3)
}`,
  },
  decorators: {
    title: 'decorators',
    hint: 'Call the function yourself.',
    why: 'A decorator may replace the class or the method under it, so that the text of a class no longer says what its instances do. Node does not run decorators either.',
    before: `function twice(method: (n: number) => number) {
  return (n: number) => method(method(n))
}
class Counter {
  @twice next(n: number): number {
    return n + 1
  }
}
export function main(n: number): number {
  return new Counter().next(n)
}`,
    after: `function twice(f: (n: number) => number): (n: number) => number {
  return (n) => f(f(n))
}
class Counter {
  next(n: number): number {
    return twice((m) => m + 1)(n)
  }
}
export function main(n: number): number {
  return new Counter().next(n)
}`,
  },
  'dynamic-import': {
    title: 'dynamic import',
    hint: 'Import the file at the top.',
    why: 'A program is closed when it is compiled: its files, their functions and what they may do are all known then. A file that is chosen while the program runs is not.',
    before: `export async function main(celsius: number): Promise<number> {
  const units = await import('./units.ts')
  return units.toFahrenheit(celsius)
}`,
    after: `// At the top, where there are several files: import { toFahrenheit } from './units.ts'
const toFahrenheit = (celsius: number): number => celsius * 1.8 + 32
export function main(celsius: number): number {
  return toFahrenheit(celsius)
}`,
  },
  packages: {
    title: 'import of packages',
    hint: 'Programs import only their own files by relative paths. Write the functions that you need into the program.',
    why: 'A program carries all of its code, so that its identity covers what it does. Packages would bring code that nobody has checked, and the modules of Node reach files and the network.',
    before: `import { sum } from 'lodash'
export function main(values: number[]): number {
  return sum(values)
}`,
    after: `const sum = (values: number[]): number => values.reduce((a, b) => a + b, 0)
export function main(values: number[]): number {
  return sum(values)
}`,
  },
  commonjs: {
    title: 'CommonJS modules',
    globals: ['require', 'module', 'exports', '__dirname', '__filename'],
    features: ['`import =`', '`export =`'],
    hint: 'Write `import { name } from "./file.ts"` and `export` before what a file offers.',
    why: '`require` is a call that may name any file while the program runs, and `module.exports` is an object that may change. Imports and exports are declarations, known before the program runs.',
    before: `function greet(name: string): string {
  return 'hello ' + name
}
module.exports = { greet }
export function main(name: string): string {
  return greet(name)
}`,
    after: `export function greet(name: string): string {
  return 'hello ' + name
}
export function main(name: string): string {
  return greet(name)
}`,
  },
  'import-meta': {
    title: 'meta properties',
    hint: 'Leave out `import.meta`; `new.target` is there in constructors.',
    why: 'A program has no place on a disk, and what it is may not depend on where it was loaded from.',
    before: `export function main(name: string): string {
  return import.meta.url + name
}`,
    after: `export function main(base: string, name: string): string {
  return base + name
}`,
  },
} as const satisfies Record<string, RefusalRow>
