import { nodesOf, type Module } from '../../ir/index.ts'

/**
 * Functions that must know how deep the calls are: those on call cycles, and all from which one can be reached. A closure
 * may be any function, so whoever invokes one counts when there are such functions at all. All others are
 * called without the depth.
 */
export function findDepthUsers(module: Module, cyclic: ReadonlySet<number>): ReadonlySet<number> {
  const users = new Set(cyclic)
  if (cyclic.size === 0) return users
  const callers = new Map<number, number[]>()
  for (const [index, func] of module.funcs.entries()) {
    for (const expr of nodesOf(func)) {
      if (expr.kind === 'call') callers.set(expr.func, [...(callers.get(expr.func) ?? []), index])
      else if (expr.kind === 'invoke') users.add(index)
    }
  }
  const work = [...users]
  for (let func = work.pop(); func !== undefined; func = work.pop()) {
    for (const caller of callers.get(func) ?? []) {
      if (users.has(caller)) continue
      users.add(caller)
      work.push(caller)
    }
  }
  return users
}
