import { childrenOf, opRow, type Expr, type Func, type Module } from '../../ir/index.ts'

/** Nodes that the body of an inlined function may have, with what is inlined into it. */
const NODES_MAX = 24

/**
 * Bodies of functions that calls may contain in place: one expression of operations that cannot fail and cost
 * nothing, off every call cycle. Nobody can tell the difference, neither by fuel nor by a stack trace.
 */
export type Inlinable = (func: number) => Expr | undefined

export function findInlinable(module: Module, cyclic: ReadonlySet<number>): Inlinable {
  const sizes = new Map<number, number>()
  const sizeOf = (index: number): number => {
    let size = sizes.get(index)
    if (size === undefined) {
      const body = cyclic.has(index) ? undefined : soleResult(module.funcs[index])
      sizes.set(index, (size = body ? nodesOf(body, sizeOf) : Infinity))
    }
    return size
  }
  return (index) => (sizeOf(index) <= NODES_MAX ? soleResult(module.funcs[index]) : undefined)
}

function soleResult({ body, captures }: Func): Expr | undefined {
  const [first] = body
  return body.length === 1 && captures.length === 0 && first.kind === 'return' ? first.value : undefined
}

/** How many nodes an expression has; infinitely many when it may fail, cost or change something. */
function nodesOf(e: Expr, sizeOf: (func: number) => number): number {
  switch (e.kind) {
    case 'const':
    case 'local':
      return 1
    case 'op': {
      const { effect, throws, traps, fuel, bytes } = opRow(e.op)
      if (effect !== 'pure' || throws || traps || fuel || bytes) return Infinity
      break
    }
    case 'call':
      return 1 + sizeOf(e.func) + sum(e.args, sizeOf)
    case 'cond':
      break
    default:
      return Infinity
  }
  return 1 + sum(childrenOf(e) as readonly Expr[], sizeOf)
}

function sum(list: readonly Expr[], sizeOf: (func: number) => number): number {
  return list.reduce((total, e) => total + (total > NODES_MAX ? Infinity : nodesOf(e, sizeOf)), 0)
}
