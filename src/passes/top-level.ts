import { eachNode, mapExprs, nodesOf, sameType, type Expr, type Func, type Module, type Node } from '../ir/index.ts'
import { buildCallGraph } from './call-graph.ts'

type Constant = Extract<Expr, { kind: 'const' }>
type OpExpr = Extract<Expr, { kind: 'op' }>

/**
 * The globals that are set whenever somebody reads them: those that a statement of the top level itself sets before any code that may
 * read them has run. Reading one needs no test for the temporal dead zone.
 *
 * requires: a checked module
 * ensures: numbers of globals; linear in the size of the module
 */
export function findSettledGlobals(module: Module): ReadonlySet<number> {
  return new Set(settle(module).keys())
}

/**
 * Puts the value of a global in the place of its reads where it is settled, is set only once, and to a constant: `const SIZE = 16`, and
 * `const AREA = SIZE * SIZE` behind it. Ranges of numbers are known then, and divisors.
 *
 * requires: a checked module
 * ensures: a module that does the same; functions without such reads are the same
 */
export function foldGlobals(module: Module): Module {
  const constants = findConstants(module)
  if (constants.size === 0) return module
  const put = (expr: Expr): Expr => {
    const constant = isGet(expr) ? constants.get(globalOf(expr)) : undefined
    return constant ? { ...constant, span: expr.span } : expr
  }
  const reads = (func: Func): boolean => nodesOf(func).some((node) => isGet(node) && constants.has(globalOf(node)))
  return {
    ...module,
    funcs: module.funcs.map((func) => (reads(func) ? { ...func, body: mapExprs(func.body, put) } : func)),
  }
}

const isOp = (node: Node, op: OpExpr['op']): node is OpExpr => node.kind === 'op' && node.op === op
const isGet = (node: Node): node is OpExpr => isOp(node, 'global.get')
const isSet = (node: Node): node is OpExpr => isOp(node, 'global.set')
const globalOf = ({ imm }: OpExpr): number => imm[0] as number

/** What each settled global is set to first, in the order of the top level. */
function settle(module: Module): ReadonlyMap<number, Expr> {
  const settled = new Map<number, Expr>()
  /** Those that something may have read before they were set. */
  const early = new Set<number>()
  const newReads = readsByCall(module)
  for (const stmt of module.funcs[module.init]!.body) {
    for (const node of eachNode([stmt])) {
      // What follows may be left out.
      if (node.kind === 'return') return settled
      if (isGet(node) && !settled.has(globalOf(node))) early.add(globalOf(node))
      if (node.kind !== 'call' && node.kind !== 'invoke') continue
      for (const global of newReads(node)) if (!settled.has(global)) early.add(global)
    }
    const set = stmt.kind === 'expr' && isSet(stmt.expr) ? stmt.expr : undefined
    if (set && !early.has(globalOf(set)) && !settled.has(globalOf(set))) settled.set(globalOf(set), set.args[0]!)
  }
  return settled
}

/**
 * The globals that a call may read, by way of whatever it calls, without what was told of calls before it: that was settled then or is early.
 * Any function may be behind an `invoke`.
 */
function readsByCall(module: Module): (call: Extract<Expr, { kind: 'call' | 'invoke' }>) => Iterable<number> {
  const graph = buildCallGraph(module)
  const reached = new Set<number>()
  return (call) => {
    if (call.kind === 'invoke') return module.globals.keys()
    const fresh = reached.has(call.func) ? [] : [call.func]
    const reads = new Set<number>()
    for (let node = fresh.pop(); node !== undefined; node = fresh.pop()) {
      if (reached.has(node)) continue
      reached.add(node)
      fresh.push(...graph[node]!)
      for (const inner of node < module.funcs.length ? nodesOf(module.funcs[node]!) : [])
        if (isGet(inner)) reads.add(globalOf(inner))
    }
    return reads
  }
}

function findConstants(module: Module): ReadonlyMap<number, Constant> {
  const sets = new Map<number, number>()
  for (const func of module.funcs)
    for (const node of nodesOf(func)) if (isSet(node)) sets.set(globalOf(node), (sets.get(globalOf(node)) ?? 0) + 1)
  const constants = new Map<number, Constant>()
  for (const [global, value] of settle(module)) {
    const constant = sets.get(global) === 1 ? evaluate(value, constants) : undefined
    if (constant && sameType(constant.type, module.globals[global]!.type)) constants.set(global, constant)
  }
  return constants
}

/** Arithmetic is that of the host in every mode. */
const ARITHMETIC: Readonly<Partial<Record<OpExpr['op'], (...args: readonly number[]) => number>>> = {
  'f64.add': (a, b) => a! + b!,
  'f64.sub': (a, b) => a! - b!,
  'f64.mul': (a, b) => a! * b!,
  'f64.div': (a, b) => a! / b!,
  'f64.neg': (a) => -a!,
}

function evaluate(expr: Expr, constants: ReadonlyMap<number, Constant>): Constant | undefined {
  if (expr.kind === 'const') return expr
  if (expr.kind !== 'op') return undefined
  if (expr.op === 'global.get') return constants.get(globalOf(expr))
  const args = expr.args.map((arg) => evaluate(arg, constants)?.value)
  const apply = ARITHMETIC[expr.op]
  if (!apply || !args.every((arg) => typeof arg === 'number')) return undefined
  return { kind: 'const', value: apply(...args), type: expr.type, span: expr.span }
}
