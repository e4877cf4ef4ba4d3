import type { HExpr } from '../hir.ts'
import { ALL, ARR, MAP, NULLISH, OBJ, SET, STR } from '../kinds.ts'
import { ts } from '../oracle.ts'
import { buildExpr } from './expressions.ts'
import { kindsAt } from './narrow.ts'
import { refuse, spanOf, type Place } from './state.ts'

/** `new URLSearchParams(init)`: what it is made from is told by the type of `init`. */
export function newSearchParams(p: Place, node: ts.NewExpression): HExpr {
  const span = spanOf(p, node)
  const call = (name: string, ...args: HExpr[]): HExpr => ({
    kind: 'builtin',
    name,
    args: args.map((value) => ({ kind: 'item', value })),
    span,
  })
  const init = node.arguments?.[0]
  if (!init || ts.isSpreadElement(init)) return call('new URLSearchParams')
  const kinds = kindsAt(p, init)
  const others = kinds & ~NULLISH
  const given = buildExpr(p, init)
  if (others === 0) return { kind: 'seq', body: [], value: call('new URLSearchParams'), span }
  if (others === STR) {
    const b: HExpr = { kind: 'const', value: '', span }
    return call('@@searchParamsText', kinds === STR ? given : { kind: 'logical', op: '??', a: given, b, span })
  }
  if (kinds !== ALL && kinds !== others) return refuseInit(p, init)
  if (isIterable(p, init)) return call('@@searchParamsPairs', given)
  return kinds !== ALL && (kinds & ~OBJ) === 0
    ? call('@@searchParamsPairs', call('Object.entries', given))
    : refuseInit(p, init)
}

const refuseInit = (p: Place, init: ts.Node): HExpr =>
  refuse(
    p,
    init,
    'a URLSearchParams of a value that may be of several kinds or of any',
    'Declare its type: a string, a record of strings, or an array of pairs.',
  )

function isIterable(p: Place, node: ts.Node): boolean {
  const kinds = kindsAt(p, node)
  if (kinds !== ALL && (kinds & ~(ARR | MAP | SET)) === 0) return true
  const type = p.build.oracle.checker.getTypeAtLocation(node)
  return p.build.oracle.checker.getPropertiesOfType(type).some(({ name }) => name.startsWith('__@iterator'))
}
