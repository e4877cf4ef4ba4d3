import type { HArg, HExpr, HFunc, HStmt, HVar } from '../hir.ts'
import { newFunc, newVar } from '../make-hir.ts'
import { textOf } from '../source-text.ts'
import { ts } from '../oracle.ts'
import { buildArg } from './expressions.ts'
import { letStmt, readVar, spanOf, type Place } from './state.ts'

/** Whether the type of what `bind` is called on does not tell what it takes, or how many arguments are bound is not known. */
export function isUntyped(p: Place, node: ts.CallExpression, callee: ts.PropertyAccessExpression): boolean {
  const { checker, isLib } = p.build.oracle
  const [self] = node.arguments
  if (self && ts.isSpreadElement(self)) return false
  const declared = checker.getSymbolAtLocation(callee.name)?.declarations ?? []
  if (!declared.every((d) => isLib(d))) return false
  const type = checker.getTypeAtLocation(callee.expression)
  if (type.getCallSignatures().length > 0) return node.arguments.some((a) => ts.isSpreadElement(a))
  return (type.flags & ts.TypeFlags.Any) !== 0 || type.symbol?.name === 'Function'
}

/**
 * `f.bind(self, ...)` where nobody says what `f` is: of a function, a closure that passes on whatever it is called with
 * (ECMA-262 10.4.1.1); of anything else, its own method of that name.
 */
export function bindUntyped(p: Place, node: ts.CallExpression, found: HExpr): HExpr {
  const span = spanOf(p, node)
  const message = "Cannot read properties of % (reading 'bind')"
  const value: HExpr = { kind: 'require', x: found, message, span: found.span }
  const target = held(p, value, textOf(found))
  const given = node.arguments.map((a) => ({
    arg: buildArg(p, a),
    v: held(p, { kind: 'const', value: undefined, span }),
  }))
  const lets = given.map(({ arg, v }) => letStmt(v, kept(arg)))
  const passed = given.map(({ arg, v }): HArg => ({ kind: arg.kind, value: readVar(v, span) }))
  const f = closure(p, { target, passed, keep: given.map(({ v }) => v) }, span)
  const bound: HExpr & { kind: 'function' } = { kind: 'function', f, span }
  const made: HExpr = { kind: 'method', obj: readVar(target, span), name: 'bind', args: passed, bound, span }
  return { kind: 'seq', body: [letStmt(target, value), ...lets], value: made, span }
}

/** What is spread is gone through where it stands. */
const kept = ({ kind, value }: HArg): HExpr =>
  kind === 'item' ? value : { kind: 'array', elems: [{ kind, value }], span: value.span }

const held = (p: Place, x: HExpr, text?: string): HVar =>
  newVar(p.func, 'value', x.span, { captured: true, ...(text !== undefined && { text }) })

type Bound = { readonly target: HVar; readonly passed: readonly HArg[]; readonly keep: readonly HVar[] }

function closure(p: Place, { target, passed, keep }: Bound, span: HExpr['span']): HFunc {
  const [self, ...args] = passed
  let body: HStmt[] | undefined
  const func = newFunc({
    name: 'bound',
    namedLate: true,
    params: [],
    rest: null as HVar | null,
    parent: p.func,
    span,
    captures: new Set([target, ...keep]),
    body: () => (body ??= [{ kind: 'return', value, span }]),
  })
  func.rest = newVar(func, 'rest', span)
  const rest: HArg = { kind: 'spread', value: readVar(func.rest, span) }
  const callee = readVar(target, span)
  const value: HExpr = { kind: 'call', callee, ...(self && { self: self.value }), args: [...args, rest], span }
  return func
}
