import { nodesOf, type Module } from '../../ir/index.ts'

/** Expressions from which on a function is large. */
const LARGE = 60

/**
 * Large functions with more than one call. The host would compile them in place of each, and into themselves where they call
 * themselves, which takes it longer than the calls ever take. What is called at one place only is compiled once either way.
 *
 * requires: a checked module
 * ensures: numbers of functions; linear in the size of the module
 */
export function findApart({ funcs }: Module): ReadonlySet<number> {
  const sizes: number[] = []
  const calls = new Map<number, number>()
  for (const func of funcs) {
    let size = 0
    for (const expr of nodesOf(func)) {
      size++
      if (expr.kind === 'call') calls.set(expr.func, (calls.get(expr.func) ?? 0) + 1)
    }
    sizes.push(size)
  }
  return new Set([...calls].flatMap(([func, count]) => (count > 1 && sizes[func]! > LARGE ? [func] : [])))
}
